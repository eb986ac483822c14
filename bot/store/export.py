"""The whole store as files apart from it. Only what changed is written again.

A file is named by its content and never written over. A list of the moment names every file that
makes up the store then, so any list still there can be restored, whatever came after it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from bot.desk.ports import AlreadyThere, Changed, Row, Rows, StoreUnavailable
from bot.store.azure_tables import TABLES
from bot.store.blobs import Blobs
from bot.store.keys import Keys
from bot.store.listing import MARKS, Listed, lists, moment_of, name_of, read_list, written
from bot.store.restoring import restore
from bot.store.sealing import BadExport, mark_of, sealed
from bot.store.unsealing import opened
from bot.store.words import parted

__all__ = ["export", "exported_to", "fingerprint", "lists", "moment_of", "restore"]

_EXPORTED = ("store", "exported")
_PLACE = "place_"
_TRIES = 20


@dataclass(slots=True)
class Exported:
    """`files` make up the store, `written` of them are new. `left_out` counts new rows whose words
    an erasure took while they were read.
    """

    name: str
    files: int = 0
    written: int = 0
    rows: int = 0
    left_out: int = 0


async def export(rows: Rows, blobs: Blobs, keys: Keys, now: dt.datetime) -> Exported:
    """Raises StoreUnavailable; what was written by then serves the next try."""
    secret = await keys.for_sealing(MARKS)
    if secret is None:
        raise StoreUnavailable("the key of the export's names was destroyed")
    await _note_place(rows, _fingerprint(secret), now)
    writing = _Writing(rows, blobs, keys, secret, Exported(name_of(now)))
    before = await _files_of_newest(blobs, secret)
    files: dict[str, str] = {}
    for table in TABLES:
        async for found in _partitions(rows, table):
            name = f"files/{table}/{await asyncio.to_thread(mark_of, found, secret)}"
            files[name] = before.get(name) or await writing.file(name, found)
            writing.done.files += 1
            writing.done.rows += len(found)
    done = writing.done
    await blobs.create(done.name, written(done.name, Listed(now, files), secret))
    return done


# Where the store is exported to -----------------------------------------------------------


async def exported_to(rows: Rows) -> frozenset[str]:
    """The fingerprint of every keys' place that words of this store were ever sealed with."""
    row = await rows.get("Index", *_EXPORTED)
    names = row.props if row else ()
    return frozenset(name.removeprefix(_PLACE) for name in names if name.startswith(_PLACE))


async def fingerprint(keys: Keys) -> str:
    """Tells one keys' place from another; empty where nothing was ever sealed."""
    secret = await keys.for_opening(MARKS)
    return _fingerprint(secret) if secret else ""


def _fingerprint(secret: bytes) -> str:
    return hmac.new(secret, b"place", hashlib.sha256).hexdigest()[:16]


async def _note_place(rows: Rows, place: str, now: dt.datetime) -> None:
    """Before the first word is sealed there. Two exports to two places may note theirs at once."""
    name = f"{_PLACE}{place}"
    for _ in range(_TRIES):
        row = await rows.get("Index", *_EXPORTED) or Row("Index", *_EXPORTED, {"since": now})
        if name in row.props:
            return
        try:
            await rows.write([replace(row, props={**row.props, name: now})])
        except (AlreadyThere, Changed):
            continue
        return
    raise Changed(_EXPORTED[1])


# Files ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writing:
    rows: Rows
    blobs: Blobs
    keys: Keys
    secret: bytes
    done: Exported

    async def file(self, name: str, found: list[Row]) -> str:
        """The digest of the file, which may be there from an export that did not end."""
        made = await sealed(found, self.rows, self.keys)
        data = made.data
        if not await self.blobs.create(name, data):
            data = await self.blobs.get(name) or b""
            await self._check_same(name, data, found)
        self.done.written += 1
        self.done.left_out += made.left_out
        return hashlib.sha256(data).hexdigest()

    async def _check_same(self, name: str, data: bytes, found: list[Row]) -> None:
        """Nothing signs a file before a list does. Words need no look: their key signs them."""
        there = (await opened(name, data, self.keys)).rows
        if await asyncio.to_thread(self._differ, there, found):
            raise BadExport(f"{name}: holds something else than its name says")

    def _differ(self, one: list[Row], other: list[Row]) -> bool:
        marks = {
            mark_of([parted(row)[0] for row in rows], self.secret) if rows else ""
            for rows in (one, other)
        }
        return len(marks) > 1


async def _partitions(rows: Rows, table: str) -> AsyncIterator[list[Row]]:
    found: list[Row] = []
    async for row in rows.walk(table):
        if found and row.partition != found[0].partition:
            yield found
            found = []
        found.append(row)
    if found:
        yield found


async def _files_of_newest(blobs: Blobs, secret: bytes) -> dict[str, str]:
    """Of the newest list that is whole and ours: what somebody else put there stops no export."""
    for name in reversed(await lists(blobs)):
        try:
            return (await read_list(blobs, name, secret)).files
        except BadExport:
            continue
    return {}
