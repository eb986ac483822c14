"""Health and readiness. No detail is exposed: the log says why."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.ports import StoreUnavailable

_log = logging.getLogger("frontdoor.web")


def health_routes(desk: Desk, keys_ready: Callable[[], bool]) -> list[web.RouteDef]:
    """`/healthz`: the process answers. `/readyz`: the store can be read and keys are known."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_: web.Request) -> web.Response:
        try:
            await desk.log.address("desk")
        except StoreUnavailable:
            _log.warning("ready.store_unavailable")
            return web.Response(status=503)
        return web.Response(status=200 if keys_ready() else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
