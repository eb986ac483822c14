"""A referral that ends, and comes back to life while its card is still being drawn, is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.desk.ports import StoreUnavailable
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class HeldUp:
    """Edits of cards wait in Teams until `go`."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.go, self.came = asyncio.Event(), asyncio.Event()
        rehearsal.connector.interfere = self._interfere

    async def _interfere(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "PUT":
            self.came.set()
            await self.go.wait()
        return await handler(request)


async def ending(acting: Acting) -> HeldUp:
    """Closed, with its last edit on the way."""
    await acting.referred()
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    notes = await acting.hands("masho-1").open(await acting.briefing(), "notes.open")
    await acting.r.settled()
    held = HeldUp(acting.r)
    await acting.hands("masho-1").finish(notes, "notes.confirm", {})
    await held.came.wait()
    return held


async def reopened(acting: Acting) -> None:
    hands = acting.hands("mgr-1")
    message = await acting.briefing()
    await hands.look(message, by_hand=True)
    opened = await hands.open(message, "reopen.open")
    await hands.finish(opened, "reopen.save", {"reason": "School rang again."})


async def test_reopened_while_the_last_edit_is_on_its_way_it_stays_on_the_list(
    rehearsal: Rehearsal,
) -> None:
    acting = Acting(rehearsal)
    held = await ending(acting)
    await reopened(acting)
    held.go.set()
    await rehearsal.settled()
    assert (await acting.referral()).live
    assert await rehearsal.front_door.log.open_cases() == [acting.case_id]


async def test_taken_off_between_its_two_marks_it_is_put_back(rehearsal: Rehearsal) -> None:
    """Another copy may take it off after the first mark and before the commit is there."""
    acting = Acting(rehearsal)
    held = await ending(acting)
    held.go.set()
    await rehearsal.settled()
    log = rehearsal.front_door.log
    append = log.append

    async def taken_off_first(commit: object) -> None:
        await log.mark_done(acting.case_id)
        await append(commit)  # type: ignore[arg-type]

    log.append = taken_off_first  # type: ignore[method-assign,assignment]
    await reopened(acting)
    log.append = append  # type: ignore[method-assign]
    await rehearsal.settled()
    assert await log.open_cases() == [acting.case_id]


async def test_one_referral_that_cannot_be_written_holds_up_no_other(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture
) -> None:
    calls = [Acting(rehearsal) for _ in range(4)]
    for n, call in enumerate(calls):
        await call.referred(mosaic_1=f"99001{n:02d}")
    log = rehearsal.front_door.log
    append = log.append

    async def refusing(commit: object) -> None:
        if getattr(commit, "stream", "") == calls[0].case_id:
            raise StoreUnavailable("table storage answered 400")
        await append(commit)  # type: ignore[arg-type]

    log.append = refusing  # type: ignore[method-assign,assignment]
    now = rehearsal.clock.now()
    rehearsal.clock.move_to(now.replace(minute=now.minute + 11))
    await rehearsal.front_door.desk.ticker.tick()
    await rehearsal.settled()
    for call in calls[1:]:
        assert (await call.logged()).count("nudge.sent") == 1
    assert "nudge.sent" not in await calls[0].logged()
    assert "ticker.case_unavailable" in caplog.text


async def test_a_store_that_is_down_is_not_asked_about_every_referral(
    rehearsal: Rehearsal,
) -> None:
    for n in range(6):
        await Acting(rehearsal).referred(mosaic_1=f"99001{n:02d}")
    asked = []

    async def down(commit: object) -> None:
        asked.append(commit)
        raise StoreUnavailable("no answer")

    rehearsal.front_door.log.append = down  # type: ignore[method-assign,assignment]
    now = rehearsal.clock.now()
    rehearsal.clock.move_to(now.replace(minute=now.minute + 11))
    with pytest.raises(StoreUnavailable):
        await rehearsal.front_door.desk.ticker.tick_cases()
    assert len(asked) == 3
