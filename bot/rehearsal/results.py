"""A rehearsal's figures under the names a scenario file uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.domain.counting import one_decimal
from bot.domain.figures import Figures

Json = dict[str, Any]


def expected_of(row: Figures) -> Json:
    """A referral's figures under the scenario file's names."""
    score = row.plan_score
    minutes = {
        name: one_decimal(getattr(row, name))
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


def write_json(path: Path, result: Json) -> None:
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
