"""The clock's own work: nudges and default leads. The log decides what is still due,
so a restart or a second replica repeats nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable

from bot.desk.cases import Case, Cases
from bot.desk.days import Days
from bot.desk.outbox import Outbox
from bot.desk.ports import Clock, Effect, Log, StoreTooNew, StoreUnavailable
from bot.desk.regular import Regular
from bot.desk.roster import RosterKeeper
from bot.desk.service import Done, Service
from bot.desk.signals import SILENT, Signals
from bot.domain.commands import Command, DefaultLead, SendNudge
from bot.domain.partnership import Partnership, Today
from bot.domain.timers import DEFAULT_LEAD, Due, due_list
from bot.domain.vocabulary import ENDED

_log = logging.getLogger("frontdoor.ticker")

TICK_S = 5.0
_RELIST_S = 10.0
_STORE_IS_DOWN_AFTER = 3
"""Referrals in one tick. Fewer, and it is those that cannot be written: the others go on."""
_READ_BEHIND_S = 4.0
"""Each tick reads the day and the roster again, so that no press has to wait for them."""
_LONG = dt.timedelta(seconds=45)
"""Longer than a send takes, its repeats apart."""
TIMERS = frozenset(
    {
        *("claim", "claim_immediate", "immediate_not_taken", "agree"),
        *("decision_due", "feedback_due", "feedback_again", DEFAULT_LEAD),
        *("roll", "closing", "pulse"),
    }
)
"""Every kind of timer there is."""


class Ticker:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        clock: Clock,
        cases: Cases,
        days: Days,
        service: Service,
        outbox: Outbox,
        regular: Regular,
        roster: RosterKeeper,
        signals: Signals = SILENT,
    ) -> None:
        self._p = partnership
        self._log = log
        self._clock = clock
        self._cases = cases
        self._days = days
        self._service = service
        self._outbox = outbox
        self._regular = regular
        self._signals = signals
        self._roster = roster
        self._open: set[str] = set()
        self._listed_at = float("-inf")
        self._looked: dict[str, dt.datetime] = {}
        self._waiting: list[dt.datetime] = []
        """Since when each effect of the open referrals has been, as the last tick found."""
        self._tasks: list[asyncio.Task[None]] = []

    def watch(self, case_id: str) -> None:
        self._open.add(case_id)
        self._looked.setdefault(case_id, self._clock.now())

    async def start(self) -> None:
        """Settles every open case once, behind the start, then ticks. Cost follows what is open,
        not the history.
        """
        self._open = set(await self._log.open_cases())
        self._listed_at = time.monotonic()
        for case_id in self._open:
            self._outbox.kick(case_id)
        # Each by itself: forty people's cards of the day must not hold up a child who is not safe.
        loops = (self._loop("tick", self.tick_cases), self._loop("day", self.tick_day))
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _loop(self, name: str, tick: Callable[[], Awaitable[None]]) -> None:
        due_at = time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            due_at += TICK_S
            self._signals.timer_lag(name, max(time.monotonic() - due_at, 0.0))
            due_at = time.monotonic()
            try:
                await tick()
            except StoreUnavailable:
                _log.warning("ticker.store_unavailable")
            except Exception:  # noqa: BLE001 - the job boundary: one bad tick must not end ticking
                _log.exception("ticker.fault")

    async def _relist(self) -> None:
        before, self._open = self._open, set(await self._log.open_cases())
        self._looked = {c: at for c, at in self._looked.items() if c in self._open}
        self._listed_at = time.monotonic()
        for case_id in self._open - before:
            await self._look_at(case_id)

    async def _look_at(self, case_id: str) -> None:
        """One that has ended and is listed all the same was changed by a command, not a press."""
        try:
            case = await self._cases.fresh(case_id)
        except StoreTooNew:
            _log.error("ticker.store_too_new", extra={"case": case_id})
            return
        except StoreUnavailable:
            _log.error("ticker.case_unavailable", extra={"case": case_id})
            return
        except Exception:  # noqa: BLE001 - the job boundary: one case must not stop the rest
            _log.exception("ticker.case_fault", extra={"case": case_id})
            return
        if case.referral.state in ENDED:
            self._outbox.kick(case_id)

    async def tick(self) -> None:
        """Fires everything due by now."""
        await self.tick_cases()
        await self.tick_day()

    async def tick_day(self) -> None:
        """What the desk does at set times."""
        now = self._clock.now()
        await self._regular.tick(now, self._open)
        self._tell_waiting(now)

    async def tick_cases(self) -> None:
        """What is due by now about each open referral."""
        if time.monotonic() - self._listed_at > _RELIST_S:
            await self._relist()
        await self._roster.current(_READ_BEHIND_S)
        now = self._clock.now()
        today = await self._days.today(_READ_BEHIND_S)
        waiting: list[dt.datetime] = []
        unavailable = 0
        for case_id in list(self._open):
            try:
                waiting += await self._tick_case(case_id, now, today)
            except StoreUnavailable:
                unavailable += 1
                _log.error("ticker.case_unavailable", extra={"case": case_id})
                if unavailable == _STORE_IS_DOWN_AFTER:
                    raise
            except Exception:  # noqa: BLE001 - the job boundary: one case must not stop the rest
                _log.exception("ticker.case_fault", extra={"case": case_id})
        self._waiting = waiting
        self._tell_waiting(now)
        self._signals.ticked()

    def _tell_waiting(self, now: dt.datetime) -> None:
        waiting = [*self._waiting, *self._regular.waiting()]
        oldest_s = (now - min(waiting, default=now)).total_seconds()
        self._signals.waiting(len(waiting), oldest_s)

    async def _tick_case(self, case_id: str, now: dt.datetime, today: Today) -> list[dt.datetime]:
        """Since when each of its effects has been waiting to go out."""
        case = await self._seen_lately(case_id, now)
        if case.referral.state in ENDED and not any(case.pending()):
            self._open.discard(case_id)
            self._looked.pop(case_id, None)
            return []
        for due in due_list(case.referral, self._opened(case), today):
            if due.at <= now:
                await self._fire(case_id, due)
        if any(self._may_go(e, now) or _again(case, n, i, now) for n, i, e in case.pending()):
            self._outbox.kick(case_id)
        return _waiting_since(case, now)

    async def _seen_lately(self, case_id: str, now: dt.datetime) -> Case:
        """Another copy may have logged something and be gone before it sent or drew it: each open
        referral is read again now and then, and what is then new or still waits goes out from here.
        """
        case = await self._cases.current(case_id)
        if now - self._looked.setdefault(case_id, now) < _LONG:
            return case
        self._looked[case_id] = now
        case = await self._cases.fresh(case_id)
        self._outbox.kick(case_id)
        return case

    def _opened(self, case: Case) -> Partnership:
        return self._p.as_opened(case.referral.configuration)

    @staticmethod
    def _may_go(effect: Effect, now: dt.datetime) -> bool:
        not_before = effect.data.get("not_before")
        return bool(not_before) and dt.datetime.fromisoformat(str(not_before)) <= now

    async def _fire(self, case_id: str, due: Due) -> None:
        command: Command = SendNudge(due.kind, due.level, due.to)
        if due.kind == DEFAULT_LEAD:
            command = DefaultLead()
        done = await self._service.act_as_bot(case_id, command)
        if isinstance(done, Done) and done.changed:
            lag_s = (self._clock.now() - due.at).total_seconds()
            self._signals.timer_lag(due.kind, lag_s)

    async def next_due(self) -> dt.datetime | None:
        """When something next happens by itself; None when nothing is waiting."""
        now = self._clock.now()
        today = await self._days.today()
        found: list[dt.datetime | None] = []
        for case in await self._cases.each(list(self._open)):
            found += [
                d.at for d in due_list(case.referral, self._opened(case), today) if d.at > now
            ]
            for n, index, effect in case.pending():
                if effect.data.get("not_before"):
                    found.append(dt.datetime.fromisoformat(effect.data["not_before"]))
                status = case.statuses.get((n, index))
                found.append(status.next_at if status else None)
        found += self._regular.times(now)
        return min((at for at in found if at and at > now), default=None)


def _again(case: Case, n: int, index: int, now: dt.datetime) -> bool:
    """Whether a send that did not go is due again."""
    status = case.statuses.get((n, index))
    return status is not None and status.next_at is not None and status.next_at <= now


def _waiting_since(case: Case, now: dt.datetime) -> list[dt.datetime]:
    """When each effect that should have gone out by now was owed, or was first allowed to go."""
    found = []
    for n, _, effect in case.pending():
        not_before = effect.data.get("not_before")
        since = dt.datetime.fromisoformat(str(not_before)) if not_before else case.owed_at[n]
        if since <= now:
            found.append(since)
    return found
