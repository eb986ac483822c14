"""What people said: words alone, in the files that are not passed on."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest

from bot.domain.counting import Material
from bot.domain.measures import Report, report_of
from bot.domain.tallies import PulseTally, SurveyTally
from bot.exchange.csv_out import table
from bot.exchange.files import excel_file
from bot.exchange.sheet import Sheet
from bot.exchange.sheets import sheets_of
from cards import wording as w
from cards.figure_words import Hide
from tests.exchange import weeks
from tests.exchange.weeks import AS_AT, MONDAY, PARTNERSHIP, VIEW, WEEK

NAME = "What people said"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(1)")


def caller(*comments: str, group: str = "professional", test: str = "first_test") -> SurveyTally:
    return SurveyTally("2026-W48", test, group, comments=comments)


def team(replies: int, *comments: str, day: int = 1) -> PulseTally:
    return PulseTally(MONDAY + dt.timedelta(days=day), replies, comments=comments)


def told(*asked: SurveyTally | PulseTally) -> Report:
    surveys = tuple(a for a in asked if isinstance(a, SurveyTally))
    pulses = tuple(a for a in asked if isinstance(a, PulseTally))
    return report_of(Material(WEEK, AS_AT, (), surveys=surveys, pulses=pulses), PARTNERSHIP)


def sheet(report: Report, hide: Hide = Hide.NOTHING) -> Sheet | None:
    found = {s.name: s for s in sheets_of(report, VIEW, hide=hide)}
    return found.get(NAME)


def test_words_stand_in_alphabetical_order_with_nothing_that_says_whose_or_when():
    report = told(
        caller("Ring back sooner", "a kind voice"),
        caller("Thank you", group="parent_carer", test="second_test"),
        caller("Explain more", group="parent_carer", test=""),
        team(4, "Too loud", day=2),
        team(3, "good talk", "All in one room", day=1),
    )

    found = sheet(report)

    assert found is not None
    assert found.headings == ("Who", "Words")
    assert found.rows == (
        ("Caller", "a kind voice"),
        ("Caller", "Explain more"),
        ("Caller", "Ring back sooner"),
        ("Caller", "Thank you"),
        ("Duty team", "All in one room"),
        ("Duty team", "good talk"),
        ("Duty team", "Too loud"),
    )
    assert found.notes[-1] == "Nobody's name belongs here. Do not pass this on."


@pytest.mark.parametrize(("replies", "shown"), [((2, 2), False), ((2, 3), True), ((5, 0), True)])
def test_the_teams_words_need_five_replies_in_the_period(replies, shown):
    days = (team(n, *["Fine"] * bool(n), day=i) for i, n in enumerate(replies))

    found = sheet(told(caller("Thank you"), *days))

    assert found is not None
    assert ("Caller", "Thank you") in found.rows
    assert (("Duty team", "Fine") in found.rows) == shown


def test_the_same_words_twice_are_two_lines():
    found = sheet(told(caller("Thank you"), caller("Thank you", group="parent_carer")))

    assert found is not None
    assert found.rows == (("Caller", "Thank you"),) * 2


def test_where_nobody_wrote_anything_or_too_few_of_the_team_replied_there_is_no_sheet():
    assert sheet(weeks.empty()) is None
    assert sheet(told(caller(), team(9))) is None
    assert sheet(told(team(4, "Fine"))) is None


@pytest.mark.parametrize("hide", [h for h in Hide if h])
def test_where_small_numbers_are_hidden_no_words_are_in_any_sheet(hide):
    report = told(caller("Ring back sooner"), team(9, "Too loud"))

    tables = sheets_of(report, VIEW, hide=hide)
    cells = [cell for s in tables for row in (*s.rows, s.notes) for cell in row]

    assert sheet(report, hide) is None
    assert not {"Ring back sooner", "Too loud", w.FILE_COMMENT_NOTE} & set(cells)


async def test_words_that_look_like_a_formula_are_words_in_the_workbook():
    report = told(caller(*FORMULAS), team(5, *FORMULAS))

    file = await excel_file(report, VIEW, hide=Hide.NOTHING)
    page = openpyxl.load_workbook(io.BytesIO(file.data))[NAME]

    cells = [row[1] for row in page.iter_rows() if row[0].value in ("Caller", "Duty team")]
    assert sorted(c.value for c in cells) == sorted(FORMULAS * 2)
    assert {(c.data_type, c.hyperlink) for c in cells} == {("s", None)}


def test_and_words_in_a_text_file():
    found = sheet(told(caller(*FORMULAS)))

    assert found is not None
    text = table(found).decode("utf-8-sig")
    read = [row["Words"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert sorted(read) == sorted(f"'{words}" for words in FORMULAS)
