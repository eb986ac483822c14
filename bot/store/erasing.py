"""People's words taken out of the rows for good, and out of the export by destroying their keys.

Facts stay. Keys go first: a run that dies leaves words in the rows, by which the next finds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.desk.ports import Changed, Row, Rows
from bot.store.codec import safe_key
from bot.store.keys import Keys
from bot.store.sealing import ERASED, key_name
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
    def __init__(self, rows: Rows, keys: Keys | None) -> None:
        """`keys` is None where nothing is exported."""
        self._rows = rows
        self._keys = keys

    async def rows_with_words(self, case_id: str) -> int:
        """How many commits of a referral still hold words."""
        return sum(bool(parted(row)[1]) for row in await self._rows.query("Commits", case_id))

    async def words_of_case(self, case_id: str) -> Gone:
        """The words of every commit up to the erasure that is logged. Raises StoreUnavailable."""
        rows = await self._rows.query("Commits", case_id)
        erasures = [row.key for row in rows if is_erasure(row)]
        old = [row for row in rows if erasures and row.key < erasures[-1]]
        owner = safe_key(case_id)
        gone = await self._destroyed(key_name(owner, n) for n in range(len(erasures)))
        return gone + await self._blanked(old)

    async def refusals(self, case_ids: Iterable[str]) -> Gone:
        """What people had typed into presses on these referrals that were refused."""
        wanted = set(case_ids)
        found = [
            row
            async for row in self._rows.walk("Refusals")
            if row.props.get("case") in wanted and parted(row)[1]
        ]
        owners = sorted({refusal_owner(str(row.props["case"])) for row in found})
        gone = await self._destroyed(key_name(owner, 0) for owner in owners)
        return gone + await self._blanked(found)

    async def comments(self, partition: str) -> Gone:
        """Callers' comments and the duty team's lines of one week or day."""
        gone = await self._destroyed([key_name(tally_owner(partition), 0)])
        return gone + await self._blanked(await self._rows.query("Tallies", partition))

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

    async def _destroyed(self, names: Iterable[str]) -> Gone:
        count = 0
        for name in names:
            if self._keys:
                await self._keys.destroy(name)
                count += 1
        return Gone(keys=count)


def is_erasure(row: Row) -> bool:
    return ERASED in str(row.props.get("types", "")).split(",")
