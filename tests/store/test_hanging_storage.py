"""A connection to storage that never answers holds up its own call, and not for long."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.ports import Row, StoreUnavailable
from bot.store.azure_tables import AzureRows
from tests.tools import storage_proxy
from tests.tools.storage_proxy import StorageProxy

pytestmark = pytest.mark.node
ROW = Row("Commits", "p", "C1", {"text": "words"})


async def test_a_call_that_is_never_answered_ends_and_the_next_is_served(
    proxy: StorageProxy,
) -> None:
    rows = AzureRows(proxy.connection_string, answers_within_s=0.5)
    await rows.start()
    proxy.slow_s, proxy.schedule = 5.0, lambda _: storage_proxy.SLOW

    async with asyncio.timeout(60):
        with pytest.raises(StoreUnavailable):
            await rows.get("Commits", "p", "C1")
        with pytest.raises(StoreUnavailable):
            await rows.query("Commits", "p")
        with pytest.raises(StoreUnavailable):
            await rows.write([ROW])
        proxy.schedule = lambda _: ""
        await rows.write([ROW])

    assert await rows.get("Commits", "p", "C1") is not None
    await rows.close()
