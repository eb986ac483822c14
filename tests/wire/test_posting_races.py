"""What happens while a message is on its way to Teams, and while how it went is being stored."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
from aiohttp import web

from bot.desk.ports import EffectStatus, StoreUnavailable
from bot.domain.vocabulary import State
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from tests.wire.acting import BRIEF, Acting, words_of

SAID = "Came in without breakfast"


async def test_withdrawn_while_it_was_being_posted_it_is_emptied_in_the_channel(
    rehearsal: Rehearsal,
) -> None:
    acting = Acting(rehearsal)
    go, came = asyncio.Event(), asyncio.Event()

    async def hold(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse = await handler(request)
        if request.method == "POST" and request.path.endswith("/v3/conversations"):
            came.set()
            await go.wait()
        return answer

    rehearsal.connector.interfere = hold
    dialog = await acting.form("masho-1")
    acting.case_id = Screen(dialog.card).press("intake.brief")[0]["data"]["case"]
    await acting.hands("masho-1").in_dialog(dialog, "intake.brief", BRIEF)
    await came.wait()
    [(_, [message, *_])] = acting.threads()
    assert SAID in words_of(message.card or {})
    opened = await acting.hands("masho-1").open(message, "withdraw.open")
    await acting.hands("masho-1").finish(opened, "withdraw.save", {"reason": "Wrong child"})
    go.set()
    await rehearsal.settled()

    assert (await acting.referral()).state is State.WITHDRAWN
    [(_, [message, *_])] = acting.threads()
    assert SAID not in json.dumps(message.card)
    assert acting.case_id not in await rehearsal.front_door.log.open_cases()


@pytest.mark.parametrize("take_over_after_s", [0, 30])
@pytest.mark.parametrize("failing", ["set_effect", "link_thread", "append"])
async def test_a_message_whose_noting_fails_is_noted_at_the_next_look_and_not_sent_again(
    rehearsal: Rehearsal, failing: str, take_over_after_s: int
) -> None:
    """Four times: more often than a post of unknown fate would be repeated. Alone on its store, and
    as one of several that take over from each other.
    """
    acting = Acting(rehearsal)
    acting.desk.outbox._sender._take_over = dt.timedelta(seconds=take_over_after_s)
    log, posted, failures = rehearsal.front_door.log, Counter[str](), Counter[str]()
    real = getattr(log, failing)

    async def count(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.method == "POST":
            body = await request.json()
            told = body.get("activity", body)
            posted[json.dumps([told.get("text"), told.get("attachments")], sort_keys=True)] += 1
        answer: web.StreamResponse = await handler(request)
        return answer

    async def fail(*values: Any) -> Any:
        sent = not isinstance(values[-1], EffectStatus) or values[-1].state == "sent"
        if posted and sent and failures[failing] < 4:
            failures[failing] += 1
            raise StoreUnavailable("away")
        return await real(*values)

    rehearsal.connector.interfere = count
    setattr(log, failing, fail)
    await acting.brief("masho-1")
    for _ in range(6):
        await rehearsal.settled()
        acting.desk.outbox.kick(acting.case_id)
    await rehearsal.settled()

    assert failures[failing] == 4
    assert (await acting.referral()).briefing
    assert {words: times for words, times in posted.items() if times > 1} == {}
    [thread] = acting.threads()
    assert thread


async def test_a_press_that_was_logged_and_never_sent_is_sent_when_it_is_pressed_again(
    rehearsal: Rehearsal,
) -> None:
    """As where whoever logged it died before it came to that."""
    acting = Acting(rehearsal)
    await acting.referred()
    service, deliver, sent = acting.desk.service, rehearsal.people.deliver, []

    async def kept(activity: Any) -> Any:
        sent.append(activity)
        return await deliver(activity)

    rehearsal.people.deliver = kept  # type: ignore[method-assign]
    committed, service._committed = service._committed, lambda _: None
    await acting.tap("eh-1", "claim")
    service._committed = committed
    await rehearsal.settled()
    assert "Femi A." not in str((await acting.briefing()).card)

    await deliver(next(a for a in sent if "'claim'" in str(a)))
    await rehearsal.settled()

    assert (await acting.logged()).count("lead.claimed") == 1
    assert "Femi A." in str((await acting.briefing()).card)
