"""The same figures split, as lines of words: exact, or as others may see them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.breakdown import Breakdown, Split
from bot.domain.counting import Result
from bot.domain.suppression import Cell, Shown, suppress
from cards import wording as w
from cards.context import View
from cards.figure_words import (
    Hide,
    decided_is_public,
    half_up_minutes,
    share_words,
    shown_cell,
    shown_count,
)

SHARED = ("referrer", "district", "day")
"""Splits that others may see. The lead's agency and the outcome are each counted in a figure of
their own, and two counts of the same referrals would tell each other's small ones.
"""


def split_label(by: str, code: str, view: View) -> str:
    p = view.partnership
    match by:
        case "referrer":
            found = p.group.find(code)
            return found.label.split(" (")[0] if found else code
        case "agency":
            return view.agency(code) if code else w.S_NO_LEAD
        case "district":
            return view.district(code)
        case "day":
            return w.iso_day(code)
        case "outcome":
            return w.first_upper(view.outcome_short(code)) if code else w.S_NO_OUTCOME
        case _:
            return w.TESTS.get(code, code)


def split_rows(found: Breakdown, view: View) -> list[tuple[str, Split]]:
    """Lines that have a referral, each with its label."""
    return [(split_label(found.by, s.code, view), s) for s in found.lines if s.referrals]


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One line of a split as others may see it."""

    code: str
    label: str
    counted: Cell


@dataclass(frozen=True, slots=True)
class SharedSplit:
    """`lines` is None where every way to split would point to somebody. `counts` names what the
    lines and `total` count.
    """

    lines: tuple[SharedLine, ...] | None
    counts: str
    total: Cell


def shared_split(found: Breakdown, view: View, hide: Hide) -> SharedSplit:
    """One count a line: decisions by day, referrals by caller and district. A second one, beside
    totals that everybody may know, would now and then tell a small one.
    """
    rows = split_rows(found, view)
    by_day = found.by == "day"
    counts = [s.decided if by_day else s.referrals for _, s in rows]
    decided = Result(sum(counts), of=found.total.referrals)
    known = not by_day or decided_is_public(decided, hide)
    table = suppress([[n] for n in counts], row_totals=False, column_totals=False)
    cells = [cell for (cell,) in table.cells]
    head = w.SPLIT_HEADS[1 if by_day else 0]
    total = Cell(sum(counts), Shown.EXACT if known else Shown.HIDDEN)
    # Beside the outcomes, days short of all by a few would tell how many were decided.
    if found.by not in SHARED or table.told_by_total or not known:
        return SharedSplit(None, head, total)
    lines = (SharedLine(s.code, label, c) for (label, s), c in zip(rows, cells, strict=True))
    return SharedSplit(tuple(lines), head, total)


def split_lines(found: Breakdown, view: View, *, hide: Hide) -> list[list[str]]:
    """Headings, a line each, and all of them together, as words. Empty where none may be shown."""
    first = w.SPLIT_NOUN[found.by]
    if not hide:
        exact = [[label, *_cells(s)] for label, s in split_rows(found, view)]
        return [[first, *w.SPLIT_HEADS], *exact, [w.SPLIT_TOTAL, *_cells(found.total)]]
    split = shared_split(found, view, hide)
    if split.lines is None:
        return []
    lines = [[line.label, shown_cell(line.counted)] for line in split.lines]
    return [[first, split.counts], *lines, [w.SPLIT_TOTAL, total_words(split, hide)]]


def total_words(split: SharedSplit, hide: Hide) -> str:
    """At the desk people can count the cards."""
    if hide is Hide.AT_DESK or split.total.shown is not Shown.EXACT:
        return shown_cell(split.total)
    return shown_count(split.total.n, hide=hide)


def _cells(s: Split) -> list[str]:
    return [
        f"{s.referrals:,}",
        f"{s.decided:,}",
        share_words(s.decision_in_time),
        share_words(s.feedback_in_time),
        half_up_minutes(s.minutes),
    ]
