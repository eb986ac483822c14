"""The desk's own day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.vocabulary import Role


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


@dataclass(frozen=True, slots=True)
class MessagesTriedAgain:
    """The duty manager had what could not be posted of these referrals tried again; what the desk
    itself owed stands there by the name of its stream.
    """

    TYPE: ClassVar = "messages.tried_again"
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterAdded:
    """Somebody the configuration's list did not have. `person` is the id the log knows them by."""

    TYPE: ClassVar = "roster.added"
    person: str
    name: str
    role: Role
    agency: str
    tenant: str
    object_id: str


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Somebody's role or agency; also somebody of the list who is put back."""

    TYPE: ClassVar = "roster.changed"
    person: str
    name: str
    role: Role
    agency: str
    tenant: str
    object_id: str


@dataclass(frozen=True, slots=True)
class RosterRemoved:
    """They have no role from then on. What they were stays, for whoever looks back."""

    TYPE: ClassVar = "roster.removed"
    person: str
    name: str
    role: Role
    agency: str
    tenant: str
    object_id: str
