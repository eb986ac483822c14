"""What goes on and what waits while Microsoft Graph cannot be asked, over the real wire."""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from bot.logs import JsonLines
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from cards import wording as w
from tests.wire.acting import BRIEF, words_of
from tests.wire.grouped import (
    NO_ROLES,
    STALE,
    WORLD,
    Grouped,
    by_groups,
    graph_down,
    oid,
    press,
)


async def test_with_graph_down_a_claim_is_refused_in_words_and_a_flag_is_taken(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    grouped.groups.break_down()
    await grouped.tap("sw-1", "not_known")
    assert any(c.by == oid("sw-1") for c in (await grouped.referral()).contributions), "still fresh"
    await graph_down(grouped)

    refused = await grouped.tap("eh-1", "claim")
    flagged = await grouped.tap("eh-1", "flag")

    assert refused.text == w.REFUSALS["roles_unknown"].format(emergency="999")
    assert not (await grouped.referral()).lead
    assert flagged.dialog is not None
    assert "Assessment Team A" in words_of(flagged.dialog.card)
    referral = await grouped.referral()
    assert referral.is_immediate
    assert referral.immediate is not None
    assert referral.immediate.flagged_by == oid("eh-1")
    assert {r["code"] for r in await grouped.refusals()} == {"roles_unknown"}
    await grouped.mended()
    await grouped.tap("sw-1", "claim")
    assert (await grouped.referral()).lead == oid("sw-1")


async def test_a_flag_is_taken_while_graph_does_not_answer_at_all(grouped: Grouped) -> None:
    await grouped.referred()
    await grouped.later(**STALE)
    grouped.r.graph.gate.clear()

    await press(grouped, "eh-1", await grouped.briefing(), "flag")

    assert (await grouped.referral()).is_immediate
    grouped.r.graph.gate.set()


async def test_with_graph_down_partners_people_go_on(grouped: Grouped) -> None:
    await grouped.referred()
    await graph_down(grouped)

    await grouped.tap("pol-1", "claim")

    assert (await grouped.referral()).lead == "pol-1"


async def test_with_graph_down_the_shared_card_stays_and_no_look_is_logged(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    message = await grouped.briefing()
    await graph_down(grouped)
    before = message.card_for("eh-1")

    shown = await grouped.r.people.refresh("eh-1", message, by_hand=True)

    assert not shown
    assert message.card_for("eh-1") == before
    assert await grouped.refusals() == []


async def test_with_graph_down_a_form_is_not_lost_and_is_sent_again(grouped: Grouped) -> None:
    dialog = await grouped.form()
    screen = Screen(dialog.card)
    grouped.case_id = screen.press("intake.brief")[0]["data"]["case"]
    await graph_down(grouped)

    held = await grouped.hands("masho-1").in_dialog(dialog, "intake.brief", BRIEF)
    assert held.dialog is not None
    assert NO_ROLES in words_of(held.dialog.card)
    again = await grouped.hands("masho-1").in_dialog(held.dialog, "intake.brief", {})
    assert again.dialog is not None
    await grouped.mended()
    await grouped.hands("masho-1").in_dialog(again.dialog, "intake.brief", {})
    await grouped.r.settled()

    referral = await grouped.referral()
    assert referral.asked.seen_heard == BRIEF["seen_heard"]
    assert referral.asked.mosaic_ids == ("9900101",)


async def test_with_graph_down_a_child_who_is_not_safe_can_still_be_referred(
    grouped: Grouped,
) -> None:
    await graph_down(grouped)
    held = await grouped.form()
    assert NO_ROLES in words_of(held.card)

    opened = await grouped.hands("masho-1").in_dialog(held, "intake.open_immediate", {})

    assert opened.dialog is not None
    screen = Screen(opened.dialog.card)
    grouped.case_id = screen.press("intake.immediate")[0]["data"]["case"]
    wanted = {k: BRIEF[k] for k in ("mosaic_1", "age_1", "district", "child_location")}
    wanted["seen_heard"] = "Locked out in the cold."
    await grouped.hands("masho-1").in_dialog(opened.dialog, "intake.immediate", wanted)
    await grouped.r.settled()
    assert (await grouped.referral()).is_immediate


@pytest.mark.parametrize("typed", ["new referral", "child not safe now"])
async def test_with_graph_down_words_in_the_chat_are_answered_with_the_door_for_a_flag(
    grouped: Grouped, typed: str
) -> None:
    await graph_down(grouped)

    await grouped.answer("masho-1", typed)

    message = grouped.chat("masho-1")[-1]
    assert NO_ROLES in words_of(message.card or {})
    hands = grouped.hands("masho-1")
    opened = await hands.tap_screen(
        Screen(message.card or {}), message, "intake.open_immediate", {}
    )
    assert opened.dialog is not None
    grouped.case_id = Screen(opened.dialog.card).press("intake.immediate")[0]["data"]["case"]
    wanted = {k: BRIEF[k] for k in ("mosaic_1", "age_1", "district", "child_location")}
    await hands.in_dialog(
        opened.dialog, "intake.immediate", {**wanted, "seen_heard": "Locked out in the cold."}
    )
    await grouped.r.settled()
    assert (await grouped.referral()).is_immediate


async def test_with_graph_down_words_in_a_thread_are_answered_with_its_flag(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    await graph_down(grouped)
    root = (await grouped.briefing()).conversation_id.partition(";messageid=")[2]

    await grouped.hands("eh-1").say("@Front Door child not safe now", thread=root)

    message = grouped.thread(await grouped.briefing())[-1]
    await grouped.hands("eh-1").tap_screen(Screen(message.card or {}), message, "flag", {})
    await grouped.r.settled()
    assert (await grouped.referral()).is_immediate


async def test_with_graph_down_a_stranger_gets_words_and_no_button(grouped: Grouped) -> None:
    await graph_down(grouped)

    said = await grouped.answer("man-1", "new referral")

    assert said == w.REFUSALS["roles_unknown_ring"].format(emergency="999", mash=WORLD.mash_phone)


async def test_with_graph_down_not_safe_on_the_long_form_is_taken_too(grouped: Grouped) -> None:
    dialog = await grouped.form()
    grouped.case_id = Screen(dialog.card).press("intake.brief")[0]["data"]["case"]
    await graph_down(grouped)

    values = {**BRIEF, "safe_now": "no"}
    await grouped.hands("masho-1").in_dialog(dialog, "intake.brief", values)
    await grouped.r.settled()

    assert (await grouped.referral()).is_immediate


async def test_a_dialog_can_be_closed_with_graph_down(grouped: Grouped) -> None:
    await graph_down(grouped)
    held = await grouped.form()
    closed = await grouped.hands("masho-1").in_dialog(held, "close", {})
    assert closed.kind == "none"


async def test_restarted_with_graph_down_somebody_known_can_flag_and_nobody_unknown(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    grouped.groups.break_down()
    await grouped.restarted()
    message = await grouped.briefing()

    assert "Femi A." in {p.name for p in grouped.bots.everyone}
    refused = await grouped.tap("eh-1", "claim")
    assert refused.text.startswith(NO_ROLES)
    manager = await press(grouped, "man-1", message, "flag")
    assert manager["value"] == w.REFUSALS["roles_unknown_ring"].format(
        emergency="999", mash=WORLD.mash_phone
    )
    stranger = await press(grouped, "eh-1", message, "flag", object_id=str(uuid.uuid4()))
    assert stranger["value"] == manager["value"]
    assert not (await grouped.referral()).is_immediate

    await grouped.tap("eh-1", "flag")
    referral = await grouped.referral()
    assert referral.is_immediate
    said = [m for m in grouped.thread(await grouped.briefing()) if m.mentions]
    assert set(said[-1].mentions) == {"Tomasz W.", "Grace O.", "Hana S."}


async def test_somebody_known_to_have_lost_their_role_cannot_flag_with_graph_down(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    grouped.groups.put(oid("eh-1"))
    await grouped.later(**STALE)
    assert (await grouped.tap("eh-1", "claim")).text == w.REFUSALS["not_on_list"]
    await graph_down(grouped)

    flagged = await press(grouped, "eh-1", await grouped.briefing(), "flag")

    assert "ring 999 now" in flagged["value"]
    assert not (await grouped.referral()).is_immediate


async def test_where_threads_are_recorded_graph_down_is_said_once(tmp_path: Path) -> None:
    made = Rehearsal(
        store=str(tmp_path / "store.db"),
        partnership=replace(WORLD, record_thread=True),
        bots=by_groups,
    )
    await made.start()
    try:
        acting = Grouped(made)
        await acting.referred()
        root = (await acting.briefing()).conversation_id.partition(";messageid=")[2]
        await graph_down(acting)
        for words in ("Seen on Tuesday", "And on Wednesday"):
            await acting.hands("eh-1").say(words, thread=root)
        said = [m.text for m in acting.thread(await acting.briefing()) if NO_ROLES in m.text]
        assert said == [w.REFUSALS["roles_unknown_thread"]]
        assert (await acting.referral()).messages == ()
    finally:
        await made.stop()


async def test_no_log_line_of_an_outage_names_anybody(
    grouped: Grouped, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "frontdoor")
    await grouped.referred()
    await graph_down(grouped)
    await grouped.tap("eh-1", "claim")
    await grouped.tap("eh-1", "flag")
    await grouped.answer("masho-1", "new referral")
    await grouped.mended()
    await grouped.tap("sw-1", "claim")

    lines = [JsonLines().format(r) for r in caplog.records if r.name.startswith("frontdoor")]

    assert {"directory.unavailable", "turn.flag_by_last_role", "directory.back"} <= {
        r.message for r in caplog.records
    }
    assert not [line for line in lines for p in WORLD.people if p.first_name in line]
