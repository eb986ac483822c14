"""Whether Microsoft Graph answers: what has just failed is not tried again by everybody at once."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger("frontdoor.directory")

PROBE_AGAIN_S = 5.0
_NEVER = float("-inf")


class Outage:
    """Logs one line when it begins and one when it ends."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` in seconds."""
        self._now = monotonic
        self._failed_at = _NEVER

    @property
    def lasts(self) -> bool:
        return self._failed_at != _NEVER

    @property
    def just_seen(self) -> bool:
        """Whether a question failed so short a time ago that another will too."""
        return self._now() - self._failed_at < PROBE_AGAIN_S

    def seen(self) -> None:
        if not self.lasts:
            _log.warning("directory.unavailable")
        self._failed_at = self._now()

    def over(self) -> None:
        if self.lasts:
            _log.info("directory.back")
        self._failed_at = _NEVER
