"""The call queue report of Teams: one row a call, and one row an hour."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.calls import Call, CallCount, CallOutcome
from bot.exchange.reading import BadRow, Read, Unreadable
from bot.exchange.teams_calls import read_teams_calls

from .files import CLOCK, made, utc

PER_CALL = (
    *("Call Start Time UTC", "Call Start Time Local", "Call End Time UTC", "CQ Name"),
    *("Call Queue Call Result", "Call Queue Call Result Legend", "Call Count"),
    *("Call Duration Seconds", "ConferenceID", "Agent Name"),
)
ID = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


def call_row(
    start="2026-07-01T08:30:00",
    end="2026-07-01T08:40:00",
    code="transferred_to_agent",
    legend="Agent Answered",
    count=1,
    lasted=42,
    ref=ID,
):
    local = "1/7/2026 09:30"
    return (start, local, end, "cq_mash", code, legend, count, lasted, ref, "jo.smith")


def calls(*rows, headings=PER_CALL, **more):
    found = read_teams_calls(made(headings, *rows), CLOCK, **more)
    assert isinstance(found, Read), found
    return found


def test_a_call_is_read_by_its_utc_time_and_its_length_left_alone():
    found = calls(call_row())

    assert [replace(c, key="") for c in found.good] == [
        Call("", utc("2026-07-01 08:30"), "cq_mash", CallOutcome.ANSWERED, None, None, ID)
    ]
    assert "jo.smith" not in repr(found)


def test_the_length_is_the_wait_once_somebody_has_checked_that_it_is():
    assert calls(call_row(), duration_is_wait=True).good[0].wait_s == 42


@pytest.mark.parametrize(
    ("legend", "outcome"),
    [
        ("Agent Answered", CallOutcome.ANSWERED),
        ("Agent Answered (Callback)", CallOutcome.ANSWERED),
        ("Abandoned", CallOutcome.ABANDONED),
        ("Overflowed (Voicemail)", CallOutcome.OTHER),
        ("Timed Out", CallOutcome.OTHER),
        ("No Agents", CallOutcome.OTHER),
        ("Other", CallOutcome.OTHER),
    ],
)
def test_the_legend_is_read_before_the_code(legend, outcome):
    assert calls(call_row(code="error", legend=legend)).good[0].outcome is outcome


RAW = (
    *("UserStartTimeUTC", "CallQueueIdentity", "CallQueueCallResult", "CallQueueTargetType"),
    *("CallQueueDurationSeconds", "TotalCallCount", "ConferenceId"),
)


@pytest.mark.parametrize(
    ("code", "target", "outcome"),
    [
        ("transferred_to_agent", "User", CallOutcome.ANSWERED),
        ("agent_joined_conference", "User", CallOutcome.ANSWERED),
        ("transferred_to_callback_caller", "", CallOutcome.ANSWERED),
        ("disconnected", "Disconnect", CallOutcome.ABANDONED),
        ("disconnected", "", CallOutcome.ABANDONED),
        ("disconnected", "Mailbox", CallOutcome.OTHER),
        ("overflown", "Mailbox", CallOutcome.OTHER),
        ("timed_out", "Disconnect", CallOutcome.OTHER),
        ("callback_call_timed_out", "", CallOutcome.OTHER),
        ("no_agent", "Phone", CallOutcome.OTHER),
        ("declined", "", CallOutcome.OTHER),
    ],
)
def test_the_names_of_the_service_behind_the_report_are_read_too(code, target, outcome):
    raw = ("2026-11-24 09:30:00Z", "cq_mash@riverside.example", code, target, 12.5, 1, ID)

    (call,) = calls(raw, headings=RAW).good

    assert (call.outcome, call.queue, call.wait_s) == (outcome, "cq_mash", 12.5)
    assert call.at == utc("2026-11-24 09:30")


def test_the_count_of_abandoned_calls_settles_what_disconnected_means():
    headings = (*PER_CALL[:5], "Call Count Abandoned")
    rows = [(*call_row(code="disconnected", start=f"2026-07-01 0{n}:00")[:5], n) for n in (0, 1)]

    found = calls(*rows, headings=headings)

    assert [c.outcome for c in found.good] == [CallOutcome.OTHER, CallOutcome.ABANDONED]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"start": "2026-07-01"}, "Call Start Time UTC", "date_only"),
        ({"end": "2026-07-01 08:00"}, "Call End Time UTC", "ended_before_start"),
        ({"count": 3}, "Call Count", "several_calls"),
        ({"legend": "Atendida"}, "Call Queue Call Result Legend", "result"),
        ({"legend": ""}, "Call Queue Call Result Legend", "missing"),
    ],
)
def test_a_bad_row_says_where_and_why(cells, column, code):
    assert calls(call_row(**cells)).bad == (BadRow(2, column, code),)


PER_HOUR = (
    *("UTC Date", "CQ Name", "Call Queue Call Result Legend", "Call Queue Final State Action"),
    *("Sum of Call Count", "Average Call Queue Duration (Sec)"),
)


def hour(at, legend, count, wait="", action=""):
    return (at, "cq_mash", legend, action, count, wait)


def test_a_report_by_the_hour_gives_counts():
    nine, ten = "2026-07-01 08:00", "2026-07-01 09:00"
    found = calls(
        hour(nine, "Agent Answered (Call)", 4, 30, "forward"),
        hour(nine, "Agent Answered (Callback)", 1, 10, "forward"),
        hour(nine, "Abandoned", 2, 99, "disconnect"),
        hour(nine, "Timed Out (Voicemail)", 3, 300, "shared_voicemail"),
        hour(ten, "Abandoned", 1),
        hour(ten, "Agent Answered (Call)", 2),
        hour(ten, "Abandoned", 1),
        headings=PER_HOUR,
    )

    first, second = found.good
    assert replace(first, key="") == CallCount("", utc(nine), "cq_mash", 10, 5, 2, 130.0)
    assert first.other == 3
    assert replace(second, key="") == CallCount("", utc(ten), "cq_mash", 3, 2, 1, None)
    assert found.repeats == 1


def test_a_later_count_of_the_same_hour_has_the_same_key():
    rows = [hour("2026-07-01 08:00", "Abandoned", n) for n in (1, 4)]
    keys = {calls(r, headings=PER_HOUR).good[0].key for r in rows}
    assert len(keys) == 1


def test_two_counts_of_the_same_thing_cannot_both_be_right():
    rows = [hour("2026-07-01 08:00", "Abandoned", n) for n in (1, 4)]
    assert calls(*rows, headings=PER_HOUR).bad == (BadRow(3, "Sum of Call Count", "id_twice"),)


def test_a_file_that_is_neither_names_the_headings_of_a_report_by_call():
    found = read_teams_calls(made(("CQ Name", "Agent Name")), CLOCK)
    assert isinstance(found, Unreadable)
    assert found.code == "missing_column"
    assert "Call Start Time UTC" in found.params["missing"]


def test_faults_of_the_file_itself_come_through():
    for data, code in ((b"%PDF-1", "pdf"), (b"", "empty"), (b"Jo,Smith\n", "header")):
        found = read_teams_calls(data, CLOCK)
        assert isinstance(found, Unreadable)
        assert found.code == code
    found = read_teams_calls(b"", replace(CLOCK, date_format="%d"))
    assert found == Unreadable("mapping_date_format")
