"""The period on a page: what it says, what its shapes give away, and one real drawing."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from bot.domain.counting import Material
from bot.domain.measures import Report, report_of
from bot.domain.partnership import TestWindow
from bot.domain.periods import Period
from bot.exchange import draw, picture
from bot.exchange.files import csv_file, excel_file, file_name, picture_file, referrals_csv_file
from bot.exchange.page_flow import shares
from bot.exchange.page_marks import COLOURS, INK, PALE, SOFT
from bot.exchange.picture import DrawingFailed, drawn, page_spec
from cards.figure_words import Hide
from tests.exchange import weeks
from tests.exchange.weeks import PARTNERSHIP, VIEW, row


def values(spec: dict, kind: str) -> Iterator[dict]:
    for mark in spec["marks"]:
        if mark["type"] == kind:
            yield {k: v["value"] for k, v in mark["encode"]["enter"].items()}


def texts(report: Report) -> list[str]:
    return [t for v in values(page_spec(report, VIEW), "text") for t in v["text"]]


def week(**changes: object) -> Report:
    """Twelve decided referrals on Tuesday; `changes` make others, three of each."""
    others = [row(20 + i, **changes) for i in range(3)] if changes else []
    return weeks.report(0, asked=False, made=(*(row(i) for i in range(12)), *others))


UNDECIDED = {
    "decided_by_duty_team": False,
    "outcome": "",
    "decided_at": None,
    "minutes_received_to_decision": None,
}


def test_the_page_says_the_period_and_the_figures():
    said = texts(week())

    assert "Monday 23 November to Sunday 29 November" in said
    assert any(t.startswith("As at Fri 27 Nov 17:00.") for t in said)
    assert {"12", "12 of 12 (100%)", "Early help", "Half within 60 minutes"} <= set(said)


def test_a_few_not_decided_are_one_band_of_a_width_that_says_nothing():
    three = shares(week(**UNDECIDED), VIEW).rest
    assert [(s.label, s.words, s.size) for s in three] == [
        ("Not decided yet", "fewer than 6", None)
    ]

    def widths(n: int) -> set[float]:
        made = (*(row(i) for i in range(12)), *(row(20 + i, **UNDECIDED) for i in range(n)))
        spec = page_spec(weeks.report(0, asked=False, made=made), VIEW)
        return {v["height"] for v in values(spec, "rect") if v["fill"] == "#8A9299"}

    assert widths(1) == widths(3) == widths(5) == {16}
    assert widths(6) != {16}


def test_handed_over_and_waiting_are_one_band_where_apart_they_would_tell():
    some = [row(20 + i, **UNDECIDED | {"handed_over": i < 3}) for i in range(10)]
    report = weeks.report(0, asked=False, made=(*(row(i) for i in range(12)), *some))

    assert [(s.label, s.words, s.size) for s in shares(report, VIEW).rest] == [
        ("Handed over or not decided yet", "10", 10)
    ]


def test_larger_numbers_are_two_bands():
    some = [row(20 + i, **UNDECIDED | {"handed_over": i < 7}) for i in range(14)]
    report = weeks.report(0, asked=False, made=(*(row(i) for i in range(12)), *some))

    found = shares(report, VIEW).rest

    assert [(s.label, s.size) for s in found] == [("Handed over", 7), ("Not decided yet", 7)]


def test_an_outcome_keeps_its_colour():
    (found,) = shares(week(), VIEW).outcomes

    place = list(VIEW.partnership.outcome).index("ehu")
    assert (found.words, found.size, found.colour) == ("12", 12, COLOURS[place])


def test_a_small_outcome_is_hidden_and_another_with_it():
    made = [*(row(i) for i in range(12)), *(row(20 + i, outcome="social_care") for i in range(2))]
    report = weeks.report(0, asked=False, made=tuple(made))

    found = shares(report, VIEW)

    assert [(s.label, s.words, s.size) for s in found.outcomes] == [
        ("Social care", "fewer than 6", None),
        ("Early help", "not shown", None),
    ]
    assert found.decided.words == "14"


def test_a_few_not_decided_hide_how_many_were():
    found = shares(week(**UNDECIDED), VIEW)

    assert [found.decided.words, *(s.words for s in found.outcomes)] == ["not shown"] * 2
    assert "12" not in texts(week(**UNDECIDED))


@pytest.mark.parametrize("n", [2, 4])
def test_a_day_of_a_few_is_a_dashed_column_of_one_height(n):
    on = {24: 20, 25: 30, 26: n, 27: 0}
    made = [
        row(100 * day + i, received_at=dt.datetime(2026, 11, day, 11, tzinfo=dt.UTC))
        for day, many in on.items()
        for i in range(many)
    ]
    spec = page_spec(weeks.report(0, asked=False, made=tuple(made)), VIEW)

    dashed = [v for v in values(spec, "rect") if "strokeDash" in v]
    assert {v["height"] for v in dashed} == {44}
    assert len(dashed) == 2  # another with it, or the total would tell
    said = [t for v in values(spec, "text") for t in v["text"]]
    assert str(n) not in said


def test_many_days_name_the_first_and_the_last_and_count_the_tallest():
    days = Period("days", dt.date(2026, 11, 24), dt.date(2027, 1, 28))
    tests = (TestWindow("first_test", days.first, days.last),)
    partnership = replace(PARTNERSHIP, test_windows=tests)
    made = [
        row(100 * n + i, received_at=dt.datetime.combine(day, dt.time(11), dt.UTC))
        for n, day in enumerate(d for d in days.days if partnership.tests_on(d))
        for i in range(9 if n == 4 else 8 if n else 3)
    ]
    report = report_of(Material(days, weeks.AS_AT, tuple(made)), partnership)
    spec = page_spec(report, replace(VIEW, partnership=partnership))

    said = [t for v in values(spec, "text") for t in v["text"]]
    assert ("24 Nov" in said, "28 Jan" in said) == (True, True)
    assert "25 Nov" not in said
    assert (said.count("9"), said.count("8")) == (1, 0)
    assert any(t.startswith("Dashed:") for t in said)


def test_times_of_five_decisions_are_not_shown():
    report = weeks.report(0, asked=False, made=tuple(row(i) for i in range(5)))

    assert not [t for t in texts(report) if "within" in t]


def test_no_share_with_a_small_part_is_on_the_page():
    late = {"decided_at": dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)}

    assert "not shown" in texts(week(**late))


@pytest.mark.parametrize("report", [weeks.report(n, 5) for n in (0, 1, 2, 5, 12, 40, 200)])
def test_nothing_lies_outside_the_page_and_words_do_not_meet(report):
    spec = page_spec(report, VIEW)
    boxes = []
    for v in values(spec, "text"):
        wide = max(map(len, v["text"])) * v["fontSize"] * 0.56
        left = {"left": 0, "center": wide / 2, "right": wide}[v["align"]]
        top = v["y"] - v["fontSize"] * 0.5
        boxes.append(
            (v["x"] - left, top, v["x"] - left + wide, top + v["lineHeight"] * len(v["text"]) - 2)
        )
    for x0, y0, x1, y1 in boxes:
        assert x0 >= 0
        assert y0 >= 0
        assert y1 <= spec["height"]
        assert x1 <= spec["width"]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_light(a), _light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _pale(colour: str) -> str:
    """A band's colour at 35% on white."""
    parts = [round(255 - 0.35 * (255 - int(colour[i : i + 2], 16))) for i in (1, 3, 5)]
    return "#{:02X}{:02X}{:02X}".format(*parts)


def test_words_stand_out_from_what_lies_under_them():
    assert min(_contrast(INK, under) for under in ("#FFFFFF", PALE, *map(_pale, COLOURS))) >= 4.5
    assert _contrast(SOFT, "#FFFFFF") >= 4.5


async def test_the_drawing_program_gives_a_picture_for_a_slide():
    file = await picture_file(weeks.report(12, 3), VIEW)

    with Image.open(io.BytesIO(file.data)) as image:
        assert (image.format, image.size) == ("PNG", (2400, 1350))
        colours = image.convert("RGB").getcolors(2**24)
    assert file.name == "front-door-2026-W48-page-small-numbers-hidden.png"
    assert colours is not None
    assert len(colours) > 100  # words are drawn, not only blocks


async def test_a_page_that_cannot_be_drawn_says_so():
    with pytest.raises(DrawingFailed):
        await drawn({"marks": "nothing"}, 30)


async def test_a_drawing_that_takes_too_long_is_stopped():
    with pytest.raises(DrawingFailed, match="no picture after"):
        await drawn(page_spec(weeks.empty(), VIEW), 0.001)


@pytest.mark.parametrize(
    "spec",
    [
        {"data": [{"name": "a", "url": "file:///etc/hostname"}]},
        {"marks": [{"type": "image", "encode": {"enter": {"url": {"value": "http://x"}}}}]},
    ],
)
def test_the_drawing_program_refuses_addresses(spec):
    with pytest.raises(ValueError, match="address"):
        draw.draw(spec)


def test_the_bot_never_loads_the_drawing_library():
    loaded = "import sys, bot.exchange.files; print('vl_convert' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)

    assert said.stdout.strip() == b"False"


async def test_the_drawing_program_is_told_nothing_of_the_bot(monkeypatch):
    told = {}

    async def start(*args, **options):
        told.update(options["env"])
        raise OSError("stop here")

    monkeypatch.setenv("MICROSOFT_APP_ID", "an id")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    with pytest.raises(DrawingFailed):
        await picture.page_png(weeks.empty(), VIEW)

    assert "MICROSOFT_APP_ID" not in told


async def test_files_are_named_by_their_period():
    report = weeks.report(3)

    assert (await excel_file(report, VIEW, hide=Hide.NOTHING)).name == "front-door-2026-W48.xlsx"
    assert (await csv_file(report, VIEW, hide=Hide.TO_SHARE)).name == (
        "front-door-2026-W48-small-numbers-hidden.csv"
    )
    assert (await referrals_csv_file(report, VIEW)).name == "front-door-2026-W48-referrals.csv"
    days = Period("test", dt.date(2026, 11, 24), dt.date(2026, 12, 3), "../first test")
    assert file_name(days, hide=Hide.NOTHING, ending=".csv") == (
        "front-door-2026-11-24-to-2026-12-03-first-test.csv"
    )
