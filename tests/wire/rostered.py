"""Keeping the roster over the real wire, with people in the channel whom nobody listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.configuration import fictional_object_id
from bot.domain.partnership import Person
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.rehearsal.world import Message
from tests.wire.acting import Acting, words_of

ELSEWHERE = "99999999-9999-4999-8999-999999999999"
RAVI = Person("new-1", "Ravi T.", Role.NONE, "", HOST_TENANT, fictional_object_id("new-1"))
JOAN = Person("new-2", "Joan F.", Role.NONE, "", "police", fictional_object_id("new-2"))
KIT = Person("new-3", "Kit M.", Role.NONE, "", HOST_TENANT, fictional_object_id("new-3"))
STRANGERS = (RAVI, JOAN, KIT)
GUESTS = {"new-3": ELSEWHERE}
"""Kit is a guest from an organisation the partnership does not have."""


class Rostered(Acting):
    """`shown` is the newest roster card of whoever asked last."""

    async def roster(self, person_id: str = "mgr-1") -> Message:
        await self.hands(person_id).say("roster", place="personal")
        return self.last(person_id)

    def last(self, person_id: str) -> Message:
        """The bot's newest message in this person's chat."""
        chat = self.r.world.chat(self.r.world.person(person_id))
        return [m for m in chat if m.author == "bot"][-1]

    def words(self, message: Message, person_id: str = "mgr-1") -> str:
        return words_of(message.card_for(person_id) or {}) or message.text

    async def press(
        self, message: Message, verb: str, person_id: str = "mgr-1", **fill: str
    ) -> str:
        """What the card says after one press."""
        await self.hands(person_id).tap(message, verb, fill)
        return self.words(message, person_id)

    async def add(self, person: Person, role: str, agency: str, person_id: str = "mgr-1") -> str:
        message = await self.roster(person_id)
        await self.press(message, "roster.add", person_id)
        fill = {"person": person.object_id, "role": role, "agency": agency}
        return await self.press(message, "roster.save", person_id, **fill)

    async def form_of(self, wanted: str, person_id: str = "mgr-1") -> Message:
        """The form of one person who is on the roster."""
        message = await self.roster(person_id)
        await self.press(message, "roster.pick", person_id)
        await self.press(message, "roster.person", person_id, person=wanted)
        return message

    async def off(self, wanted: str, person_id: str = "mgr-1") -> str:
        message = await self.form_of(wanted, person_id)
        return await self.press(message, "roster.remove", person_id)

    async def raw(self, person_id: str, verb: str, **data: str) -> Any:
        """A press nobody's screen offers, from the person's own chat or the channel."""
        place = data.pop("place", "")
        person = self.r.world.person(person_id)
        where = place or self.r.world.chat_id(person)
        activity = self.r.people.activity(
            person_id,
            where,
            type="invoke",
            name="adaptiveCard/action",
            value={"action": {"verb": verb, "data": {**data, "verb": verb}}},
        )
        _, body = await self.r.people.deliver(activity)
        return body

    async def kept(self) -> list[tuple[str, str, str]]:
        """(type, person, by) of everything the roster's log holds."""
        stream = await self.r.front_door.log.load("desk-roster")
        found = [r for c in stream.commits for r in c.recorded]
        return [(r.event.TYPE, getattr(r.event, "person", ""), r.by) for r in found]

    async def restarted(self, **people: Any) -> None:
        """The bot again, over the same store; `people` are changed in its file."""
        await self.r.front_door.stop()
        changed = people.get("people")
        if changed is not None:
            self.r._bots = lambda known: replace(known, people=changed(known.people))
        await self.r._start_bot()
