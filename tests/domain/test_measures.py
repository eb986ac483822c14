"""The measures of one week, over referrals made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain import events as ev
from bot.domain.counting import as_data, in_cohort
from bot.domain.measures import BY_KEY, MEASURES, Kind
from bot.domain.partnership import BOT
from bot.domain.periods import TEST, Period, week_key, week_of, week_start
from bot.domain.tallies import PulseTally, SurveyTally

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
    handed_over,
    in_discussion,
    merged,
    second,
    taking_in,
    withdrawn,
)
from .weeks import by_outcome, decided, figures, report


def ratio(found, key):
    return found[key].n, found[key].of


# The table ---------------------------------------------------------------------


def test_every_measure_says_what_it_counts_and_a_share_of_what():
    assert len(BY_KEY) == len(MEASURES)
    for m in MEASURES:
        assert m.counts.endswith((".", "?")), m.key
        assert bool(m.of) is (m.kind is Kind.SHARE), m.key
        assert bool(m.starts) is bool(m.stops), m.key
        if m.kind in (Kind.MINUTES, Kind.SECONDS):
            assert m.starts, m.key


# Weeks -------------------------------------------------------------------------


def test_an_empty_week_has_no_averages_and_no_errors():
    empty = report()

    assert (empty.period.first, empty.period.last) == (MONDAY, dt.date(2026, 11, 29))
    for m in MEASURES:
        result = empty[m.key]
        assert (result.n, result.of or 0, result.missing) == (0, 0, 0), m.key
        assert result.percent is None, m.key
        assert (result.median, result.p90, result.mean) == (None, None, None), m.key
        assert result.parts == (), m.key
    assert empty.late == ()


def test_a_week_of_one_referral_is_that_referral():
    one = report(figures(*closed(TWO_CHILDREN)))

    assert (one["referrals"].n, one["children"].n, one["open"].n) == (1, 2, 0)
    assert ratio(one, "decided") == (1, 1)
    assert by_outcome(one) == {"ehu": 1}
    assert dict(one["children_by_outcome"].parts) == {"ehu": 2}
    assert dict(one["by_lead_agency"].parts) == {"early_help": 1}
    for key in ("decision_in_time", "feedback_in_time", "plans"):
        assert ratio(one, key) == (1, 1), key
    # One value is told as it is; the middle of one would only look like more.
    assert (one["decision_minutes"].values, one["decision_minutes"].median) == ((40,), None)
    assert (one["plan_score"].values, one["plan_score"].median) == ((10,), None)
    assert one["actions_each"].values == (1,)
    assert one.late == ()


@pytest.mark.parametrize(
    ("minutes", "median", "ninetieth"),
    [
        ([10, 20, 31, 90], None, None),
        ([90, 10, 20, 31, 40], 31, None),
        ([1, 2, 3, 4, 5, 6], 3.5, None),
        (range(1, 10), 5, None),
        (range(1, 11), 5.5, 9),
        (range(1, 12), 6, 10),
        (range(1, 21), 10.5, 18),
    ],
)
def test_the_middle_needs_five_and_the_ninetieth_percentile_ten(minutes, median, ninetieth):
    rows = [decided(m, reference=f"REF-{n:02}") for n, m in enumerate(minutes)]
    found = report(*rows)["decision_minutes"]

    assert (found.n, found.median, found.p90) == (len(rows), median, ninetieth)
    assert found.values == (() if median is not None else tuple(map(float, minutes)))


def test_the_middle_plan_score_may_be_a_half():
    vague = [decided(10, reference=f"REF-v{n}", actions=(action("Monitor"),)) for n in range(3)]
    whole = [decided(10, reference=f"REF-w{n}") for n in range(3)]

    assert report(*vague, *whole)["plan_score"].median == 9


def test_outcomes_are_counted_for_duty_team_decisions():
    rows = [
        decided(10, reference="REF-1"),
        decided(20, reference="REF-2"),
        decided(30, reference="REF-3", code="social_care"),
    ]
    assert by_outcome(report(*rows, figures(*briefed()))) == {"ehu": 2, "social_care": 1}


def test_merged_referrals_count_once_with_the_children_of_both():
    police = second()
    taken = did(taking_in(police).event, BOT.id, "09:20")
    survivor = figures(*briefed(), taken)

    found = report(survivor, figures(*merged()))

    assert (found["referrals"].n, found["children"].n, found["open"].n) == (1, 2, 1)
    assert survivor.received_at == at("09:00")
    assert survivor.intake_minutes == 6


def test_a_withdrawn_referral_is_not_counted_nor_late():
    row = figures(*withdrawn())

    assert not row.counts
    assert not row.open
    found = report(row)
    assert (found["referrals"].n, found["children"].n, found.late) == (0, 0, ())


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
    found = report(anew)
    assert by_outcome(found) == {"social_care": 1}
    assert ratio(found, "corrected") == (1, 1)
    assert ratio(report(figures(*agreed())), "corrected") == (0, 1)


def test_a_referral_handed_over_is_decided_by_the_outcome_made_elsewhere():
    waiting = figures(*handed_over())
    made = did(ev.OutcomeRecordedElsewhere("social_care"), MASHO, "15:00")
    row = figures(*handed_over(), made)

    assert (waiting.outcome, waiting.decided_at) == ("", None)
    assert (row.outcome, row.decided_at) == ("social_care", at("15:00"))
    assert row.decision_in_time
    assert not row.decided_by_duty_team
    found = report(row)
    assert ratio(found, "decided") == (0, 1)
    assert by_outcome(found) == {}
    assert ratio(found, "decision_in_time") == (1, 1)
    assert found["decision_minutes"].n == 0


def test_handed_over_counts_in_the_cohort_and_not_as_a_decision():
    found = report(decided(30), figures(*handed_over()))

    assert (found["referrals"].n, found["decided"].n) == (2, 1)
    assert ratio(found, "handed_over") == (1, 2)
    assert found["decision_minutes"].values == (30,)
    assert ratio(found, "decision_in_time") == (1, 2)
    assert found["open"].n == 2


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
    assert report(row, period=week_of(day))["referrals"].n == int(counted)


def test_a_report_leaves_out_what_its_period_does_not_hold():
    one, other = decided(30), decided(40, reference="REF-2", day=WEDNESDAY)
    only = Period("days", WEDNESDAY, WEDNESDAY)

    assert report(one, other)["referrals"].n == 2
    assert report(one, other, period=only)["decision_minutes"].values == (40,)


def test_a_test_counts_its_own_referrals_only():
    first = decided(30)
    second_test = replace(decided(40, reference="REF-2"), test="second_test")
    period = Period(TEST, MONDAY, FRIDAY, "second_test")

    assert report(first, second_test, period=period)["decision_minutes"].values == (40,)


# Immediate ---------------------------------------------------------------------


def test_immediate_minutes_list_those_taken_and_count_those_not():
    taken = figures(
        *in_discussion(),
        flagged("09:10"),
        did(ev.AssessmentNotified("Assessment Team A"), POLICE, "09:14"),
        did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:22"),
    )
    found = report(taken, figures(*in_discussion(), flagged()), decided(10))

    assert found["immediate"].n == 2
    assert (found["assessment_minutes"].values, found["assessment_minutes"].missing) == ((22,), 1)
    assert found["to_flag"].values == (10, 15)
    assert (found["flag_to_rung"].values, found["flag_to_rung"].missing) == ((4,), 1)
    assert (found["rung_to_taken"].values, found["rung_to_taken"].missing) == ((8,), 1)


# Late, told --------------------------------------------------------------------


def test_late_names_what_is_past_due_and_not_done():
    undecided = figures(*in_discussion())
    due_at = undecided.decision_due_at

    assert report(undecided, as_at=due_at).late == ()
    assert report(undecided, as_at=due_at + dt.timedelta(minutes=1)).late == ("REF-2026-00001",)
    assert report(figures(*agreed())).late == ("REF-2026-00001",)
    assert report(figures(*agreed(), did(FEEDBACK, LEAD, "10:00"))).late == ()
    assert report(figures(*closed())).late == ()


def test_feedback_that_could_not_be_given_is_not_late():
    not_possible = did(ev.FeedbackNotPossible("No safe number"), LEAD, "10:00")
    assert report(figures(*agreed(), not_possible)).late == ()


def test_feedback_after_it_was_due_is_not_in_time():
    late = figures(*agreed(), did(FEEDBACK, LEAD, "10:31", WEDNESDAY))
    on_time = figures(*agreed(), did(FEEDBACK, LEAD, "10:30", WEDNESDAY))

    assert not late.feedback_in_time
    assert ratio(report(late, on_time), "feedback_in_time") == (1, 2)


def test_a_week_is_the_same_in_any_order():
    rows = [decided(10, reference="REF-2"), decided(20, reference="REF-1", code="social_care")]
    one, other = report(*rows), report(*reversed(rows))

    assert one.results == other.results
    assert one.late == other.late == ("REF-1", "REF-2")


# Plans -------------------------------------------------------------------------


def test_actions_done_by_their_date_are_of_those_that_are_due():
    early = action(due_on=WEDNESDAY)
    later = action("Ring the school about mornings at home", due_on=dt.date(2026, 12, 4))
    log = decided(30, actions=(early, later))
    done = replace(log.actions[0], done_on=WEDNESDAY)
    late = replace(log.actions[0], done_on=dt.date(2026, 11, 26))

    def found(first, now):
        row = replace(log, actions=(first, log.actions[1]))
        return ratio(report(row, as_at=now), "actions_done")

    assert found(log.actions[0], at("17:00", WEDNESDAY)) == (0, 0)
    assert found(log.actions[0], at("09:00", dt.date(2026, 11, 26))) == (0, 1)
    assert found(done, at("17:00", WEDNESDAY)) == (1, 1)
    assert found(late, at("17:00", FRIDAY)) == (0, 1)
    assert found(done, at("09:00", dt.date(2026, 12, 7))) == (1, 2)


def test_actions_in_a_plan_are_listed_until_there_are_five_to_average():
    one, two = (action(),), (action(), action("Ring the school about mornings at home"))
    rows = [decided(10, reference=f"REF-{n}", actions=two if n else one) for n in range(5)]

    assert report(*rows[:4])["actions_each"].values == (1, 2, 2, 2)
    assert report(*rows)["actions_each"].mean == 1.8


# What to watch, the phone line --------------------------------------------------


def test_a_lead_by_default_and_a_referral_before_are_shares_of_all():
    defaulted = figures(*briefed(), did(ev.LeadDefaulted("mgr-1"), BOT.id, "09:40"))
    found = report(defaulted, decided(10, reference="REF-2", earlier="yes"))

    assert ratio(found, "defaulted") == (1, 2)
    assert ratio(found, "re_referral") == (1, 2)
    # The second was never posted: no briefing to measure from.
    assert (found["lead_minutes"].values, found["lead_minutes"].missing) == ((34,), 1)


def test_an_outcome_given_on_the_call_is_counted_in_the_second_test_only():
    rows = [
        replace(decided(12, reference="REF-1"), test="second_test", call_minutes=14.0,
                decided_on_call=True),
        replace(decided(30, reference="REF-2"), test="second_test", call_minutes=20.0,
                decided_on_call=False),
        replace(decided(30, reference="REF-3"), test="second_test", decided_on_call=None),
        replace(decided(5, reference="REF-4"), call_minutes=9.0, decided_on_call=True),
    ]  # fmt: skip
    found = report(*rows)

    assert (ratio(found, "on_call"), found["on_call"].missing) == ((1, 2), 1)
    assert (found["call_minutes"].values, found["call_minutes"].missing) == ((14, 20, 9), 1)


# Survey and pulse ----------------------------------------------------------------


def survey(group: str, *answers: tuple[int | None, ...], test: str = "first_test") -> SurveyTally:
    tally = SurveyTally("2026-W48", test, group)
    for given in answers:
        tally = tally.with_answers(given)
    return tally


def test_satisfied_is_four_and_five_of_answers_and_replies_are_of_those_asked():
    found = report(
        surveys=(
            survey("professional", (5, 4, None), (4, 2, 5), (3, 4, 4), (None, None, None)),
            survey("parent_carer", (1, None, None)),
        )
    )

    assert ratio(found, "survey_replies") == (4, 5)
    assert ratio(found, "satisfied") == (2, 4)
    assert (ratio(found, "know_next"), found["know_next"].missing) == ((2, 3), 1)
    assert (ratio(found, "talked_needs"), found["talked_needs"].missing) == ((2, 2), 2)
    assert found["form_replies"].n == 0


def test_form_replies_count_as_answers_but_nobody_knows_how_many_saw_the_form():
    form = replace(survey("professional", (5, 5, 5), (2, 2, 2)), asked=0, test="")
    found = report(surveys=(form, survey("professional", (4, 4, 4))))

    assert ratio(found, "survey_replies") == (1, 1)
    assert found["form_replies"].n == 2
    assert ratio(found, "satisfied") == (2, 3)


def pulse(day: dt.date, *answers: tuple[int, int, int, int], on_roll: int = 6) -> PulseTally:
    tally = PulseTally(day, on_roll=on_roll)
    for given in answers:
        tally = tally.with_answers(given)
    return tally


def test_a_team_of_few_replies_all_week_shows_no_answer():
    four = pulse(TUESDAY, *[(5, 5, 5, 5)] * 4)
    one = pulse(WEDNESDAY, (1, 2, 3, 4))

    few = report(pulses=(four,))
    assert ratio(few, "pulse_replies") == (4, 6)
    assert ratio(few, "heard") == (0, 0)
    enough = report(pulses=(four, one))
    assert ratio(enough, "pulse_replies") == (5, 12)
    assert [ratio(enough, k) for k in ("heard", "quicker", "know_what_to_do")] == [
        (4, 5),
        (4, 5),
        (5, 5),
    ]


def test_a_result_as_data_has_what_it_has_and_one_decimal():
    rows = [decided(m, reference=f"REF-{n}") for n, m in enumerate((10, 20, 30.25, 40, 50))]
    found = report(*rows)

    assert as_data(found["decision_minutes"]) == {"n": 5, "median": 30.2}
    assert as_data(found["decided"]) == {"n": 5, "of": 5, "percent": 100}
    assert as_data(found["by_outcome"])["parts"] == {"ehu": 5}


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
