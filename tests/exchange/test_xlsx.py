"""The workbook, read back by another library."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest

from bot.exchange.files import excel_file
from bot.exchange.sheet import Chart, Sheet
from bot.exchange.sheets import sheets_of
from bot.exchange.xlsx import LONGEST_TEXT, clean, workbook
from cards import wording as w
from cards.figure_words import Hide
from tests.exchange import weeks
from tests.exchange.weeks import AS_AT, VIEW, row

CREATED = dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)


def written(*sheets: Sheet, charts: tuple[Chart, ...] = ()) -> bytes:
    return workbook(sheets, charts, title="Week", created=CREATED)


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def one(*cells: object) -> list[openpyxl.cell.Cell]:
    heads = tuple(f"h{i}" for i in range(len(cells)))
    return list(read(written(Sheet("One", heads, (cells,))))["One"][2])


def part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_numbers_dates_and_times_are_what_they_are():
    n, mean, day, time, text, none = one(
        1234, 2.5, dt.date(2026, 11, 24), dt.time(9, 30), "12", None
    )

    assert (n.value, n.data_type) == (1234, "n")
    assert (mean.value, mean.number_format) == (2.5, "#,##0.0")
    assert (day.value, day.is_date) == (dt.datetime(2026, 11, 24), True)
    assert time.value == dt.time(9, 30)
    assert (text.value, text.data_type) == ("12", "s")
    assert none.value is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://x.example", "{=1}", "＝1", "_x0041_"]
)
def test_text_is_text_whatever_it_looks_like(text):
    (cell,) = one(text)

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_characters_that_xml_refuses_are_dropped():
    (cell,) = one("a\x00b\x0bc\ud800d\uffffe")

    assert cell.value == "abcde"


def test_text_longer_than_a_cell_is_cut_and_says_so():
    assert clean("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    (cell,) = one("x" * 40_000)
    assert len(cell.value) == LONGEST_TEXT
    assert cell.value.endswith("x…")
    # an emoji is two units: never cut in half
    assert len(clean("😀" * 20_000).encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_the_heading_is_bold_and_stays_in_sight_below_the_notes():
    page = read(written(Sheet("One", ("A", "B"), ((1, 2),), ("First", "Second"))))["One"]

    assert [page["A1"].value, page["A2"].value] == ["First", "Second"]
    assert (page["A3"].value, page["A3"].font.b) == ("A", True)
    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$3:$3"


def test_a_sheet_prints_across_one_page_on_its_side():
    page = read(written(Sheet("One", ("A",), ((1,),))))["One"]

    assert page.page_setup.orientation == "landscape"
    # one page wide is what a file means that does not say; 0 is as many as needed
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage


async def test_a_workbook_holds_every_table_and_the_charts():
    report = weeks.report(30)

    found = read((await excel_file(report, VIEW, hide=Hide.NOTHING)).data)

    tables = sheets_of(report, VIEW, hide=Hide.NOTHING)
    assert found.sheetnames == [*(s.name for s in tables), "Charts"]
    for sheet in tables:
        page, top = found[sheet.name], len(sheet.notes) + 1
        heads = [cell.value for cell in page[top]]
        assert heads == list(sheet.headings)
        assert page.max_row == top + len(sheet.rows)
        assert page.cell(top + 1, 1).value is not None


async def test_charts_refer_to_cells_and_have_titles():
    data = (await excel_file(weeks.report(30), VIEW, hide=Hide.NOTHING)).data

    charts = [part(data, f"xl/charts/chart{n}.xml") for n in (1, 2, 3)]
    assert all("<c:f>Charts!$B$" in xml and "<c:f>Charts!$A$" in xml for xml in charts)
    for xml, title in zip(charts, ("outcome", "day", "referrer"), strict=True):
        assert w.FILE_CHARTS[title] in xml


async def test_a_hidden_number_is_in_no_part_of_the_file():
    """41 referrals on Tuesday, 17 on Wednesday, 3 on Thursday: neither 3 nor, beside it, 17."""
    days = [24] * 41 + [25] * 17 + [26] * 3
    report = weeks.report(
        0,
        asked=False,
        made=tuple(
            row(i, received_at=dt.datetime(2026, 11, day, 11, tzinfo=dt.UTC), children=5)
            for i, day in enumerate(days, 1)
        ),
    )

    data = (await excel_file(report, VIEW, hide=Hide.TO_SHARE)).data

    page = read(data)["By day"]
    shown = {str(r[0].value)[:10]: r[1].value for r in page.iter_rows(min_row=5)}
    assert shown["2026-11-26"] == "fewer than 6"
    assert "not shown" in (shown["2026-11-24"], shown["2026-11-25"])
    cached = re.findall(r"<c:v>(.*?)</c:v>", part(data, "xl/charts/chart2.xml"))
    assert "3" not in cached
    assert any("fewer than 6" in v for v in cached)


async def test_the_same_report_gives_the_same_bytes():
    report = weeks.report(12)

    first = await excel_file(report, VIEW, hide=Hide.NOTHING)

    assert first == await excel_file(report, VIEW, hide=Hide.NOTHING)


async def test_the_file_says_what_it_is_and_not_who_made_it():
    found = read((await excel_file(weeks.report(3), VIEW, hide=Hide.NOTHING)).data).properties

    assert found.title == "Front Door: Monday 23 November to Sunday 29 November"
    assert (found.created, found.creator) == (AS_AT.replace(tzinfo=None), None)


async def test_an_empty_week_is_a_workbook_without_charts():
    data = (await excel_file(weeks.empty(), VIEW, hide=Hide.TO_SHARE)).data

    assert "Figures" in read(data).sheetnames
    assert not [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if "charts/chart" in n]


async def test_a_thousand_referrals_are_all_in_the_workbook():
    data = (await excel_file(weeks.report(1200, asked=False), VIEW, hide=Hide.NOTHING)).data

    page = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["Referrals"]
    assert sum(1 for r in page.iter_rows(values_only=True) if str(r[0]).startswith("REF-")) == 1200
