"""The desk's own log, one stream a local day: roll, pause, closing list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain import events as ev
from bot.domain.partnership import Today


@dataclass(frozen=True, slots=True)
class DeskDay:
    """Roll and closing list belong to the day; a pause lasts until it is lifted."""

    version: int = 0
    absent: frozenset[str] = frozenset()
    rolls: int = 0
    """How often the roll was called that day."""
    paused: str | None = None
    paused_by: str = ""
    paused_at: dt.datetime | None = None
    closing_listed: bool = False
    roll_asked: bool = False
    pulse_asked: bool = False
    week_sent: bool = False
    tried_again: tuple[tuple[str, ...], dt.datetime] | None = None
    """Which referrals' messages were tried again last, and when."""
    presses: frozenset[str] = frozenset()
    """Keys of what was pressed and said: what arrives again is known by them."""

    @property
    def called(self) -> bool:
        return self.rolls > 0

    @property
    def today(self) -> Today:
        return Today(self.absent, self.called, self.paused, self.rolls)


def evolve_desk(day: DeskDay, recorded: ev.Recorded) -> DeskDay:
    match recorded.event:
        case ev.RollCalled(absent):
            return replace(day, absent=frozenset(absent), rolls=day.rolls + 1)
        case ev.RollAsked():
            return replace(day, roll_asked=True)
        case ev.TestPaused(reason):
            return replace(day, paused=reason, paused_by=recorded.by, paused_at=recorded.at)
        case ev.TestResumed():
            return replace(day, paused=None, paused_by="", paused_at=None)
        case ev.ClosingListSent():
            return replace(day, closing_listed=True)
        case ev.PulseAsked():
            return replace(day, pulse_asked=True)
        case ev.WeekSent():
            return replace(day, week_sent=True)
        case ev.MessagesTriedAgain(cases):
            return replace(day, tried_again=(cases, recorded.at))
        case _:
            raise AssertionError("a referral's event in the desk's log")


def stream_of(day: dt.date) -> str:
    return f"desk-{day.isoformat()}"


def week_stream(monday: dt.date) -> str:
    """A week's card belongs to the week, whenever it goes out."""
    return f"desk-week-{monday.isoformat()}"


PAUSE_STREAM = "desk-pause"
"""Pauses outlive the day, so they have a stream of their own."""


def fold_desk(recorded: Iterable[ev.Recorded], version: int) -> DeskDay:
    day = DeskDay(version=version)
    for item in recorded:
        day = evolve_desk(day, item)
    return day
