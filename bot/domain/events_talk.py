"""The discussion: who leads, what agencies know, what is said, what cannot wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Sharing:
    decision: str
    basis: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    """`agency` of this and the others: what the lead led for then; empty in older logs."""

    TYPE: ClassVar = "lead.claimed"
    note: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class LeadAssigned:
    TYPE: ClassVar = "lead.assigned"
    lead: str
    reason: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class LeadDefaulted:
    TYPE: ClassVar = "lead.defaulted"
    lead: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class LeadHandoverOffered:
    TYPE: ClassVar = "lead.handover_offered"
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeadHandedOver:
    """`by` of the record is the new lead, who accepted what `offered_by` offered."""

    TYPE: ClassVar = "lead.handed_over"
    to: str
    offered_by: str
    reason: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class ContributionAdded:
    """`by` of the record is who typed it; `agency` is whose information it is."""

    TYPE: ClassVar = "contribution.added"
    agency: str
    known: str
    relevant: str = ""
    strengths: str = ""
    worries: str = ""
    suggests: str = ""
    source: str = "thread"
    on_behalf: bool = False
    told: str = ""
    """How identity was told where a Mosaic ID was to follow: room, phone, or empty."""
    sharing: Sharing | None = None
    corrects: bool = False
    """The agency puts right what somebody else logged for it."""


@dataclass(frozen=True, slots=True)
class ContributionConfirmed:
    """The agency says that what others logged for it is what it said."""

    TYPE: ClassVar = "contribution.confirmed"
    agency: str


@dataclass(frozen=True, slots=True)
class MessageAdded:
    TYPE: ClassVar = "message"
    text: str
    agency: str
    activity_id: str = ""


@dataclass(frozen=True, slots=True)
class MessageFiled:
    """A message of the thread put on the record by hand. `author` is a person id where one is
    configured; `said_at` and `link` are those of the message.
    """

    TYPE: ClassVar = "message.filed"
    filed_as: str
    text: str
    author: str
    author_name: str
    agency: str
    activity_id: str
    said_at: dt.datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class MessageRevised:
    """Its author changed a message that is on the record. `edited_at` is Teams' own time of it."""

    TYPE: ClassVar = "message.revised"
    activity_id: str
    text: str
    edited_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageRemoved:
    """Its author deleted a message that is on the record. A tombstone stays."""

    TYPE: ClassVar = "message.removed"
    activity_id: str


@dataclass(frozen=True, slots=True)
class NudgeSent:
    TYPE: ClassVar = "nudge.sent"
    kind: str
    level: int
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImmediateFlagged:
    TYPE: ClassVar = "immediate.flagged"
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImmediateStoodDown:
    TYPE: ClassVar = "immediate.stood_down"
    reason: str


@dataclass(frozen=True, slots=True)
class AssessmentNotified:
    TYPE: ClassVar = "assessment.notified"
    team: str
    method: str = "phone"


@dataclass(frozen=True, slots=True)
class AssessmentAcknowledged:
    TYPE: ClassVar = "assessment.acknowledged"
    taken_by_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PoliceContactRecorded:
    """`rang_by` is a person id where one is configured, else empty."""

    TYPE: ClassVar = "police.contact_recorded"
    rang_by: str
    rang_by_name: str
    rang_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DisagreementRecorded:
    """`told` are the duty managers who were told, by id."""

    TYPE: ClassVar = "disagreement.recorded"
    text: str
    told: tuple[str, ...] = ()
