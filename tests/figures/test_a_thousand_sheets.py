"""The spreadsheet of a thousand referrals, read back, holds the numbers of the recount."""

from __future__ import annotations

import asyncio
import datetime as dt
import io

import openpyxl
import pytest

from bot.domain.measures import MEASURES, Report
from bot.exchange.files import excel_file
from cards.figure_words import Hide
from tests.figures import shown
from tests.figures.recount_log import Counted
from tests.figures.recount_measures import settled_at
from tests.figures.recount_plans import plan_score
from tests.figures.recount_time import ZONE, minutes_between
from tests.figures.thousand import NAMES, Thousand, span_of


def workbook(thousand: Thousand, report: Report) -> openpyxl.Workbook:
    file = asyncio.run(excel_file(report, thousand.view, hide=Hide.NOTHING))
    return openpyxl.load_workbook(io.BytesIO(file.data))


def sheet(book: openpyxl.Workbook, name: str, first_head: str) -> list[dict[str, object]]:
    rows = [list(r) for r in book[name].iter_rows(values_only=True)]
    at = next(i for i, r in enumerate(rows) if r[0] == first_head)
    heads = [str(h) for h in rows[at]]
    lines = [dict(zip(heads, r, strict=True)) for r in rows[at + 1 :]]
    return lines[: next((i for i, x in enumerate(lines) if x[first_head] is None), len(lines))]


@pytest.mark.parametrize("name", NAMES)
def test_the_spreadsheet_holds_the_numbers_of_the_recount(thousand, name):
    period = thousand.period(name)
    report = thousand.report(period)
    found = thousand.counted(period)
    lines = {
        x["Measure"]: list(x.values())[3:]
        for x in sheet(workbook(thousand, report), "Figures", "Section")
    }

    for m in MEASURES:
        assert tuple(lines[m.title]) == shown.of_sheet(found[m.key]), m.key


@pytest.mark.parametrize("name", [n for n in NAMES if "2026-11-16" not in n])
def test_the_referrals_sheet_is_the_cohort_and_adds_up(thousand, name):
    period = thousand.period(name)
    report = thousand.report(period)
    found = thousand.counted(period)
    lines = sheet(workbook(thousand, report), "Referrals", "Reference")
    cohort = thousand.recount.cohort(span_of(period))

    def yes(column: str) -> int:
        return sum(x[column] == "yes" for x in lines)

    def known(column: str) -> int:
        return sum(x[column] in ("yes", "no") for x in lines)

    assert sorted(str(x["Reference"]) for x in lines) == sorted(c.reference for c in cohort)
    assert sum(int(str(x["Children"])) for x in lines) == found["children"]["n"]
    heads = list(lines[0])
    for column, key in zip(heads, KEY_OF_COLUMN, strict=True):
        if key:
            assert yes(column) == found[key]["n"], column
            assert known(column) == found[key].get("of", len(cohort)), column
    settled = [c for c in cohort if c.elsewhere or c.decided]
    assert sum(x["Decided on"] is not None for x in lines) == len(settled)


def line_of(thousand: Thousand, c: Counted) -> list[object]:
    """Pick-up, children, minutes to the outcome that stands, plan: what the sheet says of one."""
    assert c.received is not None
    received = c.received.astimezone(ZONE)
    minutes = minutes_between(c.received, settled_at(c))
    return [
        received.date(),
        received.time().replace(second=0),
        len(c.children),
        None if minutes is None else shown.half_up(minutes),
        len(c.plan["actions"]) if c.plan else 0,
        plan_score(c),
    ]


@pytest.mark.parametrize("name", ["week of 2026-10-19", "first_test", "second_test"])
def test_each_line_of_the_referrals_sheet_is_that_referral(thousand, name):
    period = thousand.period(name)
    lines = sheet(workbook(thousand, thousand.report(period)), "Referrals", "Reference")
    counted = {c.reference: c for c in thousand.recount.cohort(span_of(period))}

    for line in lines:
        cells = list(line.values())
        assert isinstance(cells[1], dt.datetime)
        said = [cells[1].date(), cells[2], cells[3], cells[11], cells[18], cells[19]]
        assert said == line_of(thousand, counted[str(cells[0])]), cells[0]


KEY_OF_COLUMN = (
    *([None] * 12),
    *("decision_in_time", "handed_over", "immediate"),
    *(None, None, "feedback_in_time", None, None, "re_referral", "came_back"),
)
"""Which columns of yes and no add up to which figure."""
