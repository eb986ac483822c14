"""POST /api/messages: authenticate, map, run the turn, answer. Owns the hot path of the SDK.

What the SDK's own adapter gets wrong and this one does not: invoke bodies are serialised once; bad
JSON, tokens and channels get 400, 401 or 403 and never 500; signing keys may rotate; an empty app
id never turns authentication off; credentials and connections are kept; nothing blocks the loop.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from aiohttp import web
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from bot.desk.card_bytes import card_bytes
from bot.desk.ports import CannotDeliver, DeliveryUnknown, TryLater
from bot.teams.activities import (
    Inbound,
    Malformed,
    known_kind,
    outgoing,
    read,
    to_botbuilder,
)
from bot.teams.bot import INBOUND, FrontDoorBot
from bot.teams.connector import Connector
from bot.teams.inbound import Gate, NotAuthentic

_log = logging.getLogger("frontdoor.adapter")

MOST_BODY_BYTES = 256 * 1024
_BODY_WITHIN_S = 5.0
"""Teams sends it at once; who does not is a stranger, and holds a place open."""


class FrontDoorAdapter(BotAdapter):
    """`gate` None only with `--anonymous` on loopback: Microsoft's Playground sends no token."""

    def __init__(
        self, gate: Gate | None, connector: Connector, bot: FrontDoorBot, *, bot_id: str
    ) -> None:
        super().__init__()
        self._gate = gate
        self._connector = connector
        self._bot = bot
        self._bot_id = bot_id

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Always a status that fits; never a stack trace."""
        if request.content_type != "application/json" or "Content-Encoding" in request.headers:
            return web.Response(status=415)
        try:
            inbound = read(json.loads(await _body(request)))
        except TimeoutError:
            late = web.Response(status=408)
            late.force_close()
            return late
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        except (ValueError, Malformed, RecursionError):
            return web.Response(status=400)
        try:
            if self._gate is not None:
                header = request.headers.get("Authorization")
                await self._gate.check(header, inbound.service_url, inbound.channel_id)
        except NotAuthentic as no:
            _log.warning("inbound.refused", extra={"code": no.code})
            return web.Response(status=no.status)
        if not inbound.conversation_id or not self._connector.allowed(inbound.service_url):
            return web.Response(status=403)
        return await self._run(inbound)

    async def _run(self, inbound: Inbound) -> web.Response:
        try:
            if inbound.kind == "invoke":
                body = await self._bot.invoke(inbound)
                return web.Response(body=card_bytes(body), content_type="application/json")
        except Exception:  # noqa: BLE001 - the turn boundary: Teams must not see a 500
            _log.exception("turn.fault", extra={"kind": "invoke"})
            return web.Response(status=200)
        await self._bot.in_time.begin(self._turn(inbound))
        return web.Response(status=200)

    async def _turn(self, inbound: Inbound) -> None:
        context = TurnContext(self, to_botbuilder(inbound))
        context.turn_state[INBOUND] = inbound
        try:
            await self.run_pipeline(context, self._bot.on_turn)
        except Exception:  # noqa: BLE001 - the turn boundary: Teams must not see a 500
            _log.exception("turn.fault", extra={"kind": known_kind(inbound.kind)})

    # What a turn sends ----------------------------------------------------------------

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        """Replies in the turn's own conversation. A reply that cannot go is logged, not raised."""
        sent = []
        for activity in activities:
            wire = self._wire(activity)
            try:
                activity_id = await self._connector.post(
                    context.activity.service_url, context.activity.conversation.id, wire
                )
            except (CannotDeliver, DeliveryUnknown, TryLater) as fault:
                _log.warning("turn.reply_not_sent", extra={"fault": type(fault).__name__})
                activity_id = ""
            sent.append(ResourceResponse(id=activity_id))
        return sent

    def _wire(self, activity: Activity) -> dict[str, Any]:
        attached = activity.attachments or []
        card = attached[0].content if attached else None
        return outgoing(text=activity.text or "", card=card, bot_id=self._bot_id)

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        service_url, conversation = context.activity.service_url, context.activity.conversation.id
        await self._connector.put(service_url, conversation, activity.id, self._wire(activity))
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise CannotDeliver("nothing_is_deleted")


async def _body(request: web.Request) -> bytes:
    """Raises TimeoutError where it does not come."""
    if request.content.is_eof():  # it came with its head, as nearly always: nothing to wait for
        return await request.read()
    async with asyncio.timeout(_BODY_WITHIN_S):
        return await request.read()
