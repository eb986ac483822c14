"""Corrections: nothing is overwritten, and what it replaced is shown beside it."""

from __future__ import annotations

import pytest

from bot.domain.transitions import actor_allowed
from bot.domain.vocabulary import State
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog, Message
from bot.teams.who_may import PRESSES, About
from tests.wire.acting import PLAN, Acting, Json, words_of

CORRECTION = {"reason": "The visit found more", "outcome": "social_care", "rationale": "He is hurt"}


async def test_a_corrected_outcome_is_agreed_again_and_told_again(acting: Acting) -> None:
    await acting.referred()
    await acting.closed()
    await acting.later(days=1)
    await acting.dialog("eh-1", "correct.open", "correct.save", **CORRECTION)
    assert (await acting.referral()).state is State.OUTCOME_PROPOSED
    await acting.tap("sw-1", "agree", strategy_needed="no", strategy_why="He is with Nan")
    referral = await acting.referral()
    assert referral.state is State.OUTCOME_AGREED
    assert referral.owed
    assert not referral.notes_done
    words = await acting.shown("sw-1")
    assert "Before: early help, picked by Femi A., agreed by Tomasz W. Tue 24 Nov 09:00" in words
    assert "Corrected by Femi A. Wed 25 Nov 09:00: The visit found more" in words
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    await acting.dialog("masho-1", "notes.open", "notes.confirm")
    assert (await acting.referral()).state is State.CLOSED


async def test_the_corrector_cannot_agree_their_own_correction(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.dialog("sw-1", "correct.open", "correct.save", reason="Wrong box", outcome="ehu")
    await acting.tap("sw-1", "agree")
    assert (await acting.referral()).state is State.OUTCOME_PROPOSED


async def test_a_correction_needs_its_reason(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    words = await acting.refused("eh-1", "correct.open", "correct.save", outcome="social_care")
    assert "Say why the outcome is changing." in words


async def test_reopening_works_for_ten_working_days_and_then_says_what_to_do(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.closed()
    await acting.to("2026-12-08T16:00:00+00:00")
    await acting.dialog("sw-1", "reopen.open", "reopen.save", reason="Nan has moved away")
    referral = await acting.referral()
    assert referral.state is State.IN_DISCUSSION
    assert referral.owed
    assert "Reopened by Tomasz W." in await acting.shown("sw-1")


async def test_after_ten_working_days_it_is_a_new_referral(acting: Acting) -> None:
    await acting.referred()
    await acting.closed()
    await acting.to("2026-12-09T09:00:00+00:00")
    words = await acting.refused("sw-1", "reopen.open", "reopen.save", reason="Nan has moved away")
    assert "Start a new referral; it will be linked." in words


async def test_a_masho_withdraws_within_fifteen_minutes_and_its_words_are_gone(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.tap("edu-1", "add", words="Late every day")
    await acting.dialog("masho-1", "withdraw.open", "withdraw.save", reason="Wrong child")
    assert (await acting.referral()).state is State.WITHDRAWN
    message = await acting.briefing()
    words = words_of(message.card or {})
    assert "Withdrawn by Carys M." in words
    assert "Late every day" not in words
    assert "school days" not in words
    for person in ("edu-1", "mgr-1"):
        assert "school days" not in await acting.shown(person)
    assert "referral.withdrawn" in await acting.logged()
    assert acting.case_id not in await acting.r.front_door.log.open_cases()


async def test_after_fifteen_minutes_only_the_duty_manager_withdraws(acting: Acting) -> None:
    await acting.referred()
    opened = await acting.hands("masho-1").open(await acting.briefing(), "withdraw.open")
    await acting.later(minutes=16)
    answer = await acting.hands("masho-1").in_dialog(opened, "withdraw.save", {"reason": "Oops"})
    assert answer.dialog is not None
    assert "Ask the duty manager to withdraw this." in words_of(answer.dialog.card)
    await acting.dialog("mgr-1", "withdraw.open", "withdraw.save", reason="Wrong child")
    assert (await acting.referral()).state is State.WITHDRAWN


async def test_a_withdrawn_referral_is_no_earlier_referral_of_the_child(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog("masho-1", "withdraw.open", "withdraw.save", reason="Wrong child")
    again = Acting(acting.r)
    await again.referred()
    assert not (await again.referral()).earlier_reference


@pytest.mark.parametrize(
    "verb", sorted(v for v, rule in PRESSES.items() if rule.about is not About.NONE)
)
async def test_after_a_withdrawal_no_press_of_anybody_shows_what_it_said(
    acting: Acting, verb: str
) -> None:
    """Forms left open, replayed and made up: each verb, by each kind of person."""
    await acting.referred()
    await acting.agreed()
    await acting.dialog("mgr-1", "withdraw.open", "withdraw.save", reason="Wrong child")
    message = await acting.briefing()
    data = {"case": acting.case_id, "v": 3, "verb": verb, "note": "born 01/02/2015", "index": "0"}
    if verb.startswith("intake."):
        data["seen_heard"] = ""
    logged = await acting.logged()
    for person in ("masho-1", "mgr-1", "eh-1", "pol-1", "man-1"):
        for kind in ("Action.Execute", "task"):
            answer = await _pressed(acting, person, message, data, kind)
            assert "school days" not in answer, (verb, person, kind)
            assert "early help assessment" not in answer, (verb, person, kind)
    assert await acting.logged() == logged


async def _pressed(acting: Acting, person: str, message: Message, data: Json, kind: str) -> str:
    """Everything an answer to this press shows."""
    if kind == "task":
        dialog = Dialog("", person, message.conversation_id, "", {}, "", message.id)
        answer = await acting.r.people.press_dialog(dialog, {"data": data}, {})
        return words_of(answer.dialog.card) if answer.dialog else answer.text
    action = {"type": kind, "verb": data["verb"], "data": data}
    answer = await acting.r.people.press(person, message, action, {})
    return words_of(message.views.get(person) or {}) + answer.text


@pytest.mark.parametrize("verb", sorted(v for v, rule in PRESSES.items() if rule.first))
async def test_what_one_may_not_press_is_refused_before_anything_is_drawn_and_logged(
    acting: Acting, verb: str
) -> None:
    await acting.referred()
    await acting.agreed()
    referral = await acting.referral()
    message = await acting.briefing()
    data = {"case": acting.case_id, "v": 3, "verb": verb, "note": "born 01/02/2015", "index": "0"}
    for person in ("pol-1", "man-1", "masho-2"):
        actor = acting.r.world.person(person)
        if any(actor_allowed(event, referral, actor) for event in PRESSES[verb].events):
            continue
        before = len(await acting.refusals())
        words = await _pressed(acting, person, message, data, "task")
        assert "early help assessment" not in words, person
        assert len(await acting.refusals()) == before + 1


async def test_the_lead_stays_until_the_new_lead_accepts(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.dialog("eh-1", "offer.open", "offer.save", lead="hlt-1", reason="Her nurse")
    assert (await acting.referral()).lead == "eh-1"
    said = [m for m in acting.thread(await acting.briefing()) if "asked to lead" in m.text]
    assert len(said) == 1
    assert said[0].mentions == ("Niamh D.",)
    await acting.tap("hlt-1", "lead.accept")
    referral = await acting.referral()
    assert (referral.lead, referral.offer) == ("hlt-1", None)
    assert "Lead before: Femi A., claimed" in await acting.shown("hlt-1")


async def test_somebody_else_cannot_accept_the_lead(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.dialog("eh-1", "offer.open", "offer.save", lead="hlt-1", reason="Her nurse")
    assert not (await acting.screen("pol-1")).has("lead.accept")
    message = await acting.briefing()
    button = (await acting.screen("hlt-1")).press("lead.accept")[0]
    await acting.r.people.press("eh-1", message, button, {})
    words = words_of(message.card_for("eh-1") or {})
    assert "Niamh D. has not accepted yet. You are still the lead person." in words
    assert (await acting.referral()).lead == "eh-1"


async def test_handed_over_then_the_outcome_elsewhere_is_no_duty_team_decision(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.tap("sw-1", "claim")
    handed = {"to": "edt", "accepted_by": "Jo at the EDT", "reason": "Mum is home at six"}
    await acting.dialog("sw-1", "hand_over.open", "hand_over.save", **handed)
    await acting.dialog("masho-1", "elsewhere.open", "elsewhere.save", outcome="social_care")
    words = await acting.shown("sw-1")
    assert "Outcome made elsewhere: social care. Recorded by Carys M." in words
    rows = await acting.r.front_door.log.figures("2026-W48")
    assert (rows[0].decided_by_duty_team, rows[0].decided_at is not None) == (False, True)


async def test_an_actions_owner_says_it_is_done_with_one_tap(acting: Acting) -> None:
    await acting.referred()
    await acting.closed()
    hands = acting.hands("pol-1")
    opened = await hands.open(await acting.briefing(), "actions.open")
    answer = await hands.in_dialog(opened, "actions.done", {}, data={"index": "0"})
    assert answer.dialog is not None
    assert "Done: Iqbal R." in words_of(answer.dialog.card)
    assert not Screen(answer.dialog.card).has("actions.done")
    assert (await acting.logged()).count("action.done") == 1


async def test_each_changed_answer_shows_what_it_replaced_who_when_and_why(
    acting: Acting,
) -> None:
    await acting.referred()
    change = {"district": "South", "reason": "The caller misheard"}
    await acting.dialog("masho-1", "intake.carry_on", "intake.rest", **change)
    words = await acting.shown("pol-1")
    assert "Where do they live: was 'North', changed by Carys M. Tue 24 Nov 09:00." in words
    assert "Because: The caller misheard" in words


@pytest.mark.parametrize("press", ["undo", "correct"])
async def test_undo_gives_way_to_correct(acting: Acting, press: str) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.pick("eh-1")
    if press == "undo":
        await acting.tap("eh-1", "undo", words="Meant the other one")
        assert (await acting.referral()).state is State.IN_DISCUSSION
        return
    await acting.tap("sw-1", "agree")
    await acting.dialog("eh-1", "correct.open", "correct.save", reason="Wrong one", outcome="ehu")
    assert (await acting.referral()).state is State.OUTCOME_PROPOSED


async def test_a_child_with_a_social_worker_is_passed_on_and_somebody_says_who_took_it(
    acting: Acting,
) -> None:
    answer = await acting.brief(scope="open_to_social_worker")
    assert answer.dialog is not None
    words = words_of(answer.dialog.card)
    assert "This child already has a social worker" in words
    assert not (await acting.referral()).reference
    hands = acting.hands("masho-1")
    await hands.in_dialog(answer.dialog, "intake.brief", {}, data={"pass_on": True})
    await acting.r.settled()
    assert "pass this to them" in await acting.shown("pol-1")
    opened = await acting.hands("sw-1").open(await acting.briefing(), "hand_over.open")
    assert Screen(opened.card).values["to"] == "allocated_worker"
    fill = {"accepted_by": "Her worker, Jo", "reason": "Already open"}
    await acting.hands("sw-1").finish(opened, "hand_over.save", fill)
    assert (await acting.referral()).state is State.HANDED_OVER


async def test_the_plan_is_asked_for_before_an_outcome_and_the_family_in_the_same_dialog(
    acting: Acting,
) -> None:
    answer = await acting.brief()
    assert answer.dialog is not None
    await acting.tap("eh-1", "claim")
    fill = {**PLAN, "outcome": "ehu", "rationale": "Mum wants help."}
    words = await acting.refused("eh-1", "outcome.open", "outcome.pick", **fill)
    assert "say whether the parents or carers know" in words
    await acting.dialog("eh-1", "outcome.open", "outcome.pick", **fill, told_family="yes_agree")
    assert (await acting.referral()).state is State.OUTCOME_PROPOSED
