"""What the desk needs of the outside: a log, a channel to speak through, a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.domain.events import Recorded
from bot.domain.figures import Figures
from bot.domain.partnership import Person
from bot.domain.roster import Member
from bot.domain.terms import Terms
from bot.domain.vocabulary import Role

Value = str | int | float | bool | dt.datetime


class FrontDoorError(Exception):
    """Root of this product's faults. Refusals are values, not exceptions."""


class StoreUnavailable(FrontDoorError):
    """The store did not answer, or answered with a fault; the write may or may not have landed."""


class AlreadyThere(FrontDoorError):
    """A row with that key exists: somebody else created it first."""


class Changed(FrontDoorError):
    """The row is no longer as it was read."""


class Unreadable(FrontDoorError):
    """A row of one stream is not as this program, or an earlier one, writes them."""


class StoreTooNew(Unreadable):
    """A row was written by a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row. Keys are already safe for Table Storage; `etag` is empty before writing."""

    table: str
    partition: str
    key: str
    props: dict[str, Value] = field(default_factory=dict)
    etag: str = ""


class Rows(Protocol):
    """A table store. Every method raises StoreUnavailable for a fault."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...

    async def write(self, rows: Sequence[Row]) -> None:
        """All or none, one partition. A row with an `etag` is replaced (Changed unless it is still
        current), others are created (AlreadyThere if one exists).
        """

    async def put(self, row: Row) -> None:
        """Insert or replace whatever is there."""

    async def put_many(self, rows: Sequence[Row]) -> None:
        """`put` each, any partitions of one table, in few round trips. Safe to repeat."""

    async def delete(self, table: str, partition: str, key: str) -> None:
        """Remove; nothing happens if it is not there."""

    async def get(self, table: str, partition: str, key: str) -> Row | None: ...

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        """Every row with first <= key <= last (empty bounds are open), in key order."""

    def walk(self, table: str) -> AsyncIterator[Row]:
        """Every row of a table, in partition and key order, a page at a time: a table need not fit
        into memory.
        """

    async def scrub(self) -> None:
        """Leaves nothing behind of what was replaced or deleted, where that is this store's to do:
        a file's free pages. Raises StoreUnavailable where somebody still reads the old pages.
        """


@dataclass(frozen=True, slots=True)
class Effect:
    """Something owed to the outside once its commit is stored. `data` holds no people's words."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Commit:
    """One decision: its events and the effects they owe. `n` counts from 1 in its stream."""

    stream: str
    n: int
    at: dt.datetime
    by: str
    recorded: tuple[Recorded, ...]
    effects: tuple[Effect, ...] = ()
    press: str = ""
    """Keys of the press that caused it, apart by spaces: the same press again changes nothing."""
    passed: tuple[str, ...] = ()
    """Kinds of identifier a person said were none; never the text."""
    configuration: str = ""


def keys_of(press: str) -> frozenset[str]:
    """A press on a card has one key; what was typed has two, and either tells it again."""
    return frozenset(press.split())


@dataclass(frozen=True, slots=True)
class EffectStatus:
    """How far an effect has come. `state`: sending, waiting, unknown, blocked; sent and failed end
    it.
    """

    n: int
    index: int
    state: str
    at: dt.datetime
    attempts: int = 1
    next_at: dt.datetime | None = None
    conversation_id: str = ""
    activity_id: str = ""
    code: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """What `load` found: commits in order, and the status of each effect that has one."""

    commits: tuple[Commit, ...]
    statuses: tuple[EffectStatus, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person or a place can be reached: never a name."""

    conversation_id: str
    service_url: str
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class RefusalRecord:
    """A refused press. No personal data: ids, verb and code only."""

    at: dt.datetime
    code: str
    verb: str
    case_id: str
    tenant_id: str
    object_id: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Somebody of the host tenant as last seen. `object_id` in lower case; Role.NONE once lost."""

    object_id: str
    name: str
    role: Role
    agency: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Who one version of the configuration lists, and the Entra tenants by their codes."""

    people: tuple[Person, ...]
    tenants: dict[str, str]


class Log(Protocol):
    """The record. Appending commit n+1 is the lock: the loser gets AlreadyThere."""

    async def append(self, commit: Commit) -> None: ...
    async def load(self, stream: str, after: int = 0) -> Stream: ...
    async def reserve_reference(self, case_id: str, year: int) -> str: ...
    async def case_of_reference(self, reference: str) -> str: ...
    async def mark_open(self, case_id: str) -> None: ...
    async def mark_done(self, case_id: str) -> None: ...
    async def open_cases(self) -> list[str]: ...
    async def set_effect(self, stream: str, status: EffectStatus) -> None: ...
    async def link_thread(self, conversation_id: str, case_id: str) -> None: ...
    async def case_of_thread(self, conversation_id: str) -> str: ...
    async def link_child(
        self, mosaic_id: str, case_id: str, reference: str, received_at: dt.datetime
    ) -> None: ...
    async def unlink_child(self, mosaic_id: str, case_id: str) -> None: ...
    async def referrals_of_child(self, mosaic_id: str) -> list[tuple[str, str, dt.datetime]]: ...
    async def save_address(self, name: str, address: Address) -> None: ...
    async def address(self, name: str) -> Address | None: ...
    async def save_person(self, person: SeenPerson) -> None: ...
    async def people(self) -> list[SeenPerson]: ...
    async def save_terms(self, version: str, terms: Terms) -> None: ...
    async def terms(self, version: str) -> Terms | None: ...
    async def all_terms(self) -> dict[str, Terms]: ...
    async def save_listed(self, version: str, listed: Listed) -> None: ...
    async def all_listed(self) -> dict[str, Listed]: ...
    async def save_figures(self, week: str, figures: Figures, version: int) -> None: ...
    async def drop_figures(self, week: str, case_id: str) -> None: ...
    async def figures(self, week: str) -> list[Figures]: ...
    async def save_decision(self, week: str, figures: Figures) -> None: ...
    async def drop_decision(self, week: str, reference: str) -> None: ...
    async def record_refusal(self, refusal: RefusalRecord) -> None: ...


class CannotDeliver(FrontDoorError):
    """Teams refused for good (gone, blocked, too large). `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Gone(CannotDeliver):
    """What was to be edited or answered to is not there any more."""


class DeliveryUnknown(FrontDoorError):
    """The answer never came: the message may or may not be there."""


class OurFault(FrontDoorError):
    """Something that nobody foresaw went wrong while a message was made or sent."""


class TryLater(FrontDoorError):
    """Teams asked to wait. `after_s` seconds."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"retry after {after_s:g} s")
        self.after_s = after_s


class NotTried(TryLater):
    """Nothing was asked of Teams yet. It waits as long as that lasts."""


class RoleUnknown(NotTried):
    """Whether this person may still be sent it cannot be told just now."""


class Crowded(NotTried):
    """So much was said there just now that Teams would not take more."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person to @mention. `text` in the message must hold `<at>name</at>` for each."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Post:
    """What to say: a card or plain text (never both), people to mention, a notification line."""

    text: str = ""
    card: dict[str, Any] | None = None
    mentions: tuple[Mention, ...] = ()
    summary: str = ""


class Channel(Protocol):
    """Speaking through Teams. Raises CannotDeliver, DeliveryUnknown or TryLater."""

    async def start_thread(self, post: Post) -> Address:
        """New post in the duty desk channel; returns its conversation; activity id in user_id."""

    async def reply(self, conversation_id: str, service_url: str, post: Post) -> str: ...
    async def edit(
        self, conversation_id: str, service_url: str, activity_id: str, post: Post
    ) -> None: ...
    async def personal(self, person_id: str, *, by_last_role: bool = False) -> Address | None:
        """The person's chat with the bot; None where they have none (other tenant) or may not be
        sent anything any more. Raises RoleUnknown too, unless the role they last had will do.
        """

    async def user_id(self, person_id: str) -> str:
        """The person's Teams id in the desk's channel, empty when they are not in it."""

    async def members(self) -> tuple[Member, ...]:
        """Who Teams says is in the desk's channel now, of the partnership's tenants."""

    async def viewers(self) -> tuple[str, ...]:
        """Teams user ids of at most 60 people on the duty team, for cards that refresh."""


class Clock(Protocol):
    def now(self) -> dt.datetime:
        """Aware UTC."""
