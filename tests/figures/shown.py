"""The numbers a card must show for a figure, made from the recount, and those it does show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from bot.domain.counting import Result
from bot.domain.measures import Kind
from bot.domain.partnership import Partnership
from tests.figures.recount_numbers import Json

FEWEST_FOR_A_PERCENTAGE = 5
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
Numbers = list[float]


def half_up(value: float) -> int:
    return math.floor(value + 0.5)


def numbers_in(words: str) -> Numbers:
    return [float(n.replace(",", "")) for n in _NUMBER.findall(words)]


def exact(result: Result) -> Json:
    """The bot's own result in the shape of the recount."""
    found: Json = {"n": result.n}
    if result.of is not None:
        found |= {"of": result.of, "percent": result.percent}
    found |= {k: v for k in ("missing", "median", "p90", "mean") if (v := getattr(result, k))}
    if result.values:
        found["values"] = sorted(result.values)
    return found | ({"parts": dict(result.parts)} if result.parts else {})


def in_order(parts: dict[str, int], p: Partnership) -> list[int]:
    order = [*(o.code for o in p.outcomes), *(a.code for a in p.agencies)]
    return [parts[code] for code in sorted(parts, key=order.index)]


def of_figure(kind: Kind, data: Json, p: Partnership) -> Numbers:
    """What 'All figures' must say of it, number by number."""
    match kind:
        case Kind.COUNT:
            shown: list[float] = [data["n"]]
        case Kind.SHARE:
            shown = [data["n"], data["of"]] if data["of"] else []
            if data["of"] >= FEWEST_FOR_A_PERCENTAGE:
                shown.append(half_up(data["percent"]))
        case Kind.PARTS:
            shown = [*in_order(data.get("parts", {}), p)]
        case _:
            shown = _of_average(kind, data)
    return [*shown, *([data["missing"]] if data.get("missing") else [])]


def _of_average(kind: Kind, data: Json) -> list[float]:
    whole = kind in (Kind.MINUTES, Kind.SECONDS)
    unit = [10] if kind is Kind.SCORE else []
    if data["n"] == 0:
        return []
    if "mean" in data:
        return [round(data["mean"], 1), data["n"]]
    if "values" in data:
        return [*(half_up(v) if whole else v for v in data["values"]), *unit, data["n"]]
    middle = half_up(data["median"]) if whole else data["median"]
    shown = [middle, *unit, data["n"]]
    if "p90" in data and kind is not Kind.SCORE:
        shown += [9, 10, half_up(data["p90"])]
    return shown


def of_sheet(data: Json) -> tuple[float | None, ...]:
    """Number, out of, left out, middle, nine in ten, average: one decimal."""

    def one_decimal(name: str) -> float | None:
        value: float | None = data.get(name)
        return None if value is None else round(value, 1)

    averages = (one_decimal(name) for name in ("median", "p90", "mean"))
    return (data["n"], data.get("of"), data.get("missing", 0), *averages)


# The card


def texts(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        if isinstance(item.get("text"), str):
            yield item["text"]
        for key, inner in item.items():
            if key not in ("text", "selectAction", "fallback"):
                yield from texts(inner)
    elif isinstance(item, list):
        for inner in item:
            yield from texts(inner)


def pressed(card: Json) -> Iterator[tuple[str, list[str]]]:
    """(key of the measure, its texts) of each figure of a card, as it stands there."""
    for item in card["body"]:
        press = item.get("selectAction", {})
        for target in press.get("targetElements", []):
            yield target.split("-", 2)[2], list(texts(item["items"]))


def _decided(found: Json, p: Partnership) -> Numbers:
    n, of = found["decided"]["n"], found["decided"]["of"]
    counts = [n] if n == of else [n, of]
    return [*counts, *in_order(found["by_outcome"]["parts"], p)] if n else []


def _typical(times: Json) -> Numbers:
    if "median" not in times:
        return [times["n"]]
    nine = [9, 10, half_up(times["p90"])] if "p90" in times else []
    return [half_up(times["median"]), *nine]


def _taken(times: Json) -> Numbers:
    shown = [half_up(v) for v in times.get("values", [])]
    if "median" in times:
        shown = [half_up(times["median"])]
    counted = [times["n"]] if times["n"] else []
    return [*shown, *counted, *([times["missing"]] if "missing" in times else [])]


def _plans(found: Json) -> Numbers:
    score = [found["plan_score"]["median"], 10] if "median" in found["plan_score"] else []
    return [found["plans"]["n"], *score] if found["plans"]["n"] else []


def of_week(found: Json, p: Partnership) -> Iterator[tuple[str, Numbers]]:
    """What the week's card must say, line by line, the list of the late aside."""
    if found["referrals"]["n"]:
        yield "referrals", [found["referrals"]["n"], found["children"]["n"]]
        yield "by_outcome", _decided(found, p)
        if n := found["handed_over"]["n"]:
            yield "handed_over", [n]
        yield "decision_minutes", _typical(found["decision_minutes"])
        yield "assessment_minutes", _taken(found["assessment_minutes"])
        for key in ("decision_in_time", "feedback_in_time"):
            yield key, [found[key]["n"], found[key]["of"]]
        yield "plan_score", _plans(found)
    else:
        yield "referrals", []
    if found["survey_replies"]["of"] or found["satisfied"]["of"]:
        yield "satisfied", [found["satisfied"]["of"], found["satisfied"]["n"]]
    if replies := found["pulse_replies"]["n"]:
        few = replies < FEWEST_FOR_A_PERCENTAGE
        percent = found["quicker"]["percent"] or 0
        yield ("pulse_replies", [6]) if few else ("quicker", [replies, half_up(percent)])
    if offered := found["calls_answered"]["of"]:
        yield "calls_answered", [offered, found["calls_abandoned"]["n"]]
    if found["referrals"]["n"]:
        yield "open", [found["open"]["n"]]
