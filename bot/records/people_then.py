"""Who somebody was when they acted: the people of the version that served then, the roster as far
as it had been kept by then, and only where neither knows them what is known today.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.desk.ports import Listed, Log, SeenPerson
from bot.domain.events import Recorded
from bot.domain.partnership import BOT, Partnership, Person
from bot.domain.roster import GIVEN_IN_TEAMS, ROSTER_STREAM, Entry, fold_roster
from bot.domain.vocabulary import HOST_TENANT

People = dict[str, Person]


class PeopleThen:
    """Roles that groups gave are not kept by time: for those it is as last seen."""

    def __init__(
        self,
        partnership: Partnership,
        listed: Mapping[str, Listed],
        seen: Sequence[SeenPerson],
        changes: Sequence[Recorded],
    ) -> None:
        self._p = partnership
        today = Listed(partnership.people, partnership.tenants)
        self._listed = {partnership.version: today, **listed}
        self._changes = changes
        self._at = [c.at for c in changes]
        self._known = self._known_at_all(seen)
        self._people: dict[tuple[str, int], People] = {}
        self._partnerships: dict[tuple[str, str, int], Partnership] = {}

    def person(self, person_id: str, at: datetime, version: str) -> Person | None:
        """`version` of the configuration is the one that served at that time."""
        return self._everyone(version, self._kept_by(at)).get(person_id)

    def by_object(self, object_id: str, at: datetime, version: str) -> Person | None:
        """Somebody of then goes before somebody known at another time."""
        wanted = object_id.lower()
        then = self._then(version, self._kept_by(at)).values()
        of_wanted = (x for x in (*then, *self._known.values()) if x.object_id.lower() == wanted)
        return next(of_wanted, None) if wanted else None

    def before(self, change: Recorded, version: str) -> Person | None:
        """Who the person of a change of the roster was until then."""
        kept = next((n for n, c in enumerate(self._changes) if c is change or c == change), 0)
        person_id = getattr(change.event, "person", "")
        return self._everyone(version, kept).get(person_id)

    def tenant(self, person: Person, version: str) -> str:
        """The Entra tenant's id; of a tenant that nobody lists any more, its code."""
        for listed in (self._listed.get(version), *self._listed.values()):
            if listed and person.tenant in listed.tenants:
                return listed.tenants[person.tenant]
        return person.tenant

    def partnership(self, opened: Partnership, at: datetime, version: str) -> Partnership:
        """`opened` with the people of then, for views."""
        kept = self._kept_by(at)
        key = (opened.version, version, kept)
        if key not in self._partnerships:
            people = tuple(x for x in self._everyone(version, kept).values() if x is not BOT)
            self._partnerships[key] = replace(
                opened, people=people, whole_list=(), found={}, rostered={}
            )
        return self._partnerships[key]

    def _kept_by(self, at: datetime) -> int:
        return bisect_right(self._at, at)

    def _known_at_all(self, seen: Sequence[SeenPerson]) -> People:
        """Everybody by name: today's word goes before an earlier version's."""
        earlier = {x.id: x for listed in self._listed.values() for x in listed.people}
        by_group = {
            s.object_id: Person(s.object_id, s.name, s.role, s.agency, HOST_TENANT, s.object_id)
            for s in seen
        }
        p = self._p
        later = {i: x for i, x in p.rostered.items() if i not in earlier}
        return earlier | later | {x.id: x for x in p.people} | by_group | p.found

    def _everyone(self, version: str, kept: int) -> People:
        key = (version, kept)
        if key not in self._people:
            self._people[key] = self._known | self._then(version, kept) | {BOT.id: BOT}
        return self._people[key]

    def _then(self, version: str, kept: int) -> People:
        listed = self._listed.get(version) or self._listed[self._p.version]
        then = {x.id: x for x in listed.people}
        entries = fold_roster(self._changes[:kept], kept).entries
        return then | {i: _as_kept(then.get(i), entry) for i, entry in entries.items()}


def _as_kept(listed: Person | None, entry: Entry) -> Person:
    """The file wins where Teams does not decide, as the desk itself has it."""
    if listed is None:
        return entry.person
    if entry.added or listed.role not in GIVEN_IN_TEAMS:
        return listed
    return replace(listed, role=entry.person.role, agency=entry.person.agency)


async def people_then(partnership: Partnership, log: Log) -> PeopleThen:
    """Raises StoreUnavailable."""
    changes = [r for c in (await log.load(ROSTER_STREAM)).commits for r in c.recorded]
    return PeopleThen(partnership, await log.all_listed(), await log.people(), changes)
