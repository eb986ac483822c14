"""Settling a case: send what is owed, redraw what is shown, keep the indexes. Safe to repeat.

One task a case at a time: however often it is asked for meanwhile, one more look follows, and that
one draws the newest state only.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from typing import Protocol

from bot.desk.cases import Case, Cases
from bot.desk.effects import OF_ONE, POST_BRIEFING
from bot.desk.ports import Changed, Clock, EffectStatus, Log, StoreUnavailable
from bot.desk.presses_first import PressesFirst
from bot.desk.projections import Shadow, project, shadow_of
from bot.desk.redrawing import BriefingGone, Redrawing
from bot.desk.retrying import AGAIN_AFTER_FAULT_S, gone, tried_again
from bot.desk.sending import Owed, Sender
from bot.domain.partnership import Partnership
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED

_log = logging.getLogger("frontdoor.outbox")

_SOONEST_S = 0.1


class Matches(Protocol):
    """Looks for open referrals about the same children, once a child's id is indexed."""

    async def __call__(self, referral: Referral) -> None: ...


class Outbox:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        cases: Cases,
        clock: Clock,
        sender: Sender,
        redrawing: Redrawing,
    ) -> None:
        self._p = partnership
        self._log = log
        self._cases = cases
        self._clock = clock
        self._sender = sender
        self._redrawing = redrawing
        self.presses_first = PressesFirst()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._projected: dict[str, Shadow] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self.look_for_same: Matches | None = None

    def kick(self, case_id: str) -> None:
        """Settle this case soon. While it is being settled, once more afterwards."""
        if case_id in self._tasks:
            self._again.add(case_id)
            return
        task = asyncio.get_running_loop().create_task(self._run(case_id))
        self._tasks[case_id] = task

    async def quiet(self) -> None:
        """Waits until nothing is being settled."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def mostly_quiet(self, within_s: float) -> None:
        """Waits for what is being settled now, and not long: Teams may keep it waiting."""
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=within_s)

    async def stop(self, within_s: float) -> None:
        for handle in self._timers:
            handle.cancel()
        try:
            await asyncio.wait_for(self.quiet(), within_s)
        except TimeoutError:
            _log.warning("outbox.stopped_early")

    async def _run(self, case_id: str) -> None:
        try:
            while True:
                await self.presses_first.turn(urgent=self._cases.is_immediate(case_id))
                self._again.discard(case_id)
                await self._settle(case_id)
                if case_id not in self._again:
                    return
        except StoreUnavailable:
            _log.warning("outbox.store_unavailable", extra={"case": case_id})
            self._later(case_id, AGAIN_AFTER_FAULT_S)
        except Exception:  # noqa: BLE001 - the delivery boundary: logged, and tried again
            _log.exception("outbox.fault", extra={"case": case_id})
            self._later(case_id, AGAIN_AFTER_FAULT_S)
        finally:
            self._tasks.pop(case_id, None)
            if case_id in self._again:
                self.kick(case_id)

    def _later(self, case_id: str, seconds: float) -> None:
        loop = asyncio.get_running_loop()

        def go() -> None:
            self._timers.discard(handle)
            self.kick(case_id)

        handle = loop.call_later(seconds, go)
        self._timers.add(handle)

    async def _settle(self, case_id: str) -> None:
        case = await self._cases.current(case_id)
        if case.referral.version == 0:
            case = await self._cases.fresh(case_id)
            if case.referral.version == 0:
                # A number was reserved but nothing followed: the press never landed.
                _log.info("outbox.empty_case", extra={"case": case_id})
                return
        store_fault = await self._send_all(case)
        case = await self._cases.current(case_id)
        drawn = await self._redraw(case)
        await self._project(case)
        if case.referral.immediate:
            for other in case.referral.absorbed:
                self.kick(other.case_id)
        if drawn and case.referral.state in ENDED and not any(case.pending()):
            await self._finish(case_id)
        if store_fault:
            raise store_fault

    async def _finish(self, case_id: str) -> None:
        """Off the list of what is open, unless it has come back to life while its card was drawn:
        then somebody's commit put it there, before this takes it off or after.
        """
        case = await self._cases.fresh(case_id)
        if case.referral.state not in ENDED or any(case.pending()):
            self._again.add(case_id)
            return
        await self._log.mark_done(case_id)
        case = await self._cases.fresh(case_id)
        if case.referral.state in ENDED:
            self._forget(case)
            return
        await self._log.mark_open(case_id)
        self._again.add(case_id)

    def _forget(self, case: Case) -> None:
        self._projected.pop(case.referral.case_id, None)
        self._redrawing.forget(case)

    async def _redraw(self, case: Case) -> bool:
        """Whether every card shows the newest state, as far as Teams will ever let it."""
        try:
            again_s = await self._redrawing.redraw(case)
        except BriefingGone:
            await self._owe_again(case)
            return False
        if again_s is not None:
            self._later(case.referral.case_id, again_s)
        return again_s is None

    async def _owe_again(self, case: Case) -> None:
        """The briefing that is not there any more is owed like one that was never posted."""
        case_id, briefing, now = case.referral.case_id, case.referral.briefing, self._clock.now()
        posting = [(n, i) for n, i, effect in case.effects if effect.kind == POST_BRIEFING]
        status = case.statuses.get(posting[-1])
        assert briefing is not None
        if status is None or status.state != "sent":  # owed already
            self._later(case_id, _until(status, now) if status else AGAIN_AFTER_FAULT_S)
            return
        _log.warning("outbox.briefing_gone", extra={"case": case_id})
        with contextlib.suppress(Changed):  # another replica found it out too
            await self._log.set_effect(case_id, gone(status, briefing, now))
        await self._cases.fresh(case_id)
        self.kick(case_id)

    async def try_again(self, case_id: str) -> None:
        """Owes again what was given up. Safe to repeat."""
        case = await self._cases.fresh(case_id)
        failed = [s for s in case.statuses.values() if s.state == "failed"]
        for status in failed:
            with contextlib.suppress(Changed):  # pressed twice, or on another replica too
                await self._log.set_effect(case_id, tried_again(status, self._clock.now()))
        await self._cases.fresh(case_id)
        self.kick(case_id)

    # Sending ------------------------------------------------------------------------

    async def _send_all(self, case: Case) -> StoreUnavailable | None:
        """One that the store's fault stops holds up none behind it. Gives the last such fault."""
        found = None
        # What waits for somebody's role must not hold up a flag.
        for n, index, effect in sorted(case.pending(), key=lambda owed: owed[2].kind in OF_ONE):
            try:
                await self._send(Owed(case.referral.case_id, n, index, effect))
            except StoreUnavailable as fault:
                found = fault
        return found

    async def _send(self, owed: Owed) -> None:
        before = (await self._cases.current(owed.stream)).statuses.get((owed.n, owed.index))
        done = await self._sender.send(owed, before, self._read)
        if done and done.next_at:
            self._later(owed.stream, _until(done, self._clock.now()))

    async def _read(self, owed: Owed) -> tuple[Referral, EffectStatus]:
        case = await self._cases.fresh(owed.stream)
        return case.referral, case.statuses[(owed.n, owed.index)]

    # Indexes ------------------------------------------------------------------------

    async def _project(self, case: Case) -> None:
        referral = case.referral
        now = shadow_of(referral, self._p.as_opened(referral.configuration))
        before = self._projected.get(referral.case_id)
        if before == now:
            return
        await project(self._log, referral, now, before)
        self._projected[referral.case_id] = now
        if self.look_for_same and (before is None or before.mosaic_ids != now.mosaic_ids):
            await self.look_for_same(referral)


def _until(status: EffectStatus, now: dt.datetime) -> float:
    """Seconds until it is due again."""
    if status.next_at is None:
        return AGAIN_AFTER_FAULT_S
    return max(_SOONEST_S, (status.next_at - now).total_seconds())
