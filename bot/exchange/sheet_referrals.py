"""The log of referrals and outcomes: codes and times, no words of anybody, no Mosaic ID, no name.

Never for where small numbers are hidden.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

from bot.domain.coming_back import came_back
from bot.domain.counting import Facts, half_up
from bot.domain.figures import Figures
from bot.domain.measures import Report
from bot.exchange.sheet import Cell, Sheet, yes_no
from cards import wording as w
from cards.context import View
from cards.splits import split_label


def referrals(report: Report, view: View) -> Sheet:
    back = _came_back(report.facts)
    rows = [_row(r, view, back[r.case_id]) for r in report.facts.cohort]
    notes = (w.FILE_REFERRAL_NOTE,)
    return Sheet(w.FILE_SHEETS["referrals"], w.FILE_REFERRAL_HEADS, tuple(rows), notes)


def _row(r: Figures, view: View, back: bool | None) -> tuple[Cell, ...]:
    minutes = r.minutes_received_to_decision
    return (
        r.reference,
        *_local(r.received_at, view),
        r.children,
        split_label("test", r.test, view),
        split_label("district", r.district, view),
        split_label("referrer", r.referrer_group, view),
        split_label("agency", r.lead_agency, view),
        split_label("outcome", r.outcome, view),
        *_local(r.decided_at, view),
        None if minutes is None else half_up(minutes),
        yes_no(r.known("decision", r.decision_in_time)),
        yes_no(r.handed_over),
        yes_no(r.immediate),
        *_local(r.feedback_at, view),
        yes_no(r.known("feedback", r.feedback_in_time)),
        r.plan_actions,
        r.plan_score.total if r.plan_score else None,
        yes_no(r.known("re_referral", r.re_referral)),
        yes_no(back),
    )


def _local(at: dt.datetime | None, view: View) -> tuple[Cell, Cell]:
    """Day and time to the minute: spreadsheets know no time zones."""
    if at is None:
        return None, None
    local = view.local(at)
    return local.date(), dt.time(local.hour, local.minute)


def _came_back(facts: Facts) -> dict[str, bool | None]:
    """By case, as the measure tells it: asked of one referral among those that share a child."""
    everyone = {r.case_id: r for r in (*facts.material.rows, *facts.material.following)}
    by_child: defaultdict[str, list[Figures]] = defaultdict(list)
    for row in everyone.values():
        for mosaic_id in row.mosaic_ids:
            by_child[mosaic_id].append(row)
    found: dict[str, bool | None] = {}
    for row in facts.cohort:
        related = {r.case_id: r for i in row.mosaic_ids for r in by_child[i]} | {row.case_id: row}
        material = replace(facts.material, rows=tuple(related.values()), following=())
        result = came_back(Facts(material, facts.partnership, (row,)))
        found[row.case_id] = bool(result.n) if result.of else None
    return found
