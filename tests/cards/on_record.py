"""Fictional referrals about what goes on the record beside the talk: lines confirmed and put
right, messages filed, changed and deleted, the police rung, a lead on offer.
"""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd
from tests.cards.referrals import contribution, in_discussion, outcome_agreed
from tests.cards.story import START, Story, World

SCHOOL, NURSE, LEAD = "1:school", "1:nurse", "1:lead"
"""Messages of the thread, by their Teams id."""


def at(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def line_confirmed(world: World) -> Story:
    """What the social worker logged for the domestic abuse service, confirmed by its own rep."""
    return in_discussion(world).does("da-1", 33, cmd.ConfirmContribution("domestic_abuse"))


def line_corrected(world: World) -> Story:
    say = world.say
    right = contribution(
        say,
        "domestic_abuse",
        relevant=say("corrected_line", "Mum came to one group in 2025, not three."),
        corrects=True,
    )
    return in_discussion(world).does("da-1", 34, right)


def filed(world: World) -> Story:
    """A fact from a rep, a view from somebody not configured, a decision of the lead's."""
    say = world.say
    return in_discussion(world).does(
        "sw-1",
        40,
        cmd.FileMessage(
            "fact",
            say("filed_fact", "Both children were in school today."),
            "edu-1",
            "",
            SCHOOL,
            at(35),
        ),
        cmd.FileMessage(
            "view",
            say("filed_view", "I think mum would say yes to a visit."),
            "",
            say("author_name", "Sam, school nurse"),
            NURSE,
            at(36),
        ),
        cmd.FileMessage(
            "decision",
            say("filed_decision", "Early help to visit first, then decide about a group."),
            "eh-1",
            "",
            LEAD,
            at(37),
        ),
    )


def revised(world: World) -> Story:
    words = world.say("revised", "Both children were in school today and yesterday.")
    return filed(world).does("edu-1", 43, cmd.ReviseMessage(SCHOOL, words))


def deleted(world: World) -> Story:
    """One message is gone from the thread: its words go too, its mark stays."""
    return revised(world).does("eh-1", 45, cmd.RemoveMessage(LEAD))


def disagreed(world: World) -> Story:
    why = world.say("disagreement", "I would ask about a strategy discussion before a visit.")
    return in_discussion(world).does("hlt-1", 47, cmd.RecordDisagreement(why))


def police_rung(world: World) -> Story:
    """By somebody of the team, then by somebody who is not."""
    name = world.say("rang_by_name", "The nurse in charge")
    return in_discussion(world).does(
        "pol-1",
        50,
        cmd.RecordPoliceContact("sw-1", "", at(26)),
        cmd.RecordPoliceContact("", name, at(44)),
    )


def lead_offered(world: World) -> Story:
    why = world.say("offer_reason", "I am in a meeting from 11:00.")
    return in_discussion(world).does("eh-1", 52, cmd.OfferLead("hlt-1", why))


def lead_handed_on(world: World) -> Story:
    return lead_offered(world).does("hlt-1", 54, cmd.AcceptLead())


def actions_done(world: World) -> Story:
    return outcome_agreed(world).does("edu-1", 110, cmd.MarkActionDone(1))
