"""Weeks of referrals, as figures and as reports, for tests that count them by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.domain import events as ev
from bot.domain.counting import Material
from bot.domain.figures import Figures, figures_of
from bot.domain.measures import Report, report_of
from bot.domain.partnership import Partnership, TestWindow
from bot.domain.periods import Period, week_of

from .story import (
    FRIDAY,
    LEAD,
    MASHO,
    MONDAY,
    PARTNERSHIP,
    SOCIAL_WORKER,
    TUESDAY,
    at,
    given,
    intake,
    plan,
)

ALWAYS = replace(
    PARTNERSHIP,
    test_days=frozenset(range(5)),
    test_windows=(TestWindow("first_test", dt.date(2020, 1, 1), dt.date(2039, 12, 31)),),
)
"""Takes referrals on every weekday of every year."""


def figures(*log: ev.Recorded, partnership: Partnership = PARTNERSHIP) -> Figures:
    return figures_of(given(*log).referral, partnership)


def decided(
    minutes: float,
    *,
    code: str = "ehu",
    reference: str = "REF-2026-00001",
    day: dt.date = TUESDAY,
    clock: str = "11:00",
    actions: tuple[ev.Action, ...] = (),
    lead: str = LEAD,
    partnership: Partnership = PARTNERSHIP,
    **answers: Any,
) -> Figures:
    """A referral taken then and agreed this many minutes later."""
    start = at(clock, day)
    form = intake(received_at=start, **answers)
    end = start + dt.timedelta(minutes=minutes)
    row = figures(
        ev.Recorded(ev.IntakeSubmitted(form, reference), start, MASHO),
        ev.Recorded(ev.LeadClaimed(), start, lead),
        ev.Recorded(plan(*actions), start, lead),
        ev.Recorded(ev.OutcomeProposed(code, "Why"), end, lead),
        ev.Recorded(ev.OutcomeEndorsed("second_person"), end, SOCIAL_WORKER),
        partnership=partnership,
    )
    return replace(row, case_id=f"case-{reference}")


def report(
    *rows: Figures,
    as_at: dt.datetime | None = None,
    period: Period | None = None,
    partnership: Partnership = PARTNERSHIP,
    **material: Any,
) -> Report:
    """Rows of the story module all come from one case: each counts here as its own."""
    apart = tuple(
        replace(r, case_id=f"{n}-{r.case_id}") if r.case_id == "case-1" else r
        for n, r in enumerate(rows)
    )
    found = Material(
        period or week_of(MONDAY), as_at or at("17:00", FRIDAY), rows=apart, **material
    )
    return report_of(found, partnership)


def by_outcome(found: Report) -> dict[str, int]:
    return dict(found["by_outcome"].parts)
