"""Export, wipe, restore: the same log and the same figures. On a file and on a real Azurite."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from bot import configuration
from bot.archive import check_places, open_blobs
from bot.command_line import main
from bot.desk.ports import Rows, StoreUnavailable
from bot.desk.rebuild import rebuild
from bot.opening import open_rows
from bot.store import sealing, unsealing
from bot.store.azure_blobs import AzureBlobs
from bot.store.blobs import Blobs, FolderBlobs
from bot.store.export import export, lists, restore
from bot.store.keys import Keys
from bot.store.log import TableLog
from bot.store.restoring import is_empty
from bot.store.sealing import BadExport
from tests.records.conftest import everything, words_in_file
from tests.tools.azurite import Azurite
from tests.tools.tables import rows_of

NOW = dt.datetime(2026, 11, 27, 2, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture(params=["folder", pytest.param("azurite", marks=pytest.mark.node)])
async def places(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Blobs, Keys]]:
    if request.param == "folder":
        files: Blobs = FolderBlobs(tmp_path / "files")
        kept: Blobs = FolderBlobs(tmp_path / "keys")
    else:
        server: Azurite = request.getfixturevalue("azurite")
        name, string = uuid.uuid4().hex, server.connection_string
        files = AzureBlobs(f"files{name}", connection_string=string)
        kept = AzureBlobs(f"keys{name}", connection_string=string)
    await files.start()
    await kept.start()
    yield files, Keys(kept)
    await files.close()
    await kept.close()


@pytest.fixture
def own_azurite() -> Iterator[Azurite]:
    server = Azurite()
    server.start()
    yield server
    server.stop()


async def _restored(store: str, files: Blobs, keys: Keys, name: str = "") -> Rows:
    made = open_rows(store)
    await made.start()
    assert await is_empty(made)
    done = await restore(made, files, keys, name or (await lists(files))[-1])
    assert (done.erased, done.lost) == (0, 0)
    return made


async def test_what_is_restored_is_what_was_exported(
    rows: Rows, places: tuple[Blobs, Keys], tmp_path: Path
) -> None:
    done = await export(rows, *places, NOW)
    assert done.written == done.files > 20
    again = await _restored(str(tmp_path / "new.db"), *places)
    before = await everything(rows)
    assert await everything(again) == before
    assert await rebuild(again, TableLog(again), configuration.load()) == 6
    assert (await everything(again))["Figures"] == before["Figures"]
    await again.close()


@pytest.mark.node
async def test_azurite_is_wiped_and_comes_back(
    rows: Rows, own_azurite: Azurite, tmp_path: Path
) -> None:
    """File to Azurite, exported from there, wiped, and back into another Azurite."""
    files, keys = FolderBlobs(tmp_path / "files"), Keys(FolderBlobs(tmp_path / "keys"))
    await export(rows, files, keys, NOW)
    before = await everything(rows)
    moved = await _restored(own_azurite.connection_string, files, keys)
    assert await everything(moved) == before
    await export(moved, files, keys, LATER)
    await moved.close()
    own_azurite.stop()

    fresh = Azurite()
    fresh.start()
    try:
        again = await _restored(fresh.connection_string, files, keys)
        assert await everything(again) == before
        await again.close()
    finally:
        fresh.stop()


async def test_a_second_export_writes_only_what_changed(
    rows: Rows, places: tuple[Blobs, Keys], tmp_path: Path
) -> None:
    first = await export(rows, *places, NOW)
    case_id = next(r.partition for r in await rows_of(rows, "Commits"))
    before = await everything(rows)
    await TableLog(rows).mark_open("f" * 32)
    second = await export(rows, *places, LATER)
    assert second.files in (first.files, first.files + 1)
    assert second.written == 1, case_id
    # And the day before can still be had.
    again = await _restored(str(tmp_path / "new.db"), *places, first.name)
    assert await everything(again) == before
    await again.close()


async def test_nobodys_words_are_in_the_export_and_its_names_name_nobody(
    rows: Rows, tmp_path: Path
) -> None:
    files = FolderBlobs(tmp_path / "files")
    await export(rows, files, Keys(FolderBlobs(tmp_path / "keys")), NOW)
    whole, names = "", []
    async for name in files.names(""):
        names.append(name)
        whole += gzip.decompress(await files.get(name) or b"").decode()
    typed = words_in_file()
    stored = "".join(str(r.props) for r in await rows_of(rows, "Commits"))
    assert sum(t in stored for t in typed) > 40, "the words are looked for as they are stored"
    assert [t for t in typed if t in whole] == []
    assert not any("99001" in name for name in names)


async def test_without_its_key_a_referral_comes_back_without_words_and_says_so(
    rows: Rows, tmp_path: Path
) -> None:
    files, kept = FolderBlobs(tmp_path / "files"), FolderBlobs(tmp_path / "keys")
    await export(rows, files, Keys(kept), NOW)
    found = [name async for name in kept.names("keys/")]
    case_key = next(n for n in found if len(n) > 30)
    await kept.delete(case_key)
    made = open_rows(str(tmp_path / "new.db"))
    await made.start()
    done = await restore(made, files, Keys(kept), (await lists(files))[-1])
    assert done.lost > 0
    assert done.erased == 0
    await made.close()


class Dying:
    """Writes so many files and then the process is gone."""

    def __init__(self, blobs: Blobs, lives: int) -> None:
        self._blobs, self._lives = blobs, lives

    async def create(self, name: str, data: bytes) -> bool:
        if self._lives == 0:
            raise StoreUnavailable("killed")
        self._lives -= 1
        return await self._blobs.create(name, data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._blobs, name)


@pytest.mark.parametrize("lives", [0, 1, 7, 20])
async def test_an_export_that_died_is_finished_by_the_next(
    rows: Rows, tmp_path: Path, lives: int
) -> None:
    files, keys = FolderBlobs(tmp_path / "files"), Keys(FolderBlobs(tmp_path / "keys"))
    with pytest.raises(StoreUnavailable):
        await export(rows, Dying(files, lives), keys, NOW)  # type: ignore[arg-type]
    assert await lists(files) == []
    await export(rows, files, keys, LATER)
    again = await _restored(str(tmp_path / "new.db"), files, keys)
    assert await everything(again) == await everything(rows)
    await again.close()


async def _names(files: Blobs, start: str) -> list[str]:
    return [name async for name in files.names(start)]


@pytest.mark.parametrize("damage", ["missing", "damaged", "list", "later"])
async def test_an_export_that_is_not_whole_says_which_file(
    rows: Rows, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "files"
    files, keys = FolderBlobs(folder), Keys(FolderBlobs(tmp_path / "keys"))
    done = await export(rows, files, keys, NOW)
    file = (await _names(files, "files/Commits/"))[0]
    bad = file if damage in ("missing", "damaged") else done.name
    match damage:
        case "missing":
            (folder / bad).unlink()
        case "damaged":
            (folder / bad).write_bytes(b"not this")
        case "list":
            (folder / bad).write_bytes(b"\x1f\x8b not gzip")
        case "later":
            whole = json.loads(gzip.decompress((folder / bad).read_bytes()))
            (folder / bad).write_bytes(gzip.compress(json.dumps({**whole, "store": 99}).encode()))
    made = open_rows(str(tmp_path / "new.db"))
    await made.start()
    with pytest.raises(BadExport, match=bad.rsplit("/", 1)[-1].replace(".", r"\.")):
        await restore(made, files, keys, done.name)
    await made.close()


def test_the_words_of_one_row_cannot_be_moved_to_another() -> None:
    """Sealed words are bound to where they stood."""
    key = b"k" * 32
    text = sealing._encrypted(key, '{"words":"[]"}', b"Commits\na\nC1")
    assert unsealing.decrypted(key, text, b"Commits\na\nC1")
    with pytest.raises(InvalidTag):
        unsealing.decrypted(key, text, b"Commits\nb\nC1")


# The commands --------------------------------------------------------------------------


def run(*words: str) -> int:
    return main([*map(str, words)])


def test_the_commands_export_list_and_restore_and_the_figures_are_the_same(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--files", str(tmp_path / "files"), "--keys", str(tmp_path / "keys")]
    assert run("export", "--store", store, *where) == 0
    assert "Exported" in capsys.readouterr().out
    assert run("restore", "--list", *where) == 0
    moment = capsys.readouterr().out.strip()
    day = moment[:10]
    new = str(tmp_path / "new.db")
    assert run("restore", "--store", new, "--at", day, *where) == 0
    assert "Restored the export of" in capsys.readouterr().out
    figures = []
    for each in (store, new):
        assert run("stats", "--week", "2026-W48", "--json", "--store", each) == 0
        found = json.loads(capsys.readouterr().out)
        found.pop("as_at", None)
        figures.append(found)
    assert figures[0] == figures[1]
    assert figures[0]["measures"]


def test_a_restore_writes_over_nothing(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--files", str(tmp_path / "files"), "--keys", str(tmp_path / "keys")]
    run("export", "--store", store, *where)
    assert run("restore", "--store", store, *where) == 64
    assert "not empty" in capsys.readouterr().err


ONE = "DefaultEndpointsProtocol=https;AccountName=one;AccountKey=eA==;EndpointSuffix=core"


@pytest.mark.parametrize(
    ("files", "keys", "says"),
    [
        ("", "", "--files and --keys"),
        ("a", "a", "another storage account"),
        ("a", "a/keys", "another storage account"),
        ("a/b", "a", "another storage account"),
        ("https://one.blob.core.windows.net/x", "https://ONE.blob.core.windows.net/y", "another"),
        ("https://one.blob.core.windows.net/x", f"{ONE};Container=keys", "another"),
        (f"{ONE};Container=files", f"{ONE};Container=keys", "another"),
        (
            f"{ONE};Container=files",
            f"{ONE.lower()};BlobEndpoint=https://x/;AccountName=one",
            "anoth",
        ),
        (
            "UseDevelopmentStorage=true",
            "UseDevelopmentStorage=true;Container=front-door",
            "another",
        ),
    ],
)
def test_keys_never_lie_beside_what_they_lock(
    store: str, capsys: pytest.CaptureFixture[str], files: str, keys: str, says: str
) -> None:
    assert run("export", "--store", store, "--files", files, "--keys", keys) == 64
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("place", ["files", "keys"])
def test_one_without_the_other_is_refused(
    store: str, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    assert run("export", "--store", store, f"--{place}", "x") == 64
    assert "--files and --keys" in capsys.readouterr().err


def test_a_time_nothing_was_exported_at_is_said(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--files", str(tmp_path / "files"), "--keys", str(tmp_path / "keys")]
    run("export", "--store", store, *where)
    assert run("restore", "--store", "x.db", "--at", "1999-01-01", *where) == 64
    assert "--list" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        ("https://one.blob.core.windows.net/x", "https://two.blob.core.windows.net/x"),
        (ONE, ONE.replace("=one", "=two")),
        ("UseDevelopmentStorage=true;Container=a", "UseDevelopmentStorage=true;Container=b"),
    ],
)
def test_two_accounts_or_an_emulator_here_lie_apart(files: str, keys: str) -> None:
    check_places(files, keys)


def test_a_place_is_a_folder_a_container_or_an_emulator(tmp_path: Path) -> None:
    assert isinstance(open_blobs(str(tmp_path), None), FolderBlobs)
    string = "UseDevelopmentStorage=true;Container=x"
    assert isinstance(open_blobs(string, None), AzureBlobs)
