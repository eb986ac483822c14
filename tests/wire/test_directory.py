"""A duty team that is in nobody's list: roles from groups, over the real wire."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.ports import Effect, StoreUnavailable
from bot.desk.rebuild import rebuild
from bot.domain.commands import FlagImmediate
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT, Role
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from cards import wording as w
from tests.wire.acting import Acting, words_of
from tests.wire.grouped import (
    HOST,
    PARTNERS,
    STALE,
    WORLD,
    Grouped,
    by_groups,
    group_of,
    oid,
    press,
)


async def test_a_referral_from_call_to_closed_by_people_of_no_list(grouped: Grouped) -> None:
    assert {p.id for p in PARTNERS} == {p.id for p in grouped.bots.people}

    referral = await grouped.referred()
    assert referral.taken_by == oid("masho-1")
    referral = await grouped.closed()

    assert str(referral.state) == "closed"
    assert referral.lead == oid("eh-1")
    shown = await grouped.shown("pol-1")
    assert "Femi A." in shown
    assert oid("eh-1") not in shown
    for message in grouped.thread(await grouped.briefing()):
        assert oid("eh-1") not in message.text


async def test_people_of_the_channel_are_known_before_they_do_anything(grouped: Grouped) -> None:
    found = {p.id: p for p in grouped.bots.everyone}

    assert {p.object_id for p in HOST} <= set(found)
    helen = found[oid("axt-1")]
    assert (helen.name, helen.role, helen.agency) == (
        "Helen C.",
        Role.ASSESSMENT_TEAM,
        "social_care",
    )
    await grouped.referred()
    viewers = (await grouped.briefing()).refresh_ids()
    assert grouped.r.world.user_id(grouped.r.world.person("eh-1")) in viewers
    assert "No education rep" not in await grouped.shown("pol-1")


async def test_seniors_are_mentioned_and_the_assessment_team_is_told(grouped: Grouped) -> None:
    await grouped.brief(safe_now="no")

    said = [m for m in grouped.thread(await grouped.briefing()) if m.mentions]

    assert set(said[0].mentions) == {"Tomasz W.", "Grace O.", "Hana S."}
    assert any("REF-2026-00001" in words_of(m.card or {}) for m in grouped.chat("axt-1"))


async def test_the_roll_is_called_with_people_of_groups(grouped: Grouped) -> None:
    await grouped.later(minutes=1)
    asked = [m for m in grouped.chat("mgr-1") if "Who is not here" in words_of(m.card or {})]
    screen = Screen(asked[-1].card or {})

    await grouped.hands("mgr-1").tap_screen(
        screen, asked[-1], "roll.save", {"absent": oid("edu-1")}
    )

    assert "not here: Lorna T." in words_of(asked[-1].card_for("mgr-1") or {})
    await grouped.referred()
    await grouped.tap("edu-1", "claim")
    assert not (await grouped.referral()).lead


async def test_the_duty_manager_assigns_somebody_found_in_a_group(grouped: Grouped) -> None:
    await grouped.referred()

    await grouped.dialog(
        "mgr-1", "assign.open", "assign.save", lead=oid("eh-1"), reason="Knows mum"
    )

    assert (await grouped.referral()).lead == oid("eh-1")


async def test_figures_know_the_leads_agency_after_a_rebuild(grouped: Grouped) -> None:
    await grouped.referred()
    await grouped.agreed()
    door = grouped.r.front_door

    assert await rebuild(door.rows, door.log, by_groups(WORLD)) == 1

    (row,) = await door.log.figures("2026-W48")
    assert row.lead_agency == "early_help"


# Somebody in no group ---------------------------------------------------------------------


async def test_who_is_in_no_group_gets_nothing_not_even_a_look(grouped: Grouped) -> None:
    referral = await grouped.referred()
    grouped.groups.put(oid("edu-1"))
    await grouped.later(**STALE)
    message = await grouped.briefing()
    before, chat = message.card_for("edu-1"), len(grouped.chat("edu-1"))

    pressed = await grouped.r.people.press(
        "edu-1",
        message,
        {
            "type": "Action.Execute",
            "verb": "view",
            "data": {"verb": "view", "case": referral.case_id},
        },
        {},
    )

    assert pressed.text == w.REFUSALS["not_on_list"]
    assert message.card_for("edu-1") == before
    assert await grouped.answer("edu-1", "open") == w.REFUSALS["not_on_list"]
    assert len(grouped.chat("edu-1")) == chat + 2
    opened = await grouped.form("edu-1")
    assert w.REFUSALS["not_on_list"] in words_of(opened.card)
    flagged = await press(grouped, "edu-1", message, "flag")
    assert flagged["value"] == w.REFUSALS["not_on_list"]
    assert not (await grouped.referral()).is_immediate


async def test_taken_out_of_the_group_the_next_press_is_refused_and_the_name_stays(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    await grouped.tap("eh-1", "claim")
    grouped.groups.put(oid("eh-1"))
    await grouped.later(**STALE)

    refused = await grouped.tap("eh-1", "not_known")

    assert refused.text == w.REFUSALS["not_on_list"]
    assert "Femi A." in await grouped.shown("mgr-1")
    hands = grouped.hands("mgr-1")
    opened = await hands.open(await grouped.briefing(), "assign.open")
    assert oid("eh-1") not in json.dumps(opened.card)
    assert oid("edu-1") in json.dumps(opened.card)
    assert await grouped.r.front_door.channel.personal(oid("eh-1")) is None
    assert await grouped.r.front_door.channel.user_id(oid("eh-1")) == ""


async def test_out_of_the_group_a_button_has_no_effect_five_minutes_later(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    await grouped.tap("eh-1", "not_known")
    said = (await grouped.referral()).contributions
    assert [c.by for c in said] == [oid("eh-1")]
    message = await grouped.briefing()
    asked = grouped.r.graph.asked[oid("eh-1")]
    grouped.groups.put(oid("eh-1"))
    await grouped.later(minutes=5)

    claimed = await press(grouped, "eh-1", message, "claim")
    flagged = await press(grouped, "eh-1", message, "flag")

    assert claimed["value"] == flagged["value"] == w.REFUSALS["not_on_list"]
    referral = await grouped.referral()
    assert not referral.lead
    assert not referral.is_immediate
    assert grouped.r.graph.asked[oid("eh-1")] > asked


async def test_somebody_in_a_group_is_asked_about_once_for_many_presses(grouped: Grouped) -> None:
    await grouped.referred()
    await grouped.tap("eh-1", "claim")
    await grouped.tap("eh-1", "not_known")
    await grouped.shown("eh-1")

    assert grouped.r.graph.asked[oid("eh-1")] == 1


@pytest.mark.parametrize("now", [(), (group_of(Role.MANAGER, "social_care"),), None])
async def test_a_flag_reaches_the_referral_that_goes_on_whatever_became_of_its_flagger(
    grouped: Grouped, now: tuple[str, ...] | None
) -> None:
    """They pressed in the second of the merge; before the flag is passed on they lose the role,
    have another, or are known to nobody.
    """
    school, police = Grouped(grouped.r), grouped
    await school.referred()
    await police.referred("masho-2")
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    delivery = police.desk.delivery
    pass_on = delivery.pass_on

    async def dies(referral: Referral, effect: Effect) -> None:
        raise StoreUnavailable("planted")

    delivery.pass_on = dies
    flagger = police.bots.person(oid("eh-1"))
    assert flagger is not None
    await police.desk.service.act(police.case_id, FlagImmediate(), flagger)
    await police.r.settled()
    assert (await police.referral()).immediate is not None
    assert (await school.referral()).immediate is None
    if now is None:
        del police.bots.found[oid("eh-1")]
    else:
        police.groups.put(oid("eh-1"), *now)
        await police.later(**STALE)
        await press(police, "eh-1", await police.briefing(), "flag")

    known = police.bots.person(oid("eh-1"))
    assert known is None or known.role not in DUTY_TEAM
    delivery.pass_on = pass_on
    police.desk.outbox.kick(police.case_id)
    await police.r.settled()

    flag = (await school.referral()).immediate
    assert flag is not None
    assert flag.flagged_by == oid("eh-1")
    told = [m.text for m in school.thread(await school.briefing())]
    assert any("Ring Assessment Team A now" in text for text in told)


async def test_a_guest_of_the_host_may_do_what_their_group_says_and_no_more(
    tmp_path: Path,
) -> None:
    guest = Person(
        "guest-1", "Kit M. (Guest)", Role.REP, "education", HOST_TENANT, str(uuid.uuid4())
    )
    made = Rehearsal(
        store=str(tmp_path / "store.db"),
        partnership=replace(WORLD, people=(*WORLD.people, guest)),
        bots=by_groups,
    )
    await made.start()
    try:
        acting = Grouped(made)
        await acting.referred()

        await acting.tap("guest-1", "claim")
        await press(acting, "guest-1", await acting.briefing(), "assign.save")

        assert (await acting.referral()).lead == guest.object_id
        assert "Kit M. (Guest)" in await acting.shown("pol-1")
        assert [r["code"] for r in await acting.refusals()] == ["not_allowed"]
        acting.groups.put(guest.object_id)
        await acting.later(minutes=5)
        answer = await acting.tap("guest-1", "not_known")
        assert answer.text == w.REFUSALS["not_on_list"]
    finally:
        await made.stop()


@pytest.mark.parametrize(
    ("home", "known"), [("99999999-9999-4999-8999-999999999999", True), ("police", False)]
)
@pytest.mark.parametrize("told", [True, False])
async def test_a_guest_with_a_tenant_of_their_own_is_known_by_their_group_unless_it_is_a_partners(
    tmp_path: Path, home: str, known: bool, told: bool
) -> None:
    home = WORLD.tenants.get(home, home)
    guest = Person("guest-1", "Kit M.", Role.REP, "education", HOST_TENANT, str(uuid.uuid4()))
    made = Rehearsal(
        store=str(tmp_path / "store.db"),
        partnership=replace(WORLD, people=(*WORLD.people, guest)),
        bots=by_groups,
        guests={"guest-1": home},
    )
    await made.start()
    try:
        acting = Grouped(made)
        assert (made.graph.asked[guest.object_id] > 0) is known, "looked up from the roster"
        await acting.referred()

        from_home = {"tenantId": home} if told else {}
        await press(acting, "guest-1", await acting.briefing(), "claim", sender=from_home)

        assert (await acting.referral()).lead == (guest.object_id if known else "")
    finally:
        await made.stop()


async def test_without_a_group_a_tenant_nobody_named_stays_shut_out(acting: Acting) -> None:
    await acting.referred()
    activity = acting.r.people.activity(
        "eh-1",
        (await acting.briefing()).conversation_id,
        type="invoke",
        name="adaptiveCard/action",
        value={"action": {"verb": "claim", "data": {"case": acting.case_id, "verb": "claim"}}},
    )
    activity["from"]["tenantId"] = "99999999-9999-4999-8999-999999999999"

    _, body = await acting.r.people.deliver(activity)

    assert body["value"] == w.REFUSALS["wrong_tenant"]
    assert not (await acting.referral()).lead


async def test_a_group_does_not_reach_people_of_another_tenant(grouped: Grouped) -> None:
    police = grouped.r.world.person("pol-1")
    stranger = replace(police, object_id=str(uuid.uuid4()), name="Somebody")
    grouped.groups.put(stranger.object_id, group_of(Role.DUTY_MANAGER, "social_care"))
    await grouped.referred()
    message = await grouped.briefing()
    activity = grouped.r.people._activity(
        stranger,
        message.conversation_id,
        type="invoke",
        name="adaptiveCard/action",
        value={"action": {"verb": "claim", "data": {"case": grouped.case_id, "verb": "claim"}}},
    )
    activity["from"]["tenantId"] = WORLD.tenants["police"]

    _, body = await grouped.r.people.deliver(activity)

    assert body["value"] == w.REFUSALS["not_on_list"]
    assert stranger.object_id not in grouped.r.graph.asked
    assert not (await grouped.referral()).lead


@pytest.mark.parametrize("place", ["channelData", "conversation"])
async def test_a_group_gives_no_role_in_a_chat_of_another_tenant(
    grouped: Grouped, place: str
) -> None:
    person = grouped.r.world.person("mgr-1")
    chat = grouped.r.world.chat_id(person)
    activity = grouped.r.people._activity(person, chat, type="message", text="open", entities=[])
    police = WORLD.tenants["police"]
    if place == "channelData":
        activity["channelData"]["tenant"]["id"] = police
    else:
        activity["conversation"]["tenantId"] = police

    await grouped.r.people.deliver(activity)

    assert grouped.chat("mgr-1")[-1].text == w.REFUSALS["not_on_list"]


async def test_without_groups_nobody_is_ever_asked_about(tmp_path: Path) -> None:
    made = Rehearsal(store=str(tmp_path / "store.db"))
    await made.start()
    try:
        acting = Acting(made)
        await acting.referred()
        await acting.closed()
        await acting.later(days=1)
        assert not made.graph.asked
        assert await made.front_door.log.people() == []
    finally:
        await made.stop()
