"""What a caller may not hear at their level is found in the text; what they may hear is not."""

from __future__ import annotations

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.feedback_levels import leaks

from .story import (
    LEAD,
    MANAGER,
    PARTNERSHIP,
    SECOND_MANAGER,
    SHARED,
    SOCIAL_WORKER,
    Story,
    agreed,
    did,
    given,
    intake,
)

GROUPS = {
    "professional_full": "police",
    "professional_limited": "housing",
    "family_pr": "parent_carer",
    "young_person": "child_young_person",
    "family_limited": "other_family",
    "public_thanks": "neighbour_public",
}
LINE = "Mum rang twice in June to change the review"
ACTION = "Visit mum at home and agree mornings"
FAMILY = "Mum would like the same family worker"
PLANTED = {
    "contributions": "We heard that mum rang twice in June to change the review.",
    "plan": "We will visit mum at home and agree mornings.",
    "outcome": "We have asked early help to ring.",
    "rationale": "He needs warm mornings; mum agrees.",
    "family_view": "Mum would like the same family worker.",
    "lead_service": "Early Help Unit will ring you.",
    "known": "They are known to us.",
    "messages": "The school nurse saw him on Monday.",
}
_DECIDED = {"plan", "outcome", "lead_service", "known"}
HEARS = {
    "professional_full": {*_DECIDED, "rationale", "family_view"},
    "professional_limited": {"known"},
    "family_pr": _DECIDED,
    "young_person": _DECIDED,
    "family_limited": set(),
    "public_thanks": set(),
}
"""Sources each level is not warned about."""


def story(group: str) -> Story:
    """Agreed, with something from each source that a text could give away."""
    log = agreed(intake(referrer_group=group))
    said = ev.ContributionAdded("health", "known", LINE, sharing=SHARED)
    plan = ev.PlanSaved(
        (ev.Action(ACTION, "daily_care", LEAD, "", "early_help", log[0].at.date()),),
        "Keep a note of each late morning",
        FAMILY,
    )
    talk = ev.MessageAdded("The school nurse saw him on Monday", "education")
    return given(
        *log[:3],
        did(said, "hlt-1", "09:08"),
        did(talk, "edu-1", "09:08"),
        *log[3:],
        did(plan, LEAD, "09:41"),
    )


def found(group: str, text: str) -> set[str]:
    referral = story(group).referral
    return {leak.source for leak in leaks(text, referral, referral.callers[0], PARTNERSHIP)}


@pytest.mark.parametrize("source", PLANTED)
@pytest.mark.parametrize("level", GROUPS)
def test_a_planted_leak_is_caught_where_the_level_may_not_hear_it(level, source):
    sources = found(GROUPS[level], f"Thank you for ringing. {PLANTED[source]} Ring us again.")
    named = {"contributions", "other_agencies"} if source == "contributions" else {source}
    if source in HEARS[level]:
        assert not sources & named
    else:
        assert sources & named


@pytest.mark.parametrize("level", GROUPS)
def test_the_next_step_asked_of_the_caller_is_theirs_to_hear(level):
    assert found(GROUPS[level], "Please keep a note of each late morning.") == set()


@pytest.mark.parametrize("level", GROUPS)
def test_a_plain_thank_you_holds_nothing(level):
    text = "Thank you for ringing. We have looked at what you told us and decided what to do."
    assert found(GROUPS[level], text) == set()


def test_what_the_caller_told_us_is_no_leak_to_them():
    told = "He came in with no coat for the third day."
    log = agreed(intake(referrer_group="neighbour_public"))
    said = ev.ContributionAdded("education", "known", told, sharing=SHARED)
    referral = given(*log[:3], did(said, "edu-1", "09:08"), *log[3:]).referral
    assert leaks(f"You said: {told}", referral, referral.callers[0], PARTNERSHIP) == ()


def test_a_professional_hears_their_own_agencys_words():
    assert found("health_visitor", PLANTED["contributions"]) == set()
    assert found("police", PLANTED["contributions"]) == {"other_agencies"}


# Sending -------------------------------------------------------------------------------

OURS = "Thank you for ringing. We are visiting on Wednesday."


def test_a_parents_text_goes_once_somebody_other_than_the_sender_has_checked_it():
    waiting = story("parent_carer")
    send = cmd.SendFeedback("phone", OURS)
    waiting.when(send, by=LEAD).then_refused("check_first")
    checked = waiting.when(cmd.CheckFeedback(OURS), by=SOCIAL_WORKER).story
    answer = checked.when(send, by=LEAD, at="10:05")
    assert [type(e) for e in answer.events] == [ev.FeedbackSent]


def test_a_text_changed_after_the_check_is_checked_again():
    checked = story("parent_carer").when(cmd.CheckFeedback(OURS), by=SOCIAL_WORKER).story
    changed = cmd.SendFeedback("phone", OURS + " And on Friday.")
    checked.when(changed, by=LEAD, at="10:05").then_refused("check_first")
    spaced = cmd.SendFeedback("phone", OURS.replace(". ", ".\n"))
    assert checked.when(spaced, by=LEAD, at="10:05").events


def test_the_lead_and_whoever_asked_cannot_check_their_own_text():
    waiting = story("parent_carer")
    led = given(*waiting.log, did(ev.LeadAssigned(SOCIAL_WORKER, "Hers"), MANAGER, "09:45"))
    led.when(cmd.CheckFeedback(OURS), by=SOCIAL_WORKER).then_refused("checker_is_sender")
    held = waiting.when(cmd.HoldFeedback(OURS), by=MANAGER).story
    held.when(cmd.CheckFeedback(OURS), by=MANAGER, at="10:05").then_refused("checker_is_sender")
    assert held.when(cmd.CheckFeedback(OURS), by=SECOND_MANAGER, at="10:05").events


def test_a_check_by_the_sender_does_not_count():
    checked = story("parent_carer").when(cmd.CheckFeedback(OURS), by=MANAGER).story
    send = cmd.SendFeedback("phone", OURS)
    checked.when(send, by=MANAGER, at="10:05").then_refused("check_first")
    assert checked.when(send, by=LEAD, at="10:05").events


def test_a_warned_text_goes_only_when_the_duty_manager_lets_it_pass_with_a_reason():
    waiting = story("neighbour_public")
    leaking = f"Thank you. {PLANTED['plan']}"
    send = cmd.SendFeedback("phone", leaking)
    waiting.when(send, by=LEAD).then_refused("level_warns", plan="visit mum at home")
    waiting.when(cmd.PassFeedback(leaking, "They are family"), by=SOCIAL_WORKER).then_refused(
        "not_allowed", event="feedback.passed"
    )
    waiting.when(cmd.PassFeedback(leaking, " "), by=MANAGER).then_refused("reason_needed")
    passed = waiting.when(cmd.PassFeedback(leaking, "They are family"), by=MANAGER)
    assert passed.events == (ev.FeedbackPassed(leaking, "They are family", "", ("plan",)),)
    assert passed.story.when(send, by=LEAD, at="10:05").events


def test_other_levels_need_no_check():
    story("school").when(cmd.CheckFeedback(OURS), by=SOCIAL_WORKER).then_refused("no_check_needed")
    assert story("school").when(cmd.SendFeedback("phone", OURS), by=LEAD).events


def test_the_masho_is_not_asked_to_ring_with_a_text_nobody_may_hear():
    waiting = story("neighbour_public")
    ask = cmd.AskMashoToRing(f"Thank you. {PLANTED['family_view']}")
    waiting.when(ask, by=LEAD).then_refused("level_warns")
