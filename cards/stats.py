"""The week in words, and a chart of the same figures. Small numbers are hidden where others see."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.measures import Week
from cards import wording as w
from cards.context import View
from cards.kit import Json, card, facts, heading, small, text

_FEW = 5


def _half_up(value: float) -> int:
    """Rounds half up: 78.5 minutes is 79."""
    return int(value + 0.5)


def exact(n: int) -> str:
    return str(n)


def hidden_if_small(n: int) -> str:
    """Counts of 1 to 5 could point to a family; 0 says nothing about anyone."""
    return w.S_HIDDEN if 0 < n <= _FEW else str(n)


def week_lines(
    week: Week, view: View, *, suppress: bool, links: Mapping[str, str] | None = None
) -> list[str]:
    """One sentence a measure, each with its denominator.

    Where others may see (`suppress`), totals and outcomes stay exact, because people there can
    count the cards; everything else under 6 is hidden.
    """
    if not week.referrals:
        return [w.S_NONE]
    show = hidden_if_small if suppress else exact
    lines = [
        w.S_REFERRALS.format(
            referrals=w.count(week.referrals, "referral"),
            children=w.count(week.children, "child", "children"),
        ),
        _decided(week, view),
    ]
    if week.handed_over:
        lines.append(w.S_HANDED_OVER.format(n=show(week.handed_over)))
    lines.append(_typical(week, suppress=suppress))
    lines.append(_immediate(week, suppress=suppress))
    lines += [
        _ratio(w.S_DECISION_TIME, week.decisions_in_time, week, suppress=suppress),
        _ratio(w.S_FEEDBACK_TIME, week.feedback_in_time, week, suppress=suppress),
        _plans(week, suppress=suppress),
        w.S_OPEN.format(n=show(week.open_now)),
    ]
    if week.late and not suppress:
        lines.append(w.S_LATE.format(refs=w.join([_linked(r, links or {}) for r in week.late])))
    if suppress:
        lines.append(w.S_SHARED_NOTE)
    return lines


def _linked(reference: str, links: Mapping[str, str]) -> str:
    url = links.get(reference)
    return f"[{reference}]({url})" if url else reference


def _ratio(sentence: str, n: int, week: Week, *, suppress: bool) -> str:
    """With a denominator on show, a small remainder tells as much as a small count."""
    small_part = 0 < n <= _FEW or 0 < week.referrals - n <= _FEW
    shown = w.S_NOT_SHOWN if suppress and small_part else str(n)
    return sentence.format(n=shown, of=week.referrals)


def _decided(week: Week, view: View) -> str:
    if not week.decided:
        return w.S_DECIDED_NONE
    order = [o.code for o in view.partnership.outcomes]
    codes = sorted(week.by_outcome, key=lambda c: order.index(c) if c in order else 99)
    outcomes = ", ".join(f"{week.by_outcome[c]} {view.outcome_short(c)}" for c in codes)
    sentence = w.S_DECIDED_ALL if week.decided == week.referrals else w.S_DECIDED
    return sentence.format(n=week.decided, of=week.referrals, outcomes=outcomes)


def _typical(week: Week, *, suppress: bool) -> str:
    if (
        week.median_minutes_to_decision is None
        or week.decided < _FEW
        or (suppress and week.decided <= _FEW)
    ):
        shown = w.S_HIDDEN if suppress else str(week.decided)
        return w.S_TYPICAL_FEW.format(n=shown)
    return w.S_TYPICAL.format(minutes=_half_up(week.median_minutes_to_decision))


def _immediate(week: Week, *, suppress: bool) -> str:
    count = len(week.immediate_minutes) + week.immediate_not_taken
    if count == 0:
        return w.S_IMMEDIATE_NONE
    if suppress:
        return w.S_IMMEDIATE_COUNT.format(n=hidden_if_small(count))
    taken = [str(_half_up(m)) for m in week.immediate_minutes]
    parts = []
    if len(taken) == 1:
        parts.append(w.S_IMMEDIATE_ONE.format(minutes=taken[0]))
    elif taken:
        parts.append(w.S_IMMEDIATE_MANY.format(minutes=w.join(taken), n=len(taken)))
    if week.immediate_not_taken:
        parts.append(w.S_IMMEDIATE_NOT_TAKEN.format(n=week.immediate_not_taken))
    return " ".join(parts)


def _plans(week: Week, *, suppress: bool) -> str:
    if not week.action_plans or week.median_plan_score is None:
        return w.S_PLANS_NONE
    if suppress:
        return w.S_PLANS_COUNT.format(n=hidden_if_small(week.action_plans))
    if week.action_plans < _FEW:
        return w.S_PLANS_FEW.format(n=week.action_plans)
    score = f"{week.median_plan_score:g}"
    return w.S_PLANS.format(n=week.action_plans, score=score)


def week_title(week: Week) -> str:
    return w.S_HEAD.format(first=w.day_words(week.first_day), last=w.day_words(week.last_day))


def stats_card(
    week: Week, view: View, *, suppress: bool, links: Mapping[str, str] | None = None
) -> Json:
    """Words first; the chart says the same in bars."""
    lines = week_lines(week, view, suppress=suppress, links=links)
    as_at = w.S_AS_AT.format(time=view.when(week.as_at))
    running = view.day() <= week.last_day
    return card(
        [
            heading(week_title(week)),
            small(f"{as_at} {w.S_RUNNING if running else ''}".strip()),
            *[text(line, spacing="Small") for line in lines],
            _chart(week, view) if week.decided else None,
            small(w.S_SMALL) if week.referrals else None,
        ]
    )


def _chart(week: Week, view: View) -> Json:
    """Totals and outcomes are exact everywhere: people in the channel can count the cards."""
    pairs = [(w.first_upper(view.outcome_short(c)), n) for c, n in week.by_outcome.items()]
    return {
        "type": "Chart.HorizontalBar",
        "title": w.S_CHART,
        "xAxisTitle": w.S_CHART_COUNT,
        "data": [{"x": name, "y": n} for name, n in pairs],
        "fallback": facts((name, str(n)) for name, n in pairs),
    }
