"""A rehearsal's figures under the names a scenario file uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.domain.measures import Figures, Week

Json = dict[str, Any]


def _number(value: float | None) -> float | int | None:
    """One decimal, as a whole number where it is one."""
    if value is None:
        return None
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def expected_of(row: Figures) -> Json:
    """A referral's figures under the scenario file's names."""
    score = row.plan_score
    minutes = {
        name: _number(getattr(row, name))
        for name in (
            "intake_minutes",
            "minutes_briefed_to_lead",
            "minutes_received_to_decision",
            "working_minutes_received_to_decision",
            "minutes_received_to_assessment_ack",
            "minutes_flagged_to_assessment_ack",
            "minutes_notified_to_assessment_ack",
            "minutes_received_to_last_feedback",
        )
    }
    return {
        "final_state": row.state,
        "lead_at_close": row.lead or None,
        **minutes,
        "decision_due_at": row.decision_due_at.isoformat(),
        "decided_by_duty_team": row.decided_by_duty_team,
        "decision_within_one_working_day": row.decision_in_time,
        "immediate": row.immediate,
        "feedback_within_one_working_day": row.feedback_in_time,
        "plan_score_auto": {
            "specific": score.specific,
            "owned": score.owned,
            "timed": score.timed,
            "needs_led": score.needs_led,
            "shared": score.shared,
            "total": score.total,
        }
        if score
        else None,
        "children": row.children,
        "re_referral": row.re_referral,
    }


def week_json(week: Week) -> Json:
    return {
        "from": week.first_day.isoformat(),
        "to": week.last_day.isoformat(),
        "referrals_after_merge": week.referrals,
        "children": week.children,
        "duty_team_decisions": week.decided,
        "by_outcome": week.by_outcome,
        "handed_over": week.handed_over,
        "median_minutes_received_to_decision": week.median_minutes_to_decision,
        "immediate_minutes_to_assessment": [_number(m) for m in week.immediate_minutes],
        "decisions_within_one_working_day": [week.decisions_in_time, week.referrals],
        "feedback_within_one_working_day": [week.feedback_in_time, week.referrals],
        "action_plans": week.action_plans,
        "median_plan_score": week.median_plan_score,
    }


def write_json(path: Path, result: Json) -> None:
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
