"""The rehearsal's own clock: it can run, and it can be moved on. Only ever forward."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.assemble import FrontDoor

OPENS_AT = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


class RehearsalClock:
    def __init__(self, start: dt.datetime = OPENS_AT, *, running: bool = False) -> None:
        self._base = start
        self._since = time.monotonic()
        self._running = running

    def now(self) -> dt.datetime:
        if not self._running:
            return self._base
        return self._base + dt.timedelta(seconds=time.monotonic() - self._since)

    def move_to(self, at: dt.datetime) -> None:
        """Nothing happens when `at` is in the past."""
        self._base = max(at, self.now())
        self._since = time.monotonic()


async def advance(front_door: FrontDoor, clock: RehearsalClock, to: dt.datetime) -> None:
    """Moves the clock on, stopping wherever something happens by itself."""
    desk = front_door.desk
    while True:
        await desk.outbox.quiet()
        due = await desk.ticker.next_due()
        if due is None or due > to:
            break
        clock.move_to(due)
        await desk.ticker.tick()
    clock.move_to(to)
    await desk.ticker.tick()
    await desk.outbox.quiet()
