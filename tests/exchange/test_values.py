"""What cells say: times in both zones, lengths of time, numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given as every, strategies as st

from bot.exchange import values as v
from bot.exchange.reading import Cells

from .files import CLOCK, utc

UTC_CLOCK = replace(CLOCK, zone="utc")


def cell(text: str) -> Cells:
    return Cells(7, {"x": text}, {"x": "X"})


def code(cells: Cells) -> str:
    return cells.bad.code if cells.bad else ""


@pytest.mark.parametrize(
    ("text", "local", "in_utc"),
    [
        ("2026-11-24 09:30", "2026-11-24 09:30", "2026-11-24 09:30"),
        ("2026-07-01T09:30:15", "2026-07-01 08:30:15", "2026-07-01 09:30:15"),
        ("2026-07-01T09:30:15.0000000", "2026-07-01 08:30:15", "2026-07-01 09:30:15"),
        ("2026-07-01T09:30:00Z", "2026-07-01 09:30", "2026-07-01 09:30"),
        ("2026-07-01T09:30:00+02:00", "2026-07-01 07:30", "2026-07-01 07:30"),
        ("1/7/2026 9:30", "2026-07-01 08:30", "2026-07-01 09:30"),
        ("01/07/2026, 9:30:15", "2026-07-01 08:30:15", "2026-07-01 09:30:15"),
        ("01/07/2026 12:05:00 AM", "2026-06-30 23:05", "2026-07-01 00:05"),
        ("01/07/2026 1:05 pm", "2026-07-01 12:05", "2026-07-01 13:05"),
        # The clocks go back at 01:00 UTC on 25 October 2026: the first 01:30 is 00:30 UTC.
        ("2026-10-25 01:30", "2026-10-25 00:30", "2026-10-25 01:30"),
        ("2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 02:00"),
        # They go forward at 01:00 UTC on 28 March 2027.
        ("2027-03-28 00:59", "2027-03-28 00:59", "2027-03-28 00:59"),
        ("2027-03-28 02:00", "2027-03-28 01:00", "2027-03-28 02:00"),
    ],
)
def test_a_time_is_read_in_either_zone(text, local, in_utc):
    assert v.instant(cell(text), "x", CLOCK) == utc(local)
    assert v.instant(cell(text), "x", UTC_CLOCK) == utc(in_utc)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-28 01:30", "no_such_time"),
        ("2026-11-24", "date_only"),
        ("24/11/2026", "date_only"),
        ("11/24/2026 09:30", "time"),
        ("24/11/26 09:30", "time"),
        ("45985.4", "time"),
        ("24/11/2026 13:00 PM", "time"),
        ("24/11/2026 25:00", "time"),
        ("2026-11-24 24:00", "time"),
        ("0001-01-01 00:00", "time"),
        ("9999-12-31 23:59", "time"),
        ("=NOW()", "time"),
        ("yesterday", "time"),
        ("2027-06-01 13:01", "future"),
    ],
)
def test_what_is_no_time_that_has_been_is_marked(text, expected):
    cells = cell(text)
    v.instant(cells, "x", CLOCK)
    assert code(cells) == expected
    assert cells.bad.column == "X"


def test_an_empty_time_is_marked_only_where_it_is_needed():
    cells = cell("")
    assert v.instant(cells, "x", CLOCK) is None
    assert code(cells) == ""
    v.instant(cells, "x", CLOCK, required=True)
    assert code(cells) == "missing"


def test_an_own_format_is_followed():
    american = replace(CLOCK, date_format="%m/%d/%Y %I:%M %p")
    assert v.instant(cell("11/24/2026 01:30 PM"), "x", american) == utc("2026-11-24 13:30")
    assert v.format_works("%d.%m.%Y %H:%M:%S")
    assert v.format_works("")
    for broken in ("%d/%m/%Y", "%H:%M", "%Q", "%Y %Y %m %d %H %M", "words", "%"):
        assert not v.format_works(broken), broken


def test_a_day_is_local():
    assert v.day(cell("2026-07-01T23:30:00Z"), "x", CLOCK) == dt.date(2026, 7, 2)
    assert v.day(cell("1/7/2026"), "x", CLOCK) == dt.date(2026, 7, 1)
    for text, expected in (("", "missing"), ("2/6/2027", "future"), ("soon", "date")):
        cells = cell(text)
        v.day(cells, "x", CLOCK)
        assert code(cells) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("65", 65),
        ("65.5", 65.5),
        ("1:05", 65),
        ("75:00", 4500),
        ("00:01:05", 65),
        ("0:01:05.5", 65.5),
        ("PT1M5S", 65),
        ("pt1h", 3600),
        ("P1D", 86400),
        ("PT0.5S", 0.5),
        ("24:00:00", 86400),
        ("-0", 0),
        ("", None),
    ],
)
def test_a_length_of_time_in_seconds(text, seconds):
    cells = cell(text)
    assert v.seconds(cells, "x") == seconds
    assert code(cells) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-5", "negative"),
        ("-0:05", "negative"),
        ("24:00:01", "too_long"),
        ("9" * 400, "too_long"),
        ("1:65", "duration"),
        ("1:60:00", "duration"),
        ("1,5", "duration"),
        ("P", "duration"),
        ("PT", "duration"),
        ("five", "duration"),
        ("٦٥", "duration"),
        ("1e3", "duration"),
        ("nan", "duration"),
    ],
)
def test_what_is_no_possible_length_is_marked(text, expected):
    cells = cell(text)
    v.seconds(cells, "x")
    assert code(cells) == expected


@every(st.text())
def test_no_text_raises(text):
    v.instant(cell(text), "x", CLOCK)
    v.day(cell(text), "x", CLOCK)
    v.seconds(cell(text), "x")
    v.whole(cell(text), "x", 5)
    v.yes_no(cell(text), "x")
    v.format_works(text)


def test_whole_numbers_stay_within_bounds():
    assert v.whole(cell("3.0"), "x", 5) == 3
    for text in ("6", "2.5", "-1", "٣", "1" * 9):
        cells = cell(text)
        assert v.whole(cells, "x", 5) is None
        assert code(cells) == "number"
