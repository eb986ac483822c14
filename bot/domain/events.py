"""What happened, in the past tense. One frozen dataclass an event; `TYPE` is its stored name.

`WORD_FIELDS` names every property that holds people's own words: the store keeps them apart from
the facts, so that retention can blank the words and leave the measures standing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.domain.events_desk import (
    ClosingListSent as ClosingListSent,
    MessagesTriedAgain as MessagesTriedAgain,
    PulseAsked as PulseAsked,
    RollAsked as RollAsked,
    RollCalled as RollCalled,
    RosterAdded as RosterAdded,
    RosterChanged as RosterChanged,
    RosterRemoved as RosterRemoved,
    TestPaused as TestPaused,
    TestResumed as TestResumed,
    WeekSent as WeekSent,
)
from bot.domain.events_ending import (
    CaseNoteExported as CaseNoteExported,
    CaseNoteOpened as CaseNoteOpened,
    FeedbackAsked as FeedbackAsked,
    FeedbackChecked as FeedbackChecked,
    FeedbackEmailFailed as FeedbackEmailFailed,
    FeedbackEmailStarted as FeedbackEmailStarted,
    FeedbackHeld as FeedbackHeld,
    FeedbackNotPossible as FeedbackNotPossible,
    FeedbackPassed as FeedbackPassed,
    FeedbackSent as FeedbackSent,
    FeedbackTried as FeedbackTried,
    HistoryViewed as HistoryViewed,
    ReferralClosed as ReferralClosed,
    ReferralHandedOver as ReferralHandedOver,
    ReferralReopened as ReferralReopened,
    ReferralWithdrawn as ReferralWithdrawn,
    SurveyAsked as SurveyAsked,
)
from bot.domain.events_intake import (
    BriefingPosted as BriefingPosted,
    IdentityAsked as IdentityAsked,
    IdentityTold as IdentityTold,
    IntakeAmended as IntakeAmended,
    IntakeSubmitted as IntakeSubmitted,
    ReferralReceived as ReferralReceived,
)
from bot.domain.events_keeping import (
    HoldLifted as HoldLifted,
    HoldPlaced as HoldPlaced,
    KeptAction as KeptAction,
    WordsErased as WordsErased,
)
from bot.domain.events_outcome import (
    Action as Action,
    ActionDone as ActionDone,
    OutcomeCorrected as OutcomeCorrected,
    OutcomeEndorsed as OutcomeEndorsed,
    OutcomeProposed as OutcomeProposed,
    OutcomeRecordedElsewhere as OutcomeRecordedElsewhere,
    OutcomeUndone as OutcomeUndone,
    PlanSaved as PlanSaved,
    StrategyConsidered as StrategyConsidered,
    StrategyHeld as StrategyHeld,
)
from bot.domain.events_pairs import (
    Before as Before,
    Considered as Considered,
    Disagreed as Disagreed,
    Flag as Flag,
    Rang as Rang,
    RangPolice as RangPolice,
    ReferralAbsorbed as ReferralAbsorbed,
    ReferralLinked as ReferralLinked,
    ReferralLinkedFrom as ReferralLinkedFrom,
    ReferralMatched as ReferralMatched,
    ReferralMerged as ReferralMerged,
    ReferralUnmerged as ReferralUnmerged,
    Said as Said,
    Wrote as Wrote,
)
from bot.domain.events_talk import (
    AssessmentAcknowledged as AssessmentAcknowledged,
    AssessmentNotified as AssessmentNotified,
    ContributionAdded as ContributionAdded,
    ContributionConfirmed as ContributionConfirmed,
    DisagreementRecorded as DisagreementRecorded,
    ImmediateFlagged as ImmediateFlagged,
    ImmediateStoodDown as ImmediateStoodDown,
    LeadAssigned as LeadAssigned,
    LeadClaimed as LeadClaimed,
    LeadDefaulted as LeadDefaulted,
    LeadHandedOver as LeadHandedOver,
    LeadHandoverOffered as LeadHandoverOffered,
    MessageAdded as MessageAdded,
    MessageFiled as MessageFiled,
    MessageRemoved as MessageRemoved,
    MessageRevised as MessageRevised,
    NudgeSent as NudgeSent,
    PoliceContactRecorded as PoliceContactRecorded,
    Sharing as Sharing,
)
from bot.domain.intake import TEXT_LIMITS

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
    | ReferralLinkedFrom
    | ReferralMerged
    | ReferralUnmerged
    | ReferralAbsorbed
    | IdentityAsked
    | IdentityTold
    | SurveyAsked
    | FeedbackTried
    | FeedbackEmailStarted
    | FeedbackEmailFailed
    | HoldPlaced
    | HoldLifted
    | WordsErased
)
DeskEvent = (
    RollCalled
    | RollAsked
    | TestPaused
    | TestResumed
    | ClosingListSent
    | PulseAsked
    | WeekSent
    | MessagesTriedAgain
)
RosterEvent = RosterAdded | RosterChanged | RosterRemoved
Event = ReferralEvent | DeskEvent | RosterEvent

EVENT_TYPES: dict[str, type[Any]] = {
    cls.TYPE: cls
    for cls in (*ReferralEvent.__args__, *DeskEvent.__args__, *RosterEvent.__args__)  # noqa: RUF100
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with who (person id) and when (aware UTC)."""

    event: Event
    at: dt.datetime
    by: str
