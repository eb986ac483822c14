"""People of the host tenant as last seen: names fit to show, and what the store remembers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.desk.ports import Log, SeenPerson
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import HOST_TENANT, Role
from cards import wording as w

_LONGEST_NAME = 60


def clean_name(name: str) -> str:
    """A name as Teams gives it, fit to show: no control, direction or mark-up characters."""
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in name
        if unicodedata.category(c) not in ("Cf", "Co", "Cs") and c not in "<>[]*`"
    )
    return " ".join(kept.split())[:_LONGEST_NAME].strip()


async def recall(partnership: Partnership, log: Log) -> None:
    """Takes in what the store remembers of people who have their role from a group: names, and
    roles that serve for no decision. Raises StoreUnavailable.
    """
    if partnership.groups:
        take_in(partnership, await log.people())


def as_seen(
    p: Partnership, object_id: str, member_of: frozenset[str], name: str
) -> SeenPerson | None:
    """What being in these groups makes of somebody; None for nobody known and in no group."""
    held = next((g for g in p.groups if g.group_id in member_of), None)
    known = p.person_of_object(object_id)
    if known is None and held is None:
        return None
    agency = held.agency if held else known.agency if known else ""
    called = name or (known.name if known else "") or _nameless(p, agency)
    return SeenPerson(object_id, called, held.role if held else Role.NONE, agency)


def _nameless(p: Partnership, agency: str) -> str:
    found = p.agency.find(agency)
    return w.SOMEONE_FROM.format(agency=w.first_lower(found.label if found else agency))


def take_in(p: Partnership, people: Iterable[SeenPerson]) -> None:
    """The configuration's own people, ids and names stand."""
    for seen in people:
        if p.listed(seen.object_id) is None:
            keep(p, seen)


def keep(p: Partnership, seen: SeenPerson) -> None:
    known = p.person_of_object(seen.object_id)
    person_id, name = seen.object_id, seen.name
    if known and known.id != seen.object_id:
        person_id, name = known.id, known.name
    p.found[person_id] = Person(
        person_id, name, seen.role, seen.agency, HOST_TENANT, seen.object_id
    )
