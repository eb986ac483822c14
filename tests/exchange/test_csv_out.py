"""Text files that a spreadsheet program opens without running anything in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest

from bot.domain.counting import Material
from bot.domain.measures import MEASURES, report_of
from bot.exchange.csv_out import figures_csv, referrals_csv, safe, table
from bot.exchange.report_json import report_json
from bot.exchange.sheet import Sheet
from cards.figure_words import Hide, value_of
from tests.exchange import weeks
from tests.exchange.weeks import AS_AT, PARTNERSHIP, VIEW, WEEK, row


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠", "  ="])
def test_text_that_could_run_gets_an_apostrophe(start):
    assert safe(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "North", "1 of 2", "'=1", "a=b"])
def test_other_text_stays_as_it_is(text):
    assert safe(text) == text


def test_a_table_is_utf8_with_a_mark_and_windows_line_ends():
    cells = (-3, 2.5, 'é, "x"', dt.date(2026, 11, 24), dt.time(9, 5), None)
    found = table(Sheet("One", tuple("abcdef"), (cells,)))

    assert found == (
        b"\xef\xbb\xbfa,b,c,d,e,f\r\n" + '-3,2.5,"é, ""x""",2026-11-24,09:05,\r\n'.encode()
    )


@pytest.mark.parametrize("hide", list(Hide))
def test_the_figures_are_those_of_the_card(hide):
    report = weeks.report(25)

    lines = {line["Measure"]: line for line in read(figures_csv(report, VIEW, hide=hide))}

    for m in MEASURES:
        words = value_of(m, report[m.key], VIEW, hide=hide)
        assert lines[m.title]["In words"] == words
        if not hide:
            assert lines[m.title]["Number"] == str(
                report_json(report, VIEW)["measures"][m.key]["n"]
            )
    first = lines["Referrals"]
    assert (first["First day"], first["Last day"]) == ("2026-11-23", "2026-11-29")
    assert first["As at"] == "2026-11-27T17:00+00:00"
    assert first["Small numbers hidden"] == ("yes" if hide else "no")


def test_a_referral_is_a_line():
    (line,) = read(referrals_csv(weeks.report(0, made=(row(7),)), VIEW))

    assert line["Reference"] == "REF-2026-00007"
    assert (line["Received on"], line["Received at"]) == ("2026-11-24", "10:00")
    assert (line["District"], line["Minutes to decision"]) == ("North", "60")


def test_a_hostile_label_of_the_configuration_is_only_text():
    districts = tuple(replace(d, label="=HYPERLINK(1)") for d in PARTNERSHIP.districts)
    hostile = replace(PARTNERSHIP, districts=districts)
    report = report_of(Material(WEEK, AS_AT, (row(1),)), hostile)

    (line,) = read(referrals_csv(report, replace(VIEW, partnership=hostile)))

    assert line["District"] == "'=HYPERLINK(1)"


def test_an_empty_week_has_its_headings():
    assert read(referrals_csv(weeks.empty(), VIEW)) == []
    assert len(read(figures_csv(weeks.empty(), VIEW, hide=Hide.TO_SHARE))) == len(MEASURES)
