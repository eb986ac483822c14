"""The timeline: who did what, when, from the events. Words of people stay apart from ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.domain import events as ev
from bot.domain.referral import Referral
from cards import wording as w
from cards.changes import field_words, value_words
from cards.context import View
from cards.kit import Json, card, heading, runs, small

_BYTES = 38_000
_STEP = 5
_MOST_WORDS = 2_000
"""Of one entry: a single long message leaves room for what came after it."""


def history_card(referral: Referral, recorded: Sequence[ev.Recorded], view: View) -> Json:
    """Newest last. Where the whole is too large to send, the oldest entries are left out."""
    lines = [_entry(item, view) for item in recorded]
    for left_out in range(0, len(lines) + _STEP, _STEP):
        drawn = _card(referral, lines[left_out:], min(left_out, len(lines)))
        if _fits(drawn):
            break
    return drawn


def _fits(drawn: Json) -> bool:
    return len(json.dumps(drawn, ensure_ascii=False).encode()) <= _BYTES


def _card(referral: Referral, lines: list[Json], left_out: int) -> Json:
    return card(
        [
            heading(w.HISTORY_HEAD.format(ref=referral.reference)),
            small(w.HISTORY_HINT),
            small(w.HISTORY_LEFT.format(n=left_out)) if left_out else None,
            *lines,
        ]
    )


def _entry(item: ev.Recorded, view: View) -> Json:
    who = view.name(item.by)
    did = deed(item, view)
    said = words_of(item.event, view)
    if len(said) > _MOST_WORDS:
        said = said[:_MOST_WORDS] + "…"
    return runs(
        (f"{view.when(item.at)}  ", False),
        (f"{who} ", True),
        (f"{did}. " if not said else f"{did}: ", False),
        (said, False),
        spacing="Small",
    )


def deed(item: ev.Recorded, view: View) -> str:
    """What was done, in the words of the field: no people's words."""
    event = item.event
    values = {
        "lead": view.name(getattr(event, "lead", "")),
        "to_person": view.name(getattr(event, "to", "")),
        "offered_by": view.name(getattr(event, "offered_by", "")),
        "person": view.name(getattr(event, "person", "")),
        "agency": w.first_lower(view.agency(getattr(event, "agency", ""))),
        "known": w.first_lower(w.KNOWN.get(getattr(event, "known", ""), "")),
        "outcome": view.outcome_short(getattr(event, "code", "")),
        "filed_as": w.first_lower(w.FILED_AS.get(getattr(event, "filed_as", ""), "")),
        "handed_to": w.first_lower(w.HANDOVER.get(getattr(event, "to", ""), "")),
        "needed": w.first_lower(
            w.STRATEGY_NEEDED if getattr(event, "needed", False) else w.STRATEGY_NOT_NEEDED
        ),
        **{name: str(getattr(event, name, "")) for name in ("reference", "to", "into")},
    }
    why = w.HISTORY_WHY.get(getattr(event, "why", ""))
    return why or w.HISTORY[event.TYPE].format(**values)


def words_of(event: ev.Event, view: View) -> str:
    """People's words in an event, and what an answer was changed to."""
    match event:
        case ev.IntakeSubmitted():
            return event.intake.seen_heard
        case ev.IntakeAmended(answers, reason):
            changed = [f"{field_words(k)}: {value_words(k, v, view)}" for k, v in answers.items()]
            return "; ".join([*changed, *([w.BECAUSE.format(reason=reason)] if reason else [])])
        case ev.PlanSaved(actions, next_step, family_view):
            return " ".join(
                [*(f"{a.action.rstrip('.')}." for a in actions), family_view, next_step]
            )
        case ev.OutcomeCorrected(_, rationale, reason):
            return f"{rationale.rstrip('.')}. {w.BECAUSE.format(reason=reason)}"
        case ev.ReferralHandedOver(_, accepted_by, reason):
            return f"{accepted_by}. {reason}"
        case ev.StrategyHeld(attended, also, recorded_on):
            there = [w.first_lower(view.agency(a)) for a in attended]
            who = w.join([*there, *([also] if also else [])])
            return f"{who}. Decision is on {recorded_on}"
        case ev.PoliceContactRecorded(rang_by, name, rang_at):
            return f"{name or view.name(rang_by)}, {view.time(rang_at)}"
        case ev.ReferralAbsorbed():
            return event.intake.seen_heard
        case _:
            return _plain_words(event)


_IN_ORDER = (
    "taken_by_name",
    "relevant",
    "strengths",
    "worries",
    "suggests",
    "rationale",
    "text",
    "reason",
    "note",
)


def _plain_words(event: Any) -> str:
    found = [str(getattr(event, name, "") or "") for name in _IN_ORDER]
    sharing = getattr(event, "sharing", None)
    if sharing is not None and sharing.decision != "shared":
        found.append(f"({w.SHARED[sharing.decision]}: {sharing.reason})")
    return " ".join(filter(None, found))
