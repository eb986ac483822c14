"""Settling a case: send what is owed, redraw what is shown, keep the indexes. Safe to repeat.

One task a case at a time. A send is claimed by creating its status row, so another replica does
not send it too. A crash between sending and noting it can repeat a post once: the recorded
message is the live one.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
from dataclasses import dataclass, replace
from typing import Protocol

from bot.desk.cases import Case, Cases
from bot.desk.effects import BETWEEN, OF_ONE, PAUSE, POST_BRIEFING, PULSE_CHANNEL
from bot.desk.ports import (
    AlreadyThere,
    CannotDeliver,
    Changed,
    Channel,
    Clock,
    DeliveryUnknown,
    Effect,
    EffectStatus,
    Log,
    Post,
    RoleUnknown,
    StoreUnavailable,
    TryLater,
)
from bot.desk.projections import Shadow, project, shadow_of
from bot.desk.signals import SILENT, Signals
from bot.domain.commands import Command, RecordBriefing
from bot.domain.partnership import Partnership
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED, State

_log = logging.getLogger("frontdoor.outbox")

MOST_ATTEMPTS = 8
MOST_REPEATS = 2
"""A post whose fate is unknown may be there already: it is repeated once, and then given up."""
_REPEAT_AFTER_S = (10.0, 60.0, 600.0)
_BLOCKED_AGAIN_AFTER_S = 60.0
_AGAIN_AFTER_FAULT_S = 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where an effect goes. An empty conversation means it cannot be reached."""

    conversation_id: str
    service_url: str


class Renderer(Protocol):
    """Turns effects and state into posts. Lives beside the cards."""

    async def briefing(self, referral: Referral) -> Post: ...
    async def effect(self, referral: Referral, effect: Effect) -> Post | None: ...
    async def target(self, referral: Referral, effect: Effect) -> Target | None: ...
    def is_live(self, effect: Effect) -> bool: ...


class Record(Protocol):
    async def __call__(self, case_id: str, command: Command) -> object: ...


class PassOn(Protocol):
    """Does in another referral what this one's commit owes it. Safe to repeat."""

    async def __call__(self, referral: Referral, effect: Effect) -> None: ...


class Matches(Protocol):
    """Looks for open referrals about the same children, once a child's id is indexed."""

    async def __call__(self, referral: Referral) -> None: ...


class Outbox:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        cases: Cases,
        channel: Channel,
        clock: Clock,
        renderer: Renderer,
        take_over_after_s: float,
        signals: Signals = SILENT,
    ) -> None:
        """`take_over_after_s`: how old another's unfinished send must be before it is repeated;
        0 where this process is the store's only one."""
        self._p = partnership
        self._log = log
        self._cases = cases
        self._channel = channel
        self._clock = clock
        self._render = renderer
        self._take_over = dt.timedelta(seconds=take_over_after_s)
        self._signals = signals
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._drawn: dict[str, str] = {}
        self._projected: dict[str, Shadow] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._mine: set[tuple[str, int, int]] = set()
        self.record: Record | None = None
        self.pass_on: PassOn | None = None
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
                self._again.discard(case_id)
                await self._settle(case_id)
                if case_id not in self._again:
                    return
        except StoreUnavailable:
            _log.warning("outbox.store_unavailable", extra={"case": case_id})
            self._later(case_id, _AGAIN_AFTER_FAULT_S)
        except Exception:  # noqa: BLE001 - the delivery boundary: logged, and tried again
            _log.exception("outbox.fault", extra={"case": case_id})
            self._later(case_id, _AGAIN_AFTER_FAULT_S)
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
                await self._forget_empty(case_id)
                return
        # What waits for somebody's role must not hold up a flag.
        for n, index, effect in sorted(case.pending(), key=lambda owed: owed[2].kind in OF_ONE):
            await self._send(case_id, n, index, effect)
        case = await self._cases.current(case_id)
        drawn = await self._redraw(case)
        await self._project(case)
        if case.referral.immediate:
            for other in case.referral.absorbed:
                self.kick(other.case_id)
        if drawn and case.referral.state in ENDED and not any(case.pending()):
            await self._log.mark_done(case_id)
            self._forget(case)

    def _forget(self, case: Case) -> None:
        """A finished case leaves nothing behind in memory."""
        self._projected.pop(case.referral.case_id, None)
        live = [s.activity_id for s in case.statuses.values()]
        if case.referral.briefing:
            live.append(case.referral.briefing.activity_id)
        for activity in live:
            self._drawn.pop(activity, None)

    async def _forget_empty(self, case_id: str) -> None:
        """A number was reserved but nothing followed: the press never landed."""
        _log.info("outbox.empty_case", extra={"case": case_id})

    # Sending ------------------------------------------------------------------------

    async def _send(self, case_id: str, n: int, index: int, effect: Effect) -> None:
        case = await self._cases.current(case_id)
        status = case.statuses.get((n, index))
        now = self._clock.now()
        if not self._due(effect, status, now, (case_id, n, index)):
            return
        if effect.kind == POST_BRIEFING and case.referral.briefing:
            await self._note(case_id, self._status(n, index, status, "sent"))
            return
        claimed = await self._claim(case_id, n, index, status)
        if claimed is None:
            return
        self._mine.add((case_id, n, index))
        try:
            done = await self._delivered(case.referral, effect, claimed)
        except (TryLater, DeliveryUnknown, CannotDeliver) as fault:
            done = self._after_fault(claimed, effect, fault)
        finally:
            self._mine.discard((case_id, n, index))
        await self._note(case_id, done)
        self._tell_ended(effect, done)
        if done.next_at:
            self._later(case_id, max(0.1, (done.next_at - now).total_seconds()))
        if done.state == "failed":
            fields = {"case": case_id, "kind": effect.kind, "code": done.code}
            _log.error("outbox.failed", extra=fields)

    def _due(
        self,
        effect: Effect,
        status: EffectStatus | None,
        now: dt.datetime,
        key: tuple[str, int, int],
    ) -> bool:
        not_before = effect.data.get("not_before")
        if not_before and now < dt.datetime.fromisoformat(not_before):
            return False
        if status is None:
            return True
        if status.state == "sending":
            abandoned = not self._take_over or now >= status.at + self._take_over
            return key not in self._mine and abandoned
        return status.next_at is None or now >= status.next_at

    def _status(self, n: int, index: int, before: EffectStatus | None, state: str) -> EffectStatus:
        now = self._clock.now()
        if before is None:
            return EffectStatus(n, index, state, now)
        attempts = before.attempts + 1
        return replace(before, state=state, at=now, attempts=attempts, next_at=None)

    async def _claim(
        self, case_id: str, n: int, index: int, before: EffectStatus | None
    ) -> EffectStatus | None:
        status = self._status(n, index, before, "sending")
        try:
            await self._log.set_effect(case_id, status)
        except (AlreadyThere, Changed):
            await self._cases.fresh(case_id)
            return None
        case = await self._cases.fresh(case_id)
        return case.statuses[(n, index)]

    async def _note(self, case_id: str, status: EffectStatus) -> None:
        try:
            await self._log.set_effect(case_id, status)
        except (AlreadyThere, Changed):
            _log.warning("outbox.status_taken", extra={"case": case_id})
        await self._cases.fresh(case_id)

    def _after_fault(
        self,
        status: EffectStatus,
        effect: Effect,
        fault: TryLater | DeliveryUnknown | CannotDeliver,
    ) -> EffectStatus:
        """What happens next. A briefing is never given up: it is tried again, ever more slowly."""
        endless = effect.kind == POST_BRIEFING
        match fault:
            case RoleUnknown():  # nothing was tried with Teams
                status = replace(status, attempts=status.attempts - 1)
                return self._retry(status, "waiting", fault.after_s)
            case TryLater():
                most = MOST_ATTEMPTS
                state, after_s = "waiting", fault.after_s
            case DeliveryUnknown():
                most = MOST_REPEATS
                step = min(status.attempts - 1, len(_REPEAT_AFTER_S) - 1)
                state, after_s = "unknown", _REPEAT_AFTER_S[step]
            case CannotDeliver():
                most = 0
                state, after_s = "blocked", _BLOCKED_AGAIN_AFTER_S
                status = replace(status, code=fault.code)
        if status.attempts >= most and not endless:
            return replace(status, state="failed", code=status.code or f"gave_up_{state}")
        return self._retry(status, state, after_s)

    def _retry(self, status: EffectStatus, state: str, after_s: float) -> EffectStatus:
        next_at = self._clock.now() + dt.timedelta(seconds=after_s)
        return replace(status, state=state, next_at=next_at)

    def _tell_ended(self, effect: Effect, done: EffectStatus) -> None:
        if done.state in ("sent", "failed"):
            self._signals.effect_ended(effect.kind, done.state)

    async def _delivered(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        with self._signals.span("effect", case=referral.case_id, kind=effect.kind):
            return await self._deliver(referral, effect, status)

    async def _deliver(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        if effect.kind == POST_BRIEFING:
            if referral.state in (State.WITHDRAWN, State.MERGED):
                return replace(status, state="sent", code="nothing_to_say")
            return await self._post_briefing(referral, status)
        if effect.kind in (PULSE_CHANNEL, PAUSE):
            post = await self._render.effect(referral, effect)
            if post is None:
                return replace(status, state="sent", code="nothing_to_say")
            where = await self._channel.start_thread(post)
            return replace(status, state="sent", conversation_id=where.conversation_id)
        if effect.kind in BETWEEN:
            assert self.pass_on is not None
            await self.pass_on(referral, effect)
            return replace(status, state="sent", code="passed_on")
        target = await self._render.target(referral, effect)
        post = await self._render.effect(referral, effect)
        if post is None:
            return replace(status, state="sent", code="nothing_to_say")
        if target is None:
            raise CannotDeliver("no_address")
        activity = await self._channel.reply(target.conversation_id, target.service_url, post)
        return replace(
            status, state="sent", conversation_id=target.conversation_id, activity_id=activity
        )

    async def _post_briefing(self, referral: Referral, status: EffectStatus) -> EffectStatus:
        post = await self._render.briefing(referral)
        where = await self._channel.start_thread(post)
        await self._log.link_thread(where.conversation_id, referral.case_id)
        assert self.record is not None
        await self.record(
            referral.case_id,
            RecordBriefing(where.conversation_id, where.user_id, where.service_url),
        )
        return replace(
            status,
            state="sent",
            conversation_id=where.conversation_id,
            activity_id=where.user_id,
        )

    async def send_desk(
        self, stream: str, n: int, index: int, effect: Effect, before: EffectStatus | None
    ) -> bool:
        """One effect of the desk's own log, claimed by its status row. True when it has ended."""
        key = (stream, n, index)
        if key in self._mine or not self._due(effect, before, self._clock.now(), key):
            return False
        self._mine.add(key)  # before the claim: another look must not take it for abandoned
        try:
            return await self._send_claimed(stream, n, index, effect, before)
        finally:
            self._mine.discard(key)

    async def _send_claimed(
        self, stream: str, n: int, index: int, effect: Effect, before: EffectStatus | None
    ) -> bool:
        try:
            await self._log.set_effect(stream, self._status(n, index, before, "sending"))
        except (AlreadyThere, Changed):
            return False
        found = await self._log.load(stream)
        claimed = next(s for s in found.statuses if (s.n, s.index) == (n, index))
        try:
            done = await self._delivered(Referral(stream), effect, claimed)
        except (TryLater, DeliveryUnknown, CannotDeliver) as fault:
            done = self._after_fault(claimed, effect, fault)
        try:
            await self._log.set_effect(stream, done)
        except (AlreadyThere, Changed):
            _log.warning("outbox.status_taken", extra={"stream": stream})
            return False
        self._tell_ended(effect, done)
        if done.state == "failed":
            fields = {"stream": stream, "kind": effect.kind, "code": done.code}
            _log.error("outbox.failed", extra=fields)
        return done.state in ("sent", "failed")

    # Redrawing ----------------------------------------------------------------------

    async def _redraw(self, case: Case) -> bool:
        """Whether every card shows the newest state, as far as Teams will ever let it."""
        referral = case.referral
        done = True
        if referral.briefing:
            b = referral.briefing
            post = await self._render.briefing(referral)
            done = await self._edit(referral, b.conversation_id, b.service_url, b.activity_id, post)
        for n, index, effect in case.effects:
            status = case.statuses.get((n, index))
            if status and status.activity_id and self._render.is_live(effect):
                done &= await self._redraw_live(referral, effect, status)
        return done

    async def _redraw_live(self, referral: Referral, effect: Effect, status: EffectStatus) -> bool:
        live, activity = await self._render.effect(referral, effect), status.activity_id
        if live is None or self._drawn.get(activity) == _fingerprint(live):
            return True
        if referral.words_gone:  # taken off whoever's card it is, whatever became of their role
            return await self._edit(referral, status.conversation_id, "", activity, live)
        try:
            target = await self._render.target(referral, effect)
        except RoleUnknown as wait:
            self._later(referral.case_id, wait.after_s)
            return False
        if target is None:
            return True
        where, url = target.conversation_id, target.service_url
        return await self._edit(referral, where, url, activity, live)

    async def _edit(
        self, referral: Referral, conversation: str, url: str, activity: str, post: Post
    ) -> bool:
        """Edits are idempotent: skipped when nothing changed, tried again when they fail. False
        where this one still has to be.
        """
        drawn = _fingerprint(post)
        if self._drawn.get(activity) == drawn:
            return True
        try:
            await self._channel.edit(conversation, url, activity, post)
        except TryLater as wait:
            self._later(referral.case_id, wait.after_s)
            return False
        except DeliveryUnknown:
            self._later(referral.case_id, _AGAIN_AFTER_FAULT_S)
            return False
        except CannotDeliver as refusal:
            _log.error("outbox.edit_failed", extra={"case": referral.case_id, "code": refusal.code})
        self._drawn[activity] = drawn
        return True

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


def _fingerprint(post: Post) -> str:
    return hashlib.sha256(json.dumps(post.card, sort_keys=True).encode()).hexdigest()
