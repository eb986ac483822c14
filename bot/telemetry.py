"""Metrics and traces through OpenTelemetry.

With `bot/azure_monitor.py` the only place that knows it; imported only where it is wanted. Nothing
personal may pass: verbs, codes, kinds, tables and results are those the program knows, or
`unknown`; a span also holds the case's random id; an exception leaves its class name. Nothing is
set for the whole process, so no library starts to trace by itself.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from bot.desk.signals import NO_SPAN, Span
from bot.logs import also_in_each_line

PRESSES = "frontdoor.presses"
REFUSALS = "frontdoor.refusals"
WAITING = "frontdoor.outbox.waiting"
OLDEST = "frontdoor.outbox.oldest_seconds"
GIVEN_UP = "frontdoor.outbox.given_up"
TIMER_LAG = "frontdoor.timers.lag_seconds"
TICK_AGE = "frontdoor.timers.silent_seconds"
STORE_CALLS = "frontdoor.store.calls"
STORE_DURATION = "frontdoor.store.duration_seconds"
EXPORT_AGE = "frontdoor.export.age_seconds"

STOPS_WITHIN_S = 2.0
_LAG_BOUNDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
_CALL_BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_UNKNOWN = "unknown"
_CASE = re.compile(r"[0-9a-f]{32}")
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_RESULTS = frozenset({"taken", "refused", "fault"})
_OUTCOMES = frozenset({"ok", "already_there", "changed", "unavailable", "fault"})


@dataclass(frozen=True, slots=True)
class Known:
    """What may be named. Anything else a signal brings is `unknown`."""

    verbs: Collection[str]
    codes: Collection[str]
    kinds: Collection[str]
    tables: Collection[str]


class _Recorded:
    """A span as the desk sees one."""

    def __init__(self, span: trace.Span, name: str, known: Known) -> None:
        self._span = span
        self._name = name
        self._known = known

    def set(self, **facts: str) -> None:
        """Facts that may not be named are left out, as empty ones are."""
        for name, value in facts.items():
            shown = self._shown(name, value)
            if not shown:
                continue
            self._span.set_attribute(f"frontdoor.{name}", shown)
            if name in ("verb", "kind"):
                self._span.update_name(f"{self._name} {shown}")

    def _shown(self, name: str, value: str) -> str:
        k = self._known
        match name:
            case "case":
                return value if _CASE.fullmatch(value) else ""
            case "verb":
                return _one_of(value, k.verbs)
            case "code":
                return value and _one_of(value, k.codes)
            case "kind":
                return _one_of(value, k.kinds)
            case "table":
                return value and _one_of(value, k.tables)
            case "result":
                return _one_of(value, _RESULTS)
            case "outcome":
                return _one_of(value, _OUTCOMES)
            case _:
                return ""

    def failed(self, fault: str) -> None:
        shown = fault if _CLASS.fullmatch(fault) else _UNKNOWN
        self._span.set_attribute("frontdoor.fault", shown)
        self._span.set_status(trace.StatusCode.ERROR)


class Telemetry:
    """`Signals` over OpenTelemetry. `stop` sends what is left, for two seconds at most."""

    def __init__(
        self,
        readers: Iterable[MetricReader],
        processors: Iterable[SpanProcessor],
        known: Known,
        *,
        share: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        closing: Sequence[Callable[[], None]] = (),
    ) -> None:
        """`share` of the traces is kept, 0 to 1; metrics count everything. `monotonic`: seconds.
        `closing` is called once everything was sent.
        """
        self._known = known
        self._now = monotonic
        self._closing = closing
        resource = _resource()
        self._meters = MeterProvider(list(readers), resource=resource, shutdown_on_exit=False)
        self._traces = TracerProvider(
            ParentBased(TraceIdRatioBased(share)), resource, shutdown_on_exit=False
        )
        for processor in processors:
            self._traces.add_span_processor(processor)
        self._tracer = self._traces.get_tracer("frontdoor")
        self._waiting: tuple[int, float, float] | None = None
        self._ticked_at: float | None = None
        self._exported_at: float | None = None
        self._instruments()
        self._log_lines_as_before = also_in_each_line(_ids_of_trace)

    def _instruments(self) -> None:
        meter = self._meters.get_meter("frontdoor")
        self._presses = meter.create_counter(PRESSES)
        self._refusals = meter.create_counter(REFUSALS)
        self._given_up = meter.create_counter(GIVEN_UP)
        self._lag = meter.create_histogram(
            TIMER_LAG, "s", explicit_bucket_boundaries_advisory=_LAG_BOUNDS
        )
        self._calls = meter.create_counter(STORE_CALLS)
        self._duration = meter.create_histogram(
            STORE_DURATION, "s", explicit_bucket_boundaries_advisory=_CALL_BOUNDS
        )
        # Ages are told when they are asked for, in the exporter's own thread, and grow until then:
        # a loop that stands still must not go on looking well.
        for name, read in (
            (WAITING, self._read_waiting),
            (OLDEST, self._read_oldest),
            (TICK_AGE, lambda: self._since(self._ticked_at)),
            (EXPORT_AGE, lambda: self._since(self._exported_at)),
        ):
            meter.create_observable_gauge(name, [_observed(read)])

    def _since(self, at: float | None) -> float | None:
        return None if at is None else self._now() - at

    def _read_waiting(self) -> float | None:
        return None if self._waiting is None else float(self._waiting[0])

    def _read_oldest(self) -> float | None:
        if self._waiting is None:
            return None
        count, oldest_s, at = self._waiting
        return oldest_s + self._now() - at if count else 0.0

    # Signals ------------------------------------------------------------------------

    def pressed(self, verb: str, result: str) -> None:
        shown = {"verb": _one_of(verb, self._known.verbs), "result": _one_of(result, _RESULTS)}
        self._presses.add(1, shown)

    def refused(self, code: str) -> None:
        self._refusals.add(1, {"code": _one_of(code, self._known.codes)})

    def effect_ended(self, kind: str, state: str) -> None:
        if state == "failed":
            self._given_up.add(1, {"kind": _one_of(kind, self._known.kinds)})

    def waiting(self, count: int, oldest_s: float) -> None:
        self._waiting = (count, oldest_s, self._now())

    def timer_lag(self, kind: str, lag_s: float) -> None:
        self._lag.record(max(lag_s, 0.0), {"kind": _one_of(kind, self._known.kinds)})

    def ticked(self) -> None:
        self._ticked_at = self._now()

    def stored(self, operation: str, table: str, outcome: str, seconds: float) -> None:
        what = {"operation": operation, "table": _one_of(table, self._known.tables)}
        self._calls.add(1, {**what, "outcome": _one_of(outcome, _OUTCOMES)})
        self._duration.record(seconds, what)

    def export_age(self, seconds: float) -> None:
        self._exported_at = self._now() - seconds

    def span(
        self, name: str, *, root: bool = False, inside: bool = False, **facts: str
    ) -> AbstractContextManager[Span]:
        if inside and not trace.get_current_span().get_span_context().is_valid:
            return NO_SPAN
        return self._span(name, root, facts)

    @contextmanager
    def _span(self, name: str, root: bool, facts: dict[str, str]) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name,
            Context() if root else None,
            trace.SpanKind.SERVER if root else trace.SpanKind.CLIENT,
            record_exception=False,
            set_status_on_exception=False,
        ) as recorded:
            span = _Recorded(recorded, name, self._known)
            span.set(**facts)
            try:
                yield span
            except BaseException as error:
                span.failed(type(error).__name__)
                raise

    # The end ------------------------------------------------------------------------

    async def stop(self) -> None:
        """Sends what is left, off the loop. What takes longer than `STOPS_WITHIN_S` is given up."""
        self._log_lines_as_before()
        loop = asyncio.get_running_loop()
        ended = [self._in_a_thread(loop, work) for work in (self._stop_meters, self._stop_traces)]
        _, sending = await asyncio.wait(ended, timeout=STOPS_WITHIN_S)
        for close in () if sending else self._closing:
            close()

    def _stop_meters(self) -> None:
        self._meters.shutdown(timeout_millis=STOPS_WITHIN_S * 1000)

    def _stop_traces(self) -> None:
        self._traces.shutdown()

    @staticmethod
    def _in_a_thread(
        loop: asyncio.AbstractEventLoop, work: Callable[[], None]
    ) -> asyncio.Future[None]:
        """A thread of its own, because the loop's own ones are waited for at the process's end."""
        done: asyncio.Future[None] = loop.create_future()

        def settle() -> None:
            if not done.done():
                done.set_result(None)

        def go() -> None:
            try:
                work()
            finally:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(settle)

        threading.Thread(target=go, daemon=True, name="telemetry-stop").start()
        return done


def _one_of(value: str, known: Collection[str]) -> str:
    return value if value in known else _UNKNOWN


def _observed(
    read: Callable[[], float | None],
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        value = read()
        return [] if value is None else [Observation(value)]

    return observe


def _ids_of_trace() -> dict[str, str]:
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return {}
    return {
        "trace_id": trace.format_trace_id(found.trace_id),
        "span_id": trace.format_span_id(found.span_id),
    }


def _resource() -> Resource:
    """Nothing of the machine but the copy's name in Container Apps."""
    made = {
        SERVICE_NAME: "front-door",
        SERVICE_INSTANCE_ID: os.environ.get("CONTAINER_APP_REPLICA_NAME") or uuid.uuid4().hex,
    }
    if revision := os.environ.get("CONTAINER_APP_REVISION"):
        made[SERVICE_VERSION] = revision
    return Resource(made)
