"""What exists in the simulated Teams: people, conversations, messages, each viewer's card."""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.desk.ports import Clock
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import HOST_TENANT

Json = dict[str, Any]

BOT = "bot"
_VIEWS_AT_MOST = 60
REFRESH_EVERY = dt.timedelta(minutes=1)


@dataclass(slots=True)
class Message:
    """`author` is a person id or `bot`. `views` are cards only one person sees."""

    id: str
    conversation_id: str
    author: str
    at: dt.datetime
    text: str = ""
    mentions: tuple[str, ...] = ()
    card: Json | None = None
    attachment: Json | None = None
    """What Teams draws itself: a file, or the question whether one may be saved."""
    rev: int = 1
    edited: bool = False
    deleted: bool = False
    views: dict[str, Json] = field(default_factory=dict)
    refreshed_at: dict[str, dt.datetime] = field(default_factory=dict)

    def card_for(self, person_id: str) -> Json | None:
        return self.views.get(person_id, self.card)

    def refresh_ids(self) -> list[str]:
        refresh = (self.card or {}).get("refresh") or {}
        return list(refresh.get("userIds") or [])[:_VIEWS_AT_MOST]


@dataclass(slots=True)
class StoredFile:
    """In somebody's OneDrive. `data` is None while Teams waits for the bot to put it there."""

    id: str
    name: str
    owner: str
    data: bytes | None = None


@dataclass(slots=True)
class Dialog:
    id: str
    person_id: str
    conversation_id: str
    title: str
    card: Json
    compose_command: str = ""
    reply_to: str = ""
    quoted: str = ""
    """Id of the message a message action was used on."""


class World:
    """Ids look like those of Teams: `19:…;messageid=` threads, `29:` users, `a:` chats."""

    def __init__(self, partnership: Partnership, clock: Clock, app_id: str) -> None:
        self.partnership = partnership
        self.clock = clock
        self.bot_id = f"28:{app_id}"
        self.channel_id = partnership.desk_channel
        self.team_id = "19:team0000000000000000000000000000@thread.tacv2"
        self.messages: dict[str, Message] = {}
        self.dialogs: dict[str, Dialog] = {}
        self.files: dict[str, StoredFile] = {}
        self.guests: dict[str, str] = {}
        """By person id: the tenant a guest of the host tenant is at home in."""
        self.viewing: dict[str, str] = {}
        self.rev = 0
        self.changed: Callable[[], None] = lambda: None
        self._ids = itertools.count(1_764_000_000_000)
        self._by_user = {self.user_id(p): p for p in partnership.people}

    def touch(self) -> None:
        self.rev += 1
        self.changed()

    def new_id(self) -> str:
        return str(next(self._ids))

    # People -------------------------------------------------------------------------

    def person(self, person_id: str) -> Person:
        """Raises KeyError for nobody."""
        found = self.partnership.person(person_id)
        if found is None or found.id == BOT:
            raise KeyError(person_id)
        return found

    def user_id(self, person: Person) -> str:
        return f"29:1{person.object_id.replace('-', '')}"

    def person_of_user(self, user_id: str) -> Person | None:
        return self._by_user.get(user_id)

    @staticmethod
    def has_chat(person: Person) -> bool:
        """A bot has no personal chat with people of other tenants."""
        return person.tenant == HOST_TENANT

    def chat_id(self, person: Person) -> str:
        return f"a:1{person.object_id.replace('-', '')}"

    def person_of_chat(self, conversation_id: str) -> Person | None:
        return next(
            (p for p in self.partnership.people if self.chat_id(p) == conversation_id), None
        )

    # Conversations --------------------------------------------------------------------

    def thread_id(self, root: str) -> str:
        return f"{self.channel_id};messageid={root}"

    def is_channel(self, conversation_id: str) -> bool:
        return conversation_id.startswith(self.channel_id)

    def exists(self, conversation_id: str) -> bool:
        if conversation_id == self.channel_id:
            return True
        base, _, root = conversation_id.partition(";messageid=")
        if base == self.channel_id:
            return root in self.messages
        return self.person_of_chat(conversation_id) is not None

    def threads(self) -> list[tuple[str, list[Message]]]:
        """(root id, messages) oldest thread first."""
        found: dict[str, list[Message]] = {}
        for message in self.messages.values():
            base, _, root = message.conversation_id.partition(";messageid=")
            if base == self.channel_id and root:
                found.setdefault(root, []).append(message)
        return list(found.items())

    def chat(self, person: Person) -> list[Message]:
        wanted = self.chat_id(person)
        return [m for m in self.messages.values() if m.conversation_id == wanted]

    # Messages ---------------------------------------------------------------------------

    def add(
        self,
        conversation_id: str,
        author: str,
        *,
        text: str = "",
        card: Json | None = None,
        attachment: Json | None = None,
        mentions: tuple[str, ...] = (),
        message_id: str = "",
    ) -> Message:
        message = Message(
            message_id or self.new_id(),
            conversation_id,
            author,
            self.clock.now(),
            text,
            mentions,
            card,
            attachment,
        )
        self.messages[message.id] = message
        self.touch()
        return message

    def store(self, name: str, owner: str, data: bytes | None = None) -> StoredFile:
        """Ids cannot be guessed: whoever has an address may use it."""
        file = StoredFile(secrets.token_hex(16), name, owner, data)
        self.files[file.id] = file
        return file

    def edit(self, message: Message, *, text: str, card: Json | None) -> None:
        """An edit is everybody's: their own views give way to it."""
        message.text, message.card = text, card
        message.views.clear()
        message.edited = True
        message.rev += 1
        self.touch()

    def show(self, message: Message, person_id: str, card: Json) -> None:
        message.views[person_id] = card
        message.rev += 1
        self.touch()

    def open_dialog(self, dialog: Dialog) -> None:
        self.dialogs[dialog.id] = dialog
