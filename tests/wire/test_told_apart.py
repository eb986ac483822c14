"""Stale dialogs, changed facts and two callers: nobody hears another's text, or an old one."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain import commands as cmd
from bot.domain.decision import Refused
from bot.rehearsal.graph_api import throttle
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog
from cards import wording as w
from tests.wire.acting import PLAN, Acting, words_of
from tests.wire.test_ways_of_telling import ADDRESS, emailed, onward, opened

LEAK = f"Thank you for ringing. We will {PLAN['action_1'].lower()}."


async def parent_told(acting: Acting) -> None:
    """A parent rang; their text was checked and said."""
    await acting.referred(referrer_group="parent_carer")
    await acting.agreed()
    await onward(acting, await opened(acting), "feedback.hold")
    await acting.dialog("sw-1", "check.open", "feedback.check")
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")


async def amend(acting: Acting, person: str = "masho-1", for_ref: str = "", **answers: str) -> None:
    who = acting.r.partnership.person(person)
    assert who is not None
    command = cmd.AmendIntake(answers, for_ref=for_ref)
    done = await acting.desk.service.act(acting.case_id, command, who)
    assert not isinstance(done, Refused), done
    await acting.r.settled()


async def two_callers(acting: Acting, second: str = "police") -> None:
    await acting.referred()
    other = Acting(acting.r)
    await other.referred("masho-2", referrer_group=second)
    await other.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    await acting.agreed()


async def other_caller(acting: Acting, dialog: Dialog, verb: str = "feedback.open") -> Dialog:
    answer = await acting.hands(dialog.person_id).in_dialog(
        dialog, verb, {}, data={"for": "REF-2026-00002"}
    )
    assert answer.dialog is not None
    return answer.dialog


# After the outcome was put right -----------------------------------------------------------


async def test_after_a_correction_an_old_text_and_its_check_count_no_more(acting: Acting) -> None:
    await parent_told(acting)
    before = (await acting.referral()).feedback[-1].text
    await acting.later(minutes=1)
    why = {"rationale": "More is needed.", "reason": "Health rang back."}
    await acting.dialog("eh-1", "correct.open", "correct.save", outcome="social_care", **why)
    await acting.tap("mgr-1", "agree", strategy_needed="no", strategy_why="He is with Nan")
    dialog = await opened(acting)
    text = Screen(dialog.card).values["text"]
    assert "social worker" in text
    assert text != before
    assert "Checked by" not in words_of(dialog.card)
    assert not Screen(dialog.card).has("feedback.sent"), "it is checked again first"


async def test_an_email_that_flew_while_the_outcome_was_corrected_is_no_answer_to_it(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.agreed()
    eh = acting.r.partnership.person("eh-1")
    sw = acting.r.partnership.person("sw-1")
    assert eh is not None
    assert sw is not None
    act = acting.desk.service.act
    await act(acting.case_id, cmd.StartFeedbackEmail("The old outcome."), eh)
    await acting.later(seconds=1)
    correct = cmd.CorrectOutcome("Health rang back.", "ehu", "More is needed.")
    done = await act(acting.case_id, correct, sw)
    assert not isinstance(done, Refused), done
    await act(acting.case_id, cmd.EndFeedbackEmail(), eh)
    assert (await acting.referral()).feedback == ()
    assert (await acting.logged())[-1] == "feedback.email_failed"


# What is safe ------------------------------------------------------------------------------


async def test_a_stale_dialog_does_not_make_an_unsafe_caller_safe_again(acting: Acting) -> None:
    form = (await acting.brief()).dialog
    assert form is not None
    await acting.hands("masho-1").in_dialog(form, "intake.rest", {"told_family": "yes_agree"})
    await acting.agreed()
    stale = await opened(acting)
    await amend(acting, contact_method="phone", safe_contact="no")
    left = await onward(acting, stale, "aloud.open", contact_method="phone", safe_contact="yes")
    assert "not safe to contact them" in words_of(left.card)
    assert (await acting.referral()).asked.safe_contact == "no"


async def test_once_it_is_not_safe_nobody_is_reminded_or_asked_to_ring(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.hands("eh-1").finish(await opened(acting), "feedback.ask", {"text": "Our words."})
    again = await onward(acting, await opened(acting), "again.open")
    await acting.hands("eh-1").finish(again, "again.save", {"again_time": "11:30"})
    await amend(acting, safe_contact="no")
    assert "has been asked to ring" not in await acting.shown("pol-1")
    chat = acting.r.world.chat(acting.r.world.person("masho-1"))
    shown = [words_of(m.card or {}) for m in chat]
    assert any("do not ring the caller" in words for words in shown)
    assert not any("Our words." in words for words in shown)
    await acting.to("2026-11-24T11:31+00:00")
    assert not [m for m in acting.thread(await acting.briefing()) if "ring the caller" in m.text]


async def test_no_answer_keeps_what_was_said_of_calling_back(acting: Acting) -> None:
    form = (await acting.brief()).dialog
    assert form is not None
    await acting.hands("masho-1").in_dialog(form, "intake.rest", {"told_family": "yes_agree"})
    await acting.agreed()
    left = await onward(
        acting, await opened(acting), "again.open", contact_method="phone", safe_contact="no"
    )
    assert "not safe to contact them" in words_of(left.card)
    assert (await acting.referral()).asked.safe_contact == "no"


async def test_a_text_written_before_the_form_changed_says_so(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    again = await onward(acting, await opened(acting), "again.open", text="The family know.")
    await acting.hands("eh-1").finish(again, "again.save", {"again_time": "11:30"})
    assert "has changed since" not in words_of((await opened(acting)).card)
    await acting.later(minutes=5)
    await amend(acting, told_family="no_unsafe", told_family_reason="It could put mum at risk.")
    assert "the referral has changed since" in words_of((await opened(acting)).card)


# Two callers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["aloud.open", "again.open", "mail.open"])
async def test_one_callers_text_is_never_taken_for_another(acting: Acting, verb: str) -> None:
    await two_callers(acting)
    stale = await opened(acting)
    assert "For the caller of REF-2026-00001" in words_of(stale.card)
    await acting.dialog("masho-1", "feedback.open", "feedback.sent")
    left = await onward(acting, stale, verb, text="For the school alone.")
    assert w.REFUSALS["already_told"].format(ref="REF-2026-00001") in words_of(left.card)
    assert "For the school alone." not in words_of(left.card)


async def test_a_reason_that_seems_to_hold_a_number_is_saved_for_the_caller_it_was_about(
    acting: Acting,
) -> None:
    await two_callers(acting)
    hands = acting.hands("eh-1")
    cannot = await hands.open(await acting.briefing(), "cannot.open")
    theirs = await other_caller(acting, cannot, "cannot.open")
    warned = (
        await hands.in_dialog(theirs, "cannot.save", {"reason": "07700 900123 is not in use"})
    ).dialog
    assert warned is not None
    await hands.in_dialog(warned, "cannot.save", {}, data={"pass": True})
    assert [n.for_ref for n in (await acting.referral()).no_feedback] == ["REF-2026-00002"]


async def test_telling_one_caller_leaves_the_others_text_waiting(acting: Acting) -> None:
    await two_callers(acting, "parent_carer")
    parent = await other_caller(acting, await opened(acting))
    held = await onward(acting, parent, "feedback.hold", text="Our words for mum.")
    assert "has been asked" in words_of(held.card)
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    assert [h.for_ref for h in (await acting.referral()).held] == ["REF-2026-00002"]
    look = await acting.hands("sw-1").open(await acting.briefing(), "check.open")
    assert Screen(look.card).values["text"] == "Our words for mum."


async def test_what_the_checker_changed_is_what_waits_and_is_said(acting: Acting) -> None:
    await acting.referred(referrer_group="parent_carer")
    await acting.agreed()
    await onward(acting, await opened(acting), "feedback.hold", text="Too much. Mum agrees.")
    await acting.dialog("sw-1", "check.open", "feedback.check", text="Femi will ring you today.")
    dialog = await opened(acting)
    assert Screen(dialog.card).values["text"] == "Femi will ring you today."
    await acting.hands("eh-1").finish(dialog, "feedback.sent", {})
    assert (await acting.referral()).feedback[-1].text == "Femi will ring you today."


async def test_a_pass_does_not_cover_what_came_later(acting: Acting) -> None:
    await acting.referred(referrer_group="neighbour_public")
    await acting.agreed()
    text = f"{LEAK} Two calls from the flat below."
    warned = await onward(acting, await opened(acting), "feedback.sent", text=text)
    await onward(acting, warned, "feedback.hold")
    await acting.dialog("mgr-1", "check.open", "feedback.pass", reason="She minds them")
    await acting.tap("pol-1", "add", words="Two calls from the flat below")
    left = await onward(acting, await opened(acting), "feedback.sent", text=text)
    assert "what an agency said" in words_of(left.card)


async def test_nobody_is_said_to_have_been_asked_where_nobody_was(acting: Acting) -> None:
    await acting.referred(referrer_group="neighbour_public")
    await acting.agreed()
    warned = await onward(acting, await opened(acting), "feedback.sent", text=LEAK)
    clean = await onward(acting, warned, "feedback.hold", text="Thank you for ringing us.")
    assert w.FEEDBACK_NEEDS_NOBODY in words_of(clean.card)
    assert (await acting.referral()).held == ()


async def test_after_the_caller_was_told_nobody_is_asked_to_ring(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    stale = await opened(acting)
    await acting.dialog("mgr-1", "feedback.open", "feedback.sent")
    left = await onward(acting, stale, "feedback.ask")
    assert "has heard back already" in words_of(left.card)
    assert "feedback.asked" not in await acting.logged()


# Email, and what stands beside the text ------------------------------------------------------


async def test_pressed_again_in_a_dialog_whose_answer_was_lost_the_email_can_be_sent(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.agreed()
    mail = await onward(acting, await opened(acting), "mail.open")
    acting.r.graph.faults.append(throttle(120))
    lost = dataclasses.replace(mail)
    await acting.hands("eh-1").in_dialog(mail, "mail.send", {"to": ADDRESS})
    acting.r.world.dialogs[lost.id] = lost
    left = await onward(acting, lost, "mail.send", to=ADDRESS)
    assert w.EMAIL_FAULTS["busy"] in words_of(left.card)
    await acting.hands("eh-1").finish(left, "mail.send", {"to": ADDRESS})
    assert [m.to for m in acting.r.graph.sent] == [ADDRESS]


async def test_a_fault_nobody_foresaw_leaves_the_email_in_question(acting: Acting) -> None:
    class Broken:
        async def send(self, to: str, subject: str, text: str) -> None:
            raise ValueError(to)

    await acting.referred()
    await acting.agreed()
    acting.desk.mailbox = Broken()
    left = await emailed(acting)
    assert left is not None
    assert w.EMAIL_FAULTS["unknown"] in words_of(left.card)
    assert "It is not known if it was sent" in await acting.shown("pol-1")


@pytest.mark.parametrize(
    "fill",
    [
        {"text": "Child 9900101 is safe."},
        {"text": "It is about REF-2026-00001."},
        {"text": "Thank you.", "late_reason": "k.shaw@school.example bounced"},
    ],
)
async def test_numbers_and_addresses_are_asked_about_wherever_they_are_typed(
    acting: Acting, fill: dict[str, str]
) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.to("2026-11-25T11:00+00:00")
    left = await onward(acting, await opened(acting), "feedback.sent", **fill)
    assert w.FEEDBACK_WARN in words_of(left.card)
    assert (await acting.referral()).feedback == ()
