"""Who leads, who adds what, who may be told who the child is."""

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.partnership import BOT, Today

from .story import (
    EARLY_HELP,
    EDUCATION,
    HEAD_OF_SERVICE,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SECOND_MANAGER,
    SHARED,
    SOCIAL_WORKER,
    UNSEEN_CHILD,
    briefed,
    did,
    flagged,
    given,
    in_discussion,
    intake,
    person,
    submitted,
)

UNCLAIMED = given(*briefed())
LED = given(*in_discussion())
LEADS_NAME = person(LEAD).name


def test_the_first_to_claim_leads_and_the_discussion_begins():
    story = UNCLAIMED.when(cmd.ClaimLead("I know them"), by=POLICE).then(
        ev.LeadClaimed("I know them")
    )

    assert story.referral.lead == POLICE
    assert story.referral.state == "in_discussion"


def test_the_second_to_claim_is_told_who_leads():
    story = UNCLAIMED.when(cmd.ClaimLead(), by=EARLY_HELP, at="10:00").story

    story.when(cmd.ClaimLead(), by=POLICE, at="10:00").then_refused(
        "already_claimed", lead=LEADS_NAME, ref="REF-2026-00001"
    )


def test_claiming_twice_changes_nothing():
    story = UNCLAIMED.when(cmd.ClaimLead(), by=POLICE).story
    story.when(cmd.ClaimLead(), by=POLICE).then()


def test_somebody_off_todays_roll_cannot_claim():
    away = UNCLAIMED.on(Today(absent=frozenset({POLICE}), called=True))

    away.when(cmd.ClaimLead(), by=POLICE).then_refused("not_on_roll")
    away.when(cmd.ClaimLead(), by=EARLY_HELP).then(ev.LeadClaimed())


def test_without_a_roll_call_everybody_counts_as_here():
    UNCLAIMED.on(Today(called=False)).when(cmd.ClaimLead(), by=POLICE).then(ev.LeadClaimed())


def test_an_immediate_referral_is_led_by_a_social_worker_or_duty_manager():
    urgent = given(*briefed(), flagged())

    urgent.when(cmd.ClaimLead(), by=POLICE).then_refused("immediate_lead", ref="REF-2026-00001")
    urgent.when(cmd.ClaimLead(), by=SOCIAL_WORKER).then(ev.LeadClaimed())
    urgent.when(cmd.ClaimLead(), by=MANAGER).then(ev.LeadClaimed())


def test_once_stood_down_anybody_may_lead_again():
    calm = given(
        *briefed(), flagged(), did(ev.ImmediateStoodDown("With Nan"), SOCIAL_WORKER, "09:20")
    )
    calm.when(cmd.ClaimLead(), by=POLICE).then(ev.LeadClaimed())


def test_the_duty_manager_assigns_a_lead_without_a_reason_and_replaces_one_with():
    UNCLAIMED.when(cmd.AssignLead(POLICE), by=MANAGER).then(ev.LeadAssigned(POLICE))

    LED.when(cmd.AssignLead(POLICE), by=MANAGER).then_refused("reason_needed")
    LED.when(cmd.AssignLead(POLICE, "  "), by=MANAGER).then_refused("reason_needed")
    story = LED.when(cmd.AssignLead(POLICE, "Femi is called away"), by=MANAGER).story
    assert story.referral.lead == POLICE


def test_assigning_the_present_lead_changes_nothing():
    LED.when(cmd.AssignLead(LEAD), by=MANAGER).then()


@pytest.mark.parametrize("who", [MASHO, HEAD_OF_SERVICE, BOT.id, "nobody-9"])
def test_only_reps_and_seniors_can_be_given_the_lead(who):
    UNCLAIMED.when(cmd.AssignLead(who), by=MANAGER).then_refused("cannot_lead")


def test_a_new_lead_keeps_the_minute_the_first_one_took():
    story = LED.when(cmd.AssignLead(POLICE, "Femi is called away"), by=MANAGER, at="11:00").story
    assert story.referral.lead_at == LED.referral.lead_at


def test_the_lead_defaults_to_the_first_duty_manager_here():
    UNCLAIMED.when(cmd.DefaultLead(), by=BOT.id).then(ev.LeadDefaulted(MANAGER))

    first_away = UNCLAIMED.on(Today(absent=frozenset({MANAGER}), called=True))
    first_away.when(cmd.DefaultLead(), by=BOT.id).then(ev.LeadDefaulted(SECOND_MANAGER))

    all_away = UNCLAIMED.on(Today(absent=frozenset({MANAGER, SECOND_MANAGER}), called=True))
    all_away.when(cmd.DefaultLead(), by=BOT.id).then(ev.LeadDefaulted(MANAGER))


def test_a_default_lead_is_marked_as_one_until_somebody_is_chosen():
    defaulted = UNCLAIMED.when(cmd.DefaultLead(), by=BOT.id).story
    chosen = defaulted.when(cmd.AssignLead(POLICE, "Knows them"), by=MANAGER).story

    assert defaulted.referral.lead_defaulted
    assert not chosen.referral.lead_defaulted


def test_nobody_is_put_over_a_lead_by_the_clock():
    LED.when(cmd.DefaultLead(), by=BOT.id).then()


def test_without_a_duty_manager_the_lead_cannot_default():
    people = tuple(p for p in UNCLAIMED.partnership.people if p.role != "duty_manager")
    nobody = UNCLAIMED.under(people=people)
    nobody.when(cmd.DefaultLead(), by=BOT.id).then_refused("no_duty_manager")


def known(agency: str, **more) -> cmd.AddContribution:
    return cmd.AddContribution(agency, "known", "Known since spring", sharing=SHARED, **more)


def test_a_rep_adds_what_their_own_agency_knows():
    (said,) = LED.when(known("police"), by=POLICE).events

    assert isinstance(said, ev.ContributionAdded)
    assert (said.agency, said.relevant, said.on_behalf) == ("police", "Known since spring", False)
    assert said.sharing == SHARED


def test_another_agencys_words_are_recorded_only_as_said_in_the_room():
    LED.when(known("education"), by=POLICE).then_refused("not_your_agency")

    (said,) = LED.when(known("education", source="room"), by=POLICE).events
    assert isinstance(said, ev.ContributionAdded)
    assert said.on_behalf


def test_one_line_stands_for_an_agency_and_the_latest_is_shown():
    story = LED.when(cmd.AddContribution("police", "not_checked"), by=POLICE).story
    story = story.when(known("police"), by=POLICE).story

    assert story.referral.heard()["police"].said.known == "known"
    assert len(story.referral.contributions) == 2


def test_only_the_duty_manager_marks_an_agency_absent():
    absent = cmd.AddContribution("education", "no_rep_today", source="room")

    for who in (POLICE, SOCIAL_WORKER, MASHO):
        LED.when(absent, by=who).then_refused("only_duty_manager_marks_absent")
    (said,) = LED.when(absent, by=MANAGER).events
    assert isinstance(said, ev.ContributionAdded)
    assert said.known == "no_rep_today"


@pytest.mark.parametrize("answer", ["known", "partly_known"])
def test_what_is_known_carries_how_it_is_shared(answer):
    bare = cmd.AddContribution("police", answer, "Two call-outs")
    shared = cmd.AddContribution("police", answer, "Two call-outs", sharing=SHARED)

    LED.when(bare, by=POLICE).then_refused("sharing_needed")
    assert LED.when(shared, by=POLICE).events


@pytest.mark.parametrize("answer", ["not_known", "not_checked"])
def test_what_is_not_known_needs_no_sharing_and_keeps_none(answer):
    command = cmd.AddContribution("police", answer, sharing=SHARED)

    (said,) = LED.when(command, by=POLICE).events
    assert isinstance(said, ev.ContributionAdded)
    assert said.sharing is None


@pytest.mark.parametrize("decision", ["shared_in_part", "not_shared"])
def test_holding_something_back_needs_a_reason(decision):
    def sharing(reason: str) -> cmd.AddContribution:
        return cmd.AddContribution(
            "police", "known", "x", sharing=ev.Sharing(decision, "duty_16la", reason)
        )

    LED.when(sharing(""), by=POLICE).then_refused("sharing_reason_needed")
    assert LED.when(sharing("It would put mum at risk"), by=POLICE).events


@pytest.mark.parametrize(("agency", "answer"), [("circus", "known"), ("police", "perhaps")])
def test_a_choice_that_was_never_offered_is_refused(agency, answer):
    command = cmd.AddContribution(agency, answer, source="room", sharing=SHARED)
    LED.when(command, by=POLICE).then_refused("unknown_choice")


def test_a_line_may_be_three_hundred_characters_and_no_more():
    def line(length: int) -> cmd.AddContribution:
        return cmd.AddContribution("police", "known", "x" * length, sharing=SHARED)

    assert LED.when(line(300), by=POLICE).events
    LED.when(line(301), by=POLICE).then_refused("too_long", limit="300")


def test_not_known_about_an_unseen_child_asks_how_identity_was_told():
    unseen = given(*in_discussion(UNSEEN_CHILD))
    not_known = cmd.AddContribution("police", "not_known")

    unseen.when(not_known, by=POLICE).then_refused("told_needed", ref="REF-2026-00001")
    for how in ("room", "phone"):
        assert unseen.when(cmd.AddContribution("police", "not_known", told=how), by=POLICE).events
    assert unseen.when(cmd.AddContribution("police", "not_checked"), by=POLICE).events


def test_not_known_is_one_tap_once_told_or_once_the_case_number_is_there():
    unseen = given(*in_discussion(UNSEEN_CHILD))
    not_known = cmd.AddContribution("police", "not_known")
    told = unseen.when(cmd.TellIdentity(POLICE), by=MASHO).story

    assert told.when(not_known, by=POLICE).events
    told.when(cmd.AddContribution("education", "not_known"), by=EDUCATION).then_refused(
        "told_needed"
    )
    assert LED.when(not_known, by=POLICE).events


def test_asking_who_this_is_waits_until_the_masho_has_told_them():
    asked = LED.when(cmd.AskIdentity(), by=POLICE).then(ev.IdentityAsked())
    assert asked.referral.identity_asked == (POLICE,)
    asked.when(cmd.AskIdentity(), by=POLICE).then()

    told = asked.when(cmd.TellIdentity(POLICE), by=MASHO).then(ev.IdentityTold(POLICE))
    assert told.referral.identity_asked == ()
    assert told.referral.identity_told == {POLICE}
    told.when(cmd.TellIdentity(POLICE), by=MASHO).then()


def test_only_somebody_configured_can_be_told():
    LED.when(cmd.TellIdentity("nobody-9"), by=MASHO).then_refused("unknown_choice")


def test_a_message_is_filed_under_its_writers_agency_and_the_bots_under_none():
    LED.when(cmd.AddMessage("On my way", "m-1"), by=POLICE).then(
        ev.MessageAdded("On my way", "police", "m-1")
    )
    LED.when(cmd.AddMessage("Due at 10:30"), by=BOT.id).then(ev.MessageAdded("Due at 10:30", ""))


def test_each_nudge_is_sent_once():
    nudge = cmd.SendNudge("claim", 1, (MANAGER,))
    story = UNCLAIMED.when(nudge, by=BOT.id).then(ev.NudgeSent("claim", 1, (MANAGER,)))

    story.when(nudge, by=BOT.id).then()
    story.when(cmd.SendNudge("claim", 2), by=BOT.id).then(ev.NudgeSent("claim", 2))


POST = cmd.RecordBriefing("19:c", "m-1", "https://s.example")


def briefing(story) -> ev.BriefingPosted:
    (posted,) = story.when(POST, by=BOT.id).events
    assert isinstance(posted, ev.BriefingPosted)
    return posted


def test_the_briefing_names_core_agencies_with_nobody_here():
    story = given(*submitted())

    assert briefing(story).no_rep_today == ()
    away = story.on(Today(absent=frozenset({EDUCATION, POLICE}), called=True))
    assert briefing(away).no_rep_today == ("police", "education")
    seniors = frozenset({SOCIAL_WORKER, MANAGER, SECOND_MANAGER})
    assert briefing(story.on(Today(absent=seniors))).no_rep_today == ("social_care",)


def test_the_briefing_says_when_the_child_was_referred_before():
    assert not briefing(given(*submitted(intake(earlier="no")))).re_referral
    assert briefing(given(*submitted(intake(earlier="yes")))).re_referral
    numbered = ev.IntakeSubmitted(intake(), "REF-2026-00002", "REF-2026-00001")
    assert briefing(given(did(numbered, MASHO, "09:06"))).re_referral


def test_a_briefing_posted_again_keeps_the_first_time_and_the_newest_place():
    again = given(*briefed()).when(POST, by=BOT.id, at="11:00").story

    assert again.referral.briefing is not None
    assert again.referral.briefing.activity_id == "m-1"
    assert again.referral.briefing.posted_at == given(*briefed()).referral.briefing.posted_at
