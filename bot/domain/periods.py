"""Which days a question about figures means: a week, a test, or any days. Local days."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bot.domain.partnership import Partnership

WEEK = "week"
TEST = "test"
DAYS = "days"

_TEST_WORDS = {"first test": "first_test", "second test": "second_test"}


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both counted. `test`: only that test's referrals; empty for all."""

    kind: str
    first: dt.date
    last: dt.date
    test: str = ""

    @property
    def weeks(self) -> tuple[str, ...]:
        """ISO weeks the days fall in, oldest first."""
        day, found = week_start(self.first), []
        while day <= self.last:
            found.append(week_key(day))
            day += dt.timedelta(days=7)
        return tuple(found)

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> tuple[dt.date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + dt.timedelta(days=n) for n in range(count))


def week_start(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def week_key(day: dt.date) -> str:
    """ISO week of a local day, for example 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_of(day: dt.date) -> Period:
    first = week_start(day)
    return Period(WEEK, first, first + dt.timedelta(days=6))


def week_named(text: str) -> Period | None:
    """`2026-W48` as a week; None when it names none."""
    found = re.fullmatch(r"(\d{4})-[wW](\d{1,2})", text.strip())
    if found is None:
        return None
    try:
        return week_of(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        return None


def test_period(partnership: Partnership, code: str) -> Period | None:
    """All days of one test, first window to last; None where none is configured."""
    windows = [w for w in partnership.test_windows if w.code == code]
    if not windows:
        return None
    first, last = min(w.first_day for w in windows), max(w.last_day for w in windows)
    return Period(TEST, first, last, code)


def current_test(partnership: Partnership, today: dt.date) -> Period | None:
    """The test that began last; before any has begun, the first to come."""
    windows = sorted(partnership.test_windows, key=lambda w: w.first_day)
    begun = [w for w in windows if w.first_day <= today]
    chosen = begun[-1] if begun else windows[0] if windows else None
    return test_period(partnership, chosen.code) if chosen else None


def read_period(text: str, today: dt.date, partnership: Partnership) -> Period | None:
    """What a person typed after `stats`; None when it names no period."""
    text = " ".join(text.lower().removeprefix("for ").strip(" .?").split())
    if text in ("the test", "test"):
        return current_test(partnership, today)
    if text.removeprefix("the ") in _TEST_WORDS:
        return test_period(partnership, _TEST_WORDS[text.removeprefix("the ")])
    if named := week_named(text) or _week_number(text, today):
        return named
    day = _day(text, today)
    return week_of(day) if day else None


def _week_number(text: str, today: dt.date) -> Period | None:
    """'week 48' is the latest one that has begun."""
    found = re.fullmatch(r"week (\d{1,2})", text, re.ASCII)
    years = (today.isocalendar().year, today.isocalendar().year - 1) if found else ()
    named = (week_named(f"{year}-W{found[1]}") for year in years if found)
    return next((w for w in named if w and w.first <= today), None)


def _day(text: str, today: dt.date) -> dt.date | None:
    text = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text)
    if text in ("", "today", "this week", "week"):
        return today
    if text == "yesterday":
        return today - dt.timedelta(days=1)
    if text == "last week":
        return today - dt.timedelta(days=7)
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"):
        try:
            return dt.datetime.strptime(text, pattern).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return _day_this_year(text, today)


def _day_this_year(text: str, today: dt.date) -> dt.date | None:
    """'23 November' is the latest one that has begun."""
    for pattern in ("%d %B %Y", "%d %b %Y"):
        for year in (today.year, today.year - 1):
            try:
                found = dt.datetime.strptime(f"{text} {year}", pattern).replace(tzinfo=dt.UTC)
            except ValueError:
                continue
            if found.date() <= today + dt.timedelta(days=6):
                return found.date()
    return None
