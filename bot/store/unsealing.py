"""A sealed file read back. Whatever is wrong with it is BadExport, which names the file."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import re
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.desk.ports import Row, Value
from bot.store.azure_tables import TABLES
from bot.store.keys import Keys
from bot.store.sealing import FORMAT, MOST_BYTES, MOST_ROWS, NONCE_BYTES, BadExport, bound
from bot.store.words import is_secret, joined

FILE_NAME = re.compile(rf"files/({'|'.join(TABLES)})/[0-9a-f]{{64}}", re.ASCII)
_KEY_NAME = re.compile(r"[^/\\\s]{1,420}\.\d{1,6}", re.ASCII)
_GZIP = 31


class Opened:
    """What was in a file. `erased`: names of the keys that were destroyed, once for each row they
    would have opened; `lost` counts rows whose words' key is gone though nobody destroyed it.
    """

    def __init__(self, table: str, partition: str) -> None:
        self.table = table
        self.partition = partition
        self.rows: list[Row] = []
        self.erased: list[str] = []
        self.lost = 0


def unpacked(name: str, data: bytes) -> bytes:
    """Raises BadExport, also for what would be larger than MOST_BYTES."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        out = unpacking.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise BadExport(f"{name}: damaged (not gzip)") from None
    if len(out) > MOST_BYTES:
        raise BadExport(f"{name}: too large to be an export's")
    if not unpacking.eof or unpacking.unused_data:
        raise BadExport(f"{name}: damaged (cut off)")
    return out


async def opened(name: str, data: bytes, keys: Keys) -> Opened:
    """`name` is the file's. Raises BadExport and StoreUnavailable."""
    head, *lines = await asyncio.to_thread(_lines, name, data)
    found = _headed(name, head)
    held: set[str] = set()
    for number, line in enumerate(lines, 2):
        where = f"{name}: line {number}"
        row = _row_of(where, found, line)
        if row.key in held:
            raise BadExport(f"{where}: a row is there twice")
        held.add(row.key)
        whole = await _with_words(where, row, line["w"], keys, found) if "w" in line else row
        if whole:
            found.rows.append(whole)
    return found


def _lines(name: str, data: bytes) -> list[Any]:
    text = unpacked(name, data)
    if text.count(b"\n") > MOST_ROWS:
        raise BadExport(f"{name}: too many rows")
    try:
        # Words may hold separators that `splitlines` would cut at.
        found = [json.loads(line) for line in text.decode().split("\n")]
    except (ValueError, RecursionError) as error:
        raise BadExport(f"{name}: damaged ({type(error).__name__})") from None
    if len(found) < 2:
        raise BadExport(f"{name}: holds no rows")
    return found


def _headed(name: str, head: Any) -> Opened:
    match head:
        case {"format": int(version), "table": str(table), "partition": str(partition)}:
            pass
        case _:
            raise BadExport(f"{name}: damaged (its head)")
    if version > FORMAT:
        raise BadExport(f"{name}: of a later format; use the version that wrote it")
    named = FILE_NAME.fullmatch(name)
    if named is None or named[1] != table or not partition:
        raise BadExport(f"{name}: its head is of another file")
    return Opened(table, partition)


def _row_of(where: str, found: Opened, line: Any) -> Row:
    match line:
        case {"k": str(key), "p": dict(props)} if key:
            return Row(found.table, found.partition, key, _loaded(where, props))
        case _:
            raise BadExport(f"{where}: damaged")


def _loaded(where: str, props: dict[str, Any]) -> dict[str, Value]:
    return {key: _value(where, value) for key, value in props.items()}


def _value(where: str, value: Any) -> Value:
    match value:
        case str() | bool() | int() | float():
            return value
        case {"$at": str(text)}:
            try:
                return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
            except (ValueError, OverflowError):
                raise BadExport(f"{where}: a time that is none") from None
        case _:
            raise BadExport(f"{where}: a value of no kind a row can hold")


async def _with_words(where: str, row: Row, held: Any, keys: Keys, found: Opened) -> Row | None:
    """None for a row that is nothing without its words."""
    match held:
        case [str(name), str(text)] if _KEY_NAME.fullmatch(name):
            pass
        case _:
            raise BadExport(f"{where}: damaged (its words)")
    key = await keys.for_opening(name)
    if key is None:
        if await keys.destroyed(name):
            found.erased.append(name)
        else:
            found.lost += 1
        return None if is_secret(row) else row
    try:
        return joined(row, json.loads(decrypted(key, text, bound(row))))
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise BadExport(f"{where}: its words cannot be opened with their key") from None


def decrypted(key: bytes, text: str, to: bytes) -> str:
    """Raises InvalidTag, and ValueError for what is no such text."""
    data = base64.b64decode(text)
    return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], to).decode()
