"""Small counts in shared figures: by hand, and by readers who try to work the hidden ones out."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given as every, settings, strategies as st

from bot.domain.suppression import Cell, Shown, Suppressed, share_is_safe, suppress

Rows = Sequence[Sequence[int]]
Margins = tuple[bool, bool]
ALL_MARGINS: list[Margins] = list(itertools.product((False, True), repeat=2))
MARK = {Shown.FEW: "few", Shown.HIDDEN: "-"}
SETTINGS = settings(deadline=None, derandomize=True, max_examples=120)


def read(cell: Cell) -> str:
    return MARK.get(cell.shown, str(cell.n))


def page(table: Suppressed) -> tuple[str, ...]:
    """What is seen, in one line: cells, row totals, column totals, total."""
    inside = (cell for row in table.cells for cell in row)
    return tuple(map(read, (*inside, *table.row_totals, *table.column_totals, table.total)))


def lines(table: Suppressed) -> list[str]:
    return [" ".join(map(read, row)) for row in table.cells]


def column(*counts: int) -> list[list[int]]:
    return [[n] for n in counts]


def plain(rows: Rows) -> Suppressed:
    return suppress(rows, row_totals=False, column_totals=False)


def both(rows: Rows) -> Suppressed:
    return suppress(rows, row_totals=True, column_totals=True)


# By hand -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ([3, 40, 50], "few - 50"),
        ([40, 50, 3], "- 50 few"),
        ([0, 3, 40, 50], "0 few - 50"),
        ([5, 20, 20], "few - 20"),
        ([2, 3, 50], "few few 50"),
        ([1, 1, 50, 60], "few few - 60"),
        ([1, 6, 6, 60], "few - - -"),
        ([6, 20, 0], "6 20 0"),
        ([0, 0], "0 0"),
        ([7], "7"),
    ],
)
def test_one_column(counts, seen):
    table = plain(column(*counts))

    assert " ".join(lines(table)) == seen
    assert table.total == Cell(sum(counts), Shown.EXACT)
    assert not table.told_by_total


@pytest.mark.parametrize("counts", [[1, 6], [6, 1], [1, 6, 6], [5, 5], [4, 6], [9, 1], [5, 5, 5]])
def test_last_resort_does_not_say_which_counts_are_small(counts):
    assert lines(plain(column(*counts))) == ["-"] * len(counts)


@pytest.mark.parametrize("counts", [[3], [2, 0, 0], [0, 5], [1, 1, 1], [1, 0, 1]])
def test_the_total_and_the_zeros_alone_say_it(counts):
    table = plain(column(*counts))

    assert table.told_by_total
    assert lines(table) == ["few" if n else "0" for n in counts]


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
@pytest.mark.parametrize("margins", ALL_MARGINS)
def test_empty(rows, margins):
    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])

    assert table.cells == tuple(() for _ in rows)
    assert table.total == Cell(0, Shown.EXACT)
    assert table.row_totals == (tuple(Cell(0, Shown.EXACT) for _ in rows) if margins[0] else ())


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1, -1]]])
def test_not_a_table_of_counts(rows):
    with pytest.raises(ValueError, match="a table"):
        plain(rows)


def test_two_by_two_with_margins():
    table = both([[3, 40], [50, 60]])

    assert lines(table) == ["few -", "- -"]
    assert [cell.shown for cell in (*table.row_totals, *table.column_totals)] == [Shown.EXACT] * 4


def test_three_by_three_with_margins_hides_one_rectangle():
    table = both([[30, 40, 50], [60, 3, 70], [80, 90, 100]])

    assert lines(table) == ["- - 50", "- few 70", "80 90 100"]
    assert page(table)[9:] == ("120", "133", "270", "170", "133", "220", "523")


def test_small_row_total_is_hidden_and_protected():
    table = both([[1, 2, 0], [30, 40, 50], [60, 70, 80]])

    assert read(table.row_totals[0]) == "few"
    assert [read(cell) for cell in table.row_totals[1:]].count("-") >= 1


def test_the_row_that_holds_everything_is_the_total():
    table = both([[0, 0], [3, 40]])

    assert [read(cell) for cell in table.row_totals] == ["0", "43"]
    assert lines(table) == ["0 0", "few -"]


def test_few_people_to_a_row_withhold_margins_but_what_can_be_summed():
    table = both([[1, 2], [0, 9], [0, 0]])

    assert lines(table) == ["few few", "0 -", "0 0"]
    assert [read(cell) for cell in table.row_totals] == ["-", "-", "0"]


@pytest.mark.parametrize(
    ("n", "of", "safe"),
    [
        (0, 0, True),
        (0, 9, True),
        (9, 9, True),
        (6, 12, True),
        (44, 50, True),
        (5, 50, False),
        (45, 50, False),
        (3, 3, False),
        (0, 3, False),
        (1, 7, False),
    ],
)
def test_share(n, of, safe):
    assert share_is_safe(n, of) is safe


def test_a_total_of_many_small_counts_is_withheld_whatever_it_is():
    for row in ([1, 1, 1, 1], [1, 1, 1, 1, 1], [5, 5, 5, 5]):
        table = both([row, [30] * len(row), [40] * len(row)])

        assert read(table.row_totals[0]) == "-"
        assert [read(cell) for cell in table.row_totals[1:]].count("-") >= 1


# Readers who try ---------------------------------------------------------------


def counts_of(rows: Rows, margins: Margins) -> tuple[int, ...]:
    """In the order of a page."""
    inside = [n for row in rows for n in row]
    across = [sum(row) for row in rows] if margins[0] else []
    down = [sum(line) for line in zip(*rows, strict=True)] if margins[1] else []
    return (*inside, *across, *down, sum(inside))


def shared(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to share `total` among `parts`."""
    for cuts in itertools.combinations(range(total + parts - 1), parts - 1):
        edges = (-1, *cuts, total + parts - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(edges))


def tables(shape: tuple[int, int], total: int) -> Iterator[list[tuple[int, ...]]]:
    for counts in shared(total, shape[0] * shape[1]):
        yield [counts[i * shape[1] : (i + 1) * shape[1]] for i in range(shape[0])]


def could_be(n: int, mark: str, cell_of_labelled: bool) -> bool:
    """Whether a reader who knows what the marks mean, but not how they are chosen, allows `n`."""
    if mark == "few":
        return 1 <= n <= 5
    if mark == "-":
        return n >= (6 if cell_of_labelled else 1)
    return n == int(mark)


def told(marks: Sequence[str], candidates: Sequence[Sequence[int]]) -> list[int]:
    """Places of hidden counts of 1 to 5 that only have one value in all the candidates."""
    return [
        place
        for place, mark in enumerate(marks)
        if mark in MARK.values()
        and len({counts[place] for counts in candidates}) == 1
        and 1 <= candidates[0][place] <= 5
    ]


def reader_of_marks(
    marks: Sequence[str], shape: tuple[int, int], margins: Margins
) -> list[tuple[int, ...]]:
    inside = shape[0] * shape[1]
    labelled = "few" in marks[:inside]
    found = []
    for rows in tables(shape, int(marks[-1])):
        counts = counts_of(rows, margins)
        if all(
            could_be(n, mark, labelled and place < inside)
            for place, (n, mark) in enumerate(zip(counts, marks, strict=True))
        ):
            found.append(counts)
    return found


def test_without_hiding_more_the_reader_succeeds():
    marks = ("few", "40", "50", "93")

    assert told(marks, reader_of_marks(marks, (3, 1), (False, False))) == [0]
    marks = page(plain(column(3, 40, 50)))
    assert told(marks, reader_of_marks(marks, (3, 1), (False, False))) == []


def test_the_reader_of_code_succeeds_where_hiding_stops_too_late():
    """Were a third count hidden only when the first two make 7, that would say they do."""

    def naive(a: int, b: int, c: int) -> tuple[str, ...]:
        return ("few", "-", "-" if a + b == 7 else str(c))

    marks = naive(1, 6, 9)
    alike = [counts for counts in shared(16, 3) if naive(*counts) == marks and 0 < counts[0] < 6]
    assert told(marks, [counts for counts in alike if counts[1] > 5 and counts[2] > 5]) == [0]


SMALL = st.one_of(st.integers(0, 6), st.integers(0, 9))


@st.composite
def small_tables(draw) -> list[list[int]]:
    height, width = draw(st.sampled_from([(2, 1), (3, 1), (1, 3), (4, 1), (2, 2)]))
    return [[draw(SMALL) for _ in range(width)] for _ in range(height)]


@SETTINGS
@every(small_tables(), st.sampled_from(ALL_MARGINS))
def test_a_reader_of_the_marks_learns_no_small_count(rows, margins):
    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])
    marks = page(table)

    candidates = reader_of_marks(marks, (len(rows), len(rows[0])), margins)

    assert counts_of(rows, margins) in candidates
    assert table.told_by_total or not told(marks, candidates)


@pytest.mark.parametrize("margins", ALL_MARGINS)
@pytest.mark.parametrize(
    ("shape", "totals"),
    [
        ((2, 1), range(31)),
        ((3, 1), range(25)),
        ((1, 4), range(17)),
        ((2, 2), [*range(17), 20, 25]),
        ((3, 2), range(9)),
        ((2, 3), range(9)),
        ((3, 2), [13]),
    ],
)
def test_a_reader_of_the_code_learns_no_small_count(shape, totals, margins):
    """Every table of these sizes: those shown alike are what such a reader cannot tell apart."""
    for total in totals:
        alike = defaultdict(list)
        for rows in tables(shape, total):
            table = suppress(rows, row_totals=margins[0], column_totals=margins[1])
            alike[page(table), table.told_by_total].append(counts_of(rows, margins))
        for (marks, by_total), candidates in alike.items():
            assert by_total or not told(marks, candidates), candidates[:3]


# Larger tables: what subtraction alone can do ------------------------------------


def rank(matrix: list[list[Fraction]]) -> int:
    matrix, found = [row[:] for row in matrix], 0
    for place in range(len(matrix[0]) if matrix else 0):
        pivot = next((i for i in range(found, len(matrix)) if matrix[i][place]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for i in range(found + 1, len(matrix)):
            if matrix[i][place]:
                by = matrix[i][place] / matrix[found][place]
                matrix[i] = [a - by * b for a, b in zip(matrix[i], matrix[found], strict=True)]
        found += 1
    return found


def sums_of_cells(height: int, width: int, margins: Margins) -> list[list[Fraction]]:
    """One row for each place of a page: which cells it adds up."""
    places = list(itertools.product(range(height), range(width)))
    picks = [{place} for place in places]
    if margins[0]:
        picks += [{(i, j) for j in range(width)} for i in range(height)]
    if margins[1]:
        picks += [{(i, j) for i in range(height)} for j in range(width)]
    picks.append(set(places))
    return [[Fraction(place in pick) for place in places] for pick in picks]


COUNT = st.one_of(st.just(0), st.integers(1, 5), st.integers(6, 12), st.integers(6, 300))


@st.composite
def larger_tables(draw) -> list[list[int]]:
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    few = st.sampled_from([COUNT, st.one_of(COUNT, st.integers(6, 99), st.integers(6, 99))])
    count = draw(few)
    return [[draw(count) for _ in range(width)] for _ in range(height)]


@settings(SETTINGS, max_examples=100)
@every(larger_tables(), st.sampled_from(ALL_MARGINS))
def test_no_small_count_follows_by_subtraction(rows, margins):
    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])
    marks, sums = page(table), sums_of_cells(len(rows), len(rows[0]), margins)
    known = [line for line, mark in zip(sums, marks, strict=True) if mark not in MARK.values()]
    most = rank(known)

    for line, mark, n in zip(sums, marks, counts_of(rows, margins), strict=True):
        if mark in MARK.values() and n <= 5 and not table.told_by_total:
            assert rank([*known, line]) == most + 1


@SETTINGS
@every(larger_tables(), st.sampled_from(ALL_MARGINS))
def test_marks_are_true_and_nothing_small_is_exact(rows, margins):
    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])
    total = sum(map(sum, rows))
    inside = [cell for row in table.cells for cell in row]
    labelled = any(cell.shown is Shown.FEW for cell in inside)

    for cell in (*inside, *table.row_totals, *table.column_totals):
        assert cell.shown is not Shown.FEW or 1 <= cell.n <= 5
        assert cell.shown is Shown.EXACT or cell.n > 0
        assert cell.shown is not Shown.EXACT or cell.n in (0, total) or cell.n > 5
    assert not labelled or all(c.n > 5 for c in inside if c.shown is Shown.HIDDEN)


@SETTINGS
@every(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.one_of(st.just(0), st.integers(6, 99)), min_size=width, max_size=width)
        )
    ),
    st.sampled_from(ALL_MARGINS),
)
def test_no_small_count_nothing_hidden(rows, margins):
    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])

    assert not set(page(table)) & set(MARK.values())


@pytest.mark.parametrize("margins", ALL_MARGINS)
@pytest.mark.parametrize("small", range(1, 6))
@pytest.mark.parametrize("place", range(9))
def test_one_small_count_does_not_take_the_table_with_it(place, small, margins):
    counts = [20 + n for n in range(9)]
    counts[place] = small
    rows = [counts[:3], counts[3:6], counts[6:]]

    table = suppress(rows, row_totals=margins[0], column_totals=margins[1])

    assert sum(mark in MARK.values() for mark in page(table)) == (4 if all(margins) else 2)


def test_a_large_table_takes_no_time():
    rows = [[(7 * i + 5 * j) % 13 for j in range(10)] for i in range(12)]

    assert both(rows).total.n == sum(map(sum, rows))
