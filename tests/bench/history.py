"""Years of referrals, written straight through the codec: five events each, and their index rows.

Every row that a played referral would leave is there, so that what is read has to be found among
as much as it would be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from bot.desk.ports import Commit, Effect, EffectStatus, Row, Rows
from bot.desk.projections import shadow_of
from bot.domain import events as ev
from bot.domain.evolve import fold
from bot.domain.intake import Child
from bot.domain.partnership import Partnership
from bot.domain.referral import Referral
from bot.store import codec
from tests.domain.story import LEAD, MASHO, SOCIAL_WORKER, intake, plan

A_DAY = 67
"""Referrals a day: three test days make a week of about 200."""
_BATCH = 500


def _days_of_tests(partnership: Partnership, before: dt.date) -> Iterator[dt.date]:
    """Days of the test's weekdays that the door was open, newest first."""
    day = before
    while True:
        day -= dt.timedelta(days=1)
        if day.weekday() in partnership.test_days and partnership.calendar.hours(day):
            yield day


def _recorded(at: dt.datetime, reference: str, mosaic_id: str) -> tuple[ev.Recorded, ...]:
    form = intake(received_at=at, children=(Child(mosaic_id, "5_to_9"),))
    later = [at + dt.timedelta(minutes=n) for n in (4, 9, 20, 41, 55)]
    return (
        ev.Recorded(ev.IntakeSubmitted(form, reference), later[0], MASHO),
        ev.Recorded(ev.LeadClaimed(), later[1], LEAD),
        ev.Recorded(plan(), later[2], LEAD),
        ev.Recorded(ev.OutcomeProposed("ehu", "He needs warm mornings."), later[3], LEAD),
        ev.Recorded(ev.OutcomeEndorsed("second_person"), later[4], SOCIAL_WORKER),
    )


def rows_of(n: int, at: dt.datetime, partnership: Partnership) -> list[Row]:
    """All rows of the n-th referral, whose call was picked up at `at`."""
    case_id, reference = f"{n:032x}", f"REF-{at.year}-{n % 100_000:05d}"
    recorded = _recorded(at, reference, f"{n:07d}")
    rows = []
    for number, item in enumerate(recorded, 1):
        effects = (Effect("post_briefing", {}),) if number == 1 else ()
        commit = Commit(case_id, number, item.at, item.by, (item,), effects)
        rows.append(codec.commit_row(commit, f"{n:08x}"))
    rows.append(codec.status_row(case_id, EffectStatus(1, 0, "sent", recorded[0].at)))
    referral = replace(fold(Referral(case_id), recorded), version=len(recorded))
    shadow = shadow_of(referral, partnership)
    figures = codec.figures_text(shadow.figures)
    thread = codec.safe_key(f"19:desk@thread.tacv2;messageid={n}")
    return [
        *rows,
        Row("Index", f"refs-{at.year}", f"N{n:05d}", {"case": case_id}),
        Row("Index", "thread", thread, {"case": case_id}),
        Row("Index", f"child-{n:07d}", case_id, {"reference": reference, "received_at": at}),
        Row("Figures", shadow.week, case_id, {"figures": figures, "version": 5}),
        Row("Decisions", shadow.week, reference, {"week": shadow.week, "reference": reference}),
    ]


def moments(partnership: Partnership, before: dt.date) -> Iterator[dt.datetime]:
    """When calls were picked up: `A_DAY` on each test day, newest first."""
    for day in _days_of_tests(partnership, before):
        for n in range(A_DAY):
            minute = 10 * 60 + 30 + 5 * n
            yield partnership.calendar.instant(day, dt.time(minute // 60, minute % 60))


async def write(
    rows: Rows, partnership: Partnership, before: dt.date, count: int, first: int = 0
) -> None:
    """`count` referrals, the newest on the last test day before `before`."""
    waiting: dict[str, list[Row]] = {}
    for n, at in zip(range(first, first + count), moments(partnership, before), strict=False):
        for row in rows_of(n, at, partnership):
            waiting.setdefault(row.table, []).append(row)
        if (n + 1) % _BATCH == 0:
            await _flush(rows, waiting)
    await _flush(rows, waiting)


async def _flush(rows: Rows, waiting: dict[str, list[Row]]) -> None:
    for found in waiting.values():
        await rows.put_many(found)
    waiting.clear()
