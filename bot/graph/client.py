"""One POST to Microsoft Graph: bounded in time and size, and clear about whether it was sent.

Nothing here logs an address, a body or a token; failures carry a class name at most.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.identity import Tokens, TokenUnavailable

Json = dict[str, Any]

SCOPE = "https://graph.microsoft.com/.default"
_LEAST_S = 0.1
_BODY_TELLS = (200, 400, 404)
_MOST_BYTES = 64 * 1024
_MOST_WAIT_S = 24 * 3600
_ROLES_ANEW_EVERY_S = 60.0
_CEIL_NEVER = 3600.0


class NotSignedIn(Exception):
    """No token could be had, so nothing was sent."""


class NotSent(Exception):
    """Nothing of the request left this machine: no connection, or the time was over before."""


class NoAnswer(Exception):
    """The request went and no answer came: it may or may not have been carried out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is None where it tells nothing, was too long or is no JSON object; `after_s` is what
    Retry-After asked for, None where it did not.
    """

    status: int
    body: Json | None = None
    after_s: float | None = None

    @property
    def error_code(self) -> str:
        error = (self.body or {}).get("error")
        return str(error.get("code", "")) if isinstance(error, dict) else ""


def deadline(within_s: float) -> float:
    """Loop time at which a call that starts now must have ended."""
    return asyncio.get_running_loop().time() + within_s


def time_left(until: float) -> float:
    return until - asyncio.get_running_loop().time()


class GraphClient:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        tokens: Tokens,
    ) -> None:
        """`base`: scheme and host. The session must not reuse connections: one that the other
        side has just closed looks like a request without an answer.
        """
        self._session = session
        self._base = base.rstrip("/")
        self._tokens = tokens

    async def post(self, path: str, body: Json, until: float) -> Answer:
        """Any answer with a status, by loop time `until`. A token that is refused is replaced and
        the call made once more: nothing was done. Raises NotSignedIn, NotSent or NoAnswer.
        """
        token = await self._token(until)
        answer = await self._answer(path, body, token, until)
        if answer.status == 403:
            # Permissions ride in the token, so one just given needs a new one.
            self._tokens.refused(SCOPE, token, _ROLES_ANEW_EVERY_S)
        if answer.status != 401 or not self._tokens.refused(SCOPE, token):
            return answer
        return await self._answer(path, body, await self._token(until), until)

    async def _token(self, until: float) -> str:
        try:
            async with asyncio.timeout_at(until):
                return await self._tokens.token(SCOPE)
        except TokenUnavailable:
            raise NotSignedIn from None
        except TimeoutError:
            raise NotSent("no_token_in_time") from None

    async def _answer(self, path: str, body: Json, token: str, until: float) -> Answer:
        if time_left(until) < _LEAST_S:
            raise NotSent("no_time_left")
        answer = await self._sent(path, body, token, until)
        async with answer:
            telling = answer.status in _BODY_TELLS
            body_of = await _body(answer, until) if telling else None
            return Answer(answer.status, body_of, _after_s(answer))

    async def _sent(
        self, path: str, body: Json, token: str, until: float
    ) -> aiohttp.ClientResponse:
        # Half of what is left for the connection: when only that runs out, nothing was sent.
        # aiohttp rounds waits beyond its threshold up to whole seconds.
        limit = aiohttp.ClientTimeout(connect=time_left(until) / 2, ceil_threshold=_CEIL_NEVER)
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        try:
            async with asyncio.timeout_at(until):
                return await self._session.post(
                    f"{self._base}{path}",
                    json=body,
                    headers=headers,
                    timeout=limit,
                    allow_redirects=False,
                )
        except (
            aiohttp.ClientConnectorError,  # refused, no such host, TLS handshake or certificate
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,  # the proxy made no way through
        ) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from None


async def _body(answer: aiohttp.ClientResponse, until: float) -> Json | None:
    """The status has come and says what happened, so a body that cannot be read is no fault."""
    data = bytearray()
    try:
        async with asyncio.timeout_at(until):
            async for piece in answer.content.iter_chunked(8 * 1024):
                data += piece
                if len(data) > _MOST_BYTES:
                    return None
        found = json.loads(data)
    except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _after_s(answer: aiohttp.ClientResponse) -> float | None:
    """Retry-After in seconds, given as a number or as a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return float(min(int(value[:9]), _MOST_WAIT_S))
    try:
        at = parsedate_to_datetime(value)
        aware = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        wait = (aware - dt.datetime.now(dt.UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):  # the parser raises all three
        return None
    return min(max(wait, 0.0), float(_MOST_WAIT_S))
