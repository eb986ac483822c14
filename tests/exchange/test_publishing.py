"""All that others may see of one week, read together by somebody who subtracts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.domain.breakdown import breakdown_of
from bot.domain.measures import AVERAGES, BY_KEY, MEASURES, Kind, Report
from bot.exchange.report_json import report_json
from bot.exchange.sheets import sheets_of
from cards import wording as w
from cards.figure_words import Hide, value_of
from cards.splits import SHARED, split_lines
from cards.stats import lines_of
from tests.exchange import weeks
from tests.exchange.test_sheets import _possible
from tests.exchange.weeks import VIEW

MANY = [weeks.report(n, seed) for n in (0, 1, 3, 6, 9, 12, 16, 25, 40, 60) for seed in range(30)]
OTHERS = (Hide.AT_DESK, Hide.TO_SHARE)
OF_REFERRALS = [
    m
    for m in MEASURES
    if m.kind in (Kind.COUNT, Kind.SHARE)
    and m.section not in ("The duty team",)
    and m.key not in ("children", "actions_done", "survey_replies", "form_replies", "satisfied")
    and m.key not in ("know_next", "talked_needs")
    and not m.key.startswith("calls_")
]


def small(n: int) -> bool:
    return 1 <= n <= 5


def numbers(words: str) -> list[int]:
    return [int(n) for n in re.findall(r"(?<![\d.])\d+(?![\d.]*%)", words.replace(w.S_HIDDEN, ""))]


def shown(report: Report, hide: Hide) -> Iterator[tuple[str, list[int]]]:
    for m in OF_REFERRALS:
        yield m.key, numbers(value_of(m, report[m.key], VIEW, hide=hide))


def public(report: Report, hide: Hide) -> list[int]:
    """Totals that everybody who sees these figures knows."""
    referrals, decided = report["referrals"].n, report["decided"].n
    if hide is Hide.AT_DESK:
        return [referrals, decided]
    words = [value_of(BY_KEY[k], report[k], VIEW, hide=hide) for k in ("referrals", "decided")]
    return sorted({n for said in words for n in numbers(said)})


@pytest.mark.parametrize("hide", OTHERS)
def test_no_figure_stands_a_few_short_of_a_total(hide):
    """Most of the reports have a small group to find; where everything is shown, they are."""
    found = 0
    for report in MANY:
        totals = public(report, hide)
        for key, said in shown(report, hide):
            if key in ("referrals", "decided") and hide is Hide.AT_DESK:
                continue
            for n in said:
                assert not any(small(total - n) for total in totals if n), (key, said, totals)
        exact = [n for _, said in shown(report, Hide.NOTHING) for n in said]
        found += any(small(t - n) for t in totals for n in exact if n)
    assert found > 100


@pytest.mark.parametrize("hide", OTHERS)
def test_where_the_decided_are_withheld_nothing_else_says_how_many(hide):
    for report in MANY:
        decided, referrals = report["decided"].n, report["referrals"].n
        if hide is Hide.AT_DESK or not small(referrals - decided) or referrals <= 5:
            continue
        for key, said in shown(report, hide):
            assert decided not in said, key
        data = report_json(report, VIEW, hide=hide)["measures"]
        for m in OF_REFERRALS:
            assert decided not in (data[m.key].get("n"), data[m.key].get("of")), m.key
        assert f"({decided} counted)" not in str(data)
        for sheet in sheets_of(report, VIEW, hide=hide):
            if sheet.name.startswith("By "):
                assert not sheet.rows or sheet.rows[-1][1] != decided


@pytest.mark.parametrize("hide", OTHERS)
@pytest.mark.parametrize("by", SHARED)
def test_no_line_of_a_split_follows_from_the_totals(by, hide):
    for report in MANY:
        referrals, decided = report["referrals"].n, report["decided"].n
        lines = split_lines(breakdown_of(report.facts, by), VIEW, hide=hide)[1:-1]
        if not lines or (hide is Hide.TO_SHARE and small(referrals)):
            continue
        cells = [int(c) if c.isdigit() else c for _, c in lines]
        total = decided if by == "day" else referrals
        if by == "day" and hide is Hide.TO_SHARE and small(referrals - decided):
            cells, total = [*cells, w.S_NOT_SHOWN], referrals
        for cell, values in zip(cells, _possible(list(cells), total), strict=True):
            assert isinstance(cell, int) or len(values) > 1


@pytest.mark.parametrize("key", ["by_lead_agency", "by_outcome"])
def test_no_part_follows_from_the_decided(key):
    for report in MANY:
        hide = Hide.AT_DESK if key == "by_lead_agency" else Hide.TO_SHARE
        said = value_of(BY_KEY[key], report[key], VIEW, hide=hide)
        referrals, decided = report["referrals"].n, report["decided"].n
        if said in (w.S_NOT_SHOWN, w.FIG_NONE) or small(referrals):
            continue
        cells: list[object] = [_cell(part) for part in said.split(", ")]
        known = hide is Hide.AT_DESK or not small(referrals - decided)
        cells, total = (cells, decided) if known else ([*cells, w.S_NOT_SHOWN], referrals)
        for cell, values in zip(cells, _possible(cells, total), strict=True):
            assert isinstance(cell, int) or len(values) > 1


def _cell(part: str) -> int | str:
    for words in (w.S_HIDDEN, w.S_NOT_SHOWN):
        if part.endswith(words):
            return words
    return int(part.rsplit(" ", 1)[1])


def test_what_is_said_at_the_desk_tells_no_more_than_all_figures_there():
    for report in MANY:
        said = dict(lines_of(report, VIEW, hide=Hide.AT_DESK))
        plans = report["plans"]
        if plans.n and plans.withheld_at_desk:
            assert str(plans.n) not in said["plan_score"]
        away = report["handed_over"]
        if any(map(small, away.beside)) or small(away.n):
            assert "handed_over" not in said


def test_no_average_of_a_few_is_shown_to_others():
    averages = [m for m in MEASURES if m.kind in AVERAGES]
    few = [(m, r[m.key]) for r in MANY for m in averages if small(r[m.key].n)]
    assert few
    for m, result in few:
        for hide in OTHERS:
            assert value_of(m, result, VIEW, hide=hide) == w.S_NOT_SHOWN


def test_where_the_decided_are_withheld_one_table_of_them_is_shown():
    """Outcomes, agencies and days, each short of all by the same few, would together tell it."""
    told = 0
    for report in MANY:
        if not small(report["referrals"].n - report["decided"].n):
            continue
        told += 1
        agencies = value_of(
            BY_KEY["by_lead_agency"], report["by_lead_agency"], VIEW, hide=OTHERS[1]
        )
        assert agencies in (w.S_NOT_SHOWN, w.FIG_NONE)
        assert split_lines(breakdown_of(report.facts, "day"), VIEW, hide=OTHERS[1]) == []
    assert told
