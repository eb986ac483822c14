"""Warm cases while several turns read and append at once."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from bot.desk.cases import Cases
from bot.desk.ports import Commit, Effect, EffectStatus, Stream
from bot.desk.versions import Versions
from tests.domain.story import MASHO, PARTNERSHIP, briefed

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
CASE = "case-1"


def commit(n: int) -> Commit:
    recorded = briefed()[n - 1 : n]
    return Commit(CASE, n, NOW, MASHO, recorded, (Effect("post_briefing"),))


class SlowLog:
    """A log whose readings come back when they are let go, in any order."""

    def __init__(self) -> None:
        self.commits = [commit(1)]
        self.statuses: list[EffectStatus] = []
        self.waiting: list[asyncio.Event] = []

    async def load(self, stream: str, after: int = 0) -> Stream:
        found = Stream(tuple(c for c in self.commits if c.n > after), tuple(self.statuses))
        go = asyncio.Event()
        self.waiting.append(go)
        await go.wait()
        return found


async def reading(cases: Cases, log: SlowLog) -> asyncio.Task[Any]:
    """Started, and waiting for the log."""
    task = asyncio.create_task(cases.fresh(CASE))
    await asyncio.sleep(0)
    return task


async def warmed() -> tuple[Cases, SlowLog]:
    log = SlowLog()
    versions = Versions(PARTNERSHIP, log)  # type: ignore[arg-type]
    cases = Cases(log, versions)  # type: ignore[arg-type]
    first = await reading(cases, log)
    log.waiting[0].set()
    await first
    return cases, log


async def test_a_status_read_while_a_press_is_appended_is_not_lost() -> None:
    cases, log = await warmed()
    log.statuses = [EffectStatus(1, 0, "sending", NOW)]
    read = await reading(cases, log)
    cases.appended(commit(2), await cases.current(CASE))
    log.waiting[1].set()

    case = await read

    assert case.referral.version == 2
    assert case.statuses[1, 0].state == "sending"
    assert (await cases.current(CASE)).statuses == case.statuses


async def test_a_reading_that_comes_back_late_undoes_nothing() -> None:
    cases, log = await warmed()
    early = await reading(cases, log)
    log.statuses = [EffectStatus(1, 0, "sent", NOW)]
    late = await reading(cases, log)
    log.waiting[2].set()
    await late
    log.waiting[1].set()

    case = await early

    assert case.statuses[1, 0].state == "sent"
    assert not list(case.pending())


async def test_a_doubt_is_not_settled_by_a_reading_that_began_before_it() -> None:
    """The commit landed while that reading was under way, and the store did not say so."""
    cases, log = await warmed()
    before = await reading(cases, log)
    log.commits.append(commit(2))
    cases.doubt(CASE)
    log.waiting[-1].set()
    await before

    after = asyncio.create_task(cases.current(CASE))
    await asyncio.sleep(0)
    log.waiting[-1].set()

    assert (await after).referral.version == 2
    assert (await cases.current(CASE)).referral.version == 2
