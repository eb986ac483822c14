"""Rows of one partition as one sealed file: facts as they are, people's words under a key.

A file is gzip of JSON lines: a head, then a row a line. `w` of a row is the name of the key and
what AES-256-GCM made of the words, bound to the row they stood in.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import gzip
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.desk.ports import FrontDoorError, Row, Value
from bot.store.keys import Keys
from bot.store.words import joined, owner_of, parted

FORMAT = 1
_NONCE_BYTES = 12
ERASED = "words.erased"
"""The commits of a referral from before this event have lost their words."""


class BadExport(FrontDoorError):
    """A file of an export is missing, damaged or of a later format. The message names it."""


def mark_of(rows: Sequence[Row], secret: bytes) -> str:
    """The same for the same content, and nothing a reader of file names could guess any from."""
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    digest.update(_json([rows[0].table, rows[0].partition]).encode())
    for row in rows:
        digest.update(_json([row.key, _props(row)]).encode())
        digest.update(b"\n")
    return digest.hexdigest()


async def sealed(rows: Sequence[Row], keys: Keys) -> bytes:
    """One partition's rows. Words whose key was destroyed meanwhile are left out. Raises
    StoreUnavailable.
    """
    head = {"format": FORMAT, "table": rows[0].table, "partition": rows[0].partition}
    lines = [_json(head)]
    generation, found = 0, dict[str, bytes | None]()
    for row in rows:
        bare, words = parted(row)
        line: dict[str, Any] = {"k": row.key, "p": _props(bare)}
        if words:
            name = key_name(owner_of(row), generation)
            if name not in found:
                found[name] = await keys.for_sealing(name)
            if key := found[name]:
                line["w"] = [name, _encrypted(key, _json(words), _bound(row))]
        lines.append(_json(line))
        generation += ERASED in str(row.props.get("types", "")).split(",")
    return await asyncio.to_thread(gzip.compress, "\n".join(lines).encode(), mtime=0)


def key_name(owner: str, generation: int) -> str:
    """Words written after an erasure have a key of their own: the one before is gone for good."""
    return f"{owner}.{generation}"


class Opened:
    """What was in a file. `lost` counts rows whose words' key is gone though nobody erased them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.erased = 0
        self.lost = 0


async def opened(name: str, data: bytes, keys: Keys) -> Opened:
    """Raises BadExport and StoreUnavailable."""
    try:
        head, *lines = map(json.loads, gzip.decompress(data).decode().splitlines())
        known = head["format"] <= FORMAT
        table, partition = head["table"], head["partition"]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadExport(f"{name}: damaged ({type(error).__name__})") from None
    if not known:
        raise BadExport(f"{name}: of a later format; use the version that wrote it")
    found = Opened()
    for line in lines:
        row = Row(table, partition, line["k"], _loaded(line["p"]))
        if "w" in line:
            row = await _with_words(name, row, line["w"], keys, found)
        found.rows.append(row)
    return found


async def _with_words(name: str, row: Row, held: list[str], keys: Keys, found: Opened) -> Row:
    key_name, text = held
    key = await keys.for_opening(key_name)
    if key is None:
        if await keys.destroyed(key_name):
            found.erased += 1
        else:
            found.lost += 1
        return row
    try:
        words = json.loads(_decrypted(key, text, _bound(row)))
    except (InvalidTag, ValueError):
        raise BadExport(f"{name}: the words of a row cannot be opened with its key") from None
    return joined(row, words)


def _bound(row: Row) -> bytes:
    return "\n".join((row.table, row.partition, row.key)).encode()


def _encrypted(key: bytes, text: str, bound: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), bound)).decode()


def _decrypted(key: bytes, text: str, bound: bytes) -> str:
    data = base64.b64decode(text)
    return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _props(row: Row) -> dict[str, Any]:
    return {
        k: {"$at": v.astimezone(dt.UTC).isoformat()} if isinstance(v, dt.datetime) else v
        for k, v in row.props.items()
    }


def _loaded(props: dict[str, Any]) -> dict[str, Value]:
    return {
        k: dt.datetime.fromisoformat(v["$at"]) if isinstance(v, dict) else v
        for k, v in props.items()
    }
