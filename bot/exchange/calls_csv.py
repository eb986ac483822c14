"""The phone line's own report in any shape of one row a call: a mapping says which column is what.

Only mapped columns are read. A caller's number or a colleague's name in another column is never
looked at, and a call id that is itself a phone number or an email address is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bot.domain.calls import Call, CallOutcome
from bot.domain.file_settings import CallMapping as CallMapping
from bot.domain.identifiers import find_identifiers
from bot.exchange.keys import Occurrences, digest
from bot.exchange.reading import Cells, Column, Progress, Read, Unreadable, fold, read_rows
from bot.exchange.values import LONGEST_SECONDS, Clock, format_works, instant, seconds

CALL_FIELDS = (
    "started_at",
    "answered_at",
    "ended_at",
    "wait_seconds",
    "talk_seconds",
    "result",
    "queue",
    "call_id",
)
_LETTER = re.compile(r"[A-Za-z]")
_ANY_DAY = dt.date(2026, 1, 1)  # only dates of birth go by the day
_RANK = {CallOutcome.ANSWERED: 0, CallOutcome.ABANDONED: 1, CallOutcome.OTHER: 2}


def mapping_fault(mapping: CallMapping) -> Unreadable | None:
    """What makes a mapping unusable, before any file is read with it."""
    unknown = [f for f in mapping.columns if f not in CALL_FIELDS]
    if unknown:
        return Unreadable("mapping_unknown", {"field": ", ".join(unknown)})
    if not mapping.columns.get("started_at"):
        return Unreadable("mapping_missing", {"field": "started_at"})
    by_result = "result" in mapping.columns and mapping.answered and mapping.abandoned
    if not by_result and ("result" in mapping.columns or "answered_at" not in mapping.columns):
        return Unreadable("mapping_result")
    if not format_works(mapping.date_format):
        return Unreadable("mapping_date_format")
    return None


def call_columns(mapping: CallMapping) -> list[Column]:
    return [Column(field, (name,), True) for field, name in mapping.columns.items()]


def call_id_of(cells: Cells) -> str:
    """The call id, refused when the whole of it is a phone number or an email address."""
    text = cells.text("call_id")
    plain = "@" not in text and _LETTER.search(text)  # as most are; looking further takes time
    found = () if plain or not text else find_identifiers(text, _ANY_DAY)
    if any(i.kind in ("phone", "email") and i.text == text for i in found):
        cells.wrong("call_id_private", "call_id")
    return text


def chosen(first: Call, second: Call) -> Call:
    """Of two rows of one call, the one that says it was answered, then abandoned."""
    return min(first, second, key=lambda call: _RANK[call.outcome])


class CallMaker:
    """Gives each call its key: from its id and start, else from all that is known of it."""

    def __init__(self) -> None:
        self._seen = Occurrences()

    def keyed(self, call: Call) -> Call:
        at = call.at.isoformat()
        if call.call_id:
            return replace(call, key=digest("call", call.call_id, at))
        known = (call.queue, at, call.outcome, str(call.wait_s), str(call.talk_s))
        return replace(call, key=self._seen.key("call", *known))


def _outcome(cells: Cells, mapping: CallMapping) -> CallOutcome:
    if "result" not in mapping.columns:
        return CallOutcome.ANSWERED if cells.text("answered_at") else CallOutcome.ABANDONED
    said = fold(cells.text("result"))
    if not said:
        cells.wrong("missing", "result")
    if said in _folded(mapping.answered):
        return CallOutcome.ANSWERED
    return CallOutcome.ABANDONED if said in _folded(mapping.abandoned) else CallOutcome.OTHER


def _folded(words: tuple[str, ...]) -> set[str]:
    return {fold(word) for word in words}


def between(
    cells: Cells, start: dt.datetime | None, end: dt.datetime | None, code: str, field: str
) -> float | None:
    """Seconds from one to the other; marked when it runs backwards or for more than a day."""
    if start is None or end is None:
        return None
    length = (end - start).total_seconds()
    if length < 0:
        cells.wrong(code, field)
    elif length > LONGEST_SECONDS:
        cells.wrong("too_long", field)
    return length


def _call(cells: Cells, mapping: CallMapping, clock: Clock) -> Call | None:
    started = instant(cells, "started_at", clock, required=True)
    answered = instant(cells, "answered_at", clock)
    ended = instant(cells, "ended_at", clock)
    outcome = _outcome(cells, mapping)
    lasted = between(cells, started, ended, "ended_before_start", "ended_at")
    rang = between(cells, started, answered, "answered_before_start", "answered_at")
    talked = between(cells, answered, ended, "ended_before_start", "ended_at")
    wait, talk = seconds(cells, "wait_seconds"), seconds(cells, "talk_seconds")
    if wait is None:
        wait = lasted if outcome is CallOutcome.ABANDONED and answered is None else rang
    if started is None or cells.bad:
        return None
    queue = cells.text("queue") or mapping.queue
    return Call(
        "", started, queue, outcome, wait, talked if talk is None else talk, call_id_of(cells)
    )


def read_calls(
    data: bytes, mapping: CallMapping, clock: Clock, progress: Progress | None = None
) -> Read[Call] | Unreadable:
    """Calls of a file read by a mapping. `clock` gives the calendar and now.

    Rows of one call id and start are one call, counted once. Without ids, equal rows of one file
    are as many calls, and the same rows in a later file are the same calls.
    """
    fault = mapping_fault(mapping)
    if fault:
        return fault
    clock = replace(clock, zone=mapping.zone, date_format=mapping.date_format)
    maker = CallMaker()

    def make(cells: Cells) -> Call | None:
        call = _call(cells, mapping, clock)
        return maker.keyed(call) if call and not cells.bad else None

    return read_rows(data, call_columns(mapping), make, choose=chosen, progress=progress)
