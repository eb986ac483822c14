"""An export somebody else had their hands on: refused by the file's name, and nothing forged."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from pathlib import Path

import pytest

from bot.desk.ports import Row
from bot.opening import open_rows
from bot.store.blobs import FolderBlobs
from bot.store.export import export, exported_to, fingerprint, lists, restore
from bot.store.keys import Keys
from bot.store.listing import MARKS, Listed, name_of, written
from bot.store.sealing import MOST_BYTES, BadExport
from bot.store.tallies import TableTallies
from bot.store.unsealing import opened

NOW = dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)
LIST = name_of(NOW)
FILE = f"files/Commits/{'a' * 64}"
OTHER = f"files/Commits/{'b' * 64}"
HEAD = '{"format":1,"table":"Commits","partition":"x"}'
ROW = '{"k":"C1","p":{}}'


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(FolderBlobs(tmp_path / "keys"))


def packed(*lines: str) -> bytes:
    return gzip.compress("\n".join(lines).encode())


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [HEAD],
        ["5", ROW],
        ['{"format":1,"table":"Commits"}', ROW],
        ['{"format":"1","table":"Commits","partition":"x"}', ROW],
        ['{"format":9,"table":"Commits","partition":"x"}', ROW],
        ['{"format":1,"table":"Index","partition":"store"}', ROW],
        ['{"format":1,"table":"Evil","partition":"x"}', ROW],
        [HEAD, "5"],
        [HEAD, "{"],
        [HEAD, '{"k":"C1"}'],
        [HEAD, '{"p":{}}'],
        [HEAD, ROW, ROW],
        [HEAD, '{"k":"C1","p":{"at":{"x":1}}}'],
        [HEAD, '{"k":"C1","p":{"at":{"$at":"soon"}}}'],
        [HEAD, '{"k":"C1","p":{"at":null}}'],
        [HEAD, '{"k":"C1","p":{},"w":["a.0"]}'],
        [HEAD, '{"k":"C1","p":{},"w":["a.0",5]}'],
        [HEAD, '{"k":"C1","p":{},"w":["../../etc/hostname","AAAA"]}'],
        [HEAD, "[" * 100_000],
    ],
)
async def test_a_malformed_line_is_told_with_its_file(keys: Keys, lines: list[str]) -> None:
    with pytest.raises(BadExport, match=FILE):
        await opened(FILE, packed(*lines), keys)


@pytest.mark.parametrize(
    "data",
    [b"", b"x", packed(HEAD, ROW)[:-9], packed(HEAD, ROW) + b"more", b"\x1f\x8b"],
    ids=["empty", "other", "cut", "more", "begun"],
)
async def test_what_is_not_one_whole_gzip_is_told(keys: Keys, data: bytes) -> None:
    with pytest.raises(BadExport, match=FILE):
        await opened(FILE, data, keys)


async def test_a_file_that_would_unpack_to_more_than_it_may_is_not_unpacked(keys: Keys) -> None:
    bomb = gzip.compress(b"\0" * (MOST_BYTES + 2))
    with pytest.raises(BadExport, match="too large"):
        await opened(FILE, bomb, keys)


async def test_separators_inside_a_text_cut_no_line(keys: Keys) -> None:
    line = json.dumps({"k": "C1", "p": {"x": "a\u2028b\u0085c"}}, ensure_ascii=False)
    found = await opened(FILE, packed(HEAD, line), keys)
    assert found.rows == [Row("Commits", "x", "C1", {"x": "a\u2028b\u0085c"})]


async def refused(tmp_path: Path, files: FolderBlobs, keys: Keys, says: str) -> None:
    rows = open_rows(str(tmp_path / "new.db"))
    await rows.start()
    with pytest.raises(BadExport, match=says):
        await restore(rows, files, keys, LIST)
    await rows.close()


async def test_a_list_that_is_not_signed_with_these_keys_is_refused(
    tmp_path: Path, files: FolderBlobs, keys: Keys
) -> None:
    await refused(tmp_path, files, keys, "look for the right --keys")
    await keys.for_sealing(MARKS)
    await files.create(FILE, packed(HEAD, ROW))
    digest = hashlib.sha256(packed(HEAD, ROW)).hexdigest()
    forged = written(LIST, Listed(NOW, {FILE: digest}), b"another secret")
    await files.create(LIST, forged)
    await refused(tmp_path, files, keys, "not signed with these keys")
    await files.delete(LIST)
    whole = json.loads(gzip.decompress(forged))
    whole.pop("hmac")
    await files.create(LIST, gzip.compress(json.dumps({**whole, "format": 1}).encode()))
    await refused(tmp_path, files, keys, "the version that wrote it")


async def signed(files: FolderBlobs, keys: Keys, listed: dict[str, str], name: str = LIST) -> None:
    secret = await keys.for_sealing(MARKS)
    assert secret
    await files.create(name, written(name, Listed(NOW, listed), secret))


async def test_a_file_changed_after_it_was_listed_and_a_list_under_another_name_are_refused(
    tmp_path: Path, files: FolderBlobs, keys: Keys
) -> None:
    await files.create(FILE, packed(HEAD, ROW))
    await signed(files, keys, {FILE: "0" * 64})
    await refused(tmp_path, files, keys, "damaged")
    later = name_of(NOW + dt.timedelta(days=1))
    await signed(files, keys, {}, later)
    moved = await files.get(later)
    await files.delete(LIST)
    assert moved
    await files.create(LIST, moved)
    await refused(tmp_path, files, keys, "not signed")


@pytest.mark.parametrize("name", ["../../etc/hostname", "files", f"files/Evil/{'a' * 64}", LIST])
async def test_a_list_names_only_files_of_an_export(
    tmp_path: Path, files: FolderBlobs, keys: Keys, name: str
) -> None:
    await signed(files, keys, {name: "0" * 64})
    await refused(tmp_path, files, keys, "what it lists")


async def test_a_partition_comes_once(tmp_path: Path, files: FolderBlobs, keys: Keys) -> None:
    data = packed(HEAD, ROW)
    digest = hashlib.sha256(data).hexdigest()
    for name in (FILE, OTHER):
        await files.create(name, data)
    await signed(files, keys, {FILE: digest, OTHER: digest})
    await refused(tmp_path, files, keys, "another file holds")


async def test_what_lies_under_a_files_name_before_its_list_is_looked_at(
    store: str, files: FolderBlobs, keys: Keys
) -> None:
    rows = open_rows(store)
    await rows.start()
    await export(rows, files, keys, NOW)
    name = next(iter([n async for n in files.names("files/Desk/")]))
    head = json.loads(gzip.decompress(await files.get(name) or b"").split(b"\n")[0])
    await files.delete(name)
    await files.delete(LIST)
    await files.create(name, packed(json.dumps(head), ROW))
    with pytest.raises(BadExport, match=name):
        await export(rows, files, keys, NOW)
    await rows.close()


async def test_a_list_put_beside_stops_no_export(
    store: str, files: FolderBlobs, keys: Keys
) -> None:
    rows = open_rows(store)
    await rows.start()
    first = await export(rows, files, keys, NOW)
    await files.create("lists/9999-99-99T000000Z.json.gz", b"")
    await files.create("lists/2099-01-01T000000Z.json.gz", b"forged")
    done = await export(rows, files, keys, NOW + dt.timedelta(days=1))
    assert done.written < first.written, "the one before it served"
    assert len(await lists(files)) == 3
    await rows.close()


# What is sealed, and where ----------------------------------------------------------------


async def test_the_secret_of_pseudonyms_is_sealed_and_comes_back(
    store: str, tmp_path: Path, files: FolderBlobs, keys: Keys
) -> None:
    rows, again = open_rows(store), open_rows(str(tmp_path / "new.db"))
    await rows.start()
    await again.start()
    secret = await TableTallies(rows).import_secret()
    done = await export(rows, files, keys, NOW)
    whole = b"".join([gzip.decompress(await files.get(n) or b"") async for n in files.names("")])
    assert secret.hex().encode() not in whole
    await restore(again, files, keys, done.name)
    assert await TableTallies(again).import_secret() == secret
    await rows.close()
    await again.close()


async def test_every_place_that_a_store_was_exported_to_is_known(
    store: str, tmp_path: Path, files: FolderBlobs, keys: Keys
) -> None:
    rows = open_rows(store)
    await rows.start()
    other = Keys(FolderBlobs(tmp_path / "other keys"))
    assert await exported_to(rows) == frozenset()
    assert await fingerprint(keys) == ""
    await export(rows, files, keys, NOW)
    await export(rows, FolderBlobs(tmp_path / "other"), other, NOW)
    both = {await fingerprint(keys), await fingerprint(other)}
    assert len(both) == 2
    assert await exported_to(rows) == both
    await rows.close()
