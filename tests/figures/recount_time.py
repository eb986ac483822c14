"""The desk's hours and days again, read from its settings file: nothing of the bot is used here."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ON_THE_TEAM = {"masho", "rep", "duty_social_worker", "duty_manager"}


def local_day(at: dt.datetime) -> dt.date:
    return at.astimezone(ZONE).date()


def instant(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, ZONE).astimezone(dt.UTC)


def minutes_between(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    if start is None or end is None:
        return None
    return (end - start).total_seconds() / 60


@dataclass(frozen=True)
class Desk:
    """What the settings say of hours, tests and people. Instants are UTC, days are local."""

    opening: dict[int, tuple[dt.time, dt.time]]
    holidays: frozenset[dt.date]
    test_weekdays: frozenset[int]
    windows: tuple[tuple[str, dt.date, dt.date], ...]
    agency_of: dict[str, str]
    duty_team: frozenset[str]
    phone_target_s: int

    def hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
        if day in self.holidays or day.weekday() not in self.opening:
            return None
        opens, shuts = self.opening[day.weekday()]
        return instant(day, opens), instant(day, shuts)

    def working_day_after(self, day: dt.date) -> dt.date:
        day += dt.timedelta(days=1)
        while self.hours(day) is None:
            day += dt.timedelta(days=1)
        return day

    def working_days_on(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = self.working_day_after(day)
        return day

    def due(self, received: dt.datetime) -> dt.datetime:
        """The same clock time next working day, counted from the opening if nobody was there."""
        start, day = received, local_day(received)
        today = self.hours(day)
        if today is None or received >= today[1]:
            day = self.working_day_after(day)
            opened = self.hours(day)
            assert opened is not None
            start = opened[0]
        elif received < today[0]:
            start = today[0]
        following = self.working_day_after(day)
        held = self.hours(following)
        assert held is not None
        same_clock = instant(following, start.astimezone(ZONE).time())
        return min(max(same_clock, held[0]), held[1])

    def working_minutes(self, start: dt.datetime, end: dt.datetime) -> float:
        open_for = dt.timedelta()
        day = local_day(start)
        while day <= local_day(end):
            if held := self.hours(day):
                began, ended = max(start, held[0]), min(end, held[1])
                open_for += max(ended - began, dt.timedelta())
            day += dt.timedelta(days=1)
        return open_for.total_seconds() / 60

    def tests_on(self, day: dt.date) -> set[str]:
        if day.weekday() not in self.test_weekdays or self.hours(day) is None:
            return set()
        return {code for code, first, last in self.windows if first <= day <= last}


def read_desk(path: Path) -> Desk:
    told = tomllib.loads(path.read_text("utf-8"))
    calendar = told["calendar"]
    return Desk(
        opening={
            _WEEKDAYS.index(day): (opens, shuts)
            for day, (opens, shuts) in calendar["opening_hours"].items()
        },
        holidays=frozenset(calendar["bank_holidays"]),
        test_weekdays=frozenset(_WEEKDAYS.index(d) for d in calendar["test_days"]),
        windows=tuple((w["test"], w["first_day"], w["last_day"]) for w in told["test_windows"]),
        agency_of={p["id"]: p["agency"] for p in told["people"]},
        duty_team=frozenset(p["id"] for p in told["people"] if p["role"] in _ON_THE_TEAM),
        phone_target_s=told["partnership"].get("phone_target_seconds", 60),
    )
