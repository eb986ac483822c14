"""Asking for packs, and what happens to a store between them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl

from bot import configuration
from bot.command_line import main
from bot.desk.ports import Commit
from bot.domain import events as ev
from bot.domain.intake import Child
from bot.opening import open_rows
from bot.records.certificate import Certificate
from bot.records.retention import Retention
from bot.store.erasing import Erasing
from bot.store.log import TableLog
from cards import wording as w

PARTNERSHIP = configuration.load()
CHILD, SIBLING = "9900101", "9900102"
LATER = dt.datetime(2026, 11, 27, 19, tzinfo=dt.UTC)
"""After everything in the six referrals."""
FEMI = next(p for p in PARTNERSHIP.people if p.id == "eh-1")
IN_FILE = """[[people]]
id = "eh-1"
name = "Femi A."
role = "rep"
agency = "early_help"
tenant = "host"
object_id = "e7bea9f2-27e6-5e2b-bf56-6237c83f07f1"
"""


def pack(store: str, folder: Path, *more: str) -> int:
    wanted = ["subject-access", CHILD, "--out", str(folder), "--by", "Olu B.", "--store", store]
    return main([*wanted, *more])


async def amend(store: str, reference: str, children: tuple[Child, ...]) -> None:
    """The form's children as somebody put them right."""
    rows = open_rows(store)
    await rows.start()
    log = TableLog(rows)
    case_id = await log.case_of_reference(reference)
    last = (await log.load(case_id)).commits[-1]
    event = ev.Recorded(ev.IntakeAmended({"children": children}), LATER, "eh-1")
    await log.append(Commit(case_id, last.n + 1, LATER, "eh-1", (event,)))
    await rows.close()


async def erase(store: str) -> None:
    rows = open_rows(store)
    await rows.start()
    now = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)
    work = Retention(rows, TableLog(rows), PARTNERSHIP, Erasing(rows), now)
    await work.erase(await work.plan(), Certificate("ERASE-1", "Olu B.", now.isoformat(), 90))
    await rows.close()


def lines_of(folder: Path, reference: str) -> list[dict[str, str]]:
    """The sheet, by its headings."""
    book = openpyxl.load_workbook(io.BytesIO((folder / f"{reference}.xlsx").read_bytes()))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    heads = next(n for n, row in enumerate(rows) if row[0] == w.PACK_HEADS[0])
    return [dict(zip(w.PACK_HEADS, map(str, row), strict=True)) for row in rows[heads + 1 :]]
