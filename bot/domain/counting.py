"""What a figure is made of, and the arithmetic every figure uses. Pure numbers, no words."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.call_figures import CallFigures
from bot.domain.figures import Figures
from bot.domain.partnership import Partnership
from bot.domain.periods import Period
from bot.domain.tallies import PulseTally, SurveyTally
from bot.domain.working_time import Calendar

LEAST_FOR_AVERAGE = 5
LEAST_FOR_P90 = 10


@dataclass(frozen=True, slots=True)
class Result:
    """`n` of `of` (`of` None: a plain count, or a number of values). `missing` were left out
    because something was not recorded. Averages are None where there are too few values.
    """

    n: int
    of: int | None = None
    missing: int = 0
    median: float | None = None
    p90: float | None = None
    mean: float | None = None
    values: tuple[float, ...] = ()
    """Every value, where they are too few for an average."""
    parts: tuple[tuple[str, int], ...] = ()
    """How many of each code. With `of`, some may be in none."""
    beside: tuple[int, ...] = ()
    """Counts that this figure and others of the period would tell together."""
    withheld_at_desk: bool = False
    withheld_when_shared: bool = False
    """Where others see it, it is not shown: see `publishing`."""

    @property
    def percent(self) -> float | None:
        return 100 * self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Material:
    """All that was read for one period.

    `rows`: every referral received in it; `following`: those received in the ten working days after
    it, to see which children came back.
    """

    period: Period
    as_at: dt.datetime
    rows: tuple[Figures, ...]
    following: tuple[Figures, ...] = ()
    surveys: tuple[SurveyTally, ...] = ()
    pulses: tuple[PulseTally, ...] = ()
    calls: CallFigures | None = None


@dataclass(frozen=True)
class Facts:
    """Material with its cohort: what a measure is counted from."""

    material: Material
    partnership: Partnership
    cohort: tuple[Figures, ...]

    @property
    def calendar(self) -> Calendar:
        return self.partnership.calendar

    @property
    def today(self) -> dt.date:
        return self.calendar.day_of(self.material.as_at)

    @property
    def decided(self) -> tuple[Figures, ...]:
        return tuple(r for r in self.cohort if r.decided_by_duty_team)

    @property
    def immediate(self) -> tuple[Figures, ...]:
        return tuple(r for r in self.cohort if r.immediate)


def in_cohort(row: Figures, partnership: Partnership) -> bool:
    """Received on a test day; merged ones count once, withdrawn ones not."""
    return row.counts and bool(partnership.tests_on(partnership.calendar.day_of(row.received_at)))


def facts_of(material: Material, partnership: Partnership) -> Facts:
    period, day_of = material.period, partnership.calendar.day_of
    rows = {r.case_id: r for r in material.rows if period.holds(day_of(r.received_at))}
    cohort = [r for r in rows.values() if in_cohort(r, partnership)]
    kept = [r for r in cohort if not period.test or r.test == period.test]
    return Facts(material, partnership, tuple(sorted(kept, key=lambda r: r.reference)))


def count(rows: Sequence[object]) -> Result:
    return Result(len(rows))


def share(rows: Iterable[Figures], holds: Callable[[Figures], bool | None]) -> Result:
    """`holds` gives None where it cannot be told: those are left out and said."""
    answers = [holds(r) for r in rows]
    known = [a for a in answers if a is not None]
    return Result(sum(known), of=len(known), missing=len(answers) - len(known))


def percentile_90(values: Sequence[float]) -> float:
    """By nearest rank: the value that nine in ten do not pass."""
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def spread(values: Iterable[float | None]) -> Result:
    """Middle and 90th percentile of what is there; each only with values enough."""
    found = list(values)
    known = [v for v in found if v is not None]
    n, missing = len(known), len(found) - len(known)
    if n < LEAST_FOR_AVERAGE:
        return Result(n, missing=missing, values=tuple(known))
    p90 = percentile_90(known) if n >= LEAST_FOR_P90 else None
    return Result(n, missing=missing, median=statistics.median(known), p90=p90)


def each(values: Sequence[int], missing: int = 0) -> Result:
    """The mean of whole numbers (actions in a plan): None under five."""
    n = len(values)
    if n < LEAST_FOR_AVERAGE:
        return Result(n, missing=missing, values=tuple(map(float, values)))
    return Result(n, missing=missing, mean=statistics.mean(values))


def parts(codes: Iterable[str], order: Sequence[str], of: int) -> Result:
    """How many of each code, of `of` in all, in the partnership's order; codes it does not know
    come last.
    """
    found: dict[str, int] = {}
    for code in codes:
        found[code] = found.get(code, 0) + 1
    known = {code: i for i, code in enumerate(order)}
    ordered = sorted(found.items(), key=lambda item: (known.get(item[0], len(order)), item[0]))
    return Result(sum(found.values()), of=of, parts=tuple(ordered))


def one_decimal(value: float | None) -> float | int | None:
    """As files and JSON show it: one decimal, a whole number where it is one."""
    if value is None:
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def half_up(value: float) -> int:
    """As words show it: 78.5 minutes is 79."""
    return math.floor(value + 0.5)


def as_data(result: Result) -> dict[str, Any]:
    """A result for JSON: only what it has."""
    found: dict[str, Any] = {"n": result.n}
    if result.of is not None:
        found |= {"of": result.of, "percent": one_decimal(result.percent)}
    if result.missing:
        found["missing"] = result.missing
    for name in ("median", "p90", "mean"):
        if (value := getattr(result, name)) is not None:
            found[name] = one_decimal(value)
    if result.values:
        found["values"] = [one_decimal(v) for v in result.values]
    if result.parts:
        found["parts"] = dict(result.parts)
    return found
