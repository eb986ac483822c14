"""The call queue report of Microsoft Teams Phone, saved as CSV.

Where the headings come from. "Historical report" is Microsoft's article "Auto attendant and Call
queue historical reports" (learn.microsoft.com, MicrosoftTeams/aa-cq-cqd-historical-reports), read
at version 3.1.6 of the Power BI template, April 2024.

One row a call:
  Call Start Time UTC, Call End Time UTC, CQ Name, Call Queue Call Result, Call Queue Call Result
  Legend, Call Queue Target Type, Call Queue Target Type Legend, Call Count, Call Count Abandoned,
  Call Duration Seconds, ConferenceID, DialogID: table fCallQueueAnalytics, Historical report.
  UserStartTimeUTC, EndTime, CallQueueIdentity, CallQueueCallResult, CallQueueTargetType,
  CallQueueDurationSeconds, TotalCallCount, ConferenceId, DialogId: the dimensions and measurements
  of the service behind the report, for whoever queries it directly, same article. They are the
  names in the service's answer, which is not CSV: somebody has to write the headings.

One row an hour, queue and result:
  UTC Date, CQ Name, Call Queue Call Result (and Legend), Call Count, Call Queue Final State
  Action, Average Call Queue Duration (Sec): table fCallQueueFinalStateAction, same article.

Not verified against a real export:
- That a file saved from Power BI has the headings of the table. Power BI lets people rename them,
  and puts "Sum of" before a column that it adds up; both spellings of those are accepted.
- What "Call Duration Seconds" measures. Microsoft says only "call duration"; others who copied
  the template's query say it is the time in the queue. It is left alone unless `duration_is_wait`.
- That `disconnected` with target `Disconnect` is what the template calls Abandoned. Microsoft does
  not describe the code; others who copied the query say so. A legend column, where there is one,
  is read before the code, and Microsoft defines its words.
- How long a call lasted after it was answered is not known from these columns: `talk_s` is None.

The local times of the report follow an offset picked by whoever opened it, the same in summer and
winter, so only its UTC times are read. The article says that data are kept for 28 days, and that
of chained queues only the first is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.calls import Call, CallCount, CallOutcome
from bot.exchange.calls_csv import CallMaker, between, call_id_of, chosen
from bot.exchange.keys import digest
from bot.exchange.reading import Cells, Column, Progress, Read, Unreadable, fold, read_rows
from bot.exchange.values import YES_NO, Clock, format_works, instant, seconds, whole

_RESULT_NAMES = (
    "Call Queue Call Result Legend",
    "Call Queue Target Type Legend",
    "Call Queue Call Result",
    "CallQueueCallResult",
)
_QUEUE = Column("queue", ("CQ Name", "CQName", "CallQueueIdentity"), True)
_RESULT = Column("result", _RESULT_NAMES, True)
_TARGET = Column("target", ("Call Queue Target Type", "CallQueueTargetType"))
_COUNT_NAMES = ("Call Count", "Sum of Call Count", "TotalCallCount")

PER_CALL = (
    Column("started_at", ("Call Start Time UTC", "CallStartTimeUTC", "UserStartTimeUTC"), True),
    Column("ended_at", ("Call End Time UTC", "CallEndTimeUTC", "EndTime")),
    _QUEUE,
    _RESULT,
    _TARGET,
    Column("abandoned", ("Call Count Abandoned", "Sum of Call Count Abandoned")),
    Column("count", _COUNT_NAMES),
    Column("wait", ("CallQueueDurationSeconds",)),
    Column("duration", ("Call Duration Seconds", "Sum of Call Duration Seconds")),
    Column("call_id", ("ConferenceID", "DialogID")),
)
PER_HOUR = (
    Column("at", ("UTC Date",), True),
    _QUEUE,
    _RESULT,
    _TARGET,
    Column("abandoned", ("IsAbandoned",)),
    Column("count", _COUNT_NAMES, True),
    Column("action", ("Call Queue Final State Action", "CallQueueFinalStateAction")),
    Column(
        "wait",
        (
            "Average Call Queue Duration (Sec)",
            "Sum of Average Call Queue Duration (Sec)",
            "AvgCallQueueDurationSeconds",
        ),
    ),
)
_MOST_CALLS = 100_000

_ANSWERED = {
    *("agent answered", "agent answered (call)", "agent answered (callback)"),
    *("transferred to agent", "agent joined conference", "transferred to callback caller"),
}
_OTHER_STARTS = ("overflow", "timed out", "no agent", "callback call timed out", "other")
_OTHER = {"declined", "error", "failed", "invalid"}


def _outcome(cells: Cells) -> CallOutcome:
    """By the legend or the code, which share their folded words where they mean the same."""
    said = fold(cells.text("result"))
    if said in _ANSWERED:
        return CallOutcome.ANSWERED
    if said == "abandoned":
        return CallOutcome.ABANDONED
    if said == "disconnected":
        return CallOutcome.ABANDONED if _hung_up(cells) else CallOutcome.OTHER
    if not (said.startswith(_OTHER_STARTS) or said in _OTHER):
        cells.wrong("result" if said else "missing", "result")
    return CallOutcome.OTHER


def _hung_up(cells: Cells) -> bool:
    """A call that ended in the queue: as the report counts it, else by its target, else yes."""
    if said := fold(cells.text("abandoned")):
        return YES_NO.get(said, False)
    return fold(cells.text("target")) in ("", "disconnect")


def _queue(cells: Cells) -> str:
    """The resource account without its domain, as the report shows it."""
    name = cells.text("queue").split("@")[0]
    if not name:
        cells.wrong("missing", "queue")
    return name


def _call(cells: Cells, clock: Clock, *, duration_is_wait: bool) -> Call | None:
    started = instant(cells, "started_at", clock, required=True)
    ended = instant(cells, "ended_at", clock)
    between(cells, started, ended, "ended_before_start", "ended_at")
    if whole(cells, "count", _MOST_CALLS) not in (None, 1):
        cells.wrong("several_calls", "count")
    outcome, queue, wait = _outcome(cells), _queue(cells), seconds(cells, "wait")
    if wait is None and duration_is_wait:
        wait = seconds(cells, "duration")
    call_id = call_id_of(cells)
    if started is None or cells.bad:
        return None
    return Call("", started, queue, outcome, wait, None, call_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """One row of an hourly report: the calls of one queue that ended one way."""

    key: str
    count: CallCount


def _part(cells: Cells, clock: Clock) -> _Part | None:
    at = instant(cells, "at", clock, required=True)
    outcome, queue = _outcome(cells), _queue(cells)
    calls = whole(cells, "count", _MOST_CALLS)
    if calls is None:
        cells.wrong("missing", "count")
    wait = seconds(cells, "wait")
    if at is None or calls is None or cells.bad:
        return None
    answered = calls if outcome is CallOutcome.ANSWERED else 0
    count = CallCount(
        key=digest("count", queue, at.isoformat()),
        at=at,
        queue=queue,
        offered=calls,
        answered=answered,
        abandoned=calls if outcome is CallOutcome.ABANDONED else 0,
        wait_s_total=0.0 if not answered else None if wait is None else wait * answered,
    )
    ways = [fold(cells.text(f)) for f in ("result", "target", "action", "abandoned")]
    return _Part(digest(count.key, *ways), count)


def _together(parts: Iterable[_Part]) -> tuple[CallCount, ...]:
    """The parts of one queue and interval as one count; the wait is known if it is for each."""
    counts: dict[str, CallCount] = {}
    for part in parts:
        new, old = part.count, counts.get(part.count.key)
        if old is None:
            counts[new.key] = new
            continue
        waits = (old.wait_s_total, new.wait_s_total)
        counts[new.key] = replace(
            old,
            offered=old.offered + new.offered,
            answered=old.answered + new.answered,
            abandoned=old.abandoned + new.abandoned,
            wait_s_total=None if None in waits else sum(w or 0.0 for w in waits),
        )
    return tuple(counts.values())


def _read_parts(
    data: bytes, clock: Clock, progress: Progress | None
) -> Read[CallCount] | Unreadable:
    found = read_rows(
        data, PER_HOUR, lambda cells: _part(cells, clock), id_field="count", progress=progress
    )
    if isinstance(found, Unreadable):
        return found
    return Read(_together(found.good), found.bad, found.repeats)


def read_teams_calls(
    data: bytes,
    clock: Clock,
    *,
    duration_is_wait: bool = False,
    progress: Progress | None = None,
) -> Read[Call] | Read[CallCount] | Unreadable:
    """Calls, or counts of calls where the file has a row an hour; told apart by the headings.

    `clock` gives the calendar, now and the date format; its zone is not used. Set
    `duration_is_wait` once "Call Duration Seconds" has been checked against calls whose wait is
    known.
    """
    if not format_works(clock.date_format):
        return Unreadable("mapping_date_format")
    clock = replace(clock, zone="utc")
    maker = CallMaker()

    def make(cells: Cells) -> Call | None:
        call = _call(cells, clock, duration_is_wait=duration_is_wait)
        return maker.keyed(call) if call else None

    calls = read_rows(data, PER_CALL, make, choose=chosen, progress=progress)
    if isinstance(calls, Unreadable) and calls.code in ("header", "missing_column"):
        counts = _read_parts(data, clock, progress)
        if not isinstance(counts, Unreadable) or counts.code not in ("header", "missing_column"):
            return counts
    return calls
