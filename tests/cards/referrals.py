"""Fictional referrals at each point of their way. Each function tells the story so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.domain import commands as cmd
from bot.domain.events import Action, Sharing
from bot.domain.intake import Child, Intake
from bot.domain.vocabulary import TO_FOLLOW
from tests.cards.story import START, Say, Story, World, intake

CHAPTERS = (
    "briefed",
    "in_discussion",
    "outcome_proposed",
    "outcome_agreed",
    "fed_back",
    "closed",
    "handed_over",
)


def submitted(world: World, number: int, answers: Intake, who: str = "masho-1") -> Story:
    story = Story(world, number)
    return story.does(who, 3, cmd.SubmitIntake(answers)).posted(3)


# Late and hungry: a school calls about two children --------------------------------


def briefed(world: World, **changes: object) -> Story:
    return submitted(world, 1, intake(world.say, **changes))


def unfinished(world: World) -> Story:
    """Only what 'Brief now' needs; one Mosaic ID is to follow."""
    answers = intake(
        world.say,
        children=(Child("9900101", "5_to_9"), Child(TO_FOLLOW, "under_1")),
        contact_method="",
        safe_contact="",
        safe_contact_times="",
        told_family="",
        told_family_reason="",
    )
    return submitted(world, 2, answers)


def contribution(
    say: Say, agency: str, known: str = "known", **more: object
) -> cmd.AddContribution:
    told = cmd.AddContribution(
        agency,
        known,
        say("relevant", "Attendance was above 97% last year."),
        say("strengths", "Mum always answers the phone."),
        say("worries", "She is asleep in class most mornings."),
        say("suggests", "A place at breakfast club."),
        sharing=Sharing(
            "shared_in_part", "duty_16la", say("share_why", "One line is about another family.")
        ),
    )
    return replace(told, **more)  # type: ignore[arg-type]


def in_discussion(world: World, **changes: object) -> Story:
    say = world.say
    story = briefed(world, **changes)
    story.does("eh-1", 9, cmd.ClaimLead(say("lead_note", "I know the family from a group.")))
    story.does("edu-1", 12, contribution(say, "education"))
    story.does("hlt-1", 17, cmd.AddMessage(say("message", "The two-year review is overdue.")))
    story.does("pol-1", 20, cmd.AddContribution("police", "not_known", told="phone"))
    on_behalf = contribution(say, "domestic_abuse", "partly_known", source="room")
    return story.does("sw-1", 29, on_behalf).does("hou-1", 31, cmd.AskIdentity())


def actions(say: Say) -> tuple[Action, ...]:
    return (
        Action(
            say("action", "Visit mum at home and agree an early help assessment"),
            "parent_help",
            "eh-1",
            "",
            "early_help",
            dt.date(2026, 11, 26),
        ),
        Action(
            say("action", "Give the older child a breakfast club place from Wednesday"),
            "daily_care",
            "",
            say("owner_name", "Breakfast club lead"),
            "education",
            dt.date(2026, 11, 25),
        ),
    )


def planned(world: World, **changes: object) -> Story:
    say = world.say
    plan = cmd.SavePlan(
        actions(say),
        say("next_step", "Tell mum that Femi will ring her tomorrow morning."),
        say("family_view", "Mum wants help with the mornings."),
    )
    return in_discussion(world, **changes).does("eh-1", 60, plan)


def outcome_proposed(world: World, **changes: object) -> Story:
    why = world.say("rationale", "Mum wants help and the school sees the children every day.")
    return planned(world, **changes).does("eh-1", 66, cmd.ProposeOutcome("ehu", why))


def outcome_agreed(world: World, **changes: object) -> Story:
    note = world.say("agreed_note", "Agreed with the whole team in the room.")
    return outcome_proposed(world, **changes).does("sw-1", 79, cmd.EndorseOutcome(note))


def masho_asked(world: World) -> Story:
    text = world.say("feedback_asked", "Femi will ring mum tomorrow. Please keep breakfast going.")
    return outcome_agreed(world).does("eh-1", 90, cmd.AskMashoToRing(text))


def fed_back(world: World) -> Story:
    text = world.say("feedback", "Thank you for calling. Femi will ring mum tomorrow.")
    return outcome_agreed(world).does("eh-1", 113, cmd.SendFeedback("phone", text))


def feedback_not_possible(world: World) -> Story:
    why = world.say("cannot", "The number the caller gave does not work.")
    return outcome_agreed(world).does("eh-1", 113, cmd.FeedbackCannotBeGiven(why))


def closed(world: World) -> Story:
    note = world.say("notes_note", "Copied to both records.")
    return fed_back(world).does("masho-1", 118, cmd.ConfirmNotes(note=note))


def handed_over(world: World) -> Story:
    say = world.say
    over = cmd.HandOverReferral(
        "edt",
        say("accepted_by", "Jo at the EDT"),
        say("handover_reason", "Mum is home after 17:00."),
    )
    return in_discussion(world).does("sw-1", 70, over)


# A baby at clinic: the door 'Child not safe now' ------------------------------------


def flagged(world: World) -> Story:
    say = world.say
    story = Story(world, 3)
    answers = Intake(
        received_at=START,
        children=(Child(TO_FOLLOW, "under_1"),),
        district="Central",
        child_location="health_setting",
        seen_heard=say(
            "seen_heard", "Baby aged 7 weeks. A bruise of about 1 cm on the left cheek."
        ),
    )
    door = cmd.SubmitIntake(answers, immediate=True)
    return story.does("masho-2", 2, door).posted(2)


def flagged_in_thread(world: World) -> Story:
    """Urgent from the start, flagged by a rep with a note, in a district with no team."""
    flag = cmd.FlagImmediate(world.say("flag_note", "Dad has left with the baby."))
    story = submitted(
        world, 4, intake(world.say, safe_now="not_sure", district="outside", earlier="yes")
    )
    return story.does("hlt-1", 7, flag)


def rung(world: World) -> Story:
    return flagged(world).does("sw-1", 6, cmd.ClaimLead(), cmd.NotifyAssessment())


def taken(world: World) -> Story:
    say = world.say
    answer = cmd.AcknowledgeAssessment(
        say("taken_by", "Helen at Assessment Team B"), say("taken_note", "Going to clinic now.")
    )
    return rung(world).does("sw-1", 14, answer)


def stood_down(world: World) -> Story:
    why = world.say("stand_down_reason", "A doctor saw the baby and knows this mark.")
    return taken(world).does("mgr-1", 40, cmd.StandDownImmediate(why))


# At home during an incident: two outcomes, a strategy discussion --------------------


def strategy_owed(world: World) -> Story:
    """Social care picked for one child; the note on a strategy discussion is still owed."""
    say = world.say
    story = submitted(world, 5, intake(say, safe_now="not_sure", district="South"))
    story.does("sw-1", 8, cmd.ClaimLead())
    story.does("mgr-1", 20, cmd.AddContribution("health", "no_rep_today", source="room"))
    plan = cmd.SavePlan(actions(say), say("next_step", "None today"), say("family_view", ""))
    pick = cmd.ProposeOutcome(
        "social_care",
        say("rationale", "The children saw it, and Mum is not safe at home tonight."),
        (("9900102", "ehu"),),
    )
    return story.does("sw-1", 60, plan, pick)


def strategy_held(world: World) -> Story:
    say = world.say
    needed = cmd.ConsiderStrategy(True, say("strategy_why", "the risk to Mum is high"))
    story = strategy_owed(world).does("mgr-1", 75, cmd.EndorseOutcome(strategy=needed))
    held = cmd.RecordStrategyHeld(
        ("social_care", "police", "health"),
        say("also", "Children's ward doctor"),
        say("where_recorded", "Mosaic"),
    )
    return story.does("sw-1", 100, held)


def chapter(world: World, name: str) -> Story:
    told = {
        "briefed": briefed,
        "in_discussion": in_discussion,
        "outcome_proposed": outcome_proposed,
        "outcome_agreed": outcome_agreed,
        "fed_back": fed_back,
        "closed": closed,
        "handed_over": handed_over,
    }
    return told[name](world)
