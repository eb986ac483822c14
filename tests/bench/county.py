"""Ten times a county's peak hour: 400 referrals by 60 people, 40 presses each, in ten minutes, with
the bot as a process of its own and the simulated Teams, its limits on, in this one.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.bench import county_people
from tests.bench.county_case import Case, Clocked, Drawn
from tests.bench.load import Report
from tests.bench.ours import Ours
from tests.bench.results import Part, Promise, Row
from tests.bench.sampling import Stopwatch, rss_mb

REFERRALS, PRESSES = 400, 40
"""In ten minutes; a shorter run keeps the rate."""
_MINUTES = 10.0
_LASTS_S = 90.0
"""From a referral's first press to its last."""
_ALL_CURRENT_WITHIN_S = 30.0
_SAMPLE_EVERY_S = 2.0
_GREW_AT_MOST = 1.1
HOW = (
    "{referrals} referrals in {minutes:g} minutes by {people} people, {presses} presses each: from"
    " the call's form to the notes, most of them lines that people add, several at once. SQLite."
    " The simulated Teams, which answers and checks every token, runs in the load process."
)


async def measured(minutes: float) -> Part:
    with tempfile.TemporaryDirectory(prefix="front-door-bench-") as folder:
        config = Path(folder) / "county.toml"
        partnership = county_people.written(config)
        referrals = max(1, round(REFERRALS * minutes / _MINUTES))
        told = {"referrals": referrals, "people": len(partnership.people), "presses": PRESSES}
        part = Part("county", HOW.format(minutes=minutes, **told))
        store = str(Path(folder) / "county.db")
        ours = Ours(store=store, partnership=partnership, throttle=True)
        ours.config = config
        await ours.start()
        try:
            await _pressing(part, ours, referrals, minutes)
        finally:
            await ours.stop()
    return part


async def _pressing(part: Part, ours: Ours, referrals: int, minutes: float) -> None:
    drawn, clocked = Drawn(), Clocked(ours.people)
    ours.connector.interfere = drawn.watch
    watch, memory = Stopwatch(ours.process.pid), [rss_mb(ours.process.pid)]
    sampling = asyncio.create_task(_sampled(ours, memory))
    cases = [Case(n, ours, clocked, drawn) for n in range(1, referrals + 1)]
    whole_s = 60 * minutes
    lasts_s = min(_LASTS_S, whole_s / 2)
    between_s = (whole_s - lasts_s) / referrals
    began = time.perf_counter()
    await asyncio.gather(*(_later(c, i * between_s, lasts_s) for i, c in enumerate(cases)))
    elapsed_s = time.perf_counter() - began
    late = [await _current_after(ours, c, drawn) for c in cases if c.pressed_last]
    cpu_ms, after = watch.ms(), rss_mb(ours.process.pid)
    sampling.cancel()
    with suppress(asyncio.CancelledError):
        await sampling
    _judge(part, clocked, cases, late, memory, minutes)
    pace = len(clocked.took_ms) / (referrals * PRESSES) * whole_s / elapsed_s
    words = "presses a minute, as a share of those promised"
    part.promises.append(Promise(13, words, pace, 0.98, at_least=True))
    report = Report(took_ms=clocked.took_ms)
    part.rows.append(
        Row(
            "presses and refreshes",
            {
                "in all": len(clocked.took_ms),
                "a second": len(clocked.took_ms) / elapsed_s,
                **{f"p{round(100 * s)} ms": report.percentile_ms(s) for s in (0.5, 0.95, 0.99)},
                "CPU ms each": cpu_ms / max(1, len(clocked.took_ms)),
                "edits and posts": drawn.calls,
                "memory before MB": memory[0],
                "memory after MB": after,
                "longest until current s": max(late, default=0.0),
            },
        )
    )
    part.promises.append(Promise(14, "resident memory after the load, MB", after, 150))


def _judge(
    part: Part,
    clocked: Clocked,
    cases: list[Case],
    late: list[float],
    memory: list[float],
    minutes: float,
) -> None:
    faults = [*clocked.errors, *(c.fault for c in cases if c.fault)]
    part.notes += [f"error: {fault}" for fault in faults[:5]]
    p99 = Report(took_ms=clocked.took_ms).percentile_ms(0.99)
    short = "" if minutes >= _MINUTES / 2 else "memory settles after some minutes"
    part.promises += [
        Promise(13, "p99 of presses, ms", p99, 300),
        Promise(13, "errors", len(faults), 0),
        Promise(13, "seconds from the last press on a card until it is current", max(late), 5),
        Promise(13, "memory at the end, as a multiple of half-way", _growth(memory), _GREW_AT_MOST)
        if not short
        else Promise(13, "memory growth", _growth(memory), _GREW_AT_MOST, not_judged=short),
    ]


def _growth(memory: list[float]) -> float:
    """The last tenth of the samples against those around the middle."""
    tenth = max(1, len(memory) // 10)
    half = len(memory) // 2
    return statistics.median(memory[-tenth:]) / statistics.median(memory[half : half + tenth])


async def _later(case: Case, after_s: float, lasts_s: float) -> None:
    await asyncio.sleep(after_s)
    await case.play(lasts_s / PRESSES)


async def _sampled(ours: Ours, memory: list[float]) -> None:
    while True:
        await asyncio.sleep(_SAMPLE_EVERY_S)
        memory.append(rss_mb(ours.process.pid))


async def _current_after(ours: Ours, case: Case, drawn: Drawn) -> float:
    """Seconds from the last press until the card showed the log's last commit; endless if never."""
    for _ in range(int(_ALL_CURRENT_WITHIN_S / 0.25)):
        stream = await ours.front_door.log.load(case.case_id)
        if at := drawn.at.get((case.case_id, stream.commits[-1].n)):
            return max(0.0, at - case.pressed_last)
        await asyncio.sleep(0.25)
    return float("inf")
