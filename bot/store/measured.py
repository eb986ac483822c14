"""Any table store, with each call counted and timed. What is stored is not looked at."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

from bot.desk.ports import AlreadyThere, Changed, Row, Rows, StoreUnavailable
from bot.desk.signals import Signals


class MeasuredRows:
    """The same contract as `rows`. A call is part of a trace only inside a turn or an effect: the
    clock's own reading would be most of what is kept.
    """

    def __init__(self, rows: Rows, signals: Signals) -> None:
        self._rows = rows
        self._signals = signals

    @contextmanager
    def _call(self, operation: str, table: str) -> Iterator[None]:
        began_s = time.perf_counter()
        outcome, lost = "fault", None
        try:
            with self._signals.span(f"store.{operation}", inside=True, table=table) as span:
                try:
                    yield
                    outcome = "ok"
                except (AlreadyThere, Changed) as answer:  # no fault: the store said who was first
                    outcome, lost = _OUTCOMES[type(answer)], answer
                except StoreUnavailable:
                    outcome = "unavailable"
                    raise
                finally:
                    span.set(outcome=outcome)
            if lost:
                raise lost
        finally:
            self._signals.stored(operation, table, outcome, time.perf_counter() - began_s)

    async def start(self) -> None:
        with self._call("start", ""):
            await self._rows.start()

    async def close(self) -> None:
        await self._rows.close()

    async def write(self, rows: Sequence[Row]) -> None:
        with self._call("write", rows[0].table):
            await self._rows.write(rows)

    async def put(self, row: Row) -> None:
        with self._call("put", row.table):
            await self._rows.put(row)

    async def put_many(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        with self._call("put_many", rows[0].table):
            await self._rows.put_many(rows)

    async def delete(self, table: str, partition: str, key: str) -> None:
        with self._call("delete", table):
            await self._rows.delete(table, partition, key)

    async def get(self, table: str, partition: str, key: str) -> Row | None:
        with self._call("get", table):
            return await self._rows.get(table, partition, key)

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        with self._call("query", table):
            return await self._rows.query(table, partition, first, last)

    async def walk(self, table: str) -> AsyncIterator[Row]:
        """Counted once, as long as it takes: whoever walks works in between."""
        with self._call("walk", table):
            async for row in self._rows.walk(table):
                yield row

    async def scrub(self) -> None:
        with self._call("scrub", ""):
            await self._rows.scrub()


_OUTCOMES = {AlreadyThere: "already_there", Changed: "changed"}
