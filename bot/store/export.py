"""The whole store as files apart from it, and back. Only what changed is written again.

A file is named by its content and never written over. A list of the moment names every file that
makes up the store then, so any list still there can be restored, whatever came after it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.desk.ports import Row, Rows, StoreUnavailable
from bot.store.azure_tables import TABLES
from bot.store.blobs import Blobs
from bot.store.codec import VERSION
from bot.store.keys import Keys
from bot.store.sealing import BadExport, mark_of, opened, sealed

_LISTS = "lists/"
_AT = "%Y-%m-%dT%H%M%SZ"
_MARKS = "marks"
_EXPORTED = ("store", "exported")
_LOT_ROWS, _LOT_CHARACTERS = 100, 1_000_000
_FORMAT = 1


@dataclass(slots=True)
class Exported:
    """`files` make up the store, `written` of them are new."""

    name: str
    files: int = 0
    written: int = 0
    rows: int = 0


@dataclass(slots=True)
class Restored:
    """`erased` and `lost` count rows without their words: by intent, and for want of their key."""

    name: str
    at: dt.datetime
    rows: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    lost: int = 0


async def export(rows: Rows, blobs: Blobs, keys: Keys, now: dt.datetime) -> Exported:
    """Raises StoreUnavailable; what was written by then serves the next try."""
    secret = await keys.for_sealing(_MARKS)
    if secret is None:
        raise StoreUnavailable("the key of the export's names was destroyed")
    if not await is_exported(rows):
        await rows.put(Row("Index", *_EXPORTED, {"since": now}))
    before = await _files_of_newest(blobs)
    done = Exported(f"{_LISTS}{now:{_AT}}.json.gz")
    files: dict[str, list[str]] = {}
    for table in TABLES:
        async for found in _partitions(rows, table):
            name = f"files/{table}/{await asyncio.to_thread(mark_of, found, secret)}"
            files[name] = before.get(name) or [await _written(blobs, name, found, keys, done)]
            done.files += 1
            done.rows += len(found)
    whole = {"format": _FORMAT, "at": now.isoformat(), "store": VERSION, "files": files}
    await blobs.create(done.name, gzip.compress(json.dumps(whole).encode(), mtime=0))
    return done


async def is_exported(rows: Rows) -> bool:
    """Whether words of this store lie in an export too, under keys that erasure must destroy."""
    return await rows.get("Index", *_EXPORTED) is not None


async def _written(blobs: Blobs, name: str, rows: list[Row], keys: Keys, done: Exported) -> str:
    """The digest of the file, which may be there from an export that did not end."""
    data = await sealed(rows, keys)
    if not await blobs.create(name, data):
        data = await blobs.get(name) or b""
    done.written += 1
    return hashlib.sha256(data).hexdigest()


async def _partitions(rows: Rows, table: str) -> AsyncIterator[list[Row]]:
    found: list[Row] = []
    async for row in rows.walk(table):
        if found and row.partition != found[0].partition:
            yield found
            found = []
        found.append(row)
    if found:
        yield found


async def lists(blobs: Blobs) -> list[str]:
    """Names of the moments that can be restored, oldest first."""
    return [name async for name in blobs.names(_LISTS)]


def moment_of(name: str) -> dt.datetime:
    text = name.removeprefix(_LISTS).removesuffix(".json.gz")
    return dt.datetime.strptime(text, _AT).replace(tzinfo=dt.UTC)


async def _files_of_newest(blobs: Blobs) -> dict[str, list[str]]:
    found = await lists(blobs)
    return dict((await _list(blobs, found[-1]))["files"]) if found else {}


async def _list(blobs: Blobs, name: str) -> dict[str, Any]:
    """Raises BadExport."""
    data = await blobs.get(name)
    try:
        whole = dict(json.loads(gzip.decompress(data or b"")))
        known = whole["format"] <= _FORMAT and whole["store"] <= VERSION
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadExport(f"{name}: damaged ({type(error).__name__})") from None
    if not known:
        raise BadExport(f"{name}: written by a later version; restore it with that one")
    return whole


async def is_empty(rows: Rows) -> bool:
    for table in TABLES:
        async for _ in rows.walk(table):
            return False
    return True


def _in_small_lots(rows: list[Row]) -> Iterator[list[Row]]:
    """A transaction of Table Storage holds 100 rows and 4 MiB."""
    lot: list[Row] = []
    size = 0
    for row in rows:
        weight = sum(len(str(value)) for value in row.props.values())
        if lot and (len(lot) == _LOT_ROWS or size + weight > _LOT_CHARACTERS):
            yield lot
            lot, size = [], 0
        lot.append(row)
        size += weight
    if lot:
        yield lot


async def restore(rows: Rows, blobs: Blobs, keys: Keys, name: str) -> Restored:
    """Into an empty store; safe to repeat into the same one. Raises BadExport, StoreUnavailable."""
    whole = await _list(blobs, name)
    done = Restored(name, dt.datetime.fromisoformat(whole["at"]))
    for file, (digest, *_) in whole["files"].items():
        data = await blobs.get(file)
        if data is None:
            raise BadExport(f"{file}: missing")
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadExport(f"{file}: damaged")
        found = await opened(file, data, keys)
        for some in _in_small_lots(found.rows):
            await rows.put_many(some)
        table = found.rows[0].table
        done.rows[table] = done.rows.get(table, 0) + len(found.rows)
        done.erased += found.erased
        done.lost += found.lost
    return done
