"""Several bots measured in turn in one run, so that a machine that slows down slows them all."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.load import Order, Report, loaded
from tests.bench.results import Row
from tests.bench.sampling import Stopwatch, rss_mb


@dataclass(slots=True)
class Measured:
    name: str
    reports: list[Report] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """Per answer, a round each."""
    rss_mb: float = 0.0

    @property
    def rate(self) -> float:
        return statistics.median(r.rate for r in self.reports)

    def ms(self, share: float) -> float:
        """The middle round's percentile."""
        return statistics.median(r.percentile_ms(share) for r in self.reports)

    @property
    def bad(self) -> int:
        return sum(r.bad for r in self.reports)

    def row(self, unit: Measured | None) -> Row:
        """`unit`: whose rate counts as 1."""
        figures: dict[str, float | str] = {
            "a second": self.rate,
            "ratio": ratio(self, unit) if unit else "",
            "p50 ms": self.ms(0.5),
            "p95 ms": self.ms(0.95),
            "p99 ms": self.ms(0.99),
            "CPU ms each": statistics.median(self.cpu_ms),
            "memory MB": self.rss_mb,
            "errors": self.bad,
        }
        return Row(self.name, figures)


def ratio(one: Measured, other: Measured) -> float:
    """Of rates, round by round, and of those the middle one."""
    pairs = zip(one.reports, other.reports, strict=True)
    return statistics.median(a.rate / b.rate if b.rate else 0.0 for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    pid: int
    order: Order


async def take(target: Target, into: Measured) -> None:
    """One round of one bot."""
    watch = Stopwatch(target.pid)
    report = await loaded(target.order)
    into.reports.append(report)
    into.cpu_ms.append(watch.ms() / max(1, report.good + report.bad))
    into.rss_mb = rss_mb(target.pid)


async def in_turn(targets: Sequence[Target], rounds: int) -> dict[str, Measured]:
    """By name. A round before the first warms up and is not counted."""
    found = {t.name: Measured(t.name) for t in targets}
    for target in targets:
        await loaded(target.order)
    for _ in range(rounds):
        for target in targets:
            await take(target, found[target.name])
    return found
