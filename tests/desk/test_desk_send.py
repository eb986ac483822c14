"""What the desk owes goes out once, however many look at it at the same time."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.desk.ports import Address, Post
from bot.domain.desk_day import DeskDay
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting


async def test_two_looks_at_once_send_each_card_of_the_desk_once(rehearsal: Rehearsal) -> None:
    """The roll is owed: the clock looks, and before its claim is known looks again."""
    acting = Acting(rehearsal)
    ticker = acting.desk.ticker
    channel = rehearsal.front_door.channel
    sent: list[str] = []
    reply = channel.reply

    async def slow(conversation_id: str, service_url: str, post: Post) -> str:
        sent.append(conversation_id)
        await asyncio.sleep(0.05)
        return await reply(conversation_id, service_url, post)

    channel.reply = slow  # type: ignore[method-assign]
    await acting.to("2026-11-25T16:30+00:00")
    sent.clear()
    await asyncio.gather(*(ticker.tick() for _ in range(6)))
    await acting.to("2026-11-26T09:30+00:00")
    chats = [where for where in sent if where.startswith("a:")]
    assert chats
    for person in rehearsal.partnership.people:
        cards = acting.r.world.chat(person)
        drawn = [str(m.card) for m in cards if m.card]
        assert len(drawn) == len(set(drawn)), person.id


async def test_a_claim_under_way_is_not_taken_for_abandoned(rehearsal: Rehearsal) -> None:
    """While the claim's own answer is still coming, another look must leave the effect alone."""
    acting = Acting(rehearsal)
    front_door = rehearsal.front_door
    posted = 0
    start_thread, set_effect = front_door.channel.start_thread, front_door.log.set_effect

    async def counted(post: Post) -> Address:
        nonlocal posted
        posted += 1
        return await start_thread(post)

    async def late(stream: str, status: object) -> None:
        await set_effect(stream, status)  # type: ignore[arg-type]
        await asyncio.sleep(0.05)

    front_door.channel.start_thread = counted  # type: ignore[method-assign]
    front_door.log.set_effect = late  # type: ignore[method-assign]
    await acting.hands("mgr-1").say("pause because the line is down", place="personal")
    await asyncio.gather(*(acting.desk.ticker.tick() for _ in range(4)))
    assert posted == 1
    words = [m.text for m in rehearsal.world.messages.values() if "paused the duty team" in m.text]
    assert len([x for x in words if "normal MASH route" in x]) == 1


async def test_a_look_that_takes_until_the_next_day_takes_nothing_of_that_day(
    rehearsal: Rehearsal,
) -> None:
    """It began at closing time and had to wait; by then the clock says tomorrow."""
    acting = Acting(rehearsal)
    await acting.brief()
    days, clock = acting.desk.days, rehearsal.clock
    state, manager = days.state, rehearsal.world.person("mgr-1")
    await acting.to("2026-11-24T16:29+00:00")
    clock.move_to(dt.datetime.fromisoformat("2026-11-24T16:30+00:00"))

    async def late() -> DeskDay:
        clock.move_to(dt.datetime.fromisoformat("2026-11-25T08:00+00:00"))
        return await state()

    days.state = late  # type: ignore[method-assign]
    await acting.desk.ticker.tick_day()
    days.state = state  # type: ignore[method-assign]
    await acting.to("2026-11-25T17:30+00:00")

    for person in rehearsal.partnership.with_role(Role.REP, Role.DUTY_MANAGER):
        if person.tenant == HOST_TENANT:
            cards = [str(m.card) for m in rehearsal.world.chat(person)]
            asked = [c for c in cards if "How did " in c]
            assert len(asked) == 1, person.id
            assert "Wednesday 25 November" in asked[0]
    told = [(f"{m.at:%d %H:%M}", str(m.card)) for m in rehearsal.world.chat(manager)]
    assert [at for at, card in told if "Roll for Wednesday" in card] == ["25 08:30"]
    assert [at for at, card in told if "The MASH closes at" in card] == ["24 16:15", "25 16:15"]
