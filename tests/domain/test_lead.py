"""Handing the lead on: offered, kept until accepted, and who may take an immediate one."""

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.next_step import next_step
from bot.domain.partnership import BOT

from .story import (
    EARLY_HELP,
    HEAD_OF_SERVICE,
    HEALTH,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SECOND_MANAGER,
    SOCIAL_WORKER,
    Story,
    at,
    briefed,
    closed,
    did,
    flagged,
    given,
    handed_over,
    in_discussion,
    person,
)

LED = given(*in_discussion())
REASON = "Niamh knows the family"
OFFER = cmd.OfferLead(HEALTH, REASON)
ACCEPT = cmd.AcceptLead()
OFFERED = LED.when(OFFER, by=LEAD, at="09:30").story
OVER_UNLED = given(
    *briefed(), did(ev.ReferralHandedOver("edt", "Sam", "Closing"), SOCIAL_WORKER, "09:50")
)


@pytest.mark.parametrize("who", [LEAD, MANAGER])
def test_the_lead_or_a_duty_manager_offers_it(who):
    story = LED.when(OFFER, by=who).then(ev.LeadHandoverOffered(HEALTH, REASON))

    assert story.referral.offer is not None
    assert (story.referral.offer.to, story.referral.offer.by) == (HEALTH, who)


@pytest.mark.parametrize("who", [POLICE, SOCIAL_WORKER, MASHO])
def test_nobody_else_offers_what_they_do_not_lead(who):
    LED.when(OFFER, by=who).then_refused("not_allowed")


def test_the_first_lead_keeps_it_until_the_new_one_accepts():
    assert OFFERED.referral.lead == LEAD

    story = OFFERED.when(ACCEPT, by=HEALTH, at="09:40").then(
        ev.LeadHandedOver(HEALTH, LEAD, REASON)
    )
    assert story.referral.lead == HEALTH
    assert story.referral.offer is None


def test_the_lead_who_offered_may_still_do_what_is_the_leads():
    assert OFFERED.when(cmd.AmendIntake({"wants": "A call back"}), by=LEAD).events
    OFFERED.when(cmd.AmendIntake({"wants": "A call back"}), by=HEALTH).then_refused("not_allowed")


def test_nobody_accepts_for_the_one_it_was_offered_to():
    names = {"new_lead": person(HEALTH).name, "lead": person(LEAD).name}

    OFFERED.when(ACCEPT, by=LEAD).then_refused("not_accepted", **names)
    OFFERED.when(ACCEPT, by=MANAGER).then_refused("not_accepted_by_them", **names)
    OFFERED.when(ACCEPT, by=POLICE).then_refused("not_allowed")


def test_accepting_what_nobody_offered():
    LED.when(ACCEPT, by=LEAD).then()
    LED.when(ACCEPT, by=MANAGER).then_refused("no_offer", ref="REF-2026-00001")


def test_accepting_twice_changes_nothing():
    OFFERED.when(ACCEPT, by=HEALTH).story.when(ACCEPT, by=HEALTH).then()


def test_a_later_offer_takes_the_place_of_the_first():
    story = OFFERED.when(cmd.OfferLead(POLICE, "Iqbal was there"), by=LEAD).story

    story.when(ACCEPT, by=HEALTH).then_refused("not_allowed")
    story.when(ACCEPT, by=POLICE).then(ev.LeadHandedOver(POLICE, LEAD, "Iqbal was there"))


def test_the_same_offer_again_changes_nothing_and_another_reason_does():
    OFFERED.when(OFFER, by=LEAD).then()
    OFFERED.when(cmd.OfferLead(HEALTH, "She visits tomorrow"), by=LEAD).then(
        ev.LeadHandoverOffered(HEALTH, "She visits tomorrow")
    )


def test_an_offer_gives_a_reason_and_names_somebody_else_who_may_lead():
    LED.when(cmd.OfferLead(HEALTH, "  "), by=LEAD).then_refused("reason_needed")
    LED.when(cmd.OfferLead(LEAD, REASON), by=LEAD).then_refused("already_leads")
    for nobody in (MASHO, HEAD_OF_SERVICE, BOT.id, "nobody-9"):
        LED.when(cmd.OfferLead(nobody, REASON), by=LEAD).then_refused("cannot_lead")


def test_an_assigned_lead_ends_the_offer():
    assigned = OFFERED.when(cmd.AssignLead(POLICE, "Femi is called away"), by=MANAGER).story

    assert assigned.referral.offer is None
    assigned.when(ACCEPT, by=HEALTH).then_refused("not_allowed")


def test_an_immediate_referral_is_offered_to_seniors_only():
    urgent = given(*in_discussion(), flagged())

    urgent.when(OFFER, by=LEAD).then_refused("immediate_lead", ref="REF-2026-00001")
    for senior in (SOCIAL_WORKER, MANAGER, SECOND_MANAGER):
        assert urgent.when(cmd.OfferLead(senior, "Not safe now"), by=LEAD).events


def test_an_offer_made_before_the_flag_is_not_accepted_by_a_rep_after_it():
    flag = OFFERED.when(cmd.FlagImmediate(), by=POLICE).story
    flag.when(ACCEPT, by=HEALTH).then_refused("immediate_lead")

    calm = flag.when(cmd.StandDownImmediate("He is with Nan"), by=MANAGER).story
    assert calm.when(ACCEPT, by=HEALTH).events


def test_the_lead_is_handed_on_while_others_outside_decide():
    over = given(*handed_over()).when(OFFER, by=LEAD).story
    assert over.when(ACCEPT, by=HEALTH).referral.lead == HEALTH

    unled = OVER_UNLED.when(cmd.OfferLead(HEALTH, "To tell the school"), by=MANAGER).story
    assert unled.when(ACCEPT, by=HEALTH).referral.lead == HEALTH


def test_nothing_is_offered_before_there_is_a_lead_or_after_it_closed():
    given(*briefed()).when(OFFER, by=MANAGER).then_refused("wrong_state")
    given(*closed()).when(OFFER, by=LEAD).then_refused("wrong_state")


def test_every_lead_there_was_is_kept_with_who_when_and_why():
    story = OFFERED.when(ACCEPT, by=HEALTH, at="09:40").story
    story = story.when(cmd.AssignLead(POLICE, "Niamh is off sick"), by=MANAGER, at="11:00").story

    assert [(c.lead, c.how, c.by, c.at, c.reason) for c in story.referral.leads] == [
        (EARLY_HELP, "claimed", EARLY_HELP, at("09:10"), ""),
        (HEALTH, "handed_over", LEAD, at("09:40"), REASON),
        (POLICE, "assigned", MANAGER, at("11:00"), "Niamh is off sick"),
    ]
    assert story.referral.lead_at == at("09:10")


def reopened_without_a_lead() -> Story:
    noted = OVER_UNLED.when(cmd.ConfirmNotes(), by=MASHO).story
    shut = noted.when(cmd.SendFeedback("phone", "The night team has it."), by=MASHO).story
    assert shut.referral.state == "closed"
    return shut.when(cmd.ReopenReferral("Sent back to us"), by=SOCIAL_WORKER).story


def test_the_duty_manager_gives_a_lead_to_one_reopened_without():
    back = reopened_without_a_lead()
    assert back.when(cmd.AssignLead(POLICE), by=MANAGER).referral.lead == POLICE


@pytest.mark.parametrize("story", [OVER_UNLED, reopened_without_a_lead()], ids=["over", "back"])
def test_what_nobody_leads_waits_for_somebody_there_is(story):
    assert all(next_step(story.referral, story.partnership, story.today).who)
