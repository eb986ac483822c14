"""Calls to the phone line, as its own reports tell them: no numbers, no names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class CallOutcome(StrEnum):
    """`other` is what is neither: overflowed, timed out, sent to voicemail, nobody signed in."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Call:
    """`key` is the same for the same call in any later file. `at` is when it began, UTC.

    Seconds are None where the report does not say. `call_id` is the phone system's own, or empty.
    """

    key: str
    at: dt.datetime
    queue: str
    outcome: CallOutcome
    wait_s: float | None
    talk_s: float | None
    call_id: str


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls of one queue in one interval, where a report gives only numbers. `at` is its start.

    `wait_s_total` is what its answered calls waited together; None when not known for them all.
    `key` goes by queue and interval: a later file's count replaces this one.
    """

    key: str
    at: dt.datetime
    queue: str
    offered: int
    answered: int
    abandoned: int
    wait_s_total: float | None

    @property
    def other(self) -> int:
        return self.offered - self.answered - self.abandoned
