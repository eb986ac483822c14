"""Calls to the Bot Connector REST API: one session, bounded waits, our own retry rules.

A POST whose answer was lost may have been carried out, so it is never repeated here; a PUT is.
What is said keeps to the pace Teams allows.
"""

from __future__ import annotations

import asyncio
import math
import random
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.desk.ports import CannotDeliver, DeliveryUnknown, Gone, TryLater
from bot.identity import CONNECTOR_SCOPE, Tokens, TokenUnavailable
from bot.teams.pacing import Pace

Json = dict[str, Any]

WITHIN_S = 10.0
_PUT_TRIES = 4
_MOST_PAGES = 50
"""Of a roster: ten thousand people. A token that comes round again must not go on for ever."""
_ASK_AGAIN_S = (2.0, 20.0)
_LONGEST_RETRY_AFTER_S = 3600.0


class _Asked(TryLater):
    """By Teams itself."""


class _TokenNotTaken(Exception):
    """401: nothing was done."""


@lru_cache(maxsize=64)
def _scheme_and_host(url: str) -> tuple[str, str]:
    """Empty where it is no address. Every request names one of the same few."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


class Connector:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        hosts: tuple[str, ...],
        *,
        plain: bool,
        pace: Pace,
        within_s: float = WITHIN_S,
    ) -> None:
        """`hosts` may receive our token; `plain` admits http, for loopback only. `within_s`: how
        long an answer is waited for.
        """
        self._session = session
        self._tokens = tokens
        self._hosts = hosts
        self._plain = plain
        self._pace = pace
        self._within_s = within_s

    def allowed(self, service_url: str) -> bool:
        """Whether a token may be sent there."""
        scheme, host = _scheme_and_host(service_url)
        return (scheme == "https" or (self._plain and scheme == "http")) and host in self._hosts

    async def create_conversation(self, service_url: str, body: Json) -> Json:
        """A thread in the channel that `body` names, or a chat with its one member."""
        channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
        place = str(channel or body["members"][0]["id"])
        return await self._call("POST", service_url, "v3/conversations", body, place)

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        path = f"v3/conversations/{quote(conversation_id, safe='')}/activities"
        answer = await self._call("POST", service_url, path, activity, conversation_id)
        return str(answer.get("id", ""))

    async def put(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Json
    ) -> None:
        path = (
            f"v3/conversations/{quote(conversation_id, safe='')}"
            f"/activities/{quote(activity_id, safe='')}"
        )
        for attempt in range(_PUT_TRIES):
            try:
                await self._call("PUT", service_url, path, activity, conversation_id)
            except DeliveryUnknown:
                if attempt == _PUT_TRIES - 1:
                    raise
                await asyncio.sleep(0.2 * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
            else:
                return

    async def delete(self, service_url: str, conversation_id: str, activity_id: str) -> None:
        path = (
            f"v3/conversations/{quote(conversation_id, safe='')}"
            f"/activities/{quote(activity_id, safe='')}"
        )
        await self._call("DELETE", service_url, path, None)

    async def members(self, service_url: str, conversation_id: str) -> list[Json]:
        """Every member of a conversation, page by page. Raises DeliveryUnknown for what no roster
        looks like.
        """
        found: list[Json] = []
        token = ""
        for _ in range(_MOST_PAGES):
            path = f"v3/conversations/{quote(conversation_id, safe='')}/pagedmembers?pageSize=200"
            if token:
                path += f"&continuationToken={quote(token, safe='')}"
            page = await self._call("GET", service_url, path, None)
            members = page.get("members")
            if not isinstance(members, list) or not all(isinstance(m, dict) for m in members):
                raise DeliveryUnknown("no_roster")
            found += members
            token = str(page.get("continuationToken") or "")
            if not token:
                return found
        raise DeliveryUnknown("endless_roster")

    async def _call(
        self, method: str, service_url: str, path: str, body: Json | None, place: str = ""
    ) -> Json:
        """`place`: the thread in which something is said. Raises CannotDeliver (for good), TryLater
        (asked to wait) or DeliveryUnknown.
        """
        if not service_url:
            raise TryLater(_ASK_AGAIN_S[0])
        if not self.allowed(service_url):
            raise CannotDeliver("service_url_not_allowed")
        if place:
            await self._pace.turn(place)
        try:
            return await self._signed(method, f"{service_url.rstrip('/')}/{path}", body)
        except _Asked as wait:
            if place:
                self._pace.leave_alone(place, wait.after_s)
            raise

    async def _signed(self, method: str, url: str, body: Json | None) -> Json:
        """A token that is not taken is given up, and the call made once more with a new one."""
        token = await self._token()
        try:
            return await self._sent(method, url, body, token)
        except _TokenNotTaken:
            if not self._tokens.refused(CONNECTOR_SCOPE, token):
                raise _soon() from None
        try:
            return await self._sent(method, url, body, await self._token())
        except _TokenNotTaken:
            raise _soon() from None

    async def _token(self) -> str:
        try:
            return await self._tokens.token(CONNECTOR_SCOPE)
        except TokenUnavailable:
            raise _soon() from None

    async def _sent(self, method: str, url: str, body: Json | None, token: str) -> Json:
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=aiohttp.ClientTimeout(total=self._within_s),
            ) as answer:
                return await _read(answer)
        except aiohttp.ClientConnectorError:
            # Nothing was sent, so trying again repeats nothing.
            raise _soon() from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryUnknown(type(error).__name__) from error


async def _read(answer: aiohttp.ClientResponse) -> Json:
    if answer.status < 300:
        if answer.content_length == 0:
            return {}
        try:
            found = await answer.json(content_type=None)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    if answer.status == 401:
        raise _TokenNotTaken
    if answer.status in (412, 429):
        raise _Asked(_retry_after(answer))
    if answer.status == 408 or answer.status >= 500:
        raise DeliveryUnknown(str(answer.status))
    code = await _error_code(answer)
    raise Gone(code) if answer.status in (404, 410) else CannotDeliver(code)


def _soon() -> TryLater:
    return TryLater(random.uniform(*_ASK_AGAIN_S))  # noqa: S311


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    try:
        asked = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return _soon().after_s
    return min(max(0.1, asked), _LONGEST_RETRY_AFTER_S) if math.isfinite(asked) else _soon().after_s


async def _error_code(answer: aiohttp.ClientResponse) -> str:
    try:
        body = await answer.json(content_type=None)
        code = str(body["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = "refused"
    return f"{answer.status}_{code[:60]}"
