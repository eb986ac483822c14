"""Opening hours and working time. Instants are aware UTC; days and clock times are local."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

_DAYS_TO_LOOK = 366
_DAYS_TO_KEEP = 4000


@dataclass(frozen=True, slots=True)
class Calendar:
    """`opening` maps weekday (Monday 0) to local opening and closing times."""

    zone: ZoneInfo
    opening: dict[int, tuple[dt.time, dt.time]]
    bank_holidays: frozenset[dt.date]
    urgent_only_last_minutes: int = 30
    _hours: dict[dt.date, tuple[dt.datetime, dt.datetime] | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Found before: every card and every timer asks for the same few days."""

    def local(self, at: dt.datetime) -> dt.datetime:
        return at.astimezone(self.zone)

    def day_of(self, at: dt.datetime) -> dt.date:
        return self.local(at).date()

    def instant(self, day: dt.date, time: dt.time) -> dt.datetime:
        """UTC instant of a local wall-clock time (the earlier one where the clocks go back)."""
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)

    def hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
        """Opening and closing instants of a day, or None when closed all day."""
        if day in self._hours:
            return self._hours[day]
        found = self._found_hours(day)
        if len(self._hours) < _DAYS_TO_KEEP:
            self._hours[day] = found
        return found

    def _found_hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
        times = self.opening.get(day.weekday())
        if times is None or day in self.bank_holidays:
            return None
        return self.instant(day, times[0]), self.instant(day, times[1])

    def is_open(self, at: dt.datetime) -> bool:
        hours = self.hours(self.day_of(at))
        return hours is not None and hours[0] <= at < hours[1]

    def closes_at(self, at: dt.datetime) -> dt.datetime | None:
        """Closing time of the day `at` falls in, or None when that day is closed."""
        hours = self.hours(self.day_of(at))
        return hours[1] if hours else None

    def urgent_only(self, at: dt.datetime) -> bool:
        closes = self.closes_at(at)
        if closes is None or not self.is_open(at):
            return False
        return at >= closes - dt.timedelta(minutes=self.urgent_only_last_minutes)

    def next_working_day(self, day: dt.date) -> dt.date:
        for ahead in range(1, _DAYS_TO_LOOK):
            candidate = day + dt.timedelta(days=ahead)
            if self.hours(candidate):
                return candidate
        raise ValueError("the calendar has no working day in the coming year")

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def next_opening(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when open, else the next opening instant."""
        hours = self.hours(self.day_of(at))
        if hours and at < hours[1]:
            return max(at, hours[0])
        day = self.next_working_day(self.day_of(at))
        opened = self.hours(day)
        assert opened is not None
        return opened[0]

    def add_working_minutes(self, at: dt.datetime, minutes: float) -> dt.datetime:
        """The instant when `minutes` of open time have passed since `at`."""
        left = dt.timedelta(minutes=minutes)
        now = self.next_opening(at)
        while True:
            closes = self.closes_at(now)
            assert closes is not None
            if now + left <= closes:
                return now + left
            left -= closes - now
            now = self.next_opening(closes)

    def take_working_minutes(self, at: dt.datetime, minutes: float) -> dt.datetime:
        """The latest instant from which `minutes` of open time pass until `at`."""
        left, day = dt.timedelta(minutes=minutes), self.day_of(at)
        for _ in range(_DAYS_TO_LOOK):
            if hours := self.hours(day):
                open_then = max(min(at, hours[1]) - hours[0], dt.timedelta())
                if left <= open_then:
                    return min(at, hours[1]) - left
                left -= open_then
            day -= dt.timedelta(days=1)
        raise ValueError("the calendar has not that much working time in the year before")

    def working_minutes(self, start: dt.datetime, end: dt.datetime) -> float:
        """Open minutes between two instants; 0 when `end` is not after `start`."""
        total = dt.timedelta()
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            if hours := self.hours(day):
                total += max(min(end, hours[1]) - max(start, hours[0]), dt.timedelta())
            day += dt.timedelta(days=1)
        return total.total_seconds() / 60

    def one_working_day_after(self, at: dt.datetime) -> dt.datetime:
        """Same clock time on the next working day, held inside that day's hours.

        Counted from `at`, or from the next opening when the MASH is closed.
        """
        start = self.next_opening(at)
        day = self.next_working_day(self.day_of(start))
        hours = self.hours(day)
        assert hours is not None
        same_time = self.instant(day, self.local(start).time())
        return min(max(same_time, hours[0]), hours[1])
