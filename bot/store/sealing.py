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
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.desk.ports import FrontDoorError, Row, Rows
from bot.store.keys import Keys
from bot.store.words import Words, owner_of, parted

FORMAT = 1
NONCE_BYTES = 12
MOST_BYTES = 128 * 1024 * 1024
"""Of a file unpacked: what is larger is not written, and not read."""
MOST_ROWS = 1_000_000
ERASED = "words.erased"
"""The commits of a referral from before this event have lost their words."""


class BadExport(FrontDoorError):
    """A file of an export is missing, damaged or of a later format. The message names it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """`left_out` counts rows without the words they had: those were erased meanwhile."""

    data: bytes
    left_out: int = 0


def mark_of(rows: Sequence[Row], secret: bytes) -> str:
    """The same for the same content, and nothing a reader of file names could guess any from."""
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    digest.update(_json([rows[0].table, rows[0].partition]).encode())
    for row in rows:
        digest.update(_json([row.key, _props(row)]).encode())
        digest.update(b"\n")
    return digest.hexdigest()


async def sealed(found: Sequence[Row], rows: Rows, keys: Keys) -> Sealed:
    """One partition's rows, which were read from `rows`. Raises StoreUnavailable, and BadExport
    for more than could be read back.
    """
    head = {"format": FORMAT, "table": found[0].table, "partition": found[0].partition}
    lines = [_json(head)]
    sealing = _Sealing(rows, keys)
    generation = 0
    for row in found:
        bare, words = parted(row)
        line: dict[str, Any] = {"k": row.key, "p": _props(bare)}
        if words and (held := await sealing.words(row, words, generation)):
            line["w"] = held
        lines.append(_json(line))
        generation += is_erasure(row)
    data = "\n".join(lines).encode()
    if len(data) > MOST_BYTES or len(found) > MOST_ROWS:
        raise BadExport(f"a partition of {found[0].table} is too large to be read back")
    return Sealed(await asyncio.to_thread(gzip.compress, data, mtime=0), sealing.left_out)


def is_erasure(row: Row) -> bool:
    return ERASED in str(row.props.get("types", "")).split(",")


def key_name(owner: str, generation: int) -> str:
    """Words written after an erasure have a key of their own: the one before is gone for good."""
    return f"{owner}.{generation}"


async def first_kept(owner: str, generation: int, keys: Keys) -> tuple[str, bytes]:
    """The first generation from this one on that was not destroyed; its key is made if need be."""
    while True:
        name = key_name(owner, generation)
        if key := await keys.for_sealing(name):
            return name, key
        generation += 1


async def destroy_logged(owner: str, erasures: Sequence[bytes], keys: Keys) -> int:
    """Destroys one generation for each erasure of a referral, in the log's order, given as the
    facts its mark shall hold; returns how many keys were there. Safe to repeat.

    An erasure is known again by its facts: in a log that lacks an earlier one, words lie under a
    later generation than its erasures would count.
    """
    marks: list[bytes] = []
    while (facts := await keys.facts_of(key_name(owner, len(marks)))) is not None:
        marks.append(facts)
    known = {_canonical(facts) for facts in marks}
    wanted = [*marks, *(facts for facts in erasures if _canonical(facts) not in known)]
    gone = [await keys.destroy(key_name(owner, n), facts) for n, facts in enumerate(wanted)]
    return sum(gone)


def _canonical(facts: bytes) -> str:
    try:
        return _json(json.loads(facts))
    except ValueError:
        return ""


async def destroy_all(owner: str, keys: Keys) -> int:
    """Destroys every key an owner without a log has had; returns how many were there.

    Called before the words are taken out of the rows and again after: an export that read them in
    between has made the next key first, and looks again whether they still stand there.
    """
    gone, generation = 0, 0
    while True:
        name = key_name(owner, generation)
        kept = await keys.for_opening(name) is not None
        if generation and not kept and not await keys.destroyed(name):
            return gone
        gone += await keys.destroy(name)
        generation += 1


@dataclass(frozen=True, slots=True)
class _Now:
    """A partition as it stands."""

    rows: dict[str, Row]
    last_erasure: str

    def words_of(self, row: Row) -> Words:
        """What no erasure has taken or covers."""
        now = self.rows.get(row.key)
        return parted(now)[1] if now and now.key > self.last_erasure else {}


class _Sealing:
    """The words of one partition. Where a key is gone, words are left out only if they were taken
    out of their row or an erasure in the log covers them; others were written after an erasure and
    get the next key. An erasure is logged before its key goes, so whoever finds the key gone finds
    it in the log.
    """

    def __init__(self, rows: Rows, keys: Keys) -> None:
        self._rows = rows
        self._keys = keys
        self._found: dict[str, bytes | None] = {}
        self._now: dict[str, _Now] = {}
        self._next: dict[str, tuple[str, bytes]] = {}
        self.left_out = 0

    async def words(self, row: Row, words: Words, generation: int) -> list[str] | None:
        name = key_name(owner_of(row), generation)
        if name not in self._found:
            self._found[name] = await self._keys.for_sealing(name)
        key = self._found[name]
        if key is None:
            words, name, key = await self._still_there(row, name, generation)
        if not words:
            self.left_out += 1
            return None
        return [name, _encrypted(key, _json(words), bound(row))]

    async def _still_there(self, row: Row, gone: str, generation: int) -> tuple[Words, str, bytes]:
        """Looks again, and once more when there is a next key: whoever takes these words out
        destroys that one too, or has done so before the second look.
        """
        if gone not in self._now:
            self._now[gone] = await self._look(row)
        words = self._now[gone].words_of(row)
        if words and gone not in self._next:
            self._next[gone] = await first_kept(owner_of(row), generation + 1, self._keys)
            self._now[gone] = await self._look(row)
            words = self._now[gone].words_of(row)
        return (words, *self._next.get(gone, (gone, b"")))

    async def _look(self, row: Row) -> _Now:
        found = await self._rows.query(row.table, row.partition)
        last = max((r.key for r in found if is_erasure(r)), default="")
        return _Now({r.key: r for r in found}, last)


def bound(row: Row) -> bytes:
    return "\n".join((row.table, row.partition, row.key)).encode()


def _encrypted(key: bytes, text: str, to: bytes) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), to)).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _props(row: Row) -> dict[str, Any]:
    return {
        k: {"$at": v.astimezone(dt.UTC).isoformat()} if isinstance(v, dt.datetime) else v
        for k, v in row.props.items()
    }
