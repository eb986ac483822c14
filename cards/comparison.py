"""Before and after: both figures and their numbers, side by side."""

from __future__ import annotations

from bot.domain.baseline_figures import Comparison, Pair
from cards import wording as w
from cards.context import View
from cards.figure_words import value_of
from cards.kit import Json, card, columns, heading, small, text
from cards.stats import as_at_words, defined, period_title

PLAIN_COUNTS = ("referrals", "children")
"""A test of fewer days has fewer of them: no difference to call."""


def comparison_card(found: Comparison, view: View) -> Json:
    if found.before is None:
        return card([heading(w.COMPARE_HEAD), text(w.COMPARE_NOTHING)])
    body: list[Json | None] = [
        heading(w.COMPARE_HEAD),
        small(as_at_words(found.after, view)),
        *map(small, periods_words(found)),
    ]
    judged = [p for p in found.pairs if p.measure.key not in PLAIN_COUNTS]
    all_few = all(p.too_few for p in judged)
    if all_few:
        body.append(small(w.COMPARE_ALL_TOO_FEW))
    for pair in found.pairs:
        row = _pair(pair, view, judge=pair in judged and not all_few)
        body += defined(row, pair.measure.key, "compare")
    return card([*body, small(w.S_PRESS)])


def periods_words(found: Comparison) -> list[str]:
    """Which days are set beside which, and what to make of it."""
    if found.before is None:
        return []
    periods = w.COMPARE_PERIODS.format(
        before=period_title(found.before),
        days_before=w.count(found.days_before, "day"),
        after=period_title(found.after.period),
        days_after=w.count(found.days_after, "day"),
    )
    left_out = w.COMPARE_LEFT_OUT.format(n=found.left_out)
    return [periods, w.COMPARE_NOTE, *([left_out] if found.left_out else [])]


def _pair(pair: Pair, view: View, *, judge: bool) -> Json:
    before, after = pair_words(pair, view)
    note = small(w.COMPARE_TOO_FEW) if judge and pair.too_few else None
    return columns(
        ("1", [text(pair.measure.title, weight="Bolder"), *([note] if note else [])]),
        ("1", [small(w.COMPARE_BEFORE), text(before, spacing="None")]),
        ("1", [small(w.COMPARE_AFTER), text(after, spacing="None")]),
    )


def pair_words(pair: Pair, view: View) -> tuple[str, str]:
    return value_of(pair.measure, pair.before, view), value_of(pair.measure, pair.after, view)
