"""Feedback to the caller, notes on the record, and closing, which happens by itself."""

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.partnership import BOT
from bot.domain.vocabulary import TO_FOLLOW

from .story import (
    FEEDBACK,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SOCIAL_WORKER,
    TWO_CHILDREN,
    UNSEEN_CHILD,
    agreed,
    at,
    given,
    handed_over,
    intake,
    proposed,
)

AGREED = given(*agreed())
TELL = cmd.SendFeedback("phone", "Thank you for ringing.")
NO_ANSWER = cmd.FeedbackCannotBeGiven("No safe number was left")
CLOSED = ev.ReferralClosed()


def test_feedback_is_sent_at_the_referrer_groups_level():
    AGREED.when(TELL, by=LEAD).then(FEEDBACK)

    neighbour = given(*agreed(intake(referrer_group="neighbour_public")))
    (sent,) = neighbour.when(TELL, by=LEAD).events
    assert isinstance(sent, ev.FeedbackSent)
    assert (sent.group, sent.level) == ("neighbour_public", "public_thanks")


def test_feedback_goes_out_only_after_the_outcome_is_agreed():
    given(*proposed()).when(TELL, by=LEAD).then_refused("wrong_state")
    assert AGREED.when(TELL, by=LEAD).events
    assert given(*handed_over()).when(TELL, by=LEAD).events


@pytest.mark.parametrize(
    ("missing", "answer"), [("contact_method", "phone"), ("safe_contact", "yes")]
)
def test_feedback_needs_how_to_reach_the_caller_safely(missing, answer):
    story = given(*agreed(intake(**{missing: ""})))

    story.when(TELL, by=LEAD).then_refused("contact_needed")
    story.when(cmd.AskMashoToRing("Thank you"), by=LEAD).then_refused("contact_needed")
    answered = story.when(cmd.AmendIntake({missing: answer}), by=LEAD).story
    assert answered.when(TELL, by=LEAD).events
    assert answered.when(cmd.AskMashoToRing("Thank you"), by=LEAD).events


def test_feedback_that_cannot_be_given_needs_a_reason_but_no_contact_answers():
    story = given(*agreed(intake(contact_method="", safe_contact="")))

    story.when(cmd.FeedbackCannotBeGiven(" "), by=LEAD).then_refused("reason_needed")
    story.when(NO_ANSWER, by=LEAD).then(ev.FeedbackNotPossible("No safe number was left"))


def test_empty_feedback_is_not_feedback():
    AGREED.when(cmd.SendFeedback("phone", "  "), by=LEAD).then_refused("text_needed")
    AGREED.when(cmd.AskMashoToRing("  "), by=LEAD).then_refused("text_needed")


def test_feedback_is_sent_once():
    told = AGREED.when(TELL, by=LEAD).story

    told.when(TELL, by=MASHO).then()
    told.when(NO_ANSWER, by=LEAD).then()
    given_up = AGREED.when(NO_ANSWER, by=LEAD).story
    given_up.when(TELL, by=LEAD).then()


def test_the_masho_who_took_the_call_is_asked_to_ring_back_and_then_has():
    asked = AGREED.when(cmd.AskMashoToRing("Thank you"), by=LEAD).then(
        ev.FeedbackAsked("Thank you", MASHO)
    )
    assert asked.referral.asked_masho

    told = asked.when(TELL, by=MASHO).story
    assert told.referral.asked_masho == ()
    assert told.referral.feedback[-1].by == MASHO


def test_only_the_lead_masho_or_duty_manager_gives_feedback():
    for who in (LEAD, MASHO, MANAGER):
        assert AGREED.when(TELL, by=who).events
    for who in (POLICE, SOCIAL_WORKER):
        AGREED.when(TELL, by=who).then_refused("not_allowed")


def test_one_tap_confirms_every_childs_note():
    story = given(*agreed(TWO_CHILDREN))

    noted = story.when(cmd.ConfirmNotes(note="Case note 4471"), by=LEAD).then(
        ev.CaseNoteExported(("9900101", "9900102"), "Case note 4471")
    )
    assert noted.referral.notes_done
    noted.when(cmd.ConfirmNotes(), by=LEAD).then()


def test_notes_with_a_case_number_to_follow_ask_for_it():
    story = given(*agreed(UNSEEN_CHILD))
    named = (Child("9900101", "5_to_9"),)

    story.when(cmd.ConfirmNotes(), by=LEAD).then_refused("ids_to_follow", ref="REF-2026-00001")
    story.when(cmd.ConfirmNotes(("9900101", "9900102")), by=LEAD).then_refused("ids_to_follow")
    story.when(cmd.ConfirmNotes(("Sam",)), by=LEAD).then_refused("mosaic_id")
    story.when(cmd.ConfirmNotes(("9900101",)), by=LEAD).then(
        ev.IntakeAmended({"children": named}), ev.CaseNoteExported(("9900101",))
    )


def test_case_numbers_fill_the_waiting_rows_in_order():
    rows = (Child(TO_FOLLOW, "1_to_4"), Child("9900101", "5_to_9"), Child(TO_FOLLOW, "unborn"))
    story = given(*agreed(intake(children=rows)))

    after = story.when(cmd.ConfirmNotes(("9900102", "9900103")), by=LEAD).referral

    assert after.asked.mosaic_ids == ("9900102", "9900101", "9900103")
    assert [c.age_band for c in after.asked.children] == ["1_to_4", "5_to_9", "unborn"]
    assert after.notes_done


@pytest.mark.parametrize("ids", [("9900101", "9900102"), ("9900102", "9900102")])
def test_one_case_number_is_not_given_to_two_children(ids):
    rows = (Child("9900101", "5_to_9"), Child(TO_FOLLOW, "1_to_4"), Child(TO_FOLLOW, "unborn"))
    story = given(*agreed(intake(children=rows)))
    story.when(cmd.ConfirmNotes(ids), by=LEAD).then_refused("same_child_twice")


def test_it_closes_itself_only_when_both_feedback_and_notes_are_done():
    told = AGREED.when(TELL, by=LEAD).then(FEEDBACK)
    noted = AGREED.when(cmd.ConfirmNotes(), by=LEAD).then(ev.CaseNoteExported(("9900101",)))
    assert told.referral.state == noted.referral.state == "outcome_agreed"

    told.when(cmd.ConfirmNotes(), by=LEAD).then(ev.CaseNoteExported(("9900101",)), CLOSED)
    noted.when(TELL, by=LEAD).then(FEEDBACK, CLOSED)
    noted.when(NO_ANSWER, by=LEAD).then(ev.FeedbackNotPossible("No safe number was left"), CLOSED)


def test_the_bot_closes_it_in_the_same_commit():
    noted = AGREED.when(cmd.ConfirmNotes(), by=LEAD).story

    answer = noted.when(TELL, by=LEAD, at="10:12")

    assert [r.by for r in answer.recorded] == [LEAD, BOT.id]
    assert answer.referral.closed_at == at("10:12")
    assert not answer.referral.live


def test_a_referral_handed_over_closes_the_same_way():
    noted = given(*handed_over()).when(cmd.ConfirmNotes(), by=MASHO).story
    noted.when(TELL, by=LEAD).then(FEEDBACK, CLOSED)


def test_a_child_added_after_the_notes_keeps_it_open():
    noted = AGREED.when(cmd.ConfirmNotes(), by=LEAD).story
    both = (Child("9900101", "5_to_9"), Child("9900102", "1_to_4"))
    grown = noted.when(cmd.AmendIntake({"children": both}), by=MASHO).story

    grown.when(TELL, by=LEAD).then(FEEDBACK)
    assert not grown.referral.notes_done


def test_a_child_added_and_taken_off_again_does_not_leave_it_open_for_ever():
    noted = AGREED.when(cmd.ConfirmNotes(), by=LEAD).story
    one = (Child("9900101", "5_to_9"),)
    grown = noted.when(
        cmd.AmendIntake({"children": (*one, Child("9900102", "1_to_4"))}), by=MASHO
    ).story
    told = grown.when(TELL, by=LEAD).story

    mended = told.when(cmd.AmendIntake({"children": one}), by=MASHO).story

    assert told.referral.state == "outcome_agreed"
    if mended.referral.live:
        mended.when(cmd.ConfirmNotes(), by=LEAD).then(CLOSED)
