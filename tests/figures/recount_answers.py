"""What is not in the log: answers of callers and of the team, and the calls of the phone line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.figures.recount_numbers import Json, Span, share, times
from tests.figures.recount_time import Desk, local_day

AGREES = 4
FEWEST_PULSES = 5
"""Of fewer replies one could be known by its answers, so nothing is told of them."""
SURVEY = ("satisfied", "know_next", "talked_needs")
PULSE = ("heard", "needs_talked", "quicker", "know_what_to_do")


@dataclass(frozen=True)
class Inputs:
    """What did not come from the log: answers and calls, as they were given."""

    surveys: list[Json] = field(default_factory=list)
    forms: list[Json] = field(default_factory=list)
    pulses: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)


def weeks_of(span: Span) -> set[str]:
    """Answers are kept by week, so a period has the answers of every week it touches."""
    days = (span.first + dt.timedelta(days=n) for n in range((span.last - span.first).days + 1))
    return {f"{year}-W{week:02d}" for year, week, _ in (d.isocalendar() for d in days)}


def of_surveys(inputs: Inputs, span: Span) -> Json:
    asked = [
        s
        for s in inputs.surveys
        if s["week"] in weeks_of(span) and (not span.test or s["test"] == span.test)
    ]
    forms = [f for f in inputs.forms if span.holds(dt.date.fromisoformat(f["day"]))]
    replies = [a["answers"] for a in (*asked, *forms) if a["answers"][0] is not None]
    found: Json = {
        "survey_replies": share(sum(s["answers"][0] is not None for s in asked), len(asked)),
        "form_replies": {"n": len(forms)},
    }
    for at, key in enumerate(SURVEY):
        scores = [r[at] for r in replies if r[at] is not None]
        found[key] = share(agreeing(scores), len(scores), len(replies) - len(scores))
    return found


def agreeing(scores: Iterable[int]) -> int:
    return sum(s >= AGREES for s in scores)


def _of_weeks_with_enough(inputs: Inputs, days: set[dt.date]) -> set[dt.date]:
    """A week of too few replies would show in what is left beside the others."""
    replied = [dt.date.fromisoformat(p["day"]) for p in inputs.pulses]
    weeks = [d.isocalendar()[:2] for d in replied if d in days]
    return {d for d in days if weeks.count(d.isocalendar()[:2]) >= FEWEST_PULSES}


def of_pulses(
    inputs: Inputs,
    absences: dict[dt.date, set[str]],
    span: Span,
    desk: Desk,
    today: dt.date,
) -> Json:
    """Of days that are over."""
    replied_on = {dt.date.fromisoformat(p["day"]) for p in inputs.pulses}
    days = {
        d
        for d in absences.keys() | replied_on
        if d != today
        and span.holds(d)
        and (span.test in desk.tests_on(d) if span.test else desk.tests_on(d))
    }
    if len(weeks_of(span)) > 1:
        days = _of_weeks_with_enough(inputs, days)
    replies = [p["answers"] for p in inputs.pulses if dt.date.fromisoformat(p["day"]) in days]
    here = sum(len(desk.duty_team - absences.get(d, set())) for d in days)
    found: Json = {"pulse_replies": share(len(replies), here)}
    told = replies if len(replies) >= FEWEST_PULSES else []
    for at, key in enumerate(PULSE):
        found[key] = share(agreeing(r[at] for r in told), len(told))
    return found


def of_calls(inputs: Inputs, span: Span, desk: Desk) -> Json:
    calls = [c for c in inputs.calls if span.holds(local_day(dt.datetime.fromisoformat(c["at"])))]
    answered = [c for c in calls if c["outcome"] == "answered"]
    # Whoever was not answered was not answered in time, however long they waited.
    told = [c for c in calls if c["wait_s"] is not None or c["outcome"] != "answered"]
    quick = [c for c in answered if c["wait_s"] is not None and c["wait_s"] <= desk.phone_target_s]
    return {
        "calls_answered": share(len(answered), len(calls)),
        "calls_abandoned": share(sum(c["outcome"] == "abandoned" for c in calls), len(calls)),
        "call_wait": times(c["wait_s"] for c in answered),
        "calls_in_target": share(len(quick), len(told), len(calls) - len(told)),
    }
