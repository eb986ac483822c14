"""A file that somebody brings, from its bytes to what the store then holds.

Only rows that were not there before count, so an import that broke off half way is simply done
again. The reading is on a thread of its own: a large file takes seconds, and others wait.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

from bot.desk.tally_ports import Progress, Tallies, no_progress
from bot.domain.baseline import BaselineRow
from bot.domain.calls import Call, CallCount
from bot.domain.partnership import Partnership
from bot.domain.periods import week_key
from bot.domain.surveys import SurveyReply
from bot.exchange.baseline_csv import BaselineRead
from bot.exchange.importing import KINDS, Brought, Kind, Records, kind_of, read
from bot.exchange.reading import Unreadable


async def bring(
    data: bytes,
    partnership: Partnership,
    tallies: Tallies,
    now: dt.datetime,
    *,
    among: Sequence[Kind] = KINDS,
    reading: Progress | None = None,
    keeping: Progress = no_progress,
) -> Brought | Unreadable:
    """`among`: the kinds it may be. Progress is told of the reading, then of the keeping."""
    kind = await asyncio.to_thread(kind_of, data, partnership.files, among)
    if isinstance(kind, Unreadable):
        return kind
    secret = await tallies.import_secret() if kind == "baseline" else b""
    found = await asyncio.to_thread(
        read, data, kind, partnership, now, secret=secret, progress=reading
    )
    if isinstance(found, Unreadable):
        return found
    new = await _keep(found.good, partnership, tallies, keeping)
    return Brought(
        kind,
        read=len(found.good) + found.repeats + len(found.bad),
        new=new,
        known=len(found.good) - new + found.repeats,
        bad=found.bad,
        dates_only=found.dates_only if isinstance(found, BaselineRead) else {},
    )


async def _keep(
    records: Records, partnership: Partnership, tallies: Tallies, progress: Progress
) -> int:
    """How many were new. A file holds records of one sort."""
    calendar = partnership.calendar
    calls = [r for r in records if isinstance(r, Call | CallCount)]
    replies = [r for r in records if isinstance(r, SurveyReply)]
    rows = [r for r in records if isinstance(r, BaselineRow)]
    if calls:
        return await tallies.import_calls(calls, lambda at: week_key(calendar.day_of(at)), progress)
    if replies:
        return await tallies.import_replies(replies, week_key, progress)
    return await tallies.import_baseline(rows, progress) if rows else 0
