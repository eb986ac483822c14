"""How long from starting the program until it is ready."""

from __future__ import annotations

import asyncio
import compileall
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.ours import Ours
from tests.bench.results import Part, Promise, Row
from tests.bench.sampling import rss_mb
from tests.rehearsal.outside import ROOT

ROUNDS = 5
HOW = (
    f"{ROUNDS} starts of the bot's program, compiled beforehand as in its image, each with a new"
    " SQLite store, from exec until /readyz answers 200, asked every 20 ms; the middle one."
)
_READY_WITHIN_S = 20.0


class _Timed(Ours):
    ready_s = 0.0

    async def spawn(self) -> None:
        began = time.perf_counter()
        await super().spawn()
        self.ready_s = time.perf_counter() - began

    async def ready(self, process: asyncio.subprocess.Process, url: str) -> None:
        until = time.perf_counter() + _READY_WITHIN_S
        while time.perf_counter() < until:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                break
        await super().ready(process, url)


def _compiled() -> None:
    """As the image is: where no bytecode may be written, each start would compile it all anew."""
    for name in ("bot", "cards"):
        compileall.compile_dir(ROOT / name, quiet=1)


async def measured() -> Part:
    part = Part("start", HOW)
    _compiled()
    whole, memory = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="front-door-bench-") as folder:
            ours = _Timed(store=str(Path(folder) / "start.db"))
            await ours.start()
            whole.append(ours.ready_s)
            memory.append(rss_mb(ours.process.pid))
            await ours.stop()
    ready = statistics.median(whole)
    figures: dict[str, float | str] = {
        "ready after s": ready,
        "memory MB": statistics.median(memory),
    }
    part.rows.append(Row("Front Door", figures))
    part.promises.append(Promise(14, "import to ready, seconds", ready, 2.0))
    return part
