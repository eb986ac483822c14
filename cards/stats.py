"""The week in words, and a chart of the same. Each line says what it counts when it is pressed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.counting import LEAST_FOR_AVERAGE, half_up
from bot.domain.measures import BY_KEY, Report
from bot.domain.periods import TEST, Period
from bot.domain.suppression import is_few
from cards import wording as w
from cards.context import View
from cards.figure_words import Hide, definition_text, is_hidden, parts_of, shown_count
from cards.kit import Json, actions, box, card, execute, facts, heading, small, text

Line = tuple[str, str]
"""(key of the measure it is about, sentence)."""


def lines_of(
    report: Report, view: View, *, hide: Hide, links: Mapping[str, str] | None = None
) -> list[Line]:
    """One sentence a measure, each with its denominator. Where others may see (`hide`), totals
    and outcomes stay exact, because people there can count the cards.
    """
    extra = [*_survey(report, hide=hide), *_team(report, hide=hide)]
    phone = _phone(report, hide=hide)
    if not report["referrals"].n:
        return [("referrals", w.S_NONE), *extra, *phone]
    lines = [
        ("referrals", _referrals(report)),
        ("by_outcome", _decided(report, view)),
        *_handed_over(report, hide=hide),
        ("decision_minutes", _typical(report, hide=hide)),
        ("assessment_minutes", _immediate(report, hide=hide)),
        ("decision_in_time", _ratio(w.S_DECISION_TIME, "decision_in_time", report, hide)),
        ("feedback_in_time", _ratio(w.S_FEEDBACK_TIME, "feedback_in_time", report, hide)),
        ("plan_score", _plans(report, hide=hide)),
        *extra,
        *phone,
        ("open", w.S_OPEN.format(n=_counted("open", report, hide))),
    ]
    if report.late and not hide:
        late = [_linked(r, links or {}) for r in report.late]
        lines.append(("open", w.S_LATE.format(refs=w.join(late))))
    return lines


def _linked(reference: str, links: Mapping[str, str]) -> str:
    url = links.get(reference)
    return f"[{reference}]({url})" if url else reference


def _referrals(report: Report) -> str:
    return w.S_REFERRALS.format(
        referrals=w.count(report["referrals"].n, "referral"),
        children=w.count(report["children"].n, "child", "children"),
    )


def _ratio(sentence: str, key: str, report: Report, hide: Hide) -> str:
    """With a denominator on show, a small remainder tells as much as a small count."""
    result = report[key]
    hidden = is_hidden(BY_KEY[key], result, hide=hide)
    return sentence.format(n=w.S_NOT_SHOWN if hidden else result.n, of=result.of)


def _counted(key: str, report: Report, hide: Hide) -> str:
    """How many, or why not."""
    result = report[key]
    if not is_hidden(BY_KEY[key], result, hide=hide):
        return f"{result.n:,}"
    return w.S_HIDDEN if result.of is None and is_few(result.n) else w.S_NOT_SHOWN


def _decided(report: Report, view: View) -> str:
    decided = report["decided"]
    if not decided.n:
        return w.S_DECIDED_NONE
    outcomes = ", ".join(
        f"{n} {view.outcome_short(code)}" for code, n in report["by_outcome"].parts
    )
    sentence = w.S_DECIDED_ALL if decided.n == decided.of else w.S_DECIDED
    return sentence.format(n=decided.n, of=decided.of, outcomes=outcomes)


def _handed_over(report: Report, *, hide: Hide) -> list[Line]:
    """Where it may not be shown, nothing says whether there was one."""
    result = report["handed_over"]
    if not result.n or is_hidden(BY_KEY["handed_over"], result, hide=hide):
        return []
    return [("handed_over", w.S_HANDED_OVER.format(n=result.n))]


def _typical(report: Report, *, hide: Hide) -> str:
    times = report["decision_minutes"]
    hidden = is_hidden(BY_KEY["decision_minutes"], times, hide=hide)
    if times.median is None or hidden:
        return w.S_TYPICAL_FEW.format(n=shown_count(times.n, hide=hide))
    words = w.S_TYPICAL.format(minutes=half_up(times.median))
    if times.p90 is not None:
        words += " " + w.S_TYPICAL_P90.format(minutes=half_up(times.p90))
    return words


def _immediate(report: Report, *, hide: Hide) -> str:
    count, times = report["immediate"].n, report["assessment_minutes"]
    if count == 0:
        return w.S_IMMEDIATE_NONE
    if hide:
        return w.S_IMMEDIATE_COUNT.format(n=_counted("immediate", report, hide))
    parts = []
    taken = [str(half_up(m)) for m in times.values]
    if times.median is not None:
        parts.append(w.S_IMMEDIATE_TYPICAL.format(minutes=half_up(times.median), n=times.n))
    elif len(taken) == 1:
        parts.append(w.S_IMMEDIATE_ONE.format(minutes=taken[0]))
    elif taken:
        parts.append(w.S_IMMEDIATE_MANY.format(minutes=w.join(taken), n=len(taken)))
    if times.missing:
        parts.append(w.S_IMMEDIATE_NOT_TAKEN.format(n=times.missing))
    return " ".join(parts)


def _plans(report: Report, *, hide: Hide) -> str:
    plans, score = report["plans"], report["plan_score"]
    if not plans.n:
        return w.S_PLANS_NONE
    if hide:
        return w.S_PLANS_COUNT.format(n=_counted("plans", report, hide))
    if score.median is None:
        return w.S_PLANS_FEW.format(n=plans.n)
    return w.S_PLANS.format(n=plans.n, score=f"{score.median:g}")


def _survey(report: Report, *, hide: Hide) -> list[Line]:
    asked, satisfied = report["survey_replies"].of, report["satisfied"]
    if not asked and not satisfied.of:
        return []
    words = w.S_SURVEY.format(
        replied=shown_count(satisfied.of or 0, hide=hide),
        satisfied=w.S_NOT_SHOWN
        if is_hidden(BY_KEY["satisfied"], satisfied, hide=hide)
        else satisfied.n,
    )
    return [("satisfied", words)]


def _team(report: Report, *, hide: Hide) -> list[Line]:
    """A team of fewer than five replies all week says nothing: one could be known by its answer."""
    replies, quicker = report["pulse_replies"].n, report["quicker"]
    if not replies:
        return []
    if replies < LEAST_FOR_AVERAGE or is_hidden(BY_KEY["quicker"], quicker, hide=hide):
        shown = shown_count(replies, hide=True)
        return [("pulse_replies", w.S_TEAM_FEW.format(n=shown))]
    percent = half_up(quicker.percent or 0)
    return [("quicker", w.S_TEAM.format(n=replies, percent=percent))]


def _phone(report: Report, *, hide: Hide) -> list[Line]:
    answered, given_up = report["calls_answered"], report["calls_abandoned"]
    if not answered.of:
        return []
    hidden = is_hidden(BY_KEY["calls_abandoned"], given_up, hide=hide)
    words = w.S_PHONE.format(
        offered=shown_count(answered.of, hide=hide),
        given_up=w.S_NOT_SHOWN if hidden else given_up.n,
    )
    return [("calls_answered", words)]


def period_title(period: Period) -> str:
    days = w.S_HEAD.format(first=w.day_words(period.first), last=w.day_words(period.last))
    if period.kind == TEST or period.test:
        return w.S_TEST_HEAD.format(test=w.TESTS[period.test], days=days)
    return days


def as_at_words(report: Report, view: View) -> str:
    as_at = w.S_AS_AT.format(time=view.when(report.as_at))
    running = view.partnership.calendar.day_of(report.as_at) <= report.period.last
    return f"{as_at} {w.S_RUNNING if running else ''}".strip()


def period_data(period: Period) -> dict[str, str]:
    """What a button carries to ask about the same period again."""
    return {"period": f"{period.first}_{period.last}_{period.test}"}


def stats_card(
    report: Report,
    view: View,
    *,
    hide: Hide,
    links: Mapping[str, str] | None = None,
    may_download: bool = False,
) -> Json:
    """Words first; the chart says the same in bars."""
    lines = lines_of(report, view, hide=hide, links=links)
    data = period_data(report.period)
    body: list[Json | None] = [
        heading(period_title(report.period)),
        small(as_at_words(report, view)),
    ]
    for n, (key, sentence) in enumerate(lines):
        body += defined(text(sentence), key, f"{n}")
    shown = report["referrals"].n
    return card(
        [
            *body,
            _chart(report, view) if report["decided"].n else None,
            small(w.S_PRESS) if shown else None,
            small(w.S_SMALL) if shown else None,
            small(w.S_SHARED_NOTE) if shown and hide else None,
            actions(
                execute(w.B_ALL_FIGURES, "stats.all", data),
                execute(w.B_DOWNLOAD, "stats.download", data) if may_download else None,
            ),
        ]
    )


def defined(item: Json, key: str, where: str) -> list[Json | None]:
    """A figure that says what it counts when it is pressed."""
    target = f"def-{where}-{key}"
    words = small(definition_text(BY_KEY[key]), id=target, isVisible=False, spacing="None")
    press = {
        "type": "Action.ToggleVisibility",
        "title": w.B_WHAT_COUNTS,
        "tooltip": w.B_WHAT_COUNTS,
        "targetElements": [target],
    }
    return [box([item], spacing="Small", selectAction=press), words]


def _chart(report: Report, view: View) -> Json:
    """Outcomes are exact everywhere: people in the channel can count the cards."""
    found = report["by_outcome"]
    shown = parts_of(BY_KEY["by_outcome"], found, view, hide=Hide.AT_DESK).shown
    return {
        "type": "Chart.HorizontalBar",
        "title": w.S_CHART,
        "xAxisTitle": w.S_CHART_COUNT,
        "data": [{"x": name, "y": n} for name, _, n in shown],
        "fallback": facts((name, words) for name, words, _ in shown),
    }
