"""A real claim on SQLite, against the echoes of Microsoft's two newer libraries."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench import peers
from tests.bench.echoing import opened
from tests.bench.load import Order, loaded
from tests.bench.ours import Ours, case_of
from tests.bench.results import Part, Promise
from tests.bench.rounds import Measured, Target, take

ROUNDS = 7
SECONDS = 0.5
REFERRALS = 400
"""Open at once and claimed once each: ten times what is open at a county's desk."""
OURS = "Front Door, a claim on SQLite"
HOW = (
    f"{ROUNDS} rounds, 16 at once. Front Door: {REFERRALS} open referrals in a new store, each"
    " claimed once over the wire: token checked, person and role found, decided, committed and"
    " synced to disk, answered with the redrawn card; what a claim owes (edits of cards, indexes)"
    " goes out in the same process behind it. All claims are then found in the store. Each echo is"
    f" timed for {SECONDS:g} s right before the claims and for as long right after, once nothing is"
    " owed any more."
)


async def measured() -> Part:
    part = Part("claim", HOW)
    found = {OURS: Measured(OURS)}
    async with AsyncExitStack() as stack:
        running: list[peers.Running] = []
        for peer in (peers.AGENTS, peers.TEAMS):
            try:
                running.append(await peers.started(peer))
            except peers.NotHere as why:
                part.notes.append(f"{peer.name} is not in this run: {why}")
                continue
            stack.push_async_callback(running[-1].stop)
            found[peer.name] = Measured(peer.name)
        for _ in range(ROUNDS):
            await _round(running, found)
    part.rows = [m.row(None) for m in found.values()]
    for one in running:
        words = f"claims a second, as a share of the echo of {one.peer.name}"
        share = _share(found[OURS], found[one.peer.name])
        part.promises.append(Promise(11, words, share, 1.0, at_least=True))
    part.promises.append(Promise(11, "claims refused, failed or lost", found[OURS].bad, 0))
    return part


def _share(ours: Measured, echo: Measured) -> float:
    """Of rates, round by round, and of those the middle one."""
    before, after = echo.reports[::2], echo.reports[1::2]
    rounds = zip(ours.reports, before, after, strict=True)
    return statistics.median(o.rate / statistics.mean((b.rate, a.rate)) for o, b, a in rounds)


async def _round(running: list[peers.Running], found: dict[str, Measured]) -> None:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="front-door-bench-"))
        ours = await opened(stack, str(Path(folder) / "claim.db"), REFERRALS)
        view = ours.press("eh-1", 1, "view")
        echoes = [
            Target(
                one.peer.name, one.pid, Order(one.port, "", [view], SECONDS, wanted="AdaptiveCard")
            )
            for one in running
        ]
        for echo in echoes:
            if not found[echo.name].reports:
                await loaded(echo.order)
        await loaded(Order(ours.port, ours.token, [view], 1.0))
        for echo in echoes:
            await take(echo, found[echo.name])
        mine = found[OURS]
        await take(Target(OURS, ours.process.pid, claims_of(ours)), mine)
        await ours.caught_up()
        for echo in reversed(echoes):
            await take(echo, found[echo.name])
        mine.reports[-1].bad += await _not_on_record(ours)


def claims_of(ours: Ours) -> Order:
    bodies = [ours.press("eh-1", n, "claim") for n in ours.referrals]
    return Order(ours.port, ours.token, bodies, 60.0, wanted='"v":3', repeat=False)


async def _not_on_record(ours: Ours) -> int:
    missing = 0
    for n in ours.referrals:
        stream = await ours.front_door.log.load(case_of(n))
        events = [r.event.TYPE for c in stream.commits for r in c.recorded]
        missing += events.count("lead.claimed") != 1
    return missing
