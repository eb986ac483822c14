"""People of each version of the configuration in the store: kept once, whole or not at all."""

from __future__ import annotations

from dataclasses import replace

from bot import configuration
from bot.desk.ports import Listed, Row, Rows
from bot.desk.versions import Versions
from bot.store.log import TableLog

P = configuration.load()


async def test_the_people_of_a_version_come_back_as_they_were_and_stand(rows: Rows) -> None:
    log = TableLog(rows)
    await Versions(P, log).start()
    await Versions(replace(P, people=P.people[:1]), log).start()

    assert (await log.all_listed())[P.version] == Listed(P.people, P.tenants)


async def test_a_long_list_is_cut_to_what_a_property_holds(rows: Rows) -> None:
    many = tuple(replace(P.people[0], id=f"p-{n}", name="ق" * 60) for n in range(400))
    log = TableLog(rows)
    await log.save_listed("long", Listed(many, P.tenants))
    row = await rows.get("Index", "people", "long")
    assert row is not None

    assert (await log.all_listed())["long"].people == many
    assert max(len(str(value)) for value in row.props.values()) <= 30_000


async def test_what_cannot_be_read_hides_no_other(rows: Rows) -> None:
    log = TableLog(rows)
    await log.save_listed("good", Listed(P.people, P.tenants))
    await rows.put(Row("Index", "people", "later", {"people": '{"people": [{"role": "new"}]}'}))

    found = await log.all_listed()
    assert found["good"].people == P.people
    assert "later" not in found
