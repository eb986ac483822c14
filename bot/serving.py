"""The bot at its port, from its start until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterable

from aiohttp import web

from bot.assemble import FrontDoor
from bot.until_told import until_told

_HANDLERS_END_WITHIN_S = 8.0
"""The platform grants 30 seconds, of which the load balancer may use 6.5 (`Health.leave`). These
8, then at most 10 to end what was begun (`FrontDoor.stop`)."""


async def serve(
    front_door: FrontDoor, more: Callable[[], Iterable[web.RouteDef]] | None = None
) -> None:
    """Returns once it has ended, also where it is told to while it starts. `more`: further routes.
    Raises OSError where the port is not to be had, and what `FrontDoor.start` raises.
    """
    host, port = front_door.settings.host, front_door.settings.port
    told = asyncio.create_task(until_told())  # at once: process 1 has no handler of its own
    with _reserved(host, port) as door:
        if not await _started(front_door, told):
            return
        try:
            app = front_door.app()
            app.add_routes(more() if more else ())
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=_HANDLERS_END_WITHIN_S)
            await runner.setup()
            await web.SockSite(runner, door).start()
            _keep_what_is_made()
            print(f"Front Door listens on {host}:{port}", flush=True)
            if await told is signal.SIGTERM:
                await front_door.health.leave()
            await runner.cleanup()
        finally:
            await front_door.stop()


def _reserved(host: str, port: int) -> socket.socket:
    """Taken before anything is begun: where another has it, this one must send nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen()  # bound alone, two may have it
    except OSError:
        door.close()
        raise
    return door


async def _started(front_door: FrontDoor, told: asyncio.Task[signal.Signals]) -> bool:
    """Whether it came that far before it was told to end."""
    starting = asyncio.create_task(front_door.start())
    await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    return False


def _keep_what_is_made() -> None:
    """What the start made stays: no collection need walk it, and each comes when more has been made
    (what that saves: `python -m tests.bench claim`; what it holds: `python -m tests.bench county`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
