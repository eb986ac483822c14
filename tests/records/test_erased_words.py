"""Words go for good: from the rows, the file, Azurite and every export."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.desk.ports import Rows
from bot.domain import events as ev
from bot.domain.surveys import SurveyReply
from bot.opening import open_rows
from bot.records.certificate import Certificate
from bot.store.blobs import FolderBlobs
from bot.store.erasing import Erasing
from bot.store.export import export, lists, restore
from bot.store.keys import Keys
from bot.store.tallies import TableTallies
from bot.store.words import parted
from tests.records.retaining import (
    DAYS,
    DUE,
    NIGHT,
    appended,
    erase_due,
    in_bytes,
    work,
)
from tests.tools.azurite import Azurite
from tests.tools.tables import rows_of


async def test_erased_words_are_nowhere_in_the_files_bytes(
    store: str, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    rows = open_rows(store)
    await rows.start()
    await files.start()
    await kept.start()
    await export(rows, files, Keys(kept), NIGHT)
    assert len(in_bytes(tmp_path)) > 40
    certificate = await erase_due(rows, Keys(kept))
    assert in_bytes(tmp_path) == [], "while the store is still open"
    await rows.close()
    assert in_bytes(tmp_path) == []
    assert all(erased.commits_with_words_left == 0 for erased in certificate.erased)
    assert sum(erased.rows for erased in certificate.erased) > 50
    assert all(erased.keys == 1 for erased in certificate.erased)


@pytest.mark.node
async def test_erased_words_are_nowhere_in_azurites_files(store: str, tmp_path: Path) -> None:
    server = Azurite()
    await asyncio.to_thread(server.start)
    keys = Keys(FolderBlobs(tmp_path / "keys"))
    files = FolderBlobs(tmp_path / "files")
    one = open_rows(store)
    await one.start()
    await export(one, files, keys, NIGHT)
    await one.close()
    rows = open_rows(server.connection_string)
    await rows.start()
    await restore(rows, files, keys, (await lists(files))[-1])
    await erase_due(rows, keys)
    left = [r for r in await rows_of(rows, "Commits") if parted(r)[1]]
    await rows.close()
    await asyncio.to_thread(server.stop, keep=True)
    try:
        assert left == []
        assert b"REF-2026-00001" in b"".join(
            p.read_bytes() for p in server.folder.rglob("*") if p.is_file()
        ), "the facts are there, so these are the files"
        assert in_bytes(server.folder) == []
    finally:
        server.clean()


async def test_an_export_from_before_gives_the_facts_and_no_words(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    await export(rows, files, Keys(kept), NIGHT)
    before = await rows_of(rows, "Figures")
    await erase_due(rows, Keys(kept))
    again = open_rows(str(tmp_path / "again" / "store.db"))
    await again.start()
    done = await restore(again, files, Keys(kept), (await lists(files))[0])
    assert done.erased > 50
    assert done.lost == 0
    assert [r.props["figures"] for r in await rows_of(again, "Figures")] == [
        r.props["figures"] for r in before
    ]
    await again.close()
    assert in_bytes(tmp_path / "again") == []


async def test_comments_go_after_the_period_and_their_counts_stay(
    rows: Rows, files: FolderBlobs, kept: FolderBlobs, tmp_path: Path
) -> None:
    tallies, day = TableTallies(rows), dt.date(2026, 11, 17)
    line = "A line somebody wrote about the day"
    for n in range(6):
        await tallies.add_pulse(day, f"p{n}", (5, 4, 3, 2), line if n == 0 else "")
    await tallies.add_survey("2026-W47", "first_test", "professional", "m1", (5, 4, None))
    await tallies.add_survey_comment("2026-W47", "first_test", "professional", "m1", line)
    reply = SurveyReply("k", day, "professional", (5, None, 1), line)
    await tallies.import_replies([reply], lambda d: "2026-W46")
    late = dt.date(2027, 2, 20)
    await tallies.add_pulse(late, "p", (5, 4, 3, 2), "still kept")
    await export(rows, files, Keys(kept), NIGHT)

    plan = await work(rows).plan()
    assert plan.comments == ["pulse-2026-11-17", "survey-2026-W46", "survey-2026-W47"]
    certificate = await erase_due(rows, Keys(kept))

    assert [c["rows"] for c in certificate.comments] == [1, 1, 1]
    pulse, later = await tallies.pulses([day, late])
    assert (pulse.replies, pulse.counts[0][4], pulse.comments) == (6, 6, ())
    assert later.comments == ("still kept",)
    surveys = await tallies.surveys(["2026-W46", "2026-W47"], lambda d: True)
    assert sum(s.replied for s in surveys) == 2
    assert all(s.comments == () for s in surveys)
    await rows.close()
    assert in_bytes(tmp_path, [line]) == []
    await rows.start()


async def test_words_written_after_an_erasure_are_planned_and_erased_too(
    rows: Rows, kept: FolderBlobs, files: FolderBlobs
) -> None:
    keys = Keys(kept)
    await erase_due(rows, keys)
    case_id = next(r.partition for r in await rows_of(rows, "Commits"))
    noted = ev.ImmediateFlagged("He ran away from home last night")
    await appended(rows, case_id, noted, ev.ReferralClosed())
    assert [line.case_id for line in (await work(rows).plan()).due] == []
    later = DUE + dt.timedelta(days=DAYS + 2)
    plan = await work(rows, now=later).plan()
    assert [line.case_id for line in plan.due] == [case_id]
    made = Certificate("ERASE-2", "Olu B.", later.isoformat(), DAYS)
    await work(rows, keys, later).erase(plan, made)
    assert made.left == []
    assert await Erasing(rows).rows_with_words(case_id) == 0
    assert await keys.destroyed(f"{case_id}.1")
