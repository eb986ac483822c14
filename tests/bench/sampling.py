"""Processor time and memory of a process, as the operating system counts them."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


def cpu_s(pid: int) -> float:
    """Seconds of processor time so far, of all its threads."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def rss_mb(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1_000_000


@dataclass(slots=True)
class Stopwatch:
    """How much processor time a process takes from now on."""

    pid: int
    began_s: float = 0.0

    def __post_init__(self) -> None:
        self.began_s = cpu_s(self.pid)

    def ms(self) -> float:
        return 1000 * (cpu_s(self.pid) - self.began_s)
