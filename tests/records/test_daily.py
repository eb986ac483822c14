"""The day's export: once a day over replicas and restarts, and never in the way of the desk."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import configuration
from bot.archive import open_archive
from bot.desk.ports import Row, Rows, StoreUnavailable
from bot.records.daily import DailyExport
from bot.store.archive import Archive
from bot.store.export import lists, moment_of

CALENDAR = configuration.load().calendar
NIGHT = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    made = open_archive(str(tmp_path / "files"), str(tmp_path / "keys"), None)
    yield made
    await made.close()


class Clock:
    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        return self.at


def replica(
    rows: Rows, archive: Archive, clock: Clock, ages: list[float] | None = None
) -> DailyExport:
    told = ages if ages is not None else []
    return DailyExport(rows, archive, clock, CALENDAR, dt.time(2, 0), told.append)


async def test_it_waits_for_its_hour_and_is_made_once_a_day(rows: Rows, archive: Archive) -> None:
    clock = Clock(NIGHT - dt.timedelta(minutes=1))
    daily = replica(rows, archive, clock)
    assert await daily.look() is False
    clock.at = NIGHT
    assert [await daily.look(), await daily.look()] == [True, False]
    clock.at += dt.timedelta(days=1)
    assert await daily.look() is True
    assert [moment_of(n).day for n in await lists(archive.files)] == [25, 26]


async def test_of_two_replicas_one_makes_it_and_a_restart_makes_none(
    rows: Rows, archive: Archive
) -> None:
    clock = Clock(NIGHT)
    made = await asyncio.gather(*(replica(rows, archive, clock).look() for _ in range(3)))
    assert sum(made) == 1
    assert await replica(rows, archive, clock).look() is False
    assert len(await lists(archive.files)) == 1


async def test_one_that_died_is_taken_over_after_an_hour(rows: Rows, archive: Archive) -> None:
    claim = Row("Index", "exports", "2026-11-25", {"at": NIGHT, "done": False})
    await rows.write([claim])
    clock = Clock(NIGHT + dt.timedelta(minutes=59))
    assert await replica(rows, archive, clock).look() is False
    clock.at = NIGHT + dt.timedelta(minutes=60)
    assert await replica(rows, archive, clock).look() is True


async def test_summer_time_does_not_move_it(rows: Rows, archive: Archive) -> None:
    """02:00 in London is 01:00 UTC in July."""
    clock = Clock(dt.datetime(2027, 7, 6, 0, 59, tzinfo=dt.UTC))
    daily = replica(rows, archive, clock)
    assert await daily.look() is False
    clock.at = dt.datetime(2027, 7, 6, 1, 0, tzinfo=dt.UTC)
    assert await daily.look() is True


async def test_how_old_the_newest_is_is_told(rows: Rows, archive: Archive) -> None:
    ages: list[float] = []
    clock = Clock(NIGHT)
    daily = replica(rows, archive, clock, ages)
    await daily.look()
    clock.at += dt.timedelta(hours=3)
    await daily.look()
    assert ages == [0.0, 3 * 3600.0]


async def test_a_place_that_is_not_there_is_logged_and_does_not_stop_the_looking(
    rows: Rows, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("not a folder")
    archive = open_archive(str(tmp_path / "a-file"), str(tmp_path / "keys"), None)
    said = asyncio.Event()

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.msg.startswith("export.f"):
                said.set()

    heard = Heard()
    logging.getLogger("frontdoor.export").addHandler(heard)
    daily = replica(rows, archive, Clock(NIGHT))
    daily.start()
    await asyncio.wait_for(said.wait(), 10)
    await daily.stop()
    logging.getLogger("frontdoor.export").removeHandler(heard)
    assert await lists(replica(rows, archive, Clock(NIGHT))._archive.files) == []


async def test_its_age_grows_while_its_place_cannot_be_reached(
    rows: Rows, tmp_path: Path, archive: Archive
) -> None:
    (tmp_path / "a-file").write_text("not a folder")
    gone = open_archive(str(tmp_path / "a-file"), str(tmp_path / "keys"), None)
    ages: list[float] = []
    clock = Clock(NIGHT)
    daily = replica(rows, gone, clock, ages)
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await daily.look()
        clock.at += dt.timedelta(hours=3)
    assert ages == [0.0, 3 * 3600.0], "nothing was ever exported: since it started"

    await replica(rows, archive, clock).look()
    clock.at += dt.timedelta(hours=30)
    started: list[float] = []
    with pytest.raises(StoreUnavailable):
        await replica(rows, gone, clock, started).look()
    assert started == [30 * 3600.0], "the store knows when the last one ended"
