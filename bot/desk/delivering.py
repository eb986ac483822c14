"""Carrying one effect out: a post, a briefing, or something owed to another referral."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import Protocol

from bot.desk.effects import BETWEEN, PAUSE, POST_BRIEFING, PULSE_CHANNEL
from bot.desk.ports import (
    Address,
    CannotDeliver,
    Channel,
    Effect,
    EffectStatus,
    Gone,
    Log,
    Post,
)
from bot.desk.retrying import REPOSTED
from bot.desk.signals import SILENT, Signals
from bot.domain.commands import Command, RecordBriefing
from bot.domain.referral import Referral
from bot.domain.vocabulary import State


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


class Delivery:
    """`record` and `pass_on` are set once there is a service that can."""

    def __init__(
        self, log: Log, channel: Channel, renderer: Renderer, signals: Signals = SILENT
    ) -> None:
        self._log = log
        self._channel = channel
        self._render = renderer
        self._signals = signals
        self._placed: dict[tuple[str, str], Address] = {}
        """Where a briefing is whose place the store has not taken yet, by referral and by which
        message it stands in for.
        """
        self.record: Record | None = None
        self.pass_on: PassOn | None = None

    async def deliver(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        """The status once it is there. Raises CannotDeliver, DeliveryUnknown or TryLater."""
        with self._signals.span("effect", case=referral.case_id, kind=effect.kind):
            return await self._deliver(referral, effect, status)

    async def _deliver(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        if effect.kind == POST_BRIEFING:
            return await self._briefing(referral, status)
        if effect.kind in BETWEEN:
            assert self.pass_on is not None
            await self.pass_on(referral, effect)
            return replace(status, state="sent", code="passed_on")
        if effect.kind in (PULSE_CHANNEL, PAUSE):
            return await self._in_channel(referral, effect, status)
        target = await self._render.target(referral, effect)
        post = await self._render.effect(referral, effect)
        if post is None:
            return _nothing_to_say(status)
        if target is None:
            raise CannotDeliver("no_address")
        activity = await self._channel.reply(target.conversation_id, target.service_url, post)
        return replace(
            status, state="sent", conversation_id=target.conversation_id, activity_id=activity
        )

    async def _in_channel(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        post = await self._render.effect(referral, effect)
        if post is None:
            return _nothing_to_say(status)
        where = await self._channel.start_thread(post)
        return replace(status, state="sent", conversation_id=where.conversation_id)

    async def _briefing(self, referral: Referral, status: EffectStatus) -> EffectStatus:
        b = referral.briefing
        lost = b is not None and status.activity_id == b.activity_id
        key = (referral.case_id, status.activity_id)
        if b and not lost:  # posted, and the bot ended before it was noted
            self._placed.pop(key, None)
            return _posted(status, Address(b.conversation_id, b.service_url, b.activity_id))
        if key not in self._placed:
            if referral.state in (State.WITHDRAWN, State.MERGED) or (lost and not referral.live):
                return _nothing_to_say(status)
            self._placed[key] = await self._place(referral, await self._render.briefing(referral))
        where = self._placed[key]
        await self._log.link_thread(where.conversation_id, referral.case_id)
        assert self.record is not None
        await self.record(
            referral.case_id,
            RecordBriefing(where.conversation_id, where.user_id, where.service_url),
        )
        del self._placed[key]
        return _posted(status, where, REPOSTED if lost else "")

    async def _place(self, referral: Referral, post: Post) -> Address:
        """Where the briefing is now: in the thread it had, if that is still there."""
        if b := referral.briefing:
            with contextlib.suppress(Gone):
                activity = await self._channel.reply(b.conversation_id, b.service_url, post)
                return Address(b.conversation_id, b.service_url, activity)
        return await self._channel.start_thread(post)


def _posted(status: EffectStatus, where: Address, code: str = "") -> EffectStatus:
    return replace(
        status,
        state="sent",
        conversation_id=where.conversation_id,
        activity_id=where.user_id,
        code=code,
    )


def _nothing_to_say(status: EffectStatus) -> EffectStatus:
    return replace(status, state="sent", code="nothing_to_say")
