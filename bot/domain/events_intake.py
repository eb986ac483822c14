"""The call and the form, and who may know whose child it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.domain.intake import Intake


@dataclass(frozen=True, slots=True)
class ReferralReceived:
    TYPE: ClassVar = "referral.received"
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class IntakeSubmitted:
    TYPE: ClassVar = "intake.submitted"
    intake: Intake
    reference: str
    """Empty as decided; the service fills in the number it reserved before storing."""
    earlier_reference: str = ""
    post_at: dt.datetime | None = None
    """Posted for the next working day: when the briefing goes out. None: at once."""


@dataclass(frozen=True, slots=True)
class IntakeAmended:
    """`answers` holds only what changed, in the types of `Intake`."""

    TYPE: ClassVar = "intake.amended"
    answers: dict[str, Any]
    reason: str = ""
    for_ref: str = ""
    """A merged referral, whose caller's answers these are; empty for this one's own."""


@dataclass(frozen=True, slots=True)
class BriefingPosted:
    TYPE: ClassVar = "briefing.posted"
    conversation_id: str
    activity_id: str
    service_url: str
    re_referral: bool
    no_rep_today: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityAsked:
    TYPE: ClassVar = "identity.asked"


@dataclass(frozen=True, slots=True)
class IdentityTold:
    TYPE: ClassVar = "identity.told"
    person: str
