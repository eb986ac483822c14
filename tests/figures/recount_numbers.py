"""Numbers as the report writes them: shares, clocks and parts, to one decimal."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
LEAST_FOR_A_MEDIAN, LEAST_FOR_P90 = 5, 10


@dataclass(frozen=True)
class Span:
    """First and last day, both counted; `test` empty for every test."""

    first: dt.date
    last: dt.date
    test: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def tidy(value: float) -> float | int:
    """One decimal, and none where it is whole."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def with_missing(data: Json, missing: int) -> Json:
    return {**data, "missing": missing} if missing else data


def share(n: int, of: int, missing: int = 0) -> Json:
    return with_missing({"n": n, "of": of, "percent": 100 * n / of if of else None}, missing)


def nearest_rank(values: Sequence[float], percent: int) -> float:
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def times(found: Iterable[float | None]) -> Json:
    """Too few to stand for the rest are told one by one."""
    every = list(found)
    known = [v for v in every if v is not None]
    data = with_missing({"n": len(known)}, len(every) - len(known))
    if 0 < len(known) < LEAST_FOR_A_MEDIAN:
        data["values"] = sorted(known)
    if len(known) >= LEAST_FOR_A_MEDIAN:
        data["median"] = statistics.median(known)
    if len(known) >= LEAST_FOR_P90:
        data["p90"] = nearest_rank(known, 90)
    return data


def mean_of(found: Iterable[float | None]) -> Json:
    every = list(found)
    known = [v for v in every if v is not None]
    data = with_missing({"n": len(known)}, len(every) - len(known))
    if 0 < len(known) < LEAST_FOR_A_MEDIAN:
        data["values"] = sorted(known)
    if len(known) >= LEAST_FOR_A_MEDIAN:
        data["mean"] = statistics.fmean(known)
    return data


def parts(codes: Iterable[str], of: int) -> Json:
    found = Counter(codes)
    return share(found.total(), of) | ({"parts": dict(found)} if found else {})


def as_written(data: Json) -> Json:
    """As files tell it: averages and percentages to one decimal."""
    out = dict(data)
    for name in ("percent", "median", "p90", "mean"):
        if out.get(name) is not None:
            out[name] = tidy(out[name])
    if "values" in out:
        out["values"] = [tidy(v) for v in out["values"]]
    return out
