"""Figures by asking: which period, which split, and how exactly this person may see them here."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain.breakdown import BY, breakdown_of
from bot.domain.decision import refused
from bot.domain.measures import Report
from bot.domain.periods import TEST, Period, current_test, read_period, test_period, week_of
from bot.teams.answering import log_refusal
from bot.teams.press import Origin, Press, Reply, SayWords, ShowCard, ShowDialog, Turn
from bot.teams.who_may import EXACT
from cards import wording as w
from cards.all_figures import all_figures_card
from cards.breakdown import breakdown_card
from cards.comparison import comparison_card
from cards.figure_words import Hide
from cards.stats import stats_card

_SETTLED_WITHIN_S = 2.0
"""What was just pressed is counted by then, however slow Teams is."""
_COMPARE = re.compile(r"compare\b.*\bbefore\b.*")
_BY = re.compile(rf"\bby (?:the )?({'|'.join(BY)})\b")
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)_([a-z_]{0,20})")
_ASKS_FOR_A_PERIOD = re.compile(r"(?:for )?(?:\d|last\b|next\b|this\b|week\b|yesterday\b|by\b)")
"""In a thread, 'stats' before anything else is somebody's words for the record."""


def is_question(words: str, turn: Turn, *, in_thread: bool) -> bool:
    """Whether these words ask for figures."""
    if _COMPARE.fullmatch(words):
        return True
    if words != "stats" and not words.startswith("stats "):
        return False
    asked = words.removeprefix("stats").strip()
    if not in_thread or _ASKS_FOR_A_PERIOD.match(asked):
        return True
    return read_period(_BY.sub("", asked), _today(turn), turn.desk.partnership) is not None


def _today(turn: Turn) -> dt.date:
    return turn.desk.partnership.calendar.day_of(turn.desk.clock.now())


def exact_here(turn: Turn) -> bool:
    """Exact figures are for managers in their own chat: small ones could point to a family."""
    return turn.inbound.personal and turn.person.role in EXACT


def _hide(turn: Turn) -> Hide:
    return Hide.NOTHING if exact_here(turn) else Hide.AT_DESK


async def answer(turn: Turn, words: str) -> Reply:
    """A question typed to the bot."""
    if _COMPARE.fullmatch(words):
        return await _comparison(turn)
    asked = words.removeprefix("stats").strip()
    split = _BY.search(asked)
    period = read_period(_BY.sub("", asked), _today(turn), turn.desk.partnership)
    if period is None:
        return SayWords(w.S_BAD_DATE.format(text=asked[:40]))
    if words := may_not_see(turn, period):
        return SayWords(words)
    if split:
        return ShowCard(await _split(turn, period, split[1]))
    return ShowCard(await _week(turn, period))


async def report_on(turn: Turn, period: Period) -> Report:
    await turn.desk.outbox.mostly_quiet(_SETTLED_WITHIN_S)
    return await turn.desk.stats.report(period)


async def _week(turn: Turn, period: Period) -> dict[str, object]:
    exact = exact_here(turn)
    report = await report_on(turn, period)
    links = await turn.desk.renderer.late_links(report) if exact else {}
    view = await turn.view(None)
    return stats_card(report, view, hide=_hide(turn), links=links, may_download=exact)


async def _split(turn: Turn, period: Period, by: str) -> dict[str, object]:
    report = await report_on(turn, period)
    found = breakdown_of(report.facts, by)
    return breakdown_card(found, report, await turn.view(None), hide=_hide(turn))


async def _comparison(turn: Turn) -> Reply:
    if not exact_here(turn):
        return SayWords(w.COMPARE_IN_CHAT)
    period = current_test(turn.desk.partnership, _today(turn))
    if period is None:
        return SayWords(w.COMPARE_NO_TEST)
    await turn.desk.outbox.mostly_quiet(_SETTLED_WITHIN_S)
    found = await turn.desk.stats.comparison(period)
    return ShowCard(comparison_card(found, await turn.view(None)))


def period_pressed(turn: Turn, press: Press) -> Period | None:
    """The period a button carries; None where it is none of ours."""
    return period_named(turn, press.get("period", 50))


def period_named(turn: Turn, text: str) -> Period | None:
    """As `period_data` writes it: a whole week, or a test that is set up. Other days, set beside
    their week, would tell its small numbers.
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    try:
        first, last = dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])
    except ValueError:
        return None
    p = turn.desk.partnership
    period = test_period(p, found[3]) if found[3] else week_of(first)
    return period if period and (period.first, period.last) == (first, last) else None


def may_not_see(turn: Turn, period: Period) -> str:
    """Why this period is not shown here; empty where it is. A test beside its weeks would tell."""
    return w.S_TEST_IN_CHAT if period.kind == TEST and not exact_here(turn) else ""


async def pressed(turn: Turn, press: Press) -> Reply:
    """All figures, one split, or back to the words."""
    period = period_pressed(turn, press)
    if period is None or (press.verb == "stats.by" and press.get("by", 20) not in BY):
        no = refused("malformed")
        await log_refusal(turn, press, no)
        return SayWords(await turn.say(no))
    if words := may_not_see(turn, period):
        return SayWords(words)
    return _shown(press, await _drawn(turn, press, period))


async def _drawn(turn: Turn, press: Press, period: Period) -> dict[str, object]:
    if press.verb == "stats.by":
        return await _split(turn, period, press.get("by", 20))
    if press.verb == "stats.all":
        report = await report_on(turn, period)
        return all_figures_card(report, await turn.view(None), hide=_hide(turn))
    return await _week(turn, period)


def _shown(press: Press, drawn: dict[str, object]) -> Reply:
    return ShowDialog(w.B_ALL_FIGURES, drawn) if press.origin is Origin.DIALOG else ShowCard(drawn)
