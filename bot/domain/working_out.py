"""How the measures that take more than a line are worked out from the facts of a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.counting import Facts, Result, each, parts, share
from bot.domain.figures import Figures
from bot.domain.tallies import LEAST_REPLIES_SHOWN, agreeing


def outcomes(facts: Facts) -> list[str]:
    return [o.code for o in facts.partnership.outcomes]


def agencies(facts: Facts) -> list[str]:
    return [a.code for a in facts.partnership.agencies]


def children_by_outcome(facts: Facts) -> Result:
    children = sum(r.children for r in facts.cohort)
    codes = (c for r in facts.decided for c in r.outcomes_of_children)
    return parts(codes, outcomes(facts), children)


def handed_over(facts: Facts) -> Result:
    """Beside it: what is not decided, and what of that is not handed over."""
    found = share(facts.cohort, lambda r: r.handed_over)
    rest = len(facts.cohort) - len(facts.decided)
    return replace(found, beside=(rest, rest - found.n))


def actions_each(facts: Facts) -> Result:
    planned = [r.plan_actions for r in facts.decided if r.has_plan]
    return each(planned, missing=len(facts.decided) - len(planned))


def actions_done(facts: Facts) -> Result:
    """Actions whose day has passed, or that are done."""
    planned = [a for r in facts.cohort if r.outcome for a in r.actions]
    due = [a for a in planned if a.done_on or a.due_on < facts.today]
    return Result(sum(a.done_on is not None and a.done_on <= a.due_on for a in due), of=len(due))


def survey_share(question: int) -> Callable[[Facts], Result]:
    def find(facts: Facts) -> Result:
        counts = [s.counts[question] for s in facts.material.surveys]
        answered = sum(sum(c) for c in counts)
        replied = survey_replies(facts).n + form_replies(facts).n
        return Result(sum(map(agreeing, counts)), of=answered, missing=replied - answered)

    return find


def survey_replies(facts: Facts) -> Result:
    """Of those a lead asked; the council's own form does not say how many saw it."""
    by_lead = [s for s in facts.material.surveys if s.asked]
    return Result(sum(s.replied for s in by_lead), of=sum(s.asked for s in by_lead))


def form_replies(facts: Facts) -> Result:
    return Result(sum(s.replied for s in facts.material.surveys if not s.asked))


def pulse_share(question: int) -> Callable[[Facts], Result]:
    """None where so few replied that one could be known by its answers."""

    def find(facts: Facts) -> Result:
        if sum(d.replies for d in facts.material.pulses) < LEAST_REPLIES_SHOWN:
            return Result(0, of=0)
        counts = [d.counts[question] for d in facts.material.pulses]
        return Result(sum(map(agreeing, counts)), of=sum(sum(c) for c in counts))

    return find


def pulse_replies(facts: Facts) -> Result:
    days = facts.material.pulses
    return Result(sum(d.replies for d in days), of=sum(d.on_roll for d in days))


def score(row: Figures) -> float | None:
    return None if row.plan_score is None else float(row.plan_score.total)


def second_test(facts: Facts) -> tuple[Figures, ...]:
    return tuple(r for r in facts.cohort if r.test == "second_test")


_NO_CALLS = Result(0, of=0)


def calls_answered(facts: Facts) -> Result:
    calls = facts.material.calls
    return Result(calls.answered, of=calls.offered, beside=(calls.other,)) if calls else _NO_CALLS


def calls_abandoned(facts: Facts) -> Result:
    calls = facts.material.calls
    return Result(calls.abandoned, of=calls.offered, beside=(calls.other,)) if calls else _NO_CALLS


def calls_in_target(facts: Facts) -> Result:
    calls = facts.material.calls
    if calls is None:
        return _NO_CALLS
    left_out = calls.offered - calls.in_target_of
    return Result(calls.in_target, of=calls.in_target_of, missing=left_out)


def call_waits(facts: Facts) -> Result:
    calls = facts.material.calls
    if calls is None:
        return Result(0)
    waits = calls.waits
    return Result(waits.n, missing=waits.missing, median=waits.median_s, p90=waits.ninetieth_s)
