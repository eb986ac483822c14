"""Figures of one referral and of one week, from referrals made by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain import events as ev
from bot.domain.measures import Figures, Week, figures_of, in_cohort, week_key, week_of, week_start
from bot.domain.partnership import BOT

from .story import (
    ASSESSMENT,
    FEEDBACK,
    FRIDAY,
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
    merged,
    plan,
    proposed,
    second,
    taking_in,
    withdrawn,
)


def figures(*log: ev.Recorded) -> Figures:
    return figures_of(given(*log).referral, PARTNERSHIP)


def decided(
    minutes: int,
    *,
    code: str = "ehu",
    reference: str = "REF-2026-00001",
    day: dt.date = TUESDAY,
    actions: tuple[ev.Action, ...] = (),
    lead: str = LEAD,
) -> Figures:
    """A referral taken at 11:00 and agreed this many minutes later."""
    start = at("11:00", day)
    form = intake(received_at=start)
    end = start + dt.timedelta(minutes=minutes)
    return figures(
        ev.Recorded(ev.IntakeSubmitted(form, reference), start, MASHO),
        ev.Recorded(ev.LeadClaimed(), start, lead),
        ev.Recorded(plan(*actions), start, lead),
        ev.Recorded(ev.OutcomeProposed(code, "Why"), end, lead),
        ev.Recorded(ev.OutcomeEndorsed("second_person"), end, SOCIAL_WORKER),
    )


def week(*rows: Figures, as_at: dt.datetime | None = None) -> Week:
    return week_of(rows, MONDAY, as_at or at("17:00", FRIDAY), PARTNERSHIP)


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


def test_an_empty_week_has_no_medians_and_no_errors():
    empty = week()

    assert (empty.first_day, empty.last_day) == (MONDAY, dt.date(2026, 11, 29))
    assert (empty.referrals, empty.children, empty.decided, empty.open_now) == (0, 0, 0, 0)
    assert empty.by_outcome == {}
    assert empty.median_minutes_to_decision is None
    assert empty.median_plan_score is None
    assert empty.immediate_minutes == ()
    assert empty.late == ()


def test_a_week_of_one_referral_is_that_referral():
    one = week(figures(*closed(TWO_CHILDREN)))

    assert (one.referrals, one.children, one.decided) == (1, 2, 1)
    assert one.by_outcome == {"ehu": 1}
    assert one.median_minutes_to_decision == 40
    assert (one.decisions_in_time, one.feedback_in_time, one.action_plans) == (1, 1, 1)
    assert one.median_plan_score == 10
    assert (one.open_now, one.late) == (0, ())


@pytest.mark.parametrize(
    ("minutes", "median"),
    [([30], 30), ([30, 61], 45.5), ([90, 10, 20], 20), ([10, 20, 31, 90], 25.5)],
)
def test_the_typical_time_is_the_middle_one_or_halfway_between_two(minutes, median):
    assert week(*(decided(m) for m in minutes)).median_minutes_to_decision == median


def test_the_middle_plan_score_may_be_a_half():
    vague = decided(10, actions=(action("Monitor"),))
    assert week(decided(10), vague).median_plan_score == 9


def test_outcomes_are_counted_for_duty_team_decisions():
    rows = [decided(10), decided(20), decided(30, code="social_care")]
    assert week(*rows, figures(*briefed())).by_outcome == {"ehu": 2, "social_care": 1}


def test_merged_referrals_count_once_with_the_children_of_both():
    police = second()
    taken = did(taking_in(police).event, BOT.id, "09:20")
    survivor = figures(*briefed(), taken)

    found = week(survivor, figures(*merged()))

    assert (found.referrals, found.children, found.open_now) == (1, 2, 1)
    assert survivor.received_at == at("09:00")
    assert survivor.intake_minutes == 6


def test_a_withdrawn_referral_is_not_counted_nor_late():
    row = figures(*withdrawn())

    assert not row.counts
    assert not row.open
    found = week(row)
    assert (found.referrals, found.children, found.late) == (0, 0, ())


CORRECTED = did(
    ev.OutcomeCorrected("social_care", "Mum moved.", "Mum moved"), LEAD, "11:00", WEDNESDAY
)
AGREED_ANEW = did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, "11:30", WEDNESDAY)


def test_a_corrected_decision_is_the_new_agreement():
    waiting = figures(*agreed(), CORRECTED)
    anew = figures(*agreed(), CORRECTED, AGREED_ANEW)

    assert (waiting.outcome, waiting.decided_at, waiting.decided_by_duty_team) == ("", None, False)
    assert (anew.outcome, anew.decided_at) == ("social_care", at("11:30", WEDNESDAY))
    assert not anew.decision_in_time
    assert week(anew).by_outcome == {"social_care": 1}


def test_feedback_from_before_a_correction_is_not_feedback_on_it():
    told = (*agreed(), did(FEEDBACK, LEAD, "10:00"), CORRECTED, AGREED_ANEW)

    assert figures(*told[:-2]).feedback_in_time
    assert not figures(*told).feedback_done
    assert figures(*told).feedback_at is None


def test_a_reopened_referral_is_undecided_until_it_is_agreed_again():
    row = figures(*closed(), did(ev.ReferralReopened("Away again"), LEAD, "14:00"))

    assert (row.state, row.open, row.outcome) == ("in_discussion", True, "")
    assert not row.decided_by_duty_team


def test_a_referral_handed_over_is_decided_by_the_outcome_made_elsewhere():
    waiting = figures(*handed_over())
    made = did(ev.OutcomeRecordedElsewhere("social_care"), MASHO, "15:00")
    row = figures(*handed_over(), made)

    assert (waiting.outcome, waiting.decided_at) == ("", None)
    assert (row.outcome, row.decided_at) == ("social_care", at("15:00"))
    assert row.decision_in_time
    assert not row.decided_by_duty_team
    found = week(row)
    assert (found.decided, found.by_outcome, found.decisions_in_time) == (0, {}, 1)
    assert found.median_minutes_to_decision is None


def test_handed_over_counts_in_the_cohort_and_not_as_a_decision():
    found = week(decided(30), figures(*handed_over()))

    assert (found.referrals, found.decided, found.handed_over) == (2, 1, 1)
    assert found.median_minutes_to_decision == 30
    assert found.decisions_in_time == 1
    assert found.open_now == 2


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (MONDAY, False),
        (TUESDAY, True),
        (WEDNESDAY, True),
        (FRIDAY, False),
        (dt.date(2026, 11, 17), False),  # a Tuesday before the test began
    ],
)
def test_only_referrals_received_on_a_test_day_are_in_the_cohort(day, counted):
    row = decided(30, day=day)

    assert in_cohort(row, PARTNERSHIP) is counted
    assert week(row).referrals == int(counted)


def test_immediate_minutes_list_those_taken_and_count_those_not():
    taken = figures(
        *in_discussion(),
        flagged("09:10"),
        did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:22"),
    )
    found = week(taken, figures(*in_discussion(), flagged()), decided(10))

    assert found.immediate_minutes == (22,)
    assert found.immediate_not_taken == 1


def test_late_names_what_is_past_due_and_not_done():
    undecided = figures(*in_discussion())
    due_at = undecided.decision_due_at

    assert week(undecided, as_at=due_at).late == ()
    assert week(undecided, as_at=due_at + dt.timedelta(minutes=1)).late == ("REF-2026-00001",)
    assert week(figures(*agreed())).late == ("REF-2026-00001",)
    assert week(figures(*agreed(), did(FEEDBACK, LEAD, "10:00"))).late == ()
    assert week(figures(*closed())).late == ()


def test_feedback_that_could_not_be_given_is_not_late():
    not_possible = did(ev.FeedbackNotPossible("No safe number"), LEAD, "10:00")
    assert week(figures(*agreed(), not_possible)).late == ()


def test_feedback_after_it_was_due_is_not_in_time():
    late = figures(*agreed(), did(FEEDBACK, LEAD, "10:31", WEDNESDAY))
    on_time = figures(*agreed(), did(FEEDBACK, LEAD, "10:30", WEDNESDAY))

    assert not late.feedback_in_time
    assert week(late, on_time).feedback_in_time == 1


def test_a_week_is_the_same_in_any_order():
    rows = [decided(10, reference="REF-2"), decided(20, reference="REF-1", code="social_care")]
    assert week(*rows) == week(*reversed(rows))
    assert week(*rows).late == ("REF-1", "REF-2")


def test_the_lead_agency_of_somebody_no_longer_configured_is_blank():
    assert decided(10, lead="gone-1").lead_agency == ""


@pytest.mark.parametrize(
    ("day", "first", "key"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23), "2026-W48"),
        (dt.date(2026, 11, 29), dt.date(2026, 11, 23), "2026-W48"),
        (dt.date(2027, 1, 1), dt.date(2026, 12, 28), "2026-W53"),
        (dt.date(2027, 1, 4), dt.date(2027, 1, 4), "2027-W01"),
    ],
)
def test_a_week_runs_monday_to_sunday_across_the_new_year(day, first, key):
    assert week_start(day) == first
    assert week_key(day) == key
