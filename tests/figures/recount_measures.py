"""Every measure of a period again from its definition, as plain numbers of the report's shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.figures.recount_answers import Inputs, of_calls, of_pulses, of_surveys
from tests.figures.recount_log import Counted
from tests.figures.recount_numbers import Json, Span, mean_of, parts, share, times
from tests.figures.recount_plans import in_time_and_due, plan_score
from tests.figures.recount_time import Desk, local_day, minutes_between

DAYS_TO_COME_BACK = 10
DAYS_TO_CORRECT = 10


def cohort_of(every: Iterable[Counted], span: Span, desk: Desk) -> list[Counted]:
    def belongs(c: Counted) -> bool:
        if not c.counts or c.received is None:
            return False
        day = local_day(c.received)
        of_test = not span.test or c.intake["test"] == span.test
        return span.holds(day) and bool(desk.tests_on(day)) and of_test

    return [c for c in every if belongs(c)]


def settled_at(c: Counted) -> dt.datetime | None:
    """The outcome that stands: the team's own, or the one recorded elsewhere after handover."""
    return c.elsewhere if c.handed_over else c.agreed_at


def by_due(c: Counted, at: dt.datetime | None, desk: Desk) -> bool:
    assert c.received is not None
    return at is not None and at <= desk.due(c.received)


def corrected_soon(c: Counted, desk: Desk) -> bool:
    return any(
        local_day(again) <= desk.working_days_on(local_day(agreed), DAYS_TO_CORRECT)
        for agreed, again in c.corrections
    )


def outcomes_of_children(c: Counted) -> list[str]:
    assert c.pick is not None
    return [c.pick.per_child.get(child["mosaic_id"], c.pick.code) for child in c.children]


def referred_before(c: Counted) -> bool:
    """The caller said so, or the door found an earlier referral that is not part of this one."""
    found = c.earlier_reference and c.earlier_reference not in c.taken_in
    return bool(c.intake["earlier"] == "yes" or found)


def late(c: Counted, desk: Desk, as_at: dt.datetime) -> bool:
    """Not finished, and past due with the decision or a caller's answer still owed."""
    assert c.received is not None
    owed = settled_at(c) is None or not c.nobody_waits
    return c.state != "closed" and owed and as_at > desk.due(c.received)


def came_back(c: Counted, every: Iterable[Counted], desk: Desk, as_at: dt.datetime) -> bool | None:
    """None where nobody can tell: no id, or nobody came and the days are not over."""
    assert c.received is not None
    if not c.mosaic_ids:
        return None
    last = desk.working_days_on(local_day(c.received), DAYS_TO_COME_BACK)
    for other in every:
        if other is c or not other.counts or other.received is None:
            continue
        later = other.received > c.received and local_day(other.received) <= last
        if later and other.received <= as_at and c.mosaic_ids & other.mosaic_ids:
            return True
    return False if local_day(as_at) > last else None


def call_end(c: Counted) -> dt.datetime | None:
    ended = c.intake["call_ended_at"]
    return dt.datetime.fromisoformat(ended).astimezone(dt.UTC) if ended else None


def on_the_call(c: Counted) -> bool | None:
    ended = call_end(c)
    if ended is None:
        return None
    return c.decided and c.agreed_at is not None and c.agreed_at <= ended


def told_apart(answers: Iterable[bool | None]) -> Json:
    """A share of those where it is known."""
    every = list(answers)
    known = [a for a in every if a is not None]
    return share(sum(known), len(known), len(every) - len(known))


def _of_referrals(cohort: list[Counted], desk: Desk) -> Json:
    decided = [c for c in cohort if c.decided]
    children = sum(len(c.children) for c in cohort)
    codes = [c.pick.code for c in decided if c.pick]
    return {
        "referrals": {"n": len(cohort)},
        "children": {"n": children},
        "intake_minutes": times(minutes_between(c.own_received, c.submitted) for c in cohort),
        "handed_over": share(sum(c.handed_over for c in cohort), len(cohort)),
        "open": {"n": sum(c.state != "closed" for c in cohort)},
        "decided": share(len(decided), len(cohort)),
        "by_outcome": parts(codes, len(cohort)),
        "children_by_outcome": parts(
            (code for c in decided for code in outcomes_of_children(c)), children
        ),
        "by_lead_agency": parts((desk.agency_of[c.lead] for c in decided), len(cohort)),
        "decision_minutes": times(minutes_between(c.received, c.agreed_at) for c in decided),
        "decision_working_minutes": times(
            desk.working_minutes(c.received, c.agreed_at)
            for c in decided
            if c.received and c.agreed_at
        ),
        "decision_in_time": share(sum(by_due(c, settled_at(c), desk) for c in cohort), len(cohort)),
        "corrected": share(sum(corrected_soon(c, desk) for c in decided), len(decided)),
        "feedback_in_time": share(
            sum(by_due(c, c.last_told_at, desk) for c in cohort), len(cohort)
        ),
    }


def _of_flags(cohort: list[Counted]) -> Json:
    flagged = [(c, c.flag) for c in cohort if c.flag]
    return {
        "immediate": {"n": len(flagged)},
        "assessment_minutes": times(
            minutes_between(c.received, f.acknowledged_at) for c, f in flagged
        ),
        "to_flag": times(minutes_between(c.received, f.flagged_at) for c, f in flagged),
        "flag_to_rung": times(minutes_between(f.flagged_at, f.notified_at) for _, f in flagged),
        "rung_to_taken": times(
            minutes_between(f.notified_at, f.acknowledged_at) for _, f in flagged
        ),
    }


def _of_plans(cohort: list[Counted], as_at: dt.datetime) -> Json:
    decided = [c for c in cohort if c.decided]
    planned = [len(c.plan["actions"]) if c.plan else None for c in decided]
    # Handed over with an outcome elsewhere, the plan goes with it.
    kept = [in_time_and_due(c, as_at) for c in cohort if settled_at(c)]
    return {
        "plans": share(sum(bool(n) for n in planned), len(decided)),
        "actions_each": mean_of(planned),
        "plan_score": times(plan_score(c) for c in decided),
        "actions_done": share(sum(n for n, _ in kept), sum(of for _, of in kept)),
    }


def _to_watch(cohort: list[Counted], every: list[Counted], desk: Desk, as_at: dt.datetime) -> Json:
    second = [c for c in cohort if c.intake["test"] == "second_test"]
    return {
        "lead_minutes": times(minutes_between(c.briefed, c.first_lead) for c in cohort),
        "defaulted": share(sum(c.defaulted for c in cohort), len(cohort)),
        "re_referral": share(sum(referred_before(c) for c in cohort), len(cohort)),
        "came_back": told_apart(came_back(c, every, desk, as_at) for c in cohort),
        "through_the_line": share(len(second), len(cohort)),
        "on_call": told_apart(on_the_call(c) for c in second),
        "call_minutes": times(minutes_between(c.own_received, call_end(c)) for c in cohort),
    }


@dataclass(frozen=True)
class Recount:
    """Everything there is, to be asked about any period."""

    desk: Desk
    every: list[Counted]
    absences: dict[dt.date, set[str]]
    inputs: Inputs

    def cohort(self, span: Span) -> list[Counted]:
        return cohort_of(self.every, span, self.desk)

    def measures(self, span: Span, as_at: dt.datetime) -> Json:
        cohort = self.cohort(span)
        return {
            **_of_referrals(cohort, self.desk),
            **_of_flags(cohort),
            **_of_plans(cohort, as_at),
            **_to_watch(cohort, self.every, self.desk, as_at),
            **of_surveys(self.inputs, span),
            **of_pulses(self.inputs, self.absences, span, self.desk, local_day(as_at)),
            **of_calls(self.inputs, span, self.desk),
        }

    def late(self, span: Span, as_at: dt.datetime) -> list[str]:
        return sorted(c.reference for c in self.cohort(span) if late(c, self.desk, as_at))

    def groups(self, span: Span, key: Callable[[Counted], str]) -> dict[str, Json]:
        """The figures of a split, a line a code."""
        apart: dict[str, list[Counted]] = {}
        for c in self.cohort(span):
            apart.setdefault(key(c), []).append(c)
        return {code: self.line(found) for code, found in apart.items()}

    def line(self, cohort: list[Counted]) -> Json:
        found = _of_referrals(cohort, self.desk)
        return {
            "referrals": found["referrals"]["n"],
            "children": found["children"]["n"],
            "decided": found["decided"]["n"],
            "decision_in_time": found["decision_in_time"],
            "feedback_in_time": found["feedback_in_time"],
            "minutes": found["decision_minutes"],
        }
