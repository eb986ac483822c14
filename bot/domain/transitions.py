"""Which event may follow which state, and in whose hands. Relations to the referral
('lead', 'proposer') stand beside roles. Guards beyond this table live in the `rules_*` modules.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.vocabulary import State

LEAD = "lead"
PROPOSER = "proposer"
NEW_LEAD = "new_lead"
"""Whom the lead was offered to."""

_OPEN = ("briefed", "in_discussion", "outcome_proposed", "outcome_agreed")
_LIVE = (*_OPEN, "handed_over")
_TALK = ("in_discussion", "outcome_proposed", "outcome_agreed")
_ENDS = ("closed", "merged", "withdrawn")
_DONE = ("outcome_agreed", "handed_over")
_TEAM = ("masho", "rep", "duty_social_worker", "duty_manager")
_REPS = ("rep", "duty_social_worker", "duty_manager")
_SENIOR = ("duty_social_worker", "duty_manager")


@dataclass(frozen=True, slots=True)
class Transition:
    states: frozenset[str]
    who: frozenset[str]


def _row(states: tuple[str, ...], who: tuple[str, ...]) -> Transition:
    return Transition(frozenset(states), frozenset(who))


TRANSITIONS: dict[str, Transition] = {
    "referral.received": _row(("draft",), ("masho", "duty_manager")),
    "intake.submitted": _row(("draft",), ("masho", "duty_manager")),
    "intake.amended": _row(_LIVE, ("masho", LEAD, "duty_manager")),
    "briefing.posted": _row(_LIVE, ("bot",)),
    "lead.claimed": _row(("briefed",), _REPS),
    "lead.assigned": _row(("briefed", "in_discussion"), ("duty_manager",)),
    "lead.defaulted": _row(("briefed", "in_discussion"), ("bot",)),
    "lead.handover_offered": _row((*_TALK, "handed_over"), (LEAD, "duty_manager")),
    "lead.handed_over": _row((*_TALK, "handed_over"), (LEAD, "duty_manager", NEW_LEAD)),
    "contribution.added": _row(_LIVE, _TEAM),
    "contribution.confirmed": _row(_LIVE, ("rep",)),
    "message.filed": _row(_LIVE, _TEAM),
    "message.revised": _row((*_LIVE, "closed"), (*_TEAM, "assessment_team")),
    "message.removed": _row((*_LIVE, "closed"), (*_TEAM, "assessment_team")),
    "police.contact_recorded": _row(_OPEN, _TEAM),
    "disagreement.recorded": _row(_OPEN, _REPS),
    "message": _row(_LIVE, (*_TEAM, "assessment_team", "bot")),
    "nudge.sent": _row(_LIVE, ("bot",)),
    "immediate.flagged": _row((*_LIVE, "closed", "merged"), _TEAM),
    "immediate.stood_down": _row(_OPEN, _SENIOR),
    "assessment.notified": _row(_LIVE, _TEAM),
    "assessment.acknowledged": _row(_LIVE, (*_TEAM, "assessment_team")),
    "strategy.considered": _row(_TALK, _SENIOR),
    "strategy.held": _row(_TALK, _SENIOR),
    "plan.saved": _row(_TALK, (LEAD, "duty_manager")),
    "outcome.proposed": _row(("in_discussion",), (LEAD, *_SENIOR)),
    "outcome.undone": _row(("outcome_proposed",), (PROPOSER,)),
    "outcome.endorsed": _row(("outcome_proposed",), _SENIOR),
    "outcome.corrected": _row(("outcome_agreed", "closed"), (LEAD, *_SENIOR)),
    "outcome.recorded_elsewhere": _row(("handed_over",), (*_SENIOR, "masho")),
    "action.done": _row((*_DONE, "closed"), (LEAD, *_REPS)),
    "feedback.asked": _row(_DONE, (LEAD, "duty_manager")),
    "feedback.held": _row(_DONE, (LEAD, "duty_manager", "masho")),
    "feedback.checked": _row(_DONE, _SENIOR),
    "feedback.passed": _row(_DONE, ("duty_manager",)),
    "feedback.sent": _row(_DONE, (LEAD, "duty_manager", "masho")),
    "feedback.tried": _row(_DONE, (LEAD, "duty_manager", "masho")),
    "feedback.email_started": _row(_DONE, (LEAD, "duty_manager", "masho")),
    "feedback.email_failed": _row((*_LIVE, *_ENDS), (LEAD, "duty_manager", "masho")),
    "feedback.not_possible": _row(_DONE, (LEAD, "duty_manager")),
    "survey.asked": _row((*_DONE, "closed"), (LEAD, "duty_manager", "masho")),
    "casenote.exported": _row(_DONE, (LEAD, "masho", *_SENIOR)),
    "casenote.opened": _row((*_DONE, "closed"), (LEAD, "masho", *_SENIOR)),
    "history.viewed": _row((*_LIVE, "closed"), (LEAD, *_SENIOR, "manager", "records_officer")),
    "hold.placed": _row((*_LIVE, "closed", "withdrawn"), ("manager", "records_officer")),
    "hold.lifted": _row((*_LIVE, *_ENDS), ("manager", "records_officer")),
    "words.erased": _row(_ENDS, ("bot",)),
    "referral.closed": _row(_DONE, ("bot",)),
    "referral.handed_over": _row(("briefed", "in_discussion", "outcome_proposed"), _SENIOR),
    "referral.reopened": _row(("closed",), (LEAD, *_SENIOR)),
    "referral.withdrawn": _row(_OPEN, ("masho", "duty_manager")),
    "referral.matched": _row(_LIVE, ("bot",)),
    "referral.linked": _row(_LIVE, ("masho", *_SENIOR)),
    "referral.linked_from": _row((*_LIVE, "closed"), ("bot",)),
    "referral.merged": _row(("briefed", "in_discussion"), ("masho", "duty_manager")),
    "referral.unmerged": _row(("merged",), ("bot",)),
    "referral.absorbed": _row((*_LIVE, "closed", "merged"), ("bot",)),
    "identity.asked": _row(_LIVE, _REPS),
    "identity.told": _row(_LIVE, ("masho", "duty_manager")),
}


def relations(referral: Referral, actor: Person) -> frozenset[str]:
    """The actor's role and what they are to this referral."""
    held = {str(actor.role)}
    if referral.lead == actor.id:
        held.add(LEAD)
    if referral.pick and referral.pick.by == actor.id:
        held.add(PROPOSER)
    if referral.offer and referral.offer.to == actor.id:
        held.add(NEW_LEAD)
    return frozenset(held)


def state_allows(event_type: str, state: State) -> bool:
    return str(state) in TRANSITIONS[event_type].states


def actor_allowed(event_type: str, referral: Referral, actor: Person) -> bool:
    return bool(relations(referral, actor) & TRANSITIONS[event_type].who)


_IN_STATE = {
    state: frozenset(e for e, row in TRANSITIONS.items() if str(state) in row.states)
    for state in State
}
_OF_WHOM = {
    who: frozenset(e for e, row in TRANSITIONS.items() if who in row.who)
    for row in TRANSITIONS.values()
    for who in row.who
}


def all_may(referral: Referral, actor: Person) -> frozenset[str]:
    """Every event that `may` allows, asked at once: a screen asks for thirty."""
    theirs = (_OF_WHOM.get(who, frozenset()) for who in relations(referral, actor))
    return _IN_STATE[referral.state] & frozenset().union(*theirs)


def may(event_type: str, referral: Referral, actor: Person) -> bool:
    """Whether a button for this event belongs on this person's screen; guards still apply."""
    return state_allows(event_type, referral.state) and actor_allowed(event_type, referral, actor)
