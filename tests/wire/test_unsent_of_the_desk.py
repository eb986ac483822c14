"""What the desk itself owes and could not post, or a referral that has ended, is told too."""

from __future__ import annotations

import datetime as dt

from bot.domain.desk_day import PAUSE_STREAM
from tests.wire.acting import Acting, words_of
from tests.wire.bad_day import BadDay, later
from tests.wire.test_effects import THREADS, opened, tried_again


def paused(acting: Acting) -> list[str]:
    return [m.text for m in acting.r.world.messages.values() if "normal MASH route" in m.text]


async def test_the_news_of_a_pause_that_could_not_be_posted_is_told_and_tried_again(
    acting: Acting,
) -> None:
    day = BadDay(acting.r, "POST", "/v3/conversations")
    day.answer(403, 99, code="MessageWritesBlocked")
    await acting.hands("mgr-1").say("pause because of a funeral", place="personal")
    await acting.later(seconds=30)
    before = paused(acting)
    day.times = 0
    message = await opened(acting)
    told = words_of(message.card or {})
    assert "1 message could not be posted: the news of the pause." in told
    assert "could not be posted" not in words_of((await opened(acting, "eh-1")).card or {})
    await acting.hands("mgr-1").tap(message, "unsent.again")
    await acting.later(seconds=6)
    assert len(paused(acting)) == len(before) + 1
    assert "could not be posted" not in words_of((await opened(acting)).card or {})
    pressed = [r.event for r in await tried_again(acting)]
    assert [getattr(event, "cases", ()) for event in pressed] == [(PAUSE_STREAM,)]


async def test_the_roll_that_could_not_be_posted_is_told_and_tried_again(acting: Acting) -> None:
    day = BadDay(acting.r, "POST", "/activities")
    clock = acting.r.clock
    tomorrow = clock.now().replace(hour=8, minute=0, second=0) + dt.timedelta(days=1)
    await acting.to(tomorrow.isoformat())
    day.answer(403, 99, code="MessageWritesBlocked")
    await acting.to(tomorrow.replace(hour=9, minute=30).isoformat())
    day.times = 0
    message = await opened(acting)
    assert "could not be posted: the roll." in words_of(message.card or {})
    cards = len(acting.r.world.chat(acting.r.world.person("mgr-2")))
    await acting.hands("mgr-1").tap(message, "unsent.again")
    await acting.later(seconds=6)
    assert len(acting.r.world.chat(acting.r.world.person("mgr-2"))) == cards + 1
    assert "could not be posted" not in words_of((await opened(acting)).card or {})


async def test_what_a_referral_that_ended_today_could_not_post_is_told_and_tried_again(
    acting: Acting,
) -> None:
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities", THREADS)
    day.answer(403, 99, code="MessageWritesBlocked")
    await acting.later(minutes=10)
    await acting.closed()
    day.times = 0
    assert acting.case_id not in await acting.desk.log.open_cases()
    message = await opened(acting)
    assert "could not be posted: REF-2026-00001." in words_of(message.card or {})
    await acting.hands("mgr-1").tap(message, "unsent.again")
    await later(acting, seconds=1)
    assert (await acting.desk.cases.fresh(acting.case_id)).given_up == 0
    assert acting.case_id not in await acting.desk.log.open_cases()
