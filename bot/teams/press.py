"""One press as the desk sees it, and the answers it can get. No SDK types beyond this point."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from bot.desk.desk import Desk
from bot.domain.decision import Refused
from bot.domain.partnership import Partnership, Person
from bot.domain.referral import Referral
from bot.teams.activities import Inbound, well_formed
from cards.context import View
from cards.refusals import sentence

if TYPE_CHECKING:
    from bot.teams.files import TeamsFiles

Json = dict[str, Any]

_MOST_FIELDS = 150
_MOST_TEXT = 4000


class Origin(Enum):
    EXECUTE = "execute"
    SUBMIT = "submit"
    DIALOG = "dialog"


_VERB = re.compile(r"[a-z_.]{1,40}")
_CASE = re.compile(r"([0-9a-f]{32})?")
_VERSION = re.compile(r"([0-9]{1,9})(\.0)?")


class BadPress(Exception):
    """The data is not that of any button."""


@dataclass(frozen=True, slots=True)
class Press:
    verb: str
    case_id: str
    version: int
    values: dict[str, str]
    origin: Origin
    followed: bool = False
    """Pressed on a merged referral, and now about the one that goes on."""

    def get(self, name: str, most: int = _MOST_TEXT) -> str:
        return self.values.get(name, "").strip()[:most]

    @property
    def passes(self) -> bool:
        """The person said that what was found is not an identifier."""
        return self.values.get("pass") == "true"


def _sound(text: str) -> str:
    return text if text.isascii() else well_formed(text)


def _plain(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _sound(value)[:_MOST_TEXT]
    if isinstance(value, int | float):
        return str(value)
    return None


def read_press(data: Any, origin: Origin, verb: str = "") -> Press:
    """Raises BadPress. `verb` stands beside the data in an Action.Execute. By hand: it is three
    fields, on every press.
    """
    if not isinstance(data, dict) or len(data) > _MOST_FIELDS:
        raise BadPress
    values = {_sound(str(k))[:60]: p for k, v in data.items() if (p := _plain(v)) is not None}
    return Press(
        _matching(_VERB, data.get("verb", verb)),
        _matching(_CASE, data.get("case", "")),
        _version(data.get("v", 0)),
        values,
        origin,
    )


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise BadPress


def _version(value: Any) -> int:
    """A whole number, also as some clients write one again: 2.0, "2" or "2.0"."""
    found = _VERSION.fullmatch(str(value)) if isinstance(value, int | float | str) else None
    if found is None:
        raise BadPress
    return int(found[1])


@dataclass(frozen=True, slots=True)
class Turn:
    """Who pressed or spoke, where, and the desk to do it at."""

    desk: Desk
    person: Person
    inbound: Inbound
    files: TeamsFiles

    async def view(self, about: Referral | None) -> View:
        """What this person sees of a referral, or of none."""
        return await self.desk.renderer.view(about, self.person)

    def opened(self, referral: Referral) -> Partnership:
        """The configuration that serves this referral."""
        return self.desk.partnership.as_opened(referral.configuration)

    async def say(self, refused: Refused) -> str:
        return sentence(refused, await self.view(None))

    def key(self, press: Press) -> str:
        """The same press again, however often Teams sends it, has the same key."""
        return key_of(self.person.id, press)

    def said(self) -> str:
        """Keys of what was typed or sent just now: its id, and who said what when. Teams sends it
        again under a new id with the time it was said. An edit has the id of what it changes, and
        so has a deletion.
        """
        return said_by(self.person.id, self.inbound)


def key_of(by: str, press: Press) -> str:
    body = json.dumps([press.verb, press.case_id, press.version, press.values], sort_keys=True)
    return _hashed(by, body)


def said_by(by: str, sent: Inbound) -> str:
    """See `Turn.said`; `by` is a person id."""
    keys = []
    if sent.activity_id and sent.kind == "message":
        keys.append(_hashed(by, json.dumps([sent.conversation_id, sent.activity_id])))
    if sent.timestamp:
        names = [file.name for file in sent.files]
        words = [sent.kind, sent.conversation_id, sent.text, names, sent.timestamp]
        keys.append(_hashed(by, json.dumps(words)))
    return " ".join(keys)


def _hashed(by: str, body: str) -> str:
    return hashlib.sha256(f"{by}|{body}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Replaces the pressed card on this person's screen."""

    card: Json


@dataclass(frozen=True, slots=True)
class ShowDialog:
    title: str
    card: Json


@dataclass(frozen=True, slots=True)
class SayWords:
    """A sentence on this person's screen."""

    words: str


@dataclass(frozen=True, slots=True)
class CloseDialog:
    pass


Reply = ShowCard | ShowDialog | SayWords | CloseDialog
