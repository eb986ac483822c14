"""A file is known by its headings, and counts once however often it is brought."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from bot.desk.ports import Rows
from bot.domain.calls import Call, CallOutcome
from bot.domain.file_settings import FileSettings, TableSettings
from bot.exchange.importing import Brought, kind_of
from bot.exchange.reading import Unreadable
from bot.importing import bring
from bot.store.sqlite import SqliteRows
from bot.store.tallies import TableTallies

from .files import NOW, PARTNERSHIP, made
from .test_imports_page import EXAMPLES

FILES = PARTNERSHIP.files
KIND_OF_EXAMPLE = {
    "teams": "teams_calls",
    "calls": "calls",
    "survey": "survey",
    "baseline": "baseline",
}
PER_HOUR = made(
    ("UTC Date", "CQ Name", "Call Queue Call Result Legend", "Call Count"),
    ("2026-11-24 09:00", "mash_line", "Agent Answered", 4),
)


@pytest.fixture
async def tallies(tmp_path):
    rows = SqliteRows(tmp_path / "store.db")
    await rows.start()
    yield TableTallies(rows)
    await rows.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_page_is_known_by_its_headings(name):
    assert kind_of(EXAMPLES[name].encode(), FILES) == KIND_OF_EXAMPLE[name]


def test_the_hourly_report_is_the_phone_lines_too():
    assert kind_of(PER_HOUR, FILES) == "teams_calls"


def test_without_a_mapping_a_report_of_another_phone_system_is_not_known():
    settings = replace(FILES, phone=None)
    assert kind_of(EXAMPLES["calls"].encode(), settings) == Unreadable("unknown_kind")


def test_the_headings_of_the_settings_are_looked_for():
    columns = {"satisfied": "Q1", "next_known": "Q2", "needs_heard": "Q3", "who": "Q0"}
    data = made(("Date", "Q0", "Q1", "Q2", "Q3"), ("24/11/2026", "A professional", 5, 5, 5))
    assert kind_of(data, FileSettings(survey=TableSettings(columns))) == "survey"
    assert kind_of(data, FileSettings()) == Unreadable("unknown_kind")


async def test_a_kind_with_one_heading_missing_is_told_which(tallies):
    data = EXAMPLES["survey"].replace("Are you:", "Caller").encode()
    found = await bring(data, PARTNERSHIP, tallies, NOW)
    assert isinstance(found, Unreadable)
    assert found.code == "missing_column"
    assert found.params["missing"] == "Are you:"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 rest of a workbook", "spreadsheet"),
        (b"%PDF-1.7", "pdf"),
        (b"Name,Phone,Address\nA,B,C\n", "unknown_kind"),
    ],
)
async def test_what_cannot_be_read_is_told_why_and_leaves_nothing(tallies, data, code):
    found = await bring(data, PARTNERSHIP, tallies, NOW)
    assert isinstance(found, Unreadable)
    assert found.code == code


@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_second_time_nothing_is_new(tallies, name):
    data = EXAMPLES[name].encode()
    first = await bring(data, PARTNERSHIP, tallies, NOW)
    again = await bring(data, PARTNERSHIP, tallies, NOW)
    kind = KIND_OF_EXAMPLE[name]
    assert isinstance(first, Brought)
    assert isinstance(again, Brought)
    assert (first.kind, first.read, first.new, first.known, first.bad) == (kind, 3, 3, 0, ())
    assert (again.new, again.known) == (0, 3)


async def test_two_people_bringing_one_file_at_once_count_it_once(tallies):
    data = EXAMPLES["calls"].encode()
    await asyncio.gather(*(bring(data, PARTNERSHIP, tallies, NOW) for _ in range(3)))
    assert len(await tallies.calls(["2026-W48"])) == 3


async def test_a_longer_file_adds_only_what_is_new_and_leaves_bad_rows_out(tallies):
    await bring(EXAMPLES["calls"].encode(), PARTNERSHIP, tallies, NOW)
    more = EXAMPLES["calls"] + (
        "24/11/2026 10:02:00,0:10,Answered,C-10024\n"
        "24/11/2026 10:02:00,0:10,Answered,C-10024\n"
        "yesterday,0:10,Answered,C-10025\n"
    )
    found = await bring(more.encode(), PARTNERSHIP, tallies, NOW)
    assert isinstance(found, Brought)
    assert (found.read, found.new, found.known) == (6, 1, 4)
    assert [(b.line, b.column, b.code) for b in found.bad] == [(7, "Began", "time")]


async def test_rows_are_made_ready_away_from_the_event_loop(tallies):
    threads = set()

    def week_of(at):
        threads.add(threading.get_ident())
        return "2026-W48"

    call = Call("k", NOW, "mash", CallOutcome.ANSWERED, 4.0, None, "")
    assert await tallies.import_calls([call], week_of) == 1
    assert threading.get_ident() not in threads


async def test_only_the_kinds_asked_for_are_read(tallies):
    data = EXAMPLES["survey"].encode()
    found = await bring(data, PARTNERSHIP, tallies, NOW, among=("calls", "teams_calls"))
    assert found == Unreadable("unknown_kind")


async def test_dates_without_a_time_are_counted_for_the_person(tallies):
    found = await bring(EXAMPLES["baseline"].encode(), PARTNERSHIP, tallies, NOW)
    assert isinstance(found, Brought)
    assert found.dates_only["received_at"] == 1


async def test_the_secret_of_the_row_ids_is_made_once_and_kept(rows: Rows):
    tallies, other = TableTallies(rows), TableTallies(rows)
    first = await asyncio.gather(tallies.import_secret(), other.import_secret())
    assert len(set(first)) == 1
    assert len(first[0]) == 32
    assert await TableTallies(rows).import_secret() == first[0]


async def test_a_row_id_cannot_be_found_again_by_hashing_it(tmp_path):
    keys = []
    for name in ("one", "two"):
        rows = SqliteRows(tmp_path / f"{name}.db")
        await rows.start()
        tallies = TableTallies(rows)
        await bring(EXAMPLES["baseline"].encode(), PARTNERSHIP, tallies, NOW)
        keys.append({r.key for r in await tallies.baseline()})
        await rows.close()
    assert len(keys[0]) == 3
    assert not keys[0] & keys[1]
