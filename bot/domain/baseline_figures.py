"""The time before, as rows of the same figures: same measures, same weekdays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.baseline import BaselineRow
from bot.domain.counting import Facts, Material, Result
from bot.domain.figures import Figures, PlannedAction
from bot.domain.measures import BY_KEY, Measure, Report
from bot.domain.partnership import Partnership
from bot.domain.periods import DAYS, Period
from bot.domain.tallies import SurveyTally
from bot.domain.vocabulary import State

COMPARED = (
    "referrals",
    "children",
    "by_outcome",
    "by_lead_agency",
    "decision_minutes",
    "decision_in_time",
    "assessment_minutes",
    "feedback_in_time",
    "satisfied",
    "plans",
    "plan_score",
    "re_referral",
)
TOO_FEW_TO_CALL = 30
"""Under this many on either side a difference is not called one."""

_NOON = dt.time(12)


def _minutes(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds() / 60


def figures_of_baseline(row: BaselineRow, partnership: Partnership) -> Figures:
    """What is not known is named in `unknown` and left out by the measures that need it."""
    calendar = partnership.calendar
    received = row.received_at or calendar.instant(row.received_on, _NOON)
    timed = row.received_at is not None
    decided = bool(row.outcome)
    unknown = [
        "decision" if decided and (row.decided_at is None or not timed) else "",
        "feedback" if row.feedback_at is None or not timed else "",
        "re_referral" if row.re_referral is None else "",
        "plan" if row.actions is None else "",
    ]
    minutes = _minutes(row.received_at, row.decided_at)
    actions = row.actions or 0
    return Figures(
        case_id=f"baseline-{row.key}",
        reference=row.key,
        state=State.CLOSED,
        lead="",
        received_at=received,
        children=row.children,
        test="",
        district=row.district,
        referrer_group=row.referrer_group,
        re_referral=bool(row.re_referral),
        decision_due_at=calendar.one_working_day_after(received),
        intake_minutes=0.0,
        minutes_briefed_to_lead=None,
        outcome=row.outcome,
        lead_agency=row.lead_agency,
        decided_at=row.decided_at,
        decided_by_duty_team=decided,
        handed_over=False,
        minutes_received_to_decision=minutes,
        working_minutes_received_to_decision=(
            calendar.working_minutes(received, row.decided_at) if timed and row.decided_at else None
        ),
        immediate=row.immediate,
        minutes_received_to_assessment_ack=_minutes(row.received_at, row.assessment_taken_at),
        minutes_flagged_to_assessment_ack=None,
        minutes_notified_to_assessment_ack=None,
        feedback_at=row.feedback_at,
        feedback_done=row.feedback_at is not None,
        minutes_received_to_last_feedback=_minutes(row.received_at, row.feedback_at),
        plan_actions=actions,
        plan_score=row.plan,
        actions=tuple(PlannedAction(owned=True, due_on=row.received_on) for _ in range(actions)),
        unknown=tuple(filter(None, unknown)),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure, before and in the test. `too_few`: a difference would not be one."""

    measure: Measure
    before: Result
    after: Result

    @property
    def too_few(self) -> bool:
        return min(_n(self.before), _n(self.after)) < TOO_FEW_TO_CALL


def _n(result: Result) -> int:
    return result.n if result.of is None else result.of


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left_out`: rows of the time before on weekdays the test does not run on."""

    before: Period | None
    after: Report
    days_before: int
    days_after: int
    left_out: int
    pairs: tuple[Pair, ...]


def _same_weekdays(
    rows: Iterable[BaselineRow], partnership: Partnership
) -> tuple[list[BaselineRow], int]:
    found = list(rows)
    days = {r.received_on for r in found}
    runs = {
        d for d in days if d.weekday() in partnership.test_days and partnership.calendar.hours(d)
    }
    kept = [r for r in found if r.received_on in runs]
    return kept, len(found) - len(kept)


def period_of(rows: Sequence[BaselineRow]) -> Period | None:
    days = [r.received_on for r in rows]
    return Period(DAYS, min(days), max(days)) if days else None


def compare(
    rows: Iterable[BaselineRow],
    surveys_before: Sequence[SurveyTally],
    after: Report,
    partnership: Partnership,
) -> Comparison:
    """`surveys_before`: the survey's answers of the weeks before. No `rows`: nothing imported."""
    kept, left_out = _same_weekdays(rows, partnership)
    period = period_of(kept)
    figures = tuple(figures_of_baseline(r, partnership) for r in kept)
    at = period or after.period
    material = Material(at, after.as_at, figures, surveys=tuple(surveys_before))
    before = Facts(material, partnership, figures)
    pairs = tuple(Pair(BY_KEY[k], BY_KEY[k].find(before), after[k]) for k in COMPARED)
    day_of = partnership.calendar.day_of
    return Comparison(
        before=period,
        after=after,
        days_before=len({r.received_on for r in kept}),
        days_after=len({day_of(r.received_at) for r in after.facts.cohort}),
        left_out=left_out,
        pairs=pairs,
    )
