"""Calls to the Bot Connector REST API: one session, bounded waits, our own retry rules.

A POST whose answer was lost may have been carried out, so it is never repeated here; a PUT is.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.desk.ports import CannotDeliver, DeliveryUnknown, TryLater
from bot.identity import CONNECTOR_SCOPE, Tokens, TokenUnavailable

Json = dict[str, Any]

_TIMEOUT_S = 10.0
_PUT_TRIES = 4
_ASK_AGAIN_S = (2.0, 20.0)


class Connector:
    def __init__(
        self, session: aiohttp.ClientSession, tokens: Tokens, hosts: tuple[str, ...], *, plain: bool
    ) -> None:
        """`hosts` may receive our token; `plain` admits http, for loopback only."""
        self._session = session
        self._tokens = tokens
        self._hosts = hosts
        self._plain = plain

    def allowed(self, service_url: str) -> bool:
        """Whether a token may be sent there."""
        parts = urlsplit(service_url)
        scheme_ok = parts.scheme == "https" or (self._plain and parts.scheme == "http")
        return scheme_ok and parts.hostname in self._hosts

    async def create_conversation(self, service_url: str, body: Json) -> Json:
        return await self._call("POST", service_url, "v3/conversations", body)

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        path = f"v3/conversations/{quote(conversation_id, safe='')}/activities"
        return str((await self._call("POST", service_url, path, activity)).get("id", ""))

    async def put(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Json
    ) -> None:
        path = (
            f"v3/conversations/{quote(conversation_id, safe='')}"
            f"/activities/{quote(activity_id, safe='')}"
        )
        for attempt in range(_PUT_TRIES):
            try:
                await self._call("PUT", service_url, path, activity)
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
        """Every member of a conversation, page by page."""
        found: list[Json] = []
        token = ""
        while True:
            path = f"v3/conversations/{quote(conversation_id, safe='')}/pagedmembers?pageSize=200"
            if token:
                path += f"&continuationToken={quote(token, safe='')}"
            page = await self._call("GET", service_url, path, None)
            found += page.get("members", [])
            token = page.get("continuationToken") or ""
            if not token:
                return found

    async def _call(self, method: str, service_url: str, path: str, body: Json | None) -> Json:
        """Raises CannotDeliver (for good), TryLater (asked to wait) or DeliveryUnknown."""
        if not service_url:
            raise TryLater(_ASK_AGAIN_S[0])
        if not self.allowed(service_url):
            raise CannotDeliver("service_url_not_allowed")
        try:
            token = await self._tokens.token(CONNECTOR_SCOPE)
        except TokenUnavailable:
            raise TryLater(random.uniform(*_ASK_AGAIN_S)) from None  # noqa: S311
        url = f"{service_url.rstrip('/')}/{path}"
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S),
            ) as answer:
                return await _read(answer)
        except aiohttp.ClientConnectorError:
            # Nothing was sent, so trying again repeats nothing.
            raise TryLater(random.uniform(*_ASK_AGAIN_S)) from None  # noqa: S311
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
    if answer.status in (412, 429):
        raise TryLater(_retry_after(answer))
    if answer.status in (408, 500, 502, 503, 504):
        raise DeliveryUnknown(str(answer.status))
    raise CannotDeliver(await _error_code(answer))


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    try:
        return max(0.1, float(answer.headers.get("Retry-After", "")))
    except ValueError:
        return random.uniform(*_ASK_AGAIN_S)  # noqa: S311


async def _error_code(answer: aiohttp.ClientResponse) -> str:
    try:
        body = await answer.json(content_type=None)
        code = str(body["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = "refused"
    return f"{answer.status}_{code[:60]}"
