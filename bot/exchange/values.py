"""What a cell says: times, days, lengths of time, numbers, choices. Faults go on the Cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.working_time import Calendar
from bot.exchange.reading import Cells, fold

LONGEST_SECONDS = 24 * 60 * 60
_YEARS = range(2000, 2101)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_BRITISH = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s?([ap])\.?m\.?)?)?",
    re.ASCII | re.IGNORECASE,
)
_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{2}(?:\.\d+)?)", re.ASCII)
_PERIOD = re.compile(
    r"P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_WHOLE = re.compile(r"(\d{1,6})(?:\.0+)?", re.ASCII)

YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How to read times. `now` is aware UTC: what is after it cannot have happened.

    `zone` is for times that carry no offset of their own. `date_format` is one of strptime;
    empty takes 2026-11-24 09:30 and 24/11/2026 09:30, day first.
    """

    calendar: Calendar
    now: dt.datetime
    zone: Literal["local", "utc"] = "local"
    date_format: str = ""

    @property
    def today(self) -> dt.date:
        return self.calendar.day_of(self.now)


def format_works(date_format: str) -> bool:
    """Whether a date and time written so can be read back."""
    if not date_format:
        return True
    written = dt.datetime(2026, 11, 24, 9, 35, tzinfo=dt.UTC)
    try:
        back = dt.datetime.strptime(written.strftime(date_format), date_format)  # noqa: DTZ007
    except (ValueError, re.error):
        return False
    return back.replace(tzinfo=None, second=0) == written.replace(tzinfo=None)


def _british(text: str) -> dt.date | dt.datetime | None:
    match = _BRITISH.fullmatch(text)
    if match is None:
        return None
    day = dt.date(int(match[3]), int(match[2]), int(match[1]))
    if match[4] is None:
        return day
    hour = int(match[4])
    if match[7]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[7].lower() == "p" else 0)
    return dt.datetime.combine(day, dt.time(hour, int(match[5]), int(match[6] or 0)))


def moment(text: str, date_format: str = "") -> dt.date | dt.datetime | None:
    """A time (naive unless it carries an offset), a day alone as a date, or None if neither."""
    found: dt.date | dt.datetime | None
    try:
        if date_format:
            found = dt.datetime.strptime(text, date_format)  # noqa: DTZ007
        elif _ISO.fullmatch(text):
            found = _iso(text)
        else:
            found = _british(text)
    except ValueError:
        return None
    return found if found is not None and found.year in _YEARS else None


def _iso(text: str) -> dt.date | dt.datetime:
    alone = len(text) == len("2026-11-24")
    return dt.date.fromisoformat(text) if alone else dt.datetime.fromisoformat(text)


def to_utc(at: dt.datetime, clock: Clock) -> dt.datetime | None:
    """None for a local time that never was, where the clocks go forward.

    Where they go back, the hour that comes twice is taken the first time.
    """
    if at.tzinfo is not None:
        return at.astimezone(dt.UTC)
    if clock.zone == "utc":
        return at.replace(tzinfo=dt.UTC)
    there = clock.calendar.instant(at.date(), at.time())
    back = clock.calendar.local(there).replace(tzinfo=None, fold=0)
    return there if back == at.replace(fold=0) else None


def instant(
    cells: Cells, field: str, clock: Clock, *, required: bool = False
) -> dt.datetime | None:
    """Aware UTC, or None: the cell is empty, or its fault is marked."""
    text = cells.text(field)
    if not text:
        if required:
            cells.wrong("missing", field)
        return None
    found = moment(text, clock.date_format)
    if not isinstance(found, dt.datetime):
        cells.wrong("time" if found is None else "date_only", field)
        return None
    return checked(cells, field, found, clock)


def checked(cells: Cells, field: str, found: dt.datetime, clock: Clock) -> dt.datetime | None:
    at = to_utc(found, clock)
    if at is None:
        cells.wrong("no_such_time", field)
    elif at > clock.now:
        cells.wrong("future", field)
    return at


def day(cells: Cells, field: str, clock: Clock) -> dt.date | None:
    """The local day of a required date, with or without a time."""
    text = cells.text(field)
    found = moment(text, clock.date_format)
    if found is None:
        cells.wrong("date" if text else "missing", field)
        return None
    if isinstance(found, dt.datetime):
        at = checked(cells, field, found, clock)
        return clock.calendar.day_of(at) if at else None
    if found > clock.today:
        cells.wrong("future", field)
    return found


def _length(text: str) -> float | None:
    if _SECONDS.fullmatch(text):
        return float(text)
    if match := _CLOCK.fullmatch(text):
        hours, minutes, rest = float(match[1] or 0), float(match[2]), float(match[3])
        tidy = rest < 60 and (match[1] is None or minutes < 60)
        return hours * 3600 + minutes * 60 + rest if tidy else None
    if match := _PERIOD.fullmatch(text.upper()):
        days, hours, minutes, rest = (float(part or 0) for part in match.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + rest
    return None


def seconds(cells: Cells, field: str) -> float | None:
    """Seconds from 65, 1:05, 00:01:05 or PT1M5S; None when empty or marked."""
    text = cells.text(field)
    if not text:
        return None
    length = _length(text.removeprefix("-").strip())
    if length is None:
        cells.wrong("duration", field)
    elif text.startswith("-") and length:
        cells.wrong("negative", field)
    elif length > LONGEST_SECONDS:
        cells.wrong("too_long", field)
    return length


def whole(cells: Cells, field: str, most: int, *, least: int = 0) -> int | None:
    """A whole number from `least` to `most`; None when empty or marked."""
    text = cells.text(field)
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    if match is None or not least <= int(match[1]) <= most:
        cells.wrong("number", field)
        return None
    return int(match[1])


def yes_no(cells: Cells, field: str) -> bool | None:
    text = fold(cells.text(field))
    if text and text not in YES_NO:
        cells.wrong("yes_no", field)
    return YES_NO.get(text)


def choice(cells: Cells, field: str, codes: Mapping[str, str]) -> str:
    """The code for what is written; empty when empty or marked. `codes` has folded keys."""
    text = fold(cells.text(field))
    if text and text not in codes:
        cells.wrong("choice", field)
    return codes.get(text, "")
