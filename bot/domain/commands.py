"""What people and clocks ask for, in the imperative. `decide` answers with events or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.domain.events import Action, Sharing
from bot.domain.intake import Intake


@dataclass(frozen=True, slots=True)
class SubmitIntake:
    """`immediate`: came through the door 'Child not safe now'. `next_day`: post at next opening."""

    intake: Intake
    earlier_reference: str = ""
    immediate: bool = False
    next_day: bool = False


@dataclass(frozen=True, slots=True)
class AmendIntake:
    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


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


@dataclass(frozen=True, slots=True)
class AddMessage:
    text: str
    activity_id: str = ""


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
class AskMashoToRing:
    text: str


@dataclass(frozen=True, slots=True)
class SendFeedback:
    method: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedbackCannotBeGiven:
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmNotes:
    """`new_ids` fill the 'to follow' children in order."""

    new_ids: tuple[str, ...] = ()
    note: str = ""


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


Command = (
    SubmitIntake
    | AmendIntake
    | RecordBriefing
    | ClaimLead
    | AssignLead
    | DefaultLead
    | AddContribution
    | AddMessage
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
    | AskMashoToRing
    | SendFeedback
    | FeedbackCannotBeGiven
    | ConfirmNotes
    | HandOverReferral
    | AskIdentity
    | TellIdentity
)
