"""Tables as comma-separated text that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io

from bot.domain.measures import Report
from bot.exchange.sheet import Cell, Sheet, yes_no
from bot.exchange.sheet_figures import figures
from bot.exchange.sheet_referrals import referrals
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """With an apostrophe in front where a program would run it or swallow its first character."""
    if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def _field(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case str():
            return safe(cell)
        case dt.date():
            return cell.isoformat()
        case dt.time():
            return f"{cell:%H:%M}"
        case _:
            return cell


def table(sheet: Sheet) -> bytes:
    """Headings, then rows: UTF-8 with a byte order mark, for Excel. The notes are left out."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_field(head) for head in sheet.headings])
    writer.writerows([_field(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def figures_csv(report: Report, view: View, *, hide: Hide) -> bytes:
    """Every line says its period, when it was counted and whether small numbers are hidden."""
    sheet = figures(report, view, hide)
    as_at = view.local(report.as_at).isoformat(timespec="minutes")
    said: tuple[Cell, ...] = (report.period.first, report.period.last, as_at, yes_no(bool(hide)))
    heads = (*w.FILE_CSV_PERIOD_HEADS, w.FILE_CSV_HIDDEN_HEAD, *sheet.headings)
    return table(Sheet(sheet.name, heads, tuple((*said, *row) for row in sheet.rows)))


def referrals_csv(report: Report, view: View) -> bytes:
    """A line a referral: never for where small numbers are hidden."""
    return table(referrals(report, view))
