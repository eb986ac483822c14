"""The gallery's figures: the week, all of them, each split, before and after, and what is asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain.baseline import BaselineRow
from bot.domain.baseline_figures import compare
from bot.domain.breakdown import BY, breakdown_of
from bot.domain.call_figures import call_figures
from bot.domain.calls import Call, CallOutcome
from bot.domain.counting import Material
from bot.domain.figures import figures_of
from bot.domain.measures import Report, report_of
from bot.domain.periods import current_test, week_of
from bot.domain.plan_quality import PlanScore
from bot.domain.tallies import PulseTally, SurveyTally
from cards import all_figures, asking, breakdown, comparison, stats
from cards.figure_words import Hide
from tests.cards import referrals as tell
from tests.cards.exhibit import LATER, Gallery
from tests.cards.story import START, Story, World

DAY = START.date()


def pulses() -> tuple[PulseTally, ...]:
    """Four replies, which are not shown alone, then twelve and thirteen."""
    found = []
    for n, replies in enumerate((4, 12, 13)):
        tally = PulseTally(DAY + dt.timedelta(days=n), on_roll=14)
        for r in range(replies):
            tally = tally.with_answers((5, 4, 3 + r % 3, 4), "Quicker than email" * (r == 1))
        found.append(tally)
    return tuple(found)


def surveys() -> tuple[SurveyTally, ...]:
    asked = SurveyTally("2026-W48", "first_test", "professional")
    for answers in ((5, 4, 4), (4, 4, None), (2, 3, 5), (None, None, None), (5, 5, 5)):
        asked = asked.with_answers(answers)
    form = replace(asked, test="", asked=0, comments=("Thank you for ringing back.",))
    return asked, form


def calls() -> list[Call]:
    found = []
    for n in range(24):
        lost = n % 7 == 3
        at = START + dt.timedelta(minutes=11 * n)
        outcome = CallOutcome.ABANDONED if lost else CallOutcome.ANSWERED
        wait = None if n == 5 else 9.0 * n
        found.append(Call(f"c{n}", at, "mash", outcome, wait, None, f"id-{n}" if lost else ""))
    return found


def material(world: World, stories: list[Story], days: int = 3, *, full: bool = False) -> Material:
    p = world.partnership
    rows = tuple(replace(figures_of(s.referral, p), case_id=f"{n}") for n, s in enumerate(stories))
    period = week_of(p.calendar.day_of(START))
    found = Material(period, START + dt.timedelta(days=days), rows)
    if not full:
        return found
    phone = call_figures(
        calls(),
        [],
        [r.received_at for r in rows],
        first_day=period.first,
        last_day=period.last,
        target_s=60,
        calendar=p.calendar,
    )
    return replace(found, surveys=surveys(), pulses=pulses(), calls=phone)


def week(world: World, stories: list[Story], *, full: bool = False) -> Report:
    return report_of(material(world, stories, full=full), world.partnership)


def before(world: World) -> list[BaselineRow]:
    """Two referrals on each of the same weekdays in the four weeks before, and one on a Monday."""
    calendar = world.partnership.calendar
    rows = []
    for n in range(24):
        day = DAY - dt.timedelta(days=7 * (1 + n % 4) - n % 3)
        at = calendar.instant(day, dt.time(11, n))
        rows.append(
            BaselineRow(
                *(f"before-{n}", day, at, 1 + n % 3, "North", "school", "ehu", "early_help"),
                *(at + dt.timedelta(hours=20 + n), n == 5, at + dt.timedelta(hours=1)),
                *(None, None, n % 5 == 0),
                *(PlanScore(1, 1, 0, 1, 1), n % 3),
            )
        )
    monday = DAY - dt.timedelta(days=8)
    return [*rows, replace(rows[0], key="monday", received_on=monday, received_at=None)]


def _weeks(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    many = [
        *(tell.closed(world) for _ in range(7)),
        tell.strategy_held(world),
        tell.taken(world),
        tell.flagged(world),
        tell.handed_over(world),
        tell.briefed(world),
    ]
    busy, running = week(world, many, full=True), world.view("mgr-1", minutes=60 * 72)
    over = world.view("mgr-1", minutes=60 * 24 * 7)
    links = {ref: f"https://teams.microsoft.com/l/message/19/{ref}" for ref in busy.late}
    week_card, whole = stats.stats_card, all_figures.all_figures_card
    add("stats-exact", week_card, busy, running, hide=Hide.NOTHING, links=links, may_download=True)
    add("stats-suppressed", week_card, busy, running, hide=Hide.AT_DESK)
    add("stats-few", week_card, week(world, many[6:9]), over, hide=Hide.AT_DESK)
    add("stats-empty", week_card, week(world, []), running, hide=Hide.NOTHING)
    for name, hidden in (("exact", Hide.NOTHING), ("suppressed", Hide.AT_DESK)):
        add(f"stats-all-{name}", whole, busy, running, hide=hidden)
        for by in BY:
            split = breakdown_of(busy.facts, by)
            card = breakdown.breakdown_card
            add(f"stats-by-{by}-{name}", card, split, busy, running, hide=hidden)
    add("stats-all-empty", whole, week(world, []), running, hide=Hide.NOTHING)


def _before_and_after(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("mgr-1", minutes=60 * 72)
    period = current_test(world.partnership, DAY)
    assert period is not None
    rows = [tell.closed(world), tell.strategy_held(world), tell.briefed(world)]
    after = replace(material(world, rows, full=True), period=period)
    report = report_of(after, world.partnership)
    draw = comparison.comparison_card
    found = compare(before(world), surveys()[1:], report, world.partnership)
    add("compare", draw, found, view)
    add("compare-nothing", draw, compare([], [], report, world.partnership), view)


def _asked(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("eh-1", minutes=LATER)
    for dialog in (False, True):
        kind = "dialog" if dialog else "chat"
        for so_far in ("", "545", "5454"):
            name = f"pulse-{kind}-{len(so_far)}"
            add(name, asking.pulse_card, DAY, so_far, dialog=dialog)
    mentions = [("Helen C.", "8:orgid:helen")]
    add("pulse-channel", asking.pulse_channel_card, DAY, "<at>Helen C.</at>", mentions)
    told = tell.fed_back(world).referral
    form = replace(view.partnership, survey_form_url="https://forms.example/riverside")
    with_form = replace(view, partnership=form)
    for caller in told.callers[:1]:
        add("survey-first", asking.survey_dialog, told, view, caller, "")
        add("survey-first-form", asking.survey_dialog, told, with_form, caller, "")
        add("survey-last", asking.survey_dialog, told, view, caller, "5-")
        add("survey-comment", asking.survey_comment_dialog, told, caller)


ROOMS = (_weeks, _before_and_after, _asked)
