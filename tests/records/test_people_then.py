"""Who somebody was at a time: from the version of then, the roster, groups, and last today's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot import configuration
from bot.desk.ports import Listed, SeenPerson
from bot.domain import events as ev
from bot.domain.partnership import BOT, Person, Today
from bot.domain.vocabulary import Role
from bot.records.people_then import PeopleThen
from cards.context import View

P = configuration.load()
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
EARLY, LATE = NOON - dt.timedelta(hours=1), NOON + dt.timedelta(hours=1)
FEMI = next(p for p in P.people if p.id == "eh-1")
RAVI = Person(
    "new-1", "Ravi T.", Role.REP, "health", "host", "0000000a-0000-4000-8000-000000000000"
)
TODAY = replace(P, people=tuple(p for p in P.people if p.id != "eh-1"), version="today")
OLD = Listed(P.people, {**P.tenants, "school": "11111111-1111-4111-8111-111111111111"})


def then(*changes: ev.RosterEvent, seen: tuple[SeenPerson, ...] = ()) -> PeopleThen:
    return PeopleThen(TODAY, {"old": OLD}, seen, [ev.Recorded(c, NOON, "mgr-1") for c in changes])


def added(person: Person) -> ev.RosterAdded:
    p = person
    return ev.RosterAdded(p.id, p.name, p.role, p.agency, p.tenant, p.object_id)


def role_changed(person: Person, role: Role) -> ev.RosterChanged:
    p = person
    return ev.RosterChanged(p.id, p.name, role, "health", p.tenant, p.object_id)


def test_somebody_gone_from_the_file_is_who_they_were() -> None:
    assert then().person("eh-1", EARLY, "old") == FEMI
    assert then().person("eh-1", EARLY, "a version nobody kept") == FEMI, "by name at least"
    assert then().by_object(FEMI.object_id.upper(), EARLY, "old") == FEMI
    assert then().person("nobody", EARLY, "old") is None
    assert then().by_object("", EARLY, "old") is None
    assert then().person(BOT.id, EARLY, "old") == BOT


def test_the_roster_counts_from_when_it_was_changed() -> None:
    people = then(role_changed(FEMI, Role.DUTY_MANAGER))
    became = replace(FEMI, role=Role.DUTY_MANAGER, agency="health")
    assert people.person("eh-1", EARLY, "old") == FEMI
    assert people.person("eh-1", NOON, "old") == became


def test_the_file_wins_over_a_role_that_teams_does_not_give() -> None:
    head = next(p for p in P.people if p.role is Role.MANAGER)
    assert then(role_changed(head, Role.REP)).person(head.id, LATE, "old") == head


def test_somebody_put_on_the_roster_and_taken_off_keeps_their_name() -> None:
    off = ev.RosterRemoved(RAVI.id, RAVI.name, RAVI.role, RAVI.agency, RAVI.tenant, RAVI.object_id)
    assert then(added(RAVI)).person("new-1", LATE, "today") == RAVI
    assert then(added(RAVI)).by_object(RAVI.object_id, LATE, "today") == RAVI
    assert then(added(RAVI), off).person("new-1", LATE, "today") == replace(RAVI, role=Role.NONE)


def test_what_somebody_was_before_a_change_is_told() -> None:
    first, second = added(RAVI), role_changed(RAVI, Role.DUTY_SOCIAL_WORKER)
    people = then(first, second)
    assert people.before(ev.Recorded(second, NOON, "mgr-1"), "today") == RAVI


def test_people_of_groups_are_as_last_seen() -> None:
    seen = SeenPerson("an-object", "Olu B.", Role.MASHO, "social_care")
    found = then(seen=(seen,)).person("an-object", EARLY, "old")
    assert found == Person("an-object", "Olu B.", Role.MASHO, "social_care", "host", "an-object")


def test_a_tenant_that_left_is_still_named() -> None:
    left = replace(FEMI, tenant="school")
    assert then().tenant(left, "today") == "11111111-1111-4111-8111-111111111111"
    assert then().tenant(replace(FEMI, tenant="never"), "today") == "never"


def test_a_view_of_then_finds_names() -> None:
    assert View(TODAY, Today(), NOON).name("eh-1") == "eh-1"
    of_then = then().partnership(TODAY, EARLY, "old")
    assert View(of_then, Today(), NOON).name("eh-1") == "Femi A."
    assert of_then.name_of(BOT.id) == BOT.name
