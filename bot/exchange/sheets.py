"""Every table of a report, as plain values: what spreadsheets and text files are written from.

Where small numbers are hidden (`hide`), a table says no more than its card does. Tables whose
counts another one of the same file would give away are left out: the leads' agencies (told by the
decisions by agency), outcomes (exact by themselves) and tests. There is no line about one referral
or one call, and nothing from before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain.baseline_figures import Comparison
from bot.domain.breakdown import BY
from bot.domain.measures import Report
from bot.exchange.sheet import Sheet, named
from bot.exchange.sheet_asked import callers, team
from bot.exchange.sheet_calls import call_backs, calls_by_day, calls_by_half_hour
from bot.exchange.sheet_comments import comments
from bot.exchange.sheet_figures import before_and_after, definitions, figures
from bot.exchange.sheet_referrals import referrals
from bot.exchange.sheet_splits import split
from cards.context import View
from cards.figure_words import Hide

SPLITS_WHERE_HIDDEN = ("referrer", "district", "day")

_Maker = Callable[[Report, View, Hide], Sheet | None]
_TALLIED: tuple[_Maker, ...] = (team, callers, calls_by_day, calls_by_half_hour)


def sheets_of(
    report: Report, view: View, *, hide: Hide, comparison: Comparison | None = None
) -> tuple[Sheet, ...]:
    """`comparison` is left out where small numbers are hidden: its card has no such form."""
    return tuple(named(s, report, view, hide) for s in _all(report, view, hide, comparison))


def _all(report: Report, view: View, hide: Hide, comparison: Comparison | None) -> Iterator[Sheet]:
    yield figures(report, view, hide)
    for by in SPLITS_WHERE_HIDDEN if hide else BY:
        yield split(report, by, view, hide)
    yield from (s for s in (make(report, view, hide) for make in _TALLIED) if s)
    if not hide:
        if found := call_backs(report):
            yield found
        yield from comments(report)
        yield referrals(report, view)
        if comparison and comparison.before:
            yield before_and_after(comparison, view)
    yield definitions()
