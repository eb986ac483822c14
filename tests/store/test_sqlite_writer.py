"""The one thread that writes to SQLite: whatever it meets, those who wait are told; it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bot.desk.ports import Row, StoreUnavailable
from bot.store.sqlite import SqliteRows

_TOLD_WITHIN_S = 20.0


class Failing(sqlite3.Connection):
    faults: ClassVar[dict[str, type[Exception]]] = {}
    """By statement."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql in Failing.faults:
            raise Failing.faults[sql](sql)
        return super().execute(sql, *values)


@pytest.fixture
async def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteRows]:
    connect = sqlite3.connect

    def failing(*values: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*values, factory=Failing, **options)
        return made

    monkeypatch.setattr(sqlite3, "connect", failing)
    Failing.faults.clear()
    store = SqliteRows(tmp_path / "store.db")
    await store.start()
    yield store
    Failing.faults.clear()
    await store.close()


def row(key: str) -> Row:
    return Row("Commits", "p", key, {"text": "words"})


@pytest.mark.parametrize("at", ["begin immediate", "commit"])
@pytest.mark.parametrize("fault", [sqlite3.OperationalError, MemoryError])
async def test_after_a_commit_and_its_rollback_failed_the_next_write_lands(
    rows: SqliteRows, at: str, fault: type[Exception]
) -> None:
    Failing.faults.update({at: fault, "rollback": sqlite3.OperationalError})

    async with asyncio.timeout(_TOLD_WITHIN_S):
        with pytest.raises(StoreUnavailable):
            await rows.write([row("C1")])
        Failing.faults.clear()
        for key in ("C2", "C3"):  # the first may still find the transaction that would not go away
            try:
                await rows.write([row(key)])
            except StoreUnavailable:
                assert key == "C2"

    keys = {r.key for r in await rows.query("Commits", "p")}
    assert "C1" not in keys
    assert "C3" in keys


async def test_what_is_written_once_it_is_closed_is_refused_and_does_not_wait(
    rows: SqliteRows,
) -> None:
    await rows.write([row("C1")])
    await rows.close()

    async with asyncio.timeout(_TOLD_WITHIN_S):
        with pytest.raises(StoreUnavailable):
            await rows.write([row("C2")])


async def test_whoever_gave_up_with_their_loop_takes_nobody_with_them(rows: SqliteRows) -> None:
    other = asyncio.new_event_loop()
    rows._jobs.put((lambda _: None, True, other.create_future(), other))
    other.close()

    async with asyncio.timeout(_TOLD_WITHIN_S):
        await rows.write([row("C1")])

    assert [r.key for r in await rows.query("Commits", "p")] == ["C1"]
