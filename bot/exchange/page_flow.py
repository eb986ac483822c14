"""From referral to outcome, as bands as wide as counts that may be shown, or of one set width."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.measures import BY_KEY, Report
from bot.domain.suppression import Cell, Shown, share_is_safe
from bot.exchange.page_marks import BLUE, COLOURS, INK, Mark, band, block, words, wrapped
from cards import wording as w
from cards.context import View
from cards.figure_words import FEW, Hide, number_of, parts_of, shown_cell

LEFT, TOP, HEIGHT = 60, 330, 490
_NODE, _MIDDLE, _RIGHT, _END = 16, 430, 790, 1080
_SLOT, _GAP, _THIN = 42, 12, 3
_DIGIT, _LETTER, _NAME = 11.8, 11.5, 126
_NOMINAL = 16
"""How wide a band of 1 to 5 is, whatever its number."""
_GREY = "#8A9299"


@dataclass(frozen=True, slots=True)
class Stop:
    """What one band ends in. `size` is its count; None where the width may not say it."""

    label: str
    words: str
    size: int | None
    colour: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What became of the referrals. `decided` has no size where it would tell the rest."""

    decided: Stop
    rest: tuple[Stop, ...]
    outcomes: tuple[Stop, ...]


def shares(report: Report, view: View) -> Shares:
    """Outcomes keep their colours from week to week: they go by their place in the partnership."""
    result, order = report["by_outcome"], list(view.partnership.outcome)
    parts = parts_of(BY_KEY["by_outcome"], result, view, hide=Hide.TO_SHARE)
    places = [order.index(code) if code in order else len(order) for code, _ in result.parts]
    outcomes = tuple(
        Stop(label, shown, n, COLOURS[place % len(COLOURS)])
        for place, (label, shown, n) in zip(places, parts.shown, strict=False)
    )
    decided, of = report["decided"].n, report["referrals"].n
    safe = share_is_safe(decided, of)
    said = f"{decided:,}" if safe else w.S_NOT_SHOWN
    middle = Stop(w.PAGE_DECIDED, said, decided if safe else None, BLUE)
    return Shares(middle, _rest(report, parts.rest), outcomes)


def _rest(report: Report, cell: Cell) -> tuple[Stop, ...]:
    """One stop for all that was not decided, where two would tell how small each is."""
    away = report["handed_over"].n
    waiting = cell.n - away
    if cell.shown is Shown.EXACT and min(away, waiting) > FEW:
        both = ((w.PAGE_HANDED_OVER, away), (w.PAGE_TO_DECIDE, waiting))
        return tuple(Stop(label, f"{n:,}", n, _GREY) for label, n in both)
    some = w.PAGE_REST if waiting else w.PAGE_HANDED_OVER
    label = some if away else w.PAGE_TO_DECIDE
    return (Stop(label, shown_cell(cell), number_of(cell), _GREY),) if cell.n else ()


@dataclass(frozen=True, slots=True)
class _Node:
    stop: Stop
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def flow(report: Report, view: View) -> list[Mark]:
    """Nothing to draw: says so."""
    total, decided = report["referrals"].n, report["decided"].n
    if total <= FEW:
        none = w.PAGE_FLOW_FEW if total else w.PAGE_FLOW_NONE
        return [words(LEFT, TOP + 15, none, 19)]
    found = shares(report, view)
    ends, others = list(found.outcomes), list(found.rest)
    # What was not decided lies below, where no band to an outcome crosses its words.
    below = (_SLOT + _GAP) * len(others)
    room = HEIGHT - (below if decided else 0)
    unit = max(130.0, min(280.0, room - _SLOT * len(ends))) / total
    stops = _column(ends, unit, TOP, room)
    first = [_middle(found.decided, stops, unit, room)] if decided else []
    rest = _column(others, unit, TOP + room if decided else TOP, below if decided else HEIGHT)
    steps = [*first, *rest]
    whole = sum(node.height for node in steps)
    start = TOP + (HEIGHT - whole) / 2
    marks = _bands(LEFT + _NODE, start, _MIDDLE, steps)
    for node in first:
        marks += _bands(_MIDDLE + _NODE, node.y, _RIGHT, stops)
    marks.append(block(LEFT, start, _NODE, whole, INK))
    marks += [block(_MIDDLE, n.y, _NODE, n.height, n.stop.colour) for n in steps]
    marks += [block(_RIGHT, n.y, _NODE, n.height, n.stop.colour) for n in stops]
    marks += _after(LEFT, start + whole / 2, w.PAGE_REFERRALS, f"{total:,}", _MIDDLE)
    marks += [mark for n in first for mark in _before(_MIDDLE, n)]
    marks += [m for n in rest for m in _after(_MIDDLE, n.middle, n.stop.label, n.stop.words, _END)]
    marks += [m for n in stops for m in _after(_RIGHT, n.middle, n.stop.label, n.stop.words, _END)]
    return marks


def _middle(stop: Stop, ends: list[_Node], unit: float, room: float) -> _Node:
    """As high as the bands that leave it: a hidden one does not show in the difference."""
    height = sum(node.height for node in ends) or _column([stop], unit, TOP, room)[0].height
    return _Node(stop, TOP + (room - height) / 2, height)


def _column(stops: list[Stop], unit: float, top: float, room: float) -> list[_Node]:
    """One under the other with room for their words, in the middle of the height."""
    heights = [_NOMINAL if s.size is None else max(_THIN, s.size * unit) for s in stops]
    slots = [max(_SLOT, height) for height in heights]
    spare = room - sum(slots)
    gap = max(0.0, min(_GAP * 3, spare / max(1, len(slots) - 1)))
    y = top + (spare - gap * (len(slots) - 1)) / 2
    nodes = []
    for stop, height, slot in zip(stops, heights, slots, strict=True):
        nodes.append(_Node(stop, y + (slot - height) / 2, height))
        y += slot + gap
    return nodes


def _bands(x: float, y: float, end: float, nodes: list[_Node]) -> list[Mark]:
    marks = []
    for node in nodes:
        marks.append(band((x, y), (end, node.y), node.height, node.stop.colour))
        y += node.height
    return marks


def _after(x: float, y: float, label: str, count: str, end: float) -> list[Mark]:
    """Count and name right of a node, as far as the next column."""
    left = x + _NODE + 12
    wide = _DIGIT if count[0].isdigit() else _LETTER
    name = left + round(wide * len(count)) + 12
    room = end - name - 8
    return [
        words(left, y, count, 22, bold=True),
        words(name, y, wrapped(label, 17, room), 17, room=room),
    ]


def _before(x: float, node: _Node) -> list[Mark]:
    """Count and name left of a node: one band alone comes in there."""
    label = wrapped(node.stop.label, 17, _NAME)
    return [
        words(x - 12, node.middle, label, 17, align="right", room=_NAME),
        words(x - 12 - _NAME, node.middle, node.stop.words, 22, bold=True, align="right"),
    ]
