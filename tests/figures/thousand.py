"""The made-up desk on disk, what the bot reports of it, and what the recount says."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from bot.desk.rebuild import rebuild
from bot.desk.stats import Stats
from bot.domain.measures import Report
from bot.domain.partnership import Partnership, Today
from bot.domain.periods import DAYS, Period, test_period, week_of
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from bot.store.tallies import TableTallies
from cards.context import View
from tests.figures.generate import ENDS_AT, generate, write
from tests.figures.recount_answers import Inputs
from tests.figures.recount_events import referrals_of
from tests.figures.recount_log import absences_of, read_logs
from tests.figures.recount_measures import Recount
from tests.figures.recount_numbers import Json, Span
from tests.figures.recount_time import read_desk
from tests.figures.settings import read_settings, write_settings

AS_AT = ENDS_AT
_MONDAYS = (
    dt.date(2026, 10, 19),  # the clocks go back at its end
    dt.date(2026, 12, 21),  # Christmas
    dt.date(2027, 1, 4),  # both tests
    dt.date(2027, 3, 22),  # Easter, and the clocks go forward
    dt.date(2027, 3, 29),  # still running
    dt.date(2026, 11, 16),  # nothing at all
)
PERIODS = {
    **{f"week of {monday}": week_of(monday) for monday in _MONDAYS},
    "odd days": Period(DAYS, dt.date(2026, 10, 22), dt.date(2026, 12, 29)),
    "one day": Period(DAYS, dt.date(2027, 1, 12), dt.date(2027, 1, 12)),
}
TESTS = ("first_test", "second_test")
NAMES = (*PERIODS, *TESTS)


class StandingClock:
    def now(self) -> dt.datetime:
        return AS_AT


@dataclass(frozen=True, eq=False)
class Thousand:
    """What is reported and counted of a period is kept: several tests look at each."""

    settings: Path
    store: Path
    partnership: Partnership
    inputs: Inputs
    recount: Recount
    counts: dict[Period, Json] = field(default_factory=dict)
    reports: dict[Period, Report] = field(default_factory=dict)

    @property
    def view(self) -> View:
        return View(self.partnership, Today(), AS_AT)

    def period(self, name: str) -> Period:
        found = PERIODS.get(name) or test_period(self.partnership, name)
        assert found is not None, name
        return found

    def counted(self, period: Period) -> Json:
        if period not in self.counts:
            self.counts[period] = self.recount.measures(span_of(period), AS_AT)
        return self.counts[period]

    def report(self, period: Period) -> Report:
        if period not in self.reports:
            self.reports[period] = asyncio.run(self._report(period))
        return self.reports[period]

    async def _report(self, period: Period) -> Report:
        rows = SqliteRows(self.store)
        await rows.start()
        stats = Stats(self.partnership, TableLog(rows), TableTallies(rows), StandingClock())
        try:
            return await stats.report(period)
        finally:
            await rows.close()


def span_of(period: Period) -> Span:
    return Span(period.first, period.last, period.test)


def build(folder: Path) -> Thousand:
    settings = write_settings(folder)
    partnership, store = read_settings(settings), folder / "store.db"
    made = generate(partnership)
    asyncio.run(write(made, store, partnership))
    return opened(settings, store, partnership, made.inputs)


def opened(settings: Path, store: Path, partnership: Partnership, inputs: Inputs) -> Thousand:
    logs = read_logs(store)
    recount = Recount(read_desk(settings), referrals_of(logs), dict(absences_of(logs)), inputs)
    return Thousand(settings, store, partnership, inputs, recount)


async def made_again(store: Path, partnership: Partnership) -> None:
    """Every index row from the log, as after a change of it."""
    rows = SqliteRows(store)
    await rows.start()
    await rebuild(rows, TableLog(rows), partnership)
    await rows.close()


def told(data: Json) -> Json:
    """Values come in the order of the referrals; here they are compared in order of size."""
    return {k: sorted(v) if k == "values" else v for k, v in data.items()}
