"""Figures from before the duty team: one row a referral, from the case system or from emails.

A column of times may hold a date alone. The row is good, its time is not known, and it is counted:
without times nothing can be said of how fast an immediate referral was taken. Midnight exactly
counts as a date alone, because that is how a system that holds only dates writes them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.baseline import BaselineRow
from bot.domain.partnership import Partnership
from bot.domain.plan_quality import PlanScore
from bot.exchange.keys import digest
from bot.exchange.reading import BadRow, Cells, Column, Progress, Unreadable, fold, read_rows
from bot.exchange.values import Clock, checked, choice, format_works, moment, whole, yes_no

_TIMES_AFTER = ("decided_at", "assessment_taken_at", "feedback_at", "lead_at")
TIMES = ("received_at", *_TIMES_AFTER)
PLAN = ("plan_specific", "plan_owned", "plan_timed", "plan_needs_led", "plan_shared")
BASELINE_COLUMNS = (
    *("row_id", "received_at", "children", "district", "referrer_group", "outcome", "lead_agency"),
    *("decided_at", "immediate", "assessment_taken_at", "feedback_at", "lead_at", "re_referral"),
    *PLAN,
    "actions",
)
"""The headings, which are also our names for them."""

_REQUIRED = ("row_id", "received_at", "children")
_MOST_CHILDREN, _MOST_ACTIONS, _MOST_SCORE = 20, 50, 2


@dataclass(frozen=True, slots=True)
class BaselineRead:
    """As Read, with how many dates had no time, by column, in the good rows."""

    good: tuple[BaselineRow, ...]
    bad: tuple[BadRow, ...]
    repeats: int
    dates_only: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _When:
    """A day, and the instant where its time is known."""

    on: dt.date
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Codes:
    """Folded codes and labels of the partnership, to codes."""

    districts: Mapping[str, str]
    groups: Mapping[str, str]
    agencies: Mapping[str, str]
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A record and which of its times were dates alone."""

    key: str
    row: BaselineRow
    dates_only: tuple[str, ...]


def _by_words(pairs: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Every way to write a code, to the code; a code comes before another's label."""
    listed = list(pairs)
    words = {fold(word): names[0] for names in listed for word in names[1:]}
    return words | {fold(names[0]): names[0] for names in listed}


def _codes(partnership: Partnership) -> _Codes:
    return _Codes(
        _by_words((d.code, d.label) for d in partnership.districts),
        _by_words((g.code, g.label) for g in partnership.referrer_groups),
        _by_words((a.code, a.label) for a in partnership.agencies),
        _by_words((o.code, o.label, o.short) for o in partnership.outcomes),
    )


def _when(cells: Cells, name: str, clock: Clock) -> _When | None:
    text = cells.text(name)
    if not text:
        return None
    found = moment(text, clock.date_format)
    if found is None:
        cells.wrong("time", name)
        return None
    if isinstance(found, dt.datetime) and found.time() != dt.time():
        at = checked(cells, name, found, clock)
        return _When(clock.calendar.day_of(at), at) if at else None
    on = found.date() if isinstance(found, dt.datetime) else found
    if on > clock.today:
        cells.wrong("future", name)
    return _When(on, None)


def _not_before(cells: Cells, name: str, received: _When, then: _When | None) -> None:
    if then is None:
        return
    both = received.at and then.at
    if then.on < received.on or (both and then.at and received.at and then.at < received.at):
        cells.wrong("before_received", name)


def _plan(cells: Cells) -> PlanScore | None:
    scores = [whole(cells, name, _MOST_SCORE) for name in PLAN]
    given = [score for score in scores if score is not None]
    if given and len(given) < len(PLAN):
        empty = (name for name in PLAN if cells.has_column(name) and not cells.text(name))
        cells.wrong("plan_part", next(empty, ""))
    return PlanScore(*given) if len(given) == len(PLAN) else None


def _row(cells: Cells, codes: _Codes, clock: Clock, secret: bytes) -> _Row | None:
    for name in _REQUIRED:
        if not cells.text(name):
            cells.wrong("missing", name)
    when = {name: _when(cells, name, clock) for name in TIMES}
    received = when["received_at"]
    if received is None or cells.bad:
        return None
    for name in _TIMES_AFTER:
        _not_before(cells, name, received, when[name])
    at = {name: found.at if found else None for name, found in when.items()}
    row = BaselineRow(
        key=digest("baseline", cells.text("row_id"), secret=secret),
        received_on=received.on,
        received_at=received.at,
        children=whole(cells, "children", _MOST_CHILDREN, least=1) or 0,
        district=choice(cells, "district", codes.districts),
        referrer_group=choice(cells, "referrer_group", codes.groups),
        outcome=choice(cells, "outcome", codes.outcomes),
        lead_agency=choice(cells, "lead_agency", codes.agencies),
        decided_at=at["decided_at"],
        immediate=bool(yes_no(cells, "immediate")),
        assessment_taken_at=at["assessment_taken_at"],
        feedback_at=at["feedback_at"],
        lead_at=at["lead_at"],
        re_referral=yes_no(cells, "re_referral"),
        plan=_plan(cells),
        actions=whole(cells, "actions", _MOST_ACTIONS),
    )
    dates_only = tuple(name for name, found in when.items() if found and found.at is None)
    return _Row(row.key, row, dates_only)


def baseline_columns(own: Mapping[str, str]) -> list[Column]:
    return [
        Column(name, (own.get(name, name),), name in _REQUIRED or name in own)
        for name in BASELINE_COLUMNS
    ]


def read_baseline(
    data: bytes,
    partnership: Partnership,
    clock: Clock,
    *,
    columns: Mapping[str, str] | None = None,
    secret: bytes = b"",
    progress: Progress | None = None,
) -> BaselineRead | Unreadable:
    """`columns` maps BASELINE_COLUMNS to other headings.

    The row id is kept only as a hash. Case numbers are short, so a plain hash can be undone by
    trying them all: give a `secret`, always the same, to prevent that.
    """
    own = columns or {}
    unknown = [f for f in own if f not in BASELINE_COLUMNS]
    if unknown:
        return Unreadable("mapping_unknown", {"field": ", ".join(unknown)})
    if not format_works(clock.date_format):
        return Unreadable("mapping_date_format")
    codes = _codes(partnership)
    found = read_rows(
        data,
        baseline_columns(own),
        lambda cells: _row(cells, codes, clock, secret),
        id_field="row_id",
        progress=progress,
    )
    if isinstance(found, Unreadable):
        return found
    alone = Counter(name for made in found.good for name in made.dates_only)
    return BaselineRead(
        tuple(made.row for made in found.good),
        found.bad,
        found.repeats,
        {name: alone[name] for name in TIMES},
    )
