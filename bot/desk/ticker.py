"""The clock's own work: nudges, default leads, the closing list. The log decides what is still due,
so a restart or a second replica repeats nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time

from bot.desk import effects as fx
from bot.desk.cases import Case, Cases
from bot.desk.days import Days
from bot.desk.outbox import Outbox
from bot.desk.ports import Clock, Effect, Log, StoreUnavailable
from bot.desk.service import Service
from bot.domain.commands import DefaultLead, SendNudge
from bot.domain.desk_day import stream_of
from bot.domain.events import ClosingListSent, RollAsked
from bot.domain.partnership import BOT, Partnership, Today
from bot.domain.timers import DEFAULT_LEAD, Due, closing_list_at, due_list, roll_call_at
from bot.domain.vocabulary import ENDED, HOST_TENANT, Role

_log = logging.getLogger("frontdoor.ticker")

TICK_S = 5.0
_RELIST_S = 10.0


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
        desk_outbox: DeskOutbox,
    ) -> None:
        self._p = partnership
        self._log = log
        self._clock = clock
        self._cases = cases
        self._days = days
        self._service = service
        self._outbox = outbox
        self._desk_outbox = desk_outbox
        self._open: set[str] = set()
        self._listed_at = float("-inf")
        self._task: asyncio.Task[None] | None = None

    def watch(self, case_id: str) -> None:
        self._open.add(case_id)

    async def start(self) -> None:
        """Settles every open case once, then ticks. Cost follows what is open, not the history."""
        await self._relist()
        for case_id in self._open:
            self._outbox.kick(case_id)
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _loop(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except StoreUnavailable:
                _log.warning("ticker.store_unavailable")
            except Exception:  # noqa: BLE001 - the job boundary: one bad tick must not end ticking
                _log.exception("ticker.fault")

    async def _relist(self) -> None:
        self._open = set(await self._log.open_cases())
        self._listed_at = time.monotonic()

    async def tick(self) -> None:
        """Fires everything due by now."""
        if time.monotonic() - self._listed_at > _RELIST_S:
            await self._relist()
        now = self._clock.now()
        today = await self._days.today()
        for case_id in list(self._open):
            try:
                await self._tick_case(case_id, now, today)
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - the job boundary: one case must not stop the rest
                _log.exception("ticker.case_fault", extra={"case": case_id})
        await self._roll(now)
        await self._closing(now)

    async def _tick_case(self, case_id: str, now: dt.datetime, today: Today) -> None:
        case = await self._cases.current(case_id)
        if case.referral.state in ENDED and not any(case.pending()):
            self._open.discard(case_id)
            return
        for due in due_list(case.referral, self._p, today):
            if due.at <= now:
                await self._fire(case_id, due)
        if any(self._may_go(e, now) or _again(case, n, i, now) for n, i, e in case.pending()):
            self._outbox.kick(case_id)

    @staticmethod
    def _may_go(effect: Effect, now: dt.datetime) -> bool:
        not_before = effect.data.get("not_before")
        return bool(not_before) and dt.datetime.fromisoformat(str(not_before)) <= now

    async def _fire(self, case_id: str, due: Due) -> None:
        if due.kind == DEFAULT_LEAD:
            await self._service.act_as_bot(case_id, DefaultLead())
        else:
            await self._service.act_as_bot(case_id, SendNudge(due.kind, due.level, due.to))

    async def _roll(self, now: dt.datetime) -> None:
        """Each test morning the duty managers are asked who is here, once, until it is called."""
        day = self._p.calendar.day_of(now)
        at = roll_call_at(self._p, day)
        closes = self._p.calendar.closes_at(now)
        if at is None or closes is None or not at <= now < closes:
            return
        state = await self._days.state()
        if state.roll_asked:
            await self._desk_outbox.send(stream_of(day), state.version)
            return
        if state.called:
            return
        managers = self._p.with_role(Role.DUTY_MANAGER)
        effects = tuple(Effect(fx.ROLL, {"to": m.id}) for m in managers if m.tenant == HOST_TENANT)
        await self._recorded(await self._days.record(RollAsked(), BOT.id, effects))

    async def _recorded(self, stream: str | None) -> None:
        """Sends what a desk event just recorded owes."""
        if stream:
            await self._desk_outbox.send(stream, (await self._days.state()).version)

    async def _closing(self, now: dt.datetime) -> None:
        day = self._p.calendar.day_of(now)
        at = closing_list_at(self._p, day)
        closes = self._p.calendar.closes_at(now)
        if at is None or closes is None or not at <= now < closes:
            return
        state = await self._days.state()
        if state.closing_listed:
            await self._desk_outbox.send(stream_of(day), state.version)
            return
        found = [(await self._cases.current(c)).referral for c in sorted(self._open)]
        live = [r for r in found if r.live]
        waiting = [r.case_id for r in live if not r.agreed and r.handover is None]
        notes = [r.case_id for r in live if r.case_id not in waiting and not r.notes_done]
        managers = (await self._days.today()).here(self._p.with_role(Role.DUTY_MANAGER))
        to = next((m.id for m in managers if m.tenant == HOST_TENANT), "")
        owed = {"to": to, "cases": waiting, "notes": notes}
        effects = (Effect(fx.CLOSING, owed),) if to and (waiting or notes) else ()
        event = ClosingListSent(tuple(waiting))
        await self._recorded(await self._days.record(event, BOT.id, effects))

    async def next_due(self) -> dt.datetime | None:
        """When something next happens by itself; None when nothing is waiting."""
        now = self._clock.now()
        today = await self._days.today()
        found: list[dt.datetime | None] = []
        for case_id in list(self._open):
            case = await self._cases.current(case_id)
            found += [d.at for d in due_list(case.referral, self._p, today) if d.at > now]
            for n, index, effect in case.pending():
                if effect.data.get("not_before"):
                    found.append(dt.datetime.fromisoformat(effect.data["not_before"]))
                status = case.statuses.get((n, index))
                found.append(status.next_at if status else None)
        day = self._p.calendar.day_of(now)
        for candidate in (day, self._p.calendar.next_working_day(day)):
            found += [roll_call_at(self._p, candidate), closing_list_at(self._p, candidate)]
        return min((at for at in found if at and at > now), default=None)


def _again(case: Case, n: int, index: int, now: dt.datetime) -> bool:
    """Whether a send that did not go is due again."""
    status = case.statuses.get((n, index))
    return status is not None and status.next_at is not None and status.next_at <= now


class DeskOutbox:
    """Sends what a desk-day commit owes (the closing list), claimed like any other effect."""

    def __init__(self, outbox: Outbox, log: Log) -> None:
        self._outbox = outbox
        self._log = log
        self._ended: dict[str, int] = {}

    async def send(self, stream: str, version: int) -> None:
        """`version` is the stream's newest commit: what is sent up to it is not looked at again."""
        if self._ended.get(stream) == version:
            return
        found = await self._log.load(stream)
        statuses = {(s.n, s.index): s for s in found.statuses}
        ended = True
        for commit in found.commits:
            for index, effect in enumerate(commit.effects):
                status = statuses.get((commit.n, index))
                if status and status.state in ("sent", "failed"):
                    continue
                ended &= await self._outbox.send_desk(stream, commit.n, index, effect, status)
        if ended and found.commits:
            self._ended[stream] = found.commits[-1].n
