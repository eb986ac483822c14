"""What somebody else's press costs while an email waits a second for its token and a second for
Graph, against presses with nothing waiting, taken in turn in one run.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.desk.graph_ports import Mailbox
from bot.rehearsal.graph_api import AUDIENCE, slow
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

EMAILS = 8
_WAIT_S = 1.0
LIMIT_MS = 50.0


@dataclass(frozen=True, slots=True)
class Line:
    presses: int
    without: tuple[float, float]
    waiting: tuple[float, float]
    """Median and 95th percentile, in milliseconds."""

    @property
    def added(self) -> tuple[float, float]:
        return self.waiting[0] - self.without[0], self.waiting[1] - self.without[1]

    @property
    def broken(self) -> bool:
        return max(self.added) > LIMIT_MS

    def __str__(self) -> str:
        return (
            f"a press while an email waits 1 s for its token and 1 s for Graph: median"
            f" {self.waiting[0]:.1f} ms and p95 {self.waiting[1]:.1f} ms, without"
            f" {self.without[0]:.1f} and {self.without[1]:.1f}; added {self.added[0]:.1f} and"
            f" {self.added[1]:.1f} ms (limit {LIMIT_MS:.0f}), {self.presses} presses each"
        )


class _ShortLived(Rehearsal):
    """Tokens live for less than an email takes, so that each email waits for one."""

    async def _start_bot(self) -> None:
        self.authority.life_s = 1
        await super()._start_bot()


async def _pressed(acting: Acting) -> float:
    """Milliseconds for a rep to open a dialog on the briefing, over the wire."""
    message = await acting.briefing()
    started = time.perf_counter()
    await acting.hands("eh-1").open(message, "outcome.open")
    return 1000 * (time.perf_counter() - started)


async def _while_one_waits(acting: Acting, mailbox: Mailbox) -> list[float]:
    acting.r.graph.faults.append(slow(_WAIT_S))
    sending = asyncio.create_task(mailbox.send("jo@clinic.example", "Thank you", "Thank you."))
    taken = []
    while not sending.done():
        taken.append(await _pressed(acting))
    await sending
    return taken


def _middle_and_slow(taken: list[float]) -> tuple[float, float]:
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


async def measured() -> Line:
    with tempfile.TemporaryDirectory(prefix="front-door-bench-") as folder:
        rehearsal = _ShortLived(store=str(Path(folder) / "waiting.db"))
        await rehearsal.start()
        mailbox = rehearsal.front_door.mailbox
        assert mailbox is not None
        acting = Acting(rehearsal)
        await acting.referred()
        await acting.tap("eh-1", "claim")
        await mailbox.send("jo@clinic.example", "Thank you", "Thank you.")
        for _ in range(20):
            await _pressed(acting)
        line = await _in_turn(acting, mailbox)
        await rehearsal.stop()
        return line


async def _in_turn(acting: Acting, mailbox: Mailbox) -> Line:
    sign_in = acting.r.authority
    sign_in.delay_s = _WAIT_S
    before = sign_in.tokens_given[AUDIENCE]
    waiting: list[float] = []
    without: list[float] = []
    for _ in range(EMAILS):
        found = await _while_one_waits(acting, mailbox)
        waiting += found
        without += [await _pressed(acting) for _ in found]
    assert sign_in.tokens_given[AUDIENCE] - before >= EMAILS, "an email did not wait for its token"
    assert len(acting.r.graph.sent) == EMAILS + 1
    return Line(len(waiting), _middle_and_slow(without), _middle_and_slow(waiting))
