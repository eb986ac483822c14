"""Every activity delivered twice: the log is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rehearsal import scenario
from bot.rehearsal.people import People
from bot.rehearsal.player import Player
from tests.rehearsal.crossed import EVERY_ORDER, Late, plain, streams, twice
from tests.rehearsal.test_player import SIX

SAMPLE = {
    "same id, at once": twice(new_id=False, at_once=True),
    "new id, at once": twice(new_id=True, at_once=True),
    "new id, after what came next": Late,
}
WHOLE = {
    "once": People,
    "same id, afterwards": twice(new_id=False, at_once=False),
    "new id, afterwards": twice(new_id=True, at_once=False),
}
WIRES = {**SAMPLE, **(WHOLE if EVERY_ORDER else {})}


async def logged(folder: Path, wire: type[People]) -> list[str]:
    play = Player(scenario.read(SIX), store=str(folder / "store.db"))
    play.rehearsal.make_people = wire
    report = await play.run()
    assert report.differences == []
    assert report.exit_code == 0
    return plain(await streams(folder / "store.db"))


@pytest.fixture(scope="module")
def once() -> dict[str, list[str]]:
    """The log of a play in which everything arrives once, made by the first who needs it."""
    return {}


@pytest.mark.parametrize("wire", WIRES)
async def test_the_six_referrals_leave_the_same_log_when_all_arrives_twice(
    tmp_path: Path, once: dict[str, list[str]], wire: str
) -> None:
    if "log" not in once:
        (tmp_path / "once").mkdir()
        once["log"] = await logged(tmp_path / "once", People)
    assert len(once["log"]) > 100
    assert await logged(tmp_path, WIRES[wire]) == once["log"]
