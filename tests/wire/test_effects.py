"""Every message owed goes by its rule: repeated, given up and told, or posted again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.desk import retrying
from bot.desk.ports import EffectStatus, StoreUnavailable
from bot.domain.commands import SendNudge
from bot.domain.desk_day import stream_of
from bot.domain.events import Recorded
from bot.rehearsal.screen import NotOnScreen, Screen
from bot.rehearsal.world import Message
from tests.wire.acting import Acting, words_of
from tests.wire.bad_day import BadDay, later

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
THREADS = ";messageid="
NUDGED = "has no lead person yet"


async def opened(acting: Acting, person_id: str = "mgr-1") -> Message:
    """What `open` shows this person."""
    await acting.hands(person_id).say("open", place="personal")
    return acting.r.world.chat(acting.r.world.person(person_id))[-1]


async def nudges(acting: Acting) -> list[Message]:
    return [m for m in acting.thread(await acting.briefing()) if NUDGED in m.text]


async def tried_again(acting: Acting) -> list[Recorded]:
    """Who pressed, as the desk's own log has it."""
    day = acting.r.partnership.calendar.day_of(acting.r.clock.now())
    stream = await acting.r.front_door.log.load(stream_of(day))
    recorded = [r for c in stream.commits for r in c.recorded]
    return [r for r in recorded if r.event.TYPE == "messages.tried_again"]


async def unsent(acting: Acting, status: int = 403, code: str = "MessageWritesBlocked") -> BadDay:
    """A referral whose nudge could not be posted."""
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    day.answer(status, 99, code=code)
    await acting.later(minutes=10)
    day.times = 0
    return day


# Asked to wait, and not answered ------------------------------------------------------


async def test_asked_to_wait_two_minutes_nothing_is_sent_before(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    day.answer(429, 1, retry_after="120")
    await acting.later(minutes=10)
    await later(acting, seconds=100)
    assert day.seen == 1
    await later(acting, seconds=30)
    assert day.seen == 2
    assert len(await nudges(acting)) == 1


async def test_asked_to_wait_again_and_again_the_waits_grow_and_it_is_given_up_and_told(
    acting: Acting,
) -> None:
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    day.answer(429, 99)
    await acting.later(minutes=9, seconds=59)
    seen = []
    for _ in range(12 * 60):
        await later(acting, seconds=1)
        seen.append(day.seen)
        if day.seen == retrying.MOST_ATTEMPTS:
            break
    assert day.seen == retrying.MOST_ATTEMPTS
    assert len(seen) > 120
    await later(acting, seconds=400)
    assert "1 message could not be posted: REF-2026-00001." in words_of(
        (await opened(acting)).card or {}
    )


@pytest.mark.parametrize("status", [500, 502, 504, 0])
async def test_what_may_be_there_is_repeated_once_then_given_up_and_told(
    acting: Acting, status: int
) -> None:
    """0: the connection is cut after it was carried out."""
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    day.answer(status, 99, done=True)
    await acting.later(minutes=10)
    for _ in range(4):
        await later(acting, seconds=45)
    assert len(await nudges(acting)) == retrying.MOST_REPEATS
    day.times = 0
    assert "1 message could not be posted: REF-2026-00001." in words_of(
        (await opened(acting)).card or {}
    )


# Refused for good, and tried again ----------------------------------------------------


@pytest.mark.parametrize(
    "code", ["BotNotInConversationRoster", "BotDisabledByAdmin", "MessageWritesBlocked"]
)
async def test_what_teams_refuses_for_good_is_tried_once_and_told_to_the_duty_manager(
    acting: Acting, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    with caplog.at_level(logging.ERROR):
        day = await unsent(acting, code=code)
    await later(acting, minutes=5)
    assert day.seen == 1
    given_up = next(r for r in caplog.records if r.message == "outbox.failed")
    assert given_up.__dict__["code"] == f"403_{code}"
    card = (await opened(acting)).card or {}
    assert "1 message could not be posted: REF-2026-00001." in words_of(card)


async def test_one_tap_has_it_tried_again_and_the_log_says_who_pressed(acting: Acting) -> None:
    await unsent(acting)
    message = await opened(acting)
    await acting.hands("mgr-1").tap(message, "unsent.again")
    await acting.r.settled()
    assert len(await nudges(acting)) == 1
    shown = words_of(message.card_for("mgr-1") or {})
    assert "I am trying again to post 1 message: REF-2026-00001." in shown
    assert "could not be posted" not in words_of((await opened(acting)).card or {})
    pressed = await tried_again(acting)
    assert [(r.by, r.event.cases) for r in pressed] == [("mgr-1", (acting.case_id,))]  # type: ignore[union-attr]


async def test_pressed_twice_it_is_posted_once(acting: Acting) -> None:
    await unsent(acting)
    message = await opened(acting)
    action, inputs = Screen(message.card or {}).press("unsent.again")
    press = acting.r.people.press
    await asyncio.gather(*(press("mgr-1", message, action, inputs) for _ in range(3)))
    await acting.r.settled()
    await press("mgr-1", message, action, inputs)
    await acting.r.settled()
    assert len(await nudges(acting)) == 1
    assert len(await tried_again(acting)) == 1


async def test_sent_again_by_teams_half_a_minute_later_it_is_logged_once(acting: Acting) -> None:
    day = await unsent(acting)
    message = await opened(acting)
    action, inputs = Screen(message.card or {}).press("unsent.again")
    day.answer(403, 99, code="MessageWritesBlocked")
    await acting.r.people.press("mgr-1", message, action, inputs)
    await acting.r.settled()
    await acting.later(seconds=31)
    await acting.r.people.press("mgr-1", message, action, inputs)
    assert len(await tried_again(acting)) == 1


async def test_what_fails_again_stands_there_again(acting: Acting) -> None:
    day = await unsent(acting)
    message = await opened(acting)
    day.answer(403, 99, code="MessageWritesBlocked")
    await acting.hands("mgr-1").tap(message, "unsent.again")
    await acting.r.settled()
    day.times = 0
    assert "1 message could not be posted" in words_of((await opened(acting)).card or {})


async def test_nobody_else_is_shown_it_or_may_press_it(acting: Acting) -> None:
    await unsent(acting)
    message = await opened(acting)
    action, inputs = Screen(message.card or {}).press("unsent.again")
    for person_id in ("masho-1", "man-1"):
        card = (await opened(acting, person_id)).card or {}
        assert "could not be posted" not in words_of(card)
        with pytest.raises(NotOnScreen):
            Screen(card).press("unsent.again")
    answer = await acting.r.people.press("eh-1", message, action, inputs)
    assert "Only the duty manager" in answer.text
    await acting.r.settled()
    assert await nudges(acting) == []
    assert [r["code"] for r in await acting.refusals()] == ["not_allowed"]


async def test_where_all_went_out_nothing_is_said(acting: Acting) -> None:
    await acting.referred()
    card = (await opened(acting)).card or {}
    assert "could not be posted" not in words_of(card)
    assert not Screen(card).has("unsent.again")


async def test_the_closing_list_says_it_too(acting: Acting) -> None:
    await unsent(acting)
    await acting.to("2026-11-24T16:16:00+00:00")
    grace = acting.r.world.chat(acting.r.world.person("mgr-1"))
    card = next(m.card for m in grace if "without an agreed" in words_of(m.card or {}))
    assert card is not None
    assert "could not be posted: REF-2026-00001." in words_of(card)
    assert Screen(card).has("unsent.again")


# The briefing is gone -----------------------------------------------------------------


async def test_a_deleted_briefing_is_posted_again_in_its_thread_and_is_the_live_one(
    acting: Acting,
) -> None:
    before = await acting.referred()
    old = await acting.briefing()
    old.deleted = True
    await acting.tap("eh-1", "claim")
    after = await acting.referral()
    assert before.briefing is not None
    assert after.briefing is not None
    assert after.briefing.activity_id != before.briefing.activity_id
    assert after.briefing.conversation_id == before.briefing.conversation_id
    assert after.briefing.posted_at == before.briefing.posted_at
    new = await acting.briefing()
    assert "Femi A." in str(new.card)
    await acting.tap("pol-1", "add", words="Nothing held.")
    assert "Nothing held." in str((await acting.briefing()).card)
    assert len(acting.threads()) == 1
    assert sum(acting.case_id in str(m.card) for m in acting.thread(new) if not m.deleted) == 1


async def test_where_the_thread_is_gone_too_it_is_posted_in_a_new_one_and_words_there_count(
    acting: Acting,
) -> None:
    await acting.referred()
    old = await acting.briefing()
    for message in acting.thread(old):
        del acting.r.world.messages[message.id]
    await acting.desk.service.act_as_bot(acting.case_id, SendNudge("claim", 1, ("mgr-1",)))
    await acting.r.settled()
    new = await acting.briefing()
    assert new.conversation_id != old.conversation_id
    await acting.hands("pol-1").say("@Front Door He was late on Friday", thread=new.id)
    await acting.r.settled()
    assert [m.text for m in (await acting.referral()).messages] == ["He was late on Friday"]
    await acting.tap("eh-1", "claim")
    assert (await acting.referral()).lead == "eh-1"


async def test_what_takes_it_away_again_at_once_does_not_fill_the_channel(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "PUT", "")
    day.answer(404, 999, code="ActivityNotFoundInConversation")
    await acting.tap("eh-1", "claim")
    for _ in range(8):
        await later(acting, minutes=1)
    briefings = [m for m in acting.thread(await acting.briefing()) if acting.case_id in str(m.card)]
    assert len(briefings) == 2
    await later(acting, minutes=3)
    await later(acting, seconds=1)
    briefings = [m for m in acting.thread(await acting.briefing()) if acting.case_id in str(m.card)]
    assert len(briefings) == 3


async def test_the_card_of_a_closed_referral_that_was_deleted_stays_deleted(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    message = await acting.briefing()
    hands = acting.hands("masho-1")
    notes = await hands.open(message, "notes.open")
    message.deleted = True
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    await hands.finish(notes, "notes.confirm", {})
    await acting.r.settled()
    assert not (await acting.referral()).live
    assert day.seen == 0


# One card, many changes ---------------------------------------------------------------


async def test_while_an_edit_waits_others_do_not_queue_behind_it(acting: Acting) -> None:
    """Ten presses while one edit is under way make one more edit, of the newest state."""
    await acting.referred()
    message = await acting.briefing()
    under_way, gate, edits = asyncio.Event(), asyncio.Event(), 0

    async def slow(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal edits
        if request.method == "PUT" and request.path.endswith(message.id):
            edits += 1
            under_way.set()
            await gate.wait()
        return await handler(request)

    acting.r.connector.interfere = slow
    await acting.hands("eh-1").do(message, "claim")
    await asyncio.wait_for(under_way.wait(), 5)
    for n in range(10):
        await acting.hands("pol-1").do(message, "add", {"words": f"Late on day {n}."})
    assert edits == 1
    gate.set()
    await acting.r.settled()
    assert edits == 2
    assert "Late on day 9." in str(message.card)


async def test_figures_are_answered_while_teams_keeps_an_edit_waiting(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    gate = asyncio.Event()

    async def never(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "PUT":
            await gate.wait()
        return await handler(request)

    acting.r.connector.interfere = never
    await acting.hands("eh-1").do(message, "claim")
    await acting.hands("mgr-1").say("stats", place="personal")
    grace = acting.r.world.chat(acting.r.world.person("mgr-1"))
    assert not gate.is_set()
    assert grace[-1].card is not None
    gate.set()
    await acting.r.settled()


# A token that is not taken ------------------------------------------------------------


async def test_a_token_the_connector_does_not_take_is_replaced_and_nothing_is_lost(
    acting: Acting,
) -> None:
    await acting.referred()
    first: list[str] = []

    async def revoked(request: web.Request, handler: Handler) -> web.StreamResponse:
        token = request.headers["Authorization"]
        first.append(token)
        return await handler(request) if token != first[0] else web.Response(status=401)

    acting.r.connector.interfere = revoked
    await acting.tap("eh-1", "claim")
    assert "Femi A." in str((await acting.briefing()).card)
    assert len(set(first)) == 2


async def test_while_an_edit_waits_a_call_for_help_goes_out_at_once(acting: Acting) -> None:
    """Teams takes an edit and does not answer; then a child is flagged."""
    await acting.referred()
    message = await acting.briefing()
    under_way, gate, called = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def never(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "PUT":
            under_way.set()
            await gate.wait()
        answer = await handler(request)
        if request.method == "POST" and THREADS in request.path:
            called.set()
        return answer

    acting.r.connector.interfere = never
    await acting.hands("eh-1").do(message, "claim")
    await asyncio.wait_for(under_way.wait(), 5)
    await acting.hands("pol-1").do(message, "flag", {})
    await asyncio.wait_for(called.wait(), 5)
    assert not gate.is_set()
    gate.set()
    await acting.r.settled()
    assert "Flagged by" in words_of((await acting.briefing()).card or {})


# A card that Teams does not let be redrawn ---------------------------------------------


async def test_a_card_that_was_refused_is_drawn_later_and_until_then_told(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "PUT", "")
    day.answer(403, 1)
    await acting.tap("eh-1", "claim")
    assert "Femi A." not in str((await acting.briefing()).card)
    told = words_of((await opened(acting)).card or {})
    assert "Teams does not let me change a card of REF-2026-00001" in told
    await later(acting, seconds=30)
    assert day.seen == 1
    await later(acting, seconds=31)
    assert day.seen == 2
    assert "Femi A." in str((await acting.briefing()).card)
    assert "does not let me" not in words_of((await opened(acting)).card or {})


async def test_a_card_refused_again_and_again_is_tried_ever_more_slowly(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "PUT", "")
    day.answer(403, 99)
    await acting.tap("eh-1", "claim")
    tries = []
    for _ in range(16):
        await later(acting, seconds=61)
        tries.append(day.seen)
    assert tries[-1] == 5  # after 0, 1, 3, 7 and 15 minutes


async def test_one_tap_has_a_refused_card_drawn_at_once(acting: Acting) -> None:
    await acting.referred()
    BadDay(acting.r, "PUT", "").answer(403, 1)
    await acting.tap("eh-1", "claim")
    await acting.hands("mgr-1").tap(await opened(acting), "unsent.again")
    await acting.r.settled()
    assert "Femi A." in str((await acting.briefing()).card)
    assert len(await tried_again(acting)) == 1


# A briefing that may be there ----------------------------------------------------------


async def test_a_briefing_of_unknown_fate_does_not_multiply_and_the_duty_manager_is_told(
    acting: Acting,
) -> None:
    """Teams carries each post out and does not say so."""
    day = BadDay(acting.r, "POST", "/v3/conversations")
    day.answer(504, 999, done=True)
    await acting.brief()
    for _ in range(30):
        await later(acting, minutes=2)
    assert day.seen == 2
    message = await opened(acting)
    assert "whether the briefing of REF-2026-00001 could be posted" in words_of(message.card or {})
    await acting.hands("mgr-1").tap(message, "unsent.again")
    for _ in range(10):
        await later(acting, minutes=2)
    assert day.seen == 3
    day.times = 0
    await later(acting, minutes=61)
    assert (await acting.referral()).briefing is not None
    assert "could be posted" not in words_of((await opened(acting)).card or {})


# Ended between the sending and the noting ---------------------------------------------


async def test_a_briefing_that_is_on_the_record_and_not_noted_as_sent_is_not_posted_again(
    acting: Acting,
) -> None:
    log, set_effect = acting.r.front_door.log, acting.r.front_door.log.set_effect
    cut = []

    async def cut_once(stream: str, status: EffectStatus) -> None:
        if status.state == "sent" and status.activity_id and not cut:
            cut.append(status)
            raise StoreUnavailable("cut")
        await set_effect(stream, status)

    log.set_effect = cut_once  # type: ignore[method-assign]
    await acting.brief()
    first = await acting.briefing()
    assert [s.activity_id for s in cut] == [first.id]
    await later(acting, seconds=1)
    assert (await acting.briefing()).id == first.id
    cards = [
        m for m in acting.r.world.messages.values() if m.card and acting.case_id in str(m.card)
    ]
    assert [m.id for m in cards if acting.r.world.is_channel(m.conversation_id)] == [first.id]
    assert not any((await acting.desk.cases.fresh(acting.case_id)).pending())
