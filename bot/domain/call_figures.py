"""What the phone line did over some days. Seconds are floats; shares are 0 to 1."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.calls import Call, CallCount, CallOutcome
from bot.domain.working_time import Calendar

LEAST_FOR_MEDIAN = 5
LEAST_FOR_PERCENTILE = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls of one day or half-hour, and the referrals picked up in it.

    Told as the whole period is: `in_target` of `in_target_of` and the waits are of single calls
    alone, and `median_s` is None under 5 of the `waits_n` waits that are known.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    referrals: int = 0
    in_target: int = 0
    in_target_of: int = 0
    waits_n: int = 0
    median_s: float | None = None

    @property
    def drop_off(self) -> float | None:
        """Abandoned of offered; None when none was offered."""
        return self.abandoned / self.offered if self.offered else None


@dataclass(frozen=True, slots=True)
class Waits:
    """Of answered calls. `n` have a wait of their own; `missing` have none and are left out.

    `median_s` is None under 5 waits, `ninetieth_s` (nearest rank) None under 10. `mean_s` adds the
    calls of a report of counts where it gives their wait, and is None under 5 calls.
    """

    n: int
    missing: int
    median_s: float | None
    ninetieth_s: float | None
    mean_s: float | None


@dataclass(frozen=True, slots=True)
class CallBack:
    """A call to return: the phone system's id, and the local time of its last try."""

    call_id: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class CallFigures:
    """One period. `by_day` has every local day of it; `by_half_hour` those with anything in them.

    A half-hour is named by its local start, whatever the day, so the hour that comes twice when
    the clocks go back is one hour here. Counts reach no half-hour: they are of whole hours or days.
    """

    first_day: dt.date
    last_day: dt.date
    offered: int
    answered: int
    abandoned: int
    other: int
    drop_off: float | None
    """Abandoned of offered; None when none was offered."""
    waits: Waits
    target_s: float
    in_target: int
    in_target_of: int
    """Offered calls answered within the target, of those where that can be told: single calls,
    without the answered ones that have no wait."""
    by_day: tuple[tuple[dt.date, Tally], ...]
    by_half_hour: tuple[tuple[dt.time, Tally], ...]
    call_backs: tuple[CallBack, ...]
    counts_left_out: int
    """Counts of a queue and day that single calls are known for, so as not to count twice."""


def _half_hour(at: dt.datetime) -> dt.time:
    return dt.time(at.hour, at.minute // 30 * 30)


def _nearest_rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[-(-percent * len(ordered) // 100) - 1]


def _waits(calls: Sequence[Call], counts: Sequence[CallCount]) -> Waits:
    answered = [c for c in calls if c.outcome is CallOutcome.ANSWERED]
    waits = sorted(c.wait_s for c in answered if c.wait_s is not None)
    counted = sum(c.answered for c in counts)
    known = [c for c in counts if c.wait_s_total is not None]
    many = len(waits) + sum(c.answered for c in known)
    total = sum(waits) + sum(c.wait_s_total or 0.0 for c in known)
    return Waits(
        n=len(waits),
        missing=len(answered) - len(waits) + counted,
        median_s=statistics.median(waits) if len(waits) >= LEAST_FOR_MEDIAN else None,
        ninetieth_s=_nearest_rank(waits, 90) if len(waits) >= LEAST_FOR_PERCENTILE else None,
        mean_s=total / many if many >= LEAST_FOR_MEDIAN else None,
    )


def _in_target(calls: Sequence[Call], target_s: float) -> tuple[int, int]:
    answered = CallOutcome.ANSWERED
    told = [c for c in calls if c.outcome is not answered or c.wait_s is not None]
    quick = [
        c for c in told if c.outcome is answered and c.wait_s is not None and c.wait_s <= target_s
    ]
    return len(quick), len(told)


def _tally(
    calls: Sequence[Call], counts: Sequence[CallCount], referrals: int, target_s: float
) -> Tally:
    outcomes = [c.outcome for c in calls]
    quick, told_of = _in_target(calls, target_s)
    waits = _waits(calls, counts)
    return Tally(
        offered=len(calls) + sum(c.offered for c in counts),
        answered=outcomes.count(CallOutcome.ANSWERED) + sum(c.answered for c in counts),
        abandoned=outcomes.count(CallOutcome.ABANDONED) + sum(c.abandoned for c in counts),
        referrals=referrals,
        in_target=quick,
        in_target_of=told_of,
        waits_n=waits.n,
        median_s=waits.median_s,
    )


def _by_day(
    days: Sequence[dt.date],
    calls: Sequence[Call],
    counts: Sequence[CallCount],
    referrals: Sequence[dt.datetime],
    target_s: float,
    calendar: Calendar,
) -> tuple[tuple[dt.date, Tally], ...]:
    of_day: dict[dt.date, tuple[list[Call], list[CallCount], list[dt.datetime]]]
    of_day = {day: ([], [], []) for day in days}
    for call in calls:
        of_day[calendar.day_of(call.at)][0].append(call)
    for count in counts:
        of_day[calendar.day_of(count.at)][1].append(count)
    for at in referrals:
        of_day[calendar.day_of(at)][2].append(at)
    return tuple((day, _tally(c, n, len(r), target_s)) for day, (c, n, r) in of_day.items())


def _by_half_hour(
    calls: Sequence[Call], referrals: Sequence[dt.datetime], target_s: float, calendar: Calendar
) -> tuple[tuple[dt.time, Tally], ...]:
    rang: defaultdict[dt.time, list[Call]] = defaultdict(list)
    taken: defaultdict[dt.time, int] = defaultdict(int)
    for call in calls:
        rang[_half_hour(calendar.local(call.at))].append(call)
    for at in referrals:
        taken[_half_hour(calendar.local(at))] += 1
    slots = sorted({*rang, *taken})
    return tuple((slot, _tally(rang[slot], (), taken[slot], target_s)) for slot in slots)


def _call_backs(
    in_period: Sequence[Call], every: Iterable[Call], calendar: Calendar
) -> tuple[CallBack, ...]:
    """Answered later, even after the period, is answered."""
    answered: dict[str, dt.datetime] = {}
    for call in every:
        if call.outcome is CallOutcome.ANSWERED:
            answered[call.call_id] = max(call.at, answered.get(call.call_id, call.at))
    owed: dict[str, dt.datetime] = {}
    for call in sorted(in_period, key=lambda c: c.at):
        if call.outcome is not CallOutcome.ABANDONED or not call.call_id:
            continue
        if call.call_id not in answered or answered[call.call_id] < call.at:
            owed[call.call_id] = call.at
    ordered = sorted(owed.items(), key=lambda item: (item[1], item[0]))
    return tuple(CallBack(call_id, calendar.local(at)) for call_id, at in ordered)


def call_figures(
    calls: Iterable[Call],
    counts: Iterable[CallCount],
    referrals: Iterable[dt.datetime],
    *,
    first_day: dt.date,
    last_day: dt.date,
    target_s: float,
    calendar: Calendar,
) -> CallFigures:
    """`referrals` are pick-up instants. Days are local, both ends included; what lies outside is
    left out. Of records with one key the last stands.
    """
    span = (last_day - first_day).days + 1
    days = [first_day + dt.timedelta(days=n) for n in range(span)]
    within = set(days)
    every = list({c.key: c for c in calls}.values())
    single = [c for c in every if calendar.day_of(c.at) in within]
    told = {(c.queue, calendar.day_of(c.at)) for c in single}
    totals = [c for c in {c.key: c for c in counts}.values() if calendar.day_of(c.at) in within]
    kept = [c for c in totals if (c.queue, calendar.day_of(c.at)) not in told]
    taken = [at for at in referrals if calendar.day_of(at) in within]
    whole = _tally(single, kept, len(taken), target_s)
    return CallFigures(
        first_day=first_day,
        last_day=last_day,
        offered=whole.offered,
        answered=whole.answered,
        abandoned=whole.abandoned,
        other=whole.offered - whole.answered - whole.abandoned,
        drop_off=whole.drop_off,
        waits=_waits(single, kept),
        target_s=target_s,
        in_target=whole.in_target,
        in_target_of=whole.in_target_of,
        by_day=_by_day(days, single, kept, taken, target_s, calendar),
        by_half_hour=_by_half_hour(single, taken, target_s, calendar),
        call_backs=_call_backs(single, every, calendar),
        counts_left_out=len(totals) - len(kept),
    )
