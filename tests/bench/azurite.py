"""A warm press on Azurite against one `create_entity`, and two processes against one."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass

import psutil
from azure.data.tables.aio import TableClient, TableServiceClient

from bot.desk.ports import Value
from bot.rehearsal.rehearsal import LOOPBACK
from tests.bench.load import OneAtATime, Order, Report, loaded
from tests.bench.ours import Ours, case_of
from tests.bench.results import Part, Promise, Row
from tests.bench.sampling import cpu_s
from tests.rehearsal.outside import free_port
from tests.tools.azurite import Azurite, missing

PRESSES = 120
CLAIMS, ROUNDS = 200, 3
_PRESS = "p50 of a warm press, as a multiple of one create_entity's"
_STILL_S = 0.12
_BUSY = 0.85
"""Of a core, or of all: from here on it is the limit."""
HOW = (
    f"Warm press: {PRESSES} claims one at a time, each after what the last one owed has gone, and"
    " after each one create_entity of the same entity by azure-data-tables from this process, as"
    " the library does it: the entity comes back with the answer, which Front Door asks it not to."
    f" Two processes: {ROUNDS} rounds of {CLAIMS} claims, 16 at once, by one process and shared"
    " by two on the same Azurite. That a press costs one request is counted in"
    " tests/wire/test_one_round_trip.py."
)


class Pair(Ours):
    """A second process on the same store, for the presses of the same people."""

    async def _start_bot(self) -> None:
        await super()._start_bot()
        await self.caught_up()
        first, self.ports = self.process, [self.port]
        self._port = free_port()
        self.ports.append(self._port)
        self.bot_url = f"http://{LOOPBACK}:{self._port}"
        await self.spawn()
        self.processes = [first, self.process]

    async def stop(self) -> None:
        self.processes[0].terminate()
        await self.processes[0].communicate()
        await super().stop()


async def measured() -> Part:
    part = Part("azurite", HOW)
    if why := missing():
        part.promises.append(Promise(12, _PRESS, 0.0, 1.5, not_judged=f"no Azurite here: {why}"))
        return part
    await _one_press(part)
    await _two_processes(part)
    return part


# One press ----------------------------------------------------------------------------


async def _one_press(part: Part) -> None:
    async with AsyncExitStack() as stack:
        azurite = _azurite(stack)
        ours = Ours(store=azurite.connection_string)
        ours.referrals = range(1, PRESSES + 21)
        await ours.start()
        stack.push_async_callback(ours.stop)
        await ours.caught_up()
        service = TableServiceClient.from_connection_string(azurite.connection_string)
        stack.push_async_callback(service.close)
        table = await service.create_table("Bench")
        stack.push_async_callback(table.close)
        client = OneAtATime(ours.port, ours.token)
        await client.open()
        stack.push_async_callback(client.close)
        presses, creates = [], []
        for n in ours.referrals:
            presses.append(await _pressed(client, ours.press("eh-1", n, "claim")))
            await asyncio.sleep(_STILL_S)
            creates.append(await _created(table, await _commit(ours, n)))
            await asyncio.sleep(_STILL_S)
    press, create = _middle(presses), _middle(creates)
    part.rows += [
        Row("one create_entity, azure-data-tables", _figures(creates)),
        Row("a warm press, roles from the file", _figures(presses)),
    ]
    part.promises.append(Promise(12, _PRESS, press / create, 1.5))


async def _pressed(client: OneAtATime, body: str) -> float:
    took_ms, answer = await client.ask(body)
    assert b'"v":3' in answer, answer[:2000].decode()
    return took_ms


async def _commit(ours: Ours, n: int) -> dict[str, Value]:
    """What that claim wrote."""
    row = await ours.front_door.rows.get("Commits", case_of(n), "C00000003")
    return dict(row.props)


async def _created(table: TableClient, props: dict[str, Value]) -> float:
    """The same entity once more, in a table of its own."""
    entity = {"PartitionKey": uuid.uuid4().hex, "RowKey": "C00000003", **props}
    began = time.perf_counter()
    await table.create_entity(entity)
    return 1000 * (time.perf_counter() - began)


_WARM_UP = 20


def _middle(taken: list[float]) -> float:
    return statistics.median(taken[_WARM_UP:])


def _figures(taken: list[float]) -> dict[str, float | str]:
    report = Report(took_ms=taken[_WARM_UP:])
    return {f"p{round(100 * s)} ms": report.percentile_ms(s) for s in (0.5, 0.95, 0.99)}


# Two processes -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    rate: float
    azurite: float
    """Share of one core that Azurite took."""
    cores: float
    """Share of all cores that anybody took."""
    bad: int
    first_bad: str


async def _two_processes(part: Part) -> None:
    ones, twos = [], []
    for _ in range(ROUNDS):
        ones.append(await _round(1))
        twos.append(await _round(2))
    part.rows += [_row("one process", ones), _row("two processes", twos)]
    gain = statistics.median(b.rate / a.rate for a, b in zip(ones, twos, strict=True))
    words = "claims a second of two processes on one Azurite, as a multiple of one's"
    part.promises.append(Promise(15, words, gain, 1.7, at_least=True, not_judged=_limit(twos)))
    lost = sum(r.bad for r in (*ones, *twos))
    part.notes += [f"error: {r.first_bad}" for r in (*ones, *twos) if r.bad]
    part.promises.append(Promise(15, "claims refused or failed", lost, 0))


def _limit(twos: list[Round]) -> str:
    """What two processes waited for, where it was neither of them."""
    azurite = statistics.median(r.azurite for r in twos)
    cores = statistics.median(r.cores for r in twos)
    if azurite >= _BUSY:
        return f"Azurite was the limit, at {azurite:.0%} of a core"
    if cores >= _BUSY:
        return f"the cores were the limit, {cores:.0%} busy"
    return ""


async def _round(processes: int) -> Round:
    async with AsyncExitStack() as stack:
        azurite = _azurite(stack)
        made = (Pair if processes == 2 else Ours)(store=azurite.connection_string)
        made.referrals = range(1, CLAIMS + 1)
        await made.start()
        stack.push_async_callback(made.stop)
        await made.caught_up()
        ports = made.ports if isinstance(made, Pair) else [made.port]
        await asyncio.gather(*(loaded(o) for o in _orders(made, ports, "view")))
        psutil.cpu_percent()
        began, used = time.perf_counter(), cpu_s(azurite.pid)
        reports = await asyncio.gather(*(loaded(o) for o in _orders(made, ports, "claim")))
        elapsed = time.perf_counter() - began
        busy, used = psutil.cpu_percent() / 100, cpu_s(azurite.pid) - used
    longest = max(r.elapsed_s for r in reports)
    good, bad = sum(r.good for r in reports), sum(r.bad for r in reports)
    first_bad = next((r.first_bad for r in reports if r.bad), "")
    return Round(good / longest, used / elapsed, busy, bad, first_bad)


def _orders(made: Ours, ports: list[int], verb: str) -> list[Order]:
    """Each process gets its share of the referrals and of the 16."""
    share = len(ports)
    wanted = '"v":3' if verb == "claim" else "AdaptiveCard"
    return [
        Order(
            port,
            made.token,
            [made.press("eh-1", n, verb) for n in made.referrals if n % share == i],
            60.0,
            wanted=wanted,
            repeat=False,
            at_once=16 // share,
        )
        for i, port in enumerate(ports)
    ]


def _row(name: str, rounds: list[Round]) -> Row:
    return Row(
        name,
        {
            "a second": statistics.median(r.rate for r in rounds),
            "Azurite, of a core": statistics.median(r.azurite for r in rounds),
            "all cores busy": statistics.median(r.cores for r in rounds),
        },
    )


def _azurite(stack: AsyncExitStack) -> Azurite:
    server = Azurite()
    server.start()
    stack.callback(server.stop)
    return server
