"""A table store that shows each row as it is written. Reads and rules are the store's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from bot.desk.ports import Row, Rows


class WatchedRows:
    def __init__(self, rows: Rows, landed: Callable[[Row], None]) -> None:
        self._rows = rows
        self._landed = landed

    async def start(self) -> None:
        await self._rows.start()

    async def close(self) -> None:
        await self._rows.close()

    async def write(self, rows: Sequence[Row]) -> None:
        await self._rows.write(rows)
        for row in rows:
            self._landed(row)

    async def put(self, row: Row) -> None:
        await self._rows.put(row)
        self._landed(row)

    async def put_many(self, rows: Sequence[Row]) -> None:
        await self._rows.put_many(rows)
        for row in rows:
            self._landed(row)

    async def delete(self, table: str, partition: str, key: str) -> None:
        await self._rows.delete(table, partition, key)

    async def get(self, table: str, partition: str, key: str) -> Row | None:
        return await self._rows.get(table, partition, key)

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        return await self._rows.query(table, partition, first, last)

    def walk(self, table: str) -> AsyncIterator[Row]:
        return self._rows.walk(table)

    async def scrub(self) -> None:
        await self._rows.scrub()
