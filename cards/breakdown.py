"""The same figures split: by who called, the lead's agency, district or day."""

from __future__ import annotations

from bot.domain.breakdown import Breakdown
from bot.domain.counting import half_up
from bot.domain.measures import BY_KEY, Report
from bot.domain.tallies import agreeing, hidden_days
from cards import wording as w
from cards.all_figures import split_buttons
from cards.context import View
from cards.figure_words import Hide, definition_text
from cards.kit import Json, actions, box, card, execute, facts, heading, small, text
from cards.splits import split_lines, split_rows
from cards.stats import as_at_words, period_data, period_title

_COLUMNS = ("referrals", "decided", "decision_in_time", "feedback_in_time", "decision_minutes")


def breakdown_card(found: Breakdown, report: Report, view: View, *, hide: Hide) -> Json:
    period = report.period
    table = split_lines(found, view, hide=hide)
    data = period_data(period)
    return card(
        [
            heading(f"{period_title(period)}: {w.first_lower(w.SPLIT_BY[found.by])}"),
            small(as_at_words(report, view)),
            *_lines(table, found, hide=hide),
            *(_chart(found, view) if not hide else []),
            *(_days_beside(report) if found.by == "day" and not hide else []),
            *_definitions(found, hide),
            small(w.S_SHARED_NOTE) if hide else None,
            split_buttons(data, hide=hide, besides=found.by),
            actions(execute(w.B_BACK, "stats.all", data)),
        ]
    )


def _chart(found: Breakdown, view: View) -> list[Json | None]:
    """Referrals of each line, in bars; one line alone needs none."""
    bars = [(label, s.referrals) for label, s in split_rows(found, view)]
    if len(bars) < 2:
        return []
    return [
        {
            "type": "Chart.HorizontalBar",
            "title": w.SPLIT_HEADS[0],
            "xAxisTitle": w.S_CHART_COUNT,
            "data": [{"x": label, "y": n} for label, n in bars],
            "fallback": facts((label, f"{n:,}") for label, n in bars),
        }
    ]


def _definitions(found: Breakdown, hide: Hide) -> list[Json | None]:
    """What the columns count, when it is pressed."""
    if not found.total.referrals:
        return []
    words = [
        small(f"{BY_KEY[key].title}. {definition_text(BY_KEY[key])}")
        for key in (_COLUMNS[:2] if hide else _COLUMNS)
    ]
    press = {
        "type": "Action.ToggleVisibility",
        "title": w.B_WHAT_COUNTS,
        "tooltip": w.B_WHAT_COUNTS,
        "targetElements": ["definitions"],
    }
    return [
        box([small(w.SPLIT_PRESS)], selectAction=press),
        box(words, id="definitions", isVisible=False),
    ]


def _days_beside(report: Report) -> list[Json | None]:
    return [*_phone_days(report), *_team_days(report)]


def _phone_days(report: Report) -> list[Json | None]:
    """Calls of each day against the referrals taken from them."""
    calls = report.facts.material.calls
    lines: list[Json | None] = [
        text(
            w.PHONE_DAY.format(
                day=w.short_day(day),
                offered=w.count(tally.offered, "call"),
                answered=tally.answered,
                abandoned=tally.abandoned,
                referrals=w.count(tally.referrals, "referral"),
            ),
            spacing="None",
        )
        for day, tally in (calls.by_day if calls else ())
        if tally.offered
    ]
    return [text(w.PHONE_DAYS, weight="Bolder"), *lines] if lines else []


def _team_days(report: Report) -> list[Json | None]:
    """The team's answers of each day that enough people replied on."""
    pulses = report.facts.material.pulses
    hidden = hidden_days(pulses)
    lines: list[Json | None] = []
    for day in pulses:
        if not day.replies or day.day in hidden:
            continue
        lines.append(
            text(
                w.TEAM_DAY.format(
                    day=w.short_day(day.day),
                    n=day.replies,
                    of=day.on_roll,
                    percent=half_up(100 * agreeing(day.counts[2]) / day.replies),
                ),
                spacing="None",
            )
        )
    if hidden:
        lines.append(small(w.TEAM_DAYS_HIDDEN.format(n=w.count(len(hidden), "day"))))
    return [text(w.TEAM_DAYS, weight="Bolder"), *lines] if lines else []


def _lines(table: list[list[str]], found: Breakdown, *, hide: Hide) -> list[Json | None]:
    if not found.total.referrals:
        return [text(w.S_NONE)]
    if not table:
        return [text(w.SPLIT_NOT_HERE)]
    return [_table(table)] if hide else _both_widths(table)


def _both_widths(table: list[list[str]]) -> list[Json | None]:
    """Side by side where there is room; on a phone each line is a few words beneath its name."""
    wide = {**_table(table), "targetWidth": "atLeast:wide"}
    return [wide, box([*map(_narrow, table[1:])], targetWidth="atMost:standard")]


def _narrow(line: list[str]) -> Json | None:
    label, referrals, decided, in_time, told, minutes = line
    counted = w.SPLIT_LINE.format(referrals=referrals, decided=decided)
    times = w.SPLIT_TIMES.format(in_time=in_time, told=told, minutes=minutes)
    words = [small(words, spacing="None") for words in (counted, times)]
    return box([text(label, weight="Bolder"), *words], spacing="Small")


def _table(lines: list[list[str]]) -> Json:
    """The first line is its heading, as Teams takes it to be."""

    def cell(words: str) -> Json:
        return {"type": "TableCell", "items": [text(words)]}

    widths = [{"width": 3 if n == 0 else 2} for n in range(len(lines[0]))]
    return {
        "type": "Table",
        "columns": widths,
        "rows": [{"type": "TableRow", "cells": [cell(c) for c in line]} for line in lines],
    }
