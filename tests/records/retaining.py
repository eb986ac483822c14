"""What the tests of retention share: the days, the work, and looking for words in bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from bot import configuration
from bot.desk.ports import Rows
from bot.domain import events as ev
from bot.records.certificate import Certificate
from bot.records.retention import Retention
from bot.store.erasing import Erasing
from bot.store.keys import Keys
from bot.store.log import TableLog
from tests.records.conftest import words_in_file

PARTNERSHIP = configuration.load()
DAYS = PARTNERSHIP.words_days_after_closing
CLOSED_BY = dt.datetime(2026, 11, 27, 18, 0, tzinfo=dt.UTC)
DUE = CLOSED_BY + dt.timedelta(days=DAYS + 1)
NIGHT = dt.datetime(2026, 11, 28, 2, 0, tzinfo=dt.UTC)


def work(rows: Rows, keys: Keys | None = None, now: dt.datetime = DUE) -> Retention:
    given = [keys] if keys else []
    return Retention(rows, TableLog(rows), PARTNERSHIP, Erasing(rows, given), now)


def paper(now: dt.datetime = DUE) -> Certificate:
    return Certificate("ERASE-1", "Olu B.", now.isoformat(), DAYS)


async def erase_due(rows: Rows, keys: Keys | None = None) -> Certificate:
    made = paper()
    await work(rows, keys).erase(await work(rows, keys).plan(), made)
    return made


def in_bytes(folder: Path, words: list[str] | None = None) -> list[str]:
    """Which of these words, else of all that people typed, are in any file below."""
    whole = b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
    wanted = words or words_in_file()
    return [t for t in wanted if t.encode() in whole or t.encode("utf-16-le") in whole]


async def appended(rows: Rows, case_id: str, *events: ev.Event, at: dt.datetime = DUE) -> None:
    log = TableLog(rows)
    last = (await log.load(case_id)).commits[-1]
    recorded = tuple(ev.Recorded(e, at, "sw-1") for e in events)
    await log.append(replace(last, n=last.n + 1, at=at, recorded=recorded, effects=(), press=""))
