"""The case note as data, one object a child, as `case_note.schema.json` here describes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from bot.domain.intake import TEXT_LIMITS, Child, Intake
from bot.domain.referral import Contribution, Message, Referral
from bot.domain.vocabulary import TO_FOLLOW
from cards.case_note import took_part
from cards.changes import value_words
from cards.context import View

SCHEMA_NAME = "case_note.schema.json"
VERSION = "1"
Json = dict[str, Any]


def note_json(child: Child, referral: Referral, view: View, left_out: int = 0) -> Json:
    """Times are ISO 8601 in UTC, codes are those of the configuration, people are by name.

    `left_out` oldest lines give way: messages first, then agencies, disagreements, corrections.
    """
    cut = _cuts(referral, left_out)
    pick = referral.pick
    per_child = dict(pick.per_child) if pick else {}
    return {
        "version": VERSION,
        "configuration": referral.configuration or None,
        "reference": referral.reference,
        "child": {
            "mosaic_id": None if child.mosaic_id == TO_FOLLOW else child.mosaic_id,
            "age_band": child.age_band,
        },
        "state": str(referral.state),
        "received_at": _time(referral.asked.received_at),
        "briefed_at": _time(referral.submitted_at),
        "taken_by": view.name(referral.taken_by),
        "lead": view.name(referral.lead) or None,
        "took_part": [view.name(i) for i in took_part(referral)],
        "immediate": _immediate(referral, view),
        "calls": [
            {"reference": c.reference, "taken_by": view.name(c.taken_by), **_call(c.intake)}
            for c in referral.callers
        ],
        "agencies": [_line(c, view) for c in referral.contributions[cut[1] :]],
        "messages": [_message(m, view) for m in referral.messages[cut[0] :]],
        "lines_left_out": left_out,
        "police": [
            {"rung_by": c.rang_by_name or view.name(c.rang_by), "rung_at": _time(c.rang_at)}
            for c in referral.police
        ],
        "disagreements": [
            {"by": view.name(d.by), "at": _time(d.at), "text": d.text}
            for d in referral.disagreements[cut[2] :]
        ],
        "needs": list(referral.asked.needs),
        "strategy": _strategy(referral, view),
        "outcome": None
        if pick is None
        else {
            "code": per_child.get(child.mosaic_id, pick.code),
            "rationale": pick.rationale,
            "picked_by": view.name(pick.by),
            "picked_at": _time(pick.at),
            "agreed_by": view.name(pick.agreed_by) or None,
            "agreed_at": _time(pick.agreed_at),
            "agreed_note": pick.agreed_note,
        },
        "handed_over": _handed_over(referral, view),
        "plan": _plan(referral, view),
        "feedback": [
            {
                "for_reference": f.for_ref or referral.reference,
                "level": f.level,
                "method": f.method,
                "by": view.name(f.by),
                "at": _time(f.at),
                "text": f.text,
                "late_reason": f.late_reason or None,
            }
            for f in referral.feedback
        ],
        "calls_not_answered": [
            {
                "for_reference": t.for_ref or referral.reference,
                "by": view.name(t.by),
                "at": _time(t.at),
                "again_at": _time(t.again_at),
            }
            for t in referral.tried
        ],
        "feedback_not_possible": [
            {
                "for_reference": n.for_ref or referral.reference,
                "by": view.name(n.by),
                "at": _time(n.at),
                "reason": n.reason,
            }
            for n in referral.no_feedback
        ],
        "corrections": _corrections(referral, view)[cut[3] :],
        "linked_to": list(referral.linked),
    }


def _cuts(referral: Referral, left_out: int) -> tuple[int, int, int, int]:
    """How many of each kind of line give way."""
    kinds = (referral.messages, referral.contributions, referral.disagreements)
    cuts = []
    for lines in kinds:
        cuts.append(min(left_out, len(lines)))
        left_out -= cuts[-1]
    return cuts[0], cuts[1], cuts[2], left_out


def _time(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat() if at else None


def _call(i: Intake) -> Json:
    texts = {name: getattr(i, name) for name in TEXT_LIMITS if getattr(i, name)}
    return {
        "received_at": _time(i.received_at),
        "referrer_group": i.referrer_group,
        "district": i.district,
        "child_location": i.child_location,
        "safe_now": i.safe_now or None,
        "told_family": i.told_family or None,
        "answers": texts,
    }


def _line(c: Contribution, view: View) -> Json:
    s = c.said
    return {
        "agency": s.agency,
        "known": s.known,
        "relevant": s.relevant,
        "strengths": s.strengths,
        "worries": s.worries,
        "suggests": s.suggests,
        "source": s.source,
        "on_behalf": s.on_behalf,
        "logged_by": view.name(c.by),
        "at": _time(c.at),
        "confirmed": not c.unconfirmed and not c.corrected_at,
        "put_right_by": view.name(c.corrected_by) or None,
        "put_right_at": _time(c.corrected_at),
        "sharing": asdict(s.sharing) if s.sharing else None,
    }


def _message(m: Message, view: View) -> Json:
    return {
        "by": m.author_name or view.name(m.by),
        "at": _time(m.at),
        "text": None if m.removed_at else m.text,
        "filed_as": m.filed_as or None,
        "link": m.link or None,
        "removed_at": _time(m.removed_at),
    }


def _immediate(referral: Referral, view: View) -> Json | None:
    flag = referral.immediate
    if flag is None:
        return None
    return {
        "flagged_at": _time(flag.flagged_at),
        "flagged_by": view.name(flag.flagged_by),
        "notified_at": _time(flag.notified_at),
        "acknowledged_at": _time(flag.acknowledged_at),
        "taken_by": flag.acknowledged_by or None,
        "stood_down_at": _time(flag.stood_down_at),
        "stood_down_reason": flag.stood_down_reason or None,
    }


def _strategy(referral: Referral, view: View) -> Json | None:
    s, m = referral.strategy, referral.strategy_meeting
    if s is None and m is None:
        return None
    considered = s and {
        "needed": s.needed,
        "reason": s.reason,
        "by": view.name(s.by),
        "at": _time(s.at),
    }
    held = m and {
        "attended": list(m.attended),
        "also": m.also,
        "decision_recorded_on": m.recorded_on,
        "at": _time(m.at),
    }
    return {"considered": considered, "held": held}


def _handed_over(referral: Referral, view: View) -> Json | None:
    h, e = referral.handover, referral.elsewhere
    if h is None:
        return None
    return {
        "to": h.to,
        "accepted_by": h.accepted_by,
        "reason": h.reason,
        "at": _time(h.at),
        "outcome_elsewhere": e.code if e else None,
        "outcome_recorded_at": _time(e.at) if e else None,
    }


def _plan(referral: Referral, view: View) -> Json | None:
    if referral.plan is None:
        return None
    done = {d.action: d for d in referral.done_actions}
    return {
        "actions": [
            {
                "action": a.action,
                "need": a.need,
                "owner": view.name(a.owner) if a.owner else a.owner_name,
                "agency": a.owner_agency,
                "due_on": a.due_on.isoformat(),
                "done_at": _time(done[a].at) if a in done else None,
            }
            for a in referral.plan.actions
        ],
        "family_view": referral.plan.family_view,
        "next_step": referral.plan.next_step,
    }


def _corrections(referral: Referral, view: View) -> list[Json]:
    answers = [
        {
            "what": a.field,
            "before": value_words(a.field, a.before, view),
            "by": view.name(a.by),
            "at": _time(a.at),
            "reason": a.reason,
        }
        for a in referral.amendments
    ]
    picks = [
        {
            "what": f"outcome {p.ended}",
            "before": p.code,
            "by": view.name(p.ended_by),
            "at": _time(p.ended_at),
            "reason": p.ended_reason,
        }
        for p in referral.past_picks
    ]
    leads = [
        {
            "what": "lead",
            "before": view.name(before.lead),
            "by": view.name(after.by),
            "at": _time(after.at),
            "reason": after.reason,
        }
        for before, after in pairwise(referral.leads)
    ]
    return [*answers, *picks, *leads]
