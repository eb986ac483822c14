"""Replies to the council's own survey form, saved as CSV with one row a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.identifiers import mask
from bot.domain.surveys import LONGEST_COMMENT, SurveyReply
from bot.exchange.keys import Occurrences, digest
from bot.exchange.reading import Cells, Column, Progress, Read, Unreadable, fold, read_rows
from bot.exchange.values import Clock, choice, day, format_works

QUESTIONS = (
    "Overall, how satisfied were you?",
    "I know what happens next for the child",
    "We talked about what the child needs",
)
COMMENT_QUESTION = "How could we improve this service?"

SURVEY_COLUMNS = {
    "response_id": ("Response ID", "ID"),
    "date": ("Date", "Completion time", "Date of reply"),
    "who": ("Are you:", "Are you", "Who are you?", "Who"),
    "satisfied": (QUESTIONS[0],),
    "next_known": (QUESTIONS[1],),
    "needs_heard": (QUESTIONS[2],),
    "comment": (COMMENT_QUESTION,),
}
"""The headings looked for, unless a mapping names another."""

_REQUIRED = ("date", "who", "satisfied", "next_known", "needs_heard")

_GROUPS = {
    "a parent/carer": "parent_carer",
    "a child/young person": "child_young_person",
    "other family member": "other_family",
    "a professional": "professional",
    "someone else": "someone_else",
}
_WHO = _GROUPS | {code.replace("_", " "): code for code in _GROUPS.values()}

_AGREE = {
    "strongly disagree": 1,
    "disagree": 2,
    "neither agree nor disagree": 3,
    "agree": 4,
    "strongly agree": 5,
}
_SATISFIED = {
    "very dissatisfied": 1,
    "dissatisfied": 2,
    "neither satisfied nor dissatisfied": 3,
    "satisfied": 4,
    "very satisfied": 5,
}
_WORDS = {**_AGREE, **_SATISFIED, "neither": 3}
_NUMBER = re.compile(r"([1-5])(?:\.0+)?(?:\s*[-–:(]\D*)?", re.ASCII)
_NOT_ANSWERED = {
    *("n/a", "not applicable", "not answered", "do not know", "don't know", "prefer not to say"),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _answer(cells: Cells, field: str) -> int | None:
    text = fold(cells.text(field))
    if not text or text in _NOT_ANSWERED:
        return None
    number = _NUMBER.fullmatch(text)
    answer = int(number[1]) if number else _WORDS.get(text)
    if answer is None:
        cells.wrong("answer", field)
    return answer


def _reply(cells: Cells, clock: Clock, seen: Occurrences) -> SurveyReply | None:
    on = day(cells, "date", clock)
    if not cells.text("who"):
        cells.wrong("missing", "who")
    group = choice(cells, "who", _WHO)
    satisfied = _answer(cells, "satisfied")
    if satisfied is None:
        cells.wrong("first_answer", "satisfied")
    answers = (satisfied, _answer(cells, "next_known"), _answer(cells, "needs_heard"))
    if on is None or cells.bad:
        return None
    # By the day of the reply, so that a later import masks the same dates.
    written = cells.text("comment")
    comment = mask(_CONTROL.sub(" ", written), on)[:LONGEST_COMMENT].strip()
    response_id = cells.text("response_id")
    content = (on.isoformat(), group, *(str(a) for a in answers), written)
    key = digest("survey", response_id) if response_id else seen.key("survey", *content)
    return SurveyReply(key, on, group, answers, comment)


def survey_columns(own: Mapping[str, str]) -> list[Column]:
    return [
        Column(field, (own[field],) if field in own else names, field in _REQUIRED or field in own)
        for field, names in SURVEY_COLUMNS.items()
    ]


def read_survey(
    data: bytes,
    clock: Clock,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Read[SurveyReply] | Unreadable:
    """`columns` maps fields of SURVEY_COLUMNS to the form's own headings, where they differ."""
    own = columns or {}
    unknown = [f for f in own if f not in SURVEY_COLUMNS]
    if unknown:
        return Unreadable("mapping_unknown", {"field": ", ".join(unknown)})
    if not format_works(clock.date_format):
        return Unreadable("mapping_date_format")
    seen = Occurrences()
    return read_rows(
        data,
        survey_columns(own),
        lambda cells: _reply(cells, clock, seen),
        id_field="response_id",
        progress=progress,
    )
