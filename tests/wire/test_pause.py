"""A pause is said to everybody in the channel, once, and so is its end."""

from __future__ import annotations

from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

WHY = "the phone line is down"


async def asked(acting: Acting, person_id: str, words: str) -> str:
    person = acting.r.world.person(person_id)
    await acting.hands(person_id).say(words, place="personal")
    await acting.r.settled()
    return acting.r.world.chat(person)[-1].text


def said(acting: Acting, words: str) -> int:
    """How many posts of the channel, not of anybody's chat, hold these words."""
    roots = [messages[0] for _, messages in acting.r.world.threads()]
    return sum(words in (message.text or "") for message in roots)


async def looked(acting: Acting) -> None:
    await acting.desk.ticker.tick()
    await acting.r.settled()


async def test_the_channel_hears_of_a_pause_and_of_its_end_once(rehearsal: Rehearsal) -> None:
    acting = Acting(rehearsal)
    await asked(acting, "mgr-1", f"pause because {WHY}")
    for _ in range(3):
        await looked(acting)
    assert said(acting, f"Grace O. has paused the duty team: {WHY}") == 1
    await asked(acting, "man-1", "resume")
    for _ in range(3):
        await looked(acting)
    assert said(acting, "The duty team is taking referrals again") == 1


async def test_a_second_pause_is_answered_with_the_first(rehearsal: Rehearsal) -> None:
    acting = Acting(rehearsal)
    await asked(acting, "mgr-1", f"pause because {WHY}")
    answer = await asked(acting, "man-1", "pause because of the heating")
    assert "Grace O. paused the duty team on" in answer
    assert WHY in answer
    assert (await acting.desk.days.state()).paused == WHY


async def test_a_pause_that_is_over_before_it_was_said_is_not_said(rehearsal: Rehearsal) -> None:
    acting = Acting(rehearsal)
    await asked(acting, "mgr-1", f"pause because {WHY}")
    await asked(acting, "mgr-1", "resume")
    await looked(acting)
    assert said(acting, "has paused the duty team") == 0


async def test_the_door_of_a_paused_desk_speaks_of_no_draft(rehearsal: Rehearsal) -> None:
    acting = Acting(rehearsal)
    await asked(acting, "mgr-1", f"pause because {WHY}")
    person = rehearsal.world.person("masho-1")
    await acting.hands("masho-1").say("new referral", place="personal")
    await rehearsal.settled()
    shown = str(rehearsal.world.chat(person)[-1].card)
    assert "draft" not in shown.lower()
    assert WHY in shown
