"""Health and readiness. No detail is exposed: the log says why."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.ports import StoreUnavailable

_log = logging.getLogger("frontdoor.web")

_ASKED_LATELY_S = 15.0
_TOLD_WITHIN_S = 6.0
_STOPS_SENDING_WITHIN_S = 1.0


class Health:
    """`/healthz`: the process answers. `/readyz`: the store can be read, keys are known, and the
    process is not about to end.
    """

    def __init__(self, desk: Desk, keys_ready: Callable[[], bool]) -> None:
        self._desk = desk
        self._keys_ready = keys_ready
        self._leaving = False
        self._asked_at = float("-inf")
        self._told = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)]

    async def leave(self) -> None:
        """Not ready from now on; returns when whoever asks has been told and sends nothing more,
        at once where nobody asks.
        """
        self._leaving = True
        if time.monotonic() - self._asked_at > _ASKED_LATELY_S:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), _TOLD_WITHIN_S)
        await asyncio.sleep(_STOPS_SENDING_WITHIN_S)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _: web.Request) -> web.Response:
        self._asked_at = time.monotonic()
        if self._leaving:
            self._told.set()
            return web.Response(status=503)
        try:
            await self._desk.log.address("desk")
        except StoreUnavailable:
            _log.warning("ready.store_unavailable")
            return web.Response(status=503)
        return web.Response(status=200 if self._keys_ready() else 503)
