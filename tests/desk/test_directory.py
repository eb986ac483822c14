"""Roles from groups: how long an answer serves, who is denied, and what is known without Graph."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import configuration
from bot.desk.directory import FRESH_S, REFRESH_AFTER_S, Directory
from bot.desk.graph_ports import Groups
from bot.desk.outage import PROBE_AGAIN_S
from bot.desk.people_seen import clean_name, recall
from bot.desk.ports import RoleUnknown, SeenPerson
from bot.domain.decision import Refused
from bot.domain.partnership import Partnership, Person, RoleGroup
from bot.domain.vocabulary import Role
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from tests.desk.groups_contract import (
    MANAGERS,
    OTHERS,
    PERSON,
    REPS,
    STRANGER,
    GroupsContract,
    Setting,
)
from tests.tools.fake_groups import FakeGroups

OPEN = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
SHUT = dt.datetime(2026, 11, 24, 23, tzinfo=dt.UTC)
LISTED = configuration.load()
PARTNERS = tuple(p for p in LISTED.people if p.tenant != "host")


class TestTheFakeKeepsTheContract(GroupsContract):
    @pytest.fixture
    def groups(self) -> FakeGroups:
        return FakeGroups()

    @pytest.fixture
    def setting(self, groups: FakeGroups) -> Setting:
        return groups


def with_groups(**changes: object) -> Partnership:
    made = replace(
        LISTED,
        people=PARTNERS,
        groups=(
            RoleGroup(MANAGERS, Role.DUTY_MANAGER, "social_care"),
            RoleGroup(REPS, Role.REP, "early_help"),
        ),
        found={},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class Desk:
    """A directory over a real store, its clocks in the test's hand."""

    def __init__(self, store: Path) -> None:
        self.groups = FakeGroups()
        self.seconds = 1000.0
        self.time = OPEN
        self.rows = SqliteRows(store)
        self.log = TableLog(self.rows)
        self.restart()

    def restart(self, ask: Groups | None = None, **changes: object) -> None:
        self.partnership = with_groups(**changes)
        asked = ask or self.groups
        self.directory = Directory(self.partnership, asked, self.log, self, lambda: self.seconds)

    def now(self) -> dt.datetime:
        return self.time

    async def person(self, object_id: str = PERSON, name: str = "Femi A.") -> Person | None:
        found = await self.directory.person(object_id, True, name)
        assert not isinstance(found, Refused)
        return found

    async def refused(self, object_id: str = PERSON) -> str:
        found = await self.directory.person(object_id, True, "Femi A.", 0.05)
        assert isinstance(found, Refused)
        return found.code

    def mend(self) -> None:
        """Graph answers again, and enough time has passed to ask it."""
        self.groups.mend()
        self.seconds += PROBE_AGAIN_S

    async def settled(self) -> None:
        """Lets what goes on behind the turns finish."""
        while tasks := [*self.directory._behind, *self.directory._asking.values()]:
            await asyncio.wait(tasks)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path / "store.db")
    await made.rows.start()
    yield made
    await made.directory.stop()
    await made.rows.close()


async def test_the_first_group_in_the_configuration_gives_role_and_agency(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS, MANAGERS)

    found = await desk.person(PERSON.upper(), "Grace O.")

    assert found == Person(PERSON, "Grace O.", Role.DUTY_MANAGER, "social_care", "host", PERSON)
    assert desk.partnership.with_role(Role.DUTY_MANAGER) == (found,)
    assert desk.partnership.name_of(PERSON) == "Grace O."


async def test_somebody_in_no_group_has_no_role_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.groups.put(STRANGER, OTHERS)

    assert await desk.person(STRANGER) is None
    assert desk.partnership.person(STRANGER) is None
    assert await desk.log.people() == []


async def test_an_answer_serves_for_five_minutes_and_no_longer(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.seconds += REFRESH_AFTER_S - 1
    await desk.person()
    assert desk.groups.asked == [PERSON]

    desk.groups.put(PERSON)
    desk.seconds += FRESH_S - REFRESH_AFTER_S + 1

    assert await desk.person() is None
    assert desk.partnership.everyone == PARTNERS


async def test_an_older_answer_serves_at_once_and_is_asked_for_again_behind_the_turn(
    desk: Desk,
) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.groups.put(PERSON)
    desk.groups.gate.clear()
    desk.seconds += REFRESH_AFTER_S

    assert await desk.person() is not None

    desk.groups.gate.set()
    await desk.settled()
    assert await desk.person() is None


async def test_age_counts_from_the_question_not_from_the_answer(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    desk.groups.gate.clear()
    pressing = asyncio.create_task(desk.person())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    desk.seconds += FRESH_S - 1
    desk.groups.gate.set()
    assert await pressing is not None

    desk.groups.put(PERSON)
    desk.seconds += 1

    assert await desk.person() is None


async def test_somebody_just_added_to_a_group_does_not_wait_five_minutes(desk: Desk) -> None:
    assert await desk.person() is None
    desk.groups.put(PERSON, REPS)
    desk.seconds += 60

    assert await desk.person() is not None


async def test_a_crowd_asks_once_about_one_person(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    desk.groups.gate.clear()
    pressing = [asyncio.create_task(desk.person()) for _ in range(20)]
    await asyncio.sleep(0)
    desk.groups.gate.set()

    found = await asyncio.gather(*pressing)

    assert desk.groups.asked == [PERSON]
    assert {p.role for p in found if p} == {Role.REP}


async def test_partners_people_come_from_the_list_and_are_never_asked_about(desk: Desk) -> None:
    police = next(p for p in PARTNERS if p.id == "pol-1")
    desk.groups.put(police.object_id, MANAGERS)

    assert await desk.directory.person(police.object_id, False, "Somebody") == police
    assert await desk.directory.person(PERSON, False, "Somebody else") is None
    assert desk.groups.asked == []


async def test_the_list_gives_somebody_of_the_host_an_id_and_a_name_but_no_role(
    desk: Desk,
) -> None:
    named = Person("eh-1", "Femi A.", Role.NONE, "education", "host", PERSON)
    desk.restart(found={"eh-1": named})
    assert await desk.person(PERSON, "Olufemi Adeyemi") is None
    assert desk.partnership.name_of("eh-1") == "Femi A."

    desk.groups.put(PERSON, REPS)
    desk.seconds += 60

    found = await desk.person(PERSON, "Olufemi Adeyemi")
    assert found == Person("eh-1", "Femi A.", Role.REP, "early_help", "host", PERSON)
    assert desk.partnership.person_of_object(PERSON) == found
    assert desk.partnership.person(PERSON) is None


@pytest.mark.parametrize("odd", ["", "bot", "../../users", "x" * 36, PERSON + "/x"])
async def test_what_is_no_object_id_is_never_asked_about(desk: Desk, odd: str) -> None:
    assert await desk.person(odd) is None
    assert desk.groups.asked == []


async def test_without_groups_nothing_is_asked_and_nothing_is_loaded(desk: Desk) -> None:
    await desk.log.save_person(SeenPerson(PERSON, "Femi A.", Role.REP, "early_help"))
    desk.restart(groups=(), people=LISTED.people)
    await desk.directory.start()
    listed = LISTED.people[0]

    assert await desk.directory.person(listed.object_id, True, "") == listed
    assert await desk.directory.person(PERSON, True, "") is None
    await desk.directory.in_channel([(PERSON, "Femi A.")])
    await desk.directory.keep_fresh()

    assert desk.groups.asked == []
    assert desk.partnership.everyone == LISTED.people


# Names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Femi   A.\n", "Femi A."),
        ("Fe\u202emi\u200f A.\u0000", "Femi A."),
        ("<at>Everybody</at> [here](x)", "atEverybody/at here(x)"),
        ("Ünal Şahin (NHS)", "Ünal Şahin (NHS)"),
        ("x" * 200, "x" * 60),
        ("\u202e\u0007", ""),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(given: str, shown: str) -> None:
    assert clean_name(given) == shown


async def test_somebody_without_a_name_is_shown_by_their_agency(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    found = await desk.person(PERSON, "\u202e")
    assert found is not None
    assert found.name == "Somebody from Early Help Unit (EHU)"


async def test_a_name_that_changed_in_teams_changes_here(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person(PERSON, "Femi A.")
    desk.seconds += FRESH_S

    await desk.person(PERSON, "Femi Adeyemi")

    assert desk.partnership.name_of(PERSON) == "Femi Adeyemi"
    assert [p.name for p in await desk.log.people()] == ["Femi Adeyemi"]


# When Graph cannot be asked ---------------------------------------------------------------


async def test_roles_serve_while_fresh_and_are_then_refused(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.groups.break_down()
    desk.seconds += FRESH_S - 1
    assert await desk.person() is not None
    await desk.settled()

    desk.seconds += 1

    assert await desk.refused() == "roles_unknown"
    assert desk.directory.last_known(PERSON) == desk.partnership.person(PERSON)
    desk.mend()
    assert await desk.person() is not None


async def test_a_stranger_is_refused_while_graph_is_down(desk: Desk) -> None:
    desk.groups.break_down()

    assert await desk.refused(STRANGER) == "roles_unknown"
    assert desk.directory.last_known(STRANGER) is None


async def test_an_answer_that_does_not_come_is_not_waited_for(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    desk.groups.gate.clear()
    assert await desk.refused() == "roles_unknown"

    desk.groups.gate.set()
    await desk.settled()

    assert await desk.person() is not None
    assert desk.groups.asked == [PERSON]


async def test_groups_without_anybody_to_ask_refuse_everybody(desk: Desk) -> None:
    made = Directory(desk.partnership, None, desk.log, desk, lambda: desk.seconds)
    assert isinstance(await made.person(PERSON, True, "Femi A."), Refused)


async def test_one_line_says_that_graph_is_down_and_one_that_it_is_back(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "frontdoor.directory")
    desk.groups.put(PERSON, REPS)
    desk.groups.break_down()
    for _ in range(3):
        await desk.refused()
    desk.mend()
    await desk.person()

    assert [r.message for r in caplog.records] == ["directory.unavailable", "directory.back"]


async def test_a_fault_nobody_thought_of_is_logged_and_denies(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(FakeGroups):
        async def member_of(self, *_: object) -> frozenset[str]:
            raise RuntimeError("planted")

    desk.restart(Broken())

    assert await desk.refused() == "roles_unknown"
    assert [r.message for r in caplog.records] == ["directory.fault"]


async def test_while_graph_is_down_a_crowd_does_not_ask_again_and_again(desk: Desk) -> None:
    desk.groups.break_down()
    for object_id in many(60):
        assert await desk.refused(object_id) == "roles_unknown"

    assert len(desk.groups.asked) == 1


async def test_while_graph_is_silent_one_press_waits_and_the_others_are_refused_at_once(
    desk: Desk,
) -> None:
    desk.groups.put(PERSON, REPS)
    desk.groups.gate.clear()
    await desk.refused()
    desk.seconds += PROBE_AGAIN_S

    for object_id in many(20):
        # Waiting for an answer would take longer than any test may.
        found = await desk.directory.person(object_id, True, "", within_s=3600)
        assert isinstance(found, Refused)

    assert desk.groups.asked == [PERSON]
    desk.groups.gate.set()
    await desk.settled()
    assert await desk.person() is not None


async def test_a_card_waits_where_a_role_is_old_and_cannot_be_asked_for(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    person = await desk.person()
    assert person is not None
    assert await desk.directory.may_be_sent(person)
    desk.groups.put(PERSON)
    desk.groups.break_down()
    desk.seconds += FRESH_S

    with pytest.raises(RoleUnknown):
        await desk.directory.may_be_sent(person)

    desk.mend()
    assert not await desk.directory.may_be_sent(person)


async def test_what_is_sent_to_somebody_does_not_count_as_acting(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    person = await desk.person()
    assert person is not None
    desk.time = SHUT
    desk.seconds += 3600
    await desk.directory.may_be_sent(person)
    asked = len(desk.groups.asked)

    desk.seconds += REFRESH_AFTER_S
    await desk.directory.keep_fresh()

    assert len(desk.groups.asked) == asked


# After a restart --------------------------------------------------------------------------


async def test_after_a_restart_names_are_known_and_roles_are_asked_for(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.groups.break_down()
    desk.restart()
    await desk.directory.start()

    assert desk.partnership.name_of(PERSON) == "Femi A."
    assert [p.id for p in desk.partnership.everyone][-1] == PERSON
    assert await desk.refused() == "roles_unknown"
    assert desk.directory.last_known(PERSON) is not None
    desk.mend()
    assert await desk.person() is not None


async def test_a_lost_role_stays_lost_over_a_restart_and_the_name_stays(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.groups.put(PERSON)
    desk.seconds += FRESH_S
    assert await desk.person() is None
    desk.groups.break_down()
    desk.restart()
    await desk.directory.start()

    assert desk.partnership.name_of(PERSON) == "Femi A."
    assert desk.directory.last_known(PERSON) is None
    assert PERSON not in {p.id for p in desk.partnership.everyone}


async def test_what_is_kept_of_a_person_is_four_values(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()

    (row,) = await desk.rows.query("Index", "person")

    assert row.props == {
        "object_id": PERSON,
        "name": "Femi A.",
        "role": "rep",
        "agency": "early_help",
    }


async def test_the_command_line_knows_the_names_without_asking(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    asked = len(desk.groups.asked)
    fresh = with_groups()

    await recall(fresh, desk.log)

    lead = fresh.person(PERSON)
    assert lead is not None
    assert (lead.name, lead.agency) == ("Femi A.", "early_help")
    assert len(desk.groups.asked) == asked


async def test_what_another_process_saved_gives_names_but_no_decisions(desk: Desk) -> None:
    assert await desk.person() is None
    await desk.log.save_person(SeenPerson(PERSON, "Femi A.", Role.REP, "early_help"))

    desk.directory._take_in_news(await desk.log.people())

    assert desk.partnership.name_of(PERSON) == "Femi A."
    assert await desk.person() is None  # asked again: still in no group


# Behind the turns ----------------------------------------------------------------------


async def test_the_channels_roster_finds_people_before_they_press(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    police = PARTNERS[0]

    await desk.directory.in_channel(
        [(PERSON, "Femi A."), (STRANGER, "Nobody"), (police.object_id, police.name), ("", "")]
    )
    await desk.settled()

    assert [p.name for p in desk.partnership.with_role(Role.REP)][-1] == "Femi A."
    assert sorted(desk.groups.asked) == [PERSON, STRANGER]


def many(count: int) -> list[str]:
    return [f"0c000000-0000-4000-8000-{n:012d}" for n in range(count)]


async def test_a_long_roster_is_asked_about_a_few_at_a_time(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.groups.gate.clear()

    await desk.directory.in_channel([(i, "") for i in many(30)])
    for _ in range(50):
        await asyncio.sleep(0)
    waiting = len(desk.groups.asked)
    desk.groups.gate.set()
    await desk.settled()

    assert waiting == 1 + 4
    assert len(desk.groups.asked) == 1 + 30


async def test_a_press_does_not_wait_behind_the_roster(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    other = many(31)[-1]
    desk.groups.put(other, MANAGERS)
    desk.groups.gate.clear()
    await desk.directory.in_channel([(i, "") for i in many(31)])
    for _ in range(10):
        await asyncio.sleep(0)

    pressing = asyncio.create_task(desk.person(other))
    for _ in range(10):
        await asyncio.sleep(0)

    assert other in desk.groups.asked
    desk.groups.gate.set()
    assert await pressing is not None


async def test_while_open_everybody_with_a_role_is_kept_fresh(desk: Desk) -> None:
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.seconds += 7200
    await desk.directory.keep_fresh()
    asked = len(desk.groups.asked)
    desk.seconds += FRESH_S - REFRESH_AFTER_S

    assert await desk.person() is not None
    assert len(desk.groups.asked) == asked == 2


async def test_while_shut_only_who_acted_in_the_last_hour_is_kept_fresh(desk: Desk) -> None:
    desk.time = SHUT
    desk.groups.put(PERSON, REPS)
    await desk.person()
    desk.seconds += 3599
    await desk.directory.keep_fresh()
    assert len(desk.groups.asked) == 2

    desk.seconds += 3600
    await desk.directory.keep_fresh()

    assert len(desk.groups.asked) == 2


async def test_while_graph_is_down_one_question_looks_whether_it_is_back(desk: Desk) -> None:
    people = many(10)
    for object_id in people:
        desk.groups.put(object_id, REPS)
        await desk.person(object_id)
    desk.groups.break_down()
    desk.seconds += FRESH_S
    await desk.refused(people[0])
    asked = len(desk.groups.asked)

    await desk.directory.keep_fresh()
    assert len(desk.groups.asked) == asked + 1

    desk.mend()
    await desk.directory.keep_fresh()
    assert len(desk.groups.asked) == asked + 1 + 10
