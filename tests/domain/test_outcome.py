"""Plan, pick, agreement under each setting, undo and handover."""

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child

from .story import (
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    SECOND_MANAGER,
    SHARED,
    SOCIAL_WORKER,
    TWO_CHILDREN,
    Story,
    action,
    agreed,
    at,
    did,
    given,
    handed_over,
    in_discussion,
    intake,
    plan,
    planned,
    proposed,
)

WHY = "He needs warm mornings; mum agrees."
EARLY = cmd.ProposeOutcome("ehu", WHY)
SOCIAL_CARE = cmd.ProposeOutcome("social_care", WHY)
IMMEDIATE = cmd.ProposeOutcome("immediate", WHY)
NOTE = cmd.ConsiderStrategy(False, "No sign of significant harm")
READY = given(*planned())
PICKED = given(*proposed())


def types(events: tuple[ev.Event, ...]) -> list[str]:
    return [e.TYPE for e in events]


def test_a_plan_has_at_least_one_action_and_at_most_ten():
    story = given(*in_discussion())
    row = action()

    story.when(cmd.SavePlan(()), by=LEAD).then_refused("plan_empty")
    story.when(cmd.SavePlan((row,) * 11), by=LEAD).then_refused("plan_too_long", limit="10")
    for count in (1, 10):
        story.when(cmd.SavePlan((row,) * count), by=LEAD).then(ev.PlanSaved((row,) * count, "", ""))


def test_a_plan_saved_unchanged_by_the_same_hand_at_once_is_not_saved_again():
    same = plan()
    command = cmd.SavePlan(same.actions, same.next_step, same.family_view)

    READY.when(command, by=LEAD, at="09:20").then()
    READY.when(command, by=LEAD, at="10:00").then(same)
    READY.when(cmd.SavePlan(same.actions, "Another step", ""), by=LEAD).then(
        ev.PlanSaved(same.actions, "Another step", "")
    )


def test_a_pick_is_logged_at_once_and_waits_for_agreement():
    story = READY.when(EARLY, by=LEAD, at="09:30").story

    assert types(tuple(r.event for r in story.log[-1:])) == ["outcome.proposed"]
    assert story.referral.state == "outcome_proposed"
    assert story.referral.pick is not None
    assert (story.referral.pick.by, story.referral.pick.at) == (LEAD, at("09:30"))
    assert not story.referral.agreed


@pytest.mark.parametrize(
    ("story", "command", "missing"),
    [
        (READY, EARLY, None),
        (READY, cmd.ProposeOutcome("ehu", "  "), "rationale"),
        (given(*in_discussion()), EARLY, "plan"),
        (given(*planned(intake(needs=()))), EARLY, "needs"),
        (given(*planned(intake(told_family=""))), EARLY, "told_family"),
        (
            given(*in_discussion(intake(needs=(), told_family=""))),
            cmd.ProposeOutcome("ehu", ""),
            "rationale,needs,plan,told_family",
        ),
        (given(*in_discussion()), IMMEDIATE, None),
        (given(*in_discussion(intake(told_family=""))), IMMEDIATE, "told_family"),
    ],
)
def test_what_is_owed_before_an_outcome_is_listed(story, command, missing):
    answer = story.when(command, by=LEAD)

    if missing:
        answer.then_refused("before_outcome", missing=missing)
    else:
        assert "outcome.proposed" in types(answer.events)


def not_heard(story: Story) -> tuple[str, ...]:
    (picked,) = story.when(EARLY, by=LEAD).events
    assert isinstance(picked, ev.OutcomeProposed)
    return picked.not_heard


def test_core_agencies_not_heard_are_named_and_never_block():
    assert not_heard(READY) == ("social_care", "police", "health", "education", "early_help")

    heard = READY.when(cmd.AddContribution("police", "not_known"), by=POLICE).story
    absent = cmd.AddContribution("education", "no_rep_today", source="room")
    heard = heard.when(absent, by=MANAGER).story
    lead_said = cmd.AddContribution("early_help", "known", "Open last year", sharing=SHARED)
    heard = heard.when(lead_said, by=LEAD).story

    assert not_heard(heard) == ("social_care", "health")


def test_only_the_outcomes_of_this_test_are_offered():
    advice = cmd.ProposeOutcome("advice_at_contact", WHY)
    second = given(*planned(intake(test="second_test")))

    READY.when(advice, by=LEAD).then_refused("unknown_choice")
    assert second.when(advice, by=LEAD).events
    second.when(IMMEDIATE, by=LEAD).then_refused("unknown_choice")
    READY.when(cmd.ProposeOutcome("no_further_action", WHY), by=LEAD).then_refused("unknown_choice")


def test_an_outcome_per_child_keeps_only_what_differs():
    story = given(*planned(TWO_CHILDREN))
    both = (("9900101", "ehu"), ("9900102", "social_care"))

    (picked,) = story.when(cmd.ProposeOutcome("ehu", WHY, both), by=LEAD).events

    assert isinstance(picked, ev.OutcomeProposed)
    assert picked.per_child == (("9900102", "social_care"),)


@pytest.mark.parametrize(
    "per_child", [(("9900199", "social_care"),), (("9900102", "advice_at_contact"),)]
)
def test_an_outcome_for_another_child_or_another_test_is_refused(per_child):
    story = given(*planned(TWO_CHILDREN))
    story.when(cmd.ProposeOutcome("ehu", WHY, per_child), by=LEAD).then_refused("unknown_choice")


def test_second_person_the_picker_cannot_agree_their_own():
    by_worker = READY.when(EARLY, by=SOCIAL_WORKER).story

    by_worker.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).then_refused("second_person")
    by_worker.when(cmd.EndorseOutcome("Fine"), by=MANAGER).then(
        ev.OutcomeEndorsed("second_person", "Fine")
    )


def test_second_person_either_senior_agrees_and_nobody_else_does():
    for who in (SOCIAL_WORKER, MANAGER, SECOND_MANAGER):
        PICKED.when(cmd.EndorseOutcome(), by=who).then(ev.OutcomeEndorsed("second_person"))
    for who in (LEAD, POLICE, MASHO):
        PICKED.when(cmd.EndorseOutcome(), by=who).then_refused("not_allowed")


def test_agreeing_records_who_when_and_under_which_rule():
    pick = PICKED.when(cmd.EndorseOutcome("Yes"), by=MANAGER, at="09:41").referral.pick

    assert pick is not None
    assert (pick.agreed_by, pick.agreed_at, pick.agreed_note, pick.rule) == (
        MANAGER,
        at("09:41"),
        "Yes",
        "second_person",
    )


def test_agreeing_twice_is_refused_the_second_time():
    story = PICKED.when(cmd.EndorseOutcome(), by=MANAGER).story
    story.when(cmd.EndorseOutcome(), by=MANAGER).then_refused("wrong_state")


def test_social_worker_setting_their_own_pick_needs_nobody_else():
    story = READY.under(outcome_agreement="social_worker")

    answer = story.when(EARLY, by=SOCIAL_WORKER)

    assert types(answer.events) == ["outcome.proposed", "outcome.endorsed"]
    assert answer.events[-1] == ev.OutcomeEndorsed("social_worker")
    assert answer.referral.state == "outcome_agreed"
    assert answer.referral.pick is not None
    assert answer.referral.pick.agreed_by == SOCIAL_WORKER


def test_social_worker_setting_a_reps_pick_still_waits_for_one():
    story = READY.under(outcome_agreement="social_worker")

    picked = story.when(EARLY, by=LEAD).story

    assert picked.referral.state == "outcome_proposed"
    picked.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).then(ev.OutcomeEndorsed("social_worker"))


def test_none_setting_any_pick_is_agreed_in_the_same_decision():
    answer = READY.under(outcome_agreement="none").when(EARLY, by=LEAD)

    assert types(answer.events) == ["outcome.proposed", "outcome.endorsed"]
    assert answer.events[-1] == ev.OutcomeEndorsed("none")


@pytest.mark.parametrize("command", [SOCIAL_CARE, IMMEDIATE])
def test_agreeing_social_care_or_immediate_needs_the_strategy_note(command):
    picked = READY.when(command, by=LEAD).story

    picked.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).then_refused("strategy_needed")
    answer = picked.when(cmd.EndorseOutcome(strategy=NOTE), by=SOCIAL_WORKER)
    assert types(answer.events) == ["strategy.considered", "outcome.endorsed"]
    noted = picked.when(NOTE, by=MANAGER).story
    assert types(noted.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).events) == ["outcome.endorsed"]


def test_early_help_needs_no_strategy_note():
    assert PICKED.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).events


def test_the_strategy_note_is_owed_when_only_one_childs_outcome_needs_it():
    per_child = (("9900102", "social_care"),)
    picked = given(*proposed(TWO_CHILDREN, per_child=per_child))

    picked.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).then_refused("strategy_needed")
    assert picked.when(cmd.EndorseOutcome(strategy=NOTE), by=SOCIAL_WORKER).events


def test_an_empty_strategy_reason_does_not_count():
    picked = READY.when(SOCIAL_CARE, by=LEAD).story
    empty = cmd.EndorseOutcome(strategy=cmd.ConsiderStrategy(False, " "))
    picked.when(empty, by=SOCIAL_WORKER).then_refused("reason_needed")


def test_where_nobody_else_is_needed_the_strategy_note_is_owed_at_the_pick():
    alone = READY.under(outcome_agreement="none")
    with_note = cmd.ProposeOutcome("social_care", WHY, strategy=NOTE)

    alone.when(SOCIAL_CARE, by=SOCIAL_WORKER).then_refused("strategy_needed")
    answer = alone.when(with_note, by=SOCIAL_WORKER)
    assert types(answer.events) == ["strategy.considered", "outcome.proposed", "outcome.endorsed"]
    assert alone.when(NOTE, by=MANAGER).story.when(SOCIAL_CARE, by=LEAD).events


def test_a_rep_cannot_write_the_strategy_note_with_their_pick():
    with_note = cmd.ProposeOutcome("social_care", WHY, strategy=NOTE)
    READY.when(with_note, by=LEAD).then_refused("not_allowed", event="strategy.considered")


@pytest.mark.parametrize(
    ("clock", "in_time"), [("09:30", True), ("09:34", True), ("09:35", True), ("09:36", False)]
)
def test_a_pick_is_undone_within_five_minutes_and_not_after(clock, in_time):
    answer = PICKED.when(cmd.UndoOutcome("Wrong one"), by=LEAD, at=clock)

    if in_time:
        story = answer.then(ev.OutcomeUndone("Wrong one"))
        assert story.referral.state == "in_discussion"
        assert story.referral.pick is None
    else:
        answer.then_refused("too_late_to_undo")


def test_only_the_picker_undoes_their_pick():
    for who in (SOCIAL_WORKER, MANAGER, POLICE):
        PICKED.when(cmd.UndoOutcome(), by=who, at="09:31").then_refused("not_allowed")
    by_worker = given(*proposed(by=SOCIAL_WORKER))
    by_worker.when(cmd.UndoOutcome(), by=SOCIAL_WORKER, at="09:31").then(ev.OutcomeUndone())
    by_worker.when(cmd.UndoOutcome(), by=LEAD, at="09:31").then_refused("not_allowed")


def test_an_agreed_outcome_is_not_undone():
    given(*agreed()).when(cmd.UndoOutcome(), by=LEAD, at="09:34").then_refused("wrong_state")


def test_after_undoing_another_outcome_may_be_picked():
    story = PICKED.when(cmd.UndoOutcome(), by=LEAD, at="09:31").story
    answer = story.when(SOCIAL_CARE, by=LEAD, at="09:32")
    assert answer.referral.pick is not None
    assert answer.referral.pick.code == "social_care"


def test_handing_over_needs_a_named_person_who_accepts_and_a_reason():
    story = given(*in_discussion())

    def over(to: str = "edt", accepted_by: str = "Sam", reason: str = "Closing time"):
        return story.when(cmd.HandOverReferral(to, accepted_by, reason), by=MANAGER, at="16:40")

    over(to="the moon").then_refused("unknown_choice")
    over(accepted_by=" ").then_refused("nobody_accepted")
    over(reason="").then_refused("reason_needed")
    after = over().referral
    assert after.state == "handed_over"
    assert after.handover is not None
    assert (after.handover.accepted_by, after.handover.at) == ("Sam", at("16:40"))


def test_a_referral_handed_over_is_still_owed_feedback():
    story = given(*handed_over())
    assert story.referral.live
    assert not story.referral.feedback_done
    assert story.when(cmd.SendFeedback("phone", "We have passed this on."), by=LEAD).events


def test_an_unconfirmed_case_number_cannot_have_an_outcome_of_its_own():
    form = intake(children=(Child("9900101", "5_to_9"), Child("to follow", "1_to_4")))
    story = given(*planned(form))
    pick = cmd.ProposeOutcome("ehu", WHY, (("to follow", "social_care"),))
    story.when(pick, by=LEAD).then_refused("unknown_choice")


def test_a_later_plan_does_not_change_when_the_outcome_was_picked():
    later = PICKED.when(cmd.SavePlan((action(), action("Ring the nurse on Friday"))), by=LEAD).story
    assert later.referral.pick == PICKED.referral.pick
    assert later.log[-1] == did(
        ev.PlanSaved((action(), action("Ring the nurse on Friday")), "", ""), LEAD, "10:00"
    )
