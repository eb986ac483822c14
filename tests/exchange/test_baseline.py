"""Figures from before: one row a referral, with times that may be only dates."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.baseline import BaselineRow
from bot.domain.plan_quality import PlanScore
from bot.exchange.baseline_csv import BASELINE_COLUMNS, BaselineRead, read_baseline
from bot.exchange.reading import BadRow, Unreadable

from .files import CLOCK, PARTNERSHIP, made, utc

CASE = "7654321"


def row(**cells):
    given = {"row_id": CASE, "received_at": "02/07/2025 09:30", "children": "2", **cells}
    return [given.get(name, "") for name in BASELINE_COLUMNS]


def read(*rows, **more) -> BaselineRead:
    found = read_baseline(made(BASELINE_COLUMNS, *rows), PARTNERSHIP, CLOCK, **more)
    assert isinstance(found, BaselineRead), found
    return found


def one(**cells) -> BaselineRow:
    (made_row,) = read(row(**cells)).good
    return made_row


def test_a_whole_row():
    found = one(
        district="north",
        referrer_group="Health visitor",
        outcome="early help",
        lead_agency="police",
        decided_at="03/07/2025 16:00",
        immediate="yes",
        assessment_taken_at="2025-07-02 10:00",
        feedback_at="04/07/2025 12:00",
        lead_at="02/07/2025 09:45",
        re_referral="No",
        plan_specific=2,
        plan_owned=1,
        plan_timed=0,
        plan_needs_led=2,
        plan_shared=1,
        actions=4,
    )

    assert found == BaselineRow(
        key=found.key,
        received_on=dt.date(2025, 7, 2),
        received_at=utc("2025-07-02 08:30"),
        children=2,
        district="North",
        referrer_group="health_visitor",
        outcome="ehu",
        lead_agency="police",
        decided_at=utc("2025-07-03 15:00"),
        immediate=True,
        assessment_taken_at=utc("2025-07-02 09:00"),
        feedback_at=utc("2025-07-04 11:00"),
        lead_at=utc("2025-07-02 08:45"),
        re_referral=False,
        plan=PlanScore(2, 1, 0, 2, 1),
        actions=4,
    )


def test_the_least_a_row_can_hold():
    found = one()

    assert (found.district, found.outcome, found.immediate, found.re_referral) == (
        *("", "", False),
        None,
    )
    assert (found.plan, found.actions, found.decided_at) == (None, None, None)


@pytest.mark.parametrize(
    "outcome", ["ehu", "EHU", "Duty team refers to the Early Help Unit", "Early_help"]
)
def test_a_choice_by_code_label_or_short_name(outcome):
    assert one(outcome=outcome).outcome == "ehu"


def test_dates_without_a_time_are_taken_and_counted():
    found = read(
        row(row_id="1", received_at="2025-07-02", decided_at="03/07/2025"),
        row(row_id="2", decided_at="2025-07-03 00:00:00"),
        row(row_id="3", received_at="02/07/2025 00:00"),
        row(row_id="4", decided_at="03/07/2025", children=""),
    )

    assert found.dates_only == {
        "received_at": 2,
        "decided_at": 2,
        "assessment_taken_at": 0,
        "feedback_at": 0,
        "lead_at": 0,
    }
    first = found.good[0]
    assert (first.received_on, first.received_at, first.decided_at) == (
        dt.date(2025, 7, 2),
        None,
        None,
    )
    assert len(found.bad) == 1


def test_a_day_is_local_even_when_the_time_is_not():
    assert one(received_at="2025-07-01T23:30:00Z").received_on == dt.date(2025, 7, 2)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"row_id": ""}, "row_id", "missing"),
        ({"received_at": ""}, "received_at", "missing"),
        ({"received_at": "Tuesday"}, "received_at", "time"),
        ({"received_at": "30/03/2025 01:30"}, "received_at", "no_such_time"),
        ({"received_at": "2/6/2027"}, "received_at", "future"),
        ({"children": ""}, "children", "missing"),
        ({"children": "0"}, "children", "number"),
        ({"children": "two"}, "children", "number"),
        ({"district": "Atlantis"}, "district", "choice"),
        ({"referrer_group": "Jo Smith"}, "referrer_group", "choice"),
        ({"decided_at": "02/07/2025 09:29"}, "decided_at", "before_received"),
        ({"decided_at": "01/07/2025"}, "decided_at", "before_received"),
        ({"feedback_at": "01/07/2025 10:00"}, "feedback_at", "before_received"),
        ({"assessment_taken_at": "2025-07-02 09:00"}, "assessment_taken_at", "before_received"),
        ({"immediate": "perhaps"}, "immediate", "yes_no"),
        ({"re_referral": "?"}, "re_referral", "yes_no"),
        ({"plan_specific": "3"}, "plan_specific", "number"),
        ({"plan_specific": "2"}, "plan_owned", "plan_part"),
        ({"actions": "-1"}, "actions", "number"),
    ],
)
def test_a_bad_row_says_where_and_why(cells, column, code):
    assert read(row(**cells)).bad == (BadRow(2, column, code),)


def test_decided_on_the_day_it_came_is_in_order_when_only_the_day_is_known():
    assert read(row(decided_at="02/07/2025")).bad == ()


def test_some_scores_of_a_file_without_the_other_columns_are_not_a_plan():
    data = made(("row_id", "received_at", "children", "plan_owned"), ("1", "2025-07-02", 1, 2))
    found = read_baseline(data, PARTNERSHIP, CLOCK)
    assert found.bad == (BadRow(2, "", "plan_part"),)


def test_no_case_number_is_kept():
    found = read(row(), row(row_id="7654322", district="7654399"))

    for number in (CASE, "7654322", "7654399"):
        assert number not in repr(found)
    assert found.good[0].key != hashlib.sha256(CASE.encode()).hexdigest()


def test_the_key_is_the_same_in_a_later_file_and_goes_by_the_secret():
    keys = [read(row(children=n), secret=s).good[0].key for n, s in ((1, b""), (2, b""), (1, b"s"))]

    assert keys[0] == keys[1] != keys[2]


def test_equal_rows_count_once_and_different_ones_with_one_id_are_told():
    found = read(row(), row(), row(children=3))

    assert (len(found.good), found.repeats) == (1, 1)
    assert found.bad == (BadRow(4, "row_id", "id_twice"),)


def test_headings_of_ones_own():
    data = made(("Case", "received_at", "children"), ("1", "2025-07-02", 1))

    assert isinstance(
        read_baseline(data, PARTNERSHIP, CLOCK, columns={"row_id": "Case"}), BaselineRead
    )
    for columns, code in (({}, "missing_column"), ({"case": "Case"}, "mapping_unknown")):
        found = read_baseline(data, PARTNERSHIP, CLOCK, columns=columns)
        assert isinstance(found, Unreadable)
        assert found.code == code


@settings(max_examples=150, deadline=None)
@every(st.lists(st.dictionaries(st.sampled_from(BASELINE_COLUMNS), st.text(max_size=20))))
def test_no_cells_whatever_raise(rows):
    read_baseline(made(BASELINE_COLUMNS, *(row(**cells) for cells in rows)), PARTNERSHIP, CLOCK)
