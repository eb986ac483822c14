"""What a week of 200 referrals costs to ask for, with little and with much history in the store.

Both stores are asked in turn in one run, so that a machine that slows down slows both.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.desk.ports import Rows
from bot.desk.stats import Stats
from bot.domain.partnership import Today
from bot.domain.periods import week_of
from bot.opening import open_rows
from bot.store.log import TableLog
from bot.store.tallies import TableTallies
from cards.context import View
from cards.figure_words import Hide
from cards.stats import stats_card
from tests.bench import history
from tests.domain.weeks import ALWAYS
from tests.tools.azurite import Azurite, missing

PARTNERSHIP = replace(ALWAYS, test_days=frozenset({1, 2, 3}))
ASKED_FOR = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 27, 15, tzinfo=dt.UTC)
REFERRALS = 3 * history.A_DAY
ROUNDS = 30
LIMIT = 1.3


class _Clock:
    def now(self) -> dt.datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class Line:
    store: str
    little: int
    much: int
    little_ms: float
    much_ms: float

    @property
    def ratio(self) -> float:
        return self.much_ms / self.little_ms

    def __str__(self) -> str:
        return (
            f"week of {REFERRALS} referrals, {self.store}: {self.little_ms:.1f} ms after"
            f" {self.little:,}, {self.much_ms:.1f} ms after {self.much:,},"
            f" ratio {self.ratio:.2f} (limit {LIMIT})"
        )


async def _filled(rows: Rows, earlier: int) -> None:
    """The week asked for, and so many referrals before it."""
    await rows.start()
    after_the_week = ASKED_FOR + dt.timedelta(days=3)
    await history.write(rows, PARTNERSHIP, after_the_week, REFERRALS, first=90_000_000)
    await history.write(rows, PARTNERSHIP, ASKED_FOR, earlier)


async def _asked(rows: Rows) -> float:
    """Milliseconds from the question to the card."""
    started = time.perf_counter()
    stats = Stats(PARTNERSHIP, TableLog(rows), TableTallies(rows), _Clock())
    report = await stats.report(week_of(ASKED_FOR))
    stats_card(report, View(PARTNERSHIP, Today(), NOW), hide=Hide.NOTHING)
    taken = 1000 * (time.perf_counter() - started)
    assert report["referrals"].n == REFERRALS
    return taken


async def _compared(store: str, little: int, much: int, small: Rows, large: Rows) -> Line:
    taken: dict[str, list[float]] = {"little": [], "much": []}
    for round_number in range(ROUNDS + 2):
        for name, rows in (("little", small), ("much", large)):
            ms = await _asked(rows)
            if round_number > 1:  # the first two warm up connections and caches
                taken[name].append(ms)
    middle = {name: statistics.median(found) for name, found in taken.items()}
    return Line(store, little, much, middle["little"], middle["much"])


async def on_sqlite(little: int, much: int) -> Line:
    with tempfile.TemporaryDirectory(prefix="front-door-bench-") as folder:
        small, large = (open_rows(str(Path(folder) / f"{n}.db")) for n in (little, much))
        await _filled(small, little)
        await _filled(large, much)
        line = await _compared("SQLite", little, much, small, large)
        await small.close()
        await large.close()
        return line


async def on_azurite(little: int, much: int) -> Line | str:
    """Why not, where Azurite cannot run here."""
    if why := missing():
        return f"Azurite cannot run here: {why}"
    servers = [Azurite(), Azurite()]
    try:
        for server in servers:
            server.start()
        small, large = (open_rows(server.connection_string) for server in servers)
        await _filled(small, little)
        await _filled(large, much)
        line = await _compared("Azurite", little, much, small, large)
        await small.close()
        await large.close()
        return line
    finally:
        for server in servers:
            server.stop()
