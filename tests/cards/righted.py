"""Fictional referrals that something was put right about: answers changed, the outcome corrected,
reopened, withdrawn, merged, linked, and what was decided elsewhere.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from bot.domain import commands as cmd
from bot.domain.intake import Child
from bot.domain.pairs import absorbed
from bot.domain.partnership import BOT
from tests.cards import referrals as tell
from tests.cards.on_record import NURSE, SCHOOL, at
from tests.cards.story import START, Story, World, intake

NEXT_DAY = 60 * 26


def amended(world: World) -> Story:
    """Changed with a reason, as the family's answer was; and again without one."""
    say = world.say
    told = {
        "told_family": "no_not_yet",
        "told_family_reason": say("told_again", "Mum was asleep when school rang."),
    }
    why = say("amend_reason", "The caller rang back.")
    needs = {"needs": ("daily_care", "learning")}
    return tell.in_discussion(world).does(
        "masho-1", 36, cmd.AmendIntake(told, why), cmd.AmendIntake(needs)
    )


def corrected(world: World) -> Story:
    """Early help was agreed and fed back; it is now social care, and waits to be agreed."""
    say = world.say
    right = cmd.CorrectOutcome(
        say("correct_reason", "The two-year review found a worry about the younger child."),
        "social_care",
        say("rationale_again", "An assessment is needed of what both children need."),
        (("9900101", "ehu"),),
        cmd.ConsiderStrategy(False, say("strategy_why_not", "there is no sign of harm")),
    )
    return tell.fed_back(world).does("sw-1", 130, right)


def corrected_agreed(world: World) -> Story:
    return corrected(world).does("mgr-1", 134, cmd.EndorseOutcome())


def undone(world: World) -> Story:
    return tell.outcome_proposed(world).does("eh-1", 68, cmd.UndoOutcome())


def reopened(world: World) -> Story:
    why = world.say("reopen_reason", "The visit could not take place.")
    return tell.closed(world).does("eh-1", NEXT_DAY, cmd.ReopenReferral(why))


def withdrawn(world: World) -> Story:
    why = world.say("withdraw_reason", "Posted twice.")
    return tell.briefed(world).does("masho-1", 10, cmd.WithdrawReferral(why))


def outcome_elsewhere(world: World) -> Story:
    return tell.handed_over(world).does("sw-1", 150, cmd.RecordElsewhere("social_care"))


def fed_back_late(world: World) -> Story:
    say = world.say
    sent = cmd.SendFeedback(
        "phone",
        say("feedback", "Thank you for calling. Femi will ring mum tomorrow."),
        late_reason=say("late_reason", "School was shut when I rang."),
    )
    return tell.outcome_agreed(world).does("eh-1", NEXT_DAY, sent)


# Nobody answered, and email -----------------------------------------------------------------


def tried(world: World) -> Story:
    text = world.say("feedback", "Thank you for calling.")
    again = cmd.TryFeedbackAgain(START + dt.timedelta(minutes=150), "", text)
    return tell.outcome_agreed(world).does("eh-1", 86, again)


def email_started(world: World) -> Story:
    text = world.say("feedback", "Thank you for calling.")
    return tell.outcome_agreed(world).does("eh-1", 86, cmd.StartFeedbackEmail(text))


def email_failed(world: World) -> Story:
    return email_started(world).does("eh-1", 86, cmd.EndFeedbackEmail("not_permitted"))


# Feedback that somebody looks at first ------------------------------------------------------


def feedback_to_check(world: World) -> Story:
    """A parent rang: a social worker reads what they will hear before it goes."""
    text = world.say("feedback", "Thank you for calling. Femi will ring you tomorrow.")
    story = tell.outcome_agreed(world, referrer_group="parent_carer")
    return story.does("eh-1", 90, cmd.HoldFeedback(text))


def feedback_checked(world: World) -> Story:
    story = feedback_to_check(world)
    held = story.referral.held_for("")
    assert held
    return story.does("sw-1", 94, cmd.CheckFeedback(held.text))


def _too_much(world: World) -> str:
    why = world.say("rationale", "Mum wants help and the school sees the children every day.")
    return f"Thank you for ringing. {why}"


def feedback_to_pass(world: World) -> Story:
    """A neighbour would hear why it was decided; the lead asks the duty manager to let it pass."""
    story = tell.outcome_agreed(world, referrer_group="neighbour_public")
    return story.does("eh-1", 90, cmd.HoldFeedback(_too_much(world)))


def feedback_passed(world: World) -> Story:
    why = world.say("pass_reason", "She heard it from mum herself.")
    return feedback_to_pass(world).does("mgr-1", 94, cmd.PassFeedback(_too_much(world), why))


# Two calls about the same child ------------------------------------------------------------


class Pair(NamedTuple):
    """`first` is the earlier call: the one that goes on."""

    first: Story
    second: Story


def second_call(world: World) -> Story:
    """The police ring a quarter of an hour after school, about one of the two children."""
    say = world.say
    answers = intake(
        say,
        received_at=START + dt.timedelta(minutes=15),
        children=(Child("9900101", "5_to_9"),),
        child_location="home",
        referrer_group="police",
        safe_now="not_sure",
        seen_heard=say("second_call", "An officer saw the older child alone outside at 07:40."),
        reported="",
        view="",
        contact_method="phone",
        safe_contact="yes",
        safe_contact_times="",
    )
    story = Story(world, 6)
    return story.does("masho-2", 20, cmd.SubmitIntake(answers)).posted(20)


def matched(world: World) -> Pair:
    first, second = tell.briefed(world), second_call(world)
    return Pair(first, second.does(BOT.id, 20, cmd.MatchReferral(first.other)))


def linked(world: World) -> Pair:
    first, second = tell.in_discussion(world), second_call(world)
    second.does("sw-1", 40, cmd.LinkReferral(first.other))
    return Pair(first.does("sw-1", 40, cmd.LinkReferral(second.other)), second)


def merge(pair: Pair, minutes: float) -> Pair:
    first, second = pair
    second.does("masho-2", minutes, cmd.MergeReferral(first.other))
    taken_in = absorbed(second.referral, "masho-2")
    return Pair(first.does(BOT.id, minutes, cmd.AbsorbReferral(taken_in)), second)


def merged(world: World) -> Pair:
    """The later call knew something of its own, and somebody filed a message there."""
    say = world.say
    second = second_call(world)
    second.does("pol-1", 25, tell.contribution(say, "police"))
    words = say("filed_there", "The officer took the child home.")
    second.does("pol-1", 26, cmd.FileMessage("fact", words, "pol-1", "", SCHOOL, at(24)))
    return merge(Pair(tell.in_discussion(world), second), 45)


def two_callers(world: World) -> Story:
    """Agreed, with both callers still to hear back."""
    return merge(Pair(tell.outcome_agreed(world), second_call(world)), 85).first


def one_of_two_told(world: World) -> Story:
    text = world.say("feedback", "Thank you for calling. Femi will ring mum tomorrow.")
    return two_callers(world).does("eh-1", 100, cmd.SendFeedback("phone", text))


def second_caller_asked(world: World) -> Story:
    """The MASH officer is asked to ring the second caller; the first has heard."""
    text = world.say("feedback_asked", "Femi is the lead person and will ring mum tomorrow.")
    story = one_of_two_told(world)
    return story.does("eh-1", 104, cmd.AskMashoToRing(text, story.referral.owed[0].reference))


def everything(world: World) -> Story:
    """As much of it as one referral can hold, closed."""
    say = world.say
    story = merged(world).first
    story.does("da-1", 46, cmd.ConfirmContribution("domestic_abuse"))
    story.does("mgr-1", 47, cmd.AddContribution("youth_justice", "no_rep_today", source="room"))
    housing = tell.contribution(say, "housing", "partly_known", source="room")
    story.does("mgr-1", 48, housing)
    why_not = say("disagreement", "I would ask about a strategy discussion before a visit.")
    story.does("hlt-1", 49, cmd.RecordDisagreement(why_not))
    story.does("pol-1", 50, cmd.RecordPoliceContact("sw-1", "", at(26)))
    changed = say("revised", "The officer took the child home and spoke to mum.")
    story.does("pol-1", 51, cmd.ReviseMessage(SCHOOL, changed))
    there = cmd.FileMessage("view", say("filed_view", "Mum is tired."), "hlt-1", "", NURSE, at(50))
    story.does("sw-1", 51, there).does("hlt-1", 52, cmd.RemoveMessage(NURSE))
    needs = {"needs": ("daily_care", "learning")}
    story.does("masho-1", 52, cmd.AmendIntake(needs, say("amend_reason", "School rang back.")))
    offer = cmd.OfferLead("sw-1", say("offer_reason", "I am in a meeting from 11:00."))
    story.does("eh-1", 53, offer).does("sw-1", 54, cmd.AcceptLead())
    plan = cmd.SavePlan(
        tell.actions(say),
        say("next_step", "Tell mum that Tomasz will ring her tomorrow morning."),
        say("family_view", "Mum wants help with the mornings."),
    )
    first = cmd.ProposeOutcome("ehu", say("rationale", "Mum wants help with the mornings."))
    story.does("sw-1", 60, plan, first)
    story.does("mgr-1", 66, cmd.EndorseOutcome(say("agreed_note", "Agreed in the room.")))
    right = cmd.CorrectOutcome(
        say("correct_reason", "The two-year review found a worry about the younger child."),
        "social_care",
        say("rationale_again", "An assessment is needed of what both children need."),
        (("9900101", "ehu"),),
        cmd.ConsiderStrategy(True, say("strategy_why", "the younger child was left alone")),
    )
    story.does("sw-1", 70, right).does("mgr-1", 74, cmd.EndorseOutcome())
    held = cmd.RecordStrategyHeld(
        ("social_care", "police", "health"), say("also", "Children's ward doctor"), "Mosaic"
    )
    story.does("sw-1", 90, held).does("edu-1", 95, cmd.MarkActionDone(1))
    own, other = (c.for_ref for c in story.referral.callers)
    text = say("feedback", "Thank you for calling. Tomasz will ring mum tomorrow.")
    story.does("sw-1", 100, cmd.SendFeedback("phone", text, own))
    story.does("sw-1", 101, cmd.FeedbackCannotBeGiven(say("cannot", "They changed post."), other))
    return story.does("masho-1", 105, cmd.ConfirmNotes())
