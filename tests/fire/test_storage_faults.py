"""Storage refuses, is slow, or takes a write and does not say so: the record is the same."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.rehearsal.hands import Refusal
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import NotOnScreen
from bot.teams.boundary import InTime
from cards import wording as w
from tests.fire.outcome import differences, outcome_of, undisturbed
from tests.fire.steps import STEPS, Caller, Step
from tests.tools import storage_proxy as proxies
from tests.tools.storage_proxy import StorageProxy
from tests.wire.acting import Acting

pytestmark = pytest.mark.node
Json = dict[str, Any]
_TRIES = 8
_NOT_SAVED = re.compile(re.escape(w.REFUSALS["store"]).replace(r"\{fault\}", "[0-9a-f]{8}"))
_FAULT = w.REFUSALS["fault"].partition(".")[0]


@pytest.fixture
async def burning(proxy: StorageProxy) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(store=proxy.connection_string)
    await made.start()
    yield made
    await made.stop()


class Heard:
    """Every answer the bot gave: status and body."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.answers: list[tuple[int, str]] = []
        self._deliver = rehearsal.people.deliver
        rehearsal.people.deliver = self._delivered  # type: ignore[method-assign]

    async def _delivered(self, activity: Json) -> tuple[int, Any]:
        status, body = await self._deliver(activity)
        self.answers.append((status, str(body)))
        return status, body

    @property
    def not_saved(self) -> int:
        return sum(bool(_NOT_SAVED.search(body)) for _, body in self.answers)

    def check(self) -> None:
        """Nobody was left without an answer, and nobody was told that something went wrong."""
        assert {status for status, _ in self.answers} <= {200, 201, 202}
        assert not [body for _, body in self.answers if _FAULT in body]


async def act(step: Step, caller: Caller, proxy: StorageProxy, schedule: proxies.Schedule) -> int:
    """Done until it shows, and again only by somebody who was not told that it is. How often it
    had to be done.
    """
    for tries in range(1, _TRIES + 1):
        proxy.schedule = schedule
        taken = False
        with contextlib.suppress(Refusal, NotOnScreen, AssertionError):
            await step.act(caller)
            taken = True
        await caller.acting.r.settled()
        proxy.schedule = lambda _: ""
        if caller.acting.case_id and step.done(await caller.acting.referral()):
            return tries
        assert not taken, f"{step.name}: answered and lost"
    raise AssertionError(f"{step.name}: not done after {_TRIES} tries")


async def calm(acting: Acting) -> None:
    """What could not go out, or could not be noted, is taken up again."""
    for _ in range(3):
        await acting.later(seconds=61)
        acting.desk.outbox.kick(acting.case_id)
        await acting.r.settled()


@pytest.mark.parametrize("seed", [2, 3])
async def test_with_every_third_request_going_wrong_the_log_is_the_same(
    proxy: StorageProxy, burning: Rehearsal, seed: int
) -> None:
    heard = Heard(burning)
    caller = Caller(Acting(burning))
    schedule = proxies.seeded(seed, 1 / 3)
    for step in STEPS:
        told = heard.not_saved
        tries = await act(step, caller, proxy, schedule)
        assert tries - 1 <= heard.not_saved - told, f"{step.name}: again without having been told"
    await calm(caller.acting)
    heard.check()
    print(dict(proxy.faults), len(proxy.asked), heard.not_saved)
    assert proxy.faults.total() >= 8
    seen = await outcome_of(burning, caller.acting)
    assert differences(await undisturbed(), seen, repeats=1) == []


def on_the_commit(kind: str, times: int) -> proxies.Schedule:
    """Only the decision's own write goes wrong, so many times."""
    left = [times]

    def schedule(request: web.Request) -> str:
        commit = request.method == "POST" and request.path.endswith("/Commits")
        if not commit or not left[0]:
            return ""
        left[0] -= 1
        return kind

    return schedule


_PRESSED_AGAIN = (proxies.BROKEN, proxies.BUSY, proxies.CUT)
"""Three of them are one too many for one press, and nothing was written: it is told so."""


@pytest.mark.parametrize("kind", [k for k in proxies.KINDS if k != proxies.CHANGED])
async def test_a_claim_that_storage_answers_so_is_logged_once(
    proxy: StorageProxy, burning: Rehearsal, kind: str
) -> None:
    heard = Heard(burning)
    caller = Caller(Acting(burning))
    for step in STEPS:
        faulty = on_the_commit(kind, 1 if kind == proxies.CONFLICT else 3)
        calm_ = proxies.seeded(0, 0)
        claims = step.name == "the lead is claimed"
        tries = await act(step, caller, proxy, faulty if claims else calm_)
        assert tries == (2 if claims and kind in _PRESSED_AGAIN else 1), step.name
    await calm(caller.acting)
    heard.check()
    assert proxy.faults[kind] >= 1
    seen = await outcome_of(burning, caller.acting)
    assert differences(await undisturbed(), seen, repeats=0) == []


async def test_a_claim_that_was_taken_but_not_answered_shows_though_nobody_presses_again(
    proxy: StorageProxy, burning: Rehearsal
) -> None:
    acting = Acting(burning)
    await acting.referred()
    proxy.schedule = on_the_commit(proxies.CUT_AFTER, 2)
    answer = await acting.tap("eh-1", "claim")
    assert _NOT_SAVED.fullmatch(answer.text)
    await burning.settled()  # at once: not only when every open referral is read again
    assert "Femi A." in str((await acting.briefing()).card)


async def test_a_claim_that_takes_too_long_is_answered_in_time_and_is_done_all_the_same(
    proxy: StorageProxy, burning: Rehearsal
) -> None:
    acting = Acting(burning)
    await acting.referred()
    front_door = burning.front_door
    front_door.bot.in_time = InTime(within_s=0.2)
    proxy.slow_s, proxy.schedule = 1.0, on_the_commit(proxies.SLOW, 1)
    answer = await acting.tap("eh-1", "claim")
    assert answer.text == w.REFUSALS["slow"]
    await front_door.bot.in_time.ended(within_s=10)
    await burning.settled()
    assert "Femi A." in str((await acting.briefing()).card)
    assert (await acting.logged()).count("lead.claimed") == 1


@pytest.mark.parametrize("kind", [proxies.CUT, proxies.CUT_AFTER])
async def test_one_connection_that_is_cut_is_nothing_anybody_notices(
    proxy: StorageProxy, burning: Rehearsal, kind: str
) -> None:
    acting = Acting(burning)
    await acting.referred()
    proxy.schedule = on_the_commit(kind, 1)
    answer = await acting.tap("eh-1", "claim")
    assert answer.kind == "refreshed"
    assert (await acting.logged()).count("lead.claimed") == 1


async def test_typed_words_that_take_too_long_are_taken_in_time_and_answered_later(
    proxy: StorageProxy, burning: Rehearsal
) -> None:
    acting = Acting(burning)
    await acting.referred()
    front_door = burning.front_door
    front_door.bot.in_time = InTime(within_s=0.2)
    heard = Heard(burning)
    proxy.slow_s, proxy.schedule = 1.0, on_the_commit(proxies.SLOW, 1)
    briefing = await acting.briefing()
    await acting.hands("hlt-1").say("@Front Door Seen on Monday.", thread=briefing.id)
    assert heard.answers == [(200, "None")]
    assert "Logged under health" not in acting.thread(briefing)[-1].text
    await front_door.bot.in_time.ended(within_s=10)
    await burning.settled()
    assert "Logged under health" in acting.thread(briefing)[-1].text
