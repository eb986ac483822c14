"""Presses first: work that nobody is waiting for begins between them.

While people press, one piece begins at a time with a gap after it, which is no slower than Teams
takes an app's requests; while many press at the same moment the gap is longer, until something has
waited for two seconds. With nobody pressing it is one in each turn of the loop, so that a press
that comes meanwhile is never behind more than one beginning.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType

MANY = 8
"""At the same moment. A county's busiest hour has one or two (`python -m tests.bench county`)."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """In seconds: between beginnings while somebody presses, and while many do; how long nobody
    must have pressed for there to be none; how long anything waits for many.
    """

    some_s: float = 0.02
    many_s: float = 0.1
    quiet_after_s: float = 0.05
    patient_for_s: float = 2.0


class PressesFirst:
    def __init__(self, gaps: Gaps | None = None) -> None:
        self._gaps = gaps or Gaps()
        self._waiting: deque[tuple[asyncio.Future[None], float]] = deque()
        self._of: dict[str, asyncio.Future[None]] = {}
        self._releasing = False
        self._pressing = 0
        self._pressed_at = self._began_at = float("-inf")
        self._one_more = _OneMore(self)

    def pressing(self) -> AbstractContextManager[None]:
        """Somebody is waiting for an answer."""
        return self._one_more

    def press_began(self) -> None:
        self._pressing += 1

    def press_ended(self) -> None:
        self._pressing -= 1
        self._pressed_at = time.monotonic()

    async def turn(self, case_id: str, *, urgent: bool = False) -> None:
        """Returns when work on this referral, one piece at a time, may begin: in the order it was
        asked for, `urgent` at once.
        """
        if urgent:
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append((mine, time.monotonic()))
        self._of[case_id] = mine
        if not self._releasing:
            self._release_soon()
        try:
            await mine
        finally:
            self._of.pop(case_id, None)

    def hurry(self, case_id: str) -> None:
        """What waits for its turn with this referral has become urgent."""
        waiting = self._of.get(case_id)
        if waiting and not waiting.done():
            waiting.set_result(None)

    def _release_soon(self) -> None:
        self._releasing = True
        wait_s = self._began_at + self._gap_s() - time.monotonic()
        asyncio.get_running_loop().call_later(max(0.0, wait_s), self._release)

    def _gap_s(self) -> float:
        now, gaps = time.monotonic(), self._gaps
        if not self._pressing and now - self._pressed_at >= gaps.quiet_after_s:
            return 0.0
        patient = now - self._waiting[0][1] < gaps.patient_for_s
        return gaps.many_s if self._pressing >= MANY and patient else gaps.some_s

    def _release(self) -> None:
        while self._waiting:
            first, _ = self._waiting.popleft()
            if not first.done():  # hurried, or cancelled while it waited
                first.set_result(None)
                self._began_at = time.monotonic()
                break
        self._releasing = False
        if self._waiting:
            self._release_soon()


class _OneMore:
    """Entered once for each press: it keeps nothing of its own. No generator, which with the turn's
    cost a press that does nothing a tenth of its rate (`python -m tests.bench peers`).
    """

    def __init__(self, presses: PressesFirst) -> None:
        self._presses = presses

    def __enter__(self) -> None:
        self._presses.press_began()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._presses.press_ended()
