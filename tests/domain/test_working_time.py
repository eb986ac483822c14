"""Opening hours, working minutes, and one working day, across closings and clock changes."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.working_time import Calendar

from .story import PARTNERSHIP

LONDON = ZoneInfo("Europe/London")
CALENDAR = PARTNERSHIP.calendar

SOME_YEAR = st.datetimes(
    dt.datetime(2026, 9, 1), dt.datetime(2027, 6, 30), timezones=st.just(dt.UTC)
)
"""Covers both clock changes, the bank holidays, nights and weekends."""


def local(text: str) -> dt.datetime:
    """UTC instant of a London wall-clock time, for example '2026-11-24 09:00'."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("2026-11-23 08:30", "2026-11-23 17:00"),
        ("2026-11-24 08:30", "2026-11-24 17:00"),
        ("2026-11-25 10:30", "2026-11-25 17:00"),
        ("2026-11-26 08:30", "2026-11-26 17:00"),
        ("2026-11-27 08:30", "2026-11-27 16:30"),
    ],
)
def test_open_from_the_opening_minute_until_just_before_closing(opens, closes):
    first, end = local(opens), local(closes)
    instant = dt.timedelta(seconds=1)

    assert not CALENDAR.is_open(first - instant)
    assert CALENDAR.is_open(first)
    assert CALENDAR.is_open(end - instant)
    assert not CALENDAR.is_open(end)
    assert CALENDAR.closes_at(first) == end


@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-29"])
def test_closed_all_weekend(day):
    assert CALENDAR.hours(dt.date.fromisoformat(day)) is None
    assert not CALENDAR.is_open(local(f"{day} 11:00"))
    assert CALENDAR.closes_at(local(f"{day} 11:00")) is None


@pytest.mark.parametrize("day", ["2026-12-25", "2026-12-28", "2027-01-01"])
def test_closed_on_a_bank_holiday(day):
    holiday = dt.date.fromisoformat(day)
    same_weekday = holiday + dt.timedelta(days=14)

    assert CALENDAR.hours(holiday) is None
    assert CALENDAR.hours(same_weekday) is not None


def test_the_day_before_christmas_leads_to_the_tuesday_after():
    assert CALENDAR.next_working_day(dt.date(2026, 12, 24)) == dt.date(2026, 12, 29)
    assert CALENDAR.add_working_days(dt.date(2026, 12, 24), 2) == dt.date(2026, 12, 30)
    assert CALENDAR.add_working_days(dt.date(2026, 12, 24), 0) == dt.date(2026, 12, 24)


def test_a_calendar_that_never_opens_says_so():
    never = Calendar(LONDON, {}, frozenset())
    with pytest.raises(ValueError, match="no working day"):
        never.next_working_day(dt.date(2026, 11, 24))


@pytest.mark.parametrize(
    ("friday", "monday"),
    [
        ("2026-10-23 13:00+00:00", "2026-10-26 14:00+00:00"),  # 14:00 BST, then 14:00 GMT
        ("2027-03-26 14:00+00:00", "2027-03-29 13:00+00:00"),  # 14:00 GMT, then 14:00 BST
    ],
)
def test_one_working_day_keeps_the_clock_time_when_the_clocks_change(friday, monday):
    found = CALENDAR.one_working_day_after(dt.datetime.fromisoformat(friday))
    assert found == dt.datetime.fromisoformat(monday)


@pytest.mark.parametrize(
    ("day", "utc_opening"),
    [
        ("2026-10-23", "07:30"),
        ("2026-10-26", "08:30"),
        ("2027-03-26", "08:30"),
        ("2027-03-29", "07:30"),
    ],
)
def test_opening_is_by_the_clock_on_the_wall_either_side_of_a_clock_change(day, utc_opening):
    hours = CALENDAR.hours(dt.date.fromisoformat(day))
    assert hours is not None
    assert hours[0].strftime("%H:%M") == utc_opening


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-23 16:00", "2026-10-26 09:00"),
        ("2027-03-26 16:00", "2027-03-29 09:00"),
    ],
)
def test_a_weekend_with_a_clock_change_counts_no_working_minutes_of_its_own(start, end):
    assert CALENDAR.working_minutes(local(start), local(end)) == 60
    assert CALENDAR.add_working_minutes(local(start), 60) == local(end)


def test_a_service_open_through_the_night_works_the_hour_that_is_repeated():
    all_night = Calendar(LONDON, {6: (dt.time(0, 0), dt.time(6, 0))}, frozenset())
    clocks_back, clocks_forward = dt.date(2026, 10, 25), dt.date(2027, 3, 28)

    def minutes(day: dt.date) -> float:
        hours = all_night.hours(day)
        assert hours is not None
        return all_night.working_minutes(*hours)

    assert minutes(clocks_back) == 7 * 60
    assert minutes(clocks_forward) == 5 * 60


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-24 09:00", "2026-11-25 10:30"),  # Tuesday: Wednesday opens late
        ("2026-11-24 14:00", "2026-11-25 14:00"),
        ("2026-11-26 16:38", "2026-11-27 16:30"),  # Thursday: Friday closes early
        ("2026-11-26 13:40", "2026-11-27 13:40"),
        ("2026-11-27 10:00", "2026-11-30 10:00"),  # Friday to Monday
        ("2026-12-24 11:00", "2026-12-29 11:00"),  # over Christmas
    ],
)
def test_one_working_day_is_the_same_time_held_inside_the_next_days_hours(received, due):
    assert CALENDAR.one_working_day_after(local(received)) == local(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23 07:00", "2026-11-24 08:30"),  # before opening: counts from 08:30
        ("2026-11-24 17:00", "2026-11-26 10:30"),  # at closing: from Wednesday's 10:30
        ("2026-11-24 22:15", "2026-11-26 10:30"),
        ("2026-11-28 12:00", "2026-12-01 08:30"),  # Saturday: from Monday 08:30
        ("2026-12-25 12:00", "2026-12-30 10:30"),  # bank holiday: from Tuesday, to Wednesday
    ],
)
def test_received_when_closed_the_day_counts_from_the_next_opening(received, due):
    assert CALENDAR.one_working_day_after(local(received)) == local(due)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-24 09:00", 30, "2026-11-24 09:30"),
        ("2026-11-24 16:50", 10, "2026-11-24 17:00"),
        ("2026-11-24 16:50", 11, "2026-11-25 10:31"),
        ("2026-11-24 16:50", 30, "2026-11-25 10:50"),
        ("2026-11-27 16:20", 20, "2026-11-30 08:40"),
        ("2026-11-24 18:00", 5, "2026-11-25 10:35"),
        ("2026-11-24 16:00", 60 + 390 + 15, "2026-11-26 08:45"),
        ("2026-11-24 12:00", 0, "2026-11-24 12:00"),
    ],
)
def test_working_minutes_stop_at_closing_and_go_on_at_opening(start, minutes, end):
    assert CALENDAR.add_working_minutes(local(start), minutes) == local(end)
    assert CALENDAR.working_minutes(local(start), local(end)) == minutes


def test_no_working_minutes_pass_backwards():
    assert CALENDAR.working_minutes(local("2026-11-24 10:00"), local("2026-11-24 09:00")) == 0
    assert CALENDAR.working_minutes(local("2026-11-24 10:00"), local("2026-11-24 10:00")) == 0


@pytest.mark.parametrize(
    ("moment", "urgent_only"),
    [
        ("2026-11-24 16:29", False),
        ("2026-11-24 16:30", True),
        ("2026-11-24 16:59", True),
        ("2026-11-24 17:00", False),  # closed, which is another answer
        ("2026-11-27 15:59", False),
        ("2026-11-27 16:00", True),
        ("2026-11-28 16:45", False),
        ("2026-12-25 16:15", False),
    ],
)
def test_only_urgent_referrals_in_the_last_half_hour(moment, urgent_only):
    assert CALENDAR.urgent_only(local(moment)) is urgent_only


def test_the_urgent_only_half_hour_is_a_setting():
    hours = CALENDAR.opening
    never = Calendar(LONDON, hours, frozenset(), urgent_only_last_minutes=0)
    hour = Calendar(LONDON, hours, frozenset(), urgent_only_last_minutes=60)

    assert not never.urgent_only(local("2026-11-24 16:59"))
    assert hour.urgent_only(local("2026-11-24 16:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-24 12:00", "2026-11-24 12:00"),
        ("2026-11-25 09:00", "2026-11-25 10:30"),
        ("2026-11-24 17:00", "2026-11-25 10:30"),
        ("2026-12-24 17:30", "2026-12-29 08:30"),
    ],
)
def test_the_next_opening_is_now_while_open(moment, opening):
    assert CALENDAR.next_opening(local(moment)) == local(opening)


@settings(derandomize=True, deadline=None)
@every(start=SOME_YEAR, minutes=st.integers(0, 3000))
def test_what_is_added_is_what_is_measured(start, minutes):
    end = CALENDAR.add_working_minutes(start, minutes)

    assert CALENDAR.working_minutes(start, end) == pytest.approx(minutes)
    assert end >= start
    closes = CALENDAR.closes_at(end)
    assert closes is not None
    assert end <= closes


@settings(derandomize=True, deadline=None)
@every(moments=st.lists(SOME_YEAR, min_size=3, max_size=3))
def test_working_minutes_add_up_along_the_way_and_never_exceed_the_clock(moments):
    first, middle, last = sorted(moments)
    minutes = CALENDAR.working_minutes

    assert minutes(first, last) == pytest.approx(minutes(first, middle) + minutes(middle, last))
    assert 0 <= minutes(first, last) <= (last - first).total_seconds() / 60 + 1e-6


@settings(derandomize=True, deadline=None)
@every(received=SOME_YEAR)
def test_the_deadline_is_later_on_another_day_and_within_opening_hours(received):
    due = CALENDAR.one_working_day_after(received)
    hours = CALENDAR.hours(CALENDAR.day_of(due))

    assert hours is not None
    assert hours[0] <= due <= hours[1]
    assert CALENDAR.day_of(due) > CALENDAR.day_of(received)
    assert due > received


@settings(derandomize=True, deadline=None)
@every(earlier=SOME_YEAR, later=SOME_YEAR)
def test_a_later_call_is_never_due_earlier(earlier, later):
    earlier, later = sorted((earlier, later))
    due = CALENDAR.one_working_day_after
    assert due(earlier) <= due(later)


@every(SOME_YEAR, st.integers(1, 1000))
def test_working_minutes_taken_from_an_instant_are_the_working_minutes_until_it(at, minutes):
    before = CALENDAR.take_working_minutes(at, minutes)
    assert CALENDAR.working_minutes(before, at) == pytest.approx(minutes)
    assert CALENDAR.working_minutes(before + dt.timedelta(minutes=1), at) < minutes


@pytest.mark.parametrize(
    ("at", "minutes", "before"),
    [
        ("2026-11-24 12:00", 60, "2026-11-24 11:00"),
        ("2026-11-25 10:30", 60, "2026-11-24 16:00"),
        ("2026-11-25 11:00", 60, "2026-11-24 16:30"),
        ("2026-11-30 08:30", 60, "2026-11-27 15:30"),
        ("2026-11-29 12:00", 60, "2026-11-27 15:30"),
    ],
)
def test_working_minutes_are_taken_over_closings(at, minutes, before):
    assert CALENDAR.take_working_minutes(local(at), minutes) == local(before)


def test_a_holiday_announced_later_counts_though_the_day_was_asked_for_before():
    day = dt.date(2026, 11, 24)
    calendar = dataclasses.replace(CALENDAR)
    assert calendar.hours(day) is not None

    later = dataclasses.replace(calendar, bank_holidays=calendar.bank_holidays | {day})

    assert later.hours(day) is None
    assert calendar.hours(day) == calendar.hours(day) == CALENDAR.hours(day)


def test_a_century_of_days_asked_for_is_answered_and_not_all_kept():
    calendar = dataclasses.replace(CALENDAR)
    days = [dt.date(1926, 1, 1) + dt.timedelta(days=n) for n in range(36_525)]

    assert [calendar.hours(d) is None for d in days] == [calendar.hours(d) is None for d in days]
    assert len(calendar._hours) < len(days) / 5
