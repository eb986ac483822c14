"""The day at the desk: roll, pause, resume."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import NotOnScreen, Screen
from bot.rehearsal.world import Message

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


async def answer_pulse(hands: Hands, day: dt.date, answers: Sequence[int]) -> None:
    """In one's own chat where there is one, else through the post in the channel."""
    world = hands.world
    person = world.person(hands.person_id)
    if world.has_chat(person):
        await _in_chat(hands, day, answers)
        return
    post = _asked(world.messages.values(), "pulse.open", day)
    dialog = await hands.open(post, "pulse.open")
    for so_far in _so_far(answers):
        shown = await hands.in_dialog(dialog, "pulse.next", {}, data={"so_far": so_far})
        if shown.dialog is None:
            raise Refusal(shown.text)
        dialog = shown.dialog
    await hands.in_dialog(dialog, "pulse.send", {})


async def _in_chat(hands: Hands, day: dt.date, answers: Sequence[int]) -> None:
    world = hands.world
    message = _asked(world.chat(world.person(hands.person_id)), "pulse.next", day)
    for so_far in _so_far(answers):
        await hands.tap(message, "pulse.next", so_far=so_far)
    await hands.tap(message, "pulse.send")


def _so_far(answers: Sequence[int]) -> list[str]:
    """What each button carries: the answers up to and with its own."""
    digits = "".join(str(a) for a in answers)
    return [digits[: n + 1] for n in range(len(digits))]


def _asked(messages: Iterable[Message], verb: str, day: dt.date) -> Message:
    for message in messages:
        if message.card and Screen(message.card).has(verb, day=day.isoformat()):
            return message
    raise NotOnScreen(f"{verb} for {day}")


async def call_roll(play: Play, hands: Hands, event: Event) -> None:
    await call_the_roll(hands, event.data.get("absent", []))


async def call_the_roll(hands: Hands, absent: list[str]) -> None:
    await hands.say("roll", place="personal")
    world = hands.world
    person = world.person(hands.person_id)
    message = world.chat(person)[-1]
    screen = Screen(message.card_for(person.id) or {})
    screen.values["absent"] = ""
    await hands.tap_screen(screen, message, "roll.save", {"absent": ",".join(absent)})


async def pause(play: Play, hands: Hands, event: Event) -> None:
    await hands.say(f"pause because {event.data['reason']}", place="personal")


async def resume(play: Play, hands: Hands, event: Event) -> None:
    await hands.say("resume", place="personal")
