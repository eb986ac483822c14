"""Tables in one SQLite file: WAL, one writer thread that groups waiting writes into one commit."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bot.desk.ports import AlreadyThere, Changed, Row, StoreUnavailable, Value

_SCHEMA = """
create table if not exists rows (
    tbl text not null, part text not null, key text not null,
    etag integer not null, props text not null,
    primary key (tbl, part, key)
) without rowid
"""
_UPSERT = """
insert into rows values (?, ?, ?, 1, ?)
on conflict do update set etag = etag + 1, props = excluded.props
"""
_MOST_IN_ONE_COMMIT = 128
_BUSY_TIMEOUT_S = 10
_PAGE = 500
_SCRUB_TRIES = 20
_SCRUB_AGAIN_AFTER_S = 0.25

Write = Callable[[sqlite3.Connection], None]
_Job = tuple[Write, bool, "asyncio.Future[None]", asyncio.AbstractEventLoop]
"""The second: whether it is one statement, which happens whole or not at all."""


def _encode(props: dict[str, Value]) -> str:
    return json.dumps(
        {k: {"$at": v.isoformat()} if isinstance(v, dt.datetime) else v for k, v in props.items()},
        ensure_ascii=False,
    )


def _decode(text: str) -> dict[str, Value]:
    out: dict[str, Value] = {}
    for key, value in json.loads(text).items():
        out[key] = dt.datetime.fromisoformat(value["$at"]) if isinstance(value, dict) else value
    return out


def _row(record: tuple[Any, ...]) -> Row:
    table, partition, key, etag, props = record
    return Row(table, partition, key, _decode(props), str(etag))


class SqliteRows:
    """`path` is a file; it and its folder are made when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma secure_delete=on")
        return connection

    async def start(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._connect()
            connection.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error
        self._writer = threading.Thread(
            target=self._write_loop, args=(connection,), name="sqlite-write", daemon=True
        )
        self._writer.start()

    async def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            self._jobs.put(None)
            await asyncio.to_thread(writer.join)
        self._readers.shutdown(wait=True)
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def _write_loop(self, connection: sqlite3.Connection) -> None:
        while (job := self._jobs.get()) is not None:
            batch = [job]
            stop = False
            while len(batch) < _MOST_IN_ONE_COMMIT and not self._jobs.empty():
                more = self._jobs.get()
                if more is None:
                    stop = True
                    break
                batch.append(more)
            self._commit(connection, batch)
            if stop:
                break
        connection.close()

    def _commit(self, connection: sqlite3.Connection, batch: list[_Job]) -> None:
        """Each job by itself; nobody is told before the one commit is on disk."""
        results: list[Exception | None] = []
        try:
            connection.execute("begin immediate")
            for write, is_one, _, _ in batch:
                attempt = _refused if is_one else _undone
                results.append(attempt(connection, write))
            connection.execute("commit")
        except Exception as error:  # noqa: BLE001 - the writer's boundary: the next batch is tried
            with contextlib.suppress(sqlite3.Error):  # a full disk; the next batch comes here too
                if connection.in_transaction:
                    connection.execute("rollback")
            results = [StoreUnavailable(type(error).__name__)] * len(batch)
        for (*_, future, loop), result in zip(batch, results, strict=True):
            with contextlib.suppress(RuntimeError):  # its loop is closed: nobody waits
                loop.call_soon_threadsafe(_settle, future, result)

    async def _write(self, write: Write, *, is_one: bool) -> None:
        if self._writer is None:
            raise StoreUnavailable("closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._jobs.put((write, is_one, future, loop))
        await future

    async def write(self, rows: Sequence[Row]) -> None:
        encoded = [(r, _encode(r.props)) for r in rows]

        def write(connection: sqlite3.Connection) -> None:
            for row, props in encoded:
                if row.etag:
                    _replace(connection, row, props)
                else:
                    _create(connection, row, props)

        await self._write(write, is_one=len(encoded) == 1)

    async def put(self, row: Row) -> None:
        await self.put_many([row])

    async def put_many(self, rows: Sequence[Row]) -> None:
        records = [(r.table, r.partition, r.key, _encode(r.props)) for r in rows]
        await self._write(
            lambda c: _ignore(c.executemany(_UPSERT, records)), is_one=len(records) == 1
        )

    async def delete(self, table: str, partition: str, key: str) -> None:
        await self._write(
            lambda c: _ignore(
                c.execute(
                    "delete from rows where tbl = ? and part = ? and key = ?",
                    (table, partition, key),
                )
            ),
            is_one=True,
        )

    def _read(self, sql: str, values: tuple[str | int, ...]) -> list[Row]:
        try:
            return [_row(r) for r in self._reader().execute(sql, values)]
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._opened.append(connection)
        return connection

    async def _reading(self, sql: str, values: tuple[str | int, ...]) -> list[Row]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, sql, values)

    async def get(self, table: str, partition: str, key: str) -> Row | None:
        found = await self._reading(
            "select * from rows where tbl = ? and part = ? and key = ?", (table, partition, key)
        )
        return found[0] if found else None

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        return await self._reading(
            "select * from rows where tbl = ? and part = ? and key >= ?"
            " and (? = '' or key <= ?) order by key",
            (table, partition, first, last, last),
        )

    async def walk(self, table: str) -> AsyncIterator[Row]:
        after = ("", "")
        while found := await self._reading(
            "select * from rows where tbl = ? and (part, key) > (?, ?) order by part, key limit ?",
            (table, *after, _PAGE),
        ):
            for row in found:
                yield row
            after = (found[-1].partition, found[-1].key)

    async def scrub(self) -> None:
        """Freed pages are overwritten (`secure_delete`); what the write-ahead log still holds of
        them goes with a checkpoint that empties it.
        """
        loop = asyncio.get_running_loop()
        for _ in range(_SCRUB_TRIES):
            if await loop.run_in_executor(self._readers, self._emptied):
                return
            await asyncio.sleep(_SCRUB_AGAIN_AFTER_S)
        raise StoreUnavailable("the file is being read: try again")

    def _emptied(self) -> bool:
        connection = self._reader()
        try:
            connection.execute("vacuum")
            busy, _, _ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        except sqlite3.OperationalError:
            return False
        return not busy


def _refused(connection: sqlite3.Connection, write: Write) -> Exception | None:
    """Also what SQLite cannot hold, half a letter foremost: it must not take others with it."""
    try:
        write(connection)
    except (AlreadyThere, Changed, ValueError, OverflowError, sqlite3.DataError) as refusal:
        return refusal
    return None


def _undone(connection: sqlite3.Connection, write: Write) -> Exception | None:
    """What a refused job did before it was refused does not stay."""
    connection.execute("savepoint one")
    refusal = _refused(connection, write)
    if refusal:
        connection.execute("rollback to one")
    connection.execute("release one")
    return refusal


def _create(connection: sqlite3.Connection, row: Row, props: str) -> None:
    record = (row.table, row.partition, row.key, props)
    done = connection.execute("insert or ignore into rows values (?, ?, ?, 1, ?)", record)
    if done.rowcount == 0:
        raise AlreadyThere(row.key)


def _replace(connection: sqlite3.Connection, row: Row, props: str) -> None:
    done = connection.execute(
        "update rows set etag = etag + 1, props = ?"
        " where tbl = ? and part = ? and key = ? and etag = ?",
        (props, row.table, row.partition, row.key, int(row.etag)),
    )
    if done.rowcount == 0:
        raise Changed(row.key)


def _ignore(_: object) -> None:
    return None


def _settle(future: asyncio.Future[None], result: Exception | None) -> None:
    if future.cancelled():
        return
    if result is None:
        future.set_result(None)
    else:
        future.set_exception(result)
