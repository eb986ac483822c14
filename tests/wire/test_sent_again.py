"""What Teams sends again after something else was decided changes nothing: A, B, then A once more,
under the same id or, some thirty seconds later, a new one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.rehearsal.people import People
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from tests.wire.acting import Acting
from tests.wire.rostered import Rostered
from tests.wire.test_talk_is_the_record import wrote

Json = dict[str, Any]
PAUSE = "pause because the building is shut"
A_REASON = "because a court asked for it"


@dataclass
class Wire:
    """Remembers what was delivered, and delivers it again."""

    people: People
    new_id: bool
    sent: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deliver = self.people.deliver

        async def kept(activity: Json) -> tuple[int, Any]:
            self.sent.append(activity)
            return await self.deliver(activity)

        self.people.deliver = kept  # type: ignore[method-assign]

    async def again(self, activity: Json) -> Any:
        """The bot's answer to the same activity; an edit keeps the id of what it changes."""
        edit = activity["type"] == "messageUpdate"
        if self.new_id and not edit:
            activity = {**activity, "id": self.people.world.new_id()}
        status, body = await self.deliver(activity)
        assert status in (200, 201, 202)
        return body


@pytest.fixture(params=[False, True], ids=["same id", "new id"])
def wire(acting: Acting, request: pytest.FixtureRequest) -> Wire:
    return Wire(acting.r.people, request.param)


@pytest.fixture
def desk(acting: Acting) -> Rostered:
    return Rostered(acting.r)


async def say(desk: Rostered, person_id: str, words: str) -> str:
    """What the bot answers in their chat, half a minute after what came before."""
    await desk.later(seconds=30)
    await desk.hands(person_id).say(words, place="personal")
    return desk.words(desk.last(person_id), person_id)


# Pause and resume ---------------------------------------------------------------------


async def paused(desk: Rostered) -> bool:
    return (await desk.desk.days.state()).paused_at is not None


async def test_a_pause_sent_again_after_resuming_pauses_nothing(desk: Rostered, wire: Wire) -> None:
    await say(desk, "mgr-1", PAUSE)
    pause = wire.sent[-1]
    await say(desk, "mgr-1", "resume")
    await wire.again(pause)
    assert not await paused(desk)
    assert "not paused" in desk.words(desk.last("mgr-1"))
    resume = wire.sent[-1]
    await say(desk, "mgr-1", PAUSE)
    assert await paused(desk), "the same words at another time are words of their own"
    await wire.again(resume)
    assert await paused(desk)
    assert "paused the duty team on" in desk.words(desk.last("mgr-1"))


@pytest.mark.parametrize("timestamp", ["", "2026-11-24T09:59:00.000Z"])
async def test_a_message_is_known_by_its_id_whatever_time_it_says(
    desk: Rostered, acting: Acting, timestamp: str
) -> None:
    wire = Wire(acting.r.people, new_id=False)
    await say(desk, "mgr-1", PAUSE)
    pause = wire.sent[-1]
    await say(desk, "mgr-1", "resume")
    await wire.again({**pause, "timestamp": timestamp})
    assert not await paused(desk)


# The roll -----------------------------------------------------------------------------


async def absent(desk: Rostered) -> list[str]:
    return sorted((await desk.desk.days.state()).absent)


async def roll(desk: Rostered, who: str, person_id: str = "mgr-1") -> Message:
    await say(desk, person_id, "roll")
    message = desk.last(person_id)
    await desk.press(message, "roll.save", person_id, absent=who)
    return message


async def test_a_roll_sent_again_after_another_is_answered_with_that_one(
    desk: Rostered, wire: Wire
) -> None:
    await roll(desk, "hlt-1")
    first = wire.sent[-1]
    await roll(desk, "hlt-1,edu-1")
    answer = await wire.again(first)
    assert await absent(desk) == ["edu-1", "hlt-1"]
    team = desk.r.partnership
    assert "Roll saved" in str(answer)
    for person_id in ("edu-1", "hlt-1"):
        person = team.person(person_id)
        assert person is not None
        assert person.name in str(answer)


async def test_a_roll_drawn_before_another_manager_called_it_is_drawn_again(desk: Rostered) -> None:
    await say(desk, "mgr-1", "roll")
    old = desk.last("mgr-1")
    await roll(desk, "edu-1", "mgr-2")
    assert "out of date" in await desk.press(old, "roll.save", absent="hlt-1")
    assert await absent(desk) == ["edu-1"]
    await desk.press(old, "roll.save", absent="hlt-1")
    assert await absent(desk) == ["hlt-1"], "the roll it was answered with can be saved"


async def test_two_managers_at_once_do_not_undo_each_other(desk: Rostered) -> None:
    cards = []
    for person_id in ("mgr-1", "mgr-2"):
        await say(desk, person_id, "roll")
        cards.append((person_id, desk.last(person_id)))
    told = await asyncio.gather(
        *(
            desk.press(card, "roll.save", person_id, absent=who)
            for (person_id, card), who in zip(cards, ("hlt-1", "edu-1"), strict=True)
        )
    )
    assert sorted("out of date" in words for words in told) == [False, True]


async def test_yesterdays_roll_is_not_todays(desk: Rostered) -> None:
    await say(desk, "mgr-1", "roll")
    old = desk.last("mgr-1")
    await desk.later(days=1)
    assert "out of date" in await desk.press(old, "roll.save", absent="hlt-1")
    assert await absent(desk) == []


# The roster ---------------------------------------------------------------------------


async def given(desk: Rostered, role: str, agency: str) -> str:
    form = await desk.form_of("eh-1")
    return await desk.press(form, "roster.change", role=role, agency=agency)


def role_of(desk: Rostered, person_id: str = "eh-1") -> str:
    person = desk.r.front_door.partnership.person(person_id)
    return str(person.role) if person else ""


async def test_a_role_sent_again_after_it_was_changed_back_is_not_given_again(
    desk: Rostered, wire: Wire
) -> None:
    await given(desk, "duty_manager", "social_care")
    first = wire.sent[-1]
    assert role_of(desk) == "duty_manager"
    done = await wire.again(first)
    assert "duty manager" in str(done)
    for other in ("was changed since", "Nothing was changed"):
        assert other not in str(done), "it says what was done, as the first time"
    await given(desk, "rep", "early_help")
    answer = await wire.again(first)
    assert role_of(desk) == "rep"
    assert "was changed since" in str(answer)
    assert len(await desk.kept()) == 2


async def test_a_removal_sent_again_does_not_take_off_who_was_put_back(
    desk: Rostered, wire: Wire
) -> None:
    await desk.off("eh-1")
    first = wire.sent[-1]
    person = next(p for p in desk.r.partnership.people if p.id == "eh-1")
    await desk.add(person, "rep", "early_help")
    await wire.again(first)
    assert role_of(desk) == "rep"


async def test_a_form_drawn_before_another_change_is_answered_with_the_roster(
    desk: Rostered,
) -> None:
    form = await desk.form_of("eh-1")
    screen = Screen(form.card_for("mgr-1") or {})
    await desk.off("pol-1", "mgr-2")
    await desk.hands("mgr-1").tap_screen(screen, form, "roster.remove", {})
    assert "was changed since" in desk.words(form)
    assert role_of(desk) == "rep"


# Holds --------------------------------------------------------------------------------


async def test_a_hold_sent_again_after_it_was_lifted_holds_nothing(
    desk: Rostered, wire: Wire
) -> None:
    referral = await desk.referred()
    await say(desk, "man-1", f"hold {referral.reference} {A_REASON}")
    hold = wire.sent[-1]
    await say(desk, "man-1", f"lift hold {referral.reference} because it is over")
    lift = wire.sent[-1]
    await wire.again(hold)
    assert not (await desk.referral()).hold
    assert "is not on legal hold" in desk.words(desk.last("man-1"), "man-1")
    await say(desk, "man-1", f"hold {referral.reference} {A_REASON}")
    await wire.again(lift)
    assert (await desk.referral()).hold
    assert "is on legal hold already" in desk.words(desk.last("man-1"), "man-1")


# Words of the thread ------------------------------------------------------------------


async def on_record(desk: Rostered) -> list[str]:
    await desk.r.settled()
    return [m.text for m in (await desk.referral()).messages if not m.removed_at]


async def said(desk: Rostered) -> Message:
    await desk.referred()
    return await wrote(desk, "hlt-1", "@Front Door Seen on Monday")


async def edit(desk: Rostered, message: Message, words: str) -> None:
    await desk.later(seconds=30)
    await desk.r.people.edit("hlt-1", message, f"@Front Door {words}")


async def test_an_edit_sent_again_after_the_next_does_not_bring_the_old_words_back(
    desk: Rostered, wire: Wire
) -> None:
    message = await said(desk)
    await edit(desk, message, "Seen on Tuesday")
    first = wire.sent[-1]
    await edit(desk, message, "Not seen")
    await wire.again(first)
    assert await on_record(desk) == ["Not seen"]
    await edit(desk, message, "Seen on Tuesday")
    assert await on_record(desk) == ["Seen on Tuesday"], "written again, it is the newest"


async def test_of_two_edits_the_one_written_later_stands(desk: Rostered, wire: Wire) -> None:
    message = await said(desk)
    await edit(desk, message, "Seen on Tuesday")
    first = wire.sent[-1]
    later = {**first, "timestamp": "2030-01-01T00:00:00Z", "text": "Seen on Friday"}
    await wire.again(later)
    await wire.again({**first, "text": "Seen on Thursday"})
    assert await on_record(desk) == ["Seen on Friday"]
    await wire.again({**first, "timestamp": "", "text": "Seen on Sunday"})
    assert await on_record(desk) == ["Seen on Sunday"], "an edit of no known time is not lost"


async def test_words_sent_again_after_they_were_changed_are_not_said_twice(
    desk: Rostered, wire: Wire
) -> None:
    message = await said(desk)
    first = next(a for a in wire.sent if a["id"] == message.id)
    await edit(desk, message, "Not seen")
    await wire.again(first)
    assert await on_record(desk) == ["Not seen"]
    await desk.r.people.delete("hlt-1", message)
    await wire.again(first)
    assert await on_record(desk) == []
