"""What is planned, held and left, and a run that dies."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.ports import Row, Rows, StoreUnavailable
from bot.desk.rebuild import rebuild
from bot.domain import events as ev
from bot.records import certificate
from bot.records.retention import BadPlan, Retention, read_plan
from bot.store.erasing import Erasing, Gone
from bot.store.log import TableLog
from tests.records.retaining import (
    CLOSED_BY,
    DUE,
    PARTNERSHIP,
    appended,
    erase_due,
    in_bytes,
    paper,
    work,
)
from tests.tools.tables import rows_of


async def test_nothing_is_due_before_the_period_and_all_six_after(rows: Rows) -> None:
    early = await work(rows, now=DUE - dt.timedelta(days=5)).plan()
    assert (early.due, early.later) == ([], 6)
    plan = await work(rows).plan()
    assert [line.state for line in plan.due] == ["closed"] * 6
    assert sorted(line.reference for line in plan.due) == [f"REF-2026-{n:05d}" for n in range(1, 7)]


async def test_a_plan_erases_nothing(rows: Rows, store: str) -> None:
    before = await rows_of(rows, "Commits")
    await work(rows).plan()
    assert await rows_of(rows, "Commits") == before


async def test_what_is_not_on_the_plan_stays_and_what_is_held_since_too(rows: Rows) -> None:
    plan = await work(rows).plan()
    left_out, held, *rest = plan.due
    plan.due = [held, *rest]
    log = TableLog(rows)
    stream = await log.load(held.case_id)
    hold = ev.Recorded(ev.HoldPlaced("A court asked"), DUE, "rec-1")
    last = stream.commits[-1]
    await log.append(replace(last, n=last.n + 1, recorded=(hold,), effects=(), press=""))
    made = paper()
    await work(rows).erase(plan, made)
    assert len(made.erased) == 4
    assert made.left == [{"reference": held.reference, "because": "not due now"}]
    erasing = Erasing(rows)
    assert await erasing.rows_with_words(left_out.case_id) > 0
    assert await erasing.rows_with_words(held.case_id) > 0
    assert (await work(rows).plan()).held == [held.reference]


def plan_of(made_at: str) -> str:
    return json.dumps({"made_at": made_at, "words_days_after_closing": 90, "due": []})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no plan"),
        ("[]", "no plan"),
        ('{"made_at": "x"}', "no plan"),
        (plan_of("2020-01-01T00:00:00+00:00"), "too old"),
        (plan_of("2090-01-01T00:00:00+00:00"), "too old"),
        (plan_of("2026-01-01T00:00:00"), "no plan"),
    ],
)
def test_only_a_fresh_plan_is_taken(text: str, says: str) -> None:
    with pytest.raises(BadPlan, match=says):
        read_plan(text, DUE)


async def test_a_hold_on_a_call_holds_the_referral_that_took_it_in(rows: Rows) -> None:
    """The held call's words stand in both."""
    cases = sorted({r.partition for r in await rows_of(rows, "Commits")})
    log = TableLog(rows)
    keeper, call = cases[0], cases[1]
    first = (await log.load(keeper)).commits[0]
    taken = next(r.event for r in first.recorded if isinstance(r.event, ev.IntakeSubmitted))
    absorbed = ev.ReferralAbsorbed("REF-2026-00099", call, "masho-1", "masho-1", taken.intake)
    await appended(rows, keeper, absorbed, at=CLOSED_BY)
    await appended(rows, call, ev.HoldPlaced("A court asked"))
    plan = await work(rows).plan()
    assert keeper not in {line.case_id for line in plan.due}
    assert call not in {line.case_id for line in plan.due}
    assert len(plan.held) == 2


async def test_a_hold_that_comes_while_others_are_erased_is_honoured(rows: Rows) -> None:
    plan = await work(rows).plan()
    last = plan.due[-1]

    class Held(Erasing):
        async def words_of_case(self, case_id: str) -> Gone:
            if case_id == plan.due[0].case_id:
                await appended(rows, last.case_id, ev.HoldPlaced("A court asked"))
            return await super().words_of_case(case_id)

    made = paper()
    await Retention(rows, TableLog(rows), PARTNERSHIP, Held(rows), DUE).erase(plan, made)
    assert made.left == [{"reference": last.reference, "because": "on_hold"}]
    assert await Erasing(rows).rows_with_words(last.case_id) > 0


async def test_a_file_that_is_being_read_is_said_and_not_forgotten(rows: Rows) -> None:
    class Read(Erasing):
        async def finish(self) -> None:
            raise StoreUnavailable("the file is being read: try again")

    made = paper()
    plan = await work(rows).plan()
    await Retention(rows, TableLog(rows), PARTNERSHIP, Read(rows), DUE).erase(plan, made)
    assert len(made.erased) == 6
    assert made.left == [
        {"reference": "the store's own files", "because": "the file is being read: try again"}
    ]


class Dying:
    """After so many writes the process is gone."""

    def __init__(self, rows: Rows, lives: int) -> None:
        self._rows, self._lives = rows, lives

    def _spend(self) -> None:
        if self._lives == 0:
            raise StoreUnavailable("killed")
        self._lives -= 1

    async def write(self, made: list[Row]) -> None:
        self._spend()
        await self._rows.write(made)

    async def put(self, row: Row) -> None:
        self._spend()
        await self._rows.put(row)

    async def scrub(self) -> None:
        self._spend()
        await self._rows.scrub()

    def __getattr__(self, name: str) -> object:
        return getattr(self._rows, name)


@pytest.mark.parametrize("lives", [0, 1, 2, 3, 5, 30, 60, 90])
async def test_a_run_that_died_is_finished_by_the_next_and_figures_stay(
    rows: Rows, lives: int, tmp_path: Path
) -> None:
    before = [r.props["figures"] for r in await rows_of(rows, "Figures")]
    dying: Rows = Dying(rows, lives)  # type: ignore[assignment]
    plan = await work(rows).plan()
    with pytest.raises(StoreUnavailable):
        await work(dying).erase(plan, paper())
    await erase_due(rows)
    await rebuild(rows, TableLog(rows), PARTNERSHIP)
    assert [r.props["figures"] for r in await rows_of(rows, "Figures")] == before
    for case_id in {r.partition for r in await rows_of(rows, "Commits")}:
        kinds = [
            r.event.TYPE for c in (await TableLog(rows).load(case_id)).commits for r in c.recorded
        ]
        assert kinds.count("words.erased") == 1
    await rows.close()
    assert in_bytes(tmp_path) == []
    await rows.start()


async def test_a_run_that_died_leaves_a_certificate_of_what_it_did(rows: Rows) -> None:
    dying: Rows = Dying(rows, 60)  # type: ignore[assignment]
    with pytest.raises(StoreUnavailable):
        await work(dying).erase(await work(rows).plan(), paper())
    said = await certificate.kept(rows, "ERASE-1")
    assert said is not None
    assert said.ended_at == ""
    assert said.erased
    for erased in said.erased:
        assert await Erasing(rows).rows_with_words(erased.case) == 0


async def test_the_certificate_stays_in_the_store_and_in_the_log(rows: Rows) -> None:
    made = await erase_due(rows)
    said = await certificate.kept(rows, "ERASE-1")
    assert said is not None
    assert said.ended_at
    assert sorted(e.case for e in said.erased) == sorted(e.case for e in made.erased)
    head = await rows.get("Index", "certificates", "ERASE-1")
    assert head is not None
    assert json.loads(str(head.props["certificate"]))["sha256"] == made.dumped()["sha256"]
    stream = await TableLog(rows).load(made.erased[0].case)
    last = stream.commits[-1].recorded[-1].event
    assert isinstance(last, ev.WordsErased)
    assert last.certificate == "ERASE-1"
    assert await certificate.kept(rows, "ERASE-2") is None


async def test_a_row_of_the_certificate_does_not_grow_with_what_was_erased(rows: Rows) -> None:
    """A row holds 1 MiB, and a first erasure may take years of referrals."""
    await erase_due(rows)

    async def longest() -> int:
        found = await rows_of(rows, "Index")
        return max(len(str(r.props)) for r in found if r.partition.startswith("certificate"))

    before = await longest()
    made = paper()
    for n in range(500):
        one = certificate.Erased(f"case-{n}", f"REF-2026-{n:05d}", "2026-11-20", 12, 1)
        made.erased.append(one)
        await certificate.keep_erased(rows, made, one)
    await certificate.keep_head(rows, made)
    assert await longest() < before + 20
    said = await certificate.kept(rows, "ERASE-1")
    assert said is not None
    assert len(said.erased) == 506
