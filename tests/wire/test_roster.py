"""The roster in Teams: who may keep it, whom it takes in, and what it never gives away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import configuration
from bot.desk.roster import RosterKeeper
from bot.domain import roster as rules
from bot.domain.decision import Refused
from bot.domain.partnership import Person
from bot.domain.roster import KEEPS_THE_ROSTER
from bot.domain.vocabulary import Role
from bot.rehearsal.rehearsal import Rehearsal
from bot.teams.routes import ROSTER
from tests.wire.grouped import by_groups
from tests.wire.rostered import GUESTS, JOAN, KIT, RAVI, STRANGERS, Rostered

PEOPLE = configuration.load().people


@pytest.fixture
async def rostered(tmp_path: Path) -> AsyncIterator[Rostered]:
    made = Rehearsal(store=str(tmp_path / "store.db"), guests=GUESTS, strangers=STRANGERS)
    await made.start()
    yield Rostered(made)
    await made.stop()


@pytest.fixture
async def in_groups(tmp_path: Path) -> AsyncIterator[Rostered]:
    """Where the council's own roles come from groups."""
    made = Rehearsal(
        store=str(tmp_path / "store.db"), guests=GUESTS, strangers=STRANGERS, bots=by_groups
    )
    await made.start()
    yield Rostered(made)
    await made.stop()


async def test_a_manager_sees_who_is_on_by_agency_and_who_is_away(rostered: Rostered) -> None:
    await rostered.hands("mgr-1").say("roll", place="personal")
    roll = rostered.last("mgr-1")
    await rostered.hands("mgr-1").tap(roll, "roll.save", {"absent": "pol-1"})
    shown = rostered.words(await rostered.roster("man-1"), "man-1")

    assert "Iqbal R., agency rep, Police force\n. Away today" in shown
    assert "Carys M., MASH officer" in shown
    assert "Priya N." not in shown, "managers are not changed here"


@pytest.mark.parametrize("person", ["masho-1", "sw-1", "eh-1", "axt-1"])
async def test_nobody_else_is_shown_it(rostered: Rostered, person: str) -> None:
    await rostered.hands(person).say("roster", place="personal")

    assert "The roster is for the duty manager and managers." in rostered.last(person).text


async def test_it_is_not_shown_in_the_channel(rostered: Rostered) -> None:
    await rostered.hands("mgr-1").say("@Front Door roster")
    said = [m.text for m in rostered.r.world.messages.values() if m.author == "bot"]

    assert any("in your own chat" in words for words in said)


@pytest.mark.parametrize("verb", sorted(ROSTER))
async def test_every_press_is_for_who_keeps_the_roster_in_their_own_chat(
    rostered: Rostered, verb: str
) -> None:
    fill = {"person": RAVI.object_id, "role": "rep", "agency": "health"}
    channel = rostered.r.world.thread_id("1")
    for person in PEOPLE:
        if person.role not in KEEPS_THE_ROSTER and rostered.r.world.has_chat(person):
            await rostered.raw(person.id, verb, **fill)
    before = await rostered.refusals()
    await rostered.raw("mgr-1", verb, place=channel, **fill)

    assert await rostered.kept() == []
    assert {r["code"] for r in before} == {"not_allowed"}
    assert len(before) == len({r["user"] for r in before}) > 3
    assert (await rostered.refusals())[-1]["code"] in ("roster_in_chat", "not_allowed")
    assert "roster_in_chat" in [r["code"] for r in await rostered.refusals()]


async def test_somebody_added_can_work_at_once_and_is_on_the_log_with_who_and_when(
    rostered: Rostered,
) -> None:
    await rostered.referred()
    shown = await rostered.add(RAVI, "rep", "health")
    await rostered.tap("new-1", "claim")
    referral = await rostered.referral()

    assert "Ravi T. is on the roster: agency rep, Health." in shown
    assert "Grace O. added Ravi T. as agency rep, Health" in shown
    assert referral.lead == RAVI.object_id
    assert "Ravi T." in await rostered.shown("eh-1")
    assert await rostered.kept() == [("roster.added", RAVI.object_id, "mgr-1")]


async def test_a_partners_person_is_added_with_their_own_tenant(rostered: Rostered) -> None:
    await rostered.referred()
    shown = await rostered.add(JOAN, "rep", "police", "man-1")
    await rostered.tap("new-2", "claim")

    assert "Joan F., agency rep, Police force" in shown
    assert (await rostered.referral()).lead == JOAN.object_id
    made = rostered.desk.partnership.person(JOAN.object_id)
    assert made is not None
    assert made.tenant == "police"


async def test_only_people_of_the_channel_and_of_configured_tenants_are_offered(
    rostered: Rostered,
) -> None:
    message = await rostered.roster()
    await rostered.press(message, "roster.add")
    offered = json.dumps(message.card_for("mgr-1"))

    assert RAVI.object_id in offered
    assert JOAN.object_id in offered
    assert KIT.object_id not in offered
    assert not [p.id for p in PEOPLE if p.object_id in offered]


@pytest.mark.parametrize(
    ("fill", "code"),
    [
        ({"person": KIT.object_id}, "roster_not_in_channel"),
        ({"person": "11111111-1111-4111-8111-111111111111"}, "roster_not_in_channel"),
        ({"person": PEOPLE[0].object_id}, "roster_on_it"),
        ({"role": "manager"}, "roster_role"),
        ({"role": "records_officer"}, "roster_role"),
        ({"role": "bot"}, "roster_role"),
        ({"agency": "nobodys"}, "unknown_choice"),
        ({"agency": ""}, "unknown_choice"),
        ({"person": ""}, "unknown_choice"),
    ],
)
async def test_what_a_card_says_by_itself_gives_nobody_a_role(
    rostered: Rostered, fill: dict[str, str], code: str
) -> None:
    good = {"person": RAVI.object_id, "role": "rep", "agency": "health", "tenant": "police"}
    await rostered.raw("mgr-1", "roster.save", **{**good, **fill})

    assert [r["code"] for r in await rostered.refusals()] == [code]
    assert await rostered.kept() == []


async def test_somebody_taken_off_may_do_nothing_and_keeps_their_name_and_lead(
    rostered: Rostered,
) -> None:
    await rostered.referred()
    await rostered.tap("eh-1", "claim")
    form = await rostered.form_of("eh-1")
    assert (await rostered.referral()).reference in rostered.words(form)
    shown = await rostered.press(form, "roster.remove")
    refused = await rostered.raw("eh-1", "add", case=rostered.case_id, words="More")
    referral = await rostered.referral()

    assert "Femi A. is off the roster" in shown
    assert "Led by somebody who is not on the roster any more" in shown
    assert referral.reference in shown
    assert "Femi A." in await rostered.shown("mgr-1")
    assert referral.lead == "eh-1"
    assert referral.contributions == ()
    assert refused is not None
    assert (await rostered.refusals())[-1]["code"] == "not_on_list"


async def test_taken_off_stays_off_after_a_restart_and_can_be_put_back(
    rostered: Rostered,
) -> None:
    await rostered.off("eh-1")
    await rostered.restarted()
    femi = next(p for p in PEOPLE if p.id == "eh-1")
    assert rostered.desk.partnership.listed(femi.object_id) is None
    shown = await rostered.add(femi, "rep", "early_help")
    await rostered.referred()
    await rostered.tap("eh-1", "claim")

    assert (await rostered.referral()).lead == "eh-1"
    assert "Grace O. made Femi A. agency rep" in shown
    types = [t for t, _, _ in await rostered.kept()]
    assert types == ["roster.removed", "roster.changed"]


async def test_a_role_and_an_agency_are_changed(rostered: Rostered) -> None:
    form = await rostered.form_of("hou-1")
    shown = await rostered.press(form, "roster.change", role="rep", agency="early_help")
    made = rostered.desk.partnership.person("hou-1")

    assert "Bea S. is now agency rep, Early Help Unit (EHU)." in shown
    assert made is not None
    assert (made.role, made.agency) == (Role.REP, "early_help")
    again = await rostered.form_of("hou-1")
    same = await rostered.press(again, "roster.change")
    assert "Nothing was changed" in same
    assert len(await rostered.kept()) == 1


@pytest.mark.parametrize(
    ("target", "code"),
    [("mgr-1", "roster_own"), ("man-1", "roster_file"), ("nobody", "roster_gone")],
)
@pytest.mark.parametrize("verb", ["roster.change", "roster.remove"])
async def test_not_oneself_not_a_manager_and_not_nobody(
    rostered: Rostered, verb: str, target: str, code: str
) -> None:
    await rostered.raw("mgr-1", verb, person=target, role="masho", agency="health")

    assert [r["code"] for r in await rostered.refusals()] == [code]
    assert await rostered.kept() == []


async def test_the_last_duty_manager_stays(rostered: Rostered) -> None:
    await rostered.off("mgr-2", "man-1")
    await rostered.raw("man-1", "roster.remove", person="mgr-1")
    await rostered.raw("man-1", "roster.change", person="mgr-1", role="rep", agency="health")

    assert [r["code"] for r in await rostered.refusals()] == ["roster_last", "roster_last"]
    assert len(await rostered.kept()) == 1


async def test_two_who_take_each_other_off_in_the_same_second(rostered: Rostered) -> None:
    """The log lets one be first, and the other decides again."""
    front = rostered.r.front_door
    replicas = [replace(front.partnership, rostered={}) for _ in range(2)]
    keepers = [RosterKeeper(front.log, front.clock, p) for p in replicas]
    actors = [front.partnership.person(i) for i in ("mgr-1", "mgr-2")]

    async def removes(n: int) -> object:
        actor, other = actors[n], actors[1 - n]
        assert actor
        assert other
        return await keepers[n].act(
            actor, lambda p: rules.remove(p, actor, other.id), press=f"{n}", drawn=0
        )

    results = await asyncio.gather(removes(0), removes(1))
    no = [r for r in results if isinstance(r, Refused)]

    assert [r.code for r in no] == ["not_allowed"]
    assert len(await rostered.kept()) == 1


async def test_another_replica_sees_it_on_its_next_read(rostered: Rostered) -> None:
    front = rostered.r.front_door
    other = replace(front.partnership, rostered={})
    keeper = RosterKeeper(front.log, front.clock, other)
    await keeper.read()
    await rostered.off("eh-1")
    assert other.with_role(Role.REP) != rostered.desk.partnership.with_role(Role.REP)
    await keeper.read()

    assert other.everyone == rostered.desk.partnership.everyone


async def test_the_file_wins_over_somebody_it_has_taken_up(rostered: Rostered) -> None:
    await rostered.add(RAVI, "duty_manager", "social_care")
    listed = replace(RAVI, id="ravi", role=Role.REP, agency="health")
    await rostered.restarted(people=lambda people: (*people, listed))
    p = rostered.desk.partnership
    found = [x for x in p.everyone if x.object_id == RAVI.object_id]

    assert found == [listed]
    assert p.name_of(RAVI.object_id) == "Ravi T."


async def test_a_role_the_file_gives_above_the_roster_stands(rostered: Rostered) -> None:
    await rostered.off("eh-1")

    def promoted(people: tuple[Person, ...]) -> tuple[Person, ...]:
        return tuple(replace(x, role=Role.MANAGER) if x.id == "eh-1" else x for x in people)

    await rostered.restarted(people=promoted)
    found = rostered.desk.partnership.person("eh-1")

    assert found is not None
    assert found.role is Role.MANAGER


@pytest.mark.parametrize(
    ("person_id", "role", "agency"),
    [
        ("pol-1", "masho", "social_care"),  # of another organisation
        ("eh-1", "duty_social_worker", "early_help"),  # an agency without social workers
    ],
)
async def test_the_councils_own_roles_are_not_for_everybody(
    rostered: Rostered, person_id: str, role: str, agency: str
) -> None:
    before = rostered.desk.partnership.person(person_id)
    form = await rostered.form_of(person_id)
    shown = await rostered.press(form, "roster.change", role=role, agency=agency)
    assert "the council's own people" in shown
    assert rostered.desk.partnership.person(person_id) == before


async def test_an_agency_that_loses_its_last_rep_is_said(rostered: Rostered) -> None:
    shown = await rostered.off("eh-1")
    assert "Nobody on the duty team speaks for" in shown


async def test_an_id_the_file_gives_to_somebody_else_is_no_longer_the_rosters(
    rostered: Rostered,
) -> None:
    await rostered.off("eh-1")

    def another(people: tuple[Person, ...]) -> tuple[Person, ...]:
        new = "00000000-0000-4000-8000-0000000000ee"
        return tuple(
            replace(x, name="Newcomer", object_id=new) if x.id == "eh-1" else x for x in people
        )

    await rostered.restarted(people=another)
    found = rostered.desk.partnership.person("eh-1")
    assert found is not None
    assert (found.name, found.role) == ("Newcomer", Role.REP)


async def test_who_the_file_drops_has_no_role_by_the_roster_either(rostered: Rostered) -> None:
    form = await rostered.form_of("hou-1")
    await rostered.press(form, "roster.change", role="rep", agency="early_help")
    await rostered.restarted(people=lambda people: tuple(x for x in people if x.id != "hou-1"))
    found = rostered.desk.partnership.person("hou-1")

    assert found is not None
    assert (found.name, found.role) == ("Bea S.", Role.NONE)


async def test_where_groups_give_roles_the_councils_people_are_changed_in_entra(
    in_groups: Rostered,
) -> None:
    message = await in_groups.roster()
    shown = in_groups.words(message)
    await in_groups.press(message, "roster.add")
    offered = json.dumps(message.card_for("mgr-1"))
    police = next(p for p in PEOPLE if p.id == "pol-1")
    masho = next(p for p in PEOPLE if p.id == "masho-1")
    await in_groups.raw("mgr-1", "roster.remove", person=masho.object_id)
    await in_groups.raw("mgr-1", "roster.save", person=RAVI.object_id, role="rep", agency="health")

    assert "Change them there" in shown
    assert JOAN.object_id in offered
    assert RAVI.object_id not in offered
    assert {r["code"] for r in await in_groups.refusals()} == {"roster_entra"}
    assert "Joan F. is on the roster" in await in_groups.add(JOAN, "rep", "police")
    await in_groups.off("pol-1")
    assert in_groups.desk.partnership.listed(police.object_id) is None


async def test_when_teams_does_not_say_who_is_there_nothing_is_added(rostered: Rostered) -> None:
    message = await rostered.roster()
    await rostered.press(message, "roster.add")

    async def down(request: object, handler: object) -> object:
        from aiohttp import web

        return web.Response(status=503)

    rostered.r.connector.interfere = down  # type: ignore[assignment]
    fill = {"person": RAVI.object_id, "role": "rep", "agency": "health"}
    shown = await rostered.press(message, "roster.save", **fill)

    assert "Teams did not say" in shown
    assert await rostered.kept() == []


async def test_a_name_that_looks_like_mark_up_is_shown_as_words(tmp_path: Path) -> None:
    odd = replace(RAVI, name="**Ravi** {by} [x](http://y)")
    made = Rehearsal(store=str(tmp_path / "store.db"), strangers=(odd,))
    await made.start()
    try:
        rostered = Rostered(made)
        shown = await rostered.add(odd, "rep", "health")
        blocks = json.dumps(rostered.last("mgr-1").card_for("mgr-1"))

        assert "added Ravi {by} x(http://y) as agency rep" in shown
        assert '"TextBlock", "text": "Ravi' not in blocks
    finally:
        await made.stop()


async def test_a_manager_pauses_and_resumes_in_their_own_chat(rostered: Rostered) -> None:
    await rostered.hands("man-1").say("pause because the heating is off", place="personal")
    paused = rostered.last("man-1").text
    refused = await rostered.hands("masho-1").compose("newReferral", "personal")
    await rostered.hands("mgr-1").say("resume", place="personal")
    resumed = rostered.last("mgr-1").text
    stream = await rostered.r.front_door.log.load("desk-pause")
    logged = [(r.event.TYPE, r.by) for c in stream.commits for r in c.recorded]

    assert paused.startswith("The duty team is paused: the heating is off. No new referrals")
    assert "the heating is off" in json.dumps(refused.card)
    assert "Priya N. paused it on Tue 24 Nov 09:00" in resumed
    assert logged == [("test.paused", "man-1"), ("test.resumed", "mgr-1")]


@pytest.mark.parametrize("words", ["pause because it rains", "resume"])
async def test_nobody_else_pauses_or_resumes(rostered: Rostered, words: str) -> None:
    for person in ("masho-1", "sw-1", "eh-1"):
        await rostered.hands(person).say(words, place="personal")
        assert "Only the duty manager or a manager" in rostered.last(person).text

    assert (await rostered.desk.days.today()).paused is None
