"""The figures the rehearsal files expect are the ones their events come to, counted apart."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pytest

from tests.rehearsal import recount
from tests.rehearsal.recount import Json, at_of

FOLDER = Path(__file__).parents[2] / "bot" / "rehearsal"
SIX = FOLDER / "six_referrals.json"
TEN = FOLDER / "ten_referrals.json"
BOTH = pytest.mark.parametrize("path", [SIX, TEN], ids=["six", "ten"])

EVENT_TYPES = {
    "action.done",
    "assessment.acknowledged",
    "assessment.notified",
    "briefing.posted",
    "casenote.exported",
    "claim.refused",
    "contribution.added",
    "contribution.confirmed",
    "disagreement.recorded",
    "feedback.checked",
    "feedback.not_possible",
    "feedback.passed",
    "feedback.sent",
    "history.viewed",
    "identity.asked",
    "identity.told",
    "immediate.flagged",
    "immediate.stood_down",
    "intake.amended",
    "intake.submitted",
    "lead.assigned",
    "lead.claimed",
    "lead.defaulted",
    "lead.handed_over",
    "lead.handover_offered",
    "message",
    "message.filed",
    "nudge.sent",
    "outcome.corrected",
    "outcome.endorsed",
    "outcome.proposed",
    "outcome.recorded_elsewhere",
    "outcome.undone",
    "plan.saved",
    "police.contact_recorded",
    "referral.closed",
    "referral.handed_over",
    "referral.linked",
    "referral.merged",
    "referral.received",
    "referral.reopened",
    "referral.withdrawn",
    "roll.called",
    "strategy.considered",
    "strategy.held",
    "test.paused",
    "test.resumed",
}
"""Every kind of event there is."""


def every_event(file: Json) -> list[Json]:
    own = [e for s in file["scenarios"] for e in s["events"]]
    return own + [e for s in file["scenarios"] for e in s.get("duplicate", {}).get("events", [])]


@BOTH
def test_every_referrals_figures_are_what_its_events_come_to(path: Path) -> None:
    file = recount.read(path)
    wanted = [
        {"id": s["id"], "ref": s["ref"], "expected": s["expected"]} for s in file["scenarios"]
    ]
    assert recount.recount(file)["scenarios"] == wanted


@BOTH
def test_every_weeks_figures_are_what_its_referrals_come_to(path: Path) -> None:
    file = recount.read(path)
    assert recount.recount(file)["expected_stats"]["weeks"] == file["expected_stats"]["weeks"]


@BOTH
def test_every_state_is_the_one_its_event_leads_to(path: Path) -> None:
    for scenario in recount.read(path)["scenarios"]:
        said = [e["state_after"] for e in scenario["events"]]
        assert recount.tally_of(scenario).states == said, scenario["id"]


@BOTH
def test_events_are_numbered_and_in_order(path: Path) -> None:
    for scenario in recount.read(path)["scenarios"]:
        events = scenario["events"]
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
        times = [at_of(e["at"]) for e in events]
        assert times == sorted(times), scenario["id"]


def test_the_ten_use_every_kind_of_event() -> None:
    assert {e["type"] for e in every_event(recount.read(TEN))} == EVENT_TYPES


def test_there_are_ten_over_two_weeks() -> None:
    file = recount.read(TEN)
    assert [s["id"] for s in file["scenarios"]] == [f"T{n:02d}" for n in range(1, 11)]
    weeks = [week["from"] for week in file["expected_stats"]["weeks"]]
    assert weeks == ["2026-11-23", "2026-11-30"]


def test_references_follow_the_order_of_submission_duplicates_included() -> None:
    file = recount.read(TEN)
    referrals = [
        *file["scenarios"],
        *(s["duplicate"] for s in file["scenarios"] if "duplicate" in s),
    ]
    submitted = {
        r["ref"]: next(at_of(e["at"]) for e in r["events"] if e["type"] == "intake.submitted")
        for r in referrals
    }
    assert sorted(submitted) == sorted(submitted, key=submitted.__getitem__)
    assert sorted(submitted) == [f"REF-2026-{n:05d}" for n in range(1, len(submitted) + 1)]


def test_a_duplicate_says_where_it_went_and_when_its_decision_was_due() -> None:
    found = [s for s in recount.read(TEN)["scenarios"] if "duplicate" in s]
    assert found
    for scenario in found:
        duplicate = scenario["duplicate"]
        tally = recount.tally_of(duplicate)
        said = [e["state_after"] for e in duplicate["events"]]
        assert (tally.state, tally.states) == (duplicate["final_state"], said)
        assert duplicate["merged_into"] == scenario["ref"]
        assert duplicate["decision_due_at"] == tally.due.isoformat()


def test_the_recount_sees_a_changed_event() -> None:
    """It counts the events: what the file expects is never read."""
    file = copy.deepcopy(recount.read(SIX))
    before = recount.recount(file)
    for scenario in file["scenarios"]:
        del scenario["expected"]
    assert recount.recount(file) == before
    endorsed = next(e for e in file["scenarios"][0]["events"] if e["type"] == "outcome.endorsed")
    endorsed["at"] = "2026-11-25T10:31:00+00:00"
    after = recount.recount(file)["scenarios"][0]["expected"]
    assert after["decision_within_one_working_day"] is False
    assert after["working_minutes_received_to_decision"] == 469


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-24T09:00+00:00", "2026-11-25T10:30+00:00"),
        ("2026-11-26T16:38+00:00", "2026-11-27T16:30+00:00"),
        ("2026-11-27T16:45+00:00", "2026-12-01T08:30+00:00"),
        ("2026-12-24T11:00+00:00", "2026-12-29T11:00+00:00"),
    ],
    ids=["opens late", "closes early", "after closing", "bank holidays"],
)
def test_the_decision_is_due_one_working_day_on(received: str, due: str) -> None:
    assert recount.decision_due(at_of(received)) == dt.datetime.fromisoformat(due)
