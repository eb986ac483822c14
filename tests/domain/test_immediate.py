"""The immediate route: raising the flag, ringing the Assessment Team, standing down."""

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.vocabulary import State

from .story import (
    ASSESSMENT,
    BY_STATE,
    DUTY_TEAM,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SOCIAL_WORKER,
    agreed,
    at,
    briefed,
    closed,
    did,
    flagged,
    given,
    in_discussion,
    intake,
    planned,
    proposed,
)

FLAG = cmd.FlagImmediate()
CALM = given(*in_discussion())
URGENT = given(*in_discussion(), flagged("09:15"))


TO_BE_SAFE_IN = [s for s in State if s not in (State.DRAFT, State.WITHDRAWN)]
"""A referral withdrawn was about nobody: a child not safe now is referred anew."""


@pytest.mark.parametrize("who", DUTY_TEAM)
@pytest.mark.parametrize("state", TO_BE_SAFE_IN)
def test_the_flag_is_never_refused_to_the_duty_team(state, who):
    story = given(*BY_STATE[state]).when(FLAG, by=who, at="10:30").then(ev.ImmediateFlagged())

    assert story.referral.immediate is not None
    assert story.referral.immediate.flagged_by == who
    assert story.referral.immediate.flagged_at == at("10:30")
    assert story.referral.is_immediate


def test_the_flag_moves_nothing_on_except_that_it_reopens_what_was_closed():
    for state in TO_BE_SAFE_IN:
        after = given(*BY_STATE[state]).when(FLAG, by=POLICE).referral
        assert after.state == (State.IN_DISCUSSION if state is State.CLOSED else state)
        assert after.live is (state is not State.MERGED)
        assert after.closed_at is None


def test_raising_it_twice_changes_nothing_and_anothers_flag_is_logged_beside_it():
    URGENT.when(FLAG, by=POLICE).then()
    again = URGENT.when(FLAG, by=MASHO).then(ev.ImmediateFlagged())
    assert again.referral.immediate == URGENT.referral.immediate


def test_a_note_on_a_raised_flag_is_logged_and_the_clock_is_not_restarted():
    story = URGENT.when(cmd.FlagImmediate("Dad is on his way"), by=MASHO, at="09:25").then(
        ev.ImmediateFlagged("Dad is on his way")
    )
    assert story.referral.immediate is not None
    assert story.referral.immediate.flagged_at == at("09:15")


TAKEN = did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:20")


@pytest.mark.parametrize("note", ["", "He has come back in with a new bruise"])
def test_a_closed_referral_whose_first_flag_was_never_stood_down_still_reopens(note):
    was_immediate = given(*in_discussion(), flagged("09:15"), TAKEN, *closed()[4:])
    assert was_immediate.referral.state == "closed"

    answer = was_immediate.when(cmd.FlagImmediate(note), by=POLICE, at="14:00")

    assert answer.events == (ev.ImmediateFlagged(note),)
    assert answer.referral.state == "in_discussion"
    assert answer.referral.immediate is not None
    assert answer.referral.immediate.flagged_at == at("14:00")
    assert answer.referral.immediate.acknowledged_at is None


def test_a_reopened_referral_is_decided_told_and_closed_again():
    story = given(*closed()).when(FLAG, by=POLICE, at="14:00").story
    pick = cmd.ProposeOutcome("ehu", "He is with Nan and safe; mornings still to sort.")
    story = story.when(pick, by=LEAD, at="14:20").story
    story = story.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER, at="14:25").story

    told = story.when(cmd.SendFeedback("phone", "We looked again."), by=LEAD, at="14:30")

    assert told.events, "the caller is owed the new outcome"
    story = told.story
    if story.referral.live:
        story = story.when(cmd.ConfirmNotes(), by=LEAD, at="14:35").story
    assert story.referral.state == "closed"


def test_an_answer_that_the_child_is_not_safe_never_closes_the_referral_it_flags():
    both = (Child("9900101", "5_to_9"), Child("9900102", "1_to_4"))
    story = given(*agreed()).when(cmd.ConfirmNotes(), by=LEAD).story
    story = story.when(cmd.AmendIntake({"children": both}), by=MASHO).story
    story = story.when(cmd.SendFeedback("phone", "Thank you."), by=LEAD).story

    answer = story.when(cmd.AmendIntake({"children": both[:1], "safe_now": "no"}), by=MASHO)

    assert answer.referral.is_immediate
    assert answer.referral.live


def test_a_reopened_referral_has_no_agreed_outcome_until_it_is_agreed_again():
    reopened = given(*closed()).when(FLAG, by=POLICE, at="14:00").referral
    assert not reopened.agreed


def test_standing_down_needs_a_flag_and_a_reason_from_a_senior():
    down = cmd.StandDownImmediate("He is with Nan, police have seen him")

    CALM.when(down, by=SOCIAL_WORKER).then_refused("not_immediate", ref="REF-2026-00001")
    URGENT.when(cmd.StandDownImmediate(" "), by=MANAGER).then_refused("reason_needed")
    URGENT.when(down, by=POLICE).then_refused("not_allowed")
    story = URGENT.when(down, by=MANAGER, at="09:40").story
    assert not story.referral.is_immediate
    assert story.referral.immediate is not None
    assert story.referral.immediate.stood_down_at == at("09:40")


def test_a_flag_raised_again_after_standing_down_starts_fresh_clocks():
    calm = URGENT.when(cmd.NotifyAssessment(), by=POLICE, at="09:16").story
    calm = calm.when(cmd.StandDownImmediate("With Nan"), by=MANAGER, at="09:40").story

    again = calm.when(FLAG, by=POLICE, at="11:00").referral.immediate

    assert again is not None
    assert (again.flagged_at, again.notified_at, again.stood_down_at) == (at("11:00"), None, None)


def test_rung_names_the_districts_assessment_team():
    CALM.when(cmd.NotifyAssessment(), by=POLICE).then_refused("flag_first")

    URGENT.when(cmd.NotifyAssessment(), by=POLICE).then(
        ev.AssessmentNotified("Assessment Team A", "phone")
    )
    south = given(*in_discussion(intake(district="South")), flagged())
    south.when(cmd.NotifyAssessment(), by=MASHO).then(
        ev.AssessmentNotified("Assessment Team B", "phone")
    )
    outside = given(*in_discussion(intake(district="outside")), flagged())
    outside.when(cmd.NotifyAssessment(), by=MASHO).then(ev.AssessmentNotified("", "phone"))


def test_the_first_call_is_the_one_that_counts():
    story = URGENT.when(cmd.NotifyAssessment(), by=POLICE, at="09:16").story
    story = story.when(cmd.NotifyAssessment(), by=MASHO, at="09:30").story

    assert story.referral.immediate is not None
    assert story.referral.immediate.notified_at == at("09:16")


def test_taken_by_a_named_person_stops_the_clock_once():
    CALM.when(cmd.AcknowledgeAssessment("Helen C."), by=POLICE).then_refused("flag_first")
    URGENT.when(cmd.AcknowledgeAssessment("  "), by=POLICE).then_refused("name_needed")

    taken = URGENT.when(cmd.AcknowledgeAssessment("Helen C."), by=ASSESSMENT, at="09:22").story
    assert taken.referral.immediate is not None
    assert taken.referral.immediate.acknowledged_at == at("09:22")
    assert taken.referral.immediate.acknowledged_by == "Helen C."
    taken.when(cmd.AcknowledgeAssessment("Sam"), by=POLICE, at="09:30").then()


def test_anyone_on_the_duty_team_records_rung_and_taken():
    for who in DUTY_TEAM:
        assert URGENT.when(cmd.NotifyAssessment(), by=who).events
        assert URGENT.when(cmd.AcknowledgeAssessment("Helen C."), by=who).events


def test_nothing_needs_an_outcome_before_the_assessment_team_is_rung():
    at_once = given(*briefed(), flagged())
    assert at_once.when(cmd.NotifyAssessment(), by=MASHO).events


def test_the_strategy_note_needs_a_reason():
    story = given(*proposed())

    story.when(cmd.ConsiderStrategy(True, " "), by=SOCIAL_WORKER).then_refused("reason_needed")
    noted = story.when(cmd.ConsiderStrategy(True, "Injury not explained"), by=SOCIAL_WORKER).story
    assert noted.referral.strategy is not None
    assert noted.referral.strategy.needed


@pytest.mark.parametrize("missing", ["social_care", "police", "health"])
def test_a_strategy_discussion_has_social_care_police_and_health(missing):
    story = given(*planned())
    three = ("social_care", "police", "health")
    two = tuple(a for a in three if a != missing)

    story.when(cmd.RecordStrategyHeld(two, "", "Mosaic"), by=SOCIAL_WORKER).then_refused(
        "strategy_attendance"
    )
    held = cmd.RecordStrategyHeld((*three, "education"), "School nurse", "Mosaic")
    story.when(held, by=SOCIAL_WORKER).then(
        ev.StrategyHeld((*three, "education"), "School nurse", "Mosaic")
    )


def test_a_strategy_discussion_says_where_its_decision_is_recorded():
    nowhere = cmd.RecordStrategyHeld(("social_care", "police", "health"), "", " ")
    given(*planned()).when(nowhere, by=SOCIAL_WORKER).then_refused("strategy_where_recorded")
