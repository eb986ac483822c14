"""A report as data: the names a scenario file uses for a week, then every measure of the table."""

from __future__ import annotations

import statistics
from typing import Any

from bot.domain.baseline_figures import Comparison
from bot.domain.breakdown import Breakdown
from bot.domain.call_figures import CallFigures, Tally
from bot.domain.counting import Result, as_data, half_up, one_decimal
from bot.domain.measures import AVERAGES, MEASURES, Kind, Measure, Report
from cards.context import View
from cards.figure_words import Hide, is_hidden, parts_of, value_of
from cards.splits import split_lines

Json = dict[str, Any]
_PULSE = ("heard", "needs_talked", "quicker", "know_what_to_do")


def week_json(report: Report) -> Json:
    """One decimal; [n, of] for shares. Medians of any number of values: a reader sees how many."""
    r = report
    decided = [x.minutes_received_to_decision for x in r.facts.decided]
    taken = [x.minutes_received_to_assessment_ack for x in r.facts.immediate]
    return {
        "from": r.period.first.isoformat(),
        "to": r.period.last.isoformat(),
        "referrals_after_merge": r["referrals"].n,
        "children": r["children"].n,
        "duty_team_decisions": r["decided"].n,
        "by_outcome": dict(r["by_outcome"].parts),
        "handed_over": r["handed_over"].n,
        "median_minutes_received_to_decision": _middle([m for m in decided if m is not None]),
        "immediate_minutes_to_assessment": [one_decimal(m) for m in taken if m is not None],
        "decisions_within_one_working_day": [r["decision_in_time"].n, r["decision_in_time"].of],
        "feedback_within_one_working_day": [r["feedback_in_time"].n, r["feedback_in_time"].of],
        "action_plans": r["plans"].n,
        "median_plan_score": _middle(
            [float(x.plan_score.total) for x in r.facts.decided if x.plan_score]
        ),
        "survey": {"responses": r["satisfied"].of, "satisfied": r["satisfied"].n},
        "pulse": {
            "responses": r["pulse_replies"].n,
            "percent_agree": [_percent(r, key) for key in _PULSE] if r["heard"].of else None,
        },
    }


def _middle(values: list[float]) -> float | int | None:
    return one_decimal(statistics.median(values)) if values else None


def _percent(report: Report, key: str) -> int | None:
    percent = report[key].percent
    return None if percent is None else half_up(percent)


def report_json(report: Report, view: View, *, hide: Hide = Hide.NOTHING) -> Json:
    """Exact; or, to be shared, only the measures, with small numbers hidden."""
    if hide:
        return {
            "from": report.period.first.isoformat(),
            "to": report.period.last.isoformat(),
            "as_at": report.as_at.isoformat(),
            "test": report.period.test,
            "small_numbers": "hidden",
            "measures": {m.key: shared_data(m, report[m.key], view) for m in MEASURES},
        }
    return {
        **week_json(report),
        "as_at": report.as_at.isoformat(),
        "test": report.period.test,
        "late": list(report.late),
        "measures": {m.key: as_data(report[m.key]) for m in MEASURES},
        "phone": phone_json(report.facts.material.calls),
    }


def phone_json(calls: CallFigures | None) -> Json | None:
    """None where no calls were brought. Days and half-hours with nothing in them are left out."""
    if calls is None:
        return None
    return {
        "target_seconds": one_decimal(calls.target_s),
        "by_day": [
            {"day": day.isoformat(), **_tally_json(t)} for day, t in calls.by_day if t != Tally()
        ],
        "by_half_hour": [
            {"half_hour": f"{slot:%H:%M}", **_tally_json(t)}
            for slot, t in calls.by_half_hour
            if t != Tally()
        ],
    }


def _tally_json(tally: Tally) -> Json:
    return {
        "offered": tally.offered,
        "answered": tally.answered,
        "abandoned": tally.abandoned,
        "referrals": tally.referrals,
        "in_target": tally.in_target,
        "in_target_of": tally.in_target_of,
        "median_seconds": one_decimal(tally.median_s),
    }


def shared_data(measure: Measure, result: Result, view: View) -> Json:
    """The words others may see, and the numbers only where nothing of them is hidden."""
    data: Json = {"shown": value_of(measure, result, view, hide=Hide.TO_SHARE)}
    if measure.kind is Kind.PARTS:
        parts = parts_of(measure, result, view, hide=Hide.TO_SHARE).shown
        return {**data, "parts": {label: words for label, words, _ in parts}}
    if is_hidden(measure, result, hide=Hide.TO_SHARE):
        return data
    found = as_data(result)
    withheld = ("n", "missing") if measure.kind in AVERAGES else ("missing",)
    return {**data, **{k: v for k, v in found.items() if k not in withheld}}


def breakdown_json(found: Breakdown, view: View, *, hide: Hide = Hide.NOTHING) -> list[Json]:
    """A line each, by code or day; to be shared, the words of the card."""
    if hide:
        table = split_lines(found, view, hide=Hide.TO_SHARE)
        return [dict(zip(table[0], line, strict=True)) for line in table[1:]]
    return [
        {
            "code": s.code,
            "referrals": s.referrals,
            "children": s.children,
            "decided": s.decided,
            "decision_in_time": as_data(s.decision_in_time),
            "feedback_in_time": as_data(s.feedback_in_time),
            "minutes": as_data(s.minutes),
        }
        for s in found.lines
        if s.referrals
    ]


def comparison_json(found: Comparison) -> Json:
    before = found.before
    return {
        "before": [before.first.isoformat(), before.last.isoformat()] if before else None,
        "after": [found.after.period.first.isoformat(), found.after.period.last.isoformat()],
        "days_before": found.days_before,
        "days_after": found.days_after,
        "left_out": found.left_out,
        "measures": {
            p.measure.key: {
                "before": as_data(p.before),
                "after": as_data(p.after),
                "too_few_to_call": p.too_few,
            }
            for p in (found.pairs if before else ())
        },
    }
