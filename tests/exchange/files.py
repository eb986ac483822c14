"""Sample files, and the settings they are read with."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

from bot import configuration
from bot.exchange.values import Clock

PARTNERSHIP = configuration.load()
NOW = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)
CLOCK = Clock(PARTNERSHIP.calendar, NOW)


def utc(text: str) -> dt.datetime:
    """Aware UTC from '2026-11-24 09:30'."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def made(headings: Sequence[str], *rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """A CSV file as Excel writes it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)
