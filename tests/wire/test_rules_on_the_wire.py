"""Rules a MASH manager will look for, pressed through the real wire. Named after each rule."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from bot import configuration
from bot.rehearsal.screen import Screen
from tests.tools.tables import rows_of
from tests.wire.acting import BRIEF, REST, Acting, words_of


async def test_intake_submitted_on_a_day_without_a_test_hands_the_draft_back(
    acting: Acting,
) -> None:
    await acting.to("2026-11-27T09:00:00+00:00")
    answer = await acting.brief()
    assert answer.dialog is not None
    shown = words_of(answer.dialog.card)
    assert "Tuesday, Wednesday and Thursday" in shown
    assert BRIEF["seen_heard"] in shown
    assert acting.threads() == []
    assert await acting.logged() == []
    refusals = await acting.refusals()
    assert [r["code"] for r in refusals] == ["not_a_test_day"]
    assert BRIEF["seen_heard"] not in str(refusals)


@pytest.mark.parametrize(
    "identifier",
    ["born 4 March 2019", "NG1 5FS", "07700 900123", "mum@home.example", "943 476 5919"],
)
async def test_identifier_check_returns_the_form_with_the_field_marked(
    acting: Acting, identifier: str
) -> None:
    text = f"Came in late and told her teacher. Details: {identifier} as given."
    answer = await acting.brief(seen_heard=text)
    assert answer.dialog is not None
    shown = words_of(answer.dialog.card)
    assert "Take out" in shown
    assert text in shown
    assert acting.threads() == []
    action, inputs = Screen(answer.dialog.card).press("intake.brief", **{"pass": True})
    passed = await acting.r.people.press_dialog(answer.dialog, action, inputs)
    assert passed.dialog is not None
    referral = await acting.referral()
    assert referral.reference == "REF-2026-00001"
    stream = await acting.r.front_door.log.load(acting.case_id)
    assert stream.commits[0].passed


async def test_a_person_not_on_the_list_cannot_claim_and_is_logged_by_id(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    stranger = dataclasses.replace(
        acting.r.partnership.people[6], object_id="00000000-0000-0000-0000-00000000dead"
    )
    action, _ = Screen(message.card or {}).press("claim")
    value = {"action": {"type": "Action.Execute", "verb": "claim", "data": action["data"]}}
    activity = acting.r.people._activity(
        stranger, message.conversation_id, type="invoke", name="adaptiveCard/action", value=value
    )
    status, body = await acting.r.people.deliver(activity)
    assert status == 200
    assert "not on the duty team's list" in body["value"]
    assert (await acting.referral()).lead == ""
    refusal = (await acting.refusals())[-1]
    assert refusal["code"] == "not_on_list"
    assert refusal["user"] == stranger.object_id
    assert refusal["tenant"]


async def test_of_fifty_claims_at_once_one_leads_and_the_others_are_told_who(
    acting: Acting,
) -> None:
    await acting.referred()
    message = await acting.briefing()
    action, _ = Screen(message.card or {}).press("claim")
    people = [p for p in acting.r.partnership.people if str(p.role) != "manager"]
    able = [p for p in people if str(p.role) in ("rep", "duty_social_worker", "duty_manager")]
    crowd = (able * 10)[:50]
    await asyncio.gather(*(acting.r.people.press(p.id, message, action, {}) for p in crowd))
    await acting.r.settled()
    referral = await acting.referral()
    assert (await acting.logged()).count("lead.claimed") == 1
    told = [r for r in await acting.refusals() if r["code"] == "already_claimed"]
    name = acting.r.partnership.name_of(referral.lead)
    others = [p for p in crowd if p.id != referral.lead]
    assert len(told) == len(others)
    assert {r["text"] for r in told} == {f"{name} is already the lead person for REF-2026-00001."}


async def test_the_picker_cannot_agree_their_own_outcome(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("sw-1", "claim")
    await acting.pick("sw-1", "ehu")
    message = await acting.briefing()
    action, _ = Screen(message.card or {}).press("agree")
    await acting.r.people.press("sw-1", message, action, {})
    assert "did not pick this outcome" in (await _shown(acting, "sw-1"))
    assert str((await acting.referral()).state) == "outcome_proposed"
    await acting.tap("mgr-1", "agree")
    assert str((await acting.referral()).state) == "outcome_agreed"


async def _shown(acting: Acting, person_id: str) -> str:
    return words_of((await acting.briefing()).card_for(person_id) or {})


async def test_social_care_is_not_agreed_without_a_strategy_note_asked_in_the_same_card(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.pick("eh-1", "social_care")
    screen = await acting.screen("sw-1")
    assert screen.has_input("strategy_needed")
    await acting.tap("sw-1", "agree")
    assert "strategy discussion considered" in await _shown(acting, "sw-1")
    assert str((await acting.referral()).state) == "outcome_proposed"
    await acting.tap("sw-1", "agree", strategy_needed="no", strategy_why="Seen today and safe.")
    referral = await acting.referral()
    assert str(referral.state) == "outcome_agreed"
    assert referral.strategy is not None
    assert not referral.strategy.needed


async def test_position_of_trust_shows_the_lado_route_and_still_posts(acting: Acting) -> None:
    answer = await acting.brief()
    assert answer.dialog is not None
    assert "ring the LADO on 01632 960120" in words_of(answer.dialog.card)
    await acting.hands("masho-1").finish(
        answer.dialog, "intake.rest", {**REST, "position_of_trust": "true"}
    )
    assert (await acting.referral()).asked.position_of_trust
    assert len(acting.threads()) == 1


async def test_an_adult_only_is_shown_the_adult_mash_and_not_posted(acting: Acting) -> None:
    answer = await acting.brief(scope="adult_only")
    assert answer.dialog is not None
    assert "01632 960110" in words_of(answer.dialog.card)
    assert BRIEF["seen_heard"] in words_of(answer.dialog.card)
    assert acting.threads() == []


async def test_the_same_press_twice_is_one_event_and_the_same_answer(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    screen = Screen(message.card or {})
    screen.fill("words", "Nothing held about the household.")
    action, inputs = screen.press("add")
    first = await acting.r.people.press("pol-1", message, action, inputs)
    again = await acting.r.people.press("pol-1", message, action, inputs)
    await acting.r.settled()
    assert first.kind == again.kind == "refreshed"
    assert (await acting.logged()).count("contribution.added") == 1


async def test_a_paused_desk_takes_nothing_and_says_why(acting: Acting) -> None:
    await acting.hands("mgr-1").say("pause because the building is shut", place="personal")
    answer = await acting.brief()
    assert answer.dialog is not None
    assert "the building is shut" in words_of(answer.dialog.card)
    assert acting.threads() == []
    await acting.hands("mgr-1").say("resume", place="personal")
    assert (await acting.referred()).reference == "REF-2026-00001"


async def test_in_the_last_half_hour_only_urgent_goes_at_once(acting: Acting) -> None:
    await acting.to("2026-11-24T16:35:00+00:00")
    answer = await acting.brief()
    assert answer.dialog is not None
    assert "urgent referrals only" in words_of(answer.dialog.card)
    action, inputs = Screen(answer.dialog.card).press("intake.brief", next_day=True)
    await acting.r.people.press_dialog(answer.dialog, action, inputs)
    await acting.r.settled()
    assert (await acting.referral()).reference == "REF-2026-00001"
    assert acting.threads() == []
    await acting.to("2026-11-25T10:30:00+00:00")
    assert len(acting.threads()) == 1


async def test_outside_hours_the_form_shows_999_and_the_out_of_hours_team(acting: Acting) -> None:
    await acting.to("2026-11-24T18:00:00+00:00")
    dialog = await acting.form()
    assert "ring 999" in words_of(dialog.card)
    assert "01632 960999" in words_of(dialog.card)
    answer = await acting.brief()
    assert answer.dialog is not None
    assert acting.threads() == []


async def test_a_child_referred_in_the_last_year_is_shown_with_the_earlier_reference(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.referred("masho-2")
    assert "REF-2026-00001" in words_of((await acting.briefing()).card or {})
    briefing = (await acting.referral()).briefing
    assert briefing is not None
    assert briefing.re_referral


async def test_not_known_asks_how_identity_was_told_while_an_id_is_to_follow(
    acting: Acting,
) -> None:
    await acting.referred(mosaic_1="")
    await acting.tap("pol-1", "not_known")
    assert "contribution.added" not in await acting.logged()
    message = await acting.briefing()
    screen = Screen(message.card_for("pol-1") or {})
    action, inputs = screen.press("told_how", how="phone")
    await acting.r.people.press("pol-1", message, action, inputs)
    await acting.r.settled()
    said = (await acting.referral()).heard()["police"].said
    assert (said.known, said.told) == ("not_known", "phone")


async def test_who_is_this_mentions_the_masho_who_taps_told(acting: Acting) -> None:
    await acting.referred(mosaic_1="")
    await acting.tap("pol-1", "ask_identity")
    message = await acting.briefing()
    asked = acting.thread(message)[-1]
    assert "Iqbal R. needs to know" in words_of(asked.card or {})
    entities = (asked.card or {})["msteams"]["entities"]
    masho = acting.r.world.person("masho-1")
    assert entities[0]["mentioned"]["id"] == acting.r.world.user_id(masho)
    action, inputs = Screen(asked.card or {}).press("told")
    await acting.r.people.press("masho-1", asked, action, inputs)
    await acting.r.settled()
    assert "pol-1" in (await acting.referral()).identity_told
    await acting.tap("pol-1", "not_known")
    assert "police" in (await acting.referral()).heard()


async def test_words_after_a_mention_in_the_thread_are_logged_under_the_senders_agency(
    acting: Acting,
) -> None:
    await acting.referred()
    root = (await acting.briefing()).id
    await acting.hands("pol-1").say("no mention, not heard", thread=root)
    await acting.hands("pol-1").say("@Front Door Nothing held.", thread=root)
    await acting.r.settled()
    messages = (await acting.referral()).messages
    assert [(m.text, m.agency) for m in messages] == [("Nothing held.", "police")]


async def test_an_identifier_in_the_thread_is_left_out_of_the_log(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    await acting.hands("pol-1").say("@Front Door Ring dad on 07700 900123 today", thread=message.id)
    await acting.r.settled()
    assert "07700" not in (await acting.referral()).messages[0].text
    assert "left out" in acting.thread(message)[-1].text


async def test_safe_now_no_flags_at_once_in_the_mashos_name(acting: Acting) -> None:
    await acting.brief(safe_now="no")
    referral = await acting.referral()
    assert referral.is_immediate
    assert referral.immediate is not None
    assert referral.immediate.flagged_by == "masho-1"
    message = await acting.briefing()
    assert "Ring Assessment Team A now: 01632 960101" in words_of(message.card or {})
    said = [m for m in acting.thread(message) if "Say here when" in m.text]
    assert set(said[0].mentions) == {"Tomasz W.", "Grace O.", "Hana S."}
    helen = acting.r.world.person("axt-1")
    chat = acting.r.world.chat(helen)
    assert any(m.card and "take_it" in str(m.card) for m in chat)


async def test_the_immediate_door_needs_four_answers_and_masks_identifiers(
    acting: Acting,
) -> None:
    dialog = await acting.form()
    opened = await acting.hands("masho-1").in_dialog(dialog, "intake.open_immediate", {})
    assert opened.dialog is not None
    acting.case_id = Screen(opened.dialog.card).press("intake.immediate")[0]["data"]["case"]
    wanted = {
        "age_1": "under_1",
        "district": "Central",
        "child_location": "home",
        "seen_heard": "Hurt now, ring 07700 900123",
    }
    await acting.hands("masho-1").in_dialog(opened.dialog, "intake.immediate", wanted)
    await acting.r.settled()
    referral = await acting.referral()
    assert referral.is_immediate
    assert "07700" not in referral.asked.seen_heard
    assert len(acting.threads()) == 1


async def test_an_older_copy_of_the_briefing_answers_with_the_live_state(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    copy = acting.r.world.add(
        acting.r.world.thread_id("999"), "bot", card=message.card, message_id="999"
    )
    action, _ = Screen(copy.card or {}).press("claim")
    await acting.r.people.press("pol-1", copy, action, {})
    assert "older copy" in words_of(copy.card_for("pol-1") or {})
    assert (await acting.referral()).lead == ""


async def test_undo_works_for_five_minutes_and_then_says_what_to_do(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.pick("eh-1")
    await acting.tap("eh-1", "undo")
    assert str((await acting.referral()).state) == "in_discussion"
    await acting.pick("eh-1")
    screen = await acting.screen("eh-1")
    await acting.later(minutes=6)
    message = await acting.briefing()
    action, inputs = screen.press("undo")
    await acting.r.people.press("eh-1", message, action, inputs)
    assert "too late to undo" in await _shown(acting, "eh-1")
    assert str((await acting.referral()).state) == "outcome_proposed"


async def test_it_closes_itself_when_the_caller_has_heard_and_the_notes_are_confirmed(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.sent", method="phone")
    assert str((await acting.referral()).state) == "outcome_agreed"
    await acting.dialog("masho-1", "notes.open", "notes.confirm")
    assert str((await acting.referral()).state) == "closed"
    assert await acting.r.front_door.log.open_cases() == []
    decisions = await rows_of(acting.r.front_door.rows, "Decisions")
    assert [d.props["outcome"] for d in decisions] == ["ehu"]


async def test_asking_the_masho_to_ring_gives_them_the_text_and_the_button(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.ask", text="Please tell the school.")
    carys = acting.r.world.person("masho-1")
    ring = acting.r.world.chat(carys)[-1]
    assert "Please tell the school." in words_of(ring.card or {})
    dialog = await acting.hands("masho-1").open(ring, "feedback.open")
    await acting.hands("masho-1").finish(dialog, "feedback.sent", {"method": "phone"})
    feedback = (await acting.referral()).feedback
    assert [(f.by, f.text) for f in feedback] == [("masho-1", "Please tell the school.")]


@pytest.mark.parametrize("rule", ["social_worker", "none"])
async def test_where_nobody_else_is_needed_one_commit_picks_and_agrees(
    rule: str, acting: Acting
) -> None:
    partnership = dataclasses.replace(acting.r.front_door.partnership, outcome_agreement=rule)
    acting.desk.service.partnership = partnership
    await acting.referred()
    await acting.tap("sw-1", "claim")
    await acting.pick("sw-1", "ehu")
    stream = await acting.r.front_door.log.load(acting.case_id)
    last = [r.event.TYPE for r in stream.commits[-1].recorded]
    assert last == ["outcome.proposed", "outcome.endorsed"]
    pick = (await acting.referral()).pick
    assert pick is not None
    assert pick.rule == rule


async def test_help_answers_in_three_lines(acting: Acting) -> None:
    await acting.hands("masho-1").say("hello", place="personal")
    carys = acting.r.world.person("masho-1")
    assert len(acting.r.world.chat(carys)[-1].text.split("\n\n")) == 3


async def test_the_partnership_default_is_complete() -> None:
    assert configuration.load().outcome_agreement == "second_person"
