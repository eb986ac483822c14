"""The day at the desk: roll, pause, resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.hands import Hands
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import Screen

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


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
