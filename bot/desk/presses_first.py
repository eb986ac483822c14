"""Presses first: work that nobody is waiting for begins between them.

While people press, one piece begins at a time with a gap after it, which is no slower than Teams
takes an app's requests. With nobody pressing it is one in each turn of the loop, so that a press
that comes meanwhile is never behind more than one beginning.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque


class PressesFirst:
    def __init__(self, gap_s: float = 0.02, quiet_after_s: float = 0.05) -> None:
        """`gap_s` between beginnings, until nobody has pressed for `quiet_after_s`."""
        self._gap_s = gap_s
        self._quiet_after_s = quiet_after_s
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._releasing = False
        self._pressed_at = self._began_at = float("-inf")

    def pressed(self) -> None:
        """Somebody is waiting for an answer."""
        self._pressed_at = time.monotonic()

    async def turn(self, *, urgent: bool = False) -> None:
        """Returns when this work may begin: in the order it was asked for, `urgent` at once."""
        if urgent:
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if not self._releasing:
            self._release_soon()
        await mine

    def _release_soon(self) -> None:
        self._releasing = True
        now = time.monotonic()
        pressing = now - self._pressed_at < self._quiet_after_s
        wait_s = self._began_at + self._gap_s - now if pressing else 0.0
        asyncio.get_running_loop().call_later(max(0.0, wait_s), self._release)

    def _release(self) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():  # cancelled while it waited
                first.set_result(None)
                self._began_at = time.monotonic()
                break
        self._releasing = False
        if self._waiting:
            self._release_soon()
