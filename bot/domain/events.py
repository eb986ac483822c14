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
        "rang_by_name",
        "author_name",
        "late_reason",
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
    """Its author changed a message that is on the record."""

    TYPE: ClassVar = "message.revised"
    activity_id: str
    text: str


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
class OutcomeCorrected:
    """Whole, as `OutcomeProposed`; what it replaces stays in the log."""

    TYPE: ClassVar = "outcome.corrected"
    code: str
    rationale: str
    reason: str
    per_child: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeRecordedElsewhere:
    TYPE: ClassVar = "outcome.recorded_elsewhere"
    code: str


@dataclass(frozen=True, slots=True)
class ActionDone:
    """`index` counts the plan's actions from 0, as the plan stood."""

    TYPE: ClassVar = "action.done"
    index: int


@dataclass(frozen=True, slots=True)
class FeedbackAsked:
    """The lead asked the MASHO to ring the caller back with this text."""

    TYPE: ClassVar = "feedback.asked"
    text: str
    masho: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackHeld:
    """A text that waits: for a social worker's check, or for the duty manager to let it pass."""

    TYPE: ClassVar = "feedback.held"
    text: str
    for_ref: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackChecked:
    TYPE: ClassVar = "feedback.checked"
    text: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackPassed:
    """`warned` are the sources the level check found in the text."""

    TYPE: ClassVar = "feedback.passed"
    text: str
    reason: str
    for_ref: str = ""
    warned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackSent:
    """`for_ref`: the merged referral whose caller was told; empty for this one's own."""

    TYPE: ClassVar = "feedback.sent"
    group: str
    level: str
    method: str
    text: str
    for_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackNotPossible:
    TYPE: ClassVar = "feedback.not_possible"
    reason: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class CaseNoteExported:
    TYPE: ClassVar = "casenote.exported"
    children: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseNoteOpened:
    """The notes were shown to be copied, as `text` or `json`."""

    TYPE: ClassVar = "casenote.opened"
    form: str


@dataclass(frozen=True, slots=True)
class HistoryViewed:
    TYPE: ClassVar = "history.viewed"


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
class ReferralReopened:
    TYPE: ClassVar = "referral.reopened"
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    TYPE: ClassVar = "referral.withdrawn"
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralMatched:
    """The bot saw that an earlier open referral names the same child."""

    TYPE: ClassVar = "referral.matched"
    reference: str
    case_id: str


@dataclass(frozen=True, slots=True)
class ReferralLinked:
    TYPE: ClassVar = "referral.linked"
    to: str
    to_case: str


@dataclass(frozen=True, slots=True)
class ReferralMerged:
    """This one goes on as part of `into`, a reference."""

    TYPE: ClassVar = "referral.merged"
    into: str
    into_case: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency said in a referral that was merged, as it was logged there."""

    said: ContributionAdded
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Wrote:
    """Words of a merged referral's thread, as they were logged there."""

    text: str
    agency: str
    by: str
    at: dt.datetime
    activity_id: str
    filed_as: str
    author_name: str
    filed_by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A merged referral's standing immediate flag, with its clocks."""

    flagged_at: dt.datetime
    flagged_by: str
    note: str
    notified_at: dt.datetime | None
    notified_by: str
    acknowledged_at: dt.datetime | None
    taken_by_name: str


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody whose call was merged into the merged referral before."""

    reference: str
    taken_by: str
    intake: Intake


@dataclass(frozen=True, slots=True)
class RangPolice:
    rang_by: str
    rang_by_name: str
    rang_at: dt.datetime
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Disagreed:
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Considered:
    needed: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReferralAbsorbed:
    """The other end of a merge: everything the merged referral knew, and its callers."""

    TYPE: ClassVar = "referral.absorbed"
    reference: str
    case_id: str
    merged_by: str
    taken_by: str
    intake: Intake
    said: tuple[Said, ...] = ()
    wrote: tuple[Wrote, ...] = ()
    flag: Flag | None = None
    callers: tuple[Rang, ...] = ()
    police: tuple[RangPolice, ...] = ()
    disagreed: tuple[Disagreed, ...] = ()
    strategy: Considered | None = None
    plan: PlanSaved | None = None
    told: tuple[str, ...] = ()
    """People who were told who the child is, by id."""


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
class RollAsked:
    """The duty manager was asked who is here, on the morning of a test day."""

    TYPE: ClassVar = "roll.asked"


@dataclass(frozen=True, slots=True)
class ClosingListSent:
    """The duty manager was shown what is not finished, shortly before closing."""

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
    | LeadHandoverOffered
    | LeadHandedOver
    | ContributionAdded
    | ContributionConfirmed
    | MessageAdded
    | MessageFiled
    | MessageRevised
    | MessageRemoved
    | NudgeSent
    | ImmediateFlagged
    | ImmediateStoodDown
    | AssessmentNotified
    | AssessmentAcknowledged
    | StrategyConsidered
    | StrategyHeld
    | PoliceContactRecorded
    | DisagreementRecorded
    | PlanSaved
    | OutcomeProposed
    | OutcomeUndone
    | OutcomeEndorsed
    | OutcomeCorrected
    | OutcomeRecordedElsewhere
    | ActionDone
    | FeedbackAsked
    | FeedbackHeld
    | FeedbackChecked
    | FeedbackPassed
    | FeedbackSent
    | FeedbackNotPossible
    | CaseNoteExported
    | CaseNoteOpened
    | HistoryViewed
    | ReferralClosed
    | ReferralHandedOver
    | ReferralReopened
    | ReferralWithdrawn
    | ReferralMatched
    | ReferralLinked
    | ReferralMerged
    | ReferralAbsorbed
    | IdentityAsked
    | IdentityTold
)
DeskEvent = RollCalled | RollAsked | TestPaused | TestResumed | ClosingListSent
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
