"""Each referral again from the raw rows of the log: JSON in, what was counted out.

Written apart from the code it checks: only the standard library, and the file as it lies on disk.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Logs = dict[str, list[Json]]
TO_FOLLOW = "to follow"
OVER = {"closed", "merged", "withdrawn"}


def instant_of(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


# The raw rows


def _joined(props: Json, name: str) -> str:
    """Long text lies in name, name_1, name_2 and so on."""
    text, part = str(props.get(name, "")), 1
    while f"{name}_{part}" in props:
        text += str(props[f"{name}_{part}"])
        part += 1
    return text


def _events(props: Json) -> list[Json]:
    """The events of one commit, with people's words put back where they stood."""
    facts: list[Json] = json.loads(_joined(props, "facts"))
    for path, text in json.loads(_joined(props, "words") or "[]"):
        place: Any = facts
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = text
    return facts


def read_logs(path: Path) -> Logs:
    """Events by stream, in the order they were logged."""
    logs: Logs = defaultdict(list)
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "select part, props from rows where tbl in ('Commits', 'Desk') and key like 'C%'"
            " order by part, key"
        )
        for stream, props in found:
            logs[stream] += _events(json.loads(props))
    connection.close()
    return dict(logs)


def absences_of(logs: Logs) -> Iterator[tuple[dt.date, set[str]]]:
    """Each day the team was asked how it went, and who its roll found absent; the last roll of the
    day stands.
    """
    for stream, events in logs.items():
        if any(event["type"] == "pulse.asked" for event in events):
            rolls = [e["data"]["absent"] for e in events if e["type"] == "roll.called"]
            yield dt.date.fromisoformat(stream[len("desk-") :]), set(rolls[-1] if rolls else ())


# One referral


@dataclass
class Pick:
    code: str
    per_child: dict[str, str]
    picked_at: dt.datetime
    agreed_at: dt.datetime | None = None


@dataclass
class Flag:
    flagged_at: dt.datetime
    notified_at: dt.datetime | None = None
    acknowledged_at: dt.datetime | None = None


@dataclass
class Counted:
    """What the events of one referral come to. `own_*` are of its own call, before any merge."""

    case: str
    state: str = "draft"
    reference: str = ""
    earlier_reference: str = ""
    own_received: dt.datetime | None = None
    received: dt.datetime | None = None
    submitted: dt.datetime | None = None
    intake: Json = field(default_factory=dict)
    children: list[Json] = field(default_factory=list)
    briefed: dt.datetime | None = None
    lead: str = ""
    first_lead: dt.datetime | None = None
    defaulted: bool = False
    flag: Flag | None = None
    pick: Pick | None = None
    corrections: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    """(agreed, corrected) of each agreed outcome that was corrected."""
    handed_over: bool = False
    elsewhere: dt.datetime | None = None
    plan: Json | None = None
    done: list[tuple[Json, dt.datetime]] = field(default_factory=list)
    callers: list[str] = field(default_factory=lambda: [""])
    told: dict[str, dt.datetime] = field(default_factory=dict)
    cannot: dict[str, dt.datetime] = field(default_factory=dict)
    taken_in: set[str] = field(default_factory=set)

    @property
    def counts(self) -> bool:
        return self.state not in ("draft", "merged", "withdrawn")

    @property
    def agreed_at(self) -> dt.datetime | None:
        return self.pick.agreed_at if self.pick else None

    @property
    def decided(self) -> bool:
        """By the duty team: agreed, and not handed over."""
        return self.agreed_at is not None and not self.handed_over

    @property
    def nobody_waits(self) -> bool:
        """Each caller was told, or cannot be."""
        return set(self.callers) <= {*self.cannot, *self.told}

    @property
    def last_told_at(self) -> dt.datetime | None:
        """When the last of those who could be told was told; None while somebody waits."""
        times = [at for caller, at in self.told.items() if caller in self.callers]
        return max(times) if times and self.nobody_waits else None

    @property
    def mosaic_ids(self) -> set[str]:
        return {c["mosaic_id"] for c in self.children} - {TO_FOLLOW}
