"""What waits, and when it is chased. Each (kind, level) fires once: the log remembers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.contact import is_safe
from bot.domain.partnership import Partnership, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import Role, State

DEFAULT_LEAD = "default_lead"


@dataclass(frozen=True, slots=True)
class Due:
    """`to` are person ids to mention. Kind `default_lead` gives the referral a lead instead."""

    at: dt.datetime
    kind: str
    level: int
    to: tuple[str, ...] = ()


def _minutes(at: dt.datetime, minutes: float) -> dt.datetime:
    return at + dt.timedelta(minutes=minutes)


def _claim(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    assert referral.submitted_at is not None
    t = p.timers
    if referral.is_immediate and referral.immediate:
        flagged = referral.immediate.flagged_at
        seniors = _ids(p, today, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
        yield Due(_minutes(flagged, t.immediate_nudge_1_minutes), "claim_immediate", 1, seniors)
        yield Due(_minutes(flagged, t.immediate_nudge_2_minutes), "claim_immediate", 2, seniors)
        yield Due(_minutes(flagged, t.immediate_default_lead_minutes), DEFAULT_LEAD, 1)
        return
    start = referral.briefing.posted_at if referral.briefing else referral.submitted_at
    if referral.reopened:
        start = referral.reopened.at
    add = p.calendar.add_working_minutes
    yield Due(add(start, t.claim_nudge_1_working_minutes), "claim", 1)
    managers = _ids(p, today, Role.DUTY_MANAGER)[:1]
    yield Due(add(start, t.claim_nudge_2_working_minutes), "claim", 2, managers)
    yield Due(add(start, t.default_lead_working_minutes), DEFAULT_LEAD, 1)


def _immediate(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    flag = referral.immediate
    if not (flag and flag.stands) or flag.acknowledged_at:
        return
    managers = _ids(p, today, Role.DUTY_MANAGER)
    to = tuple(dict.fromkeys([*([referral.lead] if referral.lead else []), *managers]))
    every = p.timers.immediate_not_taken_every_minutes
    for level in range(1, p.timers.immediate_not_taken_most + 1):
        yield Due(_minutes(flag.flagged_at, every * level), "immediate_not_taken", level, to)


def _agreement(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    assert referral.pick is not None
    add = p.calendar.add_working_minutes
    workers = tuple(i for i in _ids(p, today, Role.DUTY_SOCIAL_WORKER) if i != referral.pick.by)
    managers = tuple(i for i in _ids(p, today, Role.DUTY_MANAGER) if i != referral.pick.by)
    picked = referral.pick.at
    yield Due(add(picked, p.timers.agree_nudge_working_minutes), "agree", 1, workers or managers)
    yield Due(add(picked, p.timers.agree_duty_manager_working_minutes), "agree", 2, managers)


def _decision(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    due = p.calendar.one_working_day_after(referral.clock_starts_at)
    managers = _ids(p, today, Role.DUTY_MANAGER)[:1]
    to = (referral.lead,) if referral.lead else managers
    warn = _minutes(due, -p.timers.due_warning_minutes)
    yield Due(warn, "decision_due", 1, to)
    yield Due(due, "decision_due", 2, tuple(dict.fromkeys([*to, *managers])))


def _feedback(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    """A working hour before it is due, and when it is; where it was agreed or handed over too late
    for that, one and two working hours after. Nobody is chased while the door is shut.
    """
    calendar, minutes = p.calendar, p.timers.due_warning_minutes
    due = calendar.one_working_day_after(referral.clock_starts_at)
    managers = _ids(p, today, Role.DUTY_MANAGER)[:1]
    to = (referral.lead,) if referral.lead else managers
    agreed = referral.pick.agreed_at if referral.pick else None
    ended = agreed or (referral.handover.at if referral.handover else referral.clock_starts_at)
    since = max([ended, *(other.at for other in referral.absorbed)])
    first, second = calendar.take_working_minutes(due, minutes), due
    if since >= first:
        first = calendar.add_working_minutes(since, minutes)
        second = calendar.add_working_minutes(since, 2 * minutes)
    open_at = calendar.next_opening
    yield Due(open_at(first), "feedback_due", 1, to)
    yield Due(open_at(second), "feedback_due", 2, tuple(dict.fromkeys([*to, *managers])))
    yield from _again(referral, p, today)


def _again(referral: Referral, p: Partnership, today: Today) -> Iterator[Due]:
    """Ringing again, as said last for each caller who may be rung: whoever rang, or the lead."""
    last = {tried.for_ref: (n, tried) for n, tried in referral.tried_now}
    for caller in referral.owed:
        if caller.for_ref in last and is_safe(caller.intake, "phone"):
            n, tried = last[caller.for_ref]
            rang = p.person(tried.by)
            lead = (referral.lead,) if referral.lead else _ids(p, today, Role.DUTY_MANAGER)[:1]
            to = (tried.by,) if rang and today.here([rang]) else lead
            yield Due(tried.again_at, "feedback_again", n, to)


def _ids(p: Partnership, today: Today, *roles: Role) -> tuple[str, ...]:
    return tuple(x.id for x in today.here(p.with_role(*roles)))


def due_list(referral: Referral, p: Partnership, today: Today) -> list[Due]:
    """What is still to fire for this referral, earliest first, past times included."""
    if not referral.live or referral.intake is None:
        return []
    found: list[Due] = []
    unled = referral.state in (State.BRIEFED, State.IN_DISCUSSION) and not referral.lead
    if unled and referral.briefing:
        found += _claim(referral, p, today)
    found += _immediate(referral, p, today)
    if referral.state is State.OUTCOME_PROPOSED:
        found += _agreement(referral, p, today)
    if not referral.agreed and referral.state is not State.HANDED_OVER:
        found += _decision(referral, p, today)
    if (referral.agreed or referral.handover) and not referral.feedback_done:
        found += _feedback(referral, p, today)
    waiting = [d for d in found if (d.kind, d.level) not in referral.nudges]
    return sorted(waiting, key=lambda d: d.at)


def roll_call_at(p: Partnership, day: dt.date) -> dt.datetime | None:
    """When the duty manager is asked who is here; None on a day without a test."""
    return p.calendar.instant(day, p.roll_call_at) if p.tests_on(day) else None


def pulse_at(p: Partnership, day: dt.date) -> dt.datetime | None:
    """When the duty team is asked how the day went; None on a day without a test."""
    hours = p.calendar.hours(day)
    if hours is None or not p.tests_on(day):
        return None
    return _minutes(hours[1], -p.timers.pulse_before_closing_minutes)


def weekly_at(p: Partnership, monday: dt.date) -> dt.datetime | None:
    """When managers get the week that starts on `monday`; None for a week without a test day."""
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    if not any(p.tests_on(d) for d in days):
        return None
    last = max(d for d in days if p.calendar.hours(d))
    return p.calendar.instant(last, p.weekly_card_at)


def closing_list_at(p: Partnership, day: dt.date) -> dt.datetime | None:
    """When the duty manager is shown what has no agreed outcome; None on a closed day."""
    hours = p.calendar.hours(day)
    return _minutes(hours[1], -p.timers.before_closing_minutes) if hours else None
