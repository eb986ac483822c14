"""Answers nobody can be named by: counts of the referrer survey and of the duty team's pulse."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

SURVEY_QUESTIONS = 3
PULSE_QUESTIONS = 4
SCORES = (1, 2, 3, 4, 5)
AGREE_FROM = 4
LEAST_REPLIES_SHOWN = 5
"""A pulse of fewer replies could be known by its answers."""
LIMIT_COMMENT = 300

Counts = tuple[int, int, int, int, int]
"""How many answered 1, 2, 3, 4 and 5."""
_NONE: Counts = (0, 0, 0, 0, 0)


def add_answer(counts: Counts, score: int | None) -> Counts:
    """One more answer; None adds nothing. Raises ValueError outside 1 to 5."""
    if score is None:
        return counts
    if score not in SCORES:
        raise ValueError("an answer is 1 to 5")
    one, two, three, four, five = (c + (i == score) for i, c in enumerate(counts, 1))
    return one, two, three, four, five


def agreeing(counts: Counts) -> int:
    return sum(counts[AGREE_FROM - 1 :])


@dataclass(frozen=True, slots=True)
class SurveyTally:
    """Answers of one week, test and group. `replied` answered the first question."""

    week: str
    test: str
    group: str
    asked: int = 0
    replied: int = 0
    counts: tuple[Counts, Counts, Counts] = (_NONE, _NONE, _NONE)
    comments: tuple[str, ...] = ()

    def with_answers(self, answers: tuple[int | None, ...]) -> SurveyTally:
        """One more person asked; all None where they did not answer."""
        q1, q2, q3 = (add_answer(c, a) for c, a in zip(self.counts, answers, strict=True))
        replied = self.replied + (answers[0] is not None)
        return replace(self, asked=self.asked + 1, replied=replied, counts=(q1, q2, q3))

    def with_comment(self, text: str) -> SurveyTally:
        return replace(self, comments=tuple(sorted((*self.comments, text))))


@dataclass(frozen=True, slots=True)
class PulseTally:
    """Answers of one day. Comments are in alphabetical order, so that no order is kept."""

    day: dt.date
    replies: int = 0
    counts: tuple[Counts, Counts, Counts, Counts] = (_NONE, _NONE, _NONE, _NONE)
    comments: tuple[str, ...] = ()
    on_roll: int = 0

    def with_answers(self, answers: tuple[int, ...], comment: str = "") -> PulseTally:
        q1, q2, q3, q4 = (add_answer(c, a) for c, a in zip(self.counts, answers, strict=True))
        comments = tuple(sorted((*self.comments, comment))) if comment else self.comments
        return replace(self, replies=self.replies + 1, counts=(q1, q2, q3, q4), comments=comments)

    @property
    def shown_alone(self) -> bool:
        return self.replies >= LEAST_REPLIES_SHOWN


def hidden_days(days: tuple[PulseTally, ...]) -> frozenset[dt.date]:
    """Days whose replies are not shown by themselves: those of too few, and with them as many more,
    the smallest first, as it takes that what is hidden is not of too few together.
    """
    replied = sorted((d for d in days if d.replies), key=lambda d: (d.replies, -d.day.toordinal()))
    hidden = [d for d in replied if not d.shown_alone]
    for day in replied[len(hidden) :]:
        enough = len(hidden) > 1 and sum(d.replies for d in hidden) >= LEAST_REPLIES_SHOWN
        if not hidden or enough:
            break
        hidden.append(day)
    return frozenset(d.day for d in hidden)
