"""Tallies and imports behind their port, over any table store.

A tally and the mark of who answered are one write in one partition. The tally holds counts only, so
that no row, and no row's time, says who answered what.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import TypeAdapter

from bot.desk.ports import AlreadyThere, Changed, Row, Rows, Value
from bot.desk.tally_ports import Progress, no_progress
from bot.domain.baseline import BaselineRow
from bot.domain.calls import Call, CallCount
from bot.domain.surveys import SurveyReply
from bot.domain.tallies import PulseTally, SurveyTally
from bot.store.codec import joined_text, safe_key, text_props

T = TypeVar("T")

_TRIES = 50
_AT_ONCE = 500
_BASELINE = "baseline"

_survey = TypeAdapter(SurveyTally)
_pulse = TypeAdapter(PulseTally)
_reply = TypeAdapter(SurveyReply)
_call: TypeAdapter[Call | CallCount] = TypeAdapter(Call | CallCount)
_row = TypeAdapter(BaselineRow)


def _mark(prefix: str, where: str, who: str) -> str:
    return f"{prefix}-{hashlib.sha256(f'{where}|{who}'.encode()).hexdigest()}"


class TableTallies:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def _changed(
        self, partition: str, key: str, change: Callable[[str], str], mark: str = ""
    ) -> bool:
        """`change` gets the row's text, empty before there is one. False when `mark` is there."""
        for _ in range(_TRIES):
            if mark and await self._rows.get("Tallies", partition, mark):
                return False
            stored = await self._rows.get("Tallies", partition, key)
            text = change(joined_text("tally", stored.props) if stored else "")
            props = text_props("tally", text)
            rows = [Row("Tallies", partition, key, props, stored.etag if stored else "")]
            if mark:
                rows.append(Row("Tallies", partition, mark, {}))
            try:
                await self._rows.write(rows)
            except (AlreadyThere, Changed):
                continue
            return True
        raise Changed(key)

    # The survey -----------------------------------------------------------------------

    async def add_survey(
        self, week: str, test: str, group: str, mark: str, answers: tuple[int | None, ...]
    ) -> bool:
        partition = f"survey-{week}"
        return await self._changed(
            partition,
            f"tally-{test}-{group}",
            lambda text: _dump_survey(_load_survey(text, week, test, group).with_answers(answers)),
            _mark("asked", partition, mark),
        )

    async def add_survey_comment(
        self, week: str, test: str, group: str, mark: str, text: str
    ) -> bool:
        partition = f"survey-{week}"
        return await self._changed(
            partition,
            f"tally-{test}-{group}",
            lambda old: _dump_survey(_load_survey(old, week, test, group).with_comment(text)),
            _mark("asked-more", partition, mark),
        )

    async def surveys(
        self, weeks: Sequence[str], holds: Callable[[dt.date], bool]
    ) -> tuple[SurveyTally, ...]:
        found: list[SurveyTally] = []
        for week in weeks:
            rows = await self._rows.query("Tallies", f"survey-{week}", "form-")
            tallies = [r for r in rows if r.key.startswith("tally-")]
            found += [_survey.validate_json(joined_text("tally", r.props)) for r in tallies]
            forms = [r for r in rows if r.key.startswith("form-")]
            replies = [_reply.validate_json(joined_text("reply", r.props)) for r in forms]
            found += _of_forms(week, [r for r in replies if holds(r.day)])
        return tuple(found)

    async def import_replies(
        self,
        replies: Sequence[SurveyReply],
        week_of: Callable[[dt.date], str],
        progress: Progress = no_progress,
    ) -> int:
        def made(r: SurveyReply) -> Row:
            props = text_props("reply", _reply.dump_json(r).decode())
            return Row("Tallies", f"survey-{week_of(r.day)}", f"form-{safe_key(r.key)}", props)

        return await self._put_new(await _all_made(made, replies), progress)

    # The pulse ------------------------------------------------------------------------

    async def add_pulse(
        self, day: dt.date, mark: str, answers: tuple[int, ...], comment: str
    ) -> bool:
        partition = f"pulse-{day}"
        return await self._changed(
            partition,
            "tally",
            lambda text: _dump_pulse(_load_pulse(text, day).with_answers(answers, comment)),
            _mark("replied", partition, mark),
        )

    async def pulse_answered(self, day: dt.date, mark: str) -> bool:
        partition = f"pulse-{day}"
        row = await self._rows.get("Tallies", partition, _mark("replied", partition, mark))
        return row is not None

    async def pulses(self, days: Sequence[dt.date]) -> tuple[PulseTally, ...]:
        rows = [await self._rows.get("Tallies", f"pulse-{day}", "tally") for day in days]
        return tuple(_pulse.validate_json(joined_text("tally", r.props)) for r in rows if r)

    # Calls and the time before --------------------------------------------------------

    async def import_calls(
        self,
        calls: Sequence[Call | CallCount],
        week_of: Callable[[dt.datetime], str],
        progress: Progress = no_progress,
    ) -> int:
        def made(c: Call | CallCount) -> Row:
            props: dict[str, Value] = {"call": _call.dump_json(c).decode()}
            return Row("Calls", f"calls-{week_of(c.at)}", safe_key(c.key), props)

        return await self._put_new(await _all_made(made, calls), progress, _filled_in)

    async def calls(self, weeks: Sequence[str]) -> tuple[Call | CallCount, ...]:
        found: list[Row] = []
        for week in weeks:
            found += await self._rows.query("Calls", f"calls-{week}")
        return tuple(_call.validate_json(str(r.props["call"])) for r in found)

    async def import_baseline(
        self, rows: Sequence[BaselineRow], progress: Progress = no_progress
    ) -> int:
        def made(r: BaselineRow) -> Row:
            props: dict[str, Value] = {"row": _row.dump_json(r).decode()}
            return Row("Baseline", _BASELINE, safe_key(r.key), props)

        return await self._put_new(await _all_made(made, rows), progress)

    async def baseline(self) -> tuple[BaselineRow, ...]:
        rows = await self._rows.query("Baseline", _BASELINE)
        return tuple(_row.validate_json(str(r.props["row"])) for r in rows)

    async def import_secret(self) -> bytes:
        made = Row("Tallies", "imports", "secret", {"secret": secrets.token_hex(32)})
        found = await self._rows.get(made.table, made.partition, made.key)
        if found is None:
            try:
                await self._rows.write([made])
            except AlreadyThere:
                found = await self._rows.get(made.table, made.partition, made.key)
        return bytes.fromhex(str((found or made).props["secret"]))

    async def _put_new(
        self,
        rows: Sequence[Row],
        progress: Progress,
        joined: Callable[[Row, Row], Row] | None = None,
    ) -> int:
        """Puts them all, and says how many were not there before. `joined` makes one row of that
        which is stored and the new one; without it the new one replaces it.
        """
        known: dict[tuple[str, str], Row] = {}
        for table, partition in sorted({(r.table, r.partition) for r in rows}):
            found = await self._rows.query(table, partition)
            known |= {(partition, r.key): r for r in found}
        if joined:
            rows = await asyncio.to_thread(_all_joined, joined, known, rows)
        for start in range(0, len(rows), _AT_ONCE):
            progress(start, len(rows))
            await self._rows.put_many(rows[start : start + _AT_ONCE])
        progress(len(rows), len(rows))
        return len({(r.partition, r.key) for r in rows} - known.keys())


async def _all_made(made: Callable[[T], Row], records: Sequence[T]) -> list[Row]:
    """On a thread: of a large file this takes seconds, and others wait for the event loop."""
    return await asyncio.to_thread(lambda: [made(record) for record in records])


def _all_joined(
    joined: Callable[[Row, Row], Row], known: Mapping[tuple[str, str], Row], rows: Sequence[Row]
) -> list[Row]:
    """One row a key: with what is stored of it, and with those before it of the same key."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        where = (row.partition, row.key)
        before = found.get(where) or known.get(where)
        found[where] = joined(before, row) if before else row
    return list(found.values())


def _filled_in(stored: Row, row: Row) -> Row:
    """A call as it came last, and what its report does not say this time as it was stored: a
    second export may lack a column. A count of calls replaces the one before.
    """
    if stored.props["call"] == row.props["call"]:
        return row
    old, new = (_call.validate_json(str(r.props["call"])) for r in (stored, row))
    if not isinstance(old, Call) or not isinstance(new, Call):
        return row
    same = old.outcome is new.outcome  # how long somebody waited until they gave up is no answer
    whole = replace(
        new,
        wait_s=old.wait_s if new.wait_s is None and same else new.wait_s,
        talk_s=old.talk_s if new.talk_s is None else new.talk_s,
        call_id=new.call_id or old.call_id,
    )
    return replace(row, props={"call": _call.dump_json(whole).decode()})


def _load_survey(text: str, week: str, test: str, group: str) -> SurveyTally:
    return _survey.validate_json(text) if text else SurveyTally(week, test, group)


def _dump_survey(tally: SurveyTally) -> str:
    return _survey.dump_json(tally).decode()


def _load_pulse(text: str, day: dt.date) -> PulseTally:
    return _pulse.validate_json(text) if text else PulseTally(day)


def _dump_pulse(tally: PulseTally) -> str:
    return _pulse.dump_json(tally).decode()


def _of_forms(week: str, replies: Iterable[SurveyReply]) -> list[SurveyTally]:
    """The council's own form says nothing of a test, nor of who was asked and did not reply."""
    by_group: dict[str, SurveyTally] = {}
    for reply in replies:
        tally = by_group.get(reply.group) or SurveyTally(week, "", reply.group)
        tally = tally.with_answers(reply.answers)
        if reply.comment:
            tally = tally.with_comment(reply.comment)
        by_group[reply.group] = replace(tally, asked=0)
    return list(by_group.values())
