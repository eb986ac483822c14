"""Every measure: its figure, before and after, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.baseline_figures import Comparison
from bot.domain.counting import Result, one_decimal
from bot.domain.measures import AVERAGES, MEASURES, Kind, Measure, Report
from bot.exchange.sheet import Cell, Sheet
from cards import wording as w
from cards.comparison import pair_words
from cards.context import View
from cards.figure_words import Hide, definition_of, is_hidden, parts_of, value_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """What may be shown of a result, rounded as its words are."""

    n: int | None = None
    of: int | None = None
    missing: int | None = None
    middle: float | None = None
    p90: float | None = None
    mean: float | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.n, self.of, self.missing, self.middle, self.p90, self.mean)


def numbers_of(measure: Measure, result: Result, view: View, *, hide: Hide) -> Numbers:
    """Nothing that the words of the same figure do not show."""
    if is_hidden(measure, result, hide=hide):
        return Numbers()
    counted = not (hide and measure.kind in AVERAGES)
    return Numbers(
        n=result.n if counted and _total_shown(measure, result, view, hide) else None,
        of=None if hide and measure.kind is Kind.PARTS else result.of,
        missing=None if hide else result.missing,
        middle=one_decimal(result.median),
        p90=one_decimal(result.p90),
        mean=one_decimal(result.mean),
    )


def _total_shown(measure: Measure, result: Result, view: View, hide: Hide) -> bool:
    """The words of parts do not say their total: beside hidden parts it could tell one."""
    if measure.kind is not Kind.PARTS:
        return True
    return all(n is not None for _, _, n in parts_of(measure, result, view, hide=hide).shown)


def figures(report: Report, view: View, hide: Hide) -> Sheet:
    rows = (line for m in MEASURES for line in _lines(m, report[m.key], view, hide))
    return Sheet(w.FILE_SHEETS["figures"], w.FILE_FIGURE_HEADS, tuple(rows))


def _lines(measure: Measure, result: Result, view: View, hide: Hide) -> Iterator[tuple[Cell, ...]]:
    words = value_of(measure, result, view, hide=hide)
    numbers = numbers_of(measure, result, view, hide=hide)
    yield (measure.section, measure.title, words, *numbers.cells)
    if measure.kind is Kind.PARTS:
        for label, shown, n in parts_of(measure, result, view, hide=hide).shown:
            part = w.FILE_PART.format(measure=measure.title, part=label)
            yield (measure.section, part, shown, *Numbers(n=n).cells)


def definitions() -> Sheet:
    heads = (w.DEF_COUNTS, w.DEF_OF, w.DEF_STARTS, w.DEF_STOPS, w.DEF_LEFT_OUT, w.DEF_AVERAGE)
    rows = []
    for measure in MEASURES:
        said = dict(definition_of(measure))
        rows.append((measure.section, measure.title, *(said.get(head, "") for head in heads)))
    return Sheet(w.FILE_SHEETS["definitions"], w.FILE_DEFINITION_HEADS, tuple(rows))


def before_and_after(found: Comparison, view: View) -> Sheet:
    rows = []
    for pair in found.pairs:
        counts = pair.measure.key in ("referrals", "children")
        note = w.COMPARE_TOO_FEW if pair.too_few and not counts else ""
        before, after = pair.before, pair.after
        numbers = (before.n, before.of, after.n, after.of)
        rows.append((pair.measure.title, *pair_words(pair, view), *numbers, note))
    notes = [w.COMPARE_NOTE]
    if found.left_out:
        notes.append(w.COMPARE_LEFT_OUT.format(n=found.left_out))
    return Sheet(w.FILE_SHEETS["compare"], w.FILE_COMPARE_HEADS, tuple(rows), tuple(notes))
