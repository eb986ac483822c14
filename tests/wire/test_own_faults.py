"""A fault of ours in one message holds up neither the referral's other messages nor its card."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from aiohttp import web

from bot.desk.ports import Effect, Post, StoreUnavailable
from bot.desk.retrying import MOST_ATTEMPTS
from bot.domain.referral import Referral
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting, words_of
from tests.wire.bad_day import Handler, later
from tests.wire.test_effects import nudges, opened

CALLED = "Say here when they take it"


def breaks(acting: Acting, kind: str, what: str = "", error: Exception | None = None) -> None:
    """Whoever draws such an effect meets a fault."""
    renderer = acting.desk.renderer
    draw = renderer.effect

    async def effect(referral: Referral, owed: Effect) -> Post | None:
        if owed.kind == kind and owed.data.get("what", "") == what:
            raise error or KeyError("id")
        return await draw(referral, owed)

    renderer.effect = effect  # type: ignore[method-assign, assignment]


async def test_one_message_that_breaks_is_given_up_and_told_and_the_rest_goes_on(
    acting: Acting, caplog: pytest.LogCaptureFixture
) -> None:
    await acting.referred()
    breaks(acting, "say", "claim")
    await acting.later(minutes=10)
    await acting.tap("eh-1", "claim")
    assert "Femi A." in str((await acting.briefing()).card)
    await acting.tap("pol-1", "flag")
    assert any(CALLED in m.text for m in acting.thread(await acting.briefing()))
    with caplog.at_level(logging.ERROR):
        for _ in range(MOST_ATTEMPTS):
            await later(acting, seconds=301)
    case = await acting.desk.cases.fresh(acting.case_id)
    failed = [s for s in case.statuses.values() if s.state == "failed"]
    assert [(s.attempts, s.code) for s in failed] == [(MOST_ATTEMPTS, "fault")]
    assert "outbox.effect_fault" in [r.message for r in caplog.records]
    assert "1 message could not be posted" in words_of((await opened(acting)).card or {})


async def test_what_the_store_stops_holds_up_nothing_behind_it(acting: Acting) -> None:
    await acting.referred()
    breaks(acting, "say", "claim", StoreUnavailable("down"))
    await acting.later(minutes=10)
    await acting.tap("pol-1", "flag")
    assert any(CALLED in m.text for m in acting.thread(await acting.briefing()))
    assert await nudges(acting) == []


async def test_a_chat_without_an_id_does_not_hold_up_a_flag(acting: Acting) -> None:
    """Teams makes somebody's chat and gives no id: the card and the mention go out."""
    await acting.referred()
    acting.r.front_door.channel._chats.clear()
    address = acting.desk.log.address

    async def unknown(name: str) -> object:
        return None if name.startswith("person-") else await address(name)

    acting.desk.log.address = unknown  # type: ignore[method-assign, assignment]

    async def empty(request: web.Request, handler: Handler) -> web.StreamResponse:
        made = request.method == "POST" and request.path.endswith("/v3/conversations")
        if made and not (await request.json()).get("isGroup"):
            return web.Response(status=200)
        return await handler(request)

    acting.r.connector.interfere = empty
    await acting.hands("eh-1").do(await acting.briefing(), "flag", {})
    await acting.r.settled()
    assert "Flagged by Femi A." in words_of((await acting.briefing()).card or {})
    case = await acting.desk.cases.fresh(acting.case_id)
    states = {s.state for s in case.statuses.values()}
    assert "sending" not in states
    assert "unknown" in states


@pytest.mark.parametrize("error", [KeyError("id"), StoreUnavailable("down")])
async def test_one_of_the_desks_jobs_that_breaks_does_not_hold_up_the_days_other_times(
    rehearsal: Rehearsal, error: Exception
) -> None:
    acting = Acting(rehearsal)
    days = acting.desk.days
    pause_version = days.pause_version

    async def broken() -> int:
        raise error

    days.pause_version = broken  # type: ignore[method-assign]
    morning = acting.r.clock.now().replace(hour=9, minute=30)
    acting.r.clock.move_to(morning + dt.timedelta(days=1))
    with pytest.raises(type(error)):
        await acting.desk.ticker.tick()
    days.pause_version = pause_version  # type: ignore[method-assign]
    assert (await days.state()).roll_asked
