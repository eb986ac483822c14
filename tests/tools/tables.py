"""A whole table at once: for stores as small as a test's."""

from __future__ import annotations

from bot.desk.ports import Row, Rows


async def rows_of(rows: Rows, table: str) -> list[Row]:
    """In partition and key order."""
    return [row async for row in rows.walk(table)]
