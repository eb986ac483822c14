"""A later version beside this one on the same store, and a store this one can no longer read."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.command_line import main
from bot.desk.ports import Commit, Row, Rows, StoreTooNew
from bot.domain import events as ev
from bot.opening import open_rows
from bot.rehearsal.rehearsal import Rehearsal
from bot.store import codec
from bot.store.log import TableLog
from tests.store.test_log import AT, commit, stream
from tests.wire.acting import Acting

LATER = codec.VERSION + 1
NOWHERE = "https://127.0.0.1:9/"


class LaterLog(TableLog):
    """What the next version might write: a new field on every event, and one new kind of event."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._later = rows

    async def append(self, commit: Commit) -> None:
        row = codec.commit_row(commit, "later")
        facts = json.loads(str(row.props["facts"]))
        for fact in facts:
            fact["data"]["of_the_next_version"] = "more"
        props = {**row.props, "version": LATER, "facts": json.dumps(facts)}
        await self._later.write([replace(row, props=props)])

    async def append_new_kind(self, case_id: str, n: int) -> None:
        fact = {"type": "tea.made", "at": AT.isoformat(), "by": "eh-1", "data": {"sugars": 2}}
        made = codec.commit_row(Commit(case_id, n, AT, "eh-1", ()), "later")
        props = {**made.props, "version": LATER, "needs": LATER, "types": "tea.made"}
        await self._note_version(LATER)
        await self._later.write([replace(made, props={**props, "facts": json.dumps([fact])})])


async def test_two_versions_take_turns_on_one_referral_and_nothing_is_lost(rows: Rows) -> None:
    """While replicas are replaced: what only the later one knows is passed over."""
    ours, later, where = TableLog(rows), LaterLog(rows), stream()
    for n in range(1, 9):
        log = ours if n % 2 else later
        await log.append(commit(where, n, [ev.MessageAdded(f"line {n}", "police", str(n))]))
    for log in (ours, later):
        found = (await log.load(where)).commits
        assert [c.n for c in found] == list(range(1, 9))
        said = [r.event.text for c in found for r in c.recorded]  # type: ignore[union-attr]
        assert said == [f"line {n}" for n in range(1, 9)]


@pytest.fixture
def acting(rehearsal: Rehearsal) -> Acting:
    return Acting(rehearsal)


async def test_a_running_desk_says_plainly_what_it_cannot_read_and_goes_on_with_the_rest(
    acting: Acting,
) -> None:
    """A later replica has logged something new on one referral; this one is still running."""
    await acting.referred()
    first = acting.case_id
    later = LaterLog(acting.r.front_door.rows)
    n = (await acting.referral()).version
    await later.append_new_kind(first, n + 1)
    briefing = next(iter(acting.threads()))[1][0]
    answer = await acting.hands("eh-1").do(briefing, "claim", {})
    assert "newer version" in answer.text
    await acting.brief(mosaic_1="9900105")
    assert acting.case_id != first
    await acting.tap("eh-1", "claim")
    assert (await acting.referral()).lead == "eh-1"


async def test_a_store_only_a_later_version_can_read_is_refused_at_the_start(
    rows: Rows, tmp_path: Path
) -> None:
    where = stream()
    await LaterLog(rows).append_new_kind(where, 1)
    with pytest.raises(StoreTooNew, match=f"needs version {LATER}"):
        await TableLog(rows).check_version()
    with pytest.raises(StoreTooNew):
        await TableLog(rows).load(where)
    await rows.delete("Index", "store", "version")  # others use this Azurite too


@pytest.mark.parametrize(
    "words",
    [
        ["stats", "--json"],
        ["rebuild"],
        ["export", "--files", "f", "--keys", "k"],
        ["audit", "--from=2026-11-24", "--to=2026-11-24", "--out", "a.csv", "--by", "Olu"],
        ["serve", "--rehearsal", *("--openid", NOWHERE), *("--authority", NOWHERE)],
    ],
    ids=lambda w: w[0],
)
async def test_every_command_refuses_it_and_says_what_to_do(
    words: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store.db"
    rows = open_rows(str(store))
    await rows.start()
    await LaterLog(rows).append_new_kind(stream(), 1)
    await rows.close()
    monkeypatch.chdir(tmp_path)
    code = await asyncio.to_thread(main, [*words, "--store", str(store)])
    assert code == 70
    assert "start the later version" in capsys.readouterr().err


async def test_what_a_later_version_wrote_that_this_one_can_read_refuses_nothing(
    rows: Rows,
) -> None:
    """So a release that went wrong can be rolled back."""
    await LaterLog(rows).append(commit(stream(), 1, [ev.LeadClaimed()]))
    await TableLog(rows).check_version()


async def test_the_stores_version_is_raised_before_the_first_row_that_needs_it(
    tmp_path: Path,
) -> None:
    """An earlier program that starts in between refuses, and does not stumble."""
    rows = open_rows(str(tmp_path / "store.db"))
    await rows.start()
    seen: list[str] = []

    class Watched:
        async def write(self, made: list[Row]) -> None:
            seen.extend(f"{r.table}/{r.partition}" for r in made)
            await rows.write(made)

        def __getattr__(self, name: str) -> object:
            return getattr(rows, name)

    where = stream()
    log = TableLog(Watched())  # type: ignore[arg-type]
    await log.append(commit(where, 1, [ev.LeadClaimed()]))
    await log.append(commit(where, 2, [ev.HoldPlaced("A court asked")]))
    await log.append(commit(where, 3, [ev.HoldLifted("It ended")]))
    commits = [s for s in seen if s.startswith("Commits")]
    assert len(commits) == 3
    assert [s.split("/")[0] for s in seen] == ["Commits", "Index", "Commits", "Commits"]
    row = await rows.get("Index", "store", "version")
    assert row is not None
    assert row.props["needs"] == 2
    await rows.close()
