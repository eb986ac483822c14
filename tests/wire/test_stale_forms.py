"""What somebody else did while a form was open is never undone without a word."""

from __future__ import annotations

import pytest

from bot.rehearsal.hands import Refusal
from bot.rehearsal.screen import Screen
from tests.wire.acting import BRIEF, Acting, words_of


async def test_a_form_left_open_changes_only_what_its_person_typed(acting: Acting) -> None:
    first = await acting.brief()
    assert first.dialog is not None
    await acting.dialog(
        "mgr-1",
        "intake.carry_on",
        "intake.rest",
        district="South",
        view="Worn out since September",
        reason="Heard wrong",
    )
    await acting.hands("masho-1").finish(
        first.dialog, "intake.rest", {"referrer_role": "Head teacher"}
    )
    asked = (await acting.referral()).asked
    assert (asked.district, asked.view) == ("South", "Worn out since September")
    assert asked.referrer_role == "Head teacher"


async def test_a_plan_saved_meanwhile_is_shown_with_the_new_rows_after_it(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("sw-1", "claim")
    row = {"need_1": "daily_care", "due_1": "2026-11-26"}
    mine = await acting.hands("sw-1").open(await acting.briefing(), "outcome.open")
    theirs = {**row, "action_1": "Police to check the address tonight"}
    await acting.dialog("mgr-1", "outcome.open", "outcome.plan", **theirs)
    typed = {**row, "action_1": "Visit mum at home today at four"}
    with pytest.raises(Refusal, match="Somebody changed the plan"):
        await acting.hands("sw-1").finish(mine, "outcome.plan", typed)
    plan = (await acting.referral()).plan
    assert plan is not None
    assert [a.action for a in plan.actions] == ["Police to check the address tonight"]
    shown = list(acting.r.world.dialogs.values())[-1]
    screen = Screen(shown.card)
    assert screen.values["action_1"] == "Police to check the address tonight"
    assert screen.values["action_2"] == "Visit mum at home today at four"
    await acting.hands("sw-1").finish(shown, "outcome.plan", {})
    plan = (await acting.referral()).plan
    assert plan is not None
    assert len(plan.actions) == 2


async def test_brief_now_again_after_a_pause_says_it_is_posted(acting: Acting) -> None:
    dialog = await acting.form()
    screen = Screen(dialog.card)
    for name, value in BRIEF.items():
        screen.fill(name, value)
    action, inputs = screen.press("intake.brief")
    await acting.r.people.press_dialog(dialog, action, inputs)
    await acting.r.settled()
    await acting.hands("mgr-1").say("pause because the heating is off", place="personal")
    acting.r.world.open_dialog(dialog)
    again = await acting.r.people.press_dialog(dialog, action, inputs)
    assert again.dialog is not None
    assert "REF-2026-00001" in words_of(again.dialog.card)
    assert "paused" not in words_of(again.dialog.card)
    assert len(acting.threads()) == 1


async def test_a_wrong_mosaic_id_is_put_right(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog(
        "masho-1", "intake.carry_on", "intake.rest", child_id_1="9900111", reason="Mistyped"
    )
    assert (await acting.referral()).asked.mosaic_ids == ("9900111",)


async def test_an_immediate_referral_never_says_the_child_is_safe(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("pol-1", "flag")
    shown = words_of((await acting.briefing()).card or {})
    assert "Not safe right now" in shown
    assert "North, not safe right now" in shown
    assert "Safe right now" not in shown


async def test_the_duty_manager_can_claim_an_unfinished_immediate_referral_on_the_card(
    acting: Acting,
) -> None:
    dialog = await acting.form()
    opened = await acting.hands("masho-1").in_dialog(dialog, "intake.open_immediate", {})
    assert opened.dialog is not None
    acting.case_id = Screen(opened.dialog.card).press("intake.immediate")[0]["data"]["case"]
    wanted = {k: BRIEF[k] for k in ("age_1", "district", "child_location", "seen_heard")}
    await acting.hands("masho-1").in_dialog(opened.dialog, "intake.immediate", wanted)
    await acting.r.settled()
    assert (await acting.screen("mgr-1")).has("claim")
    await acting.tap("mgr-1", "claim")
    assert (await acting.referral()).lead == "mgr-1"


async def test_a_client_that_can_only_submit_gets_a_sentence_and_no_second_card(
    acting: Acting,
) -> None:
    await acting.referred()
    message = await acting.briefing()
    person = acting.r.world.person("eh-1")
    data = {"verb": "claim", "case": acting.case_id, "v": 1}
    body = acting.r.people._activity(
        person, message.conversation_id, type="message", value=data, text=""
    )
    await acting.r.people.deliver(body)
    await acting.r.settled()
    answer = acting.thread(message)[-1]
    assert answer.card is None
    assert answer.text.startswith("Done.")
    assert (await acting.referral()).lead == "eh-1"


async def test_an_action_due_in_another_century_is_sent_back(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    row = {"action_1": "Visit mum", "need_1": "daily_care", "due_1": "1999-01-01"}
    with pytest.raises(Refusal, match="Check the year"):
        await acting.dialog("eh-1", "outcome.open", "outcome.plan", **row)
    assert (await acting.referral()).plan is None
