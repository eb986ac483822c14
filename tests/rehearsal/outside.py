"""The bot as a process of its own, with our simulated Teams on the other side of the wire."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot.configuration import DEFAULT_FILE
from bot.desk.cases import Cases
from bot.desk.versions import Versions
from bot.domain.vocabulary import HOST_TENANT
from bot.opening import open_rows
from bot.rehearsal.people import People
from bot.rehearsal.rehearsal import LOOPBACK, Rehearsal
from bot.store.log import TableLog

ROOT = Path(__file__).resolve().parents[2]
_READY_WITHIN_S = 60.0
_STILL_WITHIN_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class OutsideBot(Rehearsal):
    """`front_door` offers the log as read from the store; the bot itself is another process."""

    process: asyncio.subprocess.Process
    program: tuple[str, ...] = ("app.py",)
    config: Path = DEFAULT_FILE
    environment: Mapping[str, str] | None = None
    """As this process has them where None."""

    async def _start_bot(self) -> None:
        self._port = free_port()
        self.bot_url = f"http://{LOOPBACK}:{self._port}"
        self.people = People(
            self.world,
            self.signer,
            self._session,
            app_id=self.app_id,
            bot_url=f"{self.bot_url}/api/messages",
            service_url=f"{self.base}/",
        )
        rows = open_rows(self._store)
        await rows.start()
        log = TableLog(rows)

        cases = Cases(log, Versions(self.partnership, log))

        async def quiet() -> None:
            await self.caught_up()

        self.front_door: Any = SimpleNamespace(
            rows=rows,
            log=log,
            desk=SimpleNamespace(cases=cases, outbox=SimpleNamespace(quiet=quiet)),
        )
        await self.spawn()

    async def spawn(self) -> None:
        self.process = await self.launch(self._port)
        await self.ready(self.process, self.bot_url)

    async def launch(self, port: int) -> asyncio.subprocess.Process:
        tenant = self.partnership.tenants[HOST_TENANT]
        arguments = {
            "--port": str(port),
            "--openid": f"{self.base}/v1/.well-known/openidconfiguration",
            "--authority": f"{self.authority.base}/{tenant}",
            "--graph": self.authority.base,
            "--authority-ca": self.trust.ca_file,
            "--store": self._store,
            "--config": str(self.config),
            "--clock": self.clock.now().isoformat(),
        }
        flat = [word for pair in arguments.items() for word in pair]
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *self.program,
            "serve",
            "--rehearsal",
            *flat,
            *(["--paced"] if self.throttle else []),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    async def ready(self, process: asyncio.subprocess.Process, url: str) -> None:
        for _ in range(int(_READY_WITHIN_S / 0.1)):
            if process.returncode is not None:
                break
            try:
                async with self._session.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            process.kill()
        _, errors = await process.communicate()
        raise RuntimeError(f"the bot did not get ready: {errors.decode()[-2000:]}")

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.process.kill()
        await self.process.communicate()

    async def caught_up(self) -> None:
        """Waits until the world has been still for a moment. Raises where it does not come to be:
        what is looked at next would be of the middle of something.
        """
        still, last = 0, -1
        for _ in range(int(_STILL_WITHIN_S / 0.05)):
            still = still + 1 if self.world.rev == last else 0
            last = self.world.rev
            if still >= 4:
                return
            await asyncio.sleep(0.05)
        raise RuntimeError("the bot did not come to rest")

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            await self.process.communicate()
        await self.front_door.rows.close()
        await self._session.close()
        await asyncio.gather(*(r.cleanup() for r in reversed(self._runners)))
        self.trust.close()
