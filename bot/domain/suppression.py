"""Which counts of a table may be shown where others see them.

A count of 1 to 5 could point to a family, so it is hidden; larger counts are hidden with it where
a subtraction would give it away. A reader is taken to know the table's total, every zero, every
count shown, which hidden counts read "1 to 5", and perhaps this file.

Guarantee. Not knowing this file, a reader cannot work out a hidden count of 1 to 5, in the table or
in its margins: at least two values remain possible. This is checked exactly on each table. The
exceptions are those where the total and the zeros alone say it (`told_by_total`): one cell holds
the whole total, or every cell that is not zero is 1. A row or column that holds the whole total is
shown, whatever its size. Whether to show such a table at all is for the caller.

Knowing this file, a reader can also discard each table that would have been shown differently.
Without margins the guarantee is the same (for why, see `_protected`). With margins it is not
proved: it held for every table of the sizes that the tests go through.

Not covered: two tables about the same people, or one table a week apart.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_FEWEST, _MOST = 1, 5
_NO_LIMIT = 10**9
_SPARE = 2
"""How far a hidden small count must be able to move before hiding stops. One would satisfy the
plain guarantee, but then the tables that need more hiding would all be told apart by it."""
_CROWD = 4
"""So many small counts in one row leave a total of 5 or less next to no room."""
_MARGIN_COST = 3
"""A total is worth more to a reader than a cell: hide up to three cells rather than a total."""


class Shown(Enum):
    """EXACT: the number. FEW: 1 to 5. HIDDEN: above zero, and no more is said.

    Beside a FEW cell, a HIDDEN cell is 6 or more; without one, or in a margin, it may be 1 to 5.
    """

    EXACT = "exact"
    FEW = "few"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """`n` is never to be shown unless EXACT."""

    n: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class Suppressed:
    """`cells` in the shape of the table; `row_totals`, one a row, and `column_totals`, one a
    column, empty when not asked for. `total` is always EXACT. `told_by_total`: the total and the
    zeros alone give small counts away, and hiding cells cannot help.
    """

    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: Cell
    told_by_total: bool


def share_is_safe(n: int, of: int) -> bool:
    """Whether "n of `of`" may be shown where `of` is public: neither part is 1 to 5."""
    return not (is_few(n) or is_few(of - n))


def suppress(rows: Sequence[Sequence[int]], *, row_totals: bool, column_totals: bool) -> Suppressed:
    """`rows`: R of C counts each, of groups with nobody in two; R or C may be 0 or 1.

    Margins asked for are shown as far as they are safe. No small count: everything is EXACT.
    """
    width = len(rows[0]) if rows else 0
    if any(len(row) != width for row in rows) or any(n < 0 for row in rows for n in row):
        raise ValueError("a table has rows of one length and no count below zero")
    counts = [n for row in rows for n in row if n]
    total, small = sum(counts), any(map(is_few, counts))
    told = small and (len(counts) == 1 or total == len(counts))
    network = _Network(rows)
    if small:
        network.hide_small(row_totals, column_totals)
    if not told and not _protected(network):
        network.hide_all()
    return Suppressed(
        tuple(tuple(cell.shown() for cell in row.parts) for row in network.rows),
        tuple(row.shown() for row in network.rows) if row_totals else (),
        tuple(column.shown() for column in network.columns) if column_totals else (),
        Cell(total, Shown.EXACT),
        told,
    )


def is_few(n: int) -> bool:
    return _FEWEST <= n <= _MOST


@dataclass(slots=True)
class _Arc:
    """One count, as a flow from `tail` to `head`.

    `settled`: zero or the whole total, so known to all. `labelled`: if hidden, whether it is 1 to
    5 is told. `parts`: for a margin, the cells it is the sum of. `asked`: to be published.
    `guarded`: must not be worked out. Which counts are guarded is known to all.
    """

    tail: int
    head: int
    n: int
    settled: bool
    parts: tuple[_Arc, ...] = ()
    asked: bool = True
    labelled: bool = True
    hidden: bool = False

    @property
    def small(self) -> bool:
        return self.hidden and self.labelled and is_few(self.n)

    @property
    def guarded(self) -> bool:
        return self.small or (self.hidden and self.asked and self.crowd > 1)

    @property
    def cost(self) -> int:
        if self.hidden:
            return 0
        return _MARGIN_COST if self.parts else 1

    @property
    def crowd(self) -> int:
        """For a margin all of whose parts are small, not counting zeros, how many they are."""
        parts = [part for part in self.parts if part.n]
        return len(parts) if not self.settled and all(is_few(part.n) for part in parts) else 0

    def hide(self, *, labelled: bool = True) -> None:
        if not self.settled:
            self.hidden, self.labelled = True, labelled

    def room(self, sign: int) -> int:
        """How far the count may rise (1) or fall (-1) and still read the same."""
        if sign > 0:
            return (_MOST if self.small else _NO_LIMIT) - self.n
        return self.n - (_MOST + 1 if self.labelled and not self.small else _FEWEST)

    def shown(self) -> Cell:
        # A margin whose parts are all shown tells nothing new.
        if not self.hidden or (self.parts and not any(part.hidden for part in self.parts)):
            return Cell(self.n, Shown.EXACT)
        return Cell(self.n, Shown.FEW if self.small else Shown.HIDDEN)


class _Network:
    """A table as a flow: source, R rows, C columns, sink; arcs for cells and totals.

    Tables that read the same are the flows within the arcs' room. Any two differ by loops of hidden
    arcs, so what can be worked out is a question of which loops have room.
    """

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        width = len(rows[0]) if rows else 0
        self.total = sum(map(sum, rows))
        first, sink = 1 + len(rows), 1 + len(rows) + width
        grid = [
            [self._arc(1 + i, first + j, (), n) for j, n in enumerate(row)]
            for i, row in enumerate(rows)
        ]
        self.cells = [arc for line in grid for arc in line]
        self.rows = [self._arc(0, 1 + i, line) for i, line in enumerate(grid)]
        columns = zip(*grid, strict=True)
        self.columns = [self._arc(first + j, sink, line) for j, line in enumerate(columns)]
        self.arcs = self.cells + self.rows + self.columns
        self.fives = self.total == _MOST * sum(cell.n > 0 for cell in self.cells) > 0
        self._at: list[list[tuple[int, int, int]]] = [[] for _ in range(sink + 1)]
        """For each node its arcs: place in `arcs`, node at the other end, 1 out or -1 in."""
        for place, arc in enumerate(self.arcs):
            if not arc.settled:
                self._at[arc.tail].append((place, arc.head, 1))
                self._at[arc.head].append((place, arc.tail, -1))

    def _arc(self, tail: int, head: int, parts: Sequence[_Arc], n: int = 0) -> _Arc:
        n = sum(part.n for part in parts) if parts else n
        return _Arc(tail, head, n, n in (0, self.total), tuple(parts))

    def hide_small(self, row_totals: bool, column_totals: bool) -> None:
        """Few people to a line, or maybe all fives: no margins, as too many tables would fail with
        them, and failing tells. The total and the zeros decide this, which a reader has anyway.
        """
        for cell in self.cells:
            cell.hidden = is_few(cell.n)
        lines = max(sum(arc.n > 0 for arc in margin) for margin in (self.rows, self.columns))
        roomy = self.total > (_MOST + 1) * lines and not self.fives
        margins = self.rows + self.columns
        asked = [row_totals] * len(self.rows) + [column_totals] * len(self.columns)
        for margin, margin_asked in zip(margins, asked, strict=True):
            margin.asked = margin_asked
            if not roomy or not margin.asked or margin.crowd >= _CROWD:
                margin.hide(labelled=False)
            elif is_few(margin.n):
                margin.hide()
        if not roomy and any(margin.guarded for margin in margins):
            for cell in self.cells:
                cell.hide()

    def hide_all(self) -> None:
        """The last resort: nothing but zeros and the total, and not even which counts are small."""
        for arc in self.arcs:
            arc.hide(labelled=False)

    def slack(self, place: int, enough: int) -> int:
        """How many values besides its own the small count at `place` may have, up to `enough`."""
        arc, found = self.arcs[place], 0
        for sign in (1, -1):
            moved = [0] * len(self.arcs)
            for _ in range(min(arc.room(sign), enough - found)):
                loop = self.loop(place, sign, moved)
                if not loop:
                    break
                found += 1
                for step, way in loop:
                    moved[step] += way
        return found

    def loop(self, place: int, sign: int, moved: list[int] | None) -> list[tuple[int, int]]:
        """Other arcs, each with 1 or -1, that may all move by one if `place` moves by `sign`, after
        the moves made already. Without `moved`, whatever their room.
        """
        start, end = (self.arcs[place].head, self.arcs[place].tail)[::sign]
        came: dict[int, tuple[int, int, int]] = {}
        queue = [start]
        for here in queue:
            for step, there, way in self._at[here]:
                arc = self.arcs[step]
                if step == place or there in came or there == start or not arc.hidden:
                    continue
                if moved is None or arc.room(way) > way * moved[step]:
                    came[there] = (step, way, here)
                    queue.append(there)
        loop = []
        while end in came:
            step, way, end = came[end]
            loop.append((step, way))
        return loop

    def widen(self, place: int) -> bool:
        """Hide the cheapest arcs for one more loop through `place`; False if there are none.

        "Cheapest" looks at positions and at what is hidden already, never at a count.
        """
        arc = self.arcs[place]
        queue: list[tuple[int, tuple[int, ...], int]] = [(0, (), arc.head)]
        seen: set[tuple[int, bool]] = set()
        while queue:
            cost, fresh, here = heapq.heappop(queue)
            if here == arc.tail and fresh:
                for step in fresh:
                    self.arcs[step].hide()
                return True
            if (here, bool(fresh)) in seen:
                continue
            seen.add((here, bool(fresh)))
            for step, there, _ in self._at[here]:
                other = self.arcs[step]
                if step != place:
                    via = fresh if other.hidden else (*fresh, step)
                    heapq.heappush(queue, (cost + other.cost, via, there))
        return False


def _protected(network: _Network) -> bool:
    """Hides more until every small count has room; False if some count has none, all hidden.

    First a loop for each small count, margins first: this looks at no count, only at which are
    zero, small and large. Then more loops while a count can take fewer than three values.

    Why this gives nothing away without margins: cells are then hidden in an order that positions
    fix. Say the hidden cells add up to `e` more than the least they could. Hiding stops as soon as
    `e` is 2 or more (and, while no large count is hidden, 2 or more below the most it could be).
    A table that had to go on has `e` of 0 or 1 (or close to the most), and both remain possible
    once a large count is added, so each small count may still be 1 or 2. If all is hidden and `e`
    is 0, every cell is 1 or 6, and the last resort leaves open which. If all cells are 5, the last
    resort takes in the tables with one large count and the same total, such as 4 and 6.
    """
    places = [place for place, arc in enumerate(network.arcs) if arc.guarded]
    places.sort(key=lambda place: not network.arcs[place].parts)
    for place in places:
        if not network.loop(place, 1, None):
            network.widen(place)
    for place in places:
        while network.slack(place, _SPARE) < _SPARE and network.widen(place):
            pass
        if not network.slack(place, 1):
            return False
    shown = any(cell.n and not cell.hidden for cell in network.cells)
    return shown or not network.fives or sum(cell.n > _MOST for cell in network.cells) > 1
