"""An export back into a store. A restore that died is repeated; until it ends, nothing serves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.desk.ports import Commit, FrontDoorError, Row, Rows
from bot.domain.events import Recorded, WordsErased
from bot.store import codec
from bot.store.azure_tables import TABLES
from bot.store.blobs import Blobs
from bot.store.keys import Keys
from bot.store.listing import read_list, secret_for_reading
from bot.store.log import TableLog
from bot.store.sealing import BadExport, key_name
from bot.store.unsealing import Opened, opened

_RESTORING = ("store", "restoring")
_LOT_ROWS, _LOT_CHARACTERS = 100, 1_000_000


class BeingRestored(FrontDoorError):
    """A restore into this store has begun and not ended."""


@dataclass(slots=True)
class Restored:
    """`erased` and `lost` count rows without their words: by intent, and for want of their key.

    `logged` counts erasures that were put into the log again, as they were after the export;
    `untold` those that destroyed a key without saying what went.
    """

    name: str
    at: dt.datetime
    rows: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    lost: int = 0
    logged: int = 0
    untold: int = 0


async def is_empty(rows: Rows) -> bool:
    for table in TABLES:
        async for _ in rows.walk(table):
            return False
    return True


async def being_restored(rows: Rows) -> str:
    """The list whose restore has begun here and not ended; empty where none has."""
    row = await rows.get("Index", *_RESTORING)
    return str(row.props["list"]) if row else ""


async def check_not_being_restored(rows: Rows) -> None:
    """Raises BeingRestored."""
    if name := await being_restored(rows):
        raise BeingRestored(
            f"a restore of {name} into this store has not ended: run `restore` with it again"
        )


async def _nothing_more() -> None:
    return None


async def restore(
    rows: Rows,
    blobs: Blobs,
    keys: Keys,
    name: str,
    then: Callable[[], Awaitable[None]] = _nothing_more,
) -> Restored:
    """Into an empty store; safe to repeat into the same one. `then` is the last part of it.

    Raises BadExport and StoreUnavailable.
    """
    secret = await secret_for_reading(keys)
    listed = await read_list(blobs, name, secret)
    done = Restored(name, listed.at)
    await rows.put(Row("Index", *_RESTORING, {"list": name}))
    held: set[tuple[str, str]] = set()
    erased: dict[str, set[str]] = {}
    for file, digest in listed.files.items():
        found = await opened(file, await _whole(blobs, file, digest), keys)
        if (found.table, found.partition) in held:
            raise BadExport(f"{file}: a partition that another file holds")
        held.add((found.table, found.partition))
        await _put(rows, found)
        _count(done, found)
        if found.table == "Commits" and found.erased:
            erased[found.partition] = set(found.erased)
    for stream, names in erased.items():
        await _log_again(rows, keys, stream, names, done)
    await then()
    await rows.delete("Index", *_RESTORING)
    return done


async def _whole(blobs: Blobs, file: str, digest: str) -> bytes:
    data = await blobs.get(file)
    if data is None:
        raise BadExport(f"{file}: missing")
    if hashlib.sha256(data).hexdigest() != digest:
        raise BadExport(f"{file}: damaged")
    return data


async def _put(rows: Rows, found: Opened) -> None:
    ours = [r for r in found.rows if (r.table, r.partition, r.key) != ("Index", *_RESTORING)]
    for some in _in_small_lots(ours):
        await rows.put_many(some)


def _count(done: Restored, found: Opened) -> None:
    done.rows[found.table] = done.rows.get(found.table, 0) + len(found.rows)
    done.erased += len(found.erased)
    done.lost += found.lost


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


# Erasures from after the export ----------------------------------------------------------


async def _log_again(rows: Rows, keys: Keys, stream: str, names: set[str], done: Restored) -> None:
    """A log whose words are gone says so, with the facts that only they could tell: else its
    figures would change, and words written later would go under the key that was destroyed.
    """
    log = TableLog(rows)
    commits = (await log.load(stream)).commits
    held = {_told(r) for commit in commits for r in commit.recorded}
    n = commits[-1].n if commits else 0
    held.discard(None)
    wanted = _up_to(names)
    for name in wanted:
        recorded = _erasure(await keys.facts_of(name))
        if recorded and _told(recorded) not in held:
            n += 1
            held.add(_told(recorded))
            # Its card is drawn again by whoever runs the bot next, and looks at what is open.
            await log.mark_open(stream)
            await log.append(Commit(stream, n, recorded.at, recorded.by, (recorded,)))
            done.logged += 1
    done.untold += max(len(wanted) - len(held), 0)


def _up_to(names: set[str]) -> list[str]:
    """Every generation up to the last of these, in order."""
    owner = next(iter(names)).rpartition(".")[0]
    last = max(int(name.rpartition(".")[2]) for name in names)
    return [key_name(owner, n) for n in range(last + 1)]


def _told(recorded: Recorded) -> tuple[str, dt.datetime] | None:
    """What tells one erasure from another; None for any other event."""
    event = recorded.event
    return (event.certificate, recorded.at) if isinstance(event, WordsErased) else None


def _erasure(facts: bytes | None) -> Recorded | None:
    """None for a mark that tells of no referral's erasure."""
    try:
        recorded = codec.recorded_of(json.loads(facts or b""))
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return None
    return recorded if isinstance(recorded.event, WordsErased) else None
