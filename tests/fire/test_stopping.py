"""A copy that is stopped ends what it can in time, however much hangs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk.ports import Commit
from bot.rehearsal.rehearsal import Rehearsal
from bot.teams.boundary import InTime
from cards import wording as w
from tests.wire.acting import Acting

_GRACE_LEFT_S = 15.0
"""Of the platform's 30, once the presses that came in have had theirs."""


@pytest.fixture
async def stopping(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"))
    await made.start()
    yield made
    await made._start_bot()
    await made.stop()


class Hung:
    """Work that never comes to its end by itself; `given_up` names it in order."""

    def __init__(self) -> None:
        self.given_up: list[str] = []

    def task(self, name: str) -> asyncio.Task[Any]:
        async def hangs() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.given_up.append(name)
                raise

        return asyncio.create_task(hangs())


async def test_however_much_hangs_a_stop_ends_in_time_and_files_are_the_last_to_wait_for(
    stopping: Rehearsal,
) -> None:
    hung, front_door = Hung(), stopping.front_door
    press = hung.task("press")
    await asyncio.sleep(0)
    front_door.bot.in_time._going.add(press)
    front_door.warming.tasks.append(hung.task("token"))
    front_door.desk.outbox._settling._tasks["a case"] = hung.task("post")
    front_door.files._behind.add(hung.task("file"))
    await asyncio.wait_for(front_door.stop(), _GRACE_LEFT_S)
    assert hung.given_up == ["token", "post", "file"]
    press.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await press


async def test_a_press_that_is_still_going_on_is_ended_before_the_store_is_closed(
    stopping: Rehearsal,
) -> None:
    acting = Acting(stopping)
    await acting.referred()
    front_door = stopping.front_door
    front_door.bot.in_time = InTime(within_s=0.1)
    append = front_door.log.append

    async def slow(commit: Commit) -> None:
        await asyncio.sleep(1)
        await append(commit)

    front_door.log.append = slow  # type: ignore[method-assign]
    assert (await acting.tap("eh-1", "claim")).text == w.REFUSALS["slow"]
    await front_door.stop()

    await stopping._start_bot()
    lead = (await acting.referral()).lead
    await stopping.front_door.stop()
    assert lead == "eh-1"
