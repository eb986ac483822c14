"""Counts a rehearsal file again from its raw events, by the definitions and nothing of the bot.

Written apart from the code it checks: only the standard library is imported here.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

ZONE = ZoneInfo("Europe/London")
OPENING = {
    0: (dt.time(8, 30), dt.time(17, 0)),
    1: (dt.time(8, 30), dt.time(17, 0)),
    2: (dt.time(10, 30), dt.time(17, 0)),
    3: (dt.time(8, 30), dt.time(17, 0)),
    4: (dt.time(8, 30), dt.time(16, 30)),
}
BANK_HOLIDAYS = {dt.date(2026, 12, 25), dt.date(2026, 12, 28), dt.date(2027, 1, 1)}
TEST_WEEKDAYS = {1, 2, 3}
TEST_WINDOW = (dt.date(2026, 11, 24), dt.date(2026, 12, 3))
TO_FOLLOW = "to follow"
WEAK_STARTS = ("monitor", "liaise", "support", "signpost", "follow up", "follow-up")
FEWEST_WORDS = 5
AGREES = 4
FEWEST_REPLIES = 5
DAYS_FOR_AN_ACTION = 28

MOVES_TO = {
    "referral.received": "draft",
    "intake.submitted": "briefed",
    "lead.claimed": "in_discussion",
    "lead.assigned": "in_discussion",
    "lead.defaulted": "in_discussion",
    "outcome.proposed": "outcome_proposed",
    "outcome.undone": "in_discussion",
    "outcome.endorsed": "outcome_agreed",
    "outcome.corrected": "outcome_proposed",
    "referral.closed": "closed",
    "referral.reopened": "in_discussion",
    "referral.merged": "merged",
    "referral.withdrawn": "withdrawn",
    "referral.handed_over": "handed_over",
}
"""Every other event leaves the state as it is, save a flag on a closed referral."""

DESK_EVENTS = {"roll.called", "test.paused", "test.resumed"}


def at_of(text: str) -> dt.datetime:
    """An instant of the file, as wall-clock time where the team works."""
    return dt.datetime.fromisoformat(text).astimezone(ZONE)


# Working time


def hours(day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    """When the door opens and shuts on a day; None on a day it stays shut."""
    if day in BANK_HOLIDAYS or day.weekday() not in OPENING:
        return None
    opens, shuts = OPENING[day.weekday()]
    return dt.datetime.combine(day, opens, ZONE), dt.datetime.combine(day, shuts, ZONE)


def next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while hours(day) is None:
        day += dt.timedelta(days=1)
    return day


def starts_counting(at: dt.datetime) -> dt.datetime:
    """The instant itself while open, else the next opening."""
    today = hours(at.date())
    if today and at < today[1]:
        return max(at, today[0])
    following = hours(next_working_day(at.date()))
    assert following is not None
    return following[0]


def decision_due(received: dt.datetime) -> dt.datetime:
    """The same clock time on the next working day, held inside that day's hours."""
    start = starts_counting(received)
    day = next_working_day(start.date())
    open_hours = hours(day)
    assert open_hours is not None
    same_time = dt.datetime.combine(day, start.time(), ZONE)
    return min(max(same_time, open_hours[0]), open_hours[1])


def elapsed_minutes(start: dt.datetime, end: dt.datetime) -> float:
    return (end.astimezone(dt.UTC) - start.astimezone(dt.UTC)).total_seconds() / 60


def working_minutes(start: dt.datetime, end: dt.datetime) -> float:
    total = 0.0
    day = start.date()
    while day <= end.date():
        if open_hours := hours(day):
            began, ended = max(start, open_hours[0]), min(end, open_hours[1])
            total += max(0.0, elapsed_minutes(began, ended))
        day += dt.timedelta(days=1)
    return total


def one_decimal(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


# One referral


@dataclass
class Outcome:
    code: str
    picked: dt.datetime
    agreed: dt.datetime | None = None


@dataclass
class Flag:
    raised: dt.datetime
    notified: dt.datetime | None = None
    acknowledged: dt.datetime | None = None


@dataclass
class Tally:
    """What the events of one referral come to."""

    received: dt.datetime
    answers: Json
    picks_code: str = ""
    submitted: dt.datetime | None = None
    briefed: dt.datetime | None = None
    first_lead: dt.datetime | None = None
    lead: str | None = None
    outcome: Outcome | None = None
    flag: Flag | None = None
    handed_over: bool = False
    decided_elsewhere: dt.datetime | None = None
    plan_saved: bool = False
    last_feedback: dt.datetime | None = None
    state: str = "draft"
    states: list[str] = field(default_factory=list)

    @property
    def decided(self) -> dt.datetime | None:
        if self.handed_over:
            return self.decided_elsewhere
        return self.outcome.agreed if self.outcome else None

    @property
    def by_duty_team(self) -> bool:
        return not self.handed_over and self.decided is not None

    @property
    def due(self) -> dt.datetime:
        return decision_due(self.received)


def next_state(state: str, kind: str) -> str:
    if kind == "immediate.flagged" and state == "closed":
        return "in_discussion"
    return MOVES_TO.get(kind, state)


def count_lead(tally: Tally, event: Json, at: dt.datetime) -> None:
    match event["type"]:
        case "lead.claimed":
            tally.lead = event["by"]
        case "lead.assigned" | "lead.defaulted":
            tally.lead = event["data"]["lead"]
        case "lead.handed_over":
            tally.lead = event["data"]["to"]
        case _:
            return
    tally.first_lead = tally.first_lead or at


def count_outcome(tally: Tally, event: Json, at: dt.datetime) -> None:
    data = event["data"]
    match event["type"]:
        case "outcome.proposed":
            tally.outcome = Outcome(data.get("proposed_code") or tally.picks_code, at)
        case "outcome.corrected":
            before = tally.outcome.code if tally.outcome else tally.picks_code
            tally.outcome = Outcome(data.get("code") or before, at)
        case "outcome.undone" | "referral.reopened":
            tally.outcome = None
            tally.handed_over, tally.decided_elsewhere = False, None
        case "outcome.endorsed" if tally.outcome:
            tally.outcome.agreed = tally.outcome.agreed or at
        case "referral.handed_over":
            tally.handed_over = True
        case "outcome.recorded_elsewhere":
            tally.decided_elsewhere = at
        case "immediate.flagged" if tally.state == "closed":
            tally.outcome = None
            tally.handed_over, tally.decided_elsewhere = False, None


def count_flag(tally: Tally, event: Json, at: dt.datetime) -> None:
    match event["type"]:
        case "immediate.flagged" if tally.flag is None or tally.state == "closed":
            tally.flag = Flag(at)
        case "immediate.stood_down":
            tally.flag = None
        case "assessment.notified" if tally.flag:
            tally.flag.notified = tally.flag.notified or at
        case "assessment.acknowledged" if tally.flag:
            tally.flag.acknowledged = tally.flag.acknowledged or at


def add_ids(children: list[Json], ids: Iterable[str]) -> list[Json]:
    """Mosaic IDs the notes name and the form did not go to the rows 'to follow'."""
    known = {c["mosaic_id"] for c in children}
    late = iter([i for i in ids if i not in known])
    return [
        {**c, "mosaic_id": next(late, TO_FOLLOW)} if c["mosaic_id"] == TO_FOLLOW else c
        for c in children
    ]


def count_rest(tally: Tally, event: Json, at: dt.datetime) -> None:
    data = event["data"]
    match event["type"]:
        case "intake.submitted":
            tally.submitted = at
        case "briefing.posted":
            tally.briefed = tally.briefed or at
        case "intake.amended":
            tally.answers.update(data["fields"])
        case "plan.saved":
            tally.plan_saved = True
        case "feedback.sent":
            tally.last_feedback = at
        case "casenote.exported":
            ids = data.get("children", [])
            tally.answers["children"] = add_ids(tally.answers["children"], ids)


def with_duplicate(intake: Json, duplicate: Json | None) -> tuple[dt.datetime, list[Json]]:
    """The earlier of two pick-ups, and every child of both."""
    received, children = at_of(intake["received_at"]), list(intake["children"])
    if duplicate:
        other = duplicate["intake"]
        received = min(received, at_of(other["received_at"]))
        known = {c["mosaic_id"] for c in children}
        children += [c for c in other["children"] if c["mosaic_id"] not in known]
    return received, children


def tally_of(scenario: Json) -> Tally:
    received, children = with_duplicate(scenario["intake"], scenario.get("duplicate"))
    answers = {**scenario["intake"], "children": children}
    outcome = scenario.get("outcome") or {}
    tally = Tally(received, answers, outcome.get("code", ""))
    for event in scenario["events"]:
        at = at_of(event["at"])
        for count in (count_lead, count_outcome, count_flag, count_rest):
            count(tally, event, at)
        if event["type"] in DESK_EVENTS:
            tally.states.append("-")
            continue
        tally.state = next_state(tally.state, event["type"])
        tally.states.append(tally.state)
    return tally


def mosaic_ids(tally: Tally) -> set[str]:
    return {c["mosaic_id"] for c in tally.answers["children"]} - {TO_FOLLOW}


# The rubric


def graded(good: int, of: int) -> int:
    """2 for all, 1 for at least half, else 0."""
    if of == 0 or 2 * good < of:
        return 0
    return 2 if good == of else 1


def is_specific(action: str) -> bool:
    words = action.strip().lower()
    weak = any(words == start or words.startswith(start + " ") for start in WEAK_STARTS)
    return len(words.split()) >= FEWEST_WORDS and not weak


def is_timed(due_on: str, picked: dt.date) -> bool:
    last = picked + dt.timedelta(days=DAYS_FOR_AN_ACTION)
    return bool(due_on) and picked <= dt.date.fromisoformat(due_on) <= last


def asked_child(view: str) -> bool:
    return bool(view.strip()) and not view.strip().lower().startswith("not asked")


def plan_score(scenario: Json, tally: Tally) -> Json | None:
    if not tally.plan_saved or tally.outcome is None:
        return None
    plan, picked = scenario["plan"], tally.outcome.picked.date()
    needs = set(tally.answers.get("needs") or [])
    told = [
        asked_child(tally.answers.get("child_view") or ""),
        bool(scenario["family_view"].strip()),
        bool(scenario["next_steps_for_referrer"].strip()),
    ]
    score = {
        "specific": graded(sum(is_specific(a["action"]) for a in plan), len(plan)),
        "owned": graded(sum(bool(a["owner"].strip()) for a in plan), len(plan)),
        "timed": graded(sum(is_timed(a["due_on"], picked) for a in plan), len(plan)),
        "needs_led": graded(len(needs & {a["need"] for a in plan}), len(needs)),
        "shared": {3: 2, 2: 1}.get(sum(told), 0),
    }
    return {**score, "total": sum(score.values())}


# What the file expects


def between(start: dt.datetime | None, end: dt.datetime | None) -> float | int | None:
    if start is None or end is None:
        return None
    return one_decimal(elapsed_minutes(start, end))


def by_the_due_time(at: dt.datetime | None, due: dt.datetime) -> bool:
    return at is not None and at <= due


def year_before(at: dt.datetime) -> dt.datetime:
    leap_day = (at.month, at.day) == (2, 29)
    return at.replace(year=at.year - 1, day=28 if leap_day else at.day)


def is_re_referral(tally: Tally, others: Iterable[Tally]) -> bool:
    if tally.answers.get("earlier") == "yes":
        return True
    since = year_before(tally.received)
    return any(
        since <= other.received < tally.received
        and other.state != "withdrawn"
        and mosaic_ids(other) & mosaic_ids(tally)
        for other in others
        if other is not tally
    )


def expected_of(scenario: Json, tally: Tally, others: Iterable[Tally]) -> Json:
    flag = tally.flag or Flag(tally.received)
    taken = flag.acknowledged if tally.flag else None
    decided = tally.decided
    working = working_minutes(tally.received, decided) if decided else None
    own_pick_up = at_of(scenario["intake"]["received_at"])
    return {
        "final_state": tally.state,
        "lead_at_close": tally.lead,
        "intake_minutes": between(own_pick_up, tally.submitted),
        "minutes_briefed_to_lead": between(tally.briefed, tally.first_lead),
        "decision_due_at": tally.due.isoformat(),
        "decided_by_duty_team": tally.by_duty_team,
        "minutes_received_to_decision": between(tally.received, decided),
        "working_minutes_received_to_decision": one_decimal(working),
        "decision_within_one_working_day": by_the_due_time(decided, tally.due),
        "immediate": tally.flag is not None,
        "minutes_received_to_assessment_ack": between(tally.received, taken),
        "minutes_flagged_to_assessment_ack": between(flag.raised, taken),
        "minutes_notified_to_assessment_ack": between(flag.notified, taken),
        "feedback_within_one_working_day": by_the_due_time(tally.last_feedback, tally.due),
        "minutes_received_to_last_feedback": between(tally.received, tally.last_feedback),
        "plan_score_auto": plan_score(scenario, tally),
        "children": len(tally.answers["children"]),
        "re_referral": is_re_referral(tally, others),
    }


# A week


@dataclass
class Row:
    scenario: Json
    tally: Tally
    expected: Json


def in_cohort(row: Row) -> bool:
    day = row.tally.received.date()
    on_test_day = day.weekday() in TEST_WEEKDAYS and TEST_WINDOW[0] <= day <= TEST_WINDOW[1]
    return on_test_day and row.tally.state not in ("withdrawn", "merged")


def monday_of(row: Row) -> dt.date:
    day = row.tally.received.date()
    return day - dt.timedelta(days=day.weekday())


def has_action_plan(row: Row) -> bool:
    owned_and_dated = any(a["owner"].strip() and a["due_on"] for a in row.scenario["plan"])
    return row.tally.by_duty_team and row.tally.plan_saved and owned_and_dated


def middle(values: list[float]) -> float | int | None:
    return one_decimal(statistics.median(values)) if values else None


def week_of(monday: dt.date, rows: list[Row], pulses: Json) -> Json:
    decided = [r for r in rows if r.tally.by_duty_team]
    codes = Counter(r.tally.outcome.code for r in decided if r.tally.outcome)
    taken = [r.expected["minutes_received_to_assessment_ack"] for r in rows]
    plans = [r for r in rows if has_action_plan(r)]
    return {
        "from": monday.isoformat(),
        "to": (monday + dt.timedelta(days=6)).isoformat(),
        "referrals_after_merge": len(rows),
        "children": sum(r.expected["children"] for r in rows),
        "duty_team_decisions": len(decided),
        "by_outcome": dict(sorted(codes.items())),
        "handed_over": sum(r.tally.handed_over for r in rows),
        "median_minutes_received_to_decision": middle(
            [r.expected["minutes_received_to_decision"] for r in decided]
        ),
        "immediate_minutes_to_assessment": [m for m in taken if m is not None],
        "decisions_within_one_working_day": share(rows, "decision_within_one_working_day"),
        "feedback_within_one_working_day": share(rows, "feedback_within_one_working_day"),
        "action_plans": len(plans),
        "median_plan_score": middle([r.expected["plan_score_auto"]["total"] for r in plans]),
        "survey": survey_of(rows),
        "pulse": pulse_of(monday, pulses),
    }


def survey_of(rows: list[Row]) -> Json:
    """Replied: gave an answer to the first question. Satisfied: 4 or 5 of 5."""
    told = [r.scenario.get("survey") or {} for r in rows if r.tally.last_feedback]
    answers = [s["q1"] for s in told if s.get("asked") and s.get("q1") is not None]
    return {"responses": len(answers), "satisfied": sum(a >= AGREES for a in answers)}


def pulse_of(monday: dt.date, pulses: Json) -> Json:
    """Percent that agree, item by item; none where fewer than five replied in the week."""
    days = [(monday + dt.timedelta(days=n)).isoformat() for n in range(7)]
    replies = [reply for day in days for reply in pulses.get(day, [])]
    agree = [
        math.floor(100 * sum(item >= AGREES for item in items) / len(items) + 0.5)
        for items in zip(*replies, strict=True)
    ]
    shown = agree if len(replies) >= FEWEST_REPLIES else None
    return {"responses": len(replies), "percent_agree": shown}


def share(rows: list[Row], name: str) -> list[int]:
    return [sum(r.expected[name] for r in rows), len(rows)]


def rows_of(file: Json) -> list[Row]:
    tallies = [tally_of(s) for s in file["scenarios"]]
    pairs = zip(file["scenarios"], tallies, strict=True)
    return [Row(s, t, expected_of(s, t, tallies)) for s, t in pairs]


def recount(file: Json) -> Json:
    """Every `expected` and the weeks of `expected_stats`, worked out again."""
    rows = rows_of(file)
    cohort = [r for r in rows if in_cohort(r)]
    mondays = sorted({monday_of(r) for r in cohort})
    pulses = file.get("pulses", {}).get("days", {})
    weeks = [week_of(m, [r for r in cohort if monday_of(r) == m], pulses) for m in mondays]
    return {
        "scenarios": [
            {"id": r.scenario["id"], "ref": r.scenario["ref"], "expected": r.expected} for r in rows
        ],
        "expected_stats": {"weeks": weeks},
    }


def read(path: Path) -> Json:
    file: Json = json.loads(path.read_text(encoding="utf-8"))
    return file
