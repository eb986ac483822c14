"""What Table Storage does on a bad day reaches the caller as what it is, and soon."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.ports import AlreadyThere, Changed, Row, StoreUnavailable
from bot.store import azure_tables
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


async def test_however_long_storage_asks_to_wait_a_call_ends(
    proxy: StorageProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(azure_tables, "_CALL_ENDS_WITHIN_S", 0.3)
    monkeypatch.setattr(azure_tables, "_PAGES_END_WITHIN_S", 0.3)
    rows = AzureRows(proxy.connection_string)
    await rows.start()
    proxy.slow_s, proxy.schedule = 4.0, lambda _: storage_proxy.SLOW

    async with asyncio.timeout(3.5):
        calls = (rows.get("Commits", "p", "C1"), rows.query("Commits", "p"), rows.put_many([ROW]))
        for call in (*calls, rows.write([ROW]), rows.put(ROW), rows.delete("Commits", "p", "C1")):
            with pytest.raises(StoreUnavailable):
                await call
    await rows.close()


async def test_somebody_else_was_first_is_no_fault_and_is_not_tried_again(
    proxy: StorageProxy,
) -> None:
    """So that what tests make storage say is heard as storage itself is."""
    rows = AzureRows(proxy.connection_string)
    await rows.start()
    await rows.write([ROW])
    found = await rows.get("Commits", "p", "C1")
    assert found is not None
    refusals = (
        (storage_proxy.CONFLICT, ROW, AlreadyThere),
        (storage_proxy.CHANGED, found, Changed),
    )
    for kind, row, refusal in refusals:
        proxy.schedule = lambda _, kind=kind: kind
        before = len(proxy.asked)
        with pytest.raises(refusal):
            await rows.write([row])
        assert len(proxy.asked) == before + 1
    await rows.close()
