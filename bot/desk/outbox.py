"""Settling a case: send what is owed, keep the indexes, redraw what is shown. Safe to repeat.

Redrawing is a task of its own: an edit that Teams keeps waiting holds up nothing that is owed.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from typing import Protocol

from bot.desk.cases import Case, Cases
from bot.desk.effects import OF_ONE, POST_BRIEFING
from bot.desk.one_at_a_time import OneAtATime, Work
from bot.desk.ports import Changed, Clock, EffectStatus, Log, StoreUnavailable
from bot.desk.presses_first import PressesFirst
from bot.desk.projections import Shadow, project, shadow_of
from bot.desk.redrawing import BriefingGone, Redrawing
from bot.desk.retrying import AGAIN_AFTER_FAULT_S, gone, not_sure, tried_again
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
        self._settling = OneAtATime(self._guarded(self._settle), self._turn)
        self._drawing = OneAtATime(self._guarded(self._draw))
        self._drawn: dict[str, int] = {}
        """The version of each ended case of which every card is drawn."""
        self._projected: dict[str, Shadow] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self.look_for_same: Matches | None = None

    def kick(self, case_id: str) -> None:
        """Settle this case soon. While it is being settled, once more afterwards."""
        self._settling.kick(case_id)
        if self._cases.is_immediate(case_id):
            self.presses_first.hurry(case_id)

    def _under_way(self) -> list[asyncio.Task[None]]:
        return [*self._settling.tasks(), *self._drawing.tasks()]

    async def quiet(self) -> None:
        """Waits until nothing is being settled."""
        while tasks := self._under_way():
            await asyncio.gather(*tasks, return_exceptions=True)

    async def mostly_quiet(self, within_s: float) -> None:
        """Waits for what is being settled now, and not long: Teams may keep it waiting."""
        if tasks := self._under_way():
            await asyncio.wait(tasks, timeout=within_s)

    async def stop(self, within_s: float) -> None:
        for handle in self._timers:
            handle.cancel()
        try:
            await asyncio.wait_for(self.quiet(), within_s)
        except TimeoutError:
            _log.warning("outbox.stopped_early")

    async def _turn(self, case_id: str) -> None:
        await self.presses_first.turn(case_id, urgent=self._cases.is_immediate(case_id))

    def _guarded(self, work: Work) -> Work:
        """The delivery boundary: a fault is logged, and the case looked at again."""

        async def guarded(case_id: str) -> None:
            try:
                await work(case_id)
            except StoreUnavailable:
                _log.warning("outbox.store_unavailable", extra={"case": case_id})
                self._later(case_id, AGAIN_AFTER_FAULT_S)
            except Exception:  # noqa: BLE001 - the delivery boundary: logged, and tried again
                _log.exception("outbox.fault", extra={"case": case_id})
                self._later(case_id, AGAIN_AFTER_FAULT_S)

        return guarded

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
        self._drawing.kick(case_id)
        await self._project(case)
        if not self._drawing.busy_with(case_id):
            await self._finish(case_id)
        if case.referral.immediate:
            for other in case.referral.absorbed:
                self.kick(other.case_id)
        if store_fault:
            raise store_fault

    async def _draw(self, case_id: str) -> None:
        case = await self._cases.current(case_id)
        if await self._redraw(case) and case.referral.state in ENDED:
            self._drawn[case_id] = case.referral.version
            await self._finish(case_id)

    async def _finish(self, case_id: str) -> None:
        """Off the list of what is open, unless it comes back to life meanwhile: then somebody's
        commit puts it there, before this takes it off or after.
        """
        if not self._done_with(await self._cases.current(case_id)):
            return
        if not self._done_with(await self._cases.fresh(case_id)):
            self.kick(case_id)
            return
        await self._log.mark_done(case_id)
        case = await self._cases.fresh(case_id)
        if case.referral.state in ENDED:
            self._forget(case)
            return
        await self._log.mark_open(case_id)
        self.kick(case_id)

    def _done_with(self, case: Case) -> bool:
        """It has ended, is drawn and in the indexes, and owes nothing more."""
        referral = case.referral
        if referral.state not in ENDED or any(case.pending()):
            return False
        drawn = self._drawn.get(referral.case_id) == referral.version
        return drawn and self._projected.get(referral.case_id) == self._shadow(referral)

    def _forget(self, case: Case) -> None:
        self._projected.pop(case.referral.case_id, None)
        self._drawn.pop(case.referral.case_id, None)
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
        """Owes again what was given up, and draws again what was refused. Safe to repeat."""
        case = await self._cases.fresh(case_id)
        stuck = [s for s in case.statuses.values() if s.state == "failed" or not_sure(s)]
        for status in stuck:
            with contextlib.suppress(Changed):  # pressed twice, or on another replica too
                await self._log.set_effect(case_id, tried_again(status, self._clock.now()))
        if case.referral.state in ENDED:  # on no list any more: a restart must find it
            await self._log.mark_open(case_id)
        self._redrawing.try_again(await self._cases.fresh(case_id))
        self.kick(case_id)

    def old_cards(self, case: Case) -> int:
        """How many of its cards Teams does not let be redrawn, as far as this copy knows."""
        return self._redrawing.refused(case)

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
        now = self._shadow(referral)
        before = self._projected.get(referral.case_id)
        if before == now:
            return
        await project(self._log, referral, now, before)
        self._projected[referral.case_id] = now
        if self.look_for_same and (before is None or before.mosaic_ids != now.mosaic_ids):
            await self.look_for_same(referral)

    def _shadow(self, referral: Referral) -> Shadow:
        return shadow_of(referral, self._p.as_opened(referral.configuration))


def _until(status: EffectStatus, now: dt.datetime) -> float:
    """Seconds until it is due again."""
    if status.next_at is None:
        return AGAIN_AFTER_FAULT_S
    return max(_SOONEST_S, (status.next_at - now).total_seconds())
