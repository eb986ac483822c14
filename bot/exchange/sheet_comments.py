"""What callers and the duty team wrote, with no group, test, day or order beside it.

Never for where small numbers are hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.measures import Report
from bot.domain.tallies import LEAST_REPLIES_SHOWN
from bot.exchange.sheet import Sheet
from cards import wording as w


def comments(report: Report) -> Iterator[Sheet]:
    """No sheet where nobody wrote anything. The team's words need enough replies in the period."""
    said = [*_callers(report), *_team(report)]
    if said:
        rows = tuple(sorted(said, key=lambda row: (row[0], row[1].casefold(), row[1])))
        notes = (w.FILE_COMMENT_NOTE,)
        yield Sheet(w.FILE_SHEETS["comments"], w.FILE_COMMENT_HEADS, rows, notes)


def _callers(report: Report) -> Iterator[tuple[str, str]]:
    for tally in report.facts.material.surveys:
        yield from ((w.FILE_COMMENT_CALLER, words) for words in tally.comments)


def _team(report: Report) -> Iterator[tuple[str, str]]:
    pulses = report.facts.material.pulses
    if sum(day.replies for day in pulses) < LEAST_REPLIES_SHOWN:
        return
    for day in pulses:
        yield from ((w.FILE_COMMENT_TEAM, words) for words in day.comments)
