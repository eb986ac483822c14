"""The phone line's own report, by a mapping."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.calls import Call, CallOutcome
from bot.exchange.calls_csv import CallMapping, read_calls
from bot.exchange.reading import BadRow, Read, Unreadable

from .files import CLOCK, made, utc

HEADINGS = ("Began", "Picked up", "Over", "Waited", "Talked", "Ended as", "Line", "Ref", "Caller")
MAPPING = CallMapping(
    columns={
        "started_at": "Began",
        "answered_at": "Picked up",
        "ended_at": "Over",
        "wait_seconds": "Waited",
        "talk_seconds": "Talked",
        "result": "Ended as",
        "queue": "Line",
        "call_id": "Ref",
    },
    answered=("Handled",),
    abandoned=("Hung up", "Lost"),
)
CALLER = "07700 900123 Jo Smith"


def row(
    began="24/11/2026 09:30:00",
    up="",
    over="",
    waited="",
    talked="",
    ended="Handled",
    line="MASH",
    ref="c-1",
):
    return (began, up, over, waited, talked, ended, line, ref, CALLER)


def read(*rows, mapping=MAPPING) -> Read[Call]:
    found = read_calls(made(HEADINGS, *rows), mapping, CLOCK)
    assert isinstance(found, Read), found
    return found


def one(**cells) -> Call:
    (call,) = read(row(**cells)).good
    return call


def test_a_whole_row():
    call = one(
        up="24/11/2026 09:31:05", over="24/11/2026 09:40:05", waited="1:05", talked="PT9M", ref="A"
    )

    assert replace(call, key="") == Call(
        "", utc("2026-11-24 09:30"), "MASH", CallOutcome.ANSWERED, 65.0, 540.0, "A"
    )


def test_waits_and_talk_come_from_the_times_where_no_column_gives_them():
    answered = one(up="24/11/2026 09:31:05", over="24/11/2026 09:40:05")
    left = one(over="24/11/2026 09:32:00", ended="hung_UP")
    silent = one()

    assert (answered.wait_s, answered.talk_s) == (65, 540)
    assert (left.outcome, left.wait_s, left.talk_s) == (CallOutcome.ABANDONED, 120, None)
    assert (silent.wait_s, silent.talk_s) == (None, None)


def test_what_is_neither_answered_nor_abandoned_is_other():
    assert one(ended="Voicemail").outcome is CallOutcome.OTHER


def test_without_a_result_the_time_of_answering_tells():
    mapping = CallMapping({"started_at": "Began", "answered_at": "Picked up"}, queue="Line 1")

    found = read(row(up="24/11/2026 09:31"), row(), mapping=mapping)

    assert [c.outcome for c in found.good] == [CallOutcome.ANSWERED, CallOutcome.ABANDONED]
    assert {c.queue for c in found.good} == {"Line 1"}


def test_numbers_and_names_of_columns_that_are_not_mapped_are_never_read():
    found = read(row(), row(began=CALLER, ref="x"), row(ended="", ref=CALLER))

    assert len(found.good) == 1
    assert len(found.bad) == 2
    for part in ("07700", "900123", "Jo", "Smith"):
        assert part not in repr(found)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"began": ""}, "Began", "missing"),
        ({"began": "24/11/2026"}, "Began", "date_only"),
        ({"began": "01/07/2027 09:00"}, "Began", "future"),
        ({"began": "28/03/2027 01:30"}, "Began", "no_such_time"),
        ({"over": "24/11/2026 09:29"}, "Over", "ended_before_start"),
        ({"up": "24/11/2026 09:31", "over": "24/11/2026 09:30:30"}, "Over", "ended_before_start"),
        ({"up": "24/11/2026 09:29"}, "Picked up", "answered_before_start"),
        ({"over": "26/11/2026 09:29"}, "Over", "too_long"),
        ({"waited": "-1"}, "Waited", "negative"),
        ({"waited": "25:00:00"}, "Waited", "too_long"),
        ({"talked": "long"}, "Talked", "duration"),
        ({"ended": ""}, "Ended as", "missing"),
        ({"ref": "07700900123"}, "Ref", "call_id_private"),
        ({"ref": "jo@example.org"}, "Ref", "call_id_private"),
    ],
)
def test_a_bad_row_says_where_and_why(cells, column, code):
    assert read(row(**cells)) == Read((), (BadRow(2, column, code),))


def test_an_id_is_not_taken_for_a_phone_number():
    for ref in ("0b2f0123-4567-8901-2345-678901234567", "1700000123", "20261124093000001", "c-1"):
        assert one(ref=ref).call_id == ref


def test_the_same_call_has_the_same_key_in_any_later_file():
    first = read(row(), row(ref="c-2"))
    later = read(row(ref="c-3"), row(ref="c-2", waited="9"), row())

    assert {c.key for c in first.good} < {c.key for c in later.good}


def test_the_same_call_written_in_utc_has_the_same_key():
    local = one(began="01/07/2026 09:30:00")
    (there,) = read(row(began="01/07/2026 08:30:00"), mapping=replace(MAPPING, zone="utc")).good

    assert there == local


def test_rows_of_one_call_count_once_and_the_answered_one_stands():
    rows = [row(ended=e) for e in ("Voicemail", "Handled", "Lost", "Handled")]

    for order in (rows, rows[::-1]):
        found = read(*order)
        assert [c.outcome for c in found.good] == [CallOutcome.ANSWERED]
        assert found.repeats == 3


def test_two_equal_calls_without_an_id_stay_two_and_a_re_import_adds_none():
    twins = [row(ref=""), row(ref="")]

    found = read(*twins)
    again = read(row(ref="", began="24/11/2026 09:00"), *twins)

    assert len({c.key for c in found.good}) == 2
    assert {c.key for c in found.good} < {c.key for c in again.good}
    assert len(again.good) == 3


def test_the_hour_that_comes_twice():
    local = one(began="25/10/2026 01:30:00")
    (second,) = read(row(began="25/10/2026 01:30:00"), mapping=replace(MAPPING, zone="utc")).good

    assert local.at == utc("2026-10-25 00:30")
    assert second.at == utc("2026-10-25 01:30")


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (CallMapping({"phone": "Caller", "started_at": "Began"}), "mapping_unknown"),
        (CallMapping({"answered_at": "Picked up"}), "mapping_missing"),
        (CallMapping({"started_at": "Began"}), "mapping_result"),
        (CallMapping({"started_at": "Began", "result": "Ended as"}), "mapping_result"),
        (replace(MAPPING, date_format="%d/%m/%Y"), "mapping_date_format"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_the_file_is_read(mapping, code):
    found = read_calls(b"PK\x03\x04", mapping, CLOCK)
    assert isinstance(found, Unreadable)
    assert found.code == code


def test_a_mapped_column_that_is_not_there_is_named():
    found = read_calls(made(HEADINGS[1:]), MAPPING, CLOCK)
    assert isinstance(found, Unreadable)
    assert (found.code, found.params["missing"]) == ("missing_column", "Began")


CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["24/11/2026 09:30", "-5", "PT5S", "Handled", "=1+1", "@SUM(A1)", CALLER]),
)


@settings(max_examples=150, deadline=None)
@every(st.lists(st.lists(CELL, min_size=9, max_size=9), max_size=5))
def test_no_cells_whatever_raise(rows):
    found = read_calls(made(HEADINGS, *rows), MAPPING, CLOCK)
    if isinstance(found, Read):
        assert {(b.column in ("", *HEADINGS), b.code.islower()) for b in found.bad} <= {
            (True, True)
        }
        for call in found.good:
            assert call.at.tzinfo is dt.UTC
            assert call.wait_s is None or 0 <= call.wait_s <= 86400
