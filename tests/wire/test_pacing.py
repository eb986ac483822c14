"""The bot keeps to the pace that Teams allows, and no slower."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.ports import Crowded
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.throttle import Throttle
from bot.teams.pacing import Pace
from tests.wire.acting import Acting


class Seconds:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def pace(seconds: Seconds) -> Pace:
    return Pace(now=seconds, sleep=seconds.sleep)


async def spoken(made: Pace, seconds: Seconds, thread: str) -> None:
    """Says one thing, however long that has to wait."""
    while True:
        try:
            return await made.turn(thread)
        except Crowded as wait:
            await seconds.sleep(wait.after_s)


async def test_as_much_as_teams_takes_and_never_more(seconds: Seconds) -> None:
    """Four hours of talking without a pause, judged by the simulated Teams' own numbers."""
    made, teams = pace(seconds), Throttle(seconds)
    for _ in range(1800 * 3 + 1):
        await spoken(made, seconds, "19:c")
        assert teams.take("19:c") == 0
    assert teams.refused == 0
    assert seconds.now - 1000 < 3 * 3601


async def test_a_burst_of_seven_waits_for_nothing_and_the_eighth_for_a_second(
    seconds: Seconds,
) -> None:
    made = pace(seconds)
    for _ in range(7):
        await made.turn("19:c")
    assert seconds.now == 1000
    await made.turn("19:c")
    assert 1001 <= seconds.now < 1001.5
    await made.turn("19:c")
    assert 1002 <= seconds.now < 1002.5


async def test_threads_do_not_wait_for_each_other_and_all_together_keep_to_fifty_a_second(
    seconds: Seconds,
) -> None:
    made, teams = pace(seconds), Throttle(seconds)
    for n in range(50):
        await made.turn(f"19:{n}")
        assert teams.take(f"19:{n}") == 0
    assert seconds.now == 1000
    await made.turn("19:50")
    assert seconds.now >= 1001
    assert teams.take("19:50") == 0


async def test_what_would_wait_for_long_is_put_back_and_says_until_when(seconds: Seconds) -> None:
    made = pace(seconds)
    for _ in range(60):
        await spoken(made, seconds, "19:c")
    before = seconds.now
    with pytest.raises(Crowded) as told:
        await made.turn("19:c")
    assert seconds.now == before
    assert 5 < told.value.after_s < 31


async def test_a_thread_teams_asked_to_leave_alone_is_left_alone(seconds: Seconds) -> None:
    made = pace(seconds)
    made.leave_alone("19:c", 3)
    await made.turn("19:c")
    assert seconds.now == 1003


async def test_quiet_threads_leave_nothing_behind(seconds: Seconds) -> None:
    made = pace(seconds)
    for n in range(40):
        await made.turn(f"19:{n}")
    await seconds.sleep(2 * 3600)
    await made.turn("19:new")
    assert set(made._threads) == {"19:new"}


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[Acting]:
    """A simulated Teams with its limits on."""
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"), throttle=True)
    await made.start()
    yield Acting(made)
    await made.stop()


async def test_a_busy_thread_is_never_refused_and_its_card_is_current_in_the_end(
    limited: Acting,
) -> None:
    await limited.referred()
    root = (await limited.briefing()).id
    await asyncio.gather(
        *(
            limited.hands("pol-1").say(f"@Front Door He was late, day {n}", thread=root)
            for n in range(12)
        )
    )
    await limited.tap("eh-1", "claim")
    await limited.r.settled()
    assert limited.r.throttle is not None
    assert limited.r.throttle.refused == 0
    assert "Femi A." in str((await limited.briefing()).card)


async def test_the_simulated_teams_refuses_whoever_does_not_keep_to_it(seconds: Seconds) -> None:
    teams = Throttle(seconds)
    assert [teams.take("19:c") for _ in range(8)] == [*([0] * 7), 1]
    assert teams.refused == 1
    await seconds.sleep(1)
    assert teams.take("19:c") == 0
    assert teams.take("19:c") > 0
