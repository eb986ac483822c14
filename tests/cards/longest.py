"""The most that anyone may write, everywhere at once, in Arabic: two bytes a letter."""

from __future__ import annotations

import datetime as dt
from itertools import cycle, islice

from bot.configuration import load
from bot.domain import commands as cmd
from bot.domain.events import Action
from bot.domain.intake import TEXT_LIMITS, Child, Intake
from bot.domain.vocabulary import (
    LIMIT_FEEDBACK,
    LIMIT_LINE,
    LIMIT_MESSAGE,
    LIMIT_RATIONALE,
    LIMIT_RELEVANT,
    MAX_ACTIONS,
    MAX_CHILDREN,
    TO_FOLLOW,
)
from tests.cards.on_record import at
from tests.cards.referrals import contribution, submitted
from tests.cards.righted import Pair, merge
from tests.cards.story import Story, World, intake, with_sixty_people

LIMITS = {
    **TEXT_LIMITS,
    "relevant": LIMIT_RELEVANT,
    "strengths": LIMIT_LINE,
    "worries": LIMIT_LINE,
    "suggests": LIMIT_LINE,
    "message": LIMIT_MESSAGE,
    "lead_note": 300,
    "agreed_note": 300,
    "words": 300,
    "strategy_why": 300,
    "family_view": 250,
    "next_step": 250,
    "rationale": LIMIT_RATIONALE,
    "feedback": LIMIT_FEEDBACK,
    "feedback_asked": LIMIT_FEEDBACK,
    "rationale_again": LIMIT_RATIONALE,
    "disagreement": LIMIT_RELEVANT,
    "corrected_line": LIMIT_RELEVANT,
    "filed_fact": LIMIT_MESSAGE,
    "filed_view": LIMIT_MESSAGE,
    "filed_decision": LIMIT_MESSAGE,
    "filed_there": LIMIT_MESSAGE,
    "revised": LIMIT_MESSAGE,
    "text": LIMIT_RELEVANT,
    "strategy_why_not": 300,
    "second_call": TEXT_LIMITS["seen_heard"],
    "rang_by_name": 60,
    "author_name": 60,
    "owner_name": 60,
    "taken_by": 60,
    "accepted_by": 60,
    "where_recorded": 60,
    "mosaic": 20,
    "identifier": 30,
}
"""Characters a field takes; any other takes a line."""

_WORDS = "قالت الطفلة للمعلمة إنها جاءت إلى المدرسة من دون فطور وإن أمها متعبة منذ أسابيع "
MESSAGES = 40
WATCHERS = tuple(f"29:1{n:085d}" for n in range(60))


def at_length(field: str, words: str) -> str:
    return "".join(islice(cycle(_WORDS), LIMITS.get(field, LIMIT_LINE)))


def world() -> World:
    return World(with_sixty_people(load()), at_length, watchers=WATCHERS)


def eight_children(w: World, **changes: object) -> Intake:
    children = tuple(Child(f"99001{n:02d}", "10_to_15") for n in range(1, MAX_CHILDREN))
    return intake(
        w.say,
        children=(*children, Child(TO_FOLLOW, "under_1")),
        needs=("daily_care", "emotional", "parent_help", "home"),
        safe_now="not_sure",
        earlier="yes",
        **changes,
    )


def briefed(w: World) -> Story:
    """Nobody leads yet, and whether the family know is still owed."""
    return submitted(w, 9, eight_children(w, told_family="", told_family_reason=""))


def talked_out(w: World) -> Story:
    """8 children, a line from each of 10 agencies and 40 messages."""
    say = w.say
    story = submitted(w, 9, eight_children(w))
    story.does("sw-1", 5, cmd.ClaimLead(say("lead_note", "")))
    story.does("sw-1", 6, cmd.FlagImmediate(say("flag_note", "")), cmd.NotifyAssessment())
    story.does("pol-1", 19, contribution(say, "police"))
    for agency in w.partnership.agencies:
        if agency.code != "police":
            story.does("sw-1", 20, contribution(say, agency.code, source="room"))
    for n in range(MESSAGES):
        story.does("pol-1", 30, cmd.AddMessage(f"{n:02}" + say("message", "")[2:]))
    return story


def planned(w: World) -> Story:
    say = w.say
    agencies = [a.code for a in w.partnership.agencies]
    rows = tuple(
        Action(
            say("action", ""),
            "daily_care",
            "",
            say("owner_name", ""),
            agencies[n],
            dt.date(2026, 11, 26 + n % 4),
        )
        for n in range(MAX_ACTIONS)
    )
    plan = cmd.SavePlan(rows, say("next_step", ""), say("family_view", ""))
    why = cmd.ConsiderStrategy(True, say("strategy_why", ""))
    return talked_out(w).does("sw-1", 60, plan, why)


def picked(w: World) -> Story:
    different = tuple((f"99001{n:02d}", "ehu") for n in range(1, MAX_CHILDREN))
    pick = cmd.ProposeOutcome("social_care", w.say("rationale", ""), different)
    return planned(w).does("sw-1", 64, pick)


def agreed(w: World) -> Story:
    say = w.say
    held = cmd.RecordStrategyHeld(
        tuple(a.code for a in w.partnership.agencies), say("also", ""), say("where_recorded", "")
    )
    note = cmd.EndorseOutcome(say("agreed_note", ""))
    return picked(w).does("mgr-1", 70, note, held)


def fed_back(w: World) -> Story:
    taken = cmd.AcknowledgeAssessment(w.say("taken_by", ""))
    sent = cmd.SendFeedback("phone", w.say("feedback", ""))
    return agreed(w).does("sw-1", 100, taken, sent)


def put_right(w: World) -> Story:
    """Every answer changed, a second caller, four who do not agree, three outcomes before."""
    say = w.say
    changed = {name: say(name, "")[1:] for name in TEXT_LIMITS}
    story = fed_back(w)
    story.does("sw-1", 101, cmd.AmendIntake(changed, say("amend_reason", "")))
    second = submitted(w, 10, eight_children(w))
    second.does("pol-1", 102, contribution(say, "police"))
    story = merge(Pair(story, second), 103).first
    for who in ("pol-1", "hlt-1", "edu-1", "hou-1"):
        story.does(who, 104, cmd.RecordDisagreement(say("disagreement", "")))
        story.does(who, 104, cmd.RecordPoliceContact("", say("rang_by_name", ""), at(20)))
    for minutes, code in ((110, "ehu"), (111, "social_care"), (112, "immediate")):
        why = say("correct_reason", "")
        right = cmd.CorrectOutcome(why, code, say("rationale_again", ""))
        story.does("mgr-1", minutes, right)
        story.does("sw-1", minutes, cmd.EndorseOutcome(say("agreed_note", "")))
    offer = cmd.OfferLead("mgr-1", say("offer_reason", ""))
    return story.does("sw-1", 114, offer)
