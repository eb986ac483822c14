"""A referral's state, folded from its events. Pure: no clock, no ids, no I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, assert_never

from bot.domain import events as ev
from bot.domain.intake import Intake
from bot.domain.vocabulary import State


@dataclass(frozen=True, slots=True)
class Briefing:
    conversation_id: str
    activity_id: str
    service_url: str
    posted_at: dt.datetime
    re_referral: bool
    no_rep_today: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    said: ev.ContributionAdded
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    agency: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Immediate:
    """The flag and its three clocks. `stood_down_at` ends it; the times stay."""

    flagged_at: dt.datetime
    flagged_by: str
    note: str
    notified_at: dt.datetime | None = None
    notified_by: str = ""
    acknowledged_at: dt.datetime | None = None
    acknowledged_by: str = ""
    stood_down_at: dt.datetime | None = None
    stood_down_reason: str = ""

    @property
    def stands(self) -> bool:
        return self.stood_down_at is None


@dataclass(frozen=True, slots=True)
class Strategy:
    needed: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class StrategyMeeting:
    attended: tuple[str, ...]
    also: str
    recorded_on: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Pick:
    """The outcome picked, and its agreement once there is one."""

    code: str
    rationale: str
    per_child: tuple[tuple[str, str], ...]
    not_heard: tuple[str, ...]
    by: str
    at: dt.datetime
    agreed_by: str = ""
    agreed_at: dt.datetime | None = None
    agreed_note: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    group: str
    level: str
    method: str
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Handover:
    to: str
    accepted_by: str
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Referral:
    """`version` counts commits; 0 means nothing is logged and the form is at most open."""

    case_id: str
    version: int = 0
    state: State = State.DRAFT
    reference: str = ""
    received_at: dt.datetime | None = None
    submitted_at: dt.datetime | None = None
    taken_by: str = ""
    intake: Intake | None = None
    earlier_reference: str = ""
    post_at: dt.datetime | None = None
    briefing: Briefing | None = None
    lead: str = ""
    lead_at: dt.datetime | None = None
    lead_note: str = ""
    lead_defaulted: bool = False
    immediate: Immediate | None = None
    contributions: tuple[Contribution, ...] = ()
    messages: tuple[Message, ...] = ()
    nudges: frozenset[tuple[str, int]] = frozenset()
    strategy: Strategy | None = None
    strategy_meeting: StrategyMeeting | None = None
    plan: ev.PlanSaved | None = None
    pick: Pick | None = None
    asked_masho: ev.FeedbackAsked | None = None
    feedback: tuple[Feedback, ...] = ()
    feedback_counts_from: int = 0
    """How many entries of `feedback` belong to an earlier ending, before a reopening."""
    feedback_not_possible: str = ""
    notes_confirmed: frozenset[str] = frozenset()
    handover: Handover | None = None
    identity_asked: tuple[str, ...] = ()
    identity_told: frozenset[str] = frozenset()
    closed_at: dt.datetime | None = None
    presses: frozenset[str] = frozenset()
    """Keys of presses already logged: the same press again changes nothing."""

    @property
    def asked(self) -> Intake:
        """The intake of a referral that has one; every state after draft does."""
        assert self.intake is not None
        return self.intake

    @property
    def is_immediate(self) -> bool:
        return self.immediate is not None and self.immediate.stands

    @property
    def live(self) -> bool:
        return self.state not in (State.DRAFT, State.CLOSED)

    @property
    def agreed(self) -> bool:
        return self.pick is not None and self.pick.agreed_at is not None

    @property
    def feedback_done(self) -> bool:
        told = len(self.feedback) > self.feedback_counts_from
        return told or bool(self.feedback_not_possible)

    @property
    def notes_done(self) -> bool:
        ids = {c.mosaic_id for c in self.asked.children}
        return bool(ids) and ids <= self.notes_confirmed

    def heard(self) -> dict[str, Contribution]:
        """The latest line of each agency that has answered."""
        return {c.said.agency: c for c in self.contributions}


def _amend(referral: Referral, answers: dict[str, Any]) -> Referral:
    return replace(referral, intake=replace(referral.asked, **answers))


def _to(referral: Referral, **changes: Any) -> Referral:
    return replace(referral, **changes)


def evolve(referral: Referral, recorded: ev.Recorded) -> Referral:
    """The referral after one more event. Total: a stored event is never refused."""
    at, by = recorded.at, recorded.by
    event = recorded.event
    match event:
        case ev.ReferralReceived(received_at):
            return _to(referral, received_at=received_at, taken_by=by)
        case ev.IntakeSubmitted():
            return _to(
                referral,
                state=State.BRIEFED,
                intake=event.intake,
                received_at=event.intake.received_at,
                submitted_at=at,
                taken_by=by,
                reference=event.reference,
                earlier_reference=event.earlier_reference,
                post_at=event.post_at,
            )
        case ev.IntakeAmended(answers):
            return _amend(referral, answers)
        case ev.BriefingPosted():
            briefing = Briefing(
                event.conversation_id,
                event.activity_id,
                event.service_url,
                at,
                event.re_referral,
                event.no_rep_today,
            )
            first = referral.briefing
            if first:
                briefing = replace(briefing, posted_at=first.posted_at)
            return _to(referral, briefing=briefing)
        case ev.LeadClaimed(note):
            return _lead(referral, by, at, note)
        case ev.LeadAssigned(lead, reason):
            return _lead(referral, lead, at, reason)
        case ev.LeadDefaulted(lead):
            return replace(_lead(referral, lead, at, ""), lead_defaulted=True)
        case ev.ContributionAdded():
            added = Contribution(event, by, at)
            return _to(referral, contributions=(*referral.contributions, added))
        case ev.MessageAdded(text, agency):
            message = Message(text, agency, by, at)
            return _to(referral, messages=(*referral.messages, message))
        case ev.NudgeSent(kind, level):
            return _to(referral, nudges=referral.nudges | {(kind, level)})
        case _:
            return _evolve_decisions(referral, event, at, by)


def _lead(referral: Referral, lead: str, at: dt.datetime, note: str) -> Referral:
    state = State.IN_DISCUSSION if referral.state is State.BRIEFED else referral.state
    first_at = referral.lead_at or at
    return replace(
        referral, state=state, lead=lead, lead_at=first_at, lead_note=note, lead_defaulted=False
    )


def _without(nudges: frozenset[tuple[str, int]], *kinds: str) -> frozenset[tuple[str, int]]:
    """Nudges of these kinds start afresh: a new flag or pick is chased from its first level."""
    return frozenset(n for n in nudges if n[0] not in kinds)


def _reopened(referral: Referral) -> Referral:
    """Back in discussion: the outcome, the caller's feedback and the notes are owed again."""
    return _to(
        referral,
        state=State.IN_DISCUSSION,
        pick=None,
        handover=None,
        nudges=frozenset(),
        feedback_counts_from=len(referral.feedback),
        feedback_not_possible="",
        notes_confirmed=frozenset(),
        closed_at=None,
    )


def _evolve_immediate(referral: Referral, event: ev.Event, at: dt.datetime, by: str) -> Referral:
    now = referral.immediate
    match event:
        case ev.ImmediateFlagged(note):
            if now and now.stands and referral.state is not State.CLOSED:
                more = " ".join(filter(None, (now.note, note)))
                return _to(referral, immediate=replace(now, note=more))
            nudges = _without(referral.nudges, "claim_immediate", "immediate_not_taken")
            flagged = _to(referral, immediate=Immediate(at, by, note), nudges=nudges)
            return _reopened(flagged) if referral.state is State.CLOSED else flagged
        case ev.ImmediateStoodDown(reason) if now:
            return _to(referral, immediate=replace(now, stood_down_at=at, stood_down_reason=reason))
        case ev.AssessmentNotified() if now:
            if now.notified_at:
                return referral
            return _to(referral, immediate=replace(now, notified_at=at, notified_by=by))
        case ev.AssessmentAcknowledged(taken_by_name) if now:
            if now.acknowledged_at:
                return referral
            return _to(
                referral,
                immediate=replace(now, acknowledged_at=at, acknowledged_by=taken_by_name),
            )
        case _:
            return referral


def _evolve_decisions(  # noqa: C901
    referral: Referral, event: ev.ReferralEvent | ev.DeskEvent, at: dt.datetime, by: str
) -> Referral:
    match event:
        case (
            ev.ImmediateFlagged()
            | ev.ImmediateStoodDown()
            | ev.AssessmentNotified()
            | ev.AssessmentAcknowledged()
        ):
            return _evolve_immediate(referral, event, at, by)
        case ev.StrategyConsidered(needed, reason):
            return _to(referral, strategy=Strategy(needed, reason, by, at))
        case ev.StrategyHeld(attended, also, recorded_on):
            meeting = StrategyMeeting(attended, also, recorded_on, by, at)
            return _to(referral, strategy_meeting=meeting)
        case ev.PlanSaved():
            return _to(referral, plan=event)
        case ev.OutcomeProposed(code, rationale, per_child, not_heard):
            pick = Pick(code, rationale, per_child, not_heard, by, at)
            nudges = _without(referral.nudges, "agree")
            return _to(referral, state=State.OUTCOME_PROPOSED, pick=pick, nudges=nudges)
        case ev.OutcomeUndone():
            return _to(referral, state=State.IN_DISCUSSION, pick=None)
        case ev.OutcomeEndorsed(rule, note):
            assert referral.pick is not None
            pick = replace(referral.pick, agreed_by=by, agreed_at=at, agreed_note=note, rule=rule)
            return _to(referral, state=State.OUTCOME_AGREED, pick=pick)
        case ev.FeedbackAsked():
            return _to(referral, asked_masho=event)
        case ev.FeedbackSent(group, level, method, text):
            sent = Feedback(group, level, method, text, by, at)
            return _to(referral, feedback=(*referral.feedback, sent), asked_masho=None)
        case ev.FeedbackNotPossible(reason):
            return _to(referral, feedback_not_possible=reason, asked_masho=None)
        case ev.CaseNoteExported(children):
            return _to(referral, notes_confirmed=referral.notes_confirmed | set(children))
        case ev.ReferralClosed():
            return _to(referral, state=State.CLOSED, closed_at=at)
        case ev.ReferralHandedOver(to, accepted_by, reason):
            handover = Handover(to, accepted_by, reason, by, at)
            return _to(referral, state=State.HANDED_OVER, handover=handover)
        case ev.IdentityAsked():
            return _to(referral, identity_asked=(*referral.identity_asked, by))
        case ev.IdentityTold(person):
            asked = tuple(p for p in referral.identity_asked if p != person)
            told = referral.identity_told | {person}
            return _to(referral, identity_asked=asked, identity_told=told)
        case (
            ev.ReferralReceived()
            | ev.IntakeSubmitted()
            | ev.IntakeAmended()
            | ev.BriefingPosted()
            | ev.LeadClaimed()
            | ev.LeadAssigned()
            | ev.LeadDefaulted()
            | ev.ContributionAdded()
            | ev.MessageAdded()
            | ev.NudgeSent()
        ):
            raise AssertionError("folded by evolve")
        case ev.RollCalled() | ev.TestPaused() | ev.TestResumed() | ev.ClosingListSent():
            raise AssertionError("a desk event in a referral's log")
        case _:
            assert_never(event)


def fold(referral: Referral, recorded: Iterable[ev.Recorded]) -> Referral:
    for item in recorded:
        referral = evolve(referral, item)
    return referral
