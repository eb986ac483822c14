"""The desk's own day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RollCalled:
    TYPE: ClassVar = "roll.called"
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollAsked:
    """The duty manager was asked who is here, on the morning of a test day."""

    TYPE: ClassVar = "roll.asked"


@dataclass(frozen=True, slots=True)
class TestPaused:
    __test__ = False
    TYPE: ClassVar = "test.paused"
    reason: str


@dataclass(frozen=True, slots=True)
class TestResumed:
    __test__ = False
    TYPE: ClassVar = "test.resumed"


@dataclass(frozen=True, slots=True)
class PulseAsked:
    """The duty team was asked how the day went. Who answered, and what, is never an event."""

    TYPE: ClassVar = "pulse.asked"


@dataclass(frozen=True, slots=True)
class WeekSent:
    """Managers were sent the week that starts on `monday`."""

    TYPE: ClassVar = "week.sent"
    monday: dt.date


@dataclass(frozen=True, slots=True)
class ClosingListSent:
    """The duty manager was shown what is not finished, shortly before closing."""

    TYPE: ClassVar = "closing.listed"
    cases: tuple[str, ...]
