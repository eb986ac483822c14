"""Which referrals and days the log holds."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.desk.ports import Rows


async def streams(rows: Rows, table: str) -> AsyncIterator[str]:
    """Each partition of the table once, in order."""
    last = ""
    async for row in rows.walk(table):
        if row.partition != last:
            last = row.partition
            yield last
