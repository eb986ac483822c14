"""Calls that come again in a later file, on a real file and a real Azurite."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from bot.desk.ports import Rows
from bot.domain.calls import Call, CallCount, CallOutcome
from bot.store.tallies import TableTallies

AT = dt.datetime(2026, 11, 24, 9, 12, 30, tzinfo=dt.UTC)
WHOLE = Call("k1", AT, "mash", CallOutcome.ABANDONED, 42.5, 130.0, "c-1")
BARE = replace(WHOLE, wait_s=None, talk_s=None, call_id="")
COUNT = CallCount("k1", AT, "mash", 9, 7, 2, 130.0)


class Calls:
    """The calls of a week of their own: the store may hold others."""

    def __init__(self, rows: Rows) -> None:
        self._tallies, self._week = TableTallies(rows), uuid.uuid4().hex

    async def bring(self, *calls: Call | CallCount) -> int:
        return await self._tallies.import_calls(calls, lambda at: self._week)

    async def kept(self) -> list[Call | CallCount]:
        return list(await self._tallies.calls([self._week]))


@pytest.fixture
def calls(rows: Rows) -> Calls:
    return Calls(rows)


async def test_what_a_later_file_does_not_say_stays_as_it_was(calls: Calls):
    assert await calls.bring(WHOLE) == 1
    assert await calls.bring(BARE, replace(BARE, key="k2")) == 1
    assert await calls.kept() == [WHOLE, replace(BARE, key="k2")]


async def test_what_a_later_file_does_say_replaces_what_was_stored(calls: Calls):
    later = replace(WHOLE, outcome=CallOutcome.ANSWERED, wait_s=0.0, talk_s=0.0, call_id="c-9")
    await calls.bring(WHOLE)
    assert await calls.bring(later) == 0
    assert await calls.kept() == [later]


async def test_each_value_is_kept_or_replaced_by_itself(calls: Calls):
    await calls.bring(WHOLE)
    await calls.bring(replace(BARE, outcome=CallOutcome.ANSWERED, talk_s=60.0))
    # How long somebody waited until they gave up is not how long they waited for an answer.
    answered = replace(WHOLE, outcome=CallOutcome.ANSWERED, talk_s=60.0, wait_s=None)
    assert await calls.kept() == [answered]


async def test_what_was_missing_is_filled_in_later(calls: Calls):
    await calls.bring(BARE)
    await calls.bring(WHOLE)
    await calls.bring(BARE)
    assert await calls.kept() == [WHOLE]


async def test_two_records_of_one_call_in_one_file_are_filled_in_alike(calls: Calls):
    assert await calls.bring(WHOLE, BARE) == 1
    assert await calls.kept() == [WHOLE]


async def test_a_count_replaces_the_count_before(calls: Calls):
    later = replace(COUNT, offered=12, wait_s_total=None)
    await calls.bring(COUNT)
    assert await calls.bring(later) == 0
    assert await calls.kept() == [later]
