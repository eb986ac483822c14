"""What a referral knows of telling its callers: texts, checks, calls nobody answered, emails."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feedback:
    group: str
    level: str
    method: str
    text: str
    by: str
    at: dt.datetime
    for_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A text somebody checked, or let pass with a reason. Another text needs it again."""

    text: str
    for_ref: str
    by: str
    at: dt.datetime
    reason: str = ""
    warned: tuple[str, ...] = ()
    """Sources the level check found when it was let pass; more of them need it again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The MASHO was asked to ring this caller with this text."""

    text: str
    masho: str
    for_ref: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Held:
    text: str
    for_ref: str
    needs: tuple[str, ...]
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """A call to a caller that nobody answered; `again_at` is when `by` said to try again."""

    again_at: dt.datetime
    by: str
    at: dt.datetime
    for_ref: str = ""
    text: str = ""
    """What they meant to say, for the next call."""


@dataclass(frozen=True, slots=True)
class NoFeedback:
    reason: str
    by: str
    at: dt.datetime
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class Emailing:
    """An email from the service mailbox to a caller who has not heard back.

    `code` empty or `unknown`: whether it went is not known. Any other: why it did not.
    """

    text: str
    by: str
    at: dt.datetime
    for_ref: str = ""
    code: str = ""

    @property
    def in_question(self) -> bool:
        return self.code in ("", "unknown")
