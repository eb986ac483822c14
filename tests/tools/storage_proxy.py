"""Stands before Azurite's tables and does to requests what storage and networks do on a bad day."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from bot.rehearsal.rehearsal import LOOPBACK, serve
from tests.tools.azurite import Azurite

CONFLICT, CHANGED = "409", "412"
BROKEN, BUSY = "500", "503"
SLOW, CUT = "slow", "cut"
CUT_AFTER, BROKEN_AFTER = "cut after it was carried out", "500 after it was carried out"
KINDS = (CONFLICT, CHANGED, BROKEN, BUSY, SLOW, CUT, CUT_AFTER, BROKEN_AFTER)
_CODES = {
    CONFLICT: "EntityAlreadyExists",
    CHANGED: "UpdateConditionNotSatisfied",
    BROKEN: "InternalError",
    BUSY: "ServerBusy",
    BROKEN_AFTER: "InternalError",
}
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})

Schedule = Callable[[web.Request], str]
"""The fault for a request, empty for none."""


def fits(kind: str, request: web.Request) -> bool:
    """Whether storage could answer this request so."""
    writes = request.method in ("POST", "PUT", "PATCH", "MERGE", "DELETE")
    if kind == CONFLICT:
        return request.method == "POST" and "$batch" not in request.path
    if kind == CHANGED:
        return request.method in ("PUT", "PATCH", "MERGE") and "If-Match" in request.headers
    if kind in (CUT_AFTER, BROKEN_AFTER):
        return writes
    return True


def seeded(seed: int, share: float) -> Schedule:
    """Every so many requests go wrong, each in a way it can."""
    chance = random.Random(seed)

    def schedule(request: web.Request) -> str:
        if chance.random() >= share:
            return ""
        return chance.choice([kind for kind in KINDS if fits(kind, request)])

    return schedule


class StorageProxy:
    """`faults` counts what was done, `asked` is each request: method and path. Calm until given a
    `schedule`.
    """

    def __init__(self, azurite: Azurite, *, slow_s: float = 0.3) -> None:
        self._azurite = azurite
        self.slow_s = slow_s
        self.schedule: Schedule = lambda _: ""
        self.faults: Counter[str] = Counter()
        self.asked: list[str] = []

    @property
    def connection_string(self) -> str:
        given = self._azurite.connection_string
        return given.replace(f":{self._azurite.port}/", f":{self._port}/")

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner, self._port = await serve(app, 0)

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        kind = self.schedule(request)
        if not kind:
            return await self._forward(request)
        self.faults[kind] += 1
        if kind == SLOW:
            await asyncio.sleep(self.slow_s)
            return await self._forward(request)
        if kind in (CUT_AFTER, BROKEN_AFTER):
            await self._forward(request)
        if kind in (CUT, CUT_AFTER):
            return _cut(request)
        return _answer(kind)

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        raw = urlsplit(request.raw_path)
        url = f"http://{LOOPBACK}:{self._azurite.port}{raw.path}"
        if raw.query:
            url += f"?{raw.query}"
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP}
        async with self._session.request(
            request.method,
            _as_it_is(url),
            headers=headers,
            data=await request.read() or None,
            skip_auto_headers=("Content-Type", "Accept-Encoding", "User-Agent"),
            allow_redirects=False,
        ) as answer:
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())


def _as_it_is(url: str) -> URL:
    """The path was signed as it was written."""
    return URL(url, encoded=True)


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _answer(kind: str) -> web.Response:
    code = _CODES[kind]
    # The library tries again whatever says when, a conflict too: storage says it of faults alone.
    again = {} if kind in (CONFLICT, CHANGED) else {"Retry-After": "0"}
    body = {"odata.error": {"code": code, "message": {"lang": "en-US", "value": code}}}
    return web.json_response(body, status=int(kind[:3]), headers={"x-ms-error-code": code, **again})
