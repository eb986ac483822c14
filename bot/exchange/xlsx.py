"""Tables and charts as one Excel workbook. The same input gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.exchange.reading import Progress
from bot.exchange.sheet import Cell, Chart, Sheet
from cards import wording as w

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767
"""What a cell holds, in UTF-16 units; Excel refuses a file with more."""

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROWEST, _WIDEST = 9, 48
_LINE_POINTS = 15
_BLUE, _PALE, _GREY = "#0072B2", "#E6F0F7", "#505A5F"
_CHART_ROWS = 17
_TELL_EVERY = 100
_CHART_SIZE = {"width": 760, "height": 320}


def workbook(
    sheets: Sequence[Sheet],
    charts: Sequence[Chart],
    *,
    title: str,
    created: dt.datetime,
    progress: Progress | None = None,
) -> bytes:
    """`created` is aware and stands for the time of writing; no author, no machine."""
    import xlsxwriter  # a twentieth of the start, for what is made now and then

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties(
        {"title": clean(title), "created": created.astimezone(dt.UTC).replace(tzinfo=None)}
    )
    # Packing what was written takes about as long as writing it.
    writer = _Writer(book, progress, 2 * sum(len(sheet.rows) for sheet in sheets))
    for sheet in sheets:
        writer.table(sheet)
    writer.charts(charts)
    book.close()
    return out.getvalue()


def clean(text: str) -> str:
    """Without characters that XML refuses, and cut to what a cell holds."""
    text = _NOT_XML.sub("", text)
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


class _Writer:
    def __init__(self, book: Workbook, progress: Progress | None, lines: int) -> None:
        self._book = book
        self._progress = progress
        self._lines, self._written = lines, 0
        base = {"text_wrap": True, "valign": "top"}
        self._text = book.add_format(base)
        self._note = book.add_format({**base, "font_color": _GREY})
        self._title = book.add_format({**base, "bold": True, "font_size": 14})
        self._head = book.add_format(
            {**base, "bold": True, "bg_color": _PALE, "bottom": 1, "bottom_color": _BLUE}
        )
        self._whole = book.add_format({**base, "num_format": "#,##0"})
        self._broken = book.add_format({**base, "num_format": "#,##0.0"})
        self._day = book.add_format({**base, "num_format": "dd/mm/yyyy", "align": "left"})
        self._time = book.add_format({**base, "num_format": "hh:mm", "align": "left"})

    def table(self, sheet: Sheet) -> None:
        page = self._page(sheet.name)
        widths = [_width(sheet, column) for column in range(len(sheet.headings))]
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for line, note in enumerate(sheet.notes):
            self._note_line(page, line, note, widths)
        head = len(sheet.notes)
        for column, words in enumerate(sheet.headings):
            page.write_string(head, column, clean(words), self._head)
        for line, row in enumerate(sheet.rows, head + 1):
            for column, cell in enumerate(row):
                self._cell(page, line, column, cell)
            self._count()
        page.freeze_panes(head + 1, 0)
        page.repeat_rows(head)
        page.print_area(0, 0, head + len(sheet.rows), len(widths) - 1)

    def _count(self) -> None:
        self._written += 1
        if self._progress and self._written % _TELL_EVERY == 0:
            self._progress(self._written, self._lines)

    def _page(self, name: str) -> Worksheet:
        page = self._book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&RPage &P of &N")
        return page

    def _note_line(self, page: Worksheet, line: int, note: str, widths: list[int]) -> None:
        look = self._note if line else self._title
        # The title's letters are larger than those that a column's width counts.
        lines = math.ceil(len(note) * (1 if line else 1.35) / sum(widths))
        page.set_row(line, lines * (_LINE_POINTS if line else 20))
        if len(widths) > 1:
            page.merge_range(line, 0, line, len(widths) - 1, "", look)
        page.write_string(line, 0, clean(note), look)

    def _cell(self, page: Worksheet, line: int, column: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case str():
                page.write_string(line, column, clean(cell), self._text)
            case dt.date():
                page.write_datetime(line, column, cell, self._day)
            case dt.time():
                page.write_datetime(line, column, cell, self._time)
            case _:
                page.write_number(line, column, cell, self._number_look(cell))

    def _number_look(self, value: float) -> Format:
        return self._whole if value == int(value) else self._broken

    def charts(self, charts: Sequence[Chart]) -> None:
        page = self._page(w.FILE_SHEETS["charts"])
        page.set_column(0, 0, _WIDEST)
        line = 0
        for chart in charts:
            page.write_string(line, 0, clean(chart.title), self._head)
            page.write_string(line, 1, clean(chart.axis), self._head)
            for at, (label, n) in enumerate(chart.points, line + 1):
                page.write_string(at, 0, clean(label), self._text)
                self._cell(page, at, 1, n)
            if any(n is not None for _, n in chart.points):
                self._draw(page, line, chart)
            line += max(_CHART_ROWS, len(chart.points) + 2)

    def _draw(self, page: Worksheet, line: int, chart: Chart) -> None:
        drawn: Any = self._book.add_chart({"type": "bar"})
        name, last = page.get_name(), line + len(chart.points)
        drawn.add_series(
            {
                "name": [name, line, 0],
                "categories": [name, line + 1, 0, last, 0],
                "values": [name, line + 1, 1, last, 1],
                "fill": {"color": _BLUE},
                "gap": 60,
                "data_labels": {"value": True},
            }
        )
        drawn.set_title({"name": clean(chart.title), "overlay": False})
        drawn.set_legend({"none": True})
        drawn.set_x_axis(
            {"name": chart.axis, "min": 0, "num_format": "0", "major_gridlines": {"visible": False}}
        )
        drawn.set_y_axis({"reverse": True})
        drawn.set_size(_CHART_SIZE)
        page.insert_chart(line, 3, drawn, {"description": clean(chart.title)})


def _width(sheet: Sheet, column: int) -> int:
    """Wide enough for numbers and short words; the rest wraps, headings too."""
    heading = max(map(len, sheet.headings[column].split()), default=0)
    longest = max((_length(row[column]) for row in sheet.rows), default=0)
    return min(_WIDEST, max(_NARROWEST, heading + 2, longest + 2))


def _length(cell: Cell) -> int:
    return 10 if isinstance(cell, dt.date) else len(str(cell)) if cell is not None else 0
