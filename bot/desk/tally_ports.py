"""What figures need beside the log: answers nobody can be named by, and what was imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.baseline import BaselineRow
from bot.domain.calls import Call, CallCount
from bot.domain.surveys import SurveyReply
from bot.domain.tallies import PulseTally, SurveyTally

Progress = Callable[[int, int], None]
"""Told (done, of) now and then while something long goes on."""


def no_progress(done: int, of: int) -> None:
    return None


class Tallies(Protocol):
    """Each answer is counted with a mark of who has answered, in one write: once, and apart."""

    async def add_survey(
        self, week: str, test: str, group: str, mark: str, answers: tuple[int | None, ...]
    ) -> bool:
        """False when `mark` was counted before. `mark` is never kept beside an answer."""

    async def add_survey_comment(
        self, week: str, test: str, group: str, mark: str, text: str
    ) -> bool:
        """Once for each `mark`, as with the answers."""

    async def surveys(
        self, weeks: Sequence[str], holds: Callable[[dt.date], bool]
    ) -> tuple[SurveyTally, ...]:
        """Tallies of those weeks, and of imported replies of the days that `holds` says yes to:
        what callers tell the lead is kept by week only.
        """

    async def add_pulse(
        self, day: dt.date, mark: str, answers: tuple[int, ...], comment: str
    ) -> bool: ...

    async def pulse_answered(self, day: dt.date, mark: str) -> bool: ...

    async def pulses(self, days: Sequence[dt.date]) -> tuple[PulseTally, ...]:
        """Tallies of the days somebody answered on, `on_roll` not filled in."""

    async def import_replies(
        self,
        replies: Sequence[SurveyReply],
        week_of: Callable[[dt.date], str],
        progress: Progress = no_progress,
    ) -> int:
        """How many were new. A reply counts once, however often its file is imported."""

    async def import_calls(
        self,
        calls: Sequence[Call | CallCount],
        week_of: Callable[[dt.datetime], str],
        progress: Progress = no_progress,
    ) -> int:
        """How many were new. A call that comes again replaces the stored one, but a wait, a time
        spoken or a call id that it does not give stays as it was. A count replaces a count.
        """

    async def calls(self, weeks: Sequence[str]) -> tuple[Call | CallCount, ...]: ...

    async def import_baseline(
        self, rows: Sequence[BaselineRow], progress: Progress = no_progress
    ) -> int: ...

    async def import_secret(self) -> bytes:
        """Random, made at the first call and the same ever after: keys the hashes of row ids."""

    async def baseline(self) -> tuple[BaselineRow, ...]: ...
