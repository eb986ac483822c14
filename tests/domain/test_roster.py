"""The roster folded over the configuration's list, and who may change whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot import configuration
from bot.domain import events as ev, roster as rules
from bot.domain.decision import Refused
from bot.domain.partnership import Partnership, Person, RoleGroup
from bot.domain.roster import GIVEN_IN_TEAMS, Member, fold_roster, overlay
from bot.domain.vocabulary import HOST_TENANT, Role

P = configuration.load()
AT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
RAVI = "0000000a-0000-4000-8000-000000000000"
MEMBER = Member("Ravi T.", RAVI, HOST_TENANT)


def added(**changes: str) -> ev.RosterAdded:
    return replace(
        ev.RosterAdded(RAVI, "Ravi T.", Role.REP, "health", HOST_TENANT, RAVI), **changes
    )


def after(*events: ev.RosterEvent, p: Partnership = P) -> Partnership:
    recorded = [ev.Recorded(event, AT, "mgr-1") for event in events]
    return replace(p, rostered=overlay(p, fold_roster(recorded, len(recorded))))


def actor(p: Partnership = P, person_id: str = "mgr-1") -> Person:
    found = p.person(person_id)
    assert found
    return found


def code(decided: object) -> str:
    return decided.code if isinstance(decided, Refused) else ""


def test_somebody_added_is_one_of_everybody():
    p = after(added())
    found = p.listed(RAVI.upper())

    assert found is not None
    assert found in p.everyone
    assert p.person_of_object(RAVI) == p.person(RAVI) == found
    assert found in p.with_role(Role.REP)


@pytest.mark.parametrize("changes", [{"tenant": "gone"}, {"agency": "gone"}])
def test_who_the_configuration_no_longer_has_a_place_for_has_no_role(changes):
    p = after(added(**changes))

    assert p.listed(RAVI) is None
    assert p.name_of(RAVI) == "Ravi T."
    assert len(p.everyone) == len(P.everyone)


def test_an_added_person_of_the_host_waits_for_entra_where_groups_give_roles():
    groups = (RoleGroup("0000000b-0000-4000-8000-000000000000", Role.REP, "health"),)
    p = after(added(), p=replace(P, groups=groups))

    assert p.listed(RAVI) is None
    assert p.name_of(RAVI) == "Ravi T."
    assert code(rules.add(p, actor(), MEMBER, Role.REP, "health")) == "roster_entra"


@pytest.mark.parametrize("role", [r for r in Role if r not in GIVEN_IN_TEAMS])
def test_no_other_role_is_given(role):
    assert code(rules.add(P, actor(), MEMBER, role, "health")) == "roster_role"
    assert code(rules.change(P, actor(), "eh-1", role, "health")) == "roster_role"


@pytest.mark.parametrize("person", [p.id for p in P.people])
def test_only_who_keeps_the_roster_changes_it(person):
    keeps = actor(P, person).role in (Role.MANAGER, Role.DUTY_MANAGER)
    decided = rules.add(P, actor(P, person), MEMBER, Role.REP, "health")

    assert isinstance(decided, ev.RosterAdded) is keeps
    assert code(decided) == ("" if keeps else "not_allowed")


def test_somebody_taken_off_meanwhile_changes_nothing():
    grace = actor()
    off = rules.remove(P, actor(P, "man-1"), "mgr-1")
    assert isinstance(off, ev.RosterRemoved)
    p = after(off)

    assert code(rules.remove(p, grace, "eh-1")) == "not_allowed"


def test_taken_off_and_put_back_is_the_same_person():
    off = rules.remove(P, actor(), "eh-1")
    assert isinstance(off, ev.RosterRemoved)
    p = after(off)
    femi = actor(P, "eh-1")
    assert p.listed(femi.object_id) is None
    assert p.person("eh-1") == replace(femi, role=Role.NONE)
    member = Member(femi.name, femi.object_id.lower(), femi.tenant)
    back = rules.add(p, actor(p), member, Role.REP, "health")
    assert isinstance(back, ev.RosterChanged)
    again = after(off, back)

    assert again.listed(femi.object_id) == replace(femi, agency="health")
    assert len(again.everyone) == len(P.everyone)


def test_the_last_duty_manager_of_the_council_stays_beside_a_partners():
    police = replace(P.people[0], id="pm", tenant="police", role=Role.DUTY_MANAGER, object_id="x")
    people = (*(x for x in P.people if x.id != "mgr-2"), police)
    p = replace(P, people=people)

    assert code(rules.remove(p, actor(p, "man-1"), "mgr-1")) == "roster_last"
    assert isinstance(rules.remove(p, actor(p, "man-1"), "pm"), ev.RosterRemoved)


def test_an_opened_referral_sees_the_roster_of_today():
    p = after(added())
    p.earlier["old"] = replace(P.terms, outcome_agreement="none")
    opened = p.as_opened("old")
    p.rostered.clear()

    assert opened.outcome_agreement == "none"
    assert opened.listed(RAVI) is None
