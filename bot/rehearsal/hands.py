"""A person's hands: finds a button on their screen, opens what it opens, fills, presses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.domain.referral import Referral
from bot.rehearsal.people import Answer, People
from bot.rehearsal.screen import NotOnScreen, Screen
from bot.rehearsal.world import Dialog, Message
from cards.wording import BOT_NAME

Json = dict[str, Any]


class Refusal(Exception):
    """The bot said no. The message is what the person read."""


class Hands:
    """Counts taps, typed characters and screens for one person."""

    def __init__(self, people: People, person_id: str) -> None:
        self._people = people
        self.world = people.world
        self.person_id = person_id
        self.taps = 0
        self.typed_characters = 0
        self.screens = 0

    def message(self, message_id: str) -> Message:
        return self._people.world.messages[message_id]

    async def look(self, message: Message, *, by_hand: bool = False) -> Screen:
        """Opens the thread: the client asks for this person's own view when it may."""
        await self._people.refresh(self.person_id, message, by_hand=by_hand)
        card = message.card_for(self.person_id)
        if card is None:
            raise NotOnScreen("card")
        return Screen(card)

    async def tap(
        self, message: Message, verb: str, fill: dict[str, str] | None = None, **data: str
    ) -> Answer:
        """One tap on a card, after filling what is asked for."""
        screen = await self._screen_with(message, verb, fill or {}, data)
        return await self.tap_screen(screen, message, verb, fill or {}, **data)

    async def tap_screen(
        self, screen: Screen, message: Message, verb: str, fill: dict[str, str], **data: str
    ) -> Answer:
        """Presses on a screen drawn earlier: it may be stale by now."""
        for name, value in fill.items():
            if value:
                screen.fill(name, value)
        action, inputs = screen.press(verb, **data)
        answer = await self._people.press(self.person_id, message, action, inputs)
        self._count(screen)
        return self._checked(answer)

    async def _screen_with(
        self, message: Message, verb: str, fill: dict[str, str], data: dict[str, str]
    ) -> Screen:
        screen = await self.look(message)
        wanted = [name for name, value in fill.items() if value]
        if not (screen.has(verb, **data) and all(screen.has_input(n) for n in wanted)):
            screen = await self.look(message, by_hand=True)
        return screen

    async def open(self, message: Message, verb: str, **data: str) -> Dialog:
        """Opens a dialog, through More where the button is not on the card."""
        screen = await self._screen_with(message, verb, {}, data)
        if screen.has(verb, **data):
            answer = await self.tap_screen(screen, message, verb, {}, **data)
        else:
            more = await self.tap_screen(screen, message, "more.open", {})
            answer = await self.in_dialog(_dialog(more), verb, {})
        return _dialog(answer)

    async def do(
        self, message: Message, verb: str, fill: dict[str, str] | None = None, **data: str
    ) -> Answer:
        """One tap on the card, or the same button behind More when there is nothing to type."""
        fill = {k: v for k, v in (fill or {}).items() if v}
        screen = await self._screen_with(message, verb, fill, data)
        if screen.has(verb, **data) and all(screen.has_input(name) for name in fill):
            return await self.tap_screen(screen, message, verb, fill, **data)
        more = await self.tap_screen(screen, message, "more.open", {})
        return await self.in_dialog(_dialog(more), verb, fill)

    async def in_dialog(
        self,
        dialog: Dialog,
        verb: str,
        fill: dict[str, str],
        *,
        clear: bool = False,
        data: Mapping[str, str | bool] = MappingProxyType({}),
    ) -> Answer:
        """`data`: what the wanted button carries, where several have the verb. `clear` also empties
        the inputs whose value in `fill` is empty.
        """
        screen = Screen(dialog.card)
        for name, value in fill.items():
            wanted = value or (clear and screen.has_input(name))
            if wanted and screen.values.get(name) != value:
                screen.fill(name, value)
        action, inputs = screen.press(verb, **data)
        answer = await self._people.press_dialog(dialog, action, inputs)
        self._count(screen)
        return self._checked(answer)

    async def finish(
        self, dialog: Dialog, verb: str, fill: dict[str, str], *, clear: bool = False
    ) -> None:
        """Fills and sends a dialog that must close. Raises Refusal with what it said instead."""
        answer = await self.in_dialog(dialog, verb, fill, clear=clear)
        if answer.kind == "dialog" and answer.dialog:
            raise Refusal(_words_on(answer.dialog.card))

    async def compose(self, command: str, place: str) -> Dialog:
        self.taps += 1
        answer = await self._people.compose(self.person_id, command, place=place)
        return _dialog(self._checked(answer))

    async def say(self, text: str, *, thread: str = "", place: str = "channel") -> bool:
        """An @mention is chosen from a list: two taps, and none of its letters. Whether the bot
        took it.
        """
        name = f"@{BOT_NAME}"
        if name in text:
            self.taps += 2
        self.typed_characters += len(text.replace(name, "").strip())
        self.taps += 1
        return await self._people.say(self.person_id, text, thread=thread, place=place)

    async def message_action(self, message: Message, command: str) -> Dialog:
        """The three dots of a message, then the app's action."""
        self.taps += 2
        answer = await self._people.message_action(self.person_id, message, command)
        return _dialog(self._checked(answer))

    def _count(self, screen: Screen) -> None:
        self.taps += screen.taps
        self.typed_characters += screen.typed_characters
        self.screens += 1

    @staticmethod
    def _checked(answer: Answer) -> Answer:
        if answer.kind == "error":
            raise Refusal(answer.text)
        return answer


def _dialog(answer: Answer) -> Dialog:
    if answer.dialog is None:
        raise Refusal(answer.text or "no dialog opened")
    return answer.dialog


def _words_on(card: Json) -> str:
    """What a refused dialog says: the words in its marked boxes, else its first words."""
    found: list[str] = []

    def look(element: Json, marked: bool) -> None:
        marked = marked or element.get("style") == "attention"
        if element.get("type") == "TextRun" and marked:
            found.append(str(element["text"]))
        for key in ("body", "items", "inlines"):
            for inner in element.get(key) or []:
                if isinstance(inner, dict):
                    look(inner, marked)

    look(card, False)
    return " ".join(found) or Screen(card).text()[:300]


def thread_of(referral: Referral) -> str:
    assert referral.briefing is not None
    return referral.briefing.conversation_id.partition(";messageid=")[2]
