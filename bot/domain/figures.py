"""One referral as a row of figures: what every measure is counted from. Minutes are floats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.events import Action
from bot.domain.partnership import Partnership, Person
from bot.domain.plan_quality import PlanScore, score_plan
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED, State


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the plan that stands. Days are local."""

    owned: bool
    due_on: dt.date
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """One referral's row. None where the thing has not happened."""

    case_id: str
    reference: str
    state: str
    lead: str
    received_at: dt.datetime
    children: int
    test: str
    district: str
    referrer_group: str
    re_referral: bool
    decision_due_at: dt.datetime
    intake_minutes: float
    minutes_briefed_to_lead: float | None
    outcome: str
    lead_agency: str
    decided_at: dt.datetime | None
    decided_by_duty_team: bool
    handed_over: bool
    minutes_received_to_decision: float | None
    working_minutes_received_to_decision: float | None
    immediate: bool
    minutes_received_to_assessment_ack: float | None
    minutes_flagged_to_assessment_ack: float | None
    minutes_notified_to_assessment_ack: float | None
    feedback_at: dt.datetime | None
    feedback_done: bool
    """Told, or not possible with the reason."""
    minutes_received_to_last_feedback: float | None
    plan_actions: int
    plan_score: PlanScore | None
    mosaic_ids: tuple[str, ...] = ()
    outcomes_of_children: tuple[str, ...] = ()
    """One code a child, where an outcome is agreed."""
    lead_defaulted: bool = False
    minutes_received_to_flagged: float | None = None
    minutes_flagged_to_notified: float | None = None
    call_minutes: float | None = None
    decided_on_call: bool | None = None
    """Agreed by the end of the call; None where its end was not recorded."""
    corrected_in_time: bool = False
    """Corrected within the days in which the partnership reopens (10 working days)."""
    actions: tuple[PlannedAction, ...] = ()
    unknown: tuple[str, ...] = ()
    """What was never recorded (in a row imported from before): decision, feedback, plan…"""

    def known(self, what: str, value: bool) -> bool | None:
        """`value`, or None where it could not be told."""
        return None if what in self.unknown else value

    @property
    def decision_in_time(self) -> bool:
        return self.decided_at is not None and self.decided_at <= self.decision_due_at

    @property
    def feedback_in_time(self) -> bool:
        told_at = self.feedback_at if self.feedback_done else None
        return told_at is not None and told_at <= self.decision_due_at

    @property
    def has_plan(self) -> bool:
        """At least one action with an owner; every action has a date. Rows from before owners were
        kept count by their number.
        """
        owned = any(a.owned for a in self.actions) or not self.actions
        return self.plan_actions > 0 and owned

    @property
    def open(self) -> bool:
        return self.state not in ENDED

    @property
    def counts(self) -> bool:
        """Merged referrals count once, in the one that goes on; withdrawn ones not at all."""
        return self.state not in (State.MERGED, State.WITHDRAWN)


def _minutes(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds() / 60


def _score(referral: Referral, partnership: Partnership) -> PlanScore | None:
    if referral.kept:
        return PlanScore(*referral.kept.plan_score) if referral.kept.plan_score else None
    if referral.plan is None or referral.pick is None:
        return None
    intake = referral.asked
    return score_plan(
        referral.plan.actions,
        intake.needs,
        partnership.calendar.day_of(referral.pick.at),
        child_view=intake.child_view,
        family_view=referral.plan.family_view,
        next_step=referral.plan.next_step,
    )


def _decided_at(referral: Referral) -> dt.datetime | None:
    """The agreement of the outcome that stands; once handed over, the outcome elsewhere."""
    if referral.handover:
        return referral.elsewhere.at if referral.elsewhere else None
    return referral.pick.agreed_at if referral.pick else None


def _outcome(referral: Referral) -> str:
    if referral.handover:
        return referral.elsewhere.code if referral.elsewhere else ""
    return referral.pick.code if referral.pick and referral.agreed else ""


def _corrected_in_time(referral: Referral, partnership: Partnership) -> bool:
    """Whether an agreed outcome was corrected within the days in which one may reopen."""
    calendar, days = partnership.calendar, partnership.timers.reopen_working_days
    for pick in referral.past_picks:
        if pick.ended != "corrected" or pick.agreed_at is None or pick.ended_at is None:
            continue
        last = calendar.add_working_days(calendar.day_of(pick.agreed_at), days)
        if calendar.day_of(pick.ended_at) <= last:
            return True
    return False


def _actions(referral: Referral, partnership: Partnership) -> tuple[PlannedAction, ...]:
    day_of = partnership.calendar.day_of
    done: dict[Action, list[dt.date]] = {}
    for d in referral.done_actions:
        done.setdefault(d.action, []).append(day_of(d.at))
    planned = referral.plan.actions if referral.plan else ()
    if referral.kept:
        kept = zip(referral.kept.actions, planned, strict=True)
        return tuple(PlannedAction(k.owned, a.due_on, k.done_on) for k, a in kept)
    # Of two rows alike, one done is one done: the plan does not say which.
    return tuple(
        PlannedAction(bool(a.owner or a.owner_name.strip()), a.due_on, _first(done.get(a)))
        for a in planned
    )


def _first(days: list[dt.date] | None) -> dt.date | None:
    return days.pop(0) if days else None


def _decided_on_call(referral: Referral, decided_at: dt.datetime | None) -> bool | None:
    """An outcome agreed by the time the call ended was given on the call."""
    ended = _call_ended_at(referral)
    if ended is None:
        return None
    return decided_at is not None and referral.handover is None and decided_at <= ended


def _outcomes_of_children(referral: Referral) -> tuple[str, ...]:
    """The child's own outcome where it differs, else the referral's; empty before agreement."""
    if not (main := _outcome(referral)):
        return ()
    differs = dict(referral.pick.per_child) if referral.pick and not referral.handover else {}
    return tuple(differs.get(c.mosaic_id, main) for c in referral.asked.children)


def _call_ended_at(referral: Referral) -> dt.datetime | None:
    """Of this referral's own call: one merged into it has another."""
    ended = referral.asked.call_ended_at
    return ended if ended and ended >= _own_call_at(referral) else None


def _to_lead(referral: Referral) -> float | None:
    """A lead named while the briefing still waited to be posted took no time."""
    posted_at = referral.briefing.posted_at if referral.briefing else None
    minutes = _minutes(posted_at, referral.lead_at)
    return None if minutes is None else max(0.0, minutes)


def _own_call_at(referral: Referral) -> dt.datetime:
    """When this referral's own call was picked up; a merged one's may have come before."""
    return referral.received_at or referral.asked.received_at


def _led_for(referral: Referral, lead: Person | None) -> str:
    """The agency the lead was of when they became it; in older logs, the one they are of now."""
    then = referral.leads[-1].agency if referral.leads else ""
    return then or (lead.agency if lead else "")


def figures_of(referral: Referral, partnership: Partnership) -> Figures:
    """A referral that has been submitted, as its row of figures."""
    intake = referral.asked
    calendar = partnership.calendar
    received = intake.received_at
    pick = referral.pick
    decided_at = _decided_at(referral)
    immediate = referral.immediate if referral.is_immediate else None
    acknowledged = immediate.acknowledged_at if immediate else None
    told = referral.feedback[referral.feedback_counts_from :]
    feedback_at = told[-1].at if told else None
    lead = partnership.person(referral.lead)
    return Figures(
        case_id=referral.case_id,
        reference=referral.reference,
        state=str(referral.state),
        lead=referral.lead,
        received_at=received,
        children=len(intake.children),
        test=intake.test,
        district=intake.district,
        referrer_group=intake.referrer_group,
        re_referral=referral.re_referral,
        decision_due_at=calendar.one_working_day_after(received),
        intake_minutes=_minutes(referral.received_at, referral.submitted_at) or 0.0,
        minutes_briefed_to_lead=_to_lead(referral),
        outcome=_outcome(referral),
        lead_agency=_led_for(referral, lead),
        decided_at=decided_at,
        decided_by_duty_team=pick is not None and referral.agreed and referral.handover is None,
        handed_over=referral.handover is not None,
        minutes_received_to_decision=_minutes(received, decided_at),
        working_minutes_received_to_decision=(
            calendar.working_minutes(received, decided_at) if decided_at else None
        ),
        immediate=referral.is_immediate,
        minutes_received_to_assessment_ack=_minutes(received, acknowledged),
        minutes_flagged_to_assessment_ack=_minutes(
            immediate.flagged_at if immediate else None, acknowledged
        ),
        minutes_notified_to_assessment_ack=_minutes(
            immediate.notified_at if immediate else None, acknowledged
        ),
        feedback_at=feedback_at,
        feedback_done=referral.feedback_done,
        minutes_received_to_last_feedback=_minutes(received, feedback_at),
        plan_actions=len(referral.plan.actions) if referral.plan else 0,
        plan_score=_score(referral, partnership),
        mosaic_ids=referral.asked.mosaic_ids,
        outcomes_of_children=_outcomes_of_children(referral),
        lead_defaulted=any(change.how == "defaulted" for change in referral.leads),
        minutes_received_to_flagged=_minutes(received, immediate.flagged_at if immediate else None),
        minutes_flagged_to_notified=_minutes(
            immediate.flagged_at if immediate else None,
            immediate.notified_at if immediate else None,
        ),
        call_minutes=_minutes(_own_call_at(referral), _call_ended_at(referral)),
        decided_on_call=_decided_on_call(referral, decided_at),
        corrected_in_time=_corrected_in_time(referral, partnership),
        actions=_actions(referral, partnership),
    )
