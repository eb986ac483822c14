"""Two and four processes on one Azurite: what must happen once happens once."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.vocabulary import Role
from bot.rehearsal.hands import Refusal
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import BOT
from bot.web import PROBE_WAITS_S, PROBED_EVERY_S
from cards import wording as w
from tests.fire.replicas import Replica, Replicas, with_reps
from tests.tools.azurite import Azurite
from tests.wire.acting import Acting, words_of
from tests.wire.rostered import Rostered

pytestmark = pytest.mark.node
_CALLS = 8
_REPS = 44
_STALE_AT_MOST_S = 10.0
Json = dict[str, Any]


@pytest.fixture(params=[2, 4])
async def several(
    empty_azurite: Azurite, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Replicas]:
    made = Replicas(
        store=empty_azurite.connection_string,
        count=request.param,
        config=with_reps(tmp_path, _REPS),
    )
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def two(empty_azurite: Azurite) -> AsyncIterator[Replicas]:
    made = Replicas(store=empty_azurite.connection_string, count=2)
    await made.start()
    yield made
    await made.stop()


async def until(true: Any, within_s: float = 20.0) -> None:
    """Asks again until it is so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not await true():
        assert loop.time() < end, "it did not come to be"
        await asyncio.sleep(0.1)


async def called(replicas: Replicas, count: int) -> list[Acting]:
    """So many calls at once, taken by two officers, and briefed."""
    calls = [Acting(replicas) for _ in range(count)]
    takers = [f"masho-{n % 2 + 1}" for n in range(count)]
    await asyncio.gather(*(c.brief(t) for c, t in zip(calls, takers, strict=True)))

    async def posted() -> bool:
        return all([(await c.referral()).briefing for c in calls])

    await until(posted)
    await replicas.caught_up()
    return calls


def said(replicas: Replicas, words: str) -> Counter[str]:
    """By place: how often the bot said it."""
    bots = (m for m in replicas.world.messages.values() if m.author == BOT)
    return Counter(
        m.conversation_id for m in bots if words in m.text or words in words_of(m.card or {})
    )


async def test_what_must_happen_once_happens_once_however_many_share_the_work(
    several: Replicas,
) -> None:
    calls = await called(several, _CALLS)
    referrals = [await c.referral() for c in calls]
    assert {r.reference for r in referrals} == {f"REF-2026-{n:05d}" for n in range(1, _CALLS + 1)}
    posted_once(several, calls)
    await raced(several, calls[0])
    for_nudges = several.clock.now() + dt.timedelta(minutes=11)
    await several.move_clocks(for_nudges)
    for call in calls[1:]:
        assert (await call.logged()).count("nudge.sent") == 1
    nudged = said(several, "has no lead person yet")
    assert set(nudged.values()) == {1}
    assert len(nudged) == _CALLS - 1
    await several.move_clocks(several.clock.now() + dt.timedelta(minutes=25))
    for call in calls[1:]:
        logged = await call.logged()
        assert logged.count("lead.defaulted") == 1
    await by_the_clock(several)
    posted_once(several, calls)


def posted_once(replicas: Replicas, calls: list[Acting]) -> None:
    for call in calls:
        shown = [r for r, ms in replicas.world.threads() if call.case_id in json.dumps(ms[0].card)]
        assert len(shown) == 1, "posted twice"


async def raced(replicas: Replicas, call: Acting) -> None:
    """Fifty people claim at the same moment: one has it, all others are told who."""
    briefing = await call.briefing()
    racers = [p.id for p in replicas.partnership.people if p.role is Role.REP]
    assert len(racers) == 50

    async def claim(person_id: str) -> str:
        screen = Screen(briefing.card or {})
        try:
            answer = await call.hands(person_id).tap_screen(screen, briefing, "claim", {})
        except Refusal as no:
            return str(no)
        return answer.text or words_of(briefing.card_for(person_id) or {})

    answers = await asyncio.gather(*map(claim, racers))
    await replicas.caught_up()
    logged = await call.logged()
    assert logged.count("lead.claimed") == 1
    lead = replicas.partnership.person((await call.referral()).lead)
    assert lead is not None
    assert [a for a in answers if lead.name not in a and a != w.REFUSALS["slow"]] == []
    assert answers.count(w.REFUSALS["slow"]) <= len(answers) / 2, "answered, on the whole"


async def by_the_clock(replicas: Replicas) -> None:
    """Roll, closing list, pulse and the managers' week, to each of whom they are for, once."""
    await replicas.move_clocks(dt.datetime.fromisoformat("2026-11-27T17:05:00+00:00"))
    own = Counter(
        (m.conversation_id, f"{m.at:%d %H:%M}", (m.text or words_of(m.card or {})).splitlines()[0])
        for m in replicas.world.messages.values()
        if m.author == BOT and not replicas.world.is_channel(m.conversation_id)
    )
    assert [what for what, count in own.items() if count > 1] == []
    once = ("Roll", "How did", "Monday 23 Nov")
    dated = Counter((to, title) for to, _, title in own if title.startswith(once))
    dated += Counter((to, f"closing {at[:2]}") for to, at, title in own if "closes at" in title)
    assert [what for what, count in dated.items() if count > 1] == []
    titles = " ".join(title for _, _, title in own)
    for what in ("Roll for Wednesday", "The MASH closes at", "How did Thursday", "Monday 23 Nov"):
        assert what in titles


async def test_roll_pause_and_roster_reach_the_other_replica_within_ten_seconds(
    two: Replicas,
) -> None:
    first, second = two.replicas
    manager = Rostered(two)

    async def roll_asked() -> bool:
        return "Roll for" in manager.words(manager.last("mgr-1"))

    await until(roll_asked)
    roll = manager.last("mgr-1")
    only(two, second)
    assert "paused" not in await door(two)
    only(two, first)
    await manager.press(roll, "roll.save", absent="hlt-1")
    await manager.off("edu-1")
    await manager.hands("mgr-1").say("pause because of a funeral", place="personal")
    only(two, second)
    await asyncio.sleep(_STALE_AT_MOST_S + 0.5)
    assert "of a funeral" in await door(two)
    seen = manager.words(await manager.roster())
    assert "Grace O. took Lorna T. off" in seen
    assert "Away today" in seen


async def door(replicas: Replicas) -> str:
    """What an officer sees who wants to start."""
    acting = Rostered(replicas)
    await acting.hands("masho-1").say("new referral", place="personal")
    await replicas.caught_up()
    return acting.words(acting.last("masho-1"), "masho-1")


def only(replicas: Replicas, one: Replica) -> None:
    for replica in replicas.replicas:
        replica.serving = replica is one


async def probed(replicas: Replicas, replica: Replica, asked: asyncio.Event) -> None:
    """As the platform: asks every so often, and one "no", or no answer, takes the copy out."""
    while replica.serving:
        try:
            async with asyncio.timeout(PROBE_WAITS_S):
                status = await replicas.readiness(replica)
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        replica.serving = status == 200
        asked.set()
        await asyncio.sleep(PROBED_EVERY_S)


async def test_on_sigterm_it_serves_until_it_is_out_of_service_and_no_press_is_refused_or_lost(
    two: Replicas,
) -> None:
    leaving, staying = two.replicas
    calls: list[Acting] = []
    more = 6

    async def keep_calling() -> None:
        """Raises Refusal where a press is not answered."""
        nonlocal more
        while more:
            more -= leaving.process.returncode is not None
            call = Acting(two)
            answer = await call.brief()
            assert answer.dialog is not None
            assert Screen(answer.dialog.card).has("intake.rest"), words_of(answer.dialog.card)
            calls.append(call)

    asked = asyncio.Event()
    probing = [asyncio.create_task(probed(two, r, asked)) for r in two.replicas]
    calling = asyncio.create_task(keep_calling())
    await asked.wait()  # the longest it can take: the next probe is a whole period away
    leaving.process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(leaving.process.communicate(), 25)
    assert leaving.process.returncode == 0
    assert (leaving.serving, staying.serving) == (False, True)
    await calling
    for task in probing:
        task.cancel()
    await asyncio.gather(*probing, return_exceptions=True)
    for call in calls:
        assert (await call.logged()).count("intake.submitted") == 1

    async def all_posted() -> bool:
        return all([(await c.referral()).briefing for c in calls])

    await until(all_posted)
