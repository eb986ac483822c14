"""The REST API the bot calls back: the part of the Bot Connector a bot in Teams uses.

Bearer tokens are checked. Sizes, unknown conversations and others' messages are refused as Teams
refuses them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import jwt
from aiohttp import web

from bot.rehearsal.throttle import Throttle
from bot.rehearsal.trust import Signer
from bot.rehearsal.world import BOT, World

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Interfere = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]

_CARD = "application/vnd.microsoft.card.adaptive"
_MOST_BYTES = 100_000
AUDIENCE = "https://api.botframework.com"


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def _too_many(wait_s: int) -> web.Response:
    answer = _error(429, "TooManyRequests", "Too many requests.")
    answer.headers["Retry-After"] = str(wait_s)
    return answer


async def _thread(request: web.Request) -> str:
    """What saying something is counted against: its conversation, or where one is started."""
    if "c" in request.match_info:
        return request.match_info["c"]
    body = json.loads(await request.read())
    channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
    return str(channel or (body.get("members") or [{}])[0].get("id"))


class ConnectorApi:
    def __init__(
        self, world: World, authority: Signer, app_id: str, throttle: Throttle | None = None
    ) -> None:
        """Without `throttle` a bot may say as much as it likes."""
        self._throttle = throttle
        self._world = world
        self._authority = authority
        self._app_id = app_id
        self.calls: list[tuple[str, str]] = []
        self.interfere: Interfere | None = None
        """For a bad day: may answer in place of the handler, or after it."""

    def routes(self) -> list[web.RouteDef]:
        c = "/v3/conversations"
        return [
            web.post(c, self._checked(self._create)),
            web.post(c + "/{c}/activities", self._checked(self._post)),
            web.post(c + "/{c}/activities/{a}", self._checked(self._post)),
            web.put(c + "/{c}/activities/{a}", self._checked(self._put)),
            web.delete(c + "/{c}/activities/{a}", self._checked(self._delete)),
            web.get(c + "/{c}/members", self._checked(self._members)),
            web.get(c + "/{c}/pagedmembers", self._checked(self._paged)),
            web.get(c + "/{c}/members/{m}", self._checked(self._member)),
            web.get("/v3/teams/{t}", self._checked(self._team)),
            web.get("/v3/teams/{t}/conversations", self._checked(self._channels)),
        ]

    def _checked(self, handler: Handler) -> Handler:
        async def call(request: web.Request) -> web.StreamResponse:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            try:
                claims = self._authority.claims_of(token, AUDIENCE)
            except jwt.PyJWTError:
                return _error(401, "Unauthorized", "The token is not valid.")
            if scheme != "Bearer" or claims.get("appid") != self._app_id:
                return _error(403, "Forbidden", "The token is for another app.")
            self.calls.append((request.method, request.path))
            if wait_s := await self._must_wait(request):
                return _too_many(wait_s)
            if self.interfere:
                return await self.interfere(request, handler)
            return await handler(request)

        return call

    async def _must_wait(self, request: web.Request) -> int:
        if self._throttle is None or request.method == "GET":
            return 0
        return self._throttle.take(await _thread(request))

    async def _body(self, request: web.Request) -> Json | web.Response:
        raw = await request.read()
        if len(raw.decode("utf-8").encode("utf-16-le")) > _MOST_BYTES * 2:
            return _error(413, "MessageSizeTooBig", "Message size too large.")
        body = json.loads(raw)
        return body if isinstance(body, dict) else _error(400, "BadSyntax", "Not an object.")

    def _say(self, conversation_id: str, activity: Json, message_id: str = "") -> str:
        card, attachment = _attached(activity)
        mentions = tuple(
            e["mentioned"]["name"]
            for e in activity.get("entities") or []
            if e.get("type") == "mention"
        )
        plain = card is None and attachment is None
        text = _without_tags(str(activity.get("text") or "")) if plain else ""
        return self._world.add(
            conversation_id,
            BOT,
            text=text,
            card=card,
            attachment=attachment,
            mentions=mentions,
            message_id=message_id,
        ).id

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await self._body(request)
        if isinstance(body, web.Response):
            return body
        channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
        if channel:
            if channel != self._world.channel_id:
                return _error(403, "BotNotInConversationRoster", "Not in that channel.")
            root = self._world.new_id()
            self._say(self._world.thread_id(root), body.get("activity") or {}, root)
            return web.json_response(
                {"id": self._world.thread_id(root), "activityId": root}, status=201
            )
        members = body.get("members") or []
        person = self._world.person_of_user(str(members[0].get("id"))) if members else None
        if person is None or not self._world.has_chat(person):
            return _error(403, "ConversationBlockedByUser", "No chat with this person.")
        return web.json_response({"id": self._world.chat_id(person)}, status=201)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        conversation = request.match_info["c"]
        if not self._world.exists(conversation):
            return _error(404, "ConversationNotFound", "No such conversation.")
        body = await self._body(request)
        if isinstance(body, web.Response):
            return body
        return web.json_response({"id": self._say(conversation, body)}, status=201)

    async def _put(self, request: web.Request) -> web.StreamResponse:
        message = self._world.messages.get(request.match_info["a"])
        if message is None or message.deleted:
            return _error(404, "ActivityNotFoundInConversation", "No such message.")
        if message.author != BOT:
            return _error(403, "Forbidden", "Not this bot's message.")
        body = await self._body(request)
        if isinstance(body, web.Response):
            return body
        card = next((a["content"] for a in body.get("attachments") or []), None)
        text = "" if card else _without_tags(str(body.get("text") or ""))
        self._world.edit(message, text=text, card=card)
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        message = self._world.messages.get(request.match_info["a"])
        if message is None:
            return _error(404, "ActivityNotFoundInConversation", "No such message.")
        message.deleted = True
        message.rev += 1
        self._world.touch()
        return web.Response(status=200)

    def _account(self, person_id: str) -> Json:
        person = self._world.person(person_id)
        home = self._world.guests.get(person_id, "")
        local = person_id if not home else f"{person_id}_home.example#EXT#"
        return {
            "id": self._world.user_id(person),
            "name": person.name,
            "aadObjectId": person.object_id,
            "objectId": person.object_id,
            "userPrincipalName": f"{local}@{self._world.partnership.host_domain}",
            "tenantId": home or self._world.partnership.tenants[person.tenant],
            "userRole": "guest" if home else "user",
        }

    async def _members(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([self._account(p.id) for p in self._world.partnership.people])

    async def _paged(self, request: web.Request) -> web.StreamResponse:
        size = max(1, min(int(request.query.get("pageSize", "200")), 500))
        start = int(request.query.get("continuationToken", "0"))
        people = self._world.partnership.people
        page: Json = {"members": [self._account(p.id) for p in people[start : start + size]]}
        if start + size < len(people):
            page["continuationToken"] = str(start + size)
        return web.json_response(page)

    async def _member(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["m"]
        for person in self._world.partnership.people:
            if wanted in (self._world.user_id(person), person.object_id):
                return web.json_response(self._account(person.id))
        return _error(404, "MemberNotFoundInConversation", "No such member.")

    async def _team(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"id": self._world.team_id, "name": "Duty team"})

    async def _channels(self, request: web.Request) -> web.StreamResponse:
        channels = [{"id": self._world.channel_id, "name": "Duty desk"}]
        return web.json_response({"conversations": channels})


def _attached(activity: Json) -> tuple[Json | None, Json | None]:
    """An Adaptive Card's content, or another attachment whole."""
    first = next(iter(activity.get("attachments") or []), None)
    if first is None:
        return None, None
    if first.get("contentType") == _CARD:
        return first["content"], None
    return None, first


def _without_tags(text: str) -> str:
    return text.replace("<at>", "@").replace("</at>", "")
