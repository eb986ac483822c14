"""What people and clocks ask for, in the imperative. `decide` answers with events or a refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bot.domain.events import Action, ReferralAbsorbed, Sharing
from bot.domain.intake import Intake
from bot.domain.vocabulary import State


@dataclass(frozen=True, slots=True)
class SubmitIntake:
    """`immediate`: came through the door 'Child not safe now'. `next_day`: post at next opening.
    `pass_on`: the child has a social worker, and the duty team passes the call to them.
    """

    intake: Intake
    earlier_reference: str = ""
    immediate: bool = False
    next_day: bool = False
    pass_on: bool = False


@dataclass(frozen=True, slots=True)
class AmendIntake:
    """`for_ref`: a merged referral, whose caller's answers these are."""

    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class RecordBriefing:
    conversation_id: str
    activity_id: str
    service_url: str


@dataclass(frozen=True, slots=True)
class ClaimLead:
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssignLead:
    lead: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DefaultLead:
    pass


@dataclass(frozen=True, slots=True)
class OfferLead:
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class AcceptLead:
    pass


@dataclass(frozen=True, slots=True)
class AddContribution:
    agency: str
    known: str
    relevant: str = ""
    strengths: str = ""
    worries: str = ""
    suggests: str = ""
    source: str = "thread"
    told: str = ""
    sharing: Sharing | None = None
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmContribution:
    agency: str


@dataclass(frozen=True, slots=True)
class AddMessage:
    text: str
    activity_id: str = ""


@dataclass(frozen=True, slots=True)
class FileMessage:
    """`author` is a person id or empty, then `author_name` says who."""

    filed_as: str
    text: str
    author: str
    author_name: str
    activity_id: str
    said_at: dt.datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class ReviseMessage:
    """`edited_at`: when Teams says that it was changed."""

    activity_id: str
    text: str
    edited_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoveMessage:
    activity_id: str


@dataclass(frozen=True, slots=True)
class RecordPoliceContact:
    rang_by: str
    rang_by_name: str
    rang_at: dt.datetime


@dataclass(frozen=True, slots=True)
class RecordDisagreement:
    text: str


@dataclass(frozen=True, slots=True)
class SendNudge:
    kind: str
    level: int
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagImmediate:
    note: str = ""


@dataclass(frozen=True, slots=True)
class StandDownImmediate:
    reason: str


@dataclass(frozen=True, slots=True)
class NotifyAssessment:
    method: str = "phone"


@dataclass(frozen=True, slots=True)
class AcknowledgeAssessment:
    taken_by_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConsiderStrategy:
    needed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RecordStrategyHeld:
    attended: tuple[str, ...]
    also: str = ""
    decision_recorded_on: str = ""


@dataclass(frozen=True, slots=True)
class SavePlan:
    actions: tuple[Action, ...]
    next_step: str = ""
    family_view: str = ""


@dataclass(frozen=True, slots=True)
class ProposeOutcome:
    code: str
    rationale: str
    per_child: tuple[tuple[str, str], ...] = ()
    strategy: ConsiderStrategy | None = None


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EndorseOutcome:
    note: str = ""
    strategy: ConsiderStrategy | None = None


@dataclass(frozen=True, slots=True)
class CorrectOutcome:
    """Empty `code` or `rationale`, or None for `per_child`: as it stands."""

    reason: str
    code: str = ""
    rationale: str = ""
    per_child: tuple[tuple[str, str], ...] | None = None
    strategy: ConsiderStrategy | None = None


@dataclass(frozen=True, slots=True)
class RecordElsewhere:
    code: str


@dataclass(frozen=True, slots=True)
class MarkActionDone:
    index: int


@dataclass(frozen=True, slots=True)
class AskMashoToRing:
    """`for_ref`, here and below: the merged referral whose caller it is; empty for its own."""

    text: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class SendFeedback:
    method: str
    text: str
    for_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class HoldFeedback:
    text: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class CheckFeedback:
    text: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class PassFeedback:
    text: str
    reason: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class TryFeedbackAgain:
    """Nobody answered; `again_at` is aware UTC."""

    again_at: dt.datetime
    for_ref: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StartFeedbackEmail:
    """`again`: the sender knows that an earlier one may have gone."""

    text: str
    for_ref: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class EndFeedbackEmail:
    """`code` empty: it went. Otherwise why not, as `rules_email.EMAIL_CODES`."""

    code: str = ""
    for_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackCannotBeGiven:
    reason: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmNotes:
    """`new_ids` fill the 'to follow' children in order."""

    new_ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskSurvey:
    """`for_ref`: the merged referral whose caller was asked; empty for this one's own."""

    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class OpenNotes:
    form: str


@dataclass(frozen=True, slots=True)
class ViewHistory:
    pass


@dataclass(frozen=True, slots=True)
class PlaceHold:
    reason: str


@dataclass(frozen=True, slots=True)
class LiftHold:
    reason: str


@dataclass(frozen=True, slots=True)
class EraseWords:
    """The bot's, at a person's order. `certificate` as in `WordsErased`."""

    certificate: str


@dataclass(frozen=True, slots=True)
class OtherReferral:
    """Another referral as it stood when it was named."""

    case_id: str
    reference: str
    state: State
    intake: Intake


@dataclass(frozen=True, slots=True)
class MergeReferral:
    into: OtherReferral


@dataclass(frozen=True, slots=True)
class UndoMerge:
    pass


@dataclass(frozen=True, slots=True)
class AbsorbReferral:
    event: ReferralAbsorbed


@dataclass(frozen=True, slots=True)
class MatchReferral:
    to: OtherReferral


@dataclass(frozen=True, slots=True)
class NoteLink:
    to: OtherReferral


@dataclass(frozen=True, slots=True)
class LinkReferral:
    to: OtherReferral


@dataclass(frozen=True, slots=True)
class WithdrawReferral:
    reason: str


@dataclass(frozen=True, slots=True)
class ReopenReferral:
    reason: str


@dataclass(frozen=True, slots=True)
class HandOverReferral:
    to: str
    accepted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskIdentity:
    pass


@dataclass(frozen=True, slots=True)
class TellIdentity:
    person: str


@dataclass(frozen=True, slots=True)
class HuddleRow:
    """What one agency said in the room: `known` as for a contribution."""

    agency: str
    known: str
    relevant: str = ""


@dataclass(frozen=True, slots=True)
class RecordHuddle:
    """A talk in the room, logged at once: each part is decided as if pressed by itself.

    `lead` is the person the room chose, empty where none was; `outcome` empty where none was
    picked. `sharing` goes with each line that has something to share.
    """

    rows: tuple[HuddleRow, ...]
    sharing: Sharing
    lead: str = ""
    lead_reason: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    plan: SavePlan | None = None
    outcome: str = ""
    rationale: str = ""
    per_child: tuple[tuple[str, str], ...] = ()
    strategy: ConsiderStrategy | None = None


Command = (
    SubmitIntake
    | AmendIntake
    | RecordBriefing
    | ClaimLead
    | AssignLead
    | DefaultLead
    | OfferLead
    | AcceptLead
    | AddContribution
    | ConfirmContribution
    | AddMessage
    | FileMessage
    | ReviseMessage
    | RemoveMessage
    | RecordPoliceContact
    | RecordDisagreement
    | SendNudge
    | FlagImmediate
    | StandDownImmediate
    | NotifyAssessment
    | AcknowledgeAssessment
    | ConsiderStrategy
    | RecordStrategyHeld
    | SavePlan
    | ProposeOutcome
    | UndoOutcome
    | EndorseOutcome
    | CorrectOutcome
    | RecordElsewhere
    | MarkActionDone
    | AskMashoToRing
    | HoldFeedback
    | CheckFeedback
    | PassFeedback
    | SendFeedback
    | FeedbackCannotBeGiven
    | ConfirmNotes
    | OpenNotes
    | AskSurvey
    | TryFeedbackAgain
    | StartFeedbackEmail
    | EndFeedbackEmail
    | ViewHistory
    | PlaceHold
    | LiftHold
    | EraseWords
    | HandOverReferral
    | MergeReferral
    | AbsorbReferral
    | UndoMerge
    | MatchReferral
    | LinkReferral
    | NoteLink
    | WithdrawReferral
    | ReopenReferral
    | RecordHuddle
    | AskIdentity
    | TellIdentity
)
