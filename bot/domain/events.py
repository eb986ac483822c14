"""What happened, in the past tense. One frozen dataclass an event; `TYPE` is its stored name.

`WORD_FIELDS` names every property that holds people's own words: the store keeps them apart from
the facts, so that retention can blank the words and leave the measures standing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.domain.intake import TEXT_LIMITS, Intake

WORD_FIELDS = frozenset(
    {
        *TEXT_LIMITS,
        "note",
        "relevant",
        "strengths",
        "worries",
        "suggests",
        "reason",
        "text",
        "action",
        "owner_name",
        "next_step",
        "family_view",
        "rationale",
        "also",
        "accepted_by",
        "taken_by_name",
        "decision_recorded_on",
    }
)


@dataclass(frozen=True, slots=True)
class Sharing:
    decision: str
    basis: str
    reason: str


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the plan. `owner` is a person id where one is configured, else empty."""

    action: str
    need: str
    owner: str
    owner_name: str
    owner_agency: str
    due_on: dt.date


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


@dataclass(frozen=True, slots=True)
class BriefingPosted:
    TYPE: ClassVar = "briefing.posted"
    conversation_id: str
    activity_id: str
    service_url: str
    re_referral: bool
    no_rep_today: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    TYPE: ClassVar = "lead.claimed"
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeadAssigned:
    TYPE: ClassVar = "lead.assigned"
    lead: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeadDefaulted:
    TYPE: ClassVar = "lead.defaulted"
    lead: str


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


@dataclass(frozen=True, slots=True)
class MessageAdded:
    TYPE: ClassVar = "message"
    text: str
    agency: str
    activity_id: str = ""


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
class StrategyConsidered:
    TYPE: ClassVar = "strategy.considered"
    needed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StrategyHeld:
    TYPE: ClassVar = "strategy.held"
    attended: tuple[str, ...]
    also: str
    decision_recorded_on: str


@dataclass(frozen=True, slots=True)
class PlanSaved:
    TYPE: ClassVar = "plan.saved"
    actions: tuple[Action, ...]
    next_step: str
    family_view: str


@dataclass(frozen=True, slots=True)
class OutcomeProposed:
    """`per_child` holds (Mosaic ID, outcome code) only where a child's outcome differs."""

    TYPE: ClassVar = "outcome.proposed"
    code: str
    rationale: str
    per_child: tuple[tuple[str, str], ...] = ()
    not_heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeUndone:
    TYPE: ClassVar = "outcome.undone"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeEndorsed:
    """`rule` is the value of `outcome_agreement` under which it was agreed."""

    TYPE: ClassVar = "outcome.endorsed"
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackAsked:
    """The lead asked the MASHO to ring the caller back with this text."""

    TYPE: ClassVar = "feedback.asked"
    text: str
    masho: str


@dataclass(frozen=True, slots=True)
class FeedbackSent:
    TYPE: ClassVar = "feedback.sent"
    group: str
    level: str
    method: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedbackNotPossible:
    TYPE: ClassVar = "feedback.not_possible"
    reason: str


@dataclass(frozen=True, slots=True)
class CaseNoteExported:
    TYPE: ClassVar = "casenote.exported"
    children: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReferralClosed:
    TYPE: ClassVar = "referral.closed"


@dataclass(frozen=True, slots=True)
class ReferralHandedOver:
    TYPE: ClassVar = "referral.handed_over"
    to: str
    accepted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class IdentityAsked:
    TYPE: ClassVar = "identity.asked"


@dataclass(frozen=True, slots=True)
class IdentityTold:
    TYPE: ClassVar = "identity.told"
    person: str


@dataclass(frozen=True, slots=True)
class RollCalled:
    TYPE: ClassVar = "roll.called"
    absent: tuple[str, ...]


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
class ClosingListSent:
    """The duty manager was shown what has no agreed outcome, shortly before closing."""

    TYPE: ClassVar = "closing.listed"
    cases: tuple[str, ...]


ReferralEvent = (
    ReferralReceived
    | IntakeSubmitted
    | IntakeAmended
    | BriefingPosted
    | LeadClaimed
    | LeadAssigned
    | LeadDefaulted
    | ContributionAdded
    | MessageAdded
    | NudgeSent
    | ImmediateFlagged
    | ImmediateStoodDown
    | AssessmentNotified
    | AssessmentAcknowledged
    | StrategyConsidered
    | StrategyHeld
    | PlanSaved
    | OutcomeProposed
    | OutcomeUndone
    | OutcomeEndorsed
    | FeedbackAsked
    | FeedbackSent
    | FeedbackNotPossible
    | CaseNoteExported
    | ReferralClosed
    | ReferralHandedOver
    | IdentityAsked
    | IdentityTold
)
DeskEvent = RollCalled | TestPaused | TestResumed | ClosingListSent
Event = ReferralEvent | DeskEvent

EVENT_TYPES: dict[str, type[Any]] = {
    cls.TYPE: cls
    for cls in (*ReferralEvent.__args__, *DeskEvent.__args__)  # noqa: RUF100
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with who (person id) and when (aware UTC)."""

    event: Event
    at: dt.datetime
    by: str
