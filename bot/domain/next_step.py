"""What each open referral waits for, who it waits for, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.partnership import Partnership, Person, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import Role, State


@dataclass(frozen=True, slots=True)
class NextStep:
    """`code` names the step; `who` are person ids, empty when anybody may do it."""

    code: str
    who: tuple[str, ...]
    due_at: dt.datetime


def next_step(referral: Referral, p: Partnership, today: Today) -> NextStep:
    """Notes are due with the close: two working days after the call."""
    due = p.calendar.one_working_day_after(referral.clock_starts_at)
    if referral.briefing is None:
        return NextStep("post_later" if referral.post_at else "post", (), due)
    flag = referral.immediate
    if flag and flag.stands and flag.acknowledged_at is None:
        who = (referral.lead,) if referral.lead else _ids(p, today, Role.DUTY_SOCIAL_WORKER)
        return NextStep("immediate", who, flag.flagged_at)
    match referral.state:
        case State.BRIEFED:
            return NextStep("briefed", (), due)
        case State.IN_DISCUSSION:
            return NextStep("in_discussion", _lead(referral, p, today), due)
        case State.OUTCOME_PROPOSED:
            return NextStep("outcome_proposed", _agreers(referral, p, today), due)
        case _:
            if referral.held:
                held = referral.held[0]
                seniors = _ids(p, today, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
                senders = (held.by, referral.lead)
                return NextStep("feedback_check", _but(seniors, senders), due)
            if not referral.feedback_done:
                asked = tuple(dict.fromkeys(a.masho for a in referral.asked_masho))
                whose = asked or _lead(referral, p, today)
                return NextStep("feedback", whose, due)
            if not referral.notes_done:
                closes = p.calendar.one_working_day_after(due)
                who = (*_lead(referral, p, today), referral.taken_by)
                return NextStep("notes", who, closes)
            return NextStep("handed_over", _lead(referral, p, today), due)


def _ids(p: Partnership, today: Today, *roles: Role) -> tuple[str, ...]:
    return tuple(x.id for x in today.here(p.with_role(*roles)))


def _lead(referral: Referral, p: Partnership, today: Today) -> tuple[str, ...]:
    """The lead person; where there never was one, the duty managers."""
    return (referral.lead,) if referral.lead else _ids(p, today, Role.DUTY_MANAGER)


def _but(ids: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(i for i in ids if i not in others)


def _agreers(referral: Referral, p: Partnership, today: Today) -> tuple[str, ...]:
    picker = referral.pick.by if referral.pick else ""
    ids = _ids(p, today, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    alone = p.outcome_agreement != "second_person"
    return tuple(i for i in ids if alone or i != picker)


def waits_for(referral: Referral, person: Person, p: Partnership, today: Today) -> bool:
    """Whether this person's hand is the one wanted, or they owe the rest of the form."""
    step = next_step(referral, p, today)
    if person.id in step.who:
        return True
    if person.id in (referral.taken_by, referral.lead):
        return True
    if referral.offer and referral.offer.to == person.id:
        return True
    reps = (Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    return step.code == "briefed" and person.role in reps
