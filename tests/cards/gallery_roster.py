"""The gallery's cards of the roster."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain import events as ev
from bot.domain.partnership import Person, RoleGroup, Today
from bot.domain.roster import Member, Roster, fold_roster, overlay
from bot.domain.vocabulary import HOST_TENANT, Role
from cards import roster
from tests.cards import referrals as tell
from tests.cards.exhibit import Gallery
from tests.cards.story import START, World


def object_id(n: int) -> str:
    return f"{n:08x}-0000-4000-8000-000000000000"


def members(many: int = 3) -> list[Member]:
    """Two of one name first, then somebody of a partner. Names are no words of theirs: the channel
    cleans them on the way in.
    """
    name = "Ravi T."
    host, police = HOST_TENANT, "police"
    some = [
        Member(name, object_id(1), host, "ravi.t@riverside.example"),
        Member(name, object_id(2), host, "ravi.t2@riverside.example"),
        Member(
            "Joan F.",
            object_id(3),
            police,
            "joan.f@police.example",
        ),
    ]
    return [*some, *(Member(f"Person {n}", object_id(n), host) for n in range(4, many + 1))]


def kept(world: World) -> Roster:
    """Somebody added, changed and somebody taken off, by two people."""
    ravi, femi = members()[0], world.person("eh-1")

    def who(person: Person) -> tuple[str, str, Role, str, str, str]:
        return (
            person.id,
            person.name,
            person.role,
            person.agency,
            person.tenant,
            person.object_id.lower(),
        )

    added = Person(ravi.object_id, ravi.name, Role.REP, "health", ravi.tenant, ravi.object_id)
    events: list[tuple[str, ev.RosterEvent]] = [
        ("mgr-1", ev.RosterAdded(*who(added))),
        ("mgr-1", ev.RosterChanged(*who(replace(added, role=Role.MASHO)))),
        ("man-1", ev.RosterRemoved(*who(femi))),
    ]
    recorded = [
        ev.Recorded(event, START + dt.timedelta(minutes=n), by)
        for n, (by, event) in enumerate(events)
    ]
    return fold_roster(recorded, len(recorded))


def _roster(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("mgr-1")
    add("roster", roster.roster_card, view, Roster(), [])
    after = replace(world.partnership, rostered=overlay(world.partnership, kept(world)))
    changed = replace(view, partnership=after, today=Today(frozenset({"pol-1"}), called=True))
    led = tell.in_discussion(world)
    done = roster.done_words(kept(world).changes[-1].event, changed)  # type: ignore[arg-type]
    leads = [(led.referral, led.link)]
    add("roster-changed", roster.roster_card, changed, kept(world), leads, done=done)
    groups = (RoleGroup(object_id(9), Role.MASHO, "social_care"),)
    entra = replace(view, partnership=replace(world.partnership, groups=groups))
    refused = gallery.world.say("top", "Femi A. has their role from a group in Microsoft Entra.")
    add("roster-entra", roster.roster_card, entra, Roster(), [], top=refused)
    add("roster-add", roster.add_card, view, members(), 2, {})
    add("roster-add-entra", roster.add_card, entra, members()[2:], 2, {})
    add("roster-add-nobody", roster.add_card, view, [], 2, {})
    add("roster-add-many", roster.add_card, view, members(140), 2, {})
    add("roster-add-found", roster.add_card, view, members(140), 2, {"find": "Person 12"})
    add("roster-pick", roster.pick_card, view)
    person = world.person("eh-1")
    add("roster-person", roster.person_card, view, person, leads, 2, {})
    add("roster-person-no-lead", roster.person_card, view, person, [], 2, {})


ROOMS = (_roster,)
