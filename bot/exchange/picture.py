"""The period on one page, for showing to others: small numbers are always hidden."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.domain.counting import half_up
from bot.domain.measures import BY_KEY, Report
from bot.exchange.page_flow import LEFT, flow
from bot.exchange.page_marks import (
    BLUE,
    LINE,
    PALE,
    SKY,
    SOFT,
    Mark,
    block,
    dashed,
    page,
    words,
    wrapped,
)
from bot.exchange.sheet_splits import shared_of, words_of
from cards import wording as w
from cards.context import View
from cards.figure_words import FEW, Hide, number_of, value_of
from cards.splits import SharedLine
from cards.stats import as_at_words, period_title

WIDTH, HEIGHT = 1600, 900
TIMEOUT_S = 30.0
_ROOT = Path(__file__).parents[2]
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_PASSED_ON = ("PATH", "HOME", "LANG", "SYSTEMROOT", "VIRTUAL_ENV")

_RIGHT, _FULL = 1120, WIDTH - 2 * LEFT
_ROOM = WIDTH - LEFT - _RIGHT
_TIMES_TOP, _DAYS_TOP = 300, 520
_COLUMNS_TOP, _COLUMNS_FOOT = 580, 765
_NOMINAL = 44
"""How high a dashed column is, whatever its number."""
_MOST_DAYS_IN_WORDS = 9


class DrawingFailed(Exception):
    """The drawing program stopped, took too long or gave no picture."""


async def page_png(report: Report, view: View) -> bytes:
    """Drawn by another program, one at a time. Raises DrawingFailed."""
    async with _ONE_AT_A_TIME:
        return await drawn(page_spec(report, view), TIMEOUT_S)


async def drawn(spec: dict[str, Any], timeout_s: float) -> bytes:
    """Raises DrawingFailed. Nothing of the program is left running."""
    try:
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.exchange.draw"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
    except OSError as problem:
        raise DrawingFailed("the drawing program did not start") from problem
    try:
        talk = program.communicate(json.dumps(spec).encode())
        picture, said = await asyncio.wait_for(talk, timeout_s)
    except TimeoutError as late:
        raise DrawingFailed(f"no picture after {timeout_s:g} seconds") from late
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    if program.returncode or not picture.startswith(b"\x89PNG"):
        raise DrawingFailed(said.decode(errors="replace")[-500:] or "no picture")
    return picture


def page_spec(report: Report, view: View) -> dict[str, Any]:
    lines = shared_of(report, "day", view).lines
    marks = [
        *_head(report, view),
        *_tiles(report, view),
        words(LEFT, _TIMES_TOP, w.PAGE_FLOW, 22, bold=True),
        *flow(report, view),
        block(_RIGHT - 30, _TIMES_TOP - 14, 1, _COLUMNS_FOOT + 50 - _TIMES_TOP, LINE),
        *_times(report),
        *_days(lines),
        *_foot(lines),
    ]
    return page(WIDTH, HEIGHT, marks)


def _head(report: Report, view: View) -> list[Mark]:
    name = w.FILE_PART.format(measure=w.PAGE_TITLE, part=view.partnership.name)
    return [
        block(0, 0, WIDTH, 10, BLUE),
        words(LEFT, 42, name, 19, colour=SOFT, room=_FULL),
        words(LEFT, 82, period_title(report.period), 38, bold=True, room=_FULL),
        words(LEFT, 122, as_at_words(report, view), 18, colour=SOFT, room=_FULL),
    ]


def _tiles(report: Report, view: View) -> list[Mark]:
    gap = 24
    width = (_FULL - gap * (len(w.PAGE_TILES) - 1)) / len(w.PAGE_TILES)
    marks = []
    for i, (key, label) in enumerate(w.PAGE_TILES.items()):
        x = LEFT + i * (width + gap)
        value = value_of(BY_KEY[key], report[key], view, hide=Hide.TO_SHARE)
        size = 48 if len(value) <= 7 else 32
        marks.append(block(x, 152, width, 112, PALE))
        marks.append(block(x, 152, 6, 112, BLUE))
        marks.append(words(x + 26, 196, value, size, bold=True, room=width - 40))
        label = w.PAGE_TILES_ONE.get(key, label) if value == "1" else label
        marks.append(words(x + 26, 241, label, 19, room=width - 40))
    return marks


def _times(report: Report) -> list[Mark]:
    """Never of so few that one time is a family's."""
    head = words(_RIGHT, _TIMES_TOP, w.PAGE_TIMES, 22, bold=True)
    found = report["decision_minutes"]
    if found.median is None or found.n <= FEW:
        return [head, words(_RIGHT, _TIMES_TOP + 45, w.PAGE_TIMES_FEW, 19, room=_ROOM)]
    bars = [(w.PAGE_MIDDLE, found.median, BLUE)]
    if found.p90 is not None:
        bars.append((w.PAGE_P90, found.p90, SKY))
    longest = max(1.0, *(value for _, value, _ in bars))
    marks = [head]
    for i, (sentence, value, colour) in enumerate(bars):
        y = _TIMES_TOP + 45 + 72 * i
        marks.append(words(_RIGHT, y, sentence.format(n=f"{half_up(value):,}"), 19))
        marks.append(block(_RIGHT, y + 18, max(2, _ROOM * value / longest), 24, colour))
    return marks


def _days(lines: tuple[SharedLine, ...] | None) -> list[Mark]:
    head = words(_RIGHT, _DAYS_TOP, w.PAGE_DAYS, 22, bold=True)
    shown = [n for line in lines or () if (n := number_of(line.counted)) is not None]
    if not lines or not shown:
        none = w.PAGE_FLOW_NONE if lines == () else w.PAGE_DAYS_FEW
        return [head, words(_RIGHT, _DAYS_TOP + 45, none, 19, room=_ROOM)]
    most = max(1, *shown)
    width = _ROOM / len(lines)
    marks, few = [head], len(lines) <= _MOST_DAYS_IN_WORDS
    tallest = [number_of(line.counted) for line in lines].index(max(shown))
    for i, line in enumerate(lines):
        marks += _day(line, _RIGHT + i * width, width, most, in_words=few or i == tallest)
        if few or i in (0, len(lines) - 1):
            marks.append(_day_label(line, i, width, len(lines)))
    return [*marks, block(_RIGHT, _COLUMNS_FOOT, _ROOM, 1, SOFT)]


def _day(line: SharedLine, x: float, width: float, most: int, *, in_words: bool) -> list[Mark]:
    """Of many days only the tallest has its number, which says what the heights mean."""
    n, counted = number_of(line.counted), words_of(line.counted)
    inside = min(80.0, width * 0.7)
    left, middle = x + (width - inside) / 2, x + width / 2
    tall = _NOMINAL if n is None else (_COLUMNS_FOOT - _COLUMNS_TOP) * n / most
    shape = dashed if n is None else _column
    marks = [shape(left, _COLUMNS_FOOT - tall, inside, tall)]
    if in_words:
        lines = wrapped(counted, 16, width - 6)
        above = _COLUMNS_FOOT - tall - 2 - 10 * len(lines)
        size = 16 if n is None else 19
        marks.append(words(middle, above, lines, size, bold=n is not None, align="center"))
    return marks


def _column(x: float, y: float, width: float, height: float) -> Mark:
    return block(x, y, width, height, BLUE)


def _day_label(line: SharedLine, i: int, width: float, days: int) -> Mark:
    """The name of the day above its date."""
    name, _, date = line.label.partition(" ")
    size, at = (16 if width >= 56 else 13), _COLUMNS_FOOT + 26
    if days <= _MOST_DAYS_IN_WORDS:
        return words(_RIGHT + (i + 0.5) * width, at, [name, date], size, align="center")
    x, align = (_RIGHT, "left") if i == 0 else (_RIGHT + _ROOM, "right")
    return words(x, at, [name, date], 16, align=align)


def _foot(lines: tuple[SharedLine, ...] | None) -> list[Mark]:
    hidden = {number_of(line.counted) is None for line in lines or ()}
    dashes = f"{w.PAGE_DASHED} " if len(hidden) > 1 else ""
    said = [w.PAGE_HIDDEN, f"{dashes}{w.S_SMALL}"]
    return [words(LEFT, 858, said, 17, colour=SOFT, room=_FULL)]
