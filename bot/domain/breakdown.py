"""The same figures split: by who called, the lead's agency, district, day, outcome or test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.counting import Facts, Result, share, spread
from bot.domain.figures import Figures

BY = ("referrer", "agency", "district", "day", "outcome", "test")


@dataclass(frozen=True, slots=True)
class Split:
    """One line: `code` is a code of the partnership, or an ISO day for `day`."""

    code: str
    referrals: int
    children: int
    decided: int
    decision_in_time: Result
    feedback_in_time: Result
    minutes: Result


@dataclass(frozen=True, slots=True)
class Breakdown:
    by: str
    lines: tuple[Split, ...]
    total: Split


def breakdown_of(facts: Facts, by: str) -> Breakdown:
    """Raises KeyError for a split that does not exist. Every code of the partnership that can
    occur is a line, in the partnership's order; codes with nothing are left out of `day` only.
    """
    code_of, order = _splitter(facts, by)
    rows: dict[str, list[Figures]] = {code: [] for code in order}
    for row in facts.cohort:
        rows.setdefault(code_of(row), []).append(row)
    lines = tuple(_line(code, found) for code, found in rows.items() if found or code)
    return Breakdown(by, lines, _line("", facts.cohort))


def _splitter(facts: Facts, by: str) -> tuple[Callable[[Figures], str], list[str]]:
    p = facts.partnership
    match by:
        case "referrer":
            return lambda r: r.referrer_group, [g.code for g in p.referrer_groups]
        case "agency":
            return lambda r: r.lead_agency, [a.code for a in p.agencies]
        case "district":
            return lambda r: r.district, [d.code for d in p.districts]
        case "day":
            days = [d for d in facts.material.period.days if p.tests_on(d)]
            return lambda r: p.calendar.day_of(r.received_at).isoformat(), [
                d.isoformat() for d in days
            ]
        case "outcome":
            return lambda r: r.outcome, [o.code for o in p.outcomes]
        case "test":
            return lambda r: r.test, list(dict.fromkeys(w.code for w in p.test_windows))
    raise KeyError(by)


def _line(code: str, rows: Sequence[Figures]) -> Split:
    decided = [r for r in rows if r.decided_by_duty_team]
    return Split(
        code=code,
        referrals=len(rows),
        children=sum(r.children for r in rows),
        decided=len(decided),
        decision_in_time=share(rows, lambda r: r.decision_in_time),
        feedback_in_time=share(rows, lambda r: r.feedback_in_time),
        minutes=spread(r.minutes_received_to_decision for r in decided),
    )
