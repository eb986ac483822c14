"""Answers of callers and of the team, and the phone line's calls: as plain inputs, and stored."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from bot.desk.ports import Rows
from bot.domain.calls import Call, CallOutcome
from bot.domain.partnership import Partnership
from bot.domain.periods import week_key
from bot.domain.rules_feedback import survey_group
from bot.domain.surveys import SURVEY_GROUPS, SurveyReply
from bot.store.tallies import TableTallies
from tests.figures.generated_case import Case
from tests.figures.recount_answers import Inputs

Json = dict[str, Any]
OUTCOMES = ("answered",) * 7 + ("abandoned",) * 2 + ("other",)


def _score(rng: random.Random, known: float = 1.0) -> int | None:
    return rng.choice((1, 2, 3, 4, 4, 5, 5)) if rng.random() < known else None


def _surveys(rng: random.Random, p: Partnership, cases: list[Case]) -> Iterator[Json]:
    """Some who were told are asked; some of those do not answer, or leave a question out."""
    for case in cases:
        for told in case.referral.feedback:
            caller = case.referral.caller_of(told.for_ref)
            if caller is None or rng.random() > 0.4:
                continue
            answered = rng.random() < 0.7
            rest = (_score(rng, 0.9), _score(rng, 0.8)) if answered else (None, None)
            yield {
                "week": week_key(p.calendar.day_of(told.at)),
                "test": case.referral.asked.test,
                "group": survey_group(caller, p),
                "mark": f"{case.reference}-{told.for_ref}-{told.at}",
                "answers": [_score(rng) if answered else None, *rest],
            }


def _forms(rng: random.Random, days: list[dt.date]) -> Iterator[Json]:
    for n in range(len(days) * 2):
        yield {
            "key": f"form-{n}",
            "day": rng.choice(days).isoformat(),
            "group": rng.choice(SURVEY_GROUPS),
            "answers": [_score(rng), _score(rng, 0.8), _score(rng, 0.8)],
        }


def _pulses(rng: random.Random, days: list[dt.date]) -> Iterator[Json]:
    for day in days:
        for n in range(rng.choice((0, 2, 5, 7, 9))):
            answers = [_score(rng) for _ in range(4)]
            yield {"day": day.isoformat(), "mark": str(n), "answers": answers}


def _calls(rng: random.Random, p: Partnership, days: list[dt.date]) -> Iterator[Json]:
    for day in days:
        for n in range(rng.randrange(3, 25)):
            at = p.calendar.instant(day, dt.time(8, 30)) + dt.timedelta(
                seconds=rng.randrange(8 * 3600)
            )
            wait = round(rng.lognormvariate(3.6, 0.8), 1) if rng.random() < 0.9 else None
            yield {
                "key": f"call-{day}-{n}",
                "at": at.isoformat(),
                "outcome": rng.choice(OUTCOMES),
                "wait_s": rng.choice((wait, wait, 60.0)) if wait is not None else None,
            }


def answers_beside(rng: random.Random, p: Partnership, cases: list[Case]) -> Inputs:
    taken = {p.calendar.day_of(c.referral.asked.received_at) for c in cases}
    test_days = sorted(d for d in taken if p.tests_on(d))
    return Inputs(
        surveys=list(_surveys(rng, p, cases)),
        forms=list(_forms(rng, test_days)),
        pulses=list(_pulses(rng, test_days)),
        calls=list(_calls(rng, p, test_days)),
    )


async def give_answers(rows: Rows, inputs: Inputs, p: Partnership) -> None:
    tallies = TableTallies(rows)
    for s in inputs.surveys:
        new = await tallies.add_survey(
            s["week"], s["test"], s["group"], s["mark"], tuple(s["answers"])
        )
        assert new, s
    for x in inputs.pulses:
        day = dt.date.fromisoformat(x["day"])
        assert await tallies.add_pulse(day, x["mark"], tuple(x["answers"]), "")
    replies = [
        SurveyReply(f["key"], dt.date.fromisoformat(f["day"]), f["group"], tuple(f["answers"]), "")
        for f in inputs.forms
    ]
    await tallies.import_replies(replies, week_key)
    calls = [
        Call(
            c["key"],
            dt.datetime.fromisoformat(c["at"]),
            "line",
            CallOutcome(c["outcome"]),
            c["wait_s"],
            None,
            "",
        )
        for c in inputs.calls
    ]
    await tallies.import_calls(calls, lambda at: week_key(p.calendar.day_of(at)))
