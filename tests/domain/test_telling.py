"""Ways of telling a caller: which are safe, calls nobody answered, and email."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.contact import ROUTES, SERVICE_MAILBOX, is_address, safe_methods
from bot.domain.partnership import BOT, Today
from bot.domain.rules_email import EMAIL_CODES
from bot.domain.timers import due_list
from bot.domain.vocabulary import State

from .story import (
    HEALTH,
    LEAD,
    MANAGER,
    MASHO,
    NOBODY_CALLED,
    PARTNERSHIP,
    SOCIAL_WORKER,
    WEDNESDAY,
    Story,
    agreed,
    at,
    did,
    given,
    intake,
)

TEXT = "Thank you for ringing."


def then(story: Story, *more: ev.Recorded) -> Story:
    return replace(story, log=(*story.log, *more))


def owed(**answers: str) -> Story:
    return given(*agreed(intake(**answers)))


# Which ways are safe -------------------------------------------------------------------

SAFE = {
    ("yes", "phone"): {"phone", "email", "phone_and_email", "text_then_phone", "voicemail"},
    ("only at some times", "phone"): {"phone"},
    ("only at some times", "email"): {"phone", "email", "phone_and_email"},
    ("only at some times", "phone_and_email"): {"phone", "email", "phone_and_email"},
    ("only at some times", "text_then_phone"): {"phone", "text_then_phone"},
    ("no", "phone"): set(),
    ("no", "email"): set(),
    ("no", "text_then_phone"): set(),
}


@pytest.mark.parametrize(("answers", "ways"), SAFE.items(), ids=lambda v: " ".join(sorted(v)))
def test_only_safe_ways_are_offered_and_the_others_refused_with_the_reason(answers, ways):
    safe, wanted = answers
    story = owed(safe_contact=safe, contact_method=wanted, safe_contact_times="12:00 to 12:45")
    assert set(safe_methods(story.referral.asked)) == ways | {"they_came"}
    for method in set(ROUTES) - {SERVICE_MAILBOX}:
        answer = story.when(cmd.SendFeedback(method, TEXT), by=LEAD)
        if method in ways | {"they_came"}:
            assert answer.events, method
        else:
            code = "unsafe_contact" if safe == "no" else "unsafe_route"
            assert answer.refusal.code == code, method


def test_a_voicemail_is_left_only_where_it_is_safe_to_call_at_any_time():
    left = cmd.SendFeedback("voicemail", TEXT)
    assert owed().when(left, by=LEAD).events
    times = owed(safe_contact="only at some times", safe_contact_times="12:00 to 12:45")
    no = times.when(left, by=LEAD).refusal
    assert (no.fact("route"), no.fact("times")) == ("voicemail", "12:00 to 12:45")


def test_nobody_is_asked_to_ring_where_it_is_not_safe():
    ring = cmd.AskMashoToRing(TEXT)
    owed(safe_contact="no").when(ring, by=LEAD).then_refused("unsafe_contact")
    assert owed().when(ring, by=LEAD).events


def test_a_way_nobody_knows_is_refused():
    owed().when(cmd.SendFeedback("pigeon", TEXT), by=LEAD).then_refused("unknown_choice")


@pytest.mark.parametrize("asked", ["they", "", "yes, always"])
def test_an_answer_nobody_knows_counts_as_not_safe(asked):
    assert safe_methods(intake(safe_contact=asked)) == ("they_came",)


# Nobody answered -----------------------------------------------------------------------


def test_a_call_nobody_answered_is_logged_and_whoever_rang_is_reminded_then():
    story = owed().when(cmd.TryFeedbackAgain(at("11:00")), by=MASHO).story
    due = due_list(story.referral, PARTNERSHIP, NOBODY_CALLED)
    assert ("feedback_again", 1, at("11:00"), (MASHO,)) in [
        (d.kind, d.level, d.at, d.to) for d in due
    ]
    assert story.referral.owed
    told = story.when(cmd.SendFeedback("phone", TEXT), by=MASHO).story
    assert not [
        d for d in due_list(told.referral, PARTNERSHIP, NOBODY_CALLED) if d.kind == "feedback_again"
    ]


def test_a_second_call_nobody_answered_reminds_again():
    once = owed().when(cmd.TryFeedbackAgain(at("11:00")), by=LEAD).story
    nudged = then(once, did(ev.NudgeSent("feedback_again", 1, (LEAD,)), BOT.id, "11:00"))
    twice = nudged.when(cmd.TryFeedbackAgain(at("14:00")), by=LEAD, at="11:05").story
    due = due_list(twice.referral, PARTNERSHIP, NOBODY_CALLED)
    assert [(d.level, d.at) for d in due if d.kind == "feedback_again"] == [(2, at("14:00"))]


def reminders(story: Story) -> list[tuple[int, object, tuple[str, ...]]]:
    due = due_list(story.referral, PARTNERSHIP, story.today)
    return [(d.level, d.at, d.to) for d in due if d.kind == "feedback_again"]


def test_only_what_was_said_last_is_reminded_of():
    twice = owed().when(cmd.TryFeedbackAgain(at("11:30")), by=MASHO).story
    twice = twice.when(cmd.TryFeedbackAgain(at("14:00")), by=LEAD, at="10:30").story
    assert reminders(twice) == [(2, at("14:00"), (LEAD,))]


def test_the_lead_is_reminded_where_whoever_rang_is_not_here():
    story = owed().when(cmd.TryFeedbackAgain(at("11:30")), by=MASHO).story
    assert reminders(story) == [(1, at("11:30"), (MASHO,))]
    assert reminders(story.on(Today(frozenset({MASHO}), called=True))) == [
        (1, at("11:30"), (LEAD,))
    ]


def test_nobody_is_reminded_to_ring_where_it_is_no_longer_safe():
    story = owed().when(cmd.TryFeedbackAgain(at("11:30")), by=LEAD).story
    unsafe = then(story, did(ev.IntakeAmended({"safe_contact": "no"}), MASHO, "10:30"))
    assert reminders(unsafe) == []
    unsafe.when(cmd.TryFeedbackAgain(at("14:00")), by=LEAD).then_refused("unsafe_contact")


def test_changed_words_with_the_same_time_are_kept():
    story = owed().when(cmd.TryFeedbackAgain(at("11:30")), by=LEAD).story
    assert story.when(cmd.TryFeedbackAgain(at("11:30"), "", "Other words"), by=LEAD).events


@pytest.mark.parametrize(
    "again",
    [at("09:00"), at("20:00"), at("09:00", WEDNESDAY), at("11:00", WEDNESDAY.replace(month=12))],
    ids=["past", "closed", "before opening", "too far"],
)
def test_the_time_to_try_again_is_ahead_soon_and_while_we_are_open(again):
    owed().when(cmd.TryFeedbackAgain(again), by=LEAD).then_refused("again_when")


def test_the_same_call_logged_twice_is_logged_once():
    story = owed().when(cmd.TryFeedbackAgain(at("11:00")), by=LEAD).story
    assert story.when(cmd.TryFeedbackAgain(at("11:00")), by=LEAD).events == ()


# Email -----------------------------------------------------------------------------------

START = cmd.StartFeedbackEmail(TEXT)


def emailing() -> Story:
    return owed().when(START, by=LEAD).story


def test_an_email_is_on_the_record_before_it_goes_and_again_when_it_went():
    started = owed().when(START, by=LEAD)
    started.then(ev.FeedbackEmailStarted(TEXT))
    ended = started.story.when(cmd.EndFeedbackEmail(late_reason="School was shut"), by=LEAD)
    (sent,) = ended.events
    assert isinstance(sent, ev.FeedbackSent)
    assert (sent.method, sent.text, sent.late_reason) == (SERVICE_MAILBOX, TEXT, "School was shut")
    assert ended.story.referral.emailing == ()


@pytest.mark.parametrize("code", sorted(set(EMAIL_CODES) - {"unknown", "changed"}))
def test_an_email_that_did_not_go_leaves_the_answer_owed_and_may_be_tried_again(code):
    failed = emailing().when(cmd.EndFeedbackEmail(code), by=LEAD).story
    caller = failed.referral.callers[0]
    assert failed.referral.owed == (caller,)
    assert failed.referral.emailing_to(caller) is None
    assert failed.when(START, by=LEAD).events


def test_after_a_crash_it_is_in_question_until_a_person_says():
    story = emailing()
    story.when(START, by=MASHO).then_refused("email_going")
    story.when(START, by=MASHO, at="10:02").then_refused("email_unknown")
    again = replace(START, again=True)
    assert story.when(again, by=MASHO, at="10:02").events
    saw = story.when(cmd.SendFeedback(SERVICE_MAILBOX, "edited"), by=MASHO, at="10:02")
    (sent,) = saw.events
    assert isinstance(sent, ev.FeedbackSent)
    assert sent.text == TEXT, "what went is what counts"


def test_an_answer_that_never_came_is_in_question_at_once():
    story = emailing().when(cmd.EndFeedbackEmail("unknown"), by=LEAD).story
    story.when(START, by=LEAD).then_refused("email_unknown")
    assert story.when(replace(START, again=True), by=LEAD).events


def test_nobody_says_the_desks_email_went_where_none_was_started():
    by_bot = cmd.SendFeedback(SERVICE_MAILBOX, TEXT)
    owed().when(by_bot, by=LEAD).then_refused("unknown_choice")
    failed = emailing().when(cmd.EndFeedbackEmail("busy"), by=LEAD).story
    failed.when(by_bot, by=LEAD).then_refused("unknown_choice")


@pytest.mark.parametrize("by", [LEAD, MASHO, MANAGER])
def test_who_may_tell_may_email(by):
    assert owed().when(START, by=by).events


@pytest.mark.parametrize("by", [HEALTH, SOCIAL_WORKER])
def test_others_may_not_email(by):
    owed().when(START, by=by).then_refused("not_allowed")


def test_the_rules_of_telling_hold_for_email_too():
    owed(safe_contact="no").when(START, by=LEAD).then_refused("unsafe_contact")
    owed(contact_method="").when(START, by=LEAD).then_refused("contact_needed")
    parent = owed(referrer_group="parent_carer", contact_method="email")
    parent.when(START, by=LEAD).then_refused("check_first")
    neighbour = owed(referrer_group="neighbour_public")
    leak = cmd.StartFeedbackEmail("We visit mum at home and agree mornings")
    neighbour.when(leak, by=LEAD).then_refused("level_warns")
    told = owed().when(cmd.SendFeedback("phone", TEXT), by=LEAD).story
    told.when(START, by=LEAD).then_refused("already_told")


def test_without_a_mailbox_nothing_is_started():
    bare = replace(owed(), partnership=replace(PARTNERSHIP, mailbox=""))
    bare.when(START, by=LEAD).then_refused("no_service_mailbox")
    assert owed().when(START, by=LEAD).events


def test_how_it_ended_is_logged_whatever_happened_meanwhile():
    reopened = then(
        emailing(),
        did(ev.FeedbackNotPossible("She rang off"), LEAD, "09:42"),
        did(ev.ReferralClosed(), BOT.id, "09:43"),
        did(ev.ReferralReopened("She rang again"), SOCIAL_WORKER, "09:44"),
    )
    assert reopened.referral.state is State.IN_DISCUSSION
    reopened.when(cmd.EndFeedbackEmail(), by=LEAD).then(ev.FeedbackEmailFailed("changed"))
    somebody_told = then(
        emailing(),
        did(ev.FeedbackSent("school", "professional_full", "phone", TEXT), MASHO, "09:42"),
    )
    somebody_told.when(cmd.EndFeedbackEmail(), by=LEAD).then(ev.FeedbackEmailFailed("changed"))


ADDRESSES = {
    "k.shaw@school.example": True,
    "o'neil+duty@mail.north.example": True,
    "": False,
    "k.shaw": False,
    "k.shaw@school": False,
    "a@b.example,c@d.example": False,
    "a@b.example; c@d.example": False,
    "a@b.example c@d.example": False,
    "a@b.example\r\nBcc: c@d.example": False,
    "<a@b.example>": False,
    "a@@b.example": False,
    "a@b.example\u200b": False,
    "ä@b.example": False,
    f"{'a' * 65}@b.example": False,
    f"a@{'b.' * 130}example": False,
}


@pytest.mark.parametrize(("text", "good"), ADDRESSES.items(), ids=repr)
def test_one_plain_address_and_nothing_else(text, good):
    assert is_address(text) is good


# The survey ------------------------------------------------------------------------------


def test_a_voicemail_is_no_time_to_ask_questions():
    left = owed().when(cmd.SendFeedback("voicemail", TEXT), by=LEAD).story
    left.when(cmd.AskSurvey(""), by=LEAD, at="10:05").then_refused("survey_not_now")
    rung = owed().when(cmd.SendFeedback("phone", TEXT), by=LEAD).story
    assert rung.when(cmd.AskSurvey(""), by=LEAD, at="10:05").events


def test_a_child_who_rang_about_not_being_safe_is_not_asked_how_satisfied_they_are():
    told = ev.FeedbackSent("child_young_person", "young_person", "phone", TEXT)

    def asked(**answers: str) -> Story:
        return then(owed(referrer_group="child_young_person", **answers), did(told, LEAD, "09:50"))

    assert asked(safe_now="yes").when(cmd.AskSurvey(""), by=LEAD, at="09:55").events
    for safe_now in ("no", "not_sure", ""):
        story = asked(safe_now=safe_now)
        story.when(cmd.AskSurvey(""), by=LEAD, at="09:55").then_refused("survey_not_now")
