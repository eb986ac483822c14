"""Several bots on one store, as replicas in Azure: a request reaches one or another."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import configuration
from bot.configuration import DEFAULT_FILE
from bot.rehearsal.rehearsal import LOOPBACK
from tests.rehearsal.outside import OutsideBot, free_port

Json = dict[str, Any]
_FAULT = re.compile(rb'"message": "[a-z_.]*fault"')
_REP = """
[[people]]
id = "{id}"
name = "{name}"
tenant = "host"
object_id = "7a1c0de0-0000-4000-8000-{n:012d}"
role = "rep"
agency = "{agency}"
"""
_AGENCIES = ("health", "education", "early_help")


def with_reps(folder: Path, count: int) -> Path:
    """The default configuration with so many more people in the duty team."""
    more = "".join(
        _REP.format(n=n, id=f"more-{n}", name=f"Robin {n}", agency=_AGENCIES[n % 3])
        for n in range(1, count + 1)
    )
    path = folder / "many.toml"
    path.write_text(DEFAULT_FILE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return path


@dataclass(slots=True)
class Replica:
    url: str
    process: asyncio.subprocess.Process
    serving: bool = True


class Replicas(OutsideBot):
    def __init__(self, *, store: str, count: int, config: Path = DEFAULT_FILE) -> None:
        super().__init__(store=store, partnership=configuration.load(config))
        self.config = config
        self._count = count
        self.replicas: list[Replica] = []
        self._turns = itertools.count()

    async def spawn(self) -> None:
        ports = [free_port() for _ in range(self._count)]
        urls = [f"http://{LOOPBACK}:{port}" for port in ports]
        processes = await asyncio.gather(*map(self.launch, ports))
        self.replicas = [Replica(u, p) for u, p in zip(urls, processes, strict=True)]
        self.process = processes[0]
        await asyncio.gather(*(self.ready(r.process, r.url) for r in self.replicas))
        deliver = self.people.deliver

        async def in_turn(activity: Json) -> tuple[int, Any]:
            serving = [r for r in self.replicas if r.serving]
            replica = serving[next(self._turns) % len(serving)]
            self.people.bot_url = f"{replica.url}/api/messages"
            return await deliver(activity)

        self.people.deliver = in_turn  # type: ignore[method-assign]

    async def move_clocks(self, to: dt.datetime) -> None:
        """On every replica at once, from one due time to the next: each finds the same things due
        at the same moment. (Clocks that jump apart would take each other's sends for abandoned.)
        """
        while (due := await self._next_due()) and due < to:
            await self._move(due)
        await self._move(to)
        await self.caught_up()

    async def _next_due(self) -> dt.datetime | None:
        async def ask(replica: Replica) -> dt.datetime | None:
            async with self._session.get(f"{replica.url}/rehearsal/clock") as answer:
                due = (await answer.json())["next"]
                return dt.datetime.fromisoformat(due) if due else None

        found = await asyncio.gather(*map(ask, self.replicas))
        return min((at for at in found if at and at > self.clock.now()), default=None)

    async def _move(self, to: dt.datetime) -> None:
        body = {"to": to.isoformat()}

        async def move(replica: Replica) -> None:
            async with self._session.post(f"{replica.url}/rehearsal/clock", json=body) as answer:
                assert answer.status == 200

        self.clock.move_to(to)
        await asyncio.gather(*map(move, self.replicas))

    async def readiness(self, replica: Replica) -> int:
        async with self._session.get(f"{replica.url}/readyz") as answer:
            return answer.status

    async def stop(self) -> None:
        for replica in self.replicas:
            if replica.process.returncode is None:
                replica.process.send_signal(signal.SIGINT)
        ended = await asyncio.gather(*(r.process.communicate() for r in self.replicas))
        assert [errors for _, errors in ended if _FAULT.search(errors)] == []
        await super().stop()
