"""The contract of named files, on a real folder and a real Azurite."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.ports import StoreUnavailable
from bot.store.azure_blobs import AzureBlobs
from bot.store.blobs import Blobs, FolderBlobs
from bot.store.keys import KEY_BYTES, Keys
from tests.tools.azurite import Azurite


@pytest.fixture(params=["folder", pytest.param("azurite", marks=pytest.mark.node)])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    made: Blobs
    if request.param == "folder":
        made = FolderBlobs(tmp_path / "blobs")
    else:
        server: Azurite = request.getfixturevalue("azurite")
        name = f"c{uuid.uuid4().hex}"
        made = AzureBlobs(name, connection_string=server.connection_string)
    await made.start()
    yield made
    await made.close()


async def test_a_blob_is_there_as_it_was_made(blobs: Blobs) -> None:
    assert await blobs.create("files/a/1", b"one") is True
    assert await blobs.get("files/a/1") == b"one"
    assert await blobs.get("files/a/2") is None


async def test_a_name_that_is_taken_is_never_written_over(blobs: Blobs) -> None:
    made = await asyncio.gather(*(blobs.create("x", str(n).encode()) for n in range(8)))
    assert sum(made) == 1
    assert await blobs.get("x") == str(made.index(True)).encode()


async def test_names_come_in_order_by_their_start(blobs: Blobs) -> None:
    for name in ("lists/b", "lists/a", "files/z"):
        await blobs.create(name, b"")
    assert [n async for n in blobs.names("lists/")] == ["lists/a", "lists/b"]
    assert [n async for n in blobs.names("none/")] == []


async def test_a_deleted_blob_is_gone_and_deleting_again_is_no_fault(blobs: Blobs) -> None:
    await blobs.create("x", b"1")
    await blobs.delete("x")
    await blobs.delete("x")
    assert await blobs.get("x") is None
    assert [n async for n in blobs.names("")] == []


async def test_starting_again_finds_what_is_there(blobs: Blobs) -> None:
    await blobs.create("x", b"1")
    await blobs.start()
    assert await blobs.get("x") == b"1"


async def test_a_key_is_made_once_and_stays(blobs: Blobs) -> None:
    keys = Keys(blobs)
    found = await asyncio.gather(*(keys.for_sealing("case.0") for _ in range(6)))
    assert len(set(found)) == 1
    assert len(found[0] or b"") == KEY_BYTES
    assert await keys.for_opening("case.0") == found[0]
    assert await keys.for_sealing("other.0") != found[0]


async def test_a_destroyed_key_is_gone_and_never_made_again(blobs: Blobs) -> None:
    keys = Keys(blobs)
    await keys.for_sealing("case.0")
    await keys.destroy("case.0")
    await keys.destroy("case.0")
    assert await keys.for_sealing("case.0") is None
    assert await keys.for_opening("case.0") is None
    assert await keys.destroyed("case.0")
    assert await keys.for_sealing("case.1") is not None


async def test_a_mark_keeps_the_first_facts_and_says_whether_there_was_a_key(blobs: Blobs) -> None:
    keys = Keys(blobs)
    assert await keys.facts_of("case.0") is None
    await keys.for_sealing("case.0")
    assert await keys.destroy("case.0", b'{"type":"words.erased"}') is True
    assert await keys.destroy("case.0", b"{}") is False
    assert await keys.facts_of("case.0") == b'{"type":"words.erased"}'
    assert await keys.destroy("never.0") is False
    assert await keys.facts_of("never.0") == b"{}"


@pytest.mark.parametrize("name", ["../x", "keys/../../x", "/etc/hostname"])
async def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        await FolderBlobs(tmp_path / "blobs").get(name)


async def test_a_folder_that_cannot_be_read_is_not_available(tmp_path: Path) -> None:
    (tmp_path / "blobs" / "x").mkdir(parents=True)
    with pytest.raises(StoreUnavailable):
        await FolderBlobs(tmp_path / "blobs").get("x")


async def test_a_key_destroyed_while_it_is_made_does_not_stay(blobs: Blobs) -> None:
    """An export has looked for the mark, then the key is destroyed, then the export makes one."""
    keys = Keys(blobs)

    class Late:
        async def get(self, name: str) -> bytes | None:
            found = await blobs.get(name)
            if name.startswith("gone/") and found is None:
                await keys.destroy("case.0")
            return found

        def __getattr__(self, name: str) -> object:
            return getattr(blobs, name)

    assert await Keys(Late()).for_sealing("case.0") is None  # type: ignore[arg-type]
    assert await keys.for_opening("case.0") is None


@pytest.mark.node
async def test_storage_that_does_not_answer_is_not_available() -> None:
    nowhere = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
        "BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    made = AzureBlobs("c", connection_string=nowhere)
    with pytest.raises(StoreUnavailable):
        await made.start()
    await made.close()
