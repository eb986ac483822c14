"""A report as files to take away. Heavy work is done beside the event loop."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.domain.baseline_figures import Comparison
from bot.domain.measures import Report
from bot.domain.periods import WEEK, Period
from bot.exchange.csv_out import figures_csv, referrals_csv
from bot.exchange.picture import page_png
from bot.exchange.reading import Progress
from bot.exchange.sheet_splits import charts
from bot.exchange.sheets import sheets_of
from bot.exchange.xlsx import workbook
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide
from cards.stats import period_title

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
PNG = "image/png"

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes
    content_type: str


def file_name(period: Period, *, hide: Hide, part: str = "", ending: str) -> str:
    """`front-door-2026-W48.xlsx`: letters, digits, hyphens and one dot, whatever the codes are."""
    days = (period.first.isoformat(), "to", period.last.isoformat())
    when = period.weeks[:1] if period.kind == WEEK else days
    hidden = ("small-numbers-hidden",) if hide else ()
    words = ("front-door", *when, period.test, part, *hidden)
    parts = (_NOT_IN_A_NAME.sub("-", word).strip("-") for word in words)
    return "-".join(filter(None, parts)) + ending


async def excel_file(
    report: Report,
    view: View,
    *,
    hide: Hide,
    comparison: Comparison | None = None,
    progress: Progress | None = None,
) -> File:
    """`progress` is told how many lines are written, of all."""
    name = file_name(report.period, hide=hide, ending=".xlsx")
    data = await asyncio.to_thread(_excel, report, view, hide, comparison, progress)
    return File(name, data, EXCEL)


def _excel(
    report: Report,
    view: View,
    hide: Hide,
    comparison: Comparison | None,
    progress: Progress | None,
) -> bytes:
    return workbook(
        sheets_of(report, view, hide=hide, comparison=comparison),
        charts(report, view, hide),
        title=w.FILE_TITLE.format(period=period_title(report.period)),
        created=report.as_at,
        progress=progress,
    )


async def csv_file(report: Report, view: View, *, hide: Hide) -> File:
    name = file_name(report.period, hide=hide, ending=".csv")
    data = await asyncio.to_thread(figures_csv, report, view, hide=hide)
    return File(name, data, CSV)


async def referrals_csv_file(report: Report, view: View) -> File:
    """A line a referral: only for people who may see the referrals."""
    name = file_name(report.period, hide=Hide.NOTHING, part="referrals", ending=".csv")
    return File(name, await asyncio.to_thread(referrals_csv, report, view), CSV)


async def picture_file(report: Report, view: View) -> File:
    """Small numbers are always hidden. Raises DrawingFailed."""
    name = file_name(report.period, hide=Hide.TO_SHARE, part="page", ending=".png")
    return File(name, await page_png(report, view), PNG)
