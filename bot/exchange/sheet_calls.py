"""The phone line by day and by half hour, and the calls to return."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.call_figures import CallFigures, Tally
from bot.domain.counting import half_up
from bot.domain.measures import BY_KEY, Report
from bot.exchange.sheet import Cell, Sheet
from bot.exchange.sheet_asked import hidden_or_number
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide, value_of


def calls_by_day(report: Report, view: View, hide: Hide) -> Sheet | None:
    calls = report.facts.material.calls
    if calls is None or not calls.offered:
        return None
    wait = BY_KEY["call_wait"]
    words = value_of(wait, report["call_wait"], view, hide=hide)
    note = w.FILE_PART.format(measure=wait.title, part=words)
    return _table("calls_day", w.FILE_CALL_DAY, calls.by_day, calls, hide, note)


def calls_by_half_hour(report: Report, view: View, hide: Hide) -> Sheet | None:
    calls = report.facts.material.calls
    if calls is None or not any(tally.offered for _, tally in calls.by_half_hour):
        return None
    first, note = w.FILE_CALL_HALF_HOUR, w.FILE_CALL_HALF_HOUR_NOTE
    return _table("calls_half_hour", first, calls.by_half_hour, calls, hide, note)


def _table(
    key: str,
    first: str,
    lines: Sequence[tuple[Cell, Tally]],
    calls: CallFigures,
    hide: Hide,
    note: str,
) -> Sheet:
    """Where others see it, only the calls: beside them, those answered would tell the others."""
    name, heads = w.FILE_SHEETS[key], w.FILE_CALL_HEADS
    if hide:
        shown = hidden_or_number([tally.offered for _, tally in lines])
        rows = [(when, n) for (when, _), n in zip(lines, shown, strict=True)]
        return Sheet(name, (first, heads[0]), tuple(rows), (note,))
    seconds = w.count(half_up(calls.target_s), "second")
    more = (head.format(seconds=seconds) for head in w.FILE_CALL_MORE_HEADS)
    exact = tuple((when, *_exact(tally)) for when, tally in lines)
    return Sheet(name, (first, *heads, *more), exact, (note, w.FILE_CALL_MORE_NOTE))


def _exact(t: Tally) -> tuple[Cell, ...]:
    return (
        t.offered,
        t.answered,
        t.abandoned,
        t.referrals,
        None if t.drop_off is None else half_up(100 * t.drop_off),
        t.in_target,
        t.in_target_of,
        None if t.median_s is None else round(t.median_s, 1),
    )


def call_backs(report: Report) -> Sheet | None:
    """The phone system's ids alone: no numbers and no names are kept."""
    calls = report.facts.material.calls
    if calls is None or not calls.call_backs:
        return None
    rows = [(c.call_id, c.at.date(), c.at.time().replace(tzinfo=None)) for c in calls.call_backs]
    heads, notes = w.FILE_CALL_BACK_HEADS, (w.FILE_CALL_BACK_NOTE,)
    return Sheet(w.FILE_SHEETS["call_backs"], heads, tuple(rows), notes)
