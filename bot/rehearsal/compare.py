"""Whether what was logged is what the scenario file says. Bot texts are not compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from bot.domain import events as ev
from bot.domain.events import Recorded
from bot.rehearsal.scenario import Event
from bot.rehearsal.world import BOT

NEAR = dt.timedelta(seconds=60)
_COMPARED = frozenset(
    {
        *("agency", "known", "relevant", "strengths", "worries", "suggests", "source"),
        *("on_behalf", "lead", "level", "team", "needed", "text", "note"),
        *("reason", "to", "accepted_by", "person", "attended", "also", "into", "code"),
        *("decision_recorded_on", "children", "rationale", "for_ref", "late_reason"),
    }
)
"""Not `re_referral`: whether the family was referred before is asked in the rest of the call, and
the briefing may be posted before or after that is saved. What is counted of it is compared.
"""


def same(item: Recorded, event: Event) -> bool:
    """The same kind of thing, by the same person, at that time."""
    near = abs(item.at - event.at) < NEAR
    who = {item.by}
    if isinstance(item.event, ev.LeadHandedOver):
        who.add(item.event.offered_by)
    if isinstance(item.event, ev.OutcomeEndorsed) and item.event.rule != "second_person":
        who.add(BOT)
    return event.type == item.event.TYPE and event.by in who and near


def differences(event: Event, item: Recorded, own: str) -> Iterator[str]:
    """What the file says of an event that the logged one also holds, and says otherwise.

    `own` is the referral's own reference, which a file may name where the log says nothing.
    """
    data = {k: v for k, v in event.data.items() if v is not None}
    if data.get("for_ref") == own:
        data["for_ref"] = ""
    for name in sorted(_COMPARED & data.keys()):
        if not hasattr(item.event, name):
            continue
        got = _plain(getattr(item.event, name))
        if got != data[name]:
            yield f"{name} {got!r}, not {data[name]!r}"
    yield from _special(data, item)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _special(data: dict[str, Any], item: Recorded) -> Iterator[str]:
    event = item.event
    sharing, logged = data.get("sharing"), getattr(event, "sharing", None)
    if sharing and (logged is None or {k: getattr(logged, k) for k in sharing} != sharing):
        yield f"sharing is not {sharing}"
    absent = data.get("no_rep_today")
    if absent is not None and tuple(absent) != getattr(event, "no_rep_today", ()):
        yield f"no_rep_today is not {absent}"
    if isinstance(event, ev.MessageFiled) and data.get("as", event.filed_as) != event.filed_as:
        yield f"filed as {event.filed_as}, not {data['as']}"
    if isinstance(event, ev.PoliceContactRecorded):
        yield from _police(data, event)
    if isinstance(event, ev.OutcomeCorrected) and "per_child" in data:
        wanted = {c: o for c, o in data["per_child"].items() if o != event.code}
        if dict(event.per_child) != wanted:
            yield f"per_child {dict(event.per_child)}, not {wanted}"


def _police(data: dict[str, Any], event: ev.PoliceContactRecorded) -> Iterator[str]:
    if data.get("rang_by") not in (None, event.rang_by, event.rang_by_name):
        yield f"rang_by {event.rang_by or event.rang_by_name!r}, not {data['rang_by']!r}"
    rang_at = data.get("rang_at")
    if rang_at and abs(dt.datetime.fromisoformat(rang_at) - event.rang_at) >= NEAR:
        yield f"rang_at {event.rang_at.isoformat()}, not {rang_at}"
