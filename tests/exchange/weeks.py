"""Reports made by a seeded generator, for the files that leave the desk."""

from __future__ import annotations

import datetime as dt
import random

from bot.domain.baseline_figures import Comparison, compare
from bot.domain.call_figures import call_figures
from bot.domain.calls import Call, CallCount, CallOutcome
from bot.domain.counting import Material
from bot.domain.figures import Figures, PlannedAction
from bot.domain.measures import Report, report_of
from bot.domain.partnership import Today
from bot.domain.periods import Period, week_of
from bot.domain.plan_quality import PlanScore
from bot.domain.tallies import PulseTally, SurveyTally
from cards.context import View
from tests.exchange.files import PARTNERSHIP

MONDAY = dt.date(2026, 11, 23)
WEEK = week_of(MONDAY)
AS_AT = dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)
VIEW = View(PARTNERSHIP, Today(), AS_AT)

_OUTCOMES = ("social_care", "ehu", "advice_at_contact", "advice_at_contact", "immediate")
_GROUPS = ("school", "school", "school", "gp", "police", "parent_carer", "neighbour_public")
_DISTRICTS = ("North", "North", "Central", "South")
_AGENCIES = ("social_care", "social_care", "police", "health", "early_help")


def row(n: int = 1, **changes: object) -> Figures:
    """A referral of one child from a school in the North, agreed after 60 minutes."""
    received = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
    fields: dict[str, object] = {
        "case_id": f"case-{n:05d}",
        "reference": f"REF-2026-{n:05d}",
        "state": "closed",
        "lead": "pol-1",
        "received_at": received,
        "children": 1,
        "test": "first_test",
        "district": "North",
        "referrer_group": "school",
        "re_referral": False,
        "decision_due_at": received + dt.timedelta(days=1),
        "intake_minutes": 6.0,
        "minutes_briefed_to_lead": 4.0,
        "outcome": "ehu",
        "lead_agency": "police",
        "decided_at": received + dt.timedelta(minutes=60),
        "decided_by_duty_team": True,
        "handed_over": False,
        "minutes_received_to_decision": 60.0,
        "working_minutes_received_to_decision": 60.0,
        "immediate": False,
        "minutes_received_to_assessment_ack": None,
        "minutes_flagged_to_assessment_ack": None,
        "minutes_notified_to_assessment_ack": None,
        "feedback_at": received + dt.timedelta(minutes=90),
        "feedback_done": True,
        "minutes_received_to_last_feedback": 90.0,
        "plan_actions": 2,
        "plan_score": PlanScore(2, 2, 2, 1, 1),
        "mosaic_ids": (f"{9900000 + n}",),
        "outcomes_of_children": ("ehu",),
    }
    return Figures(**(fields | changes))  # type: ignore[arg-type]


def _random_row(rng: random.Random, n: int, days: list[dt.date]) -> Figures:
    day = rng.choice(days)
    received = dt.datetime.combine(day, dt.time(10), dt.UTC) + dt.timedelta(
        minutes=rng.randrange(380)
    )
    fate = rng.random()
    decided, handed = fate < 0.85, 0.85 <= fate < 0.92
    minutes = rng.lognormvariate(4.3, 0.5) if decided else None
    children = rng.choice((1, 1, 1, 2, 2, 3))
    outcome = rng.choice(_OUTCOMES) if decided else ""
    told = minutes + rng.uniform(5, 300) if minutes is not None and rng.random() < 0.9 else None
    immediate = outcome == "immediate"
    planned = decided and rng.random() < 0.9
    return row(
        n,
        state="closed" if told else "handed_over" if handed else "in_discussion",
        received_at=received,
        children=children,
        district=rng.choice(_DISTRICTS),
        referrer_group=rng.choice(_GROUPS),
        re_referral=rng.random() < 0.15,
        decision_due_at=PARTNERSHIP.calendar.one_working_day_after(received),
        intake_minutes=rng.uniform(3, 15),
        minutes_briefed_to_lead=rng.uniform(1, 25) if rng.random() < 0.95 else None,
        outcome=outcome,
        lead_agency=rng.choice(_AGENCIES) if decided else "",
        decided_at=received + dt.timedelta(minutes=minutes) if minutes is not None else None,
        decided_by_duty_team=decided,
        handed_over=handed,
        minutes_received_to_decision=minutes,
        working_minutes_received_to_decision=minutes,
        immediate=immediate,
        minutes_received_to_assessment_ack=rng.uniform(10, 40) if immediate else None,
        feedback_at=received + dt.timedelta(minutes=told) if told else None,
        feedback_done=told is not None,
        minutes_received_to_last_feedback=told,
        plan_actions=2 if planned else 0,
        plan_score=PlanScore(2, rng.randrange(3), 2, 1, rng.randrange(3)) if planned else None,
        actions=(PlannedAction(True, day, day), PlannedAction(True, day)) if planned else (),
        mosaic_ids=tuple(f"{9900000 + 4 * n + i}" for i in range(children)),
        outcomes_of_children=(outcome,) * children if decided else (),
        lead_defaulted=rng.random() < 0.1,
        call_minutes=rng.uniform(5, 30) if rng.random() < 0.8 else None,
    )


def rows(n: int, seed: int = 1, period: Period = WEEK) -> tuple[Figures, ...]:
    rng = random.Random(seed)
    days = [d for d in period.days if PARTNERSHIP.tests_on(d)]
    return tuple(_random_row(rng, i + 1, days) for i in range(n))


def _surveys(rng: random.Random, n: int) -> tuple[SurveyTally, ...]:
    found = []
    for group in ("parent_carer", "professional", "someone_else"):
        tally = SurveyTally("2026-W48", "first_test", group)
        for _ in range(rng.randrange(n + 1)):
            answers = tuple(rng.choice((None, 3, 4, 5, 5)) for _ in range(3))
            tally = tally.with_answers(answers)
        found.append(tally)
    return tuple(found)


def _pulses(rng: random.Random, period: Period) -> tuple[PulseTally, ...]:
    found = []
    for day in period.days:
        if PARTNERSHIP.tests_on(day):
            tally = PulseTally(day, on_roll=12)
            for _ in range(rng.randrange(2, 12)):
                tally = tally.with_answers(tuple(rng.choice((2, 4, 4, 5)) for _ in range(4)))
            found.append(tally)
    return tuple(found)


def _calls(rng: random.Random, referrals: tuple[Figures, ...], n: int) -> list[Call | CallCount]:
    found: list[Call | CallCount] = []
    for i in range(n):
        at = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC) + dt.timedelta(
            days=rng.randrange(3), minutes=rng.randrange(450)
        )
        outcome = rng.choice((*[CallOutcome.ANSWERED] * 5, *CallOutcome))
        wait = rng.uniform(2, 90)
        found.append(Call(f"k{i}", at, "MASH", outcome, wait, None, f"call-{i:03d}"))
    return found


def report(
    n: int,
    seed: int = 1,
    *,
    asked: bool = True,
    period: Period = WEEK,
    made: tuple[Figures, ...] | None = None,
    as_at: dt.datetime = AS_AT,
) -> Report:
    """`n` referrals, with survey, pulse and phone line where `asked`."""
    rng = random.Random(seed + 1000)
    referrals = rows(n, seed, period) if made is None else made
    calls = [c for c in _calls(rng, referrals, 2 * n) if isinstance(c, Call)]
    phone = call_figures(
        calls,
        (),
        [r.received_at for r in referrals],
        first_day=period.first,
        last_day=period.last,
        target_s=20,
        calendar=PARTNERSHIP.calendar,
    )
    material = Material(
        period,
        as_at,
        referrals,
        surveys=_surveys(rng, n) if asked else (),
        pulses=_pulses(rng, period) if asked else (),
        calls=phone if asked else None,
    )
    return report_of(material, PARTNERSHIP)


def empty() -> Report:
    return report_of(Material(WEEK, AS_AT, ()), PARTNERSHIP)


def nothing_before(after: Report) -> Comparison:
    return compare((), (), after, PARTNERSHIP)
