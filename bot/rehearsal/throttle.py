"""The simulated Teams' own limits: how much one bot may say in one thread, and an app in a tenant.

The numbers are written here a second time on purpose (learn.microsoft.com/microsoftteams/platform/
bots/how-to/rate-limit): a wrong one in the bot is then found out.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

_THREAD = {1: 7, 2: 8, 30: 60, 3600: 1800}
_APP = {1: 50}
"""Calls by seconds."""


class Throttle:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._taken: dict[str, deque[float]] = defaultdict(deque)
        self.refused = 0

    def take(self, thread: str) -> int:
        """0 where the call is taken; else the seconds after which to try again."""
        now = self._now()
        waits = [
            wait
            for place, limits in ((thread, _THREAD), ("", _APP))
            for seconds, most in limits.items()
            if (wait := self._over(self._taken[place], seconds, most, now)) > 0
        ]
        if waits:
            self.refused += 1
            return max(1, math.ceil(max(waits)))
        for place, longest in ((thread, max(_THREAD)), ("", max(_APP))):
            taken = self._taken[place]
            taken.append(now)
            while taken[0] <= now - longest:
                taken.popleft()
        return 0

    @staticmethod
    def _over(taken: deque[float], seconds: int, most: int, now: float) -> float:
        """How long until fewer than `most` lie within the last so many seconds."""
        return taken[-most] + seconds - now if len(taken) >= most else 0.0
