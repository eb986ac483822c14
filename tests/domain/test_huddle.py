"""A talk in the room on one card: one commit of what each part would have written, or nothing."""

from dataclasses import replace

import pytest

from bot.domain import commands as cmd, events as ev

from .story import (
    HEALTH,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SECOND_MANAGER,
    SHARED,
    SOCIAL_WORKER,
    UNSEEN_CHILD,
    action,
    agreed,
    briefed,
    given,
    in_discussion,
    intake,
)

WHY = "He needs warm mornings; mum agrees."
ROWS = (
    cmd.HuddleRow("police", "not_known"),
    cmd.HuddleRow("health", "known", "Missed two checks"),
    cmd.HuddleRow("early_help", "known", "Nan helps"),
)
TALK = cmd.RecordHuddle(ROWS, SHARED)
PLAN = cmd.SavePlan((action(),), "Ring us if he is away", "Mum agrees")
WHOLE = replace(TALK, lead=LEAD, plan=PLAN, outcome="ehu", rationale=WHY)
BRIEFED, LED = given(*briefed()), given(*in_discussion())


def types(events: tuple[ev.Event, ...]) -> list[str]:
    return [e.TYPE for e in events]


def test_one_commit_holds_what_each_part_would_have_written():
    answer = BRIEFED.when(WHOLE, by=LEAD, at="09:30")

    assert types(answer.events) == [
        "contribution.added",
        "contribution.added",
        "contribution.added",
        "lead.claimed",
        "plan.saved",
        "outcome.proposed",
    ]
    assert {(r.by, r.at) for r in answer.recorded} == {(LEAD, answer.recorded[0].at)}
    assert answer.referral.state == "outcome_proposed"


def test_it_ends_as_if_each_part_had_been_pressed_by_itself():
    story = BRIEFED
    for row in ROWS:
        sharing = SHARED if row.known == "known" else None
        said = cmd.AddContribution(
            row.agency, row.known, row.relevant, source="room", told="room", sharing=sharing
        )
        story = story.when(said, by=LEAD).story
    story = story.when(cmd.ClaimLead(), by=LEAD).story
    story = story.when(PLAN, by=LEAD).story
    story = story.when(cmd.ProposeOutcome("ehu", WHY), by=LEAD).story

    assert BRIEFED.when(WHOLE, by=LEAD).referral == story.referral


def test_what_others_said_is_on_their_behalf_and_in_the_room():
    answer = LED.when(TALK, by=LEAD)
    said = [e for e in answer.events if isinstance(e, ev.ContributionAdded)]

    assert {e.source for e in said} == {"room"}
    assert [(e.agency, e.on_behalf) for e in said] == [
        ("police", True),
        ("health", True),
        ("early_help", False),
    ]
    assert [e.sharing for e in said] == [None, SHARED, SHARED]


def test_the_agencies_in_the_room_confirm_their_own_lines():
    story = LED.when(TALK, by=LEAD).story

    assert story.when(cmd.ConfirmContribution("police"), by=POLICE).events
    assert story.when(cmd.ConfirmContribution("health"), by=HEALTH).events


def test_the_social_worker_agrees_from_their_own_account():
    story = BRIEFED.when(WHOLE, by=LEAD).story

    story.when(cmd.EndorseOutcome(), by=LEAD).then_refused("not_allowed")
    assert story.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).referral.agreed


@pytest.mark.parametrize(
    ("talk", "code"),
    [
        (replace(WHOLE, rows=(*ROWS, cmd.HuddleRow("circus", "known"))), "unknown_choice"),
        (replace(WHOLE, rows=(cmd.HuddleRow("police", "no_rep_today"),)), "only_duty_manager"),
        (replace(WHOLE, lead="nobody-9", lead_reason="Why not"), "cannot_lead"),
        (replace(WHOLE, plan=cmd.SavePlan(())), "plan_empty"),
        (replace(WHOLE, outcome="nothing"), "unknown_choice"),
        (replace(WHOLE, rationale=" "), "before_outcome"),
        (replace(WHOLE, answers={"wants": "x" * 151}), "answers"),
    ],
)
def test_a_part_that_is_refused_refuses_the_whole(talk, code):
    answer = BRIEFED.when(talk, by=LEAD)
    assert answer.refusal.code.startswith(code)


def test_nothing_said_is_nothing_to_record():
    LED.when(cmd.RecordHuddle((), SHARED), by=LEAD).then_refused("nothing_said")


def test_the_scribe_who_is_chosen_claims_the_lead():
    assert BRIEFED.when(replace(TALK, lead=LEAD), by=LEAD).events[-1] == ev.LeadClaimed()


def test_another_chosen_lead_gets_an_offer_and_the_scribe_leads_until_then():
    talk = replace(TALK, lead=HEALTH, lead_reason="Niamh knows the family")

    answer = BRIEFED.when(talk, by=LEAD)

    assert answer.events[-2:] == (
        ev.LeadClaimed(),
        ev.LeadHandoverOffered(HEALTH, "Niamh knows the family"),
    )
    assert answer.referral.lead == LEAD
    assert answer.story.when(cmd.AcceptLead(), by=HEALTH).referral.lead == HEALTH


def test_a_lead_who_is_the_scribe_offers_it_to_the_one_the_room_chose():
    talk = replace(TALK, lead=HEALTH, lead_reason="Niamh knows the family")
    answer = LED.when(talk, by=LEAD)
    assert answer.events[-1] == ev.LeadHandoverOffered(HEALTH, "Niamh knows the family")


def test_a_duty_manager_who_is_the_scribe_assigns_the_one_chosen():
    answer = BRIEFED.when(replace(TALK, lead=HEALTH), by=MANAGER)

    assert answer.events[-1] == ev.LeadAssigned(HEALTH)
    assert answer.referral.lead == HEALTH


def test_a_duty_manager_who_replaces_a_lead_says_why():
    LED.when(replace(TALK, lead=HEALTH), by=MANAGER).then_refused("reason_needed")
    assert LED.when(replace(TALK, lead=HEALTH, lead_reason="Called away"), by=MANAGER).events


def test_the_lead_there_is_stays_where_the_room_names_the_same_one():
    assert types(LED.when(replace(TALK, lead=LEAD), by=MANAGER).events) == [
        "contribution.added"
    ] * len(ROWS)


def test_a_scribe_who_does_not_lead_logs_what_was_said():
    assert len(LED.when(TALK, by=POLICE).events) == len(ROWS)
    assert len(LED.when(TALK, by=MASHO).events) == len(ROWS)


def test_a_scribe_who_does_not_lead_cannot_take_lead_plan_or_outcome_along():
    LED.when(replace(TALK, lead=POLICE), by=POLICE).then_refused("already_claimed")
    LED.when(replace(TALK, plan=PLAN), by=POLICE).then_refused("not_allowed", event="plan.saved")
    LED.when(replace(TALK, outcome="ehu", rationale=WHY), by=POLICE).then_refused(
        "not_allowed", event="outcome.proposed"
    )
    LED.when(replace(TALK, answers={"wants": "A call"}), by=POLICE).then_refused(
        "not_allowed", event="intake.amended"
    )


def test_whether_the_family_know_is_answered_before_the_outcome_it_is_owed_for():
    unasked = given(*briefed(intake(told_family="")))

    unasked.when(WHOLE, by=LEAD).then_refused("before_outcome", missing="told_family")
    answer = unasked.when(replace(WHOLE, answers={"told_family": "yes_agree"}), by=LEAD)
    assert types(answer.events)[-3:] == ["intake.amended", "plan.saved", "outcome.proposed"]


def test_a_reason_the_family_were_not_told_is_still_owed():
    untold = replace(WHOLE, answers={"told_family": "no_unsafe"})
    BRIEFED.when(untold, by=LEAD).then_refused("answers", told_family_reason="required")


def test_who_is_in_the_room_was_told_there_who_the_child_is():
    answer = given(*in_discussion(UNSEEN_CHILD)).when(TALK, by=LEAD)
    first = answer.events[0]

    assert isinstance(first, ev.ContributionAdded)
    assert first.told == "room"


def test_a_duty_manager_marks_who_is_not_here():
    absent = cmd.RecordHuddle((cmd.HuddleRow("education", "no_rep_today"),), SHARED)

    LED.when(absent, by=LEAD).then_refused("only_duty_manager_marks_absent")
    assert LED.when(absent, by=SECOND_MANAGER).events


def test_the_strategy_note_goes_with_a_social_workers_own_pick():
    note = cmd.ConsiderStrategy(False, "No sign of significant harm")
    talk = replace(WHOLE, lead="", outcome="social_care", strategy=note, plan=None)
    story = LED.when(PLAN, by=LEAD).story

    answer = story.under(outcome_agreement="social_worker").when(talk, by=SOCIAL_WORKER)

    assert types(answer.events)[-3:] == [
        "strategy.considered",
        "outcome.proposed",
        "outcome.endorsed",
    ]


def test_an_outcome_per_child_is_kept():
    talk = replace(WHOLE, per_child=(("9900101", "social_care"),))
    picked = BRIEFED.when(talk, by=LEAD).events[-1]

    assert isinstance(picked, ev.OutcomeProposed)
    assert picked.per_child == (("9900101", "social_care"),)


def test_after_the_outcome_is_agreed_only_lines_are_added():
    story = given(*agreed())

    assert len(story.when(TALK, by=LEAD).events) == len(ROWS)
    story.when(replace(TALK, plan=PLAN, outcome="ehu", rationale=WHY), by=LEAD).then_refused(
        "wrong_state"
    )
