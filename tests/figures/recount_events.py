"""What each event means for the figures, again: a step an event, and nothing of the bot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.figures.recount_log import OVER, TO_FOLLOW, Counted, Flag, Json, Logs, Pick, instant_of

Step = Callable[[Counted, Json, dt.datetime, str], None]


def _received(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.own_received = instant_of(data["received_at"])


def _submitted(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state, c.submitted = "briefed", at
    c.reference, c.earlier_reference = data["reference"], data["earlier_reference"]
    c.intake = data["intake"]
    c.children = c.intake["children"]
    c.received = instant_of(c.intake["received_at"])


def _amended(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    if data.get("for_ref"):  # another caller's answers
        return
    c.intake = {**c.intake, **data["answers"]}
    c.children = c.intake["children"]


def _briefed(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.briefed = c.briefed or at


def _led(c: Counted, lead: str, at: dt.datetime) -> None:
    c.lead, c.first_lead = lead, c.first_lead or at
    if c.state == "briefed":
        c.state = "in_discussion"


def _defaulted(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.defaulted = True
    _led(c, data["lead"], at)


def _flagged(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    if c.flag is None or c.state == "closed":
        c.flag = Flag(at)
    if c.state == "closed":
        _reopened(c, data, at, by)


def _stood_down(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.flag = None


def _notified(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    if c.flag:
        c.flag.notified_at = c.flag.notified_at or at


def _acknowledged(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    if c.flag:
        c.flag.acknowledged_at = c.flag.acknowledged_at or at


def _planned(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.plan = data


def _picked(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state = "outcome_proposed"
    c.pick = Pick(data["code"], dict(data["per_child"]), at)


def _undone(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state, c.pick = "in_discussion", None


def _endorsed(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    assert c.pick is not None
    c.state, c.pick.agreed_at = "outcome_agreed", at


def _corrected(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    if c.agreed_at:
        c.corrections.append((c.agreed_at, at))
    c.told = {}
    _picked(c, data, at, by)


def _reopened(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state, c.pick = "in_discussion", None
    c.handed_over, c.elsewhere = False, None
    c.told, c.cannot = {}, {}


def _handed_over(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state, c.handed_over = "handed_over", True


def _elsewhere(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.elsewhere = at


def _done(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    assert c.plan is not None
    c.done.append((c.plan["actions"][data["index"]], at))


def _told(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.told[data["for_ref"]] = at


def _cannot(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.cannot[data["for_ref"]] = at


def _moves_to(state: str) -> Step:
    def step(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
        c.state = state

    return step


def _awake(c: Counted) -> str:
    if c.handed_over:
        return "handed_over"
    if c.pick:
        return "outcome_agreed" if c.agreed_at else "outcome_proposed"
    return "in_discussion" if c.lead else "briefed"


def _unmerged(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    c.state = _awake(c)


def _same_child(child: Json, rows: list[Json], named: set[str]) -> Json | None:
    """A row of the same age that may be this child: one of the two has no id yet."""
    of_age = [r for r in rows if r["age_band"] == child["age_band"]]
    if child["mosaic_id"] != TO_FOLLOW:
        return next((r for r in of_age if r["mosaic_id"] == TO_FOLLOW), None)
    return next((r for r in of_age if r["mosaic_id"] not in named), None)


def _joined_children(mine: list[Json], theirs: list[Json]) -> list[Json]:
    """Each child once. An id fills a row of that age that was to follow; a child to follow is the
    one of that age whom the other caller named and this one did not.
    """
    rows = [dict(c) for c in mine]
    known, named = {c["mosaic_id"] for c in mine}, {c["mosaic_id"] for c in theirs}
    open_rows = [r for r in rows if r["mosaic_id"] == TO_FOLLOW]
    for child in [c for c in theirs if c["mosaic_id"] not in known - {TO_FOLLOW}]:
        if child["mosaic_id"] == TO_FOLLOW:
            continue
        if fits := _same_child(child, open_rows, named):
            open_rows.remove(fits)
            fits["mosaic_id"] = child["mosaic_id"]
        else:
            rows.append(dict(child))
    for child in [c for c in theirs if c["mosaic_id"] == TO_FOLLOW]:
        same = next((r for r in open_rows if r["age_band"] == child["age_band"]), None)
        if same:
            open_rows.remove(same)
        elif not _same_child(child, mine, named):
            rows.append(dict(child))
    return rows


def _absorbed(c: Counted, data: Json, at: dt.datetime, by: str) -> None:
    assert c.received is not None
    theirs = data["intake"]
    c.received = min(c.received, instant_of(theirs["received_at"]))
    c.children = _joined_children(c.children, theirs["children"])
    c.intake = {**c.intake, "children": c.children}
    c.callers += [data["reference"], *(x["reference"] for x in data["callers"])]
    c.taken_in.add(data["reference"])
    c.plan = c.plan or data["plan"]
    if c.flag is None and (flag := data["flag"]):
        times = (flag[k] for k in ("flagged_at", "notified_at", "acknowledged_at"))
        flagged, notified, acknowledged = (instant_of(t) if t else None for t in times)
        assert flagged is not None
        c.flag = Flag(flagged, notified, acknowledged)
    if c.state in OVER:
        c.state = _awake(c)


STEPS: dict[str, Step] = {
    "referral.received": _received,
    "intake.submitted": _submitted,
    "intake.amended": _amended,
    "briefing.posted": _briefed,
    "lead.claimed": lambda c, data, at, by: _led(c, by, at),
    "lead.assigned": lambda c, data, at, by: _led(c, data["lead"], at),
    "lead.defaulted": _defaulted,
    "lead.handed_over": lambda c, data, at, by: _led(c, data["to"], at),
    "immediate.flagged": _flagged,
    "immediate.stood_down": _stood_down,
    "assessment.notified": _notified,
    "assessment.acknowledged": _acknowledged,
    "plan.saved": _planned,
    "outcome.proposed": _picked,
    "outcome.undone": _undone,
    "outcome.endorsed": _endorsed,
    "outcome.corrected": _corrected,
    "outcome.recorded_elsewhere": _elsewhere,
    "action.done": _done,
    "feedback.sent": _told,
    "feedback.not_possible": _cannot,
    "referral.closed": _moves_to("closed"),
    "referral.reopened": _reopened,
    "referral.handed_over": _handed_over,
    "referral.withdrawn": _moves_to("withdrawn"),
    "referral.merged": _moves_to("merged"),
    "referral.unmerged": _unmerged,
    "referral.absorbed": _absorbed,
}
"""Every other event changes no figure."""


def counted(case: str, events: list[Json]) -> Counted:
    found = Counted(case)
    for event in events:
        if step := STEPS.get(event["type"]):
            step(found, event["data"], instant_of(event["at"]), event["by"])
    return found


def referrals_of(logs: Logs) -> list[Counted]:
    return [counted(s, events) for s, events in sorted(logs.items()) if not s.startswith("desk-")]
