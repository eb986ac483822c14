"""Cards that are there already, drawn whole from the newest state and edited in place."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.desk.card_bytes import card_bytes
from bot.desk.cases import Case
from bot.desk.delivering import Renderer
from bot.desk.effects import POST_BRIEFING
from bot.desk.ports import (
    CannotDeliver,
    Channel,
    Clock,
    DeliveryUnknown,
    Effect,
    EffectStatus,
    Gone,
    Post,
    TryLater,
)
from bot.desk.retrying import AGAIN_AFTER_FAULT_S
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED

_log = logging.getLogger("frontdoor.outbox")


_FIRST_AGAIN_S = 60.0
_LONGEST_AGAIN_S = 3600.0
_MOST_REFUSALS = 8
"""Of a card of one that has ended: about two hours."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A card that Teams would not have edited: what was to be drawn, how often, and when again."""

    drawn: str
    times: int
    again_at: dt.datetime


class BriefingGone(Exception):
    """Somebody deleted the message, or Teams did."""


class Redrawing:
    def __init__(self, channel: Channel, renderer: Renderer, clock: Clock) -> None:
        self._channel = channel
        self._render = renderer
        self._clock = clock
        self._drawn: dict[str, str] = {}
        self._refused: dict[str, Refused] = {}

    async def redraw(self, case: Case) -> float | None:
        """None once every card shows the newest state, as far as Teams will ever let it; else in
        how many seconds to try again. Raises BriefingGone.
        """
        referral = case.referral
        waits = []
        for where, url, activity in _briefings(case):
            post = await self._render.briefing(referral)
            waits.append(await self._edit(referral, where, url, activity, post))
        for n, index, effect in case.effects:
            status = case.statuses.get((n, index))
            if status and status.activity_id and self._render.is_live(effect):
                waits.append(await self._live(referral, effect, status))
        return min((w for w in waits if w is not None), default=None)

    def forget(self, case: Case) -> None:
        """A finished case leaves nothing behind in memory."""
        for activity in _activities(case):
            self._drawn.pop(activity, None)
            self._refused.pop(activity, None)

    def refused(self, case: Case) -> int:
        """How many of its cards are old, because Teams does not let them be edited."""
        return sum(activity in self._refused for activity in _activities(case))

    def try_again(self, case: Case) -> None:
        """The next look tries them, however short a time ago the last one did."""
        now = self._clock.now()
        for activity in _activities(case) & self._refused.keys():
            self._refused[activity] = replace(self._refused[activity], again_at=now)

    async def _live(self, referral: Referral, effect: Effect, status: EffectStatus) -> float | None:
        live, activity = await self._render.effect(referral, effect), status.activity_id
        if live is None or self._drawn.get(activity) == _fingerprint(live):
            self._refused.pop(activity, None)
            return None
        if referral.words_gone:  # taken off whoever's card it is, whatever became of their role
            return await self._edit(referral, status.conversation_id, "", activity, live)
        try:
            target = await self._render.target(referral, effect)
        except TryLater as wait:
            return wait.after_s
        except DeliveryUnknown:
            return AGAIN_AFTER_FAULT_S
        if target is None:
            self._refused.pop(activity, None)
            return None
        where, url = target.conversation_id, target.service_url
        return await self._edit(referral, where, url, activity, live)

    async def _edit(
        self, referral: Referral, conversation: str, url: str, activity: str, post: Post
    ) -> float | None:
        """Edits are idempotent: skipped when nothing changed, tried again when they fail. What
        Teams refuses is tried again ever more slowly, and at once when there is something new.
        """
        drawn = _fingerprint(post)
        if self._drawn.get(activity) == drawn:
            self._refused.pop(activity, None)
            return None
        before, now = self._refused.get(activity), self._clock.now()
        if before and before.drawn == drawn and now < before.again_at:
            return (before.again_at - now).total_seconds()
        try:
            await self._channel.edit(conversation, url, activity, post)
        except TryLater as wait:
            return wait.after_s
        except DeliveryUnknown:
            return AGAIN_AFTER_FAULT_S
        except CannotDeliver as refusal:
            b = referral.briefing
            if isinstance(refusal, Gone) and referral.live and b and b.activity_id == activity:
                raise BriefingGone from None
            _log.error("outbox.edit_failed", extra={"case": referral.case_id, "code": refusal.code})
            times = before.times + 1 if before else 1
            given_up = referral.state in ENDED and times >= _MOST_REFUSALS
            if not isinstance(refusal, Gone) and not given_up:
                again_s = min(_FIRST_AGAIN_S * 2.0 ** (times - 1), _LONGEST_AGAIN_S)
                again_at = now + dt.timedelta(seconds=again_s)
                self._refused[activity] = Refused(drawn, times, again_at)
                return again_s
        self._refused.pop(activity, None)
        self._drawn[activity] = drawn
        return None


def _briefings(case: Case) -> Iterator[tuple[str, str, str]]:
    """Conversation, service URL and message: of the briefing, and of one that was on its way when
    the referral ended, which the log does not know.
    """
    b = case.referral.briefing
    if b:
        yield b.conversation_id, b.service_url, b.activity_id
    for n, index, effect in case.effects:
        s = case.statuses.get((n, index))
        posted = effect.kind == POST_BRIEFING and s and s.state == "sent" and s.activity_id
        if s and posted and (b is None or s.activity_id != b.activity_id):
            yield s.conversation_id, "", s.activity_id


def _activities(case: Case) -> set[str]:
    found = {s.activity_id for s in case.statuses.values()}
    return found | {case.referral.briefing.activity_id} if case.referral.briefing else found


def _fingerprint(post: Post) -> str:
    return hashlib.sha256(card_bytes(post.card)).hexdigest()
