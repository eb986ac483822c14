"""The desk's day while several read and record at once."""

from __future__ import annotations

import asyncio

from bot.desk.ports import Stream
from bot.domain.desk_day import PAUSE_STREAM
from bot.domain.events import TestPaused as Paused
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting


async def test_a_reading_that_began_before_a_pause_does_not_lift_it(rehearsal: Rehearsal) -> None:
    days, log = Acting(rehearsal).desk.days, rehearsal.front_door.log
    load, began, go = log.load, asyncio.Event(), asyncio.Event()

    async def late(stream: str, after: int = 0) -> Stream:
        found = await load(stream, after)
        if stream == PAUSE_STREAM:
            began.set()
            await go.wait()
        return found

    log.load = late  # type: ignore[method-assign]
    reading = asyncio.create_task(days.today(0.0))
    await began.wait()
    log.load = load  # type: ignore[method-assign]
    await days.record(Paused("the line is down"), "mgr-1")
    go.set()
    await reading

    assert (await days.today()).paused == "the line is down"
    assert (await days.state()).paused_by == "mgr-1"
