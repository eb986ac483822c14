"""Health and readiness. No detail is exposed: the log says why."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.ports import StoreUnavailable

_log = logging.getLogger("frontdoor.web")

PROBED_EVERY_S = 5.0
"""By the platform, which sends nothing more after one probe that says no (infra/modules/app.bicep).
"""
PROBE_WAITS_S = 3.0
_STOPS_SENDING_WITHIN_S = 1.5
_ASKED_LATELY_S = 15.0
_STORE_REMEMBERED_S = 1.0
_STORE_ANSWERS_WITHIN_S = PROBE_WAITS_S - 1.0
_LOOK_ENDS_WITHIN_S = 10.0
_STORE_MAY_BE_AWAY_S = 12.0
"""Less than three probes: one slow read must not take every copy out of service."""


class Health:
    """`/healthz`: the process answers. `/readyz`: the store can be read, keys are known, and the
    process is not about to end. Anybody may ask either, so neither may cost or steer anything.
    """

    def __init__(
        self, desk: Desk, keys_ready: Callable[[], bool], now: Callable[[], float] = time.monotonic
    ) -> None:
        """`now`: seconds."""
        self._desk = desk
        self._keys_ready = keys_ready
        self._now = now
        self._leaving = False
        self._asked_at = float("-inf")
        self._look: asyncio.Task[None] | None = None
        self._looked_at = float("-inf")
        self._read_at = float("-inf")

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)]

    async def leave(self) -> None:
        """Not ready from now on; returns when the platform has asked, whoever else asks, and sends
        nothing more: at once where nobody asks.
        """
        self._leaving = True
        if self._now() - self._asked_at <= _ASKED_LATELY_S:
            await asyncio.sleep(PROBED_EVERY_S + _STOPS_SENDING_WITHIN_S)

    async def stop(self) -> None:
        if self._look:
            self._look.cancel()
            await asyncio.gather(self._look, return_exceptions=True)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _: web.Request) -> web.Response:
        self._asked_at = self._now()
        ready = not self._leaving and self._keys_ready() and await self._store_answers()
        return web.Response(status=200 if ready else 503)

    async def _store_answers(self) -> bool:
        """One read a second, and one at a time, however many ask."""
        if self._look is None or (
            self._look.done() and self._now() - self._looked_at >= _STORE_REMEMBERED_S
        ):
            self._looked_at = self._now()
            self._look = asyncio.create_task(self._read())
        await asyncio.wait((self._look,), timeout=_STORE_ANSWERS_WITHIN_S)
        return self._now() - self._read_at < _STORE_MAY_BE_AWAY_S

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_ENDS_WITHIN_S):
                await self._desk.log.address("desk")
        except (StoreUnavailable, TimeoutError):
            _log.warning("ready.store_unavailable")
        else:
            self._read_at = self._now()
