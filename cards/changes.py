"""What was replaced, beside what stands: answers, leads, outcomes. Nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.domain.referral import Amendment, Pick, Referral
from bot.domain.vocabulary import TO_FOLLOW
from cards import wording as w
from cards.context import View


def value_words(field: str, value: Any, view: View) -> str:
    """An answer as people read it."""
    labels = {
        "told_family": w.TOLD_FAMILY,
        "safe_now": w.SAFE_NOW,
        "child_location": w.LOCATIONS,
        "contact_method": w.CONTACT,
        "safe_contact": w.SAFE_CONTACT,
        "earlier": w.EARLIER,
        "scope": w.SCOPES,
        "test": w.TESTS,
    }
    if field == "children":
        return ", ".join(
            f"{'ID ' if c.mosaic_id == TO_FOLLOW else ''}{c.mosaic_id}"
            f" ({w.AGE_BANDS.get(c.age_band, c.age_band)})"
            for c in value
        )
    if field == "needs":
        return ", ".join(view.need_short(n) for n in value)
    if field == "district":
        return view.district(value)
    if field == "referrer_group":
        group = view.partnership.group.find(value)
        return group.label if group else str(value)
    if isinstance(value, dt.datetime):
        return view.when(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return labels.get(field, {}).get(value, str(value))


def field_words(field: str) -> str:
    """A question of the form without its hints: 'What does this child need'."""
    return w.FIELDS_BEFORE.get(field) or w.FIELDS.get(field, field).split("?")[0].split(" (")[0]


def _whose(change: Amendment) -> str:
    """The question, and whose answer it was where that is another caller's."""
    field = field_words(change.field)
    return f"{change.for_ref}: {w.first_lower(field)}" if change.for_ref else field


def answer_before(change: Amendment, view: View) -> str:
    """What an answer was before it was changed, by whom, when and why."""
    line = w.sentence(
        w.ANSWER_BEFORE,
        field=_whose(change),
        before=value_words(change.field, change.before, view),
        name=view.name(change.by),
        time=view.when(change.at),
    )
    return f"{line} {w.BECAUSE.format(reason=change.reason)}" if change.reason else line


def _field_words(change: Amendment) -> str:
    """The question, and whose answer it was where that is another caller's."""
    field = w.FIELDS.get(change.field, change.field).rstrip("?")
    return f"{change.for_ref}: {w.first_lower(field)}" if change.for_ref else field


def answers_before(referral: Referral, view: View) -> list[str]:
    return [answer_before(a, view) for a in referral.amendments]


def pick_before(pick: Pick, view: View) -> str:
    agreed = ""
    if pick.agreed_at:
        agreed = w.PICK_AGREED.format(
            name=view.name(pick.agreed_by), time=view.when(pick.agreed_at)
        )
    assert pick.ended_at is not None
    return w.sentence(
        w.PICK_BEFORE[pick.ended],
        outcome=view.outcome_short(pick.code),
        by=view.name(pick.by),
        agreed=agreed,
        name=view.name(pick.ended_by),
        time=view.when(pick.ended_at),
        reason=pick.ended_reason,
        why=pick.rationale.rstrip("."),
    )


def picks_before(referral: Referral, view: View) -> list[str]:
    return [pick_before(p, view) for p in referral.past_picks]


def leads_before(referral: Referral, view: View) -> str:
    """Who led before the one who leads; empty when nobody did."""
    past = [
        w.LEAD_CHANGE.format(
            name=view.name(c.lead),
            how=w.LEAD_HOW[c.how].format(by=view.name(c.by)),
            time=view.when(c.at),
        )
        for c in referral.leads[:-1]
    ]
    return w.sentence(w.LEAD_BEFORE, leads="; ".join(past)) if past else ""


def lead_reason(referral: Referral, view: View) -> str:
    """Why the lead that stands took over; empty for a first claim without words."""
    if len(referral.leads) < 2 or not referral.leads[-1].reason:
        return ""
    return w.BECAUSE.format(reason=referral.leads[-1].reason)
