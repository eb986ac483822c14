"""What the phone line did, with figures worked out by hand and both clock changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.call_figures import CallBack, CallFigures, Tally, call_figures
from bot.domain.calls import Call, CallCount, CallOutcome

from .story import PARTNERSHIP

CALENDAR = PARTNERSHIP.calendar
TUESDAY = dt.date(2026, 11, 24)
ANSWERED, ABANDONED, OTHER = CallOutcome


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def call(at: str, outcome=ANSWERED, wait: float | None = 10.0, call_id: str = "") -> Call:
    return Call(f"{at}{outcome}{wait}{call_id}", utc(at), "mash", outcome, wait, None, call_id)


def figures(calls, counts=(), referrals=(), first=TUESDAY, last=TUESDAY) -> CallFigures:
    return call_figures(
        calls,
        counts,
        [utc(at) for at in referrals],
        first_day=first,
        last_day=last,
        target_s=60,
        calendar=CALENDAR,
    )


def waited(*seconds: float | None) -> CallFigures:
    return figures([call(f"2026-11-24 09:{n:02}", wait=w) for n, w in enumerate(seconds)])


def test_nothing_at_all():
    found = figures([])

    assert (found.offered, found.drop_off) == (0, None)
    assert (found.in_target, found.in_target_of) == (0, 0)
    assert (found.waits.n, found.waits.missing, found.waits.median_s) == (0, 0, None)
    assert found.by_day == ((TUESDAY, Tally()),)
    assert found.by_half_hour == ()
    assert found.call_backs == ()


def test_a_morning_by_hand():
    found = figures(
        [
            call("2026-11-24 09:00", wait=20),
            call("2026-11-24 09:10", wait=60),
            call("2026-11-24 09:20", wait=61),
            call("2026-11-24 09:29", wait=None),
            call("2026-11-24 09:30", ABANDONED, wait=5),
            call("2026-11-24 09:40", ABANDONED, wait=None),
            call("2026-11-24 10:00", OTHER, wait=300),
            call("2026-11-23 23:59"),
            call("2026-11-25 00:00"),
        ],
        referrals=["2026-11-24 09:05", "2026-11-24 11:00", "2026-11-25 09:00"],
    )

    assert (found.offered, found.answered, found.abandoned, found.other) == (7, 4, 2, 1)
    assert found.drop_off == 2 / 7
    # Of six that can be told (one answered call has no wait), two were answered within 60 seconds.
    assert (found.in_target, found.in_target_of) == (2, 6)
    assert (found.waits.n, found.waits.missing) == (3, 1)
    assert found.by_day == ((TUESDAY, Tally(7, 4, 2, 2, 2, 6, 3)),)
    assert found.by_half_hour == (
        (dt.time(9, 0), Tally(4, 4, 0, 1, 2, 3, 3)),
        (dt.time(9, 30), Tally(2, 0, 2, 0, 0, 2)),
        (dt.time(10, 0), Tally(1, 0, 0, 0, 0, 1)),
        (dt.time(11, 0), Tally(0, 0, 0, 1)),
    )


def test_the_median_needs_five_waits_and_the_ninetieth_of_a_hundred_ten():
    assert waited(1, 2, 3, 4).waits.median_s is None
    five = waited(50, 1, 3, 2, None, 40).waits
    assert (five.n, five.missing, five.median_s, five.ninetieth_s) == (5, 1, 3, None)
    assert waited(1, 2, 3, 4, 5, 6).waits.median_s == 3.5
    assert waited(*range(9)).waits.ninetieth_s is None
    # Nearest rank: the 9th of 10, the 10th of 11, the 18th of 20.
    assert waited(*range(10, 0, -1)).waits.ninetieth_s == 9
    assert waited(*range(1, 12)).waits.ninetieth_s == 10
    assert waited(*range(1, 21)).waits.ninetieth_s == 18


def test_a_day_and_a_half_hour_have_a_middle_wait_from_five_known_waits_on():
    first = [call(f"2026-11-24 09:0{n}", wait=w) for n, w in enumerate((61, 20, 30.5, 60, 300))]
    others = [
        *(call(f"2026-11-24 09:3{n}", wait=10) for n in range(4)),
        call("2026-11-24 09:35", wait=None),
        call("2026-11-24 09:36", ABANDONED, wait=1),
    ]

    found = figures([*first, *others])

    assert found.by_half_hour == (
        (dt.time(9, 0), Tally(5, 5, 0, 0, 3, 5, 5, 60)),
        (dt.time(9, 30), Tally(6, 5, 1, 0, 4, 5, 4, None)),
    )
    # 10 four times, 20, 30.5, 60, 61, 300: the fifth of nine
    assert found.by_day == ((TUESDAY, Tally(11, 10, 1, 0, 7, 10, 9, 20)),)


def test_what_a_day_says_is_what_the_whole_period_says():
    found = figures(
        [call(f"2026-11-24 09:{n:02}", (ANSWERED, ABANDONED)[n % 3 == 2], n) for n in range(30)],
        [count("2026-11-24 10:00", queue="second")],
    )

    ((_, day),) = found.by_day
    assert (day.in_target, day.in_target_of) == (found.in_target, found.in_target_of)
    assert (day.waits_n, day.median_s) == (found.waits.n, found.waits.median_s)
    assert day.drop_off == found.drop_off


def count(at: str, offered=10, answered=5, abandoned=2, wait: float | None = 130.0, queue="mash"):
    return CallCount(f"{queue}{at}", utc(at), queue, offered, answered, abandoned, wait)


def test_counts_add_to_the_day_but_to_no_half_hour_and_no_median():
    found = figures(
        [call("2026-11-24 09:00", wait=20), call("2026-11-24 09:10", ABANDONED)],
        [count("2026-11-24 10:00", queue="second"), count("2026-11-24 11:00", 4, 4, 0, None, "x")],
    )

    assert (found.offered, found.answered, found.abandoned, found.other) == (16, 10, 3, 3)
    assert found.by_day == ((TUESDAY, Tally(16, 10, 3, 0, 1, 2, 1)),)
    assert found.by_half_hour == ((dt.time(9), Tally(2, 1, 1, 0, 1, 2, 1)),)
    assert (found.waits.n, found.waits.missing, found.waits.median_s) == (1, 9, None)
    # 20 seconds and 130 seconds over 1 and 5 calls; the other four are not known.
    assert found.waits.mean_s == 25
    assert (found.in_target, found.in_target_of) == (1, 2)
    assert found.counts_left_out == 0


def test_counts_of_a_queue_and_day_known_call_by_call_are_left_out():
    found = figures([call("2026-11-24 09:00")], [count("2026-11-24 10:00")])

    assert (found.offered, found.counts_left_out) == (1, 1)


def test_records_with_one_key_count_once_and_the_last_stands():
    first = call("2026-11-24 09:00", ABANDONED)
    again = replace(first, outcome=ANSWERED)
    hour = count("2026-11-24 10:00", queue="second")

    found = figures([first, again, again], [hour, replace(hour, offered=12)])

    assert (found.offered, found.answered, found.abandoned) == (13, 6, 2)


def test_whom_to_call_back():
    found = figures(
        [
            call("2026-11-24 09:00", ABANDONED, call_id="a"),
            call("2026-11-24 09:30", ABANDONED, call_id="a"),
            call("2026-11-24 09:10", ABANDONED, call_id="b"),
            call("2026-11-24 09:20", ANSWERED, call_id="b"),
            call("2026-11-24 09:15", ABANDONED, call_id="c"),
            call("2026-11-25 09:00", ANSWERED, call_id="c"),
            call("2026-11-24 08:00", ANSWERED, call_id="d"),
            call("2026-11-24 09:25", ABANDONED, call_id="d"),
            call("2026-11-24 09:26", ABANDONED),
            call("2026-11-24 09:28", ABANDONED, call_id="f"),
            call("2026-11-24 09:28", ANSWERED, call_id="f"),
            call("2026-11-24 09:27", OTHER, call_id="e"),
        ]
    )

    assert [(c.call_id, c.at.strftime("%H:%M")) for c in found.call_backs] == [
        ("d", "09:25"),
        ("a", "09:30"),
    ]


def test_the_day_the_clocks_go_back_has_its_hour_twice():
    day = dt.date(2026, 10, 25)
    found = figures(
        [
            call("2026-10-24 22:59"),  # 23:59 the evening before, summer time
            call("2026-10-24 23:00"),  # 00:00
            call("2026-10-25 00:30"),  # 01:30, the first time
            call("2026-10-25 01:30", ABANDONED, call_id="x"),  # 01:30, the second time
            call("2026-10-25 02:00"),  # 02:00, winter time
            call("2026-10-25 23:59"),
            call("2026-10-26 00:00"),
        ],
        referrals=["2026-10-25 00:59", "2026-10-25 01:59"],
        first=day,
        last=day,
    )

    assert found.by_day == ((day, Tally(5, 4, 1, 2, 4, 5, 4)),)
    assert found.by_half_hour == (
        (dt.time(0), Tally(1, 1, 0, 0, 1, 1, 1)),
        (dt.time(1, 30), Tally(2, 1, 1, 2, 1, 2, 1)),
        (dt.time(2), Tally(1, 1, 0, 0, 1, 1, 1)),
        (dt.time(23, 30), Tally(1, 1, 0, 0, 1, 1, 1)),
    )
    assert found.call_backs == (CallBack("x", CALENDAR.local(utc("2026-10-25 01:30"))),)
    assert found.call_backs[0].at.isoformat() == "2026-10-25T01:30:00+00:00"


def test_the_day_the_clocks_go_forward_skips_an_hour():
    first, last = dt.date(2027, 3, 28), dt.date(2027, 3, 29)
    found = figures(
        [
            call("2027-03-27 23:59"),
            call("2027-03-28 00:59"),  # 00:59, winter time
            call("2027-03-28 01:00"),  # 02:00, summer time
            call("2027-03-28 22:59"),  # 23:59
            call("2027-03-28 23:00"),  # 00:00 the next day
        ],
        first=first,
        last=last,
    )

    assert found.by_day == (
        (first, Tally(3, 3, 0, 0, 3, 3, 3)),
        (last, Tally(1, 1, 0, 0, 1, 1, 1)),
    )
    assert [slot for slot, _ in found.by_half_hour] == [
        dt.time(0),
        dt.time(0, 30),
        dt.time(2),
        dt.time(23, 30),
    ]
