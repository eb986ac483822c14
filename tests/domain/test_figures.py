"""Figures of one referral, from referrals made by hand."""

from __future__ import annotations

import datetime as dt

from bot.domain import events as ev
from bot.domain.figures import figures_of

from .story import (
    ASSESSMENT,
    FEEDBACK,
    LEAD,
    MASHO,
    MONDAY,
    PARTNERSHIP,
    POLICE,
    SOCIAL_WORKER,
    TUESDAY,
    TWO_CHILDREN,
    WEDNESDAY,
    action,
    agreed,
    at,
    briefed,
    closed,
    did,
    flagged,
    given,
    handed_over,
    in_discussion,
    intake,
    plan,
    proposed,
    second,
    taking_in,
)
from .weeks import decided, figures


def test_a_referral_just_briefed_has_no_decision_yet():
    row = figures(*briefed(TWO_CHILDREN))

    assert (row.state, row.lead, row.outcome, row.lead_agency) == ("briefed", "", "", "")
    assert (row.children, row.district, row.referrer_group) == (2, "North", "school")
    assert row.decided_at is None
    assert row.minutes_received_to_decision is None
    assert row.working_minutes_received_to_decision is None
    assert row.minutes_briefed_to_lead is None
    assert row.plan_score is None
    assert not row.decided_by_duty_team
    assert not row.decision_in_time
    assert not row.feedback_in_time
    assert row.open
    assert row.intake_minutes == 6
    assert row.decision_due_at == at("10:30", WEDNESDAY)


def test_a_closed_referral_has_every_figure():
    row = figures(*closed())

    assert (row.state, row.outcome, row.lead_agency) == ("closed", "ehu", "early_help")
    assert row.minutes_briefed_to_lead == 4
    assert row.minutes_received_to_decision == 40
    assert row.working_minutes_received_to_decision == 40
    assert row.minutes_received_to_last_feedback == 60
    assert row.plan_actions == 1
    assert row.plan_score is not None
    assert row.plan_score.total == 10
    assert row.decided_by_duty_team
    assert row.decision_in_time
    assert row.feedback_in_time
    assert not row.open


def test_a_pick_nobody_has_agreed_is_not_a_decision():
    row = figures(*proposed())
    assert (row.outcome, row.decided_at, row.decided_by_duty_team) == ("", None, False)
    assert row.plan_score is not None


def test_working_minutes_leave_out_the_night():
    overnight = figures(
        *proposed(), did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, "10:30", WEDNESDAY)
    )
    assert overnight.minutes_received_to_decision == 25.5 * 60
    assert overnight.working_minutes_received_to_decision == 8 * 60
    assert overnight.decision_in_time


def test_a_decision_a_minute_after_it_was_due_is_late():
    late = figures(
        *proposed(), did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, "10:31", WEDNESDAY)
    )
    assert not late.decision_in_time


def test_seconds_count_as_parts_of_a_minute():
    start = at("09:00") + dt.timedelta(seconds=30)
    row = figures(ev.Recorded(ev.IntakeSubmitted(intake(), "REF-1"), start, MASHO))
    assert row.intake_minutes == 0.5


def test_the_plan_is_timed_from_the_day_of_the_pick():
    late_action = action(due_on=TUESDAY + dt.timedelta(days=29))
    early_action = action(due_on=MONDAY)

    assert decided(60, actions=(late_action,)).plan_score.timed == 0
    assert decided(60, actions=(early_action,)).plan_score.timed == 0
    assert decided(60, day=WEDNESDAY, actions=(late_action,)).plan_score.timed == 2


def test_immediate_clocks_are_elapsed_and_split_at_flag_and_call():
    row = figures(
        *in_discussion(),
        flagged("09:10"),
        did(ev.AssessmentNotified("Assessment Team A"), POLICE, "09:14"),
        did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:22"),
    )
    assert row.immediate
    assert row.minutes_received_to_assessment_ack == 22
    assert row.minutes_flagged_to_assessment_ack == 12
    assert row.minutes_notified_to_assessment_ack == 8


def test_taken_without_being_rung_has_no_call_to_measure_from():
    taken = did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:22")
    row = figures(*in_discussion(), flagged("09:10"), taken)

    assert row.minutes_notified_to_assessment_ack is None
    assert row.minutes_received_to_assessment_ack == 22


def test_an_immediate_concern_stood_down_is_not_counted_as_immediate():
    down = did(ev.ImmediateStoodDown("With Nan"), SOCIAL_WORKER, "09:20")
    row = figures(*in_discussion(), flagged(), down)

    assert not row.immediate
    assert row.minutes_received_to_assessment_ack is None


def test_a_re_referral_is_one_the_caller_or_the_log_knows_of():
    numbered = ev.IntakeSubmitted(intake(), "REF-2026-00002", "REF-2026-00001")

    assert figures(*briefed(intake(earlier="yes"))).re_referral
    assert figures(did(numbered, MASHO, "09:06")).re_referral
    assert not figures(*briefed(intake(earlier="not checked"))).re_referral


CORRECTED = did(
    ev.OutcomeCorrected("social_care", "Mum moved.", "Mum moved"), LEAD, "11:00", WEDNESDAY
)
AGREED_ANEW = did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, "11:30", WEDNESDAY)


def test_feedback_from_before_a_correction_is_not_feedback_on_it():
    told = (*agreed(), did(FEEDBACK, LEAD, "10:00"), CORRECTED, AGREED_ANEW)

    assert figures(*told[:-2]).feedback_in_time
    assert not figures(*told).feedback_done
    assert figures(*told).feedback_at is None


def test_a_reopened_referral_is_undecided_until_it_is_agreed_again():
    row = figures(*closed(), did(ev.ReferralReopened("Away again"), LEAD, "14:00"))

    assert (row.state, row.open, row.outcome) == ("in_discussion", True, "")
    assert not row.decided_by_duty_team


def test_the_lead_agency_of_somebody_no_longer_configured_is_blank():
    assert decided(10, lead="gone-1").lead_agency == ""


def test_a_caller_who_could_not_be_told_is_left_aside_where_another_was():
    alone = figures(*agreed(), did(ev.FeedbackNotPossible("No safe number"), LEAD, "10:00"))
    both = given(*agreed()).when(taking_in(second()), by="bot", at="09:50").story
    other = ev.FeedbackNotPossible("No safe number", second().referral.reference)
    told = figures(*both.log, did(FEEDBACK, LEAD, "10:00"), did(other, LEAD, "10:05"))

    assert (alone.feedback_done, alone.feedback_in_time) == (True, False)
    assert (told.feedback_done, told.feedback_in_time) == (True, True)


def test_minutes_on_the_call_are_of_one_call_after_a_merge():
    """09:00 merged into a call of 09:12 to 09:22: that call took ten minutes."""
    later = second(intake(received_at=at("09:12"), call_ended_at=at("09:22")))
    started = did(ev.ReferralReceived(at("09:12")), MASHO, "09:12")
    own = given(started, *later.log, case_id="case-2")
    into = own.when(taking_in(given(*briefed())), by="bot", at="09:30").referral

    assert figures_of(into, PARTNERSHIP).call_minutes == 10


def test_an_outcome_recorded_elsewhere_is_none_given_on_the_call():
    form = intake(test="second_test", call_ended_at=at("11:00"))
    row = figures(
        *handed_over(form), did(ev.OutcomeRecordedElsewhere("ehu"), SOCIAL_WORKER, "10:30")
    )

    assert row.decided_on_call is False


def test_one_of_two_actions_alike_is_done():
    row = figures(
        *in_discussion(),
        did(plan(action(), action()), LEAD, "09:20"),
        did(ev.OutcomeProposed("ehu", "Why"), LEAD, "09:30"),
        did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, "09:40"),
        did(ev.ActionDone(0), LEAD, "10:00"),
    )

    assert [a.done_on for a in row.actions] == [TUESDAY, None]


def test_a_lead_named_before_the_briefing_is_posted_took_no_time():
    posted = briefed()[-1]
    log = (*briefed()[:-1], did(ev.LeadAssigned(LEAD), "mgr-1", "09:08"))
    row = figures(*log, ev.Recorded(posted.event, at("10:30", WEDNESDAY), posted.by))

    assert row.minutes_briefed_to_lead == 0
