"""Who is on the roster beyond the configuration's list: put on, changed and taken off in Teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.domain import events as ev
from bot.domain.decision import Refused, refused
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT, Role

ROSTER_STREAM = "desk-roster"
"""It outlives the day, as a pause does."""

GIVEN_IN_TEAMS = frozenset({*DUTY_TEAM, Role.ASSESSMENT_TEAM})
"""Managers and records officers are in the configuration file: nobody makes themselves one."""

COUNCILS_OWN = frozenset(
    {Role.MASHO, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER, Role.ASSESSMENT_TEAM}
)

KEEPS_THE_ROSTER = frozenset({Role.MANAGER, Role.DUTY_MANAGER})


@dataclass(frozen=True, slots=True)
class Entry:
    """The last word on somebody. `added`: the list did not have them then."""

    person: Person
    added: bool
    last: ev.Recorded


@dataclass(frozen=True, slots=True)
class Roster:
    version: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    changes: tuple[ev.Recorded, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody Teams says is in the desk's channel, of a tenant of the partnership.

    `account` tells two people of one name apart.
    """

    name: str
    object_id: str
    tenant: str
    account: str = ""


def fold_roster(recorded: Iterable[ev.Recorded], version: int) -> Roster:
    entries: dict[str, Entry] = {}
    changes = []
    for item in recorded:
        match item.event:
            case ev.RosterAdded() | ev.RosterChanged() | ev.RosterRemoved() as event:
                before = entries.get(event.person)
                added = isinstance(event, ev.RosterAdded) or (before is not None and before.added)
                entries[event.person] = Entry(_person(event), added, item)
                changes.append(item)
            case _:
                raise AssertionError("another event in the roster's log")
    return Roster(version, entries, tuple(changes))


def _person(event: ev.RosterEvent) -> Person:
    role = Role.NONE if isinstance(event, ev.RosterRemoved) else event.role
    return Person(
        event.person, event.name, role, event.agency, event.tenant, event.object_id.lower()
    )


def overlay(p: Partnership, roster: Roster) -> dict[str, Person]:
    """By person id, what the roster makes of people: with Role.NONE whoever has no role by it, so
    that the record keeps their name. People the file alone decides on are left out.
    """
    found = {i: _as_it_stands(p, entry) for i, entry in roster.entries.items()}
    return {i: person for i, person in found.items() if person is not None}


def _as_it_stands(p: Partnership, entry: Entry) -> Person | None:
    """The file wins over somebody added in Teams whom it has since taken up, and over a role that
    Teams does not give.
    """
    person = entry.person
    listed = p.on_the_list(person.id)
    if listed is not None and listed.object_id.lower() != person.object_id:
        return None  # the file has given the id to somebody else since
    if listed is not None:
        if entry.added or listed.role not in GIVEN_IN_TEAMS:
            return None
        role = person.role if person.agency in p.agency else Role.NONE
        return replace(listed, role=role, agency=person.agency)
    taken_up = any(x.object_id.lower() == person.object_id for x in p.people)
    known = person.tenant in p.tenants and person.agency in p.agency
    if not entry.added or taken_up or not known or in_entra(p, person.tenant):
        return replace(person, role=Role.NONE)
    return person


def in_entra(p: Partnership, tenant: str) -> bool:
    """Whether people of this tenant have their role from a group, and so are changed there."""
    return bool(p.groups) and tenant == HOST_TENANT


def may_be_added(p: Partnership, members: Iterable[Member]) -> tuple[Member, ...]:
    """By name: whoever is in the channel and not on the roster, and is not changed in Entra."""
    found = [m for m in members if not in_entra(p, m.tenant) and p.listed(m.object_id) is None]
    return tuple(sorted(found, key=lambda m: (m.name.casefold(), m.object_id)))


def on_roster(p: Partnership) -> tuple[Person, ...]:
    """Everybody with a role that Teams could give, in the partnership's order."""
    return tuple(x for x in p.everyone if x.role in GIVEN_IN_TEAMS)


def may_be_changed(p: Partnership, actor: Person) -> tuple[Person, ...]:
    return tuple(x for x in on_roster(p) if _fixed(p, actor, x) is None)


def add(
    p: Partnership, actor: Person, member: Member | None, role: Role, agency: str
) -> ev.RosterEvent | Refused:
    """`member` as the channel has them now, None for nobody there."""
    if no := _may_not(p, actor, role, agency):
        return no
    if member is None:
        return refused("roster_not_in_channel")
    if no := _not_theirs(p, role, agency, member.tenant):
        return no
    if in_entra(p, member.tenant):
        return refused("roster_entra", name=member.name)
    if p.listed(member.object_id):
        return refused("roster_on_it", name=member.name)
    object_id = member.object_id.lower()
    known = next((x for x in p.people if x.object_id.lower() == object_id), None)
    if known:
        return ev.RosterChanged(known.id, known.name, role, agency, known.tenant, object_id)
    return ev.RosterAdded(object_id, member.name, role, agency, member.tenant, object_id)


def change(
    p: Partnership, actor: Person, person_id: str, role: Role, agency: str
) -> ev.RosterEvent | Refused | None:
    """None where it is so already."""
    person = p.person(person_id)
    if no := _may_not(p, actor, role, agency) or _fixed(p, actor, person):
        return no
    assert person is not None
    if (person.role, person.agency) == (role, agency):
        return None
    if no := _not_theirs(p, role, agency, person.tenant):
        return no
    if role is not Role.DUTY_MANAGER and _last_manager(p, person):
        return refused("roster_last", name=person.name)
    return ev.RosterChanged(
        person.id, person.name, role, agency, person.tenant, person.object_id.lower()
    )


def remove(p: Partnership, actor: Person, person_id: str) -> ev.RosterEvent | Refused:
    person = p.person(person_id)
    if no := _may_not_keep(p, actor) or _fixed(p, actor, person):
        return no
    assert person is not None
    if _last_manager(p, person):
        return refused("roster_last", name=person.name)
    return ev.RosterRemoved(
        person.id, person.name, person.role, person.agency, person.tenant, person.object_id.lower()
    )


def _may_not_keep(p: Partnership, actor: Person) -> Refused | None:
    """Judged by the role they have now: another change may have come first."""
    now = p.person(actor.id)
    if now is None or now.role not in KEEPS_THE_ROSTER:
        return refused("not_allowed", event="roster.changed")
    return None


def _may_not(p: Partnership, actor: Person, role: Role, agency: str) -> Refused | None:
    if no := _may_not_keep(p, actor):
        return no
    if role not in GIVEN_IN_TEAMS:
        return refused("roster_role")
    return None if agency in p.agency else refused("unknown_choice")


def _not_theirs(p: Partnership, role: Role, agency: str, tenant: str) -> Refused | None:
    """The council takes the calls, agrees and manages: those roles are for its own people, and for
    agencies that have them in the file. Any agency may have reps.
    """
    if role not in COUNCILS_OWN:
        return None
    theirs = {x.agency for x in p.people if x.role is role}
    theirs |= {g.agency for g in p.groups if g.role is role}
    if tenant != HOST_TENANT or (theirs and agency not in theirs):
        return refused("roster_councils", role=str(role))
    return None


def without_reps(p: Partnership) -> tuple[str, ...]:
    """Codes of core agencies that nobody speaks for."""
    speak = {x.agency for x in p.everyone if x.role in DUTY_TEAM}
    return tuple(a.code for a in p.core_agencies if a.code not in speak)


def _fixed(p: Partnership, actor: Person, person: Person | None) -> Refused | None:
    """Why Teams is not the place to change this person."""
    if person is None or person.role is Role.NONE:
        return refused("roster_gone")
    if person.role not in GIVEN_IN_TEAMS:
        return refused("roster_file", name=person.name)
    if in_entra(p, person.tenant):
        return refused("roster_entra", name=person.name)
    return refused("roster_own") if person.id == actor.id else None


def _last_manager(p: Partnership, person: Person) -> bool:
    """Whether no duty manager would be left; a council's own is needed, who has a chat to act in,
    where there is one.
    """
    if person.role is not Role.DUTY_MANAGER:
        return False
    others = [x for x in p.with_role(Role.DUTY_MANAGER) if x.id != person.id]
    own = [x for x in others if x.tenant == HOST_TENANT]
    return not (own if person.tenant == HOST_TENANT else others)
