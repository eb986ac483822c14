"""The press that does nothing, against other libraries' echoes and against bare aiohttp."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench import peers
from tests.bench.load import Order
from tests.bench.ours import Ours
from tests.bench.results import Part, Promise
from tests.bench.rounds import Target, in_turn, ratio

ROUNDS = 20
SECONDS = 0.5
OURS, VIEW = "Front Door, a press that does nothing", "Front Door, a briefing drawn again"
EMPTY = "bare aiohttp 3.14.5, an empty answer"
_CARD = "AdaptiveCard"
HOW = (
    f"{ROUNDS} rounds of {SECONDS:g} s each in turn, 16 at once over kept-alive loopback"
    " connections from one load process, the middle round. Front Door checks the signed token, the"
    " tenant, the person and their role; the peers check nothing. The press that does nothing is"
    " Close in a dialog, whose answer is empty; it is held against the quicker bare handler."
)


async def measured() -> Part:
    part = Part("peers", HOW)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="front-door-bench-"))
        ours = await opened(stack, str(Path(folder) / "peers.db"), 50)
        view = ours.press("pol-1", 1, "view")
        targets = []
        for peer in (peers.STOCK, peers.AGENTS, peers.TEAMS, peers.BARE):
            try:
                running = await peers.started(peer)
            except peers.NotHere as why:
                part.notes.append(f"{peer.name} is not in this run: {why}")
                continue
            stack.push_async_callback(running.stop)
            targets.append(_target(peer.name, running.pid, running.port, "", view, _CARD))
            if peer is peers.BARE:
                nothing = Order(running.port, "", [view], SECONDS, path="/nothing")
                targets.append(Target(EMPTY, running.pid, nothing))
        pid = ours.process.pid
        closing = ours.closing("pol-1", 1)
        taken = Order(ours.port, ours.token, [closing], SECONDS, exactly="{}")
        targets.append(Target(OURS, pid, taken))
        targets.append(_target(VIEW, pid, ours.port, ours.token, view, _CARD))
        found = await in_turn(targets, ROUNDS)
    unit = found.get(peers.STOCK.name)
    part.rows = [m.row(unit) for m in found.values()]
    words = "a press that does nothing, as a share of bare aiohttp's rate"
    if peers.BARE.name in found:
        bare = min(ratio(found[OURS], found[name]) for name in (peers.BARE.name, EMPTY))
        part.promises.append(Promise(10, words, bare, 0.5, at_least=True))
    else:
        why = "bare aiohttp is not in this run"
        part.promises.append(Promise(10, words, 0.0, 0.5, at_least=True, not_judged=why))
    errors = sum(m.bad for m in found.values())
    part.promises.append(Promise(10, "errors of anybody's answers", errors, 0))
    return part


def _target(name: str, pid: int, port: int, token: str, body: str, wanted: str) -> Target:
    return Target(name, pid, Order(port, token, [body], SECONDS, wanted=wanted))


async def opened(stack: AsyncExitStack, store: str, referrals: int) -> Ours:
    """Front Door with that many open referrals, all drawn, until the stack ends."""
    ours = Ours(store=store)
    ours.referrals = range(1, referrals + 1)
    await ours.start()
    stack.push_async_callback(ours.stop)
    await ours.caught_up()
    return ours
