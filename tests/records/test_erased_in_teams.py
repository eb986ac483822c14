"""Legal holds by word of mouth, and erased words leaving the cards while the bot runs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable

import pytest

from bot.records.retention import Retention
from bot.rehearsal.clock import advance
from bot.rehearsal.rehearsal import Rehearsal
from bot.store.erasing import Erasing, Gone
from bot.store.log import TableLog
from tests.records.retaining import (
    DUE,
    PARTNERSHIP,
    paper,
    work,
)
from tests.wire.acting import Acting
from tests.wire.test_bad_days import BadDay


@pytest.fixture
def acting(rehearsal: Rehearsal) -> Acting:
    return Acting(rehearsal)


async def _closed(acting: Acting) -> None:
    await acting.referred()
    assert (await acting.closed()).state == "closed"


async def answered(acting: Acting, person_id: str, words: str) -> str:
    """What the bot answers in this person's own chat."""
    person = acting.r.world.person(person_id)
    before = len(acting.r.world.chat(person))
    await acting.hands(person_id).say(words, place="personal")
    await acting.r.settled()
    return " ".join(m.text for m in acting.r.world.chat(person)[before:])


async def test_a_records_officer_holds_and_lifts_in_their_own_chat(acting: Acting) -> None:
    await _closed(acting)
    reference = (await acting.referral()).reference
    who = "man-1"
    said = await answered(acting, who, f"hold {reference} because a court asked")
    assert "legal hold" in said
    assert (await acting.referral()).hold is not None
    assert "hold.placed" in await acting.logged()
    assert "Say which and why" in await answered(acting, who, f"lift hold {reference}")
    said = await answered(acting, who, f"Lift hold {reference}: it ended")
    assert "is lifted" in said
    assert (await acting.referral()).hold is None


async def test_hold_says_how_and_says_what_is_so_already(acting: Acting) -> None:
    await _closed(acting)
    reference = (await acting.referral()).reference
    assert "Say which and why" in await answered(acting, "man-1", "hold")
    assert "Say which and why" in await answered(acting, "man-1", "lift hold")
    assert "is not on legal hold" in await answered(acting, "man-1", f"lift hold {reference} x")
    await answered(acting, "man-1", f"hold {reference} because a court asked")
    again = await answered(acting, "man-1", f"hold {reference} because of something else")
    assert f"{reference} is on legal hold already: a court asked" in again
    assert (await acting.logged()).count("hold.placed") == 1
    assert "hold or lift hold" in await answered(acting, "man-1", "help")


async def test_others_may_not_hold(acting: Acting) -> None:
    await acting.referred()
    reference = (await acting.referral()).reference
    said = await answered(acting, "masho-1", f"hold {reference} because why not")
    assert "A records officer or a manager" in said
    assert (await acting.referral()).hold is None
    assert "no referral" in await answered(acting, "man-1", "hold REF-2026-09999 because x")


async def _erased_on(acting: Acting, between: Callable[[], Awaitable[None]] | None = None) -> None:
    """Erases everything due in a running bot's store; `between` runs once the first is logged."""
    rows = acting.r.front_door.rows
    now = acting.r.clock.now()

    class Watched(Erasing):
        async def words_of_case(self, case_id: str) -> Gone:
            if between:
                await between()
            return await super().words_of_case(case_id)

    retention = Retention(rows, TableLog(rows), PARTNERSHIP, Watched(rows), now)
    await retention.erase(await retention.plan(), paper(now))


async def _relisted(acting: Acting) -> None:
    ticker = acting.r.front_door.desk.ticker
    ticker._listed_at = float("-inf")
    await ticker.tick()
    await acting.r.settled()


async def test_the_card_in_the_channel_loses_its_words_while_the_bot_runs(acting: Acting) -> None:
    await _closed(acting)
    words = "Late on 11 of the last 15 school days"
    assert words in await acting.shown("eh-1")
    front_door = acting.r.front_door
    await advance(front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    now = acting.r.clock.now()
    await Retention(
        front_door.rows, TableLog(front_door.rows), PARTNERSHIP, Erasing(front_door.rows), now
    ).erase(
        await work(front_door.rows, now=now).plan(),
        paper(now),
    )
    front_door.desk.ticker._listed_at = float("-inf")
    await front_door.desk.ticker.tick()
    await acting.r.settled()

    shown = await acting.shown("eh-1")
    assert words not in shown
    assert "was erased on" in shown
    assert words not in json.dumps((await acting.briefing()).card)
    assert words not in repr(front_door.desk.cases.warm())


async def test_a_bot_that_looks_between_the_log_and_the_rows_keeps_and_shows_nothing(
    acting: Acting,
) -> None:
    await acting.brief(safe_now="no")
    await acting.tap("sw-1", "flag")
    await acting.tap("sw-1", "taken.open")
    words = "Late on 11 of the last 15 school days"
    await acting.dialog(
        "mgr-1", "withdraw.open", "withdraw.save", reason="Typed on the wrong child"
    )
    assert (await acting.referral()).state == "withdrawn"
    await advance(acting.r.front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    await _erased_on(acting, lambda: _relisted(acting))
    await _relisted(acting)
    assert words not in repr(acting.r.front_door.desk.cases.warm())
    shown = json.dumps([m.card for m in acting.r.world.messages.values()])
    assert words not in shown


async def test_a_card_that_could_not_be_edited_stays_listed_until_it_was(acting: Acting) -> None:
    await _closed(acting)
    await advance(acting.r.front_door, acting.r.clock, DUE + dt.timedelta(days=1))
    BadDay(acting.r, "PUT", "").answer(503, 4)
    await _erased_on(acting)
    await _relisted(acting)
    log = acting.r.front_door.log
    assert acting.case_id in await log.open_cases(), "a restart must find it"
    acting.r.front_door.desk.outbox.kick(acting.case_id)
    await acting.r.settled()
    assert "was erased on" in json.dumps((await acting.briefing()).card)
    assert acting.case_id not in await log.open_cases()
