"""Reads a CSV file that somebody brings: bytes to records, and what was wrong, line by line.

Nothing here opens a file. A fault names a line, a column and a reason, never what a cell holds,
because a cell may hold a name or a phone number. For the same reason cells under headings that
were not asked for are never looked at, and a refusal lists only headings that were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.exchange.text import (
    DELIMITERS,
    Unreadable as Unreadable,
    decode,
    first_record,
    line_count,
    records,
    said_separator,
)

MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000
ROWS_A_STEP = 1_000

_SPACES = re.compile(r"[\s_]+")
_IN_TABLE = re.compile(r"[^\[\]]*\[([^\[\]]+)\]")

Progress = Callable[[int, int], None]
"""Called with (lines done, lines in all), every 1,000 rows and at the end."""


class Keyed(Protocol):
    """A record that can be told from every other."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


@dataclass(frozen=True, slots=True)
class BadRow:
    """`line` is the physical line its row starts on; `column` is a heading, or empty."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """`repeats` counts rows left out because an earlier row is the same record."""

    good: tuple[T, ...]
    bad: tuple[BadRow, ...]
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One thing wanted: our `field`, and the headings it may have, the likeliest first."""

    field: str
    names: tuple[str, ...]
    required: bool = False


class Cells:
    """The wanted cells of one row, trimmed, and the first thing found wrong with them."""

    def __init__(self, line: int, cells: Mapping[str, str], headings: Mapping[str, str]) -> None:
        self.line = line
        self.bad: BadRow | None = None
        self._cells = cells
        self._headings = headings

    def text(self, field: str) -> str:
        """Empty for an empty cell and for a column the file does not have."""
        return self._cells.get(field, "")

    def has_column(self, field: str) -> bool:
        return field in self._headings

    def heading(self, field: str) -> str:
        return self._headings.get(field, "")

    def wrong(self, code: str, field: str = "") -> None:
        if self.bad is None:
            self.bad = BadRow(self.line, self.heading(field), code)


def fold(text: str) -> str:
    """For comparing: trimmed, case-folded, each run of spaces and underscores one space."""
    return _SPACES.sub(" ", text.replace("\ufeff", "").casefold()).strip()


def _heading(cell: str) -> str:
    """A heading as compared; Power BI may write the table before it: Table[Heading]."""
    inside = _IN_TABLE.fullmatch(cell.strip())
    return fold(inside[1] if inside else cell)


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """Whichever finds most of the wanted headings; then whichever makes most cells."""
    if said := said_separator(text):
        return said
    wanted = {fold(name) for column in columns for name in column.names}

    def score(delimiter: str) -> tuple[int, int]:
        cells = first_record(text, delimiter)
        if isinstance(cells, Unreadable):
            return 0, 0
        some = cells[: MOST_COLUMNS + 1]
        return sum(_heading(cell) in wanted for cell in some), len(some)

    return max(DELIMITERS, key=score)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each field is found, and the heading (one of ours) it is found under."""

    places: dict[str, int]
    headings: dict[str, str]
    width: int


def _layout(cells: list[str], columns: Sequence[Column]) -> _Layout | Unreadable:
    if len(cells) > MOST_COLUMNS:
        return Unreadable("too_many_columns", {"most": str(MOST_COLUMNS)})
    found = [_heading(cell) for cell in cells]
    places: dict[str, int] = {}
    headings: dict[str, str] = {}
    for column in columns:
        name = next((n for n in column.names if fold(n) in found), None)
        if name is None:
            continue
        if found.count(fold(name)) > 1:
            return Unreadable("column_twice", {"column": name})
        places[column.field], headings[column.field] = found.index(fold(name)), name
    missing = [c.names[0] for c in columns if c.required and c.field not in places]
    if missing and not places:
        return Unreadable("header", {"missing": ", ".join(missing)})
    if missing:
        named = {"missing": ", ".join(missing), "found": ", ".join(headings.values())}
        return Unreadable("missing_column", named)
    return _Layout(places, headings, len(cells))


def share_of_headings(text: str, columns: Sequence[Column]) -> tuple[float, int]:
    """How much of what is needed the first row holds, 0 to 1, and how many wanted columns."""
    cells = first_record(text, _delimiter(text, columns))
    found = set() if isinstance(cells, Unreadable) else {_heading(c) for c in cells[:MOST_COLUMNS]}
    held = [c for c in columns if any(fold(name) in found for name in c.names)]
    needed = sum(c.required for c in columns)
    return sum(c.required for c in held) / needed, len(held)


def _cells(line: int, raw: list[str], layout: _Layout) -> Cells:
    """Excel leaves out empty cells at the end of a row, so a short row has them empty.

    A row that is too long has most likely a separator inside a cell, so nothing in it is sure.
    """
    held = {f: raw[at].strip() for f, at in layout.places.items() if at < len(raw)}
    cells = Cells(line, held, layout.headings)
    if any(cell.strip() for cell in raw[layout.width :]):
        cells.wrong("too_many_cells")
    for name, text in held.items():
        if len(text) > LONGEST_CELL:
            cells.wrong("cell_too_long", name)
    return cells


class _Gathered(Generic[T]):
    """Records by key, in the order they came."""

    def __init__(self, choose: Callable[[T, T], T] | None) -> None:
        self.good: dict[str, T] = {}
        self.bad: list[BadRow] = []
        self.repeats = 0
        self._choose = choose

    def add(self, record: T, cells: Cells, id_field: str) -> None:
        earlier = self.good.setdefault(record.key, record)
        if earlier is record:
            return
        if earlier == record or self._choose:
            self.repeats += 1
        else:
            cells.wrong("id_twice", id_field)
        if self._choose:
            self.good[record.key] = self._choose(earlier, record)


def read_rows(
    data: bytes,
    columns: Sequence[Column],
    make: Callable[[Cells], T | None],
    *,
    id_field: str = "",
    choose: Callable[[T, T], T] | None = None,
    progress: Progress | None = None,
) -> Read[T] | Unreadable:
    """Every row through `make`, which marks what is wrong on its Cells and may then give None.

    Two records with one key are one: equal ones count once; of different ones `choose` says
    which stands, and without it the later is a bad row, marked at `id_field`.
    """
    text = decode(data)
    if isinstance(text, Unreadable):
        return text
    delimiter = _delimiter(text, columns)
    layout: _Layout | None = None
    gathered = _Gathered(choose)
    total = line_count(text)
    for count, record in enumerate(records(text, delimiter)):
        if isinstance(record, Unreadable):
            return record
        line, raw = record
        if count > MOST_ROWS:
            return Unreadable("too_many_rows", {"most": f"{MOST_ROWS:,}"})
        if progress and count and count % ROWS_A_STEP == 0:
            progress(line, total)
        if not any(cell.strip() for cell in raw):
            continue
        if layout is None:
            opened = _layout(raw, columns)
            if isinstance(opened, Unreadable):
                return opened
            layout = opened
            continue
        _take(_cells(line, raw, layout), make, gathered, id_field)
    if layout is None:
        return Unreadable("empty")
    if progress:
        progress(total, total)
    return Read(tuple(gathered.good.values()), tuple(gathered.bad), gathered.repeats)


def _take(
    cells: Cells, make: Callable[[Cells], T | None], gathered: _Gathered[T], id_field: str
) -> None:
    made = make(cells) if cells.bad is None else None
    if made is not None and cells.bad is None:
        gathered.add(made, cells, id_field)
    if cells.bad is not None:
        gathered.bad.append(cells.bad)
