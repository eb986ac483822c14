"""One table, and one chart, before any file format is chosen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bot.domain.measures import Report
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide
from cards.stats import as_at_words, period_title

Cell = str | int | float | dt.date | dt.time | None
"""A number is a number and a day a day. None: nothing to say, or not to be said."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`notes` stand above the headings. Every row is as long as `headings`."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, in order. A number that may not be shown is None, and its label says so."""

    title: str
    axis: str
    points: tuple[tuple[str, int | None], ...]


def top_lines(report: Report, view: View, hide: Hide) -> tuple[str, ...]:
    lines = (period_title(report.period), as_at_words(report, view))
    return (*lines, w.FILE_HIDDEN) if hide else lines


def named(sheet: Sheet, report: Report, view: View, hide: Hide) -> Sheet:
    """With the period, when it was counted and what is hidden on top."""
    return replace(sheet, notes=(*top_lines(report, view, hide), *sheet.notes))


def yes_no(value: bool | None) -> str:
    return w.FILE_NOT_KNOWN if value is None else w.FILE_YES if value else w.FILE_NO
