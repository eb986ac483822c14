"""The same figures split, as tables and as the bars of charts."""

from __future__ import annotations

import datetime as dt

from bot.domain.breakdown import Split, breakdown_of
from bot.domain.counting import one_decimal
from bot.domain.measures import BY_KEY, Report
from bot.domain.suppression import Cell as Counted
from bot.exchange.sheet import Cell, Chart, Sheet
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide, number_of, parts_of, shown_cell
from cards.splits import SharedLine, SharedSplit, shared_split, split_rows, total_words


def words_of(counted: Counted) -> str:
    return shown_cell(counted)


def _number_or_words(counted: Counted) -> Cell:
    n = number_of(counted)
    return words_of(counted) if n is None else n


def split(report: Report, by: str, view: View, hide: Hide) -> Sheet:
    return _shared(report, by, view) if hide else _exact(report, by, view)


def _first(by: str, code: str, label: str) -> Cell:
    return dt.date.fromisoformat(code) if by == "day" else label


def _exact(report: Report, by: str, view: View) -> Sheet:
    found = breakdown_of(report.facts, by)
    rows = [(_first(by, s.code, label), *_cells(s)) for label, s in split_rows(found, view)]
    return Sheet(
        w.FILE_SHEETS[by],
        (w.FILE_SPLIT_FIRST[by], *w.FILE_SPLIT_HEADS),
        (*rows, (w.SPLIT_TOTAL, *_cells(found.total))) if rows else (),
        () if rows else (w.S_NONE,),
    )


def _cells(s: Split) -> tuple[Cell, ...]:
    middle = s.minutes.median
    return (
        s.referrals,
        s.children,
        s.decided,
        s.decision_in_time.n,
        s.decision_in_time.of,
        s.feedback_in_time.n,
        s.feedback_in_time.of,
        one_decimal(middle),
    )


def shared_of(report: Report, by: str, view: View) -> SharedSplit:
    return shared_split(breakdown_of(report.facts, by), view, Hide.TO_SHARE)


def _shared(report: Report, by: str, view: View) -> Sheet:
    found = shared_of(report, by, view)
    heads = (w.FILE_SPLIT_FIRST[by], found.counts)
    if not found.lines:
        note = w.FILE_SPLIT_TOO_FEW if found.lines is None else w.S_NONE
        return Sheet(w.FILE_SHEETS[by], heads, (), (note,))
    rows = [
        (_first(by, line.code, line.label), _number_or_words(line.counted)) for line in found.lines
    ]
    shown = total_words(found, Hide.TO_SHARE)
    total: Cell = found.total.n if shown == f"{found.total.n:,}" else shown
    return Sheet(w.FILE_SHEETS[by], heads, (*rows, (w.SPLIT_TOTAL, total)))


def charts(report: Report, view: View, hide: Hide) -> tuple[Chart, ...]:
    bars = _shared_bars if hide else _exact_bars
    return (
        _outcome_chart(report, view, hide),
        bars("day", report, view),
        bars("referrer", report, view),
    )


def _outcome_chart(report: Report, view: View, hide: Hide) -> Chart:
    parts = parts_of(BY_KEY["by_outcome"], report["by_outcome"], view, hide=hide)
    points = (
        (label, n) if n is not None else _hidden(label, words) for label, words, n in parts.shown
    )
    return _chart("outcome", tuple(points))


def _hidden(label: str, words: str) -> tuple[str, None]:
    return w.FILE_CHART_LABEL_HIDDEN.format(label=label, words=words), None


def _chart(key: str, points: tuple[tuple[str, int | None], ...]) -> Chart:
    return Chart(w.FILE_CHARTS[key], w.FILE_CHART_AXIS[key], points)


def _exact_bars(by: str, report: Report, view: View) -> Chart:
    rows = split_rows(breakdown_of(report.facts, by), view)
    points = ((label, s.decided if by == "day" else s.referrals) for label, s in rows)
    return _chart(by, tuple(points))


def _shared_bars(by: str, report: Report, view: View) -> Chart:
    return _chart(by, tuple(map(_point, shared_of(report, by, view).lines or ())))


def _point(line: SharedLine) -> tuple[str, int | None]:
    n = number_of(line.counted)
    return _hidden(line.label, words_of(line.counted)) if n is None else (line.label, n)
