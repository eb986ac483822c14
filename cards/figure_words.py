"""One figure in words, the same in chat, spreadsheet and command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.domain.counting import LEAST_FOR_AVERAGE, Result, half_up
from bot.domain.measures import Kind, Measure
from bot.domain.suppression import Cell, Shown, is_few, share_is_safe, suppress
from cards import wording as w
from cards.context import View

FEW = 5
"""A count of 1 to 5 could point to a family; 0 says nothing about anyone."""


class Hide(Enum):
    """Who sees a figure. At the desk people can count the cards, so totals and outcomes are exact
    there; in what is passed on nothing small is.
    """

    NOTHING = "nothing"
    AT_DESK = "at_desk"
    TO_SHARE = "to_share"

    def __bool__(self) -> bool:
        return self is not Hide.NOTHING

    def covers(self, measure: Measure) -> bool:
        return self is Hide.TO_SHARE or (self is Hide.AT_DESK and not measure.open_to_all)


def shown_count(n: int, *, hide: Hide | bool) -> str:
    return w.S_HIDDEN if hide and is_few(n) else f"{n:,}"


def label_of(code: str, measure_key: str, view: View) -> str:
    """A code of a parts figure as people call it."""
    if measure_key == "by_lead_agency":
        return view.agency(code) if code else w.S_NO_LEAD
    return w.first_upper(view.outcome_short(code)) if code else w.S_NO_OUTCOME


@dataclass(frozen=True, slots=True)
class Parts:
    """`shown`: (label, as shown, the number where it is shown). `rest`: what is in none of them."""

    shown: tuple[tuple[str, str, int | None], ...]
    rest: Cell


def parts_of(measure: Measure, result: Result, view: View, *, hide: Hide) -> Parts:
    """Empty where all of them would tell somebody. What is in none of them is hidden with them,
    unless everybody may know it: then it is no cover.
    """
    counts = [n for _, n in result.parts]
    rest = (result.of or sum(counts)) - sum(counts)
    if not hide.covers(measure):
        exact = ((label_of(code, measure.key, view), f"{n:,}", n) for code, n in result.parts)
        return Parts(tuple(exact), Cell(rest, Shown.EXACT))
    known = measure.key not in _REST_UNKNOWN and decided_is_public(result, hide)
    if measure.key in _NOT_BESIDE_OUTCOMES and not known:
        return Parts((), Cell(rest, Shown.HIDDEN))
    cover = [] if known else [rest]
    table = suppress([[n] for n in (*counts, *cover)], row_totals=False, column_totals=False)
    cells = [cell for (cell,) in table.cells]
    last = Cell(rest, Shown.EXACT) if known else cells[-1]
    if table.told_by_total:
        return Parts((), last if known or not rest else Cell(rest, Shown.HIDDEN))
    shown = (
        (label_of(code, measure.key, view), shown_cell(cell), number_of(cell))
        for (code, _), cell in zip(result.parts, cells, strict=False)
    )
    return Parts(tuple(shown), last)


_NOT_BESIDE_OUTCOMES = ("by_lead_agency",)
"""Two tables of the decided, each short of all by a few, would together tell how many they are."""
_REST_UNKNOWN = ("children_by_outcome",)
"""How many children are still undecided is in no other figure."""


def decided_is_public(decided: Result, hide: Hide) -> bool:
    """Whether others see how many of all were decided: at the desk they can count the cards."""
    return hide is Hide.AT_DESK or share_is_safe(decided.n, decided.of or 0)


def number_of(cell: Cell) -> int | None:
    return cell.n if cell.shown is Shown.EXACT else None


def shown_cell(cell: Cell) -> str:
    words = {Shown.EXACT: f"{cell.n:,}", Shown.FEW: w.S_HIDDEN}
    return words.get(cell.shown, w.S_NOT_SHOWN)


def is_hidden(measure: Measure, result: Result, *, hide: Hide) -> bool:
    """Whether nothing of this figure may be shown to those who see it."""
    if not hide.covers(measure):
        return False
    return result.withheld_at_desk if hide is Hide.AT_DESK else result.withheld_when_shared


def value_of(measure: Measure, result: Result, view: View, *, hide: Hide = Hide.NOTHING) -> str:
    """The figure in words. What was left out is said where numbers are exact."""
    if measure.kind is Kind.PARTS:
        shown = parts_of(measure, result, view, hide=hide).shown
        none = w.S_NOT_SHOWN if result.parts else w.FIG_NONE
        return ", ".join(f"{label} {n}" for label, n, _ in shown) or none
    if is_hidden(measure, result, hide=hide):
        return w.S_HIDDEN if measure.kind is Kind.COUNT and is_few(result.n) else w.S_NOT_SHOWN
    if measure.kind is Kind.COUNT:
        return f"{result.n:,}"
    if measure.kind is Kind.SHARE:
        words = share_words(result)
    else:
        words = _average(measure, result, counted=not hide)
    if result.missing and not hide:
        words += " " + w.FIG_MISSING.format(n=f"{result.missing:,}")
    return words


def share_words(result: Result) -> str:
    """'6 of 6 (100%)'; the percentage only where there are enough to speak of one."""
    if not result.of:
        return w.FIG_NONE
    words = w.FIG_OF.format(n=f"{result.n:,}", of=f"{result.of:,}")
    percent = result.percent
    if percent is None or result.of < LEAST_FOR_AVERAGE:
        return words
    return w.FIG_PERCENT.format(words=words, percent=half_up(percent))


def _average(measure: Measure, result: Result, *, counted: bool) -> str:
    """Where others see it, not of how many: that may be a total that is not shown."""
    unit = w.FIG_UNITS[str(measure.kind)]
    n = w.FIG_COUNTED.format(n=f"{result.n:,}") if counted else ""
    if result.n == 0:
        return w.FIG_NONE
    if result.mean is not None:
        return w.FIG_MEAN.format(mean=f"{result.mean:.1f}", n=n).rstrip()
    if result.median is None and not result.values:
        return w.FIG_TOO_FEW.format(n=f"{result.n:,}")
    if result.median is None:
        values = w.join([number_words(v, measure.kind) for v in result.values])
        unit = w.FIG_ONE.get(unit, unit) if values == "1" else unit
        return w.FIG_VALUES.format(values=values, unit=unit, n=result.n)
    middle = number_words(result.median, measure.kind)
    words = w.FIG_MIDDLE.format(middle=middle, unit=unit, n=n).rstrip() + "."
    if result.p90 is not None and measure.kind is not Kind.SCORE:
        words += " " + w.FIG_P90.format(p90=number_words(result.p90, measure.kind), unit=unit)
    return words


def number_words(value: float, kind: Kind) -> str:
    """Minutes and seconds as whole numbers, half up; scores as they are."""
    return f"{value:g}" if kind in (Kind.SCORE, Kind.EACH) else f"{half_up(value):,}"


def half_up_minutes(times: Result) -> str:
    """The middle of a split's line; too few for one says so."""
    return f"{half_up(times.median):,}" if times.median is not None else w.FIG_TOO_FEW_SHORT


def definition_of(measure: Measure) -> list[tuple[str, str]]:
    """(what, words) of "What does this count?": only what this measure has."""
    pairs = [
        (w.DEF_COUNTS, measure.counts),
        (w.DEF_OF, measure.of),
        (w.DEF_STARTS, measure.starts),
        (w.DEF_STOPS, measure.stops),
        (w.DEF_LEFT_OUT, measure.left_out),
        (w.DEF_AVERAGE, w.FIG_RULES.get(str(measure.kind), "")),
    ]
    return [(label, words) for label, words in pairs if words]


def definition_text(measure: Measure) -> str:
    return " ".join(f"{label} {words.rstrip('.')}." for label, words in definition_of(measure))
