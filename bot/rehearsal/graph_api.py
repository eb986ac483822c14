"""A simulated Microsoft Graph: the two calls the bot makes, with Graph's own error bodies."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web

from bot.desk.ports import Clock
from bot.rehearsal.trust import Signer

Json = dict[str, Any]
Refused = Callable[[web.Request, set[str]], web.Response | None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

AUDIENCE = "https://graph.microsoft.com"
_RECIPIENT = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")
_MOST_GROUPS = 20
_RECIPIENTS = ("toRecipients", "ccRecipients", "bccRecipients")
_CONTENT_TYPES = ("text", "html")
_MAIL_SEND = "Mail.Send"
_TO_READ_GROUPS = frozenset({"User.Read.All", "GroupMember.Read.All"})
PERMISSIONS = _TO_READ_GROUPS
"""All that the bot needs. The right to mail is Exchange's and is not in the token."""


@dataclass(frozen=True, slots=True)
class Mail:
    """As it arrived. `at` is the rehearsal's own time; `with_others` are the message's other
    recipients, copies included; `kept` says whether it is in the mailbox's Sent Items.
    """

    id: str
    to: str
    sender: str
    subject: str
    text: str
    at: dt.datetime
    content_type: str
    kept: bool
    with_others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call meets in place of a good answer, or on the way to it."""

    kind: str
    seconds: float = 0.0
    status: int = 0
    code: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def throttle(seconds: float, status: int = 429) -> Fault:
    """Refused, with Retry-After."""
    after = (("Retry-After", f"{seconds:g}"),)
    return Fault("answer", status=status, code="ApplicationThrottled", headers=after)


def status(code: int, error: str = "generalException", **headers: str) -> Fault:
    """Nothing is done and this is the answer; underscores in header names stand for hyphens."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Fault("answer", status=code, code=error, headers=named)


def slow(seconds: float) -> Fault:
    """Done at once, answered late."""
    return Fault("slow", seconds=seconds)


def drop_before() -> Fault:
    """The connection ends and nothing is done."""
    return Fault("drop_before")


def drop_after() -> Fault:
    """All is done, and the connection ends without an answer."""
    return Fault("drop_after")


class GraphApi:
    """`sent` is every email delivered; `memberships` says who is in which groups, by lower-case
    object id, and whoever is not in it is unknown; `calls` are the paths asked.

    Each of `faults` is met by one call, `standing` by every other one while it is set; `gate`
    cleared holds every call back; `revoked` are tokens no longer taken. `exchange_role`: whether
    the app has Exchange's Application Mail.Send over the one mailbox.
    """

    def __init__(
        self, signer: Signer, clock: Clock, *, app_id: str, mailbox: str, known: Iterable[str]
    ) -> None:
        """`mailbox` is the one the app was given; `known` are object ids in the directory."""
        self._signer = signer
        self._clock = clock
        self._app_id = app_id
        self._mailbox = mailbox
        self.sent: list[Mail] = []
        self.memberships: dict[str, set[str]] = {object_id.lower(): set() for object_id in known}
        self.faults: deque[Fault] = deque()
        self.standing: Fault | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls: list[str] = []
        self.revoked: set[str] = set()
        self.exchange_role = True
        self.changed: Callable[[], None] = lambda: None

    def routes(self) -> list[web.RouteDef]:
        user = "/v1.0/users/{user}"
        return [
            web.post(f"{user}/sendMail", self._checked(self._send_mail, self._may_mail)),
            web.post(
                f"{user}/checkMemberGroups", self._checked(self._check_groups, self._may_read)
            ),
        ]

    @property
    def asked(self) -> Counter[str]:
        """How often each person's groups were asked for, in vain or not, by object id."""
        asked = (path.split("/") for path in self.calls if path.endswith("/checkMemberGroups"))
        return Counter(parts[-2].lower() for parts in asked)

    def _checked(self, handler: Handler, refused: Refused) -> Handler:
        async def call(request: web.Request) -> web.StreamResponse:
            self.calls.append(request.path)
            await self.gate.wait()
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            try:
                claims = self._signer.claims_of(token, AUDIENCE)
            except jwt.PyJWTError:
                claims = {}
            if scheme != "Bearer" or claims.get("appid") != self._app_id:
                return _error(401, "InvalidAuthenticationToken", "Access token is not valid.")
            if token in self.revoked:
                return _error(401, "InvalidAuthenticationToken", "Token has been revoked.")
            if refusal := refused(request, set(claims.get("roles", []))):
                return refusal
            fault = self.faults.popleft() if self.faults else self.standing
            return await _met(fault, request, handler) if fault else await handler(request)

        return call

    def _may_mail(self, request: web.Request, roles: set[str]) -> web.Response | None:
        own = request.match_info["user"].lower() == self._mailbox.lower()
        if (own and self.exchange_role) or _MAIL_SEND in roles:
            return None
        return _error(403, "ErrorAccessDenied", "Access is denied. Check credentials.")

    @staticmethod
    def _may_read(_: web.Request, roles: set[str]) -> web.Response | None:
        if roles >= _TO_READ_GROUPS:
            return None
        return _error(403, "Authorization_RequestDenied", "Insufficient privileges to complete.")

    async def _send_mail(self, request: web.Request) -> web.StreamResponse:
        sender = request.match_info["user"]
        try:
            sent = await request.json()
            message = sent["message"]
            to = [a for kind in _RECIPIENTS for a in _addresses(message, kind)]
            subject, text = str(message["subject"]), str(message["body"]["content"])
            kind = str(message["body"].get("contentType", "Text"))
            kept = sent.get("saveToSentItems", True)
        except (ValueError, KeyError, TypeError, AttributeError):
            return _error(400, "BadRequest", "Unable to read JSON request payload.")
        if kind.lower() not in _CONTENT_TYPES or not isinstance(kept, bool):
            return _error(400, "RequestBodyRead", "Requested value was not found.")
        if not to or not all(_RECIPIENT.fullmatch(address) for address in to):
            return _error(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
        now = self._clock.now()
        for i, each in enumerate(to):
            others = (*to[:i], *to[i + 1 :])
            made = uuid.uuid4().hex
            self.sent.append(Mail(made, each, sender, subject, text, now, kind, kept, others))
        self.changed()
        return web.Response(status=202)

    async def _check_groups(self, request: web.Request) -> web.StreamResponse:
        member_of = self.memberships.get(request.match_info["user"].lower())
        if member_of is None:
            return _error(404, "Request_ResourceNotFound", "Resource does not exist.")
        try:
            asked = [str(uuid.UUID(each)) for each in (await request.json())["groupIds"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return _error(400, "Request_BadRequest", "Invalid value specified for groupIds.")
        if len(asked) > _MOST_GROUPS:
            return _error(400, "Request_BadRequest", "Too many values for groupIds.")
        own = {group.lower() for group in member_of}
        return web.json_response({"value": [group for group in asked if group in own]})


def _addresses(message: Json, kind: str) -> list[str]:
    return [str(r["emailAddress"]["address"]) for r in message.get(kind, [])]


async def _met(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    if fault.kind == "answer":
        return _error(fault.status, fault.code, "As asked for.", dict(fault.headers))
    if fault.kind == "drop_before":
        return _dropped(request)
    answer = await handler(request)
    if fault.kind == "drop_after":
        return _dropped(request)
    await asyncio.sleep(fault.seconds)
    return answer


def _dropped(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _error(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    inner = {"request-id": str(uuid.uuid4())}
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return web.json_response(body, status=status, headers=headers)
