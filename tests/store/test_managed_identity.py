"""Storage in Azure by managed identity: as in production, in a process of its own, over TLS."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import configuration
from bot.domain import events as ev
from bot.domain.vocabulary import HOST_TENANT
from bot.opening import open_rows
from bot.store.azure_blobs import AzureBlobs
from bot.store.export import export
from bot.store.keys import Keys
from bot.store.log import TableLog
from tests.store.test_log import AT, commit
from tests.tools.azurite import ROOT, Azurite
from tests.tools.cloud import APP_ID, Cloud

HOST = configuration.load().tenants[HOST_TENANT]
pytestmark = pytest.mark.node


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    server = Azurite()
    await asyncio.to_thread(server.start)
    made = Cloud(server)
    await made.start()
    yield made
    await made.stop()
    await asyncio.to_thread(server.stop)


async def run(cloud: Cloud, *words: str, **changes: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "app.py", *words),
        cwd=ROOT,
        env={**os.environ, **cloud.environment(HOST), **changes},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_tables_and_blobs_are_reached_with_the_identitys_tokens_and_nothing_else(
    cloud: Cloud, tmp_path: Path
) -> None:
    string = cloud.azurite.connection_string
    rows = open_rows(string)
    await rows.start()
    await TableLog(rows).append(commit("c" * 32, 1, [ev.LeadClaimed("words")]))
    for name in ("files", "keys"):
        made = AzureBlobs(name, connection_string=string)
        await made.start()
        await made.close()
    places = ("--files", cloud.container("files"), "--keys", cloud.container("keys"))
    # One account here; in production the two lie apart, so their addresses must differ.
    places = (*places[:3], places[3].replace("127.0.0.1", "localhost"))

    code, out = await run(cloud, "export", *places)

    assert (code, "Exported" in out) == (0, True), out
    assert cloud.let_in > 5
    assert {client for _, client in cloud.asked} == {APP_ID}
    assert all("storage.azure.com" in resource for resource, _ in cloud.asked)
    again = AzureBlobs("files", connection_string=string)
    kept = AzureBlobs("keys", connection_string=string)
    done = await export(rows, again, Keys(kept), AT)
    await again.close()
    await kept.close()
    assert done.written == 0, "nothing has changed since, so the command had exported it all"
    await rows.close()


async def test_an_identity_that_may_not_is_told_plainly(cloud: Cloud) -> None:
    code, out = await run(cloud, "rebuild", IDENTITY_HEADER="another")
    assert code == 70
    assert "StoreUnavailable" in out
    assert cloud.let_in == 0


async def test_a_container_nobody_made_is_said(cloud: Cloud) -> None:
    rows = open_rows(cloud.azurite.connection_string)
    await rows.start()
    await rows.close()
    keys = cloud.container("keys").replace("127.0.0.1", "localhost")
    code, out = await run(cloud, "export", "--files", cloud.container("nobodys"), "--keys", keys)
    assert code == 70
    assert "blob container is not there" in out
