"""Everything beside the commits can be made again from them; start-up cost follows what is open."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from bot.desk.ports import Row, Rows
from bot.desk.rebuild import rebuild
from bot.opening import open_rows
from bot.rehearsal import scenario
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.player import Player
from bot.rehearsal.rehearsal import Rehearsal
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from tests.rehearsal.test_player import SIX
from tests.tools.tables import rows_of
from tests.wire.acting import Acting


async def test_the_decisions_table_and_the_figures_come_back_from_the_log(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    player = Player(scenario.read(SIX), store=store)
    assert (await player.run()).differences == []
    rows = open_rows(store)
    await rows.start()
    before = {t: await _contents(rows, t) for t in ("Decisions", "Figures", "Index")}
    for table in before:
        for row in await rows_of(rows, table):
            if not row.partition.startswith(("refs-", "address", "configuration", "people")):
                await rows.delete(row.table, row.partition, row.key)
    assert await rows_of(rows, "Decisions") == []
    count = await rebuild(rows, TableLog(rows), player.rehearsal.partnership)
    after = {t: await _contents(rows, t) for t in ("Decisions", "Figures", "Index")}
    await rows.close()
    assert count == 6
    assert after == before
    assert len(after["Decisions"]) == 6


async def _contents(rows: Rows, table: str) -> list[str]:
    """Without the commit figures were last drawn at: later commits may have changed none."""
    return sorted(
        json.dumps(
            [r.partition, r.key, {k: str(v) for k, v in r.props.items() if k != "version"}],
            sort_keys=True,
        )
        for r in await rows_of(rows, table)
    )


async def test_a_decision_row_holds_no_free_text(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    await Player(scenario.read(SIX), store=store).run()
    rows = open_rows(store)
    await rows.start()
    found = [r.props for r in await rows_of(rows, "Decisions")]
    await rows.close()
    assert {k for props in found for k in props} == {
        "week",
        "reference",
        "outcome",
        "lead_agency",
        "decided_at",
        "minutes",
        "children",
        "within_one_working_day",
        "duty_team",
    }


class CountedRows(SqliteRows):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.reads: Counter[str] = Counter()

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        self.reads["query"] += 1
        return await super().query(table, partition, first, last)

    def walk(self, table: str) -> AsyncIterator[Row]:
        self.reads["walk"] += 1
        return super().walk(table)

    async def write(self, rows: Sequence[Row]) -> None:
        self.reads["write"] += 1
        await super().write(rows)


async def _reads_at_start(path: Path) -> Counter[str]:
    rows = CountedRows(path)
    made = Rehearsal(store=str(path), rows=rows, clock=RehearsalClock())
    await made.start()
    await made.settled()
    await made.stop()
    return rows.reads


async def test_start_up_reads_what_is_open_and_not_the_history(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first = Rehearsal(store=str(path))
    await first.start()
    acting = Acting(first)
    await acting.referred(mosaic_1="9900199")
    await first.stop()
    short = await _reads_at_start(path)
    again = Rehearsal(store=str(path))
    await again.start()
    acting = Acting(again)
    for n in range(8):
        await acting.referred(mosaic_1=f"990020{n}")
        await acting.agreed()
        await acting.dialog("eh-1", "feedback.open", "feedback.sent", method="phone")
        await acting.dialog("masho-1", "notes.open", "notes.confirm")
    await again.stop()
    long = await _reads_at_start(path)
    assert long["query"] == short["query"]
    assert long["walk"] == short["walk"] == 0
