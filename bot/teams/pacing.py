"""How fast Teams lets a bot speak, kept to before Teams has to say so.

The numbers are those of learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: for one
bot in one thread, and for an app in a tenant. Each process keeps to them by itself; where several
together go over, Teams answers 429 and that thread is left alone for as long as it asks.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from bot.desk.ports import Crowded

Limits = Sequence[tuple[int, float]]
"""(how many, within how many seconds), each of which holds."""

IN_A_THREAD: Limits = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
IN_ALL: Limits = ((50, 1.0),)

_BUNCHED_S = 0.1
"""What leaves this far apart may arrive together, and Teams counts arrivals."""
_LONGEST_WAIT_S = 5.0
"""Less than another replica waits before it takes an unfinished send for abandoned."""
_FORGET_EVERY_S = 600.0


class Room:
    """How much was said in one place, as far back as its limits look."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._said: deque[float] = deque(maxlen=max((many for many, _ in limits), default=0))
        self._left_alone_until = 0.0

    def wait_s(self, now: float) -> float:
        """Until something more may be said; 0 where it may be now."""
        free_at = self._left_alone_until
        for many, seconds in self._limits:
            if len(self._said) >= many:
                free_at = max(free_at, self._said[-many] + seconds + _BUNCHED_S)
        return max(free_at - now, 0.0)

    def say(self, now: float) -> None:
        self._said.append(now)

    def leave_alone(self, until: float) -> None:
        self._left_alone_until = max(self._left_alone_until, until)

    def empty(self, now: float) -> bool:
        """Whether nothing that is remembered can still make anybody wait."""
        longest = max((seconds for _, seconds in self._limits), default=0.0) + _BUNCHED_S
        last = self._said[-1] + longest if self._said else 0.0
        return max(last, self._left_alone_until) <= now


class Pace:
    def __init__(
        self,
        in_a_thread: Limits = IN_A_THREAD,
        in_all: Limits = IN_ALL,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._in_a_thread = in_a_thread
        self._all = Room(in_all)
        self._threads: dict[str, Room] = {}
        self._now = now
        self._sleep = sleep
        self._forget_at = now() + _FORGET_EVERY_S

    async def turn(self, thread: str) -> None:
        """Returns once one more call about `thread` may be made. Raises Crowded where that would
        take too long to wait for.
        """
        give_up_at = self._now() + _LONGEST_WAIT_S
        while True:
            now = self._now()
            self._forget(now)
            room = self._room(thread)
            wait_s = max(room.wait_s(now), self._all.wait_s(now))
            if wait_s <= 0:
                room.say(now)
                self._all.say(now)
                return
            if now + wait_s > give_up_at:
                raise Crowded(wait_s)
            await self._sleep(wait_s)

    def leave_alone(self, thread: str, for_s: float) -> None:
        """Teams asked for it."""
        self._room(thread).leave_alone(self._now() + for_s)

    def _room(self, thread: str) -> Room:
        return self._threads.setdefault(thread, Room(self._in_a_thread))

    def _forget(self, now: float) -> None:
        """A thread that is quiet for long leaves nothing behind in memory."""
        if now < self._forget_at:
            return
        self._forget_at = now + _FORGET_EVERY_S
        self._threads = {name: room for name, room in self._threads.items() if not room.empty(now)}


class Unlimited(Pace):
    """For a simulated Teams that sets no limits."""

    async def turn(self, thread: str) -> None:
        return

    def leave_alone(self, thread: str, for_s: float) -> None:
        return
