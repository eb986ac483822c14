"""The list of one export: every file that made up the store then, signed.

The signature covers the list's own name and the digest of each file, so a list or a file that
somebody else put there is found out. Its secret lies with the keys.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from bot.store.blobs import Blobs
from bot.store.codec import VERSION
from bot.store.keys import Keys
from bot.store.sealing import BadExport
from bot.store.unsealing import FILE_NAME, unpacked

MARKS = "marks"
"""The name of the secret that signs lists and names files."""
_LISTS = "lists/"
_AT = "%Y-%m-%dT%H%M%SZ"
_FORMAT = 2
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """`files`: the digest of each, by name."""

    at: dt.datetime
    files: dict[str, str]


async def lists(blobs: Blobs) -> list[str]:
    """Names of the moments that can be restored, oldest first."""
    return [name async for name in blobs.names(_LISTS) if _is_a_list(name)]


def name_of(moment: dt.datetime) -> str:
    return f"{_LISTS}{moment:{_AT}}.json.gz"


def moment_of(name: str) -> dt.datetime:
    text = name.removeprefix(_LISTS).removesuffix(".json.gz")
    return dt.datetime.strptime(text, _AT).replace(tzinfo=dt.UTC)


def _is_a_list(name: str) -> bool:
    """Anything may have been put beside them."""
    with contextlib.suppress(ValueError):
        return name_of(moment_of(name)) == name
    return False


def written(name: str, listed: Listed, secret: bytes) -> bytes:
    whole = {
        "format": _FORMAT,
        "at": listed.at.isoformat(),
        "store": VERSION,
        "files": listed.files,
    }
    signed = {**whole, "hmac": _signature(name, whole, secret)}
    return gzip.compress(json.dumps(signed).encode(), mtime=0)


async def secret_for_reading(keys: Keys) -> bytes:
    """Raises BadExport."""
    secret = await keys.for_opening(MARKS)
    if secret is None:
        raise BadExport(f"{MARKS}: this key is not there; look for the right --keys")
    return secret


async def read_list(blobs: Blobs, name: str, secret: bytes) -> Listed:
    """Raises BadExport and StoreUnavailable."""
    data = await blobs.get(name)
    if data is None:
        raise BadExport(f"{name}: missing")
    try:
        whole = json.loads(unpacked(name, data))
    except (ValueError, RecursionError) as error:
        raise BadExport(f"{name}: damaged ({type(error).__name__})") from None
    match whole:
        case {"format": int(version), "store": int(store)}:
            pass
        case _:
            raise BadExport(f"{name}: damaged")
    if version > _FORMAT or store > VERSION:
        raise BadExport(f"{name}: written by a later version; restore it with that one")
    _check_signature(name, whole, secret)
    return _listed(name, whole)


def _check_signature(name: str, whole: dict[str, Any], secret: bytes) -> None:
    signature = whole.pop("hmac", None)
    if signature is None:
        raise BadExport(
            f"{name}: not signed; an export of before lists were signed can only be restored with"
            " the version that wrote it"
        )
    wanted = _signature(name, whole, secret)
    if not hmac.compare_digest(str(signature).encode(), wanted.encode()):
        raise BadExport(f"{name}: not signed with these keys; it was changed, or --keys is wrong")


def _listed(name: str, whole: dict[str, Any]) -> Listed:
    match whole:
        case {"at": str(at), "files": dict(files)} if all(map(_is_entry, files.items())):
            pass
        case _:
            raise BadExport(f"{name}: damaged (what it lists)")
    try:
        return Listed(dt.datetime.fromisoformat(at).astimezone(dt.UTC), files)
    except (ValueError, OverflowError):
        raise BadExport(f"{name}: damaged (its time)") from None


def _is_entry(entry: tuple[str, Any]) -> bool:
    name, digest = entry
    known = FILE_NAME.fullmatch(name) and isinstance(digest, str) and _DIGEST.fullmatch(digest)
    return bool(known)


def _signature(name: str, whole: dict[str, Any], secret: bytes) -> str:
    text = json.dumps(["list", name, whole], sort_keys=True)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
