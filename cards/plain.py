"""The figures as lines of plain text, for the command line: the same words as the cards."""

from __future__ import annotations

from itertools import groupby

from bot.domain.baseline_figures import Comparison
from bot.domain.breakdown import Breakdown
from bot.domain.measures import MEASURES, Report
from cards import wording as w
from cards.all_figures import has_figure
from cards.comparison import PLAIN_COUNTS, pair_words, periods_words
from cards.context import View
from cards.figure_words import Hide, value_of
from cards.splits import split_lines
from cards.stats import as_at_words, lines_of, period_title


def report_text(report: Report, view: View, *, hide: Hide) -> str:
    lines = [period_title(report.period), as_at_words(report, view), ""]
    if not hide:
        lines += [sentence for _, sentence in lines_of(report, view, hide=hide)]
    for section, measures in groupby(MEASURES, key=lambda m: m.section):
        shown = [m for m in measures if has_figure(report, m.key)]
        if not shown:
            continue
        lines += ["", section]
        for m in shown:
            value = value_of(m, report[m.key], view, hide=hide)
            lines.append(f"  {m.title}: {value}")
    if hide:
        lines += ["", w.S_SHARED_NOTE]
    return "\n".join(lines)


def breakdown_text(found: Breakdown, view: View, *, hide: Hide) -> str:
    """Columns side by side, as wide as their widest cell."""
    table = split_lines(found, view, hide=hide)
    if not table:
        return w.SPLIT_NOT_HERE
    widths = [max(len(line[n]) for line in table) for n in range(len(table[0]))]
    return "\n".join(
        "  ".join(c.ljust(width) for c, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )


def comparison_text(found: Comparison, view: View) -> str:
    if found.before is None:
        return f"{w.COMPARE_HEAD}\n{w.COMPARE_NOTHING}"
    lines = [w.COMPARE_HEAD, *periods_words(found), ""]
    for pair in found.pairs:
        before, after = pair_words(pair, view)
        lines += [pair.measure.title, f"  {w.COMPARE_BEFORE}: {before}"]
        lines.append(f"  {w.COMPARE_AFTER}: {after}")
        if pair.too_few and pair.measure.key not in PLAIN_COUNTS:
            lines.append(f"  {w.COMPARE_TOO_FEW}")
    return "\n".join(lines)
