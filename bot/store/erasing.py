"""People's words taken out of the rows for good, and out of the export by destroying their keys.

Facts stay. Keys go first: a run that dies leaves words in the rows, by which the next finds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.desk.ports import Changed, Row, Rows
from bot.store.codec import joined_text, safe_key
from bot.store.keys import Keys
from bot.store.sealing import ERASED, destroy_all, destroy_logged
from bot.store.words import parted, refusal_owner, tally_owner

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Gone:
    """`rows` had their words taken out, `keys` were destroyed."""

    rows: int = 0
    keys: int = 0

    def __add__(self, other: Gone) -> Gone:
        return Gone(self.rows + other.rows, self.keys + other.keys)


class Erasing:
    def __init__(self, rows: Rows, keys: Sequence[Keys] = ()) -> None:
        """`keys`: of every place the store is exported to; none where it is not."""
        self._rows = rows
        self._keys = keys

    async def rows_with_words(self, case_id: str) -> int:
        """How many commits of a referral still hold words."""
        return sum(bool(parted(row)[1]) for row in await self._rows.query("Commits", case_id))

    async def words_of_case(self, case_id: str) -> Gone:
        """The words of every commit up to the erasure that is logged. Raises StoreUnavailable."""
        rows = await self._rows.query("Commits", case_id)
        erasures = [row for row in rows if is_erasure(row)]
        old = [row for row in rows if erasures and row.key < erasures[-1].key]
        owner = safe_key(case_id)
        logged = [_facts(erasure) for erasure in erasures]
        found = [await destroy_logged(owner, logged, keys) for keys in self._keys]
        return Gone(keys=sum(found)) + await self._blanked(old)

    async def refusals(self, case_ids: Iterable[str]) -> Gone:
        """What people had typed into presses on these referrals that were refused."""
        wanted = set(case_ids)
        found = [
            row
            async for row in self._rows.walk("Refusals")
            if row.props.get("case") in wanted and parted(row)[1]
        ]
        owners = sorted({refusal_owner(str(row.props["case"])) for row in found})
        gone = await self._destroyed(owners) + await self._blanked(found)
        return gone + await self._destroyed(owners)

    async def comments(self, partition: str) -> Gone:
        """Callers' comments and the duty team's lines of one week or day."""
        owners = [tally_owner(partition)]
        gone = await self._destroyed(owners)
        gone += await self._blanked(await self._rows.query("Tallies", partition))
        return gone + await self._destroyed(owners)

    async def finish(self) -> None:
        """Nothing stays behind in the store's own files."""
        await self._rows.scrub()

    async def _blanked(self, rows: Iterable[Row]) -> Gone:
        count = 0
        for row in rows:
            count += await self._blank(row)
        return Gone(rows=count)

    async def _blank(self, row: Row) -> bool:
        current: Row | None = row
        for _ in range(_TRIES):
            if current is None:
                return False
            bare, words = parted(current)
            if not words:
                return False
            try:
                await self._rows.write([replace(bare, etag=current.etag)])
            except Changed:
                current = await self._rows.get(row.table, row.partition, row.key)
                continue
            return True
        raise Changed(row.key)

    async def _destroyed(self, owners: Iterable[str]) -> Gone:
        found = [await destroy_all(o, keys) for o in owners for keys in self._keys]
        return Gone(keys=sum(found))


def is_erasure(row: Row) -> bool:
    return ERASED in str(row.props.get("types", "")).split(",")


def _facts(erasure: Row) -> bytes:
    """What a restore of an export from before needs to know of it, kept where the key was."""
    found = json.loads(joined_text("facts", erasure.props))
    return json.dumps(next(fact for fact in found if fact["type"] == ERASED)).encode()
