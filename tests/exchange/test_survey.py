"""Replies to the council's own form."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.surveys import SURVEY_GROUPS, SurveyReply
from bot.exchange.reading import BadRow, Read, Unreadable
from bot.exchange.survey_csv import COMMENT_QUESTION, QUESTIONS, read_survey

from .files import CLOCK, made

HEADINGS = ("Response ID", "Date", "Are you:", *QUESTIONS, COMMENT_QUESTION)


def row(
    ref="1",
    date="24/11/2026",
    who="A parent/carer",
    first="5",
    second="agree",
    third="Strongly disagree",
    comment="",
):
    return (ref, date, who, first, second, third, comment)


def read(*rows, headings=HEADINGS) -> Read[SurveyReply]:
    found = read_survey(made(headings, *rows), CLOCK)
    assert isinstance(found, Read), found
    return found


def one(**cells) -> SurveyReply:
    (reply,) = read(row(**cells)).good
    return reply


def test_a_whole_reply():
    reply = one(comment="Ring back sooner.")

    assert reply.day == dt.date(2026, 11, 24)
    assert reply.group == "parent_carer"
    assert reply.answers == (5, 4, 1)
    assert reply.comment == "Ring back sooner."


@pytest.mark.parametrize(
    ("who", "group"),
    [
        ("a parent/carer", "parent_carer"),
        ("A CHILD/YOUNG PERSON", "child_young_person"),
        ("Other family member", "other_family"),
        ("A  professional", "professional"),
        ("someone else", "someone_else"),
    ],
)
def test_who_replied(who, group):
    assert one(who=who).group == group
    assert one(who=group).group == group
    assert group in SURVEY_GROUPS


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("1", 1),
        ("3.0", 3),
        ("5 - Very satisfied", 5),
        ("2 (dissatisfied)", 2),
        ("very dissatisfied", 1),
        ("Neither satisfied nor dissatisfied", 3),
        ("VERY SATISFIED", 5),
        ("strongly agree", 5),
        ("Neither agree nor disagree", 3),
    ],
)
def test_an_answer_in_numbers_or_words(said, answer):
    assert one(first=said).answers[0] == answer


def test_the_other_questions_may_be_left_out():
    assert one(second="", third="Prefer not to say").answers == (5, None, None)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"first": ""}, QUESTIONS[0], "first_answer"),
        ({"first": "6"}, QUESTIONS[0], "answer"),
        ({"second": "4.5"}, QUESTIONS[1], "answer"),
        ({"third": "quite"}, QUESTIONS[2], "answer"),
        ({"who": ""}, "Are you:", "missing"),
        ({"who": "Jo Smith"}, "Are you:", "choice"),
        ({"date": ""}, "Date", "missing"),
        ({"date": "2/6/2027"}, "Date", "future"),
        ({"date": "soon"}, "Date", "date"),
    ],
)
def test_a_bad_row_says_where_and_why(cells, column, code):
    assert read(row(**cells)).bad == (BadRow(2, column, code),)


def test_identifiers_are_masked_before_the_comment_is_cut():
    told = "Ring 07700 900123 or jo@example.org, NE1 4ST, born 3/4/2015. "
    reply = one(comment=told + "x" * 520 + " 07700 900123")

    for part in ("900123", "example.org", "4ST", "2015"):
        assert part not in reply.comment
    assert len(reply.comment) <= 600
    assert "phone removed" in reply.comment


def test_a_date_is_masked_by_the_day_of_the_reply_and_not_of_the_import():
    assert "3/3/2026" in one(comment="You rang on 3/3/2026").comment
    assert "3/11/2024" not in one(comment="She was born 3/11/2024").comment


def test_formulas_and_control_characters_are_only_text():
    for text in ("=1+1", "+SUM(A1)", "@x", "-2"):
        assert one(comment=text).comment == text
    assert one(comment="a\x07b\u202ec\nd").comment == "a b c\nd"


def test_a_reply_counts_once_whatever_file_it_comes_in():
    found = read(row(), row(), row(ref="2"))
    later = read(row(ref="2"), row(ref="3"), row(comment="edited"))

    assert (len(found.good), found.repeats) == (2, 1)
    assert {r.key for r in found.good} < {r.key for r in later.good}


def test_an_id_used_twice_for_different_replies_is_told():
    assert read(row(), row(first="1")).bad == (BadRow(3, "Response ID", "id_twice"),)


def test_equal_replies_without_an_id_stay_apart():
    twins = [row()[1:], row()[1:]]

    found, again = (read(*twins, headings=HEADINGS[1:]) for _ in range(2))

    assert len({r.key for r in found.good}) == 2
    assert found == again


def test_headings_of_ones_own():
    headings = ("When", "Who", *QUESTIONS)
    data = made(headings, ("24/11/2026", "A professional", 1, 1, 1))

    found = read_survey(data, CLOCK, {"date": "When"})

    assert isinstance(found, Read)
    assert found.good[0].comment == ""
    assert read_survey(data, CLOCK, {"dat": "When"}) == Unreadable(
        "mapping_unknown", {"field": "dat"}
    )
    missing = read_survey(data, CLOCK, {"comment": "Words"})
    assert isinstance(missing, Unreadable)
    assert missing.params["missing"] == "Date, Words"


@settings(max_examples=150, deadline=None)
@every(st.lists(st.lists(st.text(max_size=40), min_size=7, max_size=7), max_size=4), st.text())
def test_no_cells_whatever_raise(rows, comment):
    read_survey(made(HEADINGS, *rows, row(comment=comment)), CLOCK)
