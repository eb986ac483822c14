"""What comes back: after an erasure, from a restore that died, and from a store that moved."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.command_line import main
from bot.desk.cases import Cases
from bot.desk.ports import Commit, RefusalRecord, Row, Rows, StoreUnavailable
from bot.desk.versions import Versions
from bot.domain import events as ev
from bot.opening import open_rows, start_store
from bot.records.certificate import Certificate
from bot.records.open_list import derive
from bot.store.blobs import FolderBlobs
from bot.store.codec import safe_key
from bot.store.export import export, lists, restore
from bot.store.keys import Keys
from bot.store.log import TableLog
from bot.store.restoring import BeingRestored, Restored, being_restored
from bot.store.sealing import destroy_all, destroy_logged, is_erasure, key_name
from bot.store.words import parted, refusal_owner
from tests.records.conftest import everything
from tests.records.retaining import DAYS, DUE, NIGHT, PARTNERSHIP, work
from tests.tools.tables import rows_of

LATER = DUE + dt.timedelta(days=2)
DAY = dt.timedelta(days=1)


@pytest.fixture
async def again(tmp_path: Path) -> AsyncIterator[Rows]:
    made = open_rows(str(tmp_path / "again.db"))
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def third(tmp_path: Path) -> AsyncIterator[Rows]:
    made = open_rows(str(tmp_path / "third.db"))
    await made.start()
    yield made
    await made.close()


async def erasures_of(rows: Rows, case_id: str) -> list[bytes]:
    """As a mark holds each: the event as it lies in its commit."""
    found = [r for r in await rows.query("Commits", case_id) if is_erasure(r)]
    facts = [fact for row in found for fact in json.loads(str(row.props["facts"]))]
    return [json.dumps(fact).encode() for fact in facts if fact["type"] == "words.erased"]


async def erase(rows: Rows, keys: Keys, name: str = "ERASE-1", now: dt.datetime = DUE) -> None:
    plan = await work(rows, keys, now).plan()
    await work(rows, keys, now).erase(plan, Certificate(name, "Olu B.", now.isoformat(), DAYS))


async def figures(rows: Rows) -> dict[str, object]:
    return {row.key: row.props["figures"] for row in await rows_of(rows, "Figures")}


async def _restored(into: Rows, files: FolderBlobs, keys: Keys, which: int = -1) -> Restored:
    log = TableLog(into)

    async def then() -> None:
        await derive(into, log, PARTNERSHIP)

    return await restore(into, files, keys, (await lists(files))[which], then)


async def said(rows: Rows, case_id: str, words: str, at: dt.datetime = LATER) -> None:
    log = TableLog(rows)
    n = (await log.load(case_id)).commits[-1].n
    event = ev.Recorded(ev.ImmediateFlagged(words), at, "pol-1")
    await log.append(Commit(case_id, n + 1, at, "pol-1", (event,)))


async def held(rows: Rows, words: str) -> bool:
    return any(
        words in str(r.props["words"]) for r in await rows_of(rows, "Commits") if "n" in r.props
    )


async def a_case(rows: Rows) -> str:
    return (await rows_of(rows, "Commits"))[0].partition


# An export from before an erasure --------------------------------------------------------


async def test_figures_are_the_same_after_a_restore_from_before_an_erasure(
    rows: Rows, again: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    await export(rows, files, Keys(kept), NIGHT)
    before = await figures(rows)
    await erase(rows, Keys(kept))
    done = await _restored(again, files, Keys(kept))
    assert (done.logged, done.untold, done.lost) == (6, 0, 0)
    assert await figures(again) == before
    plan = await work(again, Keys(kept)).plan()
    assert (len(plan.due), plan.gone) == (0, 6)
    case_id = await a_case(rows)
    assert await erasures_of(again, case_id) == await erasures_of(rows, case_id)
    assert case_id in await TableLog(again).open_cases(), "its card is drawn again"


async def test_words_written_after_such_a_restore_are_in_the_next_export(
    rows: Rows, again: Rows, third: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    await export(rows, files, Keys(kept), NIGHT)
    await erase(rows, Keys(kept))
    await _restored(again, files, Keys(kept))
    case_id = await a_case(again)
    await said(again, case_id, "NEW WORDS")
    done = await export(again, files, Keys(kept), LATER)
    assert done.left_out == 0
    await _restored(third, files, Keys(kept))
    assert await held(third, "NEW WORDS")
    for event in await erasures_of(again, case_id):
        await destroy_logged(safe_key(case_id), [event], Keys(kept))
    assert await Keys(kept).for_opening(key_name(case_id, 1)), "that erasure has its mark"


async def test_marks_that_tell_nothing_are_counted_and_lose_no_later_words(
    rows: Rows, again: Rows, third: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    """As from a program that wrote no facts into a mark."""
    keys = Keys(kept)
    await export(rows, files, keys, NIGHT)
    case_id = await a_case(rows)
    await keys.destroy(key_name(case_id, 0), b"gone")
    done = await _restored(again, files, keys)
    assert (done.logged, done.untold) == (0, 1)
    await said(again, case_id, "NEW WORDS")
    await export(again, files, keys, LATER)
    await _restored(third, files, keys)
    assert await held(third, "NEW WORDS")

    # They lie one generation on from what the log counts, and go with the next erasure.
    facts = [b'{"data":{"certificate":"ERASE-2"},"type":"words.erased"}']
    assert await destroy_logged(case_id, facts, keys) == 1
    assert await destroy_logged(case_id, facts, keys) == 0
    assert await keys.for_opening(key_name(case_id, 1)) is None
    assert await keys.destroyed(key_name(case_id, 2)) is False


# Words and erasures at once ---------------------------------------------------------------


async def test_a_refusal_after_an_erasure_is_in_the_next_export(
    rows: Rows, again: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    case_id, keys = await a_case(rows), Keys(kept)
    log = TableLog(rows)
    refusal = RefusalRecord(NIGHT, "already_claimed", "claim", case_id, "t", "u", "BEFORE")
    await log.record_refusal(refusal)
    await export(rows, files, keys, NIGHT)
    await erase(rows, Keys(kept))
    await log.record_refusal(replace(refusal, at=DUE + DAY, text="SINCE"))
    await export(rows, files, keys, LATER)
    await _restored(again, files, keys)
    texts = [str(r.props["text"]) for r in await rows_of(again, "Refusals") if r.props["text"]]
    assert texts == ["SINCE"]
    assert await destroy_all(refusal_owner(case_id), keys) == 1
    assert await destroy_all(refusal_owner(case_id), keys) == 0


async def test_refusals_exported_while_they_are_erased_cannot_be_read_after(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    """Their key is gone and they still stand in their rows when the export comes by."""
    case_id, keys = await a_case(rows), Keys(kept)
    owner = refusal_owner(case_id)
    await TableLog(rows).record_refusal(
        RefusalRecord(NIGHT, "already_claimed", "claim", case_id, "t", "u", "WORDS")
    )
    await export(rows, files, keys, NIGHT)
    assert await destroy_all(owner, keys) == 1
    await TableLog(rows).record_refusal(
        RefusalRecord(NIGHT, "already_claimed", "claim", "other", "t", "u", "")
    )
    done = await export(rows, files, keys, NIGHT + DAY)
    assert done.left_out == 0
    for row in await rows_of(rows, "Refusals"):
        await rows.put(parted(row)[0])
    assert await destroy_all(owner, keys) == 1
    assert [name async for name in kept.names(f"keys/{owner}")] == []


async def test_words_taken_out_while_they_are_read_are_left_out_and_counted(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs
) -> None:
    """It has read the rows, then their words go, then it asks for the key."""
    gone = False

    class Late(FolderBlobs):
        async def get(self, name: str) -> bytes | None:
            nonlocal gone
            if not gone and name.startswith("gone/") and len(name) > 30:
                gone = True
                await erase(rows, Keys(kept))
            return await super().get(name)

    done = await export(rows, files, Keys(Late(kept._folder)), NIGHT)
    assert done.left_out > 50
    assert [name async for name in kept.names("keys/") if len(name) > 30] == []


# The open list ----------------------------------------------------------------------------


def run(*words: object) -> int:
    return main([*map(str, words)])


async def test_a_live_referral_is_chased_though_the_list_was_of_another_moment(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path, store: str
) -> None:
    """It ended, and another began, between the commits being read and the list."""
    ends, log = "d" * 32, TableLog(rows)
    for commit in (await log.load(await a_case(rows))).commits[:2]:
        await log.append(replace(commit, stream=ends, effects=()))
    await log.mark_open(ends)
    assert (await Cases(log, Versions(PARTNERSHIP, log)).fresh(ends)).referral.live

    class Moving:
        def __getattr__(self, name: str) -> object:
            return getattr(rows, name)

        async def walk(self, table: str) -> AsyncIterator[Row]:
            if table == "Index":
                await log.mark_done(ends)
                await log.mark_open("e" * 32)
            async for row in rows.walk(table):
                yield row

    await export(Moving(), files, Keys(kept), NIGHT)  # type: ignore[arg-type]
    again = open_rows(str(tmp_path / "again.db"))
    await again.start()
    await restore(again, files, Keys(kept), (await lists(files))[-1])
    found = await derive(again, TableLog(again), PARTNERSHIP)
    assert (found.referrals, found.added, found.removed) == (7, 1, 1)
    opened = await TableLog(again).open_cases()
    await again.close()
    assert ends in opened
    assert "e" * 32 not in opened


# A restore that died ----------------------------------------------------------------------


class Dying:
    """After so many writes the process is gone."""

    def __init__(self, rows: Rows, lives: int) -> None:
        self._rows, self._lives = rows, lives

    async def put_many(self, rows: Sequence[Row]) -> None:
        if self._lives == 0:
            raise StoreUnavailable("killed")
        self._lives -= 1
        await self._rows.put_many(rows)

    def __getattr__(self, name: str) -> object:
        return getattr(self._rows, name)


@pytest.mark.parametrize("lives", [0, 1, 9])
async def test_a_restore_that_died_is_repeated_and_serves_nobody_before(
    rows: Rows, tmp_path: Path, lives: int, capsys: pytest.CaptureFixture[str]
) -> None:
    files, keys = FolderBlobs(tmp_path / "files"), Keys(FolderBlobs(tmp_path / "keys"))
    done = await export(rows, files, keys, NIGHT)
    await TableLog(rows).mark_open("f" * 32)
    await export(rows, files, keys, LATER)
    path = tmp_path / "new.db"
    half = open_rows(str(path))
    await half.start()
    with pytest.raises(StoreUnavailable):
        await restore(Dying(half, lives), files, keys, done.name)  # type: ignore[arg-type]
    assert await being_restored(half) == done.name
    await half.close()
    with pytest.raises(BeingRestored, match="has not ended"):
        await start_store(open_rows(str(path)))

    where = ["--files", tmp_path / "files", "--keys", tmp_path / "keys", "--store", path]
    assert await asyncio.to_thread(run, "restore", *where) == 64
    assert "--at" in capsys.readouterr().err
    assert await asyncio.to_thread(run, "restore", "--at", "2026-11-28", *where) == 0
    assert "6 referrals" in capsys.readouterr().out
    whole = open_rows(str(path))
    await start_store(whole)
    await TableLog(rows).mark_done("f" * 32)
    assert await everything(whole) == await everything(rows)
    await whole.close()
