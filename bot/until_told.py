"""How a running Front Door learns that it is to end."""

from __future__ import annotations

import asyncio
import contextlib
import signal


async def until_told() -> signal.Signals:
    """By a person (SIGINT) or by the platform (SIGTERM)."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[signal.Signals] = loop.create_future()

    def tell(by: signal.Signals) -> None:
        if not told.done():
            told.set_result(by)

    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):  # none reach another thread
            loop.add_signal_handler(name, tell, name)
    return await told
