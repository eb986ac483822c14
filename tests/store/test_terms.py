"""Versions of the configuration in the store: kept once, and read back whole or not at all."""

from __future__ import annotations

from dataclasses import replace

from bot import configuration
from bot.desk.ports import Row, Rows
from bot.domain.terms import Need
from bot.store.log import TableLog

P = configuration.load()


async def test_a_version_comes_back_as_it_was_and_stands(rows: Rows) -> None:
    log = TableLog(rows)
    await log.save_terms("v1", P.terms)
    await log.save_terms("v1", replace(P.terms, outcome_agreement="none"))

    assert await log.terms("v1") == P.terms
    assert (await log.all_terms())["v1"] == P.terms
    assert await log.terms("v2") is None


async def test_a_long_one_is_cut_to_what_a_property_holds(rows: Rows) -> None:
    many = tuple(Need(f"need_{n}", "ق" * 120) for n in range(400))
    long = replace(P.terms, needs=many)
    log = TableLog(rows)
    await log.save_terms("long", long)
    row = await rows.get("Index", "configuration", "long")
    assert row is not None

    assert await log.terms("long") == long
    assert max(len(str(value)) for value in row.props.values()) <= 30_000


async def test_what_cannot_be_read_is_none_and_hides_no_other(rows: Rows) -> None:
    log = TableLog(rows)
    await log.save_terms("good", P.terms)
    await rows.put(Row("Index", "configuration", "odd", {"terms": '{"needs": 3}'}))
    await rows.put(Row("Index", "configuration", "cut", {"terms": "{"}))

    assert await log.terms("odd") is None
    found = await log.all_terms()
    assert found["good"] == P.terms
    assert not {"odd", "cut"} & set(found)
