"""Killed where it waits and started again: a sample of `make crash`; and whether it would tell."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.killing import (
    LOST,
    START,
    Point,
    WatchedBot,
    act,
    killed_at,
    line_of,
    points_in,
    spread,
    undisturbed,
)
from tests.fire.outcome import Outcome, differences

_SAMPLE = 8


async def test_killed_at_a_sample_of_its_await_points_nothing_is_lost_or_done_twice(
    tmp_path: Path, artefacts: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each kill point and its result is printed, and left in `artefacts/crash.txt`."""
    told = artefacts("crash.txt")
    told.write_text("")
    plain = await undisturbed(tmp_path, str(tmp_path / "plain.db"))
    assert plain.outcome.state == "closed"
    assert len(plain.points) > 100
    for number, point in enumerate(spread(plain.points, _SAMPLE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        result = await killed_at(point, plain.outcome, folder, str(folder / "store.db"))
        line = line_of(number + 1, result)
        with told.open("a") as out, capsys.disabled():
            print(line, file=out)
            print(f"\n{line}", file=sys.stderr)  # where several run the tests, only this is seen
        assert result.died, f"never passed {point}"
        assert result.differences == []


def test_what_is_lost_doubled_or_undone_is_named() -> None:
    said = ("the channel", "REF-2026-00001")
    plain = Outcome(
        Counter({"lead.claimed by eh-1": 1}), "closed", "finished", Counter({said: 1}), ()
    )
    assert differences(plain, plain) == []
    once_more = replace(plain, posts=Counter({said: 2}))
    assert differences(plain, once_more) == []
    for changed, word in (
        (replace(plain, log=Counter()), "lost from the log"),
        (replace(plain, log=Counter({"lead.claimed by eh-1": 2})), "twice in the log"),
        (replace(plain, state="open"), "not closed"),
        (replace(plain, card="something"), "live card"),
        (replace(plain, posts=Counter()), "never said"),
        (replace(plain, posts=Counter({said: 3})), "said too often"),
        (replace(plain, owed=("post: sending",)), "still owed"),
    ):
        assert word in " ".join(differences(plain, changed))


async def test_a_press_that_was_answered_and_is_not_in_the_log_is_a_loss(tmp_path: Path) -> None:
    """Pressing again would hide it: the claim is answered, then its commit goes with the bot."""
    bot = WatchedBot(store=str(tmp_path / "store.db"))
    settled = bot.settled

    async def loses_a_claim() -> None:
        await settled()
        if await lost(tmp_path / "store.db", "lead.claimed"):
            await bot.kill()
            await settled()

    bot.settled = loses_a_claim  # type: ignore[method-assign]
    bot.watch(tmp_path / "points.txt")
    await bot.start()
    try:
        with pytest.raises(AssertionError, match=f"the lead is claimed: {LOST}"):
            await act(bot)
    finally:
        await bot.stop()


async def lost(store: Path, kind: str) -> bool:
    """Takes the commits with such an event out of a bot's store; whether there was one."""
    with contextlib.closing(sqlite3.connect(store)) as made, made:
        gone = made.execute(
            "delete from rows where tbl = 'Commits' and props like ?", (f"%{kind}%",)
        )
        return gone.rowcount > 0


def test_an_await_point_is_taken_once_a_step_at_its_first_passing_there(tmp_path: Path) -> None:
    file = tmp_path / "points.txt"
    file.write_text("a\nb\na\n# the start\na\n# brief now\nnobody waits for this one\n")
    assert points_in(file) == [
        Point(START, "a", 1),
        Point(START, "b", 1),
        Point("brief now", "a", 3),
    ]


def test_a_spread_holds_the_first_and_the_last() -> None:
    points = tuple(Point("s", str(n), 1) for n in range(50))
    chosen = spread(points, 5)
    assert [p.name for p in chosen] == ["0", "12", "24", "37", "49"]
