"""Every measure of a period, by section."""

from __future__ import annotations

from itertools import groupby

from bot.domain.measures import MEASURES, Report
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide, value_of
from cards.kit import Json, actions, card, columns, execute, heading, small, text
from cards.splits import SHARED
from cards.stats import as_at_words, defined, period_data, period_title

_OFFERED = ("referrer", "agency", "district", "day")


def all_figures_card(report: Report, view: View, *, hide: Hide) -> Json:
    """What the period has nothing of is left out, by section."""
    body: list[Json | None] = [
        heading(period_title(report.period)),
        small(as_at_words(report, view)),
    ]
    for section, measures in groupby(MEASURES, key=lambda m: m.section):
        shown = [m for m in measures if has_figure(report, m.key)]
        if not shown:
            continue
        body.append(text(section, weight="Bolder", spacing="Medium"))
        for m in shown:
            value = value_of(m, report[m.key], view, hide=hide)
            row = columns(("3", [text(m.title)]), ("4", [text(value)]))
            body += defined(row, m.key, "all")
    data = period_data(report.period)
    return card(
        [
            *body,
            small(w.S_PRESS),
            small(w.S_SHARED_NOTE) if hide else None,
            split_buttons(data, hide=hide),
            actions(execute(w.B_BACK, "stats.week", data)),
        ]
    )


def split_buttons(data: Json, *, hide: Hide, besides: str = "") -> Json | None:
    """Ways to split that this place may see, without the one on show."""
    offered = [by for by in _OFFERED if by != besides and not (hide and by not in SHARED)]
    return actions(*(execute(w.SPLIT_BY[by], "stats.by", {**data, "by": by}) for by in offered))


def has_figure(report: Report, key: str) -> bool:
    """Whether the period has anything of this; the two that open the card are always there."""
    result = report[key]
    return bool(result.n or result.of or result.missing) or key in ("referrals", "children")
