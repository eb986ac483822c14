"""What did not reach Teams, for those who may have it tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.desk.cases import Case, Cases
from bot.desk.ports import Clock, Log
from bot.desk.regular import DeskOutbox
from bot.domain.desk_day import PAUSE_STREAM, stream_of, week_stream
from bot.domain.periods import week_start
from bot.domain.vocabulary import ENDED
from bot.domain.working_time import Calendar
from cards.unsent import Unsent

_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Referrals with messages that could not be posted, those of whose briefing nobody knows
    whether it was, and those with cards that are old. `own`: by stream of the desk's own log, the
    kind of each message that could not be posted.
    """

    given_up: tuple[Case, ...]
    not_sure: tuple[Case, ...]
    old: tuple[Case, ...]
    own: dict[str, list[str]] = field(default_factory=dict)

    def cases(self) -> tuple[str, ...]:
        found = (*self.given_up, *self.not_sure, *self.old)
        return tuple(dict.fromkeys(c.referral.case_id for c in found))

    def shown(self) -> Unsent:
        own = [kind for kinds in self.own.values() for kind in kinds]
        return Unsent(
            sum(case.given_up for case in self.given_up) + len(own),
            _references(self.given_up),
            own=tuple(dict.fromkeys(own)),
            not_sure=_references(self.not_sure),
            old=_references(self.old),
        )


class UnsentFinder:
    def __init__(
        self,
        log: Log,
        clock: Clock,
        calendar: Calendar,
        cases: Cases,
        desk_outbox: DeskOutbox,
        old_cards: Callable[[Case], int],
    ) -> None:
        """`old_cards`: how many cards of a case Teams does not let be redrawn."""
        self._log = log
        self._clock = clock
        self._calendar = calendar
        self._cases = cases
        self._desk_outbox = desk_outbox
        self._old_cards = old_cards

    async def found(self) -> Found:
        cases = await self._cases.each(await self._log.open_cases())
        cases = [c for c in cases if c.referral.intake is not None]
        listed = {c.referral.case_id for c in cases}
        ended = [c for c in self._ended_today() if c.referral.case_id not in listed]
        return Found(
            tuple(c for c in (*cases, *ended) if c.given_up),
            tuple(c for c in cases if c.referral.live and c.not_sure),
            tuple(c for c in cases if self._old_cards(c)),
            await self._own(),
        )

    def _ended_today(self) -> list[Case]:
        """As far as this copy remembers: what is over is on no list."""
        return [c for c in self._cases.warm() if c.referral.state in ENDED and self._today(c)]

    def _today(self, case: Case) -> bool:
        today = self._calendar.day_of(self._clock.now())
        failed = [s for s in case.statuses.values() if s.state == "failed"]
        return any(self._calendar.day_of(s.at) == today for s in failed)

    async def _own(self) -> dict[str, list[str]]:
        """Of today, of the pause, and of the weeks whose card may still go out."""
        day = self._calendar.day_of(self._clock.now())
        weeks = [week_stream(week_start(day) - back) for back in (_WEEK, dt.timedelta())]
        found = {}
        for stream in (stream_of(day), PAUSE_STREAM, *weeks):
            if kinds := [kind for _, kind in await self._desk_outbox.given_up(stream)]:
                found[stream] = kinds
        return found


def _references(cases: tuple[Case, ...]) -> tuple[str, ...]:
    return tuple(sorted(case.referral.reference for case in cases))
