"""Telemetry kept in memory: what would have been sent, by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.rehearsal.rehearsal import Rehearsal
from bot.telemetry import Telemetry
from bot.watching import known_signals
from tests.wire.acting import Acting


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Watched:
    def __init__(self, share: float = 1.0) -> None:
        self.seconds = Seconds()
        self._reader = InMemoryMetricReader()
        self._spans = InMemorySpanExporter()
        self.telemetry = Telemetry(
            [self._reader],
            [SimpleSpanProcessor(self._spans)],
            known_signals(),
            share=share,
            monotonic=self.seconds,
        )

    def points(self, name: str) -> list[Any]:
        data = self._reader.get_metrics_data()
        if data is None:
            return []
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]

    def counted(self, name: str, **attributes: str) -> float:
        """The sum of a counter over points with these attributes."""
        wanted = attributes.items()
        return sum(p.value for p in self.points(name) if wanted <= p.attributes.items())

    def gauge(self, name: str) -> float | None:
        found = self.points(name)
        return found[-1].value if found else None

    def most(self, name: str, **attributes: str) -> float:
        """The largest value of a histogram; -1 where it has none."""
        wanted = attributes.items()
        found = [p.max for p in self.points(name) if wanted <= p.attributes.items()]
        return max(found, default=-1.0)

    def spans(self, start: str = "") -> list[ReadableSpan]:
        return [s for s in self._spans.get_finished_spans() if s.name.startswith(start)]

    def forget_spans(self) -> None:
        self._spans.clear()

    def everything(self) -> str:
        """All that left, as text."""
        return "\n".join([*(s.to_json() for s in self.spans()), str(self._reader_text())])

    def _reader_text(self) -> str:
        data = self._reader.get_metrics_data()
        return data.to_json() if data else ""


async def both_claim(acting: Acting) -> None:
    """Femi claims, and Niamh presses Claim on the card as it was before."""
    message = await acting.briefing()
    action, inputs = (await acting.screen("hlt-1")).press("claim")
    await acting.tap("eh-1", "claim")
    await acting.r.people.press("hlt-1", message, action, inputs)
    await acting.r.settled()


@asynccontextmanager
async def watched_rehearsal(folder: Path, watched: Watched) -> AsyncIterator[Acting]:
    rehearsal = Rehearsal(store=str(folder / "rehearsal.db"))
    rehearsal.telemetry = watched.telemetry
    await rehearsal.start()
    try:
        yield Acting(rehearsal)
    finally:
        await rehearsal.stop()
