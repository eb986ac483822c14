"""The desk's own day: roll, pause, closing list, and who is in force on which day."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain import events as ev
from bot.domain.desk_day import DeskDay, evolve_desk, fold_desk, stream_of
from bot.domain.partnership import BOT, Person, Today
from bot.domain.vocabulary import Role

from .story import MANAGER, PARTNERSHIP, POLICE, TUESDAY, did, person


def desk(*events: ev.DeskEvent) -> DeskDay:
    return fold_desk([did(e, MANAGER, "09:00") for e in events], version=len(events))


def test_before_any_roll_call_everybody_is_here():
    assert desk().today == Today()
    assert Today().here(PARTNERSHIP.people) == PARTNERSHIP.people


def test_the_last_roll_call_stands():
    day = desk(ev.RollCalled((POLICE, MANAGER)), ev.RollCalled((POLICE,)))

    assert day.today.called
    assert day.absent == {POLICE}
    here = day.today.here(PARTNERSHIP.people)
    assert person(POLICE) not in here
    assert person(MANAGER) in here


def test_a_pause_lasts_until_it_is_lifted():
    paused = desk(ev.TestPaused("No heating"))

    assert paused.today.paused == "No heating"
    assert evolve_desk(paused, did(ev.TestResumed(), MANAGER, "10:00")).today.paused is None


def test_the_closing_list_is_remembered():
    assert not desk().closing_listed
    assert desk(ev.ClosingListSent(("case-1",))).closing_listed


def test_a_referrals_event_is_not_the_desks():
    with pytest.raises(AssertionError):
        evolve_desk(DeskDay(), did(ev.LeadClaimed(), POLICE, "09:00"))


def test_each_day_has_its_own_stream():
    assert stream_of(TUESDAY) == "desk-2026-11-24"


@pytest.mark.parametrize(
    ("day", "in_force"), [(dt.date(2026, 9, 29), False), (dt.date(2026, 9, 30), True)]
)
def test_the_duty_to_share_counts_from_its_start_date(day, in_force):
    codes = {b.code for b in PARTNERSHIP.bases_on(day)}
    assert ("duty_16la" in codes) is in_force
    assert "public_task" in codes


def test_a_person_is_known_by_object_whatever_the_case_of_the_letters():
    rep = person(POLICE)

    assert PARTNERSHIP.person_of_object(rep.object_id.upper()) == rep
    assert PARTNERSHIP.person_of_object("") is None


def test_a_person_no_longer_configured_shows_as_their_id():
    assert PARTNERSHIP.name_of(POLICE) == person(POLICE).name
    assert PARTNERSHIP.name_of("gone-1") == "gone-1"
    assert PARTNERSHIP.person(BOT.id) == BOT


def found(person_id: str, name: str, role: Role, object_id: str = "") -> Person:
    return Person(person_id, name, role, "early_help", "host", object_id or person_id)


def test_people_found_in_groups_come_after_the_configurations_by_name():
    people = [found("b", "Zoe", Role.REP), found("a", "Ali", Role.REP), found("c", "Bo", Role.NONE)]
    p = replace(PARTNERSHIP, found={x.id: x for x in people})

    assert [x.id for x in p.everyone] == [*(x.id for x in PARTNERSHIP.people), "a", "b"]
    assert [x.id for x in p.with_role(Role.REP)][-2:] == ["a", "b"]
    assert p.with_role(Role.NONE) == ()


def test_somebody_who_lost_their_role_is_still_known_by_name():
    gone = found("eh-9", "Una", Role.NONE, "0000aaaa")
    p = replace(PARTNERSHIP, found={gone.id: gone})

    assert p.name_of("eh-9") == "Una"
    assert p.person_of_object("0000AAAA") == gone
    assert p.listed("0000AAAA") is None


def test_a_district_outside_the_county_has_no_assessment_team():
    team = PARTNERSHIP.assessment_team_for("North")
    assert team is not None
    assert team.phone == "01632 960101"
    assert PARTNERSHIP.assessment_team_for("outside") is None
    assert PARTNERSHIP.assessment_team_for("Atlantis") is None
