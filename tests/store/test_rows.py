"""The table-store contract, on a real file and a real Azurite."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid

import pytest

from bot.desk.ports import AlreadyThere, Changed, Row, Rows
from bot.desk.signals import SILENT
from bot.store.azure_tables import AzureRows
from bot.store.measured import MeasuredRows
from bot.store.sqlite import SqliteRows

AT = dt.datetime(2026, 11, 24, 9, 12, 30, 123456, tzinfo=dt.UTC)
HOSTILE = [
    "/ \\ # ? % & + ' \"",
    "emoji 👨‍👩‍👧 and café",
    "right-to-left \u202e marks \u200f",
    "line\nbreak\ttab",
    "{curly} <at>tag</at> ${{VAR}} 'or 1 eq 1",
    "x" * 30_000,
    "ش" * 15_000,
]


@pytest.fixture(params=[False, True], ids=["bare", "measured"])
def measured(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def rows(rows: Rows, measured: bool) -> Rows:
    """Each store by itself, and with its calls counted."""
    return MeasuredRows(rows, SILENT) if measured else rows


def opened_again(rows: Rows) -> Rows:
    """Another store over the same data."""
    match rows:
        case MeasuredRows():
            return MeasuredRows(opened_again(rows._rows), SILENT)
        case SqliteRows():
            return SqliteRows(rows._path)
        case AzureRows():
            return AzureRows(rows._account)
    raise TypeError(type(rows).__name__)


def partition() -> str:
    return f"p-{uuid.uuid4().hex}"


async def test_a_row_reads_back_as_it_was_written(rows: Rows) -> None:
    props = {"text": "words", "n": 7, "x": 1.5, "yes": True, "no": False, "at": AT}
    row = Row("Commits", partition(), "C1", dict(props))
    await rows.write([row])
    found = await rows.get("Commits", row.partition, "C1")
    assert found is not None
    assert found.props == props
    assert found.etag


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_survives(rows: Rows, text: str) -> None:
    row = Row("Commits", partition(), "C1", {"text": text})
    await rows.write([row])
    found = await rows.get("Commits", row.partition, "C1")
    assert found is not None
    assert found.props["text"] == text


async def test_a_second_create_of_the_same_key_is_refused_and_changes_nothing(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Commits", where, "C1", {"who": "first"})])
    with pytest.raises(AlreadyThere):
        await rows.write([Row("Commits", where, "C1", {"who": "second"})])
    found = await rows.get("Commits", where, "C1")
    assert found is not None
    assert found.props["who"] == "first"


async def test_of_fifty_creating_the_same_row_at_once_one_wins(rows: Rows) -> None:
    where = partition()

    async def attempt(n: int) -> bool:
        try:
            await rows.write([Row("Commits", where, "C1", {"who": n})])
        except AlreadyThere:
            return False
        return True

    won = await asyncio.gather(*(attempt(n) for n in range(50)))
    assert sum(won) == 1
    found = await rows.get("Commits", where, "C1")
    assert found is not None
    assert found.props["who"] == won.index(True)


async def test_creating_two_rows_is_all_or_none(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Index", where, "b", {"n": 1})])
    with pytest.raises(AlreadyThere):
        await rows.write([Row("Index", where, "a", {}), Row("Index", where, "b", {})])
    assert await rows.get("Index", where, "a") is None


async def test_replace_needs_the_row_as_it_was_read(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Index", where, "k", {"n": 1})])
    read = await rows.get("Index", where, "k")
    assert read is not None
    await rows.write([Row("Index", where, "k", {"n": 2}, read.etag)])
    with pytest.raises(Changed):
        await rows.write([Row("Index", where, "k", {"n": 3}, read.etag)])
    now = await rows.get("Index", where, "k")
    assert now is not None
    assert now.props["n"] == 2


async def test_replacing_a_row_that_is_gone_is_refused(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Index", where, "k", {"n": 1})])
    read = await rows.get("Index", where, "k")
    assert read is not None
    await rows.delete("Index", where, "k")
    with pytest.raises(Changed):
        await rows.write([Row("Index", where, "k", {"n": 2}, read.etag)])


async def test_put_replaces_the_whole_row(rows: Rows) -> None:
    where = partition()
    await rows.put(Row("Index", where, "k", {"old": 1, "both": 1}))
    await rows.put(Row("Index", where, "k", {"both": 2}))
    found = await rows.get("Index", where, "k")
    assert found is not None
    assert found.props == {"both": 2}


async def test_deleting_what_is_not_there_is_no_fault(rows: Rows) -> None:
    await rows.delete("Index", partition(), "nothing")


async def test_a_query_keeps_to_its_partition_bounds_and_order(rows: Rows) -> None:
    where, other = partition(), partition()
    for key in ("C3", "C1", "E1", "C2"):
        await rows.write([Row("Commits", where, key, {"k": key})])
    await rows.write([Row("Commits", other, "C9", {})])
    assert [r.key for r in await rows.query("Commits", where)] == ["C1", "C2", "C3", "E1"]
    assert [r.key for r in await rows.query("Commits", where, "C2", "C3")] == ["C2", "C3"]
    assert [r.key for r in await rows.query("Commits", where, "D")] == ["E1"]


async def test_a_partition_name_cannot_change_the_query(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Commits", where, "C1", {})])
    assert await rows.query("Commits", f"x' or PartitionKey eq '{where}") == []


async def test_a_query_pages_past_a_thousand_rows(rows: Rows) -> None:
    where = partition()
    for start in range(0, 1100, 50):
        keys = range(start, start + 50)
        await rows.write([Row("Index", where, f"{n:05d}", {"n": n}) for n in keys])
    found = await rows.query("Index", where)
    assert [r.props["n"] for r in found] == list(range(1100))


async def test_what_was_written_is_there_after_opening_again(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Commits", where, "C1", {"n": 1})])
    await rows.close()
    again = opened_again(rows)
    await again.start()
    try:
        assert await again.get("Commits", where, "C1") is not None
    finally:
        await again.close()
        await rows.start()


async def test_a_replaced_and_a_new_row_land_together_or_not_at_all(rows: Rows) -> None:
    where = partition()
    await rows.write([Row("Tallies", where, "tally", {"n": 1})])
    read = await rows.get("Tallies", where, "tally")
    assert read is not None
    both = [Row("Tallies", where, "tally", {"n": 2}, read.etag), Row("Tallies", where, "one", {})]
    await rows.write(both)
    with pytest.raises(Changed):
        await rows.write([both[0], Row("Tallies", where, "two", {})])
    now = await rows.get("Tallies", where, "tally")
    assert now is not None
    with pytest.raises(AlreadyThere):
        await rows.write([Row("Tallies", where, "tally", {"n": 3}, now.etag), both[1]])
    found = await rows.query("Tallies", where)
    assert [(r.key, r.props.get("n")) for r in found] == [("one", None), ("tally", 2)]


async def test_putting_many_rows_fills_every_partition_however_often(rows: Rows) -> None:
    one, other = partition(), partition()
    made = [Row("Calls", one, f"{n:03d}", {"n": n}) for n in range(230)]
    made.append(Row("Calls", other, "x", {"n": 1}))
    for _ in range(2):
        await rows.put_many(made)
    assert len(await rows.query("Calls", one)) == 230
    assert len(await rows.query("Calls", other)) == 1


@pytest.mark.parametrize(
    ("key", "value"), [("C1", "half a letter \ud83d"), ("C\ud83d", "text"), ("C1", 2**70)]
)
async def test_what_a_store_cannot_hold_fails_by_itself_and_what_comes_with_it_lands(
    rows: Rows, key: str, value: str | int
) -> None:
    own, bad = partition(), partition()
    good = [Row("Commits", own, f"C{n}", {"text": "words"}) for n in range(6)]
    unfit = Row("Commits", bad, key, {"text": value})
    writes = [rows.write([r]) for r in good[:3]] + [rows.put_many([good[3], unfit])]
    writes += [rows.write([unfit]), rows.put(unfit), *(rows.write([r]) for r in good[4:])]

    async with asyncio.timeout(60):
        results = await asyncio.gather(*writes, return_exceptions=True)

    found = {r.key for r in await rows.query("Commits", own)}
    assert {r.key for r in good if r is not good[3]} <= found
    assert [results[n] for n in (0, 1, 2, -2, -1)] == [None] * 5
