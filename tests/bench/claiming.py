"""A real claim on SQLite, against the echoes of Microsoft's two newer libraries."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench import peers
from tests.bench.echoing import opened
from tests.bench.load import Order, loaded
from tests.bench.ours import Ours, case_of
from tests.bench.results import Part, Promise, Row
from tests.bench.rounds import Measured, Target, take

ROUNDS = 7
SECONDS = 0.5
REFERRALS = 400
"""Open at once and claimed once each: ten times what is open at a county's desk."""
OURS = "Front Door, a claim on SQLite"
WHOLE = "the same, until all that it owes is out"
HOW = (
    f"{ROUNDS} rounds, 16 at once. Front Door: {REFERRALS} open referrals in a new store, each"
    " claimed once over the wire: token checked, person and role found, decided, committed and"
    " synced to disk, answered with the redrawn card. What a claim owes (edits of cards, indexes)"
    " goes out in the same process behind it, nearly all of it after the last answer, because more"
    " than eight press at once: its own row has the rate until the last of it is out. All claims"
    f" are then found in the store. Each echo is timed for {SECONDS:g} s right before the claims"
    " and for as long right after, once nothing goes out any more."
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
                part.promises.append(_promise(peer.name, 0.0, f"it is not in this run: {why}"))
                continue
            stack.push_async_callback(running[-1].stop)
            found[peer.name] = Measured(peer.name)
        whole = [await _round(running, found) for _ in range(ROUNDS)]
    part.rows = [m.row(None) for m in found.values()]
    part.rows.insert(1, Row(WHOLE, {"a second": statistics.median(whole)}))
    for one in running:
        share = _share(found[OURS], found[one.peer.name])
        part.promises.append(_promise(one.peer.name, share))
    part.promises.append(Promise(11, "claims refused, failed or lost", found[OURS].bad, 0))
    echoes = sum(m.bad for m in found.values() if m.name != OURS)
    part.promises.append(Promise(11, "errors of the echoes", echoes, 0))
    return part


def _promise(peer: str, share: float, not_judged: str = "") -> Promise:
    words = f"claims a second, as a share of the echo of {peer}"
    return Promise(11, words, share, 1.0, at_least=True, not_judged=not_judged)


def _share(ours: Measured, echo: Measured) -> float:
    """Of rates, round by round, and of those the middle one."""
    before, after = echo.reports[::2], echo.reports[1::2]
    rounds = zip(ours.reports, before, after, strict=True)
    return statistics.median(o.rate / statistics.mean((b.rate, a.rate)) for o, b, a in rounds)


async def _round(running: list[peers.Running], found: dict[str, Measured]) -> float:
    """Claims a second until all that they owe is out."""
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
        await ours.caught_up()
        for echo in echoes:
            await take(echo, found[echo.name])
        mine, began = found[OURS], time.perf_counter()
        await take(Target(OURS, ours.process.pid, claims_of(ours)), mine)
        await ours.caught_up()
        whole_s = time.perf_counter() - began
        for echo in reversed(echoes):
            await take(echo, found[echo.name])
        mine.reports[-1].bad += await _not_on_record(ours)
        return REFERRALS / whole_s


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
