"""`/readyz` is public: whoever asks learns whether to send something here, and steers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import web as web_module
from bot.desk.ports import Row, StoreUnavailable
from bot.rehearsal.rehearsal import Rehearsal
from bot.web import PROBED_EVERY_S, Health
from tests.ops.watching import Seconds

ROUNDS = 50
Client = TestClient[web.Request, web.Application]


class Asked:
    """Health over a rehearsal's store, whose reads are counted and can be made to fail or hang."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.reads, self.away, self.keys = 0, False, True
        self.seconds, self.answers = Seconds(), asyncio.Event()
        self.answers.set()
        self.reading = asyncio.Event()
        rows = rehearsal.front_door.rows
        get = rows.get

        async def counted(table: str, partition: str, key: str) -> Row | None:
            self.reads += 1
            self.reading.set()
            await self.answers.wait()
            if self.away:
                raise StoreUnavailable("away")
            return await get(table, partition, key)

        rows.get = counted  # type: ignore[method-assign]
        self.health = Health(rehearsal.front_door.desk, lambda: self.keys, self.seconds)

    def later(self, seconds: float) -> None:
        self.seconds.now += seconds


@pytest.fixture
async def asked(rehearsal: Rehearsal) -> AsyncIterator[Asked]:
    made = Asked(rehearsal)
    yield made
    made.answers.set()
    await made.health.stop()


@pytest.fixture
async def client(asked: Asked) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(asked.health.routes())
    async with TestClient(TestServer(app)) as made:
        yield made


async def ready(client: Client) -> int:
    async with client.get("/readyz") as answer:
        assert await answer.text() == ""
        return answer.status


async def test_however_many_ask_the_store_is_read_once_a_second(
    asked: Asked, client: Client
) -> None:
    statuses = [await ready(client) for _ in range(ROUNDS)]
    assert (set(statuses), asked.reads) == ({200}, 1)
    asked.later(1.0)
    asked.answers.clear()
    asked.reading.clear()
    asking = [asyncio.create_task(ready(client)) for _ in range(ROUNDS)]
    await asked.reading.wait()
    asked.answers.set()
    assert (set(await asyncio.gather(*asking)), asked.reads) == ({200}, 2)


async def test_a_store_away_for_a_moment_is_forgiven_and_one_that_stays_away_is_not(
    asked: Asked, client: Client
) -> None:
    assert await ready(client) == 200
    asked.away = True
    told = []
    for _ in range(3):
        asked.later(PROBED_EVERY_S)
        told.append(await ready(client))
    assert told == [200, 200, 503]
    asked.away = False
    asked.later(PROBED_EVERY_S)
    assert await ready(client) == 200


async def test_a_store_that_does_not_answer_at_all_is_one_that_is_away(
    asked: Asked, client: Client
) -> None:
    asked.answers.clear()
    assert await ready(client) == 503
    assert await ready(client) == 503
    assert asked.reads == 1, "one look at a time"


async def test_a_look_that_hangs_is_ended_and_the_store_is_asked_again(
    asked: Asked, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_module, "_LOOK_ENDS_WITHIN_S", 0.2)
    asked.answers.clear()
    assert await ready(client) == 503
    asked.answers.set()
    asked.later(PROBED_EVERY_S)
    assert await ready(client) == 200
    assert asked.reads == 2


async def test_without_a_store_or_keys_since_the_start_it_is_not_ready(
    asked: Asked, client: Client
) -> None:
    asked.away = True
    assert await ready(client) == 503
    asked.away, asked.keys = False, False
    asked.later(1.0)
    assert await ready(client) == 503
    asked.keys = True
    assert await ready(client) == 200


async def test_a_stopping_copy_stays_for_a_whole_period_whoever_asks(
    asked: Asked, client: Client
) -> None:
    assert await ready(client) == 200
    leaving = asyncio.create_task(asked.health.leave())
    await asyncio.sleep(0)
    assert await ready(client) == 503
    done, _ = await asyncio.wait((leaving,), timeout=PROBED_EVERY_S)
    assert not done, "a stranger's request let it go"
    await leaving


async def test_a_stopping_copy_that_nobody_asks_goes_at_once(asked: Asked, client: Client) -> None:
    assert await ready(client) == 200
    asked.later(16)
    await asyncio.wait_for(asked.health.leave(), PROBED_EVERY_S)
