"""Audit entries as a file: CSV that no spreadsheet takes for formulas, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, astuple
from pathlib import Path

from bot.exchange.csv_out import safe
from bot.records.audit import HEADS, Entry


def write_entries(path: Path, entries: Iterable[Entry]) -> None:
    """A name that ends in .csv gives CSV, any other JSON lines."""
    as_csv = path.suffix.lower() == ".csv"
    with path.open("w", encoding="utf-8-sig" if as_csv else "utf-8", newline="") as file:
        if as_csv:
            file.write(_csv_line(HEADS))
        for entry in entries:
            file.write(_csv_line(astuple(entry)) if as_csv else _json_line(entry))


def _csv_line(cells: tuple[object, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([safe(str(cell)) for cell in cells])
    return out.getvalue()


def _json_line(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=False) + "\n"
