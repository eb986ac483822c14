"""The desk's own day: roll, pause, closing list. Read from the log, at most ten seconds stale."""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import replace

from bot.desk.ports import (
    AlreadyThere,
    Clock,
    Commit,
    Effect,
    Log,
    Stream,
    Unreadable,
    keys_of,
)
from bot.domain.desk_day import PAUSE_STREAM, DeskDay, fold_desk, stream_of
from bot.domain.events import (
    ClosingListSent,
    DeskEvent,
    MessagesTriedAgain,
    PulseAsked,
    Recorded,
    RollAsked,
    RollCalled,
    TestPaused,
    TestResumed,
    WeekSent,
)
from bot.domain.partnership import Partnership, Today

_log = logging.getLogger("frontdoor.days")

_STALE_AFTER_S = 10.0
_TRIES = 5
_SENT_AGAIN_WITHIN = dt.timedelta(seconds=60)
"""Teams sends a press again after some thirty seconds, with a new id."""


class Days:
    def __init__(self, log: Log, clock: Clock, partnership: Partnership) -> None:
        self._log = log
        self._clock = clock
        self._calendar = partnership.calendar
        self._day: tuple[dt.date, DeskDay] | None = None
        self._paused: DeskDay = DeskDay()
        self._both = DeskDay()
        """The day, and the pause that stands over it."""
        self._read_at = float("-inf")

    async def today(self, at_most_s: float = _STALE_AFTER_S) -> Today:
        """`at_most_s`: how old what is known may be before it is read again."""
        return (await self._current(at_most_s)).today

    async def state(self) -> DeskDay:
        return await self._current()

    async def pause_version(self) -> int:
        """How many pauses and resumptions there were."""
        await self._current()
        return self._paused.version

    async def _current(self, at_most_s: float = _STALE_AFTER_S) -> DeskDay:
        day = self._calendar.day_of(self._clock.now())
        stale = time.monotonic() - self._read_at > at_most_s
        if stale or self._day is None or self._day[0] != day:
            await self._read(day)
        return self._both

    async def _read(self, day: dt.date) -> None:
        """What this version cannot read leaves what was read last; so does a reading that began
        before something was recorded and comes back after.
        """
        asked_at = time.monotonic()
        found = held = DeskDay()
        try:
            found = _folded(await self._log.load(stream_of(day)))
            held = _folded(await self._log.load(PAUSE_STREAM))
        except Unreadable as fault:
            _log.error("days.unreadable", extra={"fault": type(fault).__name__})
        if self._day and self._day[0] == day:
            found = _further(found, self._day[1])
        held = self._paused = _further(held, self._paused)
        self._day = (day, found)
        self._both = replace(
            found,
            paused=held.paused,
            paused_by=held.paused_by,
            paused_at=held.paused_at,
            presses=found.presses | held.presses,
        )
        self._read_at = max(self._read_at, asked_at)

    async def record(
        self,
        event: DeskEvent,
        by: str,
        effects: tuple[Effect, ...] = (),
        *,
        press: str = "",
        rolls: int | None = None,
        due_on: dt.date | None = None,
    ) -> str | None:
        """Appends to today's stream (pauses to their own); returns the stream. None where nothing
        was changed: it is so already, or one of the keys in `press` is known, or the roll was
        called since the card was drawn, when it had been called `rolls` times, or the day that it
        was `due_on` is over: the next day must not be taken for asked.
        """
        now = self._clock.now()
        lasting = isinstance(event, TestPaused | TestResumed)
        day = self._calendar.day_of(now)
        if due_on not in (None, day):
            return None
        stream = PAUSE_STREAM if lasting else stream_of(day)
        for _ in range(_TRIES):
            await self._read(day)
            assert self._day is not None
            current = self._paused if lasting else self._day[1]
            known = not current.presses.isdisjoint(keys_of(press))
            if known or rolls not in (None, current.rolls) or _already(event, current, now):
                return None
            recorded = (Recorded(event, now, by),)
            commit = Commit(stream, current.version + 1, now, by, recorded, effects, press)
            try:
                await self._log.append(commit)
            except AlreadyThere:
                continue
            await self._read(day)
            return stream
        raise AlreadyThere(stream)


def _already(event: DeskEvent, day: DeskDay, now: dt.datetime) -> bool:
    """What is asked once a day has been asked; what is pressed again is so already."""
    match event:
        case ClosingListSent():
            return day.closing_listed
        case PulseAsked():
            return day.pulse_asked
        case RollAsked():
            return day.roll_asked or day.called
        case RollCalled(absent):
            return day.called and day.absent == frozenset(absent)
        case TestPaused():
            return day.paused_at is not None
        case TestResumed():
            return day.paused_at is None
        case MessagesTriedAgain(cases):
            before = day.tried_again
            lately = before is not None and now - before[1] < _SENT_AGAIN_WITHIN
            return before is not None and lately and set(cases) <= set(before[0])
        case WeekSent():
            return day.week_sent


def _further(read: DeskDay, known: DeskDay) -> DeskDay:
    return read if read.version >= known.version else known


def _folded(stream: Stream) -> DeskDay:
    recorded = [r for c in stream.commits for r in c.recorded]
    version = stream.commits[-1].n if stream.commits else 0
    presses = frozenset(key for c in stream.commits for key in keys_of(c.press))
    return replace(fold_desk(recorded, version), presses=presses)
