"""The caller hears back, over the real wire: read aloud, rung again, emailed through Graph."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.desk.ports import Commit, StoreUnavailable
from bot.domain import commands as cmd
from bot.domain.vocabulary import State
from bot.rehearsal.graph_api import drop_after, slow, status, throttle
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog
from bot.teams.press import Origin, Turn, read_press
from cards import wording as w
from tests.tools.tables import rows_of
from tests.wire.acting import Acting, words_of

ADDRESS = "k.shaw@school.example"


@pytest.fixture(autouse=True)
async def nowhere(acting: Acting, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """However it ended, no address is in the store, a log line or an error."""
    caplog.set_level(logging.DEBUG)
    yield
    tables = ("Commits", "Index", "Refusals", "Figures", "Decisions", "Desk")
    stored = [dict(row.props) for t in tables for row in await rows_of(acting.r.front_door.rows, t)]
    assert "school.example" not in repr(stored)
    assert not [r for r in caplog.get_records("call") if "school.example" in repr(r.__dict__)]


async def agreed(acting: Acting, **answers: str) -> None:
    """Early help agreed; what was answered on the call differs by `answers`."""
    await acting.referred()
    if answers:
        changed = await acting.desk.service.act(
            acting.case_id,
            cmd.AmendIntake(answers),
            acting.r.partnership.people[0],
        )
        assert not hasattr(changed, "code"), changed
    await acting.agreed()


async def opened(acting: Acting, person_id: str = "eh-1") -> Dialog:
    return await acting.hands(person_id).open(await acting.briefing(), "feedback.open")


async def onward(acting: Acting, dialog: Dialog, verb: str, **fill: str) -> Dialog:
    """Presses a button of a dialog that leads to another."""
    answer = await acting.hands(dialog.person_id).in_dialog(dialog, verb, fill)
    await acting.r.settled()
    assert answer.dialog is not None, "the dialog closed"
    return answer.dialog


async def emailed(acting: Acting, to: str = ADDRESS, **fill: str) -> Dialog | None:
    """Email it, then Send; the dialog that is left where it did not go."""
    mail = await onward(acting, await opened(acting), "mail.open", **fill)
    answer = await acting.hands("eh-1").in_dialog(mail, "mail.send", {"to": to})
    await acting.r.settled()
    return answer.dialog


# By phone ---------------------------------------------------------------------------------


async def test_the_text_is_read_aloud_and_one_tap_says_it_was_heard(acting: Acting) -> None:
    await agreed(acting)
    aloud = await onward(
        acting, await opened(acting), "aloud.open", text="First. Then Femi A. rings."
    )
    assert "First.\nThen Femi A. rings." in words_of(aloud.card)
    heard = await acting.hands("eh-1").in_dialog(
        aloud, "feedback.sent", {}, data={"method": "phone"}
    )
    assert heard.dialog is None
    (told,) = (await acting.referral()).feedback
    assert (told.method, told.text) == ("phone", "First. Then Femi A. rings.")


async def test_a_text_the_caller_may_not_hear_is_not_shown_to_be_read_aloud(acting: Acting) -> None:
    await acting.referred(referrer_group="neighbour_public")
    await acting.agreed()
    leak = "We will visit mum at home and agree an early help assessment."
    again = await onward(acting, await opened(acting), "aloud.open", text=leak)
    assert "This caller may not hear some of this" in words_of(again.card)
    assert Screen(again.card).values["text"] == leak


async def test_nobody_answers_and_whoever_rang_is_reminded_in_the_thread_then(
    acting: Acting,
) -> None:
    await agreed(acting)
    again = await onward(acting, await opened(acting), "again.open", text="My own words.")
    await acting.hands("eh-1").finish(again, "again.save", {"again_time": "11:30"})
    await acting.r.settled()
    assert "nobody answered. To try again: Tue 24 Nov 11:30" in await acting.shown("pol-1")
    await acting.to("2026-11-24T11:31+00:00")
    said = [m for m in acting.thread(await acting.briefing()) if "ring the caller again" in m.text]
    assert [m.mentions for m in said] == [("Femi A.",)]
    await acting.to("2026-11-24T12:31+00:00")
    assert len(said) == 1
    assert Screen((await opened(acting)).card).values["text"] == "My own words."


async def test_a_time_in_the_night_is_refused_and_what_was_typed_stays(acting: Acting) -> None:
    await agreed(acting)
    again = await onward(acting, await opened(acting), "again.open")
    night = await onward(acting, again, "again.save", again_time="03:00")
    assert "while we are open" in words_of(night.card)
    assert Screen(night.card).values["again_time"] == "03:00"


async def test_a_caller_it_is_not_safe_to_ring_is_only_told_when_they_come(acting: Acting) -> None:
    await agreed(acting, safe_contact="no")
    dialog = await opened(acting)
    screen = Screen(dialog.card)
    for verb in ("aloud.open", "again.open", "mail.open", "feedback.ask"):
        assert not screen.has(verb), verb
    sent = screen.press("feedback.sent")[0]
    typed = {**screen.values, "method": "voicemail"}
    hidden = await acting.r.people.press_dialog(dialog, sent, typed)
    assert hidden.dialog is not None
    assert "not safe to contact them" in words_of(hidden.dialog.card)
    await onward(acting, await opened(acting), "cannot.open")
    await acting.hands("eh-1").finish(await opened(acting), "feedback.sent", {})
    assert [f.method for f in (await acting.referral()).feedback] == ["they_came"]


# By email ---------------------------------------------------------------------------------


async def test_an_email_goes_as_plain_text_from_the_desks_mailbox(acting: Acting) -> None:
    await agreed(acting)
    assert await emailed(acting, text="Thank you. Femi visits on Thursday.") is None
    (mail,) = acting.r.graph.sent
    assert (mail.to, mail.subject) == (ADDRESS, w.EMAIL_SUBJECT)
    assert mail.sender == acting.r.partnership.mailbox
    assert mail.text == "Thank you. Femi visits on Thursday."
    (told,) = (await acting.referral()).feedback
    assert (told.method, told.by) == ("service_mailbox", "eh-1")
    assert "Caller heard back" in await acting.shown("pol-1")


async def test_the_key_of_the_press_could_not_be_worked_out_from_an_address(
    acting: Acting,
) -> None:
    """It is stored: with the address in it, whoever reads the store could try addresses."""
    await agreed(acting)
    mail = await onward(acting, await opened(acting), "mail.open")
    screen = Screen(mail.card)
    screen.fill("to", ADDRESS)
    action, inputs = screen.press("mail.send")
    await acting.r.people.press_dialog(mail, action, inputs)
    press = read_press({**action["data"], **inputs}, Origin.DIALOG)
    without = replace(press, values={k: v for k, v in press.values.items() if k != "to"})
    turn = Turn(acting.desk, acting.r.partnership.person("eh-1"), None, None)  # type: ignore[arg-type]
    stored = (await acting.referral()).presses
    assert turn.key(without) in stored
    assert turn.key(press) not in stored


async def test_the_same_press_sent_again_by_teams_sends_one_email(acting: Acting) -> None:
    await agreed(acting)
    mail = await onward(acting, await opened(acting), "mail.open")
    acting.r.graph.faults.append(slow(0.3))
    hands = acting.hands("eh-1")
    await asyncio.gather(
        hands.in_dialog(mail, "mail.send", {"to": ADDRESS}),
        hands.in_dialog(mail, "mail.send", {"to": ADDRESS}),
    )
    await acting.r.settled()
    assert len(acting.r.graph.sent) == 1
    assert len((await acting.referral()).feedback) == 1


async def test_two_people_who_email_the_same_caller_at_once_send_one(acting: Acting) -> None:
    await agreed(acting)
    mine = await onward(acting, await opened(acting), "mail.open")
    theirs = await onward(acting, await opened(acting, "mgr-1"), "mail.open")
    acting.r.graph.faults.append(slow(0.3))
    answers = await asyncio.gather(
        acting.hands("eh-1").in_dialog(mine, "mail.send", {"to": ADDRESS}),
        acting.hands("mgr-1").in_dialog(theirs, "mail.send", {"to": "other@school.example"}),
    )
    await acting.r.settled()
    assert len(acting.r.graph.sent) == 1
    lost = [a.dialog for a in answers if a.dialog]
    assert [w.REFUSALS["email_going"] in words_of(d.card) for d in lost] == [True]


@pytest.mark.parametrize("to", ["", "k.shaw", "a@b.example,c@d.example", "a@b.example\nBcc: x@y.z"])
async def test_what_is_no_address_is_refused_before_anything_is_logged(
    acting: Acting, to: str
) -> None:
    await agreed(acting)
    left = await emailed(acting, to)
    assert left is not None
    assert w.REFUSALS["bad_address"] in words_of(left.card)
    assert "feedback.email_started" not in await acting.logged()
    assert acting.r.graph.sent == []


REFUSED = {
    "bad_address": status(400, "ErrorInvalidRecipients"),
    "not_accepted": status(400, "ErrorMessageSubmissionBlocked"),
    "not_permitted": status(403, "ErrorAccessDenied"),
    "no_mailbox": status(404, "ErrorInvalidUser"),
    "too_large": status(413, "ErrorMessageSizeExceeded"),
    "busy": throttle(120),
}


@pytest.mark.parametrize(("code", "fault"), REFUSED.items())
async def test_what_graph_refuses_comes_back_in_words_and_can_be_sent_again(
    acting: Acting, code: str, fault: object
) -> None:
    await agreed(acting)
    acting.r.graph.faults.append(fault)  # type: ignore[arg-type]
    left = await emailed(acting, text="My own words.")
    assert left is not None
    assert w.EMAIL_FAULTS[code] in words_of(left.card)
    assert Screen(left.card).values["to"] == ADDRESS, "nothing typed is lost"
    assert (await acting.logged())[-1] == "feedback.email_failed"
    assert "has not heard back" in await acting.shown("pol-1")
    await acting.hands("eh-1").finish(left, "mail.send", {})
    assert [m.text for m in acting.r.graph.sent] == ["My own words."]
    assert len((await acting.referral()).feedback) == 1


async def test_an_email_without_an_answer_is_in_question_until_a_person_says(
    acting: Acting,
) -> None:
    await agreed(acting)
    acting.r.graph.faults.append(drop_after())
    left = await emailed(acting)
    assert left is not None
    assert w.EMAIL_FAULTS["unknown"] in words_of(left.card)
    assert "It is not known if it was sent" in await acting.shown("pol-1")
    assert (await acting.referral()).feedback == ()
    dialog = await opened(acting)
    await acting.hands("eh-1").finish(dialog, "feedback.sent", {"method": "service_mailbox"})
    assert [f.method for f in (await acting.referral()).feedback] == ["service_mailbox"]
    assert len(acting.r.graph.sent) == 1


async def test_it_can_be_emailed_again_by_somebody_who_was_told_that_it_may_have_gone(
    acting: Acting,
) -> None:
    await agreed(acting)
    acting.r.graph.faults.append(drop_after())
    await emailed(acting)
    mail = await onward(acting, await opened(acting), "mail.open")
    assert w.REFUSALS["email_unknown"] in words_of(mail.card)
    assert w.B_EMAIL_AGAIN in words_of(mail.card)
    await acting.hands("eh-1").finish(mail, "mail.send", {"to": ADDRESS})
    assert len(acting.r.graph.sent) == 2
    assert len((await acting.referral()).feedback) == 1


async def test_a_bot_that_dies_while_sending_leaves_it_in_question_on_the_card(
    acting: Acting,
) -> None:
    """What is stored when the process ends between the email and its answer."""
    await agreed(acting)
    mail = await onward(acting, await opened(acting), "mail.open")
    acting.r.graph.faults.append(slow(30))
    arrived = asyncio.Event()
    acting.r.graph.changed = arrived.set
    pressed = asyncio.create_task(
        acting.hands("eh-1").in_dialog(mail, "mail.send", {"to": ADDRESS})
    )
    await arrived.wait()
    stored = await acting.r.front_door.log.load(acting.case_id)
    assert stored.commits[-1].recorded[0].event.TYPE == "feedback.email_started"
    assert "It is not known if it was sent" in await acting.shown("pol-1")
    pressed.cancel()


async def test_without_a_mailbox_there_is_no_button_and_the_rest_works(acting: Acting) -> None:
    desk = acting.desk
    assert desk.mailbox is not None
    desk.mailbox = None
    await agreed(acting)
    dialog = await opened(acting)
    left = await onward(acting, dialog, "mail.open")
    assert w.REFUSALS["no_service_mailbox"] in words_of(left.card)
    await acting.hands("eh-1").finish(left, "feedback.sent", {"method": "phone"})
    assert (await acting.referral()).state is State.OUTCOME_AGREED
    assert len((await acting.referral()).feedback) == 1


@pytest.mark.parametrize("person", ["pol-1", "sw-1", "man-1"])
async def test_nobody_else_may_open_or_send_an_email(acting: Acting, person: str) -> None:
    await agreed(acting)
    mail = await onward(acting, await opened(acting), "mail.open")
    theirs = Dialog("x", person, mail.conversation_id, "", mail.card, "", mail.reply_to)
    answer = await acting.hands(person).in_dialog(theirs, "mail.send", {"to": ADDRESS})
    assert answer.dialog is not None
    assert "gives feedback" in words_of(answer.dialog.card) or "emails" in words_of(
        answer.dialog.card
    )
    assert acting.r.graph.sent == []
    assert "feedback.email_started" not in await acting.logged()


async def test_each_caller_of_a_merge_is_told_in_their_own_way(acting: Acting) -> None:
    await acting.referred()
    police = Acting(acting.r)
    await police.referred("masho-2", referrer_group="police")
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    await acting.agreed()
    assert await emailed(acting) is None
    second = await opened(acting)
    assert "For the caller of REF-2026-00002" in words_of(second.card)
    again = await onward(acting, second, "again.open")
    assert "REF-2026-00002" in words_of(again.card)
    await acting.hands("eh-1").finish(again, "again.save", {"again_time": "14:00"})
    shown = await acting.shown("pol-1")
    assert "REF-2026-00001: Caller heard back" in shown
    assert "REF-2026-00002: The caller has not heard back yet. Femi A. rang Tue 24 Nov" in shown
    assert await emailed(acting, "duty@police.example") is None
    assert [m.to for m in acting.r.graph.sent] == [ADDRESS, "duty@police.example"]
    told = [(f.for_ref, f.method) for f in (await acting.referral()).feedback]
    assert told == [("", "service_mailbox"), ("REF-2026-00002", "service_mailbox")]


async def test_what_seems_an_identifier_is_asked_about_once_and_then_goes(acting: Acting) -> None:
    await agreed(acting)
    number = "Ring me on 07700 900123."
    warned = await onward(acting, await opened(acting), "mail.open", text=number)
    assert "seems to hold an identifier" in words_of(warned.card)
    hands = acting.hands("eh-1")
    mail = (await hands.in_dialog(warned, "mail.open", {}, data={"pass": True})).dialog
    assert mail is not None
    await hands.finish(mail, "mail.send", {"to": ADDRESS})
    assert [m.text for m in acting.r.graph.sent] == [number]


async def test_how_to_call_back_is_asked_here_where_nobody_asked_on_the_call(
    acting: Acting,
) -> None:
    form = (await acting.brief()).dialog
    assert form is not None
    await acting.hands("masho-1").in_dialog(form, "intake.rest", {"told_family": "yes_agree"})
    await acting.agreed()
    bare = await onward(acting, await opened(acting), "aloud.open")
    assert "say how they want to hear back" in words_of(bare.card)
    safe = {"contact_method": "phone", "safe_contact": "yes"}
    aloud = await onward(acting, bare, "aloud.open", **safe)
    assert w.B_HEARD in words_of(aloud.card)
    assert (await acting.referral()).asked.safe_contact == "yes"


async def test_the_mash_officer_who_was_asked_to_ring_gets_no_answer_and_is_reminded(
    acting: Acting,
) -> None:
    await agreed(acting)
    await acting.hands("eh-1").finish(await opened(acting), "feedback.ask", {"text": "Our words."})
    await acting.r.settled()
    chat = acting.r.world.chat(acting.r.world.person("masho-1"))
    card = next(m for m in reversed(chat) if "Our words." in words_of(m.card or {}))
    dialog = await acting.hands("masho-1").open(card, "feedback.open")
    again = await onward(acting, dialog, "again.open")
    await acting.hands("masho-1").finish(again, "again.save", {"again_time": "11:30"})
    await acting.to("2026-11-24T11:31+00:00")
    said = [m for m in acting.thread(await acting.briefing()) if "ring the caller again" in m.text]
    assert [m.mentions for m in said] == [("Carys M.",)]


async def test_an_email_that_went_but_could_not_be_logged_is_not_sent_again(
    acting: Acting,
) -> None:
    await agreed(acting)
    log = acting.desk.service.log
    append = log.append

    async def failing(commit: Commit) -> None:
        if any(r.event.TYPE == "feedback.sent" for r in commit.recorded):
            raise StoreUnavailable
        await append(commit)

    log.append = failing  # type: ignore[method-assign]
    left = await emailed(acting)
    assert left is not None
    assert w.REFUSALS["email_not_logged"] in words_of(left.card)
    log.append = append  # type: ignore[method-assign]
    assert "It is not known if it was sent" in await acting.shown("pol-1")
    await acting.hands("eh-1").finish(
        await opened(acting), "feedback.sent", {"method": "service_mailbox"}
    )
    assert len(acting.r.graph.sent) == 1
