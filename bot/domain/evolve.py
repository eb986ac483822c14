"""Events folded into a referral's state. Total: a stored event is never refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.domain import events as ev, pairs
from bot.domain.evolve_ending import Decision, End, decided, reopened
from bot.domain.referral import (
    Amendment,
    Briefing,
    Contribution,
    Disagreement,
    Ending,
    Immediate,
    LeadChange,
    Message,
    Offer,
    PoliceContact,
    Referral,
)
from bot.domain.vocabulary import State
from bot.domain.words import has_words

At = dt.datetime


def fold(referral: Referral, recorded: Iterable[ev.Recorded]) -> Referral:
    for item in recorded:
        referral = evolve(referral, item)
    return referral


def evolve(referral: Referral, recorded: ev.Recorded) -> Referral:
    """The referral after one more event."""
    after = _evolved(referral, recorded)
    if after.words_gone and referral.words_erased_at and has_words(recorded.event):
        return replace(after, words_since_erased=True)
    return after


def _evolved(referral: Referral, recorded: ev.Recorded) -> Referral:  # noqa: C901
    at, by = recorded.at, recorded.by
    event = recorded.event
    match event:
        case ev.ReferralReceived(received_at):
            return replace(referral, received_at=received_at, taken_by=by)
        case ev.IntakeSubmitted():
            return _submitted(referral, event, at, by)
        case ev.IntakeAmended():
            return _amended(referral, event, at, by)
        case ev.BriefingPosted():
            return _posted(referral, event, at)
        case ev.LeadClaimed(note, agency):
            return _lead(referral, LeadChange(by, "claimed", by, at, note, agency))
        case ev.LeadAssigned(lead, reason, agency):
            return _lead(referral, LeadChange(lead, "assigned", by, at, reason, agency))
        case ev.LeadDefaulted(lead, agency):
            return _lead(referral, LeadChange(lead, "defaulted", by, at, "", agency))
        case ev.LeadHandoverOffered(to, reason):
            return replace(referral, offer=Offer(to, by, at, reason))
        case ev.LeadHandedOver(to, offered_by, reason, agency):
            change = LeadChange(to, "handed_over", offered_by, at, reason, agency)
            return _lead(referral, change)
        case ev.NudgeSent(kind, level):
            return replace(referral, nudges=referral.nudges | {(kind, level)})
        case ev.IdentityAsked():
            return replace(referral, identity_asked=(*referral.identity_asked, by))
        case ev.IdentityTold(person):
            asked = tuple(p for p in referral.identity_asked if p != person)
            told = referral.identity_told | {person}
            return replace(referral, identity_asked=asked, identity_told=told)
        case ev.CaseNoteOpened() | ev.HistoryViewed():
            return referral
        case ev.HoldPlaced(reason):
            return replace(referral, hold=Ending(by, at, reason))
        case ev.HoldLifted():
            return replace(referral, hold=None)
        case ev.WordsErased():
            return replace(referral, words_erased_at=at, words_since_erased=False, kept=event)
        case ev.RollCalled() | ev.RollAsked() | ev.TestPaused() | ev.TestResumed():
            raise AssertionError("a desk event in a referral's log")
        case ev.ClosingListSent() | ev.PulseAsked() | ev.WeekSent() | ev.MessagesTriedAgain():
            raise AssertionError("a desk event in a referral's log")
        case ev.RosterAdded() | ev.RosterChanged() | ev.RosterRemoved():
            raise AssertionError("a desk event in a referral's log")
        case _:
            return _said(referral, event, at, by)


_Talk = (
    ev.ContributionAdded
    | ev.ContributionConfirmed
    | ev.MessageAdded
    | ev.MessageFiled
    | ev.MessageRevised
    | ev.MessageRemoved
    | ev.PoliceContactRecorded
    | ev.DisagreementRecorded
)
_Safety = (
    ev.ImmediateFlagged | ev.ImmediateStoodDown | ev.AssessmentNotified | ev.AssessmentAcknowledged
)


def _submitted(referral: Referral, event: ev.IntakeSubmitted, at: At, by: str) -> Referral:
    return replace(
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


def _amended(referral: Referral, event: ev.IntakeAmended, at: At, by: str) -> Referral:
    """An answer given for the first time is no correction."""
    caller = referral.caller_of(event.for_ref)
    before = caller.intake if caller else referral.asked
    changed = tuple(
        Amendment(name, getattr(before, name), value, by, at, event.reason, event.for_ref)
        for name, value in event.answers.items()
        if getattr(before, name) not in ("", (), None, False, "not_recorded")
    )
    noted = replace(referral, amendments=(*referral.amendments, *changed))
    intake = replace(before, **event.answers)
    if not event.for_ref:
        return replace(noted, intake=intake)
    callers = tuple(
        replace(c, intake=intake) if c.for_ref == event.for_ref else c
        for c in referral.merged_callers
    )
    return replace(noted, merged_callers=callers)


def _posted(referral: Referral, event: ev.BriefingPosted, at: At) -> Referral:
    first = referral.briefing
    briefing = Briefing(
        event.conversation_id,
        event.activity_id,
        event.service_url,
        first.posted_at if first else at,
        event.re_referral,
        event.no_rep_today,
    )
    return replace(referral, briefing=briefing)


def _lead(referral: Referral, change: LeadChange) -> Referral:
    state = State.IN_DISCUSSION if referral.state is State.BRIEFED else referral.state
    return replace(
        referral,
        state=state,
        lead=change.lead,
        lead_at=referral.lead_at or change.at,
        lead_note=change.reason,
        lead_defaulted=change.how == "defaulted",
        leads=(*referral.leads, change),
        offer=None,
    )


# What is said ------------------------------------------------------------------------


def _said(referral: Referral, event: _Talk | _Safety | Decision | End, at: At, by: str) -> Referral:
    match event:
        case ev.ContributionAdded():
            return _contributed(referral, event, at, by)
        case ev.ContributionConfirmed(agency):
            lines = tuple(
                replace(c, confirmed_by=by, confirmed_at=at)
                if c.said.agency == agency and c.unconfirmed
                else c
                for c in referral.contributions
            )
            return replace(referral, contributions=lines)
        case ev.MessageAdded(text, agency, activity_id):
            message = Message(text, agency, by, at, activity_id)
            return replace(referral, messages=(*referral.messages, message))
        case ev.MessageFiled():
            return _filed(referral, event, at, by)
        case ev.MessageRevised(activity_id, text, edited_at):
            return _each(
                referral,
                activity_id,
                lambda m: replace(_revised(m, text, at), edited_at=edited_at or m.edited_at),
            )
        case ev.MessageRemoved(activity_id):
            return _each(referral, activity_id, lambda m: replace(m, removed_at=at))
        case ev.PoliceContactRecorded(rang_by, name, rang_at):
            contact = PoliceContact(rang_by, name, rang_at, by, at)
            return replace(referral, police=(*referral.police, contact))
        case ev.DisagreementRecorded(text):
            noted = Disagreement(text, by, at)
            return replace(referral, disagreements=(*referral.disagreements, noted))
        case (
            ev.ImmediateFlagged()
            | ev.ImmediateStoodDown()
            | ev.AssessmentNotified()
            | ev.AssessmentAcknowledged()
        ):
            return _immediate(referral, event, at, by)
        case _:
            return decided(referral, event, at, by)


def _contributed(referral: Referral, event: ev.ContributionAdded, at: At, by: str) -> Referral:
    lines = referral.contributions
    if event.corrects:
        lines = tuple(
            replace(c, corrected_by=by, corrected_at=at)
            if c.said.agency == event.agency and c.unconfirmed
            else c
            for c in lines
        )
    return replace(referral, contributions=(*lines, Contribution(event, by, at)))


def _each(referral: Referral, activity_id: str, change: Callable[[Message], Message]) -> Referral:
    messages = tuple(
        change(m) if m.activity_id == activity_id and m.removed_at is None else m
        for m in referral.messages
    )
    return replace(referral, messages=messages)


def _revised(message: Message, text: str, at: At) -> Message:
    if text == message.text:
        return message
    return replace(message, text=text, earlier=(*message.earlier, message.text), revised_at=at)


def _filed(referral: Referral, event: ev.MessageFiled, at: At, by: str) -> Referral:
    """A message already on the record is marked, not added twice."""

    def mark(message: Message) -> Message:
        message = _revised(message, event.text, at)
        return replace(message, filed_as=event.filed_as, filed_by=by, filed_at=at, link=event.link)

    if any(m.activity_id == event.activity_id for m in referral.messages):
        return _each(referral, event.activity_id, mark)
    message = Message(
        event.text,
        event.agency,
        event.author,
        event.said_at,
        event.activity_id,
        event.author_name,
        event.filed_as,
        by,
        at,
        event.link,
    )
    return replace(referral, messages=(*referral.messages, message))


def _immediate(referral: Referral, event: _Safety, at: At, by: str) -> Referral:
    now = referral.immediate
    match event:
        case ev.ImmediateFlagged(note):
            if now and now.stands and referral.state is not State.CLOSED:
                more = " ".join(filter(None, (now.note, note)))
                return replace(referral, immediate=replace(now, note=more))
            nudges = pairs.without(referral.nudges, "claim_immediate", "immediate_not_taken")
            flagged = replace(referral, immediate=Immediate(at, by, note), nudges=nudges)
            closed = referral.state is State.CLOSED
            return reopened(flagged, Ending(by, at, note)) if closed else flagged
        case ev.ImmediateStoodDown(reason) if now:
            down = replace(now, stood_down_at=at, stood_down_by=by, stood_down_reason=reason)
            return replace(referral, immediate=down)
        case ev.AssessmentNotified() if now and not now.notified_at:
            return replace(referral, immediate=replace(now, notified_at=at, notified_by=by))
        case ev.AssessmentAcknowledged(name) if now and not now.acknowledged_at:
            taken = replace(now, acknowledged_at=at, acknowledged_by=name)
            return replace(referral, immediate=taken)
        case _:
            return referral
