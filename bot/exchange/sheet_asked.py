"""What callers and the duty team answered, in counts."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.counting import half_up
from bot.domain.measures import Report
from bot.domain.suppression import Shown, suppress
from bot.domain.tallies import (
    PULSE_QUESTIONS,
    SURVEY_QUESTIONS,
    PulseTally,
    SurveyTally,
    agreeing,
    hidden_days,
)
from bot.exchange.sheet import Cell, Sheet
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide, shown_cell


def hidden_or_number(counts: list[int]) -> list[Cell]:
    """One column of a table that others see: its numbers, or why there is none."""
    table = suppress([[n] for n in counts], row_totals=False, column_totals=False)
    if table.told_by_total:
        return [w.S_NOT_SHOWN for _ in counts]
    return [c.n if c.shown is Shown.EXACT else shown_cell(c) for (c,) in table.cells]


def team(report: Report, view: View, hide: Hide) -> Sheet | None:
    """A line a day with enough replies; not for others."""
    pulses = report.facts.material.pulses
    hidden = hidden_days(pulses)
    replied = [d for d in pulses if d.replies]
    days = [d for d in replied if d.day not in hidden]
    if not replied or hide:
        return None
    notes = [w.FILE_TEAM_NOTE] if days else [w.FILE_TEAM_FEW]
    if hidden:
        notes.append(w.TEAM_DAYS_HIDDEN.format(n=w.count(len(hidden), "day")))
    name, heads = w.FILE_SHEETS["team"], w.FILE_TEAM_HEADS
    asked = tuple(w.FILE_TEAM_AGREE.format(question=q) for q in w.PULSE_QUESTIONS)
    return Sheet(name, (*heads, *asked), tuple(map(_team_day, days)), tuple(notes))


def _team_day(day: PulseTally) -> tuple[Cell, ...]:
    agreed = (half_up(100 * agreeing(day.counts[q]) / day.replies) for q in range(PULSE_QUESTIONS))
    return (day.day, day.replies, day.on_roll, *agreed)


def callers(report: Report, view: View, hide: Hide) -> Sheet | None:
    """By test with the answers; by who answered only how many, small numbers hidden from everybody:
    a group of one is a caller.
    """
    tallies = [t for t in report.facts.material.surveys if t.asked + t.replied]
    if not tallies:
        return None
    name, notes = w.FILE_SHEETS["callers"], (w.FILE_CALLER_NOTE,)
    test, group, asked, replied = w.FILE_CALLER_HEADS
    by_group = _by(tallies, lambda t: t.group)
    shown = hidden_or_number([sum(t.replied for t in g) for g in by_group.values()])
    groups = [
        (w.FILE_SURVEY_GROUPS.get(code, code), n) for code, n in zip(by_group, shown, strict=True)
    ]
    if hide:
        return Sheet(name, (group, replied), tuple(groups), notes)
    agree = [
        head
        for question in w.SURVEY_QUESTIONS
        for head in (w.FILE_CALLER_AGREE.format(question=question), w.FILE_CALLER_ANSWERED)
    ]
    tests = _by(tallies, lambda t: t.test)
    rows: list[tuple[Cell, ...]] = [
        (w.TESTS.get(code, w.FILE_NO_TEST), w.SPLIT_TOTAL, *_answers(g))
        for code, g in tests.items()
    ]
    empty = (None,) * len(agree)
    rows += [(w.SPLIT_TOTAL, label, None, n, *empty) for label, n in groups]
    return Sheet(name, (test, group, asked, replied, *agree), tuple(rows), notes)


def _by(
    tallies: list[SurveyTally], code_of: Callable[[SurveyTally], str]
) -> dict[str, list[SurveyTally]]:
    found: dict[str, list[SurveyTally]] = {}
    for tally in sorted(tallies, key=code_of):
        found.setdefault(code_of(tally), []).append(tally)
    return found


def _answers(tallies: list[SurveyTally]) -> tuple[Cell, ...]:
    cells: list[Cell] = [sum(t.asked for t in tallies), sum(t.replied for t in tallies)]
    for q in range(SURVEY_QUESTIONS):
        cells.append(sum(agreeing(t.counts[q]) for t in tallies))
        cells.append(sum(sum(t.counts[q]) for t in tallies))
    return tuple(cells)
