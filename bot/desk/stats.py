"""Reads what a question about figures needs: its cost follows the period, not the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.desk.ports import Clock, Log
from bot.desk.tally_ports import Tallies
from bot.domain.baseline_figures import Comparison, compare, period_of
from bot.domain.call_figures import CallFigures, call_figures
from bot.domain.calls import Call, CallCount
from bot.domain.coming_back import WORKING_DAYS
from bot.domain.counting import Material, in_cohort
from bot.domain.desk_day import DeskDay, fold_desk, stream_of
from bot.domain.figures import Figures
from bot.domain.measures import Report, report_of
from bot.domain.partnership import Partnership, Today
from bot.domain.periods import Period, week_key
from bot.domain.tallies import LEAST_REPLIES_SHOWN, PulseTally
from bot.domain.vocabulary import DUTY_TEAM


class Stats:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        tallies: Tallies,
        clock: Clock,
        *,
        pulse_of_today: bool = False,
    ) -> None:
        """`pulse_of_today`: for whoever can read the store anyway, the day that is running too."""
        self._today_too = pulse_of_today
        self._p = partnership
        self._log = log
        self._tallies = tallies
        self._clock = clock

    async def report(self, period: Period) -> Report:
        return report_of(await self.material(period), self._p)

    async def material(self, period: Period) -> Material:
        rows = await self._figures(period.weeks)
        after = self._after(period)
        following = await self._figures(after)
        surveys = await self._tallies.surveys(period.weeks, period.holds)
        return Material(
            period=period,
            as_at=self._clock.now(),
            rows=tuple(rows),
            following=tuple(following),
            surveys=tuple(s for s in surveys if not period.test or s.test in (period.test, "")),
            pulses=await self._pulses(period),
            calls=await self._calls(period, rows),
        )

    async def _calls(self, period: Period, rows: Sequence[Figures]) -> CallFigures | None:
        """None where nothing was imported for the period."""
        found = await self._tallies.calls(period.weeks)
        if not any(period.holds(self._p.calendar.day_of(c.at)) for c in found):
            return None
        return call_figures(
            [c for c in found if isinstance(c, Call)],
            [c for c in found if isinstance(c, CallCount)],
            [r.received_at for r in rows if in_cohort(r, self._p)],
            first_day=period.first,
            last_day=period.last,
            target_s=self._p.phone_target_s,
            calendar=self._p.calendar,
        )

    async def comparison(self, period: Period) -> Comparison:
        """The time before, as imported, beside `period`."""
        rows = await self._tallies.baseline()
        before = period_of(rows)
        surveys = await self._tallies.surveys(before.weeks, before.holds) if before else ()
        return compare(rows, surveys, await self.report(period), self._p)

    async def _figures(self, weeks: Iterable[str]) -> list[Figures]:
        found: list[Figures] = []
        for week in weeks:
            found += await self._log.figures(week)
        return found

    def _after(self, period: Period) -> tuple[str, ...]:
        """Weeks in which a child of the period's last day may come back."""
        last = self._p.calendar.add_working_days(period.last, WORKING_DAYS)
        last = min(last, self._p.calendar.day_of(self._clock.now()))
        weeks = Period(period.kind, period.last, last).weeks
        return tuple(w for w in weeks if w not in period.weeks)

    async def _pulses(self, period: Period) -> tuple[PulseTally, ...]:
        """Days on which the duty team was asked and that are over: while people answer, each reply
        would show in what it changes. Where weeks stand together, one of too few replies would show
        in what is left beside the others.
        """
        today = self._p.calendar.day_of(self._clock.now())
        days = [d for d in period.days if self._p.tests_on(d)]
        days = [d for d in days if d != today or self._today_too]
        days = [d for d in days if not period.test or period.test in self._p.tests_on(d)]
        answered = {t.day: t for t in await self._tallies.pulses(days)}
        found = []
        for day in days:
            state = await self._day(day)
            if day in answered or state.pulse_asked:
                here = Today(state.absent, state.called).here(self._p.with_role(*DUTY_TEAM))
                tally = answered.get(day) or PulseTally(day)
                found.append(replace(tally, on_roll=len(here)))
        return tuple(found) if len(period.weeks) == 1 else _of_whole_weeks(found)

    async def _day(self, day: dt.date) -> DeskDay:
        stream = await self._log.load(stream_of(day))
        return fold_desk((r for c in stream.commits for r in c.recorded), 0)


def _of_whole_weeks(days: Sequence[PulseTally]) -> tuple[PulseTally, ...]:
    replies: dict[str, int] = {}
    for tally in days:
        week = week_key(tally.day)
        replies[week] = replies.get(week, 0) + tally.replies
    return tuple(d for d in days if replies[week_key(d.day)] >= LEAST_REPLIES_SHOWN)
