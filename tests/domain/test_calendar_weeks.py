"""Weeks with a clock change, a bank holiday or New Year in them: figures worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain import events as ev
from bot.domain.breakdown import breakdown_of
from bot.domain.periods import Period, read_period, week_named, week_of

from .story import ASSESSMENT, LEAD, MASHO, POLICE, SOCIAL_WORKER, at, intake, plan
from .weeks import ALWAYS, decided, figures, report

FORWARD = dt.date(2026, 3, 29)  # Sunday, 01:00 becomes 02:00
BACK = dt.date(2026, 10, 25)  # Sunday, 02:00 becomes 01:00


def across(start: dt.datetime, end: dt.datetime):
    """Received at one instant, agreed at the other."""
    return figures(
        ev.Recorded(ev.IntakeSubmitted(intake(received_at=start), "REF-2026-00001"), start, MASHO),
        ev.Recorded(ev.LeadClaimed(), start, LEAD),
        ev.Recorded(plan(), start, LEAD),
        ev.Recorded(ev.OutcomeProposed("ehu", "Why"), end, LEAD),
        ev.Recorded(ev.OutcomeEndorsed("second_person"), end, SOCIAL_WORKER),
        partnership=ALWAYS,
    )


@pytest.mark.parametrize(
    ("sunday", "elapsed"),
    [
        # Friday 16:00 to Monday 09:30 is 65 h 30 min by the wall clock.
        (FORWARD, 64 * 60 + 30),
        (BACK, 66 * 60 + 30),
        (dt.date(2026, 11, 15), 65 * 60 + 30),
    ],
)
def test_a_weekend_with_a_clock_change(sunday, elapsed):
    friday, monday = sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1)
    row = across(at("16:00", friday), at("09:30", monday))

    assert row.minutes_received_to_decision == elapsed
    # Friday 16:00 to 16:30, and Monday 08:30 to 09:30.
    assert row.working_minutes_received_to_decision == 90
    assert row.decision_in_time
    found = report(row, as_at=at("12:00", monday), period=week_of(friday), partnership=ALWAYS)
    assert found["decision_minutes"].values == (elapsed,)
    assert found["decision_working_minutes"].values == (90,)
    assert (found["decision_in_time"].n, found["decision_in_time"].of) == (1, 1)


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (FORWARD, "00:59", dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC)),
        (FORWARD, "02:00", dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)),
        (BACK, "00:30", dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)),
        (BACK, "23:30", dt.datetime(2026, 10, 25, 23, 30, tzinfo=dt.UTC)),
    ],
)
def test_the_sunday_of_a_clock_change_is_in_the_week_it_ends(day, clock, utc):
    assert at(clock, day) == utc
    assert week_of(ALWAYS.calendar.day_of(utc)) == week_of(day)
    monday = day + dt.timedelta(days=1)
    assert week_of(ALWAYS.calendar.day_of(at("00:00", monday))) == week_of(monday) != week_of(day)


def test_immediate_minutes_through_the_hour_that_comes_twice_are_elapsed():
    """Flagged 00:50 on the night the clocks go back, taken at the second 01:10: 80 minutes."""
    start = at("00:50", BACK)
    taken_at = dt.datetime(2026, 10, 25, 1, 10, tzinfo=dt.UTC)
    row = figures(
        ev.Recorded(ev.IntakeSubmitted(intake(received_at=start), "REF-2026-00001"), start, MASHO),
        ev.Recorded(ev.ImmediateFlagged("Not safe at home"), start, POLICE),
        ev.Recorded(ev.AssessmentAcknowledged("Helen C."), taken_at, ASSESSMENT),
        partnership=ALWAYS,
    )

    assert row.minutes_received_to_assessment_ack == 80


def test_christmas_closes_three_days_and_new_year_one():
    """Thursday 24 December 2026, 16:00. The 25th and the 28th are bank holidays, then a weekend
    between: due Tuesday 29th, 16:00. Open: 16:00 to 17:00, and from 08:30 on the 29th."""
    eve, next_open = dt.date(2026, 12, 24), dt.date(2026, 12, 29)
    in_time = across(at("16:00", eve), at("15:59", next_open))
    late = across(at("16:00", eve), at("16:01", next_open))

    assert in_time.decision_due_at == at("16:00", next_open)
    assert (in_time.decision_in_time, late.decision_in_time) == (True, False)
    assert in_time.working_minutes_received_to_decision == 60 + 7 * 60 + 29
    # Five days, less one minute.
    assert in_time.minutes_received_to_decision == 5 * 24 * 60 - 1


def test_a_bank_holiday_is_no_test_day():
    christmas = decided(10, day=dt.date(2026, 12, 25), partnership=ALWAYS)
    eve = decided(10, day=dt.date(2026, 12, 24), reference="REF-2", partnership=ALWAYS)
    week = week_of(dt.date(2026, 12, 25))

    found = report(christmas, eve, period=week, partnership=ALWAYS)

    assert found["referrals"].n == 1
    days = [s.code for s in breakdown_of(found.facts, "day").lines]
    assert days == ["2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24"]


def test_the_week_across_new_year_holds_both_years():
    """Week 53 of 2026: Monday 28 December (bank holiday) to Sunday 3 January (the 1st too)."""
    week = week_named("2026-W53")
    assert week == week_of(dt.date(2027, 1, 1)) == week_of(dt.date(2026, 12, 31))
    assert week is not None
    assert (week.first, week.last, week.weeks) == (
        dt.date(2026, 12, 28),
        dt.date(2027, 1, 3),
        ("2026-W53",),
    )
    old = decided(30, day=dt.date(2026, 12, 31), clock="16:40", partnership=ALWAYS)
    new = decided(50, day=dt.date(2027, 1, 4), reference="REF-2", partnership=ALWAYS)
    # New Year's Eve 16:40: the 1st is a holiday, then a weekend. Due Monday 4 January, 16:40.
    assert old.decision_due_at == at("16:40", dt.date(2027, 1, 4))
    # Agreed at 17:10, ten minutes after closing: twenty working minutes.
    assert old.working_minutes_received_to_decision == 20

    found = report(old, new, period=week, as_at=at("09:00", new_day := dt.date(2027, 1, 4)),
                   partnership=ALWAYS)  # fmt: skip
    assert found["referrals"].n == 1
    assert found["decision_minutes"].values == (30,)
    following = report(old, new, period=week_of(new_day), partnership=ALWAYS)
    assert following["decision_minutes"].values == (50,)


def test_two_days_across_new_year_read_both_weeks():
    both = Period("days", dt.date(2027, 1, 3), dt.date(2027, 1, 4))
    assert both.weeks == ("2026-W53", "2027-W01")


def test_a_week_still_running_counts_what_has_happened():
    """Wednesday 25 November 2026, 11:30: one agreed yesterday, one from Tuesday 10:00 that waits
    (due 10:30 today, as the doors opened late) and one from this morning that is not due yet."""
    tuesday, wednesday = dt.date(2026, 11, 24), dt.date(2026, 11, 25)
    done = decided(45, day=tuesday, partnership=ALWAYS)
    waiting = [
        figures(
            ev.Recorded(ev.IntakeSubmitted(intake(received_at=start), reference), start, MASHO),
            partnership=ALWAYS,
        )
        for start, reference in (
            (at("10:00", tuesday), "REF-2026-00002"),
            (at("11:00", wednesday), "REF-2026-00003"),
        )
    ]
    found = report(done, *waiting, as_at=at("11:30", wednesday), partnership=ALWAYS)

    assert (found["referrals"].n, found["open"].n) == (3, 3)
    assert (found["decided"].n, found["decided"].of) == (1, 3)
    assert found["decision_minutes"].values == (45,)
    assert (found["decision_in_time"].n, found["decision_in_time"].of) == (1, 3)
    # The first still owes the caller an answer, but until 11:00 today: late by half an hour.
    assert found.late == ("REF-2026-00001", "REF-2026-00002")


TODAY = dt.date(2027, 1, 2)


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("", "2026-W53"),
        ("last week", "2026-W52"),
        ("23 November", "2026-W48"),
        ("23 november 2026", "2026-W48"),
        ("1 January", "2026-W53"),
        ("2027-01-01", "2026-W53"),
        ("01/01/2027", "2026-W53"),
        ("2026-W48", "2026-W48"),
        ("28 March 2027", "2027-W12"),
        ("23rd November", "2026-W48"),
        ("1st january", "2026-W53"),
        ("yesterday", "2026-W53"),
        ("week 48", "2026-W48"),
        ("week 53", "2026-W53"),
    ],
)
def test_a_week_is_named_as_people_name_it(words, week):
    found = read_period(words, TODAY, ALWAYS)

    assert found is not None
    assert (found.kind, found.weeks) == ("week", (week,))


@pytest.mark.parametrize(
    "words", ["soon", "31 November", "2026-W54", "32/01/2027", "week 54", "week ²", "²"]
)
def test_words_that_name_no_period(words):
    assert read_period(words, TODAY, ALWAYS) is None
