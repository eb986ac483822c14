"""What is counted. `figures_of` folds one referral; `week_of` folds many. Minutes are floats."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.partnership import Partnership
from bot.domain.plan_quality import PlanScore, score_plan
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED, State


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

    @property
    def decision_in_time(self) -> bool:
        return self.decided_at is not None and self.decided_at <= self.decision_due_at

    @property
    def feedback_in_time(self) -> bool:
        told_at = self.feedback_at if self.feedback_done else None
        return told_at is not None and told_at <= self.decision_due_at

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
        minutes_briefed_to_lead=_minutes(
            referral.briefing.posted_at if referral.briefing else None, referral.lead_at
        ),
        outcome=_outcome(referral),
        lead_agency=lead.agency if lead else "",
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
    )


@dataclass(frozen=True, slots=True)
class Week:
    """Figures of the referrals received on test days of one Monday-to-Sunday week."""

    first_day: dt.date
    last_day: dt.date
    as_at: dt.datetime
    referrals: int
    children: int
    decided: int
    by_outcome: dict[str, int]
    handed_over: int
    median_minutes_to_decision: float | None
    immediate_minutes: tuple[float, ...]
    immediate_not_taken: int
    decisions_in_time: int
    feedback_in_time: int
    action_plans: int
    median_plan_score: float | None
    open_now: int
    late: tuple[str, ...]
    """References whose decision or feedback is past due and not done."""


def week_start(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def week_key(day: dt.date) -> str:
    """ISO week of a local day, for example 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _late(row: Figures, now: dt.datetime) -> bool:
    owed = row.decided_at is None or not row.feedback_done
    return row.open and owed and now > row.decision_due_at


def in_cohort(row: Figures, partnership: Partnership) -> bool:
    tests = partnership.tests_on(partnership.calendar.day_of(row.received_at))
    return row.counts and bool(tests)


def week_of(
    rows: Iterable[Figures], first_day: dt.date, as_at: dt.datetime, partnership: Partnership
) -> Week:
    """`rows` are the referrals of that week, in any order."""
    cohort = sorted((r for r in rows if in_cohort(r, partnership)), key=lambda r: r.reference)
    decided = [r for r in cohort if r.decided_by_duty_team]
    immediate = [r for r in cohort if r.immediate]
    taken = [
        r.minutes_received_to_assessment_ack
        for r in immediate
        if r.minutes_received_to_assessment_ack is not None
    ]
    return Week(
        first_day=first_day,
        last_day=first_day + dt.timedelta(days=6),
        as_at=as_at,
        referrals=len(cohort),
        children=sum(r.children for r in cohort),
        decided=len(decided),
        by_outcome=dict(sorted(Counter(r.outcome for r in decided).items())),
        handed_over=sum(r.handed_over for r in cohort),
        median_minutes_to_decision=_median(
            [r.minutes_received_to_decision or 0.0 for r in decided]
        ),
        immediate_minutes=tuple(taken),
        immediate_not_taken=len(immediate) - len(taken),
        decisions_in_time=sum(r.decision_in_time for r in cohort),
        feedback_in_time=sum(r.feedback_in_time for r in cohort),
        action_plans=sum(r.plan_actions > 0 for r in decided),
        median_plan_score=_median([r.plan_score.total for r in decided if r.plan_score]),
        open_now=sum(r.open for r in cohort),
        late=tuple(r.reference for r in cohort if _late(r, as_at)),
    )
