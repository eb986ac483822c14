"""Cards that are there already, drawn whole from the newest state and edited in place."""

from __future__ import annotations

import hashlib
import json
import logging

from bot.desk.cases import Case
from bot.desk.delivering import Renderer
from bot.desk.ports import (
    CannotDeliver,
    Channel,
    DeliveryUnknown,
    Effect,
    EffectStatus,
    Gone,
    Post,
    TryLater,
)
from bot.desk.retrying import AGAIN_AFTER_FAULT_S
from bot.domain.referral import Referral

_log = logging.getLogger("frontdoor.outbox")


class BriefingGone(Exception):
    """Somebody deleted the message, or Teams did."""


class Redrawing:
    def __init__(self, channel: Channel, renderer: Renderer) -> None:
        self._channel = channel
        self._render = renderer
        self._drawn: dict[str, str] = {}

    async def redraw(self, case: Case) -> float | None:
        """None once every card shows the newest state, as far as Teams will ever let it; else in
        how many seconds to try again. Raises BriefingGone.
        """
        referral = case.referral
        waits = []
        if referral.briefing:
            b = referral.briefing
            post = await self._render.briefing(referral)
            waits.append(
                await self._edit(referral, b.conversation_id, b.service_url, b.activity_id, post)
            )
        for n, index, effect in case.effects:
            status = case.statuses.get((n, index))
            if status and status.activity_id and self._render.is_live(effect):
                waits.append(await self._live(referral, effect, status))
        return min((w for w in waits if w is not None), default=None)

    def forget(self, case: Case) -> None:
        """A finished case leaves nothing behind in memory."""
        live = [s.activity_id for s in case.statuses.values()]
        if case.referral.briefing:
            live.append(case.referral.briefing.activity_id)
        for activity in live:
            self._drawn.pop(activity, None)

    async def _live(self, referral: Referral, effect: Effect, status: EffectStatus) -> float | None:
        live, activity = await self._render.effect(referral, effect), status.activity_id
        if live is None or self._drawn.get(activity) == _fingerprint(live):
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
            return None
        where, url = target.conversation_id, target.service_url
        return await self._edit(referral, where, url, activity, live)

    async def _edit(
        self, referral: Referral, conversation: str, url: str, activity: str, post: Post
    ) -> float | None:
        """Edits are idempotent: skipped when nothing changed, tried again when they fail."""
        drawn = _fingerprint(post)
        if self._drawn.get(activity) == drawn:
            return None
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
        self._drawn[activity] = drawn
        return None


def _fingerprint(post: Post) -> str:
    return hashlib.sha256(json.dumps(post.card, sort_keys=True).encode()).hexdigest()
