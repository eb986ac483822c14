"""Two referrals about the same children: merged, linked, noticed. And one withdrawn."""

from dataclasses import replace

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.pairs import children_of_both
from bot.domain.partnership import BOT
from bot.domain.timers import due_list
from bot.domain.vocabulary import TO_FOLLOW, State

from .story import (
    ASSESSMENT,
    BY_STATE,
    EARLY_HELP,
    FEEDBACK,
    LEAD,
    MANAGER,
    MASHO,
    POLICE,
    POLICE_CALL,
    REFERENCE,
    SECOND_REFERENCE,
    SHARED,
    SOCIAL_WORKER,
    UNSEEN_CHILD,
    WEDNESDAY,
    Story,
    agreed,
    at,
    briefed,
    closed,
    did,
    flagged,
    given,
    handed_over,
    in_discussion,
    intake,
    other,
    proposed,
    second,
    taking_in,
)

SCHOOL = given(*briefed())
POLICE_RANG = second()
INTO_SCHOOL = cmd.MergeReferral(other(SCHOOL))
MERGED = POLICE_RANG.when(INTO_SCHOOL, by=MASHO, at="09:20").story


def took_in(survivor: Story, one: Story = MERGED, clock: str = "09:20") -> Story:
    return survivor.when(taking_in(one), by=BOT.id, at=clock).story


BOTH = took_in(SCHOOL)


def grown(story: Story, *more: ev.Recorded) -> Story:
    return replace(story, log=(*story.log, *more))


def test_a_merge_is_logged_on_the_one_that_goes_on_elsewhere():
    story = POLICE_RANG.when(INTO_SCHOOL, by=MASHO).then(ev.ReferralMerged(REFERENCE, "case-1"))

    assert story.referral.state == "merged"
    assert not story.referral.live
    assert story.referral.merged_into is not None
    assert (story.referral.merged_into.case_id, story.referral.merged_into.by) == ("case-1", MASHO)


def test_merging_again_into_the_same_changes_nothing():
    MERGED.when(INTO_SCHOOL, by=MASHO).then()


@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED, State.WITHDRAWN, State.DRAFT])
def test_nothing_is_merged_into_what_has_ended(state):
    into = cmd.MergeReferral(replace(other(SCHOOL), state=state))
    POLICE_RANG.when(into, by=MASHO).then_refused("merge_ended", ref=REFERENCE)


def test_different_children_are_not_merged_unless_an_id_is_to_follow():
    stranger = given(*briefed(intake(children=(Child("9900199", "5_to_9"),))))
    unseen = given(*briefed(UNSEEN_CHILD))

    POLICE_RANG.when(cmd.MergeReferral(other(stranger)), by=MASHO).then_refused(
        "different_children"
    )
    assert POLICE_RANG.when(cmd.MergeReferral(other(unseen)), by=MASHO).events


def test_an_outcome_already_suggested_is_not_merged_away():
    suggested = given(*proposed())
    suggested.when(cmd.MergeReferral(other(POLICE_RANG)), by=MASHO).then_refused("wrong_state")


def test_the_earlier_call_stands():
    assert BOTH.referral.asked.received_at == at("09:00")

    earlier = second(replace(POLICE_CALL, received_at=at("08:45")))
    assert took_in(SCHOOL, earlier).referral.asked.received_at == at("08:45")


def test_the_one_that_goes_on_has_every_child_and_keeps_its_own_answers():
    assert BOTH.referral.asked.mosaic_ids == ("9900101", "9900102")
    assert BOTH.referral.asked.seen_heard == SCHOOL.referral.asked.seen_heard
    assert BOTH.referral.state == "briefed"


FIVE, FIVE_TOO = Child("9900101", "5_to_9"), Child("9900102", "5_to_9")
ONE, UNSEEN, UNSEEN_ONE = (
    Child("9900103", "1_to_4"),
    Child(TO_FOLLOW, "5_to_9"),
    Child(TO_FOLLOW, "1_to_4"),
)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ((FIVE,), (FIVE,), (FIVE,)),
        ((FIVE,), (FIVE_TOO,), (FIVE, FIVE_TOO)),
        ((UNSEEN,), (FIVE,), (FIVE,)),
        ((FIVE,), (UNSEEN,), (FIVE,)),
        ((UNSEEN,), (UNSEEN,), (UNSEEN,)),
        ((UNSEEN,), (ONE,), (UNSEEN, ONE)),
        ((FIVE,), (UNSEEN_ONE,), (FIVE, UNSEEN_ONE)),
        ((FIVE,), (FIVE, UNSEEN), (FIVE, UNSEEN)),
        ((FIVE, UNSEEN), (FIVE, FIVE_TOO), (FIVE, FIVE_TOO)),
        ((UNSEEN, UNSEEN), (FIVE, UNSEEN), (FIVE, UNSEEN)),
        ((UNSEEN, ONE), (FIVE, UNSEEN_ONE), (FIVE, ONE)),
    ],
)
def test_every_child_is_there_once_and_a_known_id_fills_the_row_that_waits(mine, theirs, both):
    assert children_of_both(mine, theirs) == both


def test_both_callers_are_owed_an_answer_each_at_their_own_level():
    assert [c.reference for c in BOTH.referral.owed] == [REFERENCE, SECOND_REFERENCE]
    decided = grown(given(*agreed()), did(taking_in(MERGED).event, BOT.id, "09:45"))

    (sent,) = decided.when(
        cmd.SendFeedback("phone", "Thank you.", SECOND_REFERENCE), by=LEAD
    ).events
    assert isinstance(sent, ev.FeedbackSent)
    assert (sent.group, sent.for_ref) == ("police", SECOND_REFERENCE)


def test_it_closes_only_when_both_callers_have_heard():
    story = grown(given(*agreed()), did(taking_in(MERGED).event, BOT.id, "09:45"))
    story = story.when(cmd.ConfirmNotes(), by=LEAD).story
    first = story.when(cmd.SendFeedback("phone", "Thank you."), by=LEAD).story
    assert first.referral.state == "outcome_agreed"

    last = first.when(cmd.FeedbackCannotBeGiven("No number left", SECOND_REFERENCE), by=LEAD).story
    assert last.referral.state == "closed"


def test_nobody_is_told_of_a_caller_there_is_not():
    story = given(*agreed())
    story.when(cmd.SendFeedback("phone", "Hi", "REF-9"), by=LEAD).then_refused("no_such_caller")
    story.when(cmd.AmendIntake({"wants": "A call"}, for_ref="REF-9"), by=MASHO).then_refused(
        "no_such_caller"
    )


def test_the_merged_callers_own_answers_are_put_right_in_the_one_that_goes_on():
    fix = cmd.AmendIntake({"contact_method": "email"}, for_ref=SECOND_REFERENCE)
    story = BOTH.when(fix, by=MASHO).story

    own, theirs = story.referral.callers
    assert (own.intake.contact_method, theirs.intake.contact_method) == ("phone", "email")


def test_an_answer_of_the_merged_caller_put_right_keeps_what_it_was():
    fix = cmd.AmendIntake({"contact_method": "email"}, "Misheard", SECOND_REFERENCE)
    story = BOTH.when(fix, by=MASHO).story

    assert [(a.before, a.after) for a in story.referral.amendments] == [("phone", "email")]


def test_what_was_said_and_written_comes_along_in_the_order_it_was():
    said = cmd.AddContribution("police", "known", "Two call-outs", sharing=SHARED)
    police = POLICE_RANG.when(said, by=POLICE, at="09:25").story
    police = police.when(cmd.AddMessage("On my way", "m-2"), by=POLICE, at="09:26").story
    police = police.when(INTO_SCHOOL, by=MASHO, at="09:40").story
    school = SCHOOL.when(cmd.AddMessage("Nan is in", "m-1"), by=EARLY_HELP, at="09:20").story
    school = school.when(
        cmd.AddContribution("health", "not_checked", source="room"), by=EARLY_HELP, at="09:30"
    ).story

    after = took_in(school, police, "09:40").referral

    assert [m.text for m in after.messages] == ["Nan is in", "On my way"]
    lines = [(c.said.agency, c.by, c.at) for c in after.contributions]
    assert lines == [("police", POLICE, at("09:25")), ("health", EARLY_HELP, at("09:30"))]


def test_who_rang_the_police_comes_along():
    rang = cmd.RecordPoliceContact(POLICE, "", at("09:20"))
    police = POLICE_RANG.when(rang, by=POLICE, at="09:25").story
    police = police.when(INTO_SCHOOL, by=MASHO, at="09:40").story

    assert [c.rang_at for c in took_in(SCHOOL, police).referral.police] == [at("09:20")]


def test_a_disagreement_comes_along():
    police = POLICE_RANG.when(cmd.RecordDisagreement("Today, not tomorrow"), by=POLICE).story
    police = police.when(INTO_SCHOOL, by=MASHO, at="09:40").story

    after = took_in(SCHOOL, police).referral
    assert [d.text for d in after.disagreements] == ["Today, not tomorrow"]


def test_a_deleted_message_comes_along_as_its_tombstone():
    police = POLICE_RANG.when(cmd.AddMessage("Oops", "m-2"), by=POLICE).story
    police = police.when(cmd.RemoveMessage("m-2"), by=POLICE).story
    (message,) = took_in(SCHOOL, police).referral.messages
    assert message.removed_at is not None


def test_the_flag_goes_along_with_its_clocks():
    police = grown(
        POLICE_RANG,
        flagged("09:20"),
        did(ev.AssessmentNotified("Assessment Team A"), POLICE, "09:22"),
        did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:30"),
    )
    flag = took_in(SCHOOL, police).referral.immediate

    assert flag is not None
    assert (flag.flagged_at, flag.notified_at, flag.acknowledged_at) == (
        at("09:20"),
        at("09:22"),
        at("09:30"),
    )
    assert flag.acknowledged_by == "Helen C."


def test_a_flag_that_was_stood_down_stays_behind_and_a_standing_one_is_kept():
    down = grown(
        POLICE_RANG, flagged("09:20"), did(ev.ImmediateStoodDown("Safe"), MANAGER, "09:22")
    )
    assert not took_in(SCHOOL, down).referral.is_immediate

    urgent = grown(SCHOOL, flagged("09:10"))
    kept = took_in(urgent, grown(POLICE_RANG, flagged("09:20"))).referral.immediate
    assert kept is not None
    assert kept.flagged_at == at("09:10")


def chased(story: Story, kind: str) -> list[int]:
    return [
        d.level for d in due_list(story.referral, story.partnership, story.today) if d.kind == kind
    ]


def test_a_flag_that_comes_along_is_chased_from_its_first_level():
    calm = grown(
        SCHOOL,
        flagged("09:07"),
        did(ev.NudgeSent("immediate_not_taken", 1), BOT.id, "09:17"),
        did(ev.ImmediateStoodDown("He is with Nan"), MANAGER, "09:18"),
    )
    urgent = took_in(calm, grown(MERGED, flagged("09:21")), "09:22")

    assert urgent.referral.is_immediate
    assert 1 in chased(urgent, "immediate_not_taken")


def test_a_flag_raised_on_a_merged_referral_is_logged_there_and_passed_on():
    story = MERGED.when(cmd.FlagImmediate("Dad is back"), by=POLICE).then(
        ev.ImmediateFlagged("Dad is back")
    )
    assert story.referral.state == "merged"


def test_taking_in_twice_is_taking_in_once():
    BOTH.when(taking_in(MERGED), by=BOT.id).then()
    assert len(BOTH.referral.merged_callers) == 1


def test_only_the_bot_moves_one_referral_into_another():
    SCHOOL.when(taking_in(MERGED), by=MANAGER).then_refused("not_allowed")


@pytest.mark.parametrize(
    ("log", "state"),
    [
        (closed(), State.OUTCOME_AGREED),
        (
            (
                *handed_over(),
                did(FEEDBACK, LEAD, "10:00"),
                did(ev.CaseNoteExported(("9900101",)), LEAD, "10:05"),
                did(ev.ReferralClosed(), BOT.id, "10:05"),
            ),
            State.HANDED_OVER,
        ),
    ],
    ids=["closed", "closed elsewhere"],
)
def test_a_finished_referral_wakes_for_the_caller_it_takes_in(log, state):
    woken = took_in(given(*log), clock="10:30").referral

    assert woken.state is state
    assert woken.live
    assert (woken.closed_at, woken.withdrawn, woken.merged_into) == (None, None, None)
    assert SECOND_REFERENCE in [c.reference for c in woken.owed]


def test_a_withdrawn_referral_takes_nothing_in_and_the_merge_is_undone():
    gone = given(*BY_STATE[State.WITHDRAWN])
    gone.when(taking_in(MERGED), by=BOT.id).then_refused("wrong_state")

    back = given(*BY_STATE[State.MERGED]).when(cmd.UndoMerge(), by=BOT.id).referral
    assert back.live
    assert back.merged_into is None


def test_a_closed_referral_that_wakes_is_owed_the_new_childs_note_and_one_answer():
    woken = took_in(given(*closed()), clock="10:30")

    assert not woken.referral.notes_done
    assert [c.reference for c in woken.referral.owed] == [SECOND_REFERENCE]
    story = woken.when(
        cmd.SendFeedback("phone", "Thank you.", SECOND_REFERENCE), by=LEAD, at="10:40"
    ).story
    assert story.when(cmd.ConfirmNotes(), by=LEAD, at="10:41").referral.state == "closed"


def test_feedback_owed_anew_after_waking_is_chased_anew():
    late = given(
        *agreed(),
        did(ev.NudgeSent("feedback_due", 1), BOT.id, "10:00"),
        did(ev.NudgeSent("feedback_due", 2), BOT.id, "10:01"),
        *closed()[len(agreed()) :],
    )
    assert chased(took_in(late, clock="10:30"), "feedback_due")


def test_a_caller_who_comes_with_a_merge_after_all_reminders_is_chased_from_then():
    late = given(
        *agreed(),
        did(ev.NudgeSent("feedback_due", 1), BOT.id, "10:00"),
        did(ev.NudgeSent("feedback_due", 2), BOT.id, "10:01"),
        did(FEEDBACK, LEAD, "10:05"),
    )
    assert not chased(late, "feedback_due")
    merged = late.when(taking_in(MERGED), by=BOT.id, at="11:00", day=WEDNESDAY).story
    due = [d for d in due_list(merged.referral, late.partnership, late.today) if "due" in d.kind]
    assert [d.at for d in due] == [at("12:00", WEDNESDAY), at("13:00", WEDNESDAY)]


def test_two_merged_into_each_other_in_the_same_second_are_settled_in_the_earlier():
    school = SCHOOL.when(cmd.MergeReferral(other(POLICE_RANG)), by=MANAGER, at="09:20").story

    settled = took_in(school).referral

    assert settled.state == "briefed"
    assert settled.merged_into is None
    assert [c.reference for c in settled.owed] == [REFERENCE, SECOND_REFERENCE]
    assert MERGED.referral.state == "merged"


def test_the_one_that_took_the_other_in_is_not_merged_back_into_it():
    stale = cmd.MergeReferral(other(POLICE_RANG))
    BOTH.when(stale, by=MANAGER).then_refused("merge_ended", ref=SECOND_REFERENCE)


def test_a_third_caller_is_owed_through_two_merges():
    third = given(
        *briefed(intake(referrer_group="gp"), "09:20", "REF-2026-00003"), case_id="case-3"
    )
    third = third.when(cmd.MergeReferral(other(POLICE_RANG)), by=MASHO).story
    police = took_in(POLICE_RANG, third).when(INTO_SCHOOL, by=MASHO).story

    owed = [c.reference for c in took_in(SCHOOL, police).referral.owed]

    assert owed == [REFERENCE, SECOND_REFERENCE, "REF-2026-00003"]


def test_a_merged_referral_takes_only_what_keeps_a_child_safe_or_the_thread_whole():
    for command in (cmd.ClaimLead(), cmd.AddMessage("Oh"), cmd.WithdrawReferral("Oops")):
        MERGED.when(command, by=MANAGER).then_refused("wrong_state")


def test_a_referral_is_linked_once_to_another_about_the_same_child():
    to = cmd.LinkReferral(other(POLICE_RANG))
    story = SCHOOL.when(to, by=MASHO).then(ev.ReferralLinked(SECOND_REFERENCE, "case-2"))

    assert [o.reference for o in story.referral.links] == [SECOND_REFERENCE]
    assert story.referral.state == "briefed"
    story.when(to, by=SOCIAL_WORKER).then()
    back = POLICE_RANG.when(cmd.LinkReferral(other(SCHOOL)), by=MASHO).story
    assert [o.reference for o in back.referral.links] == [REFERENCE]


def test_a_new_referral_is_linked_to_one_that_was_closed():
    assert POLICE_RANG.when(cmd.LinkReferral(other(given(*closed()))), by=MASHO).events


def test_the_bot_says_once_that_another_open_referral_names_the_same_child():
    saw = cmd.MatchReferral(other(SCHOOL))
    story = POLICE_RANG.when(saw, by=BOT.id).then(ev.ReferralMatched(REFERENCE, "case-1"))

    assert [o.reference for o in story.referral.matches] == [REFERENCE]
    story.when(saw, by=BOT.id).then()


def test_nothing_is_said_of_what_has_ended_or_was_taken_in():
    POLICE_RANG.when(cmd.MatchReferral(other(given(*closed()))), by=BOT.id).then()
    MERGED.when(cmd.MatchReferral(other(SCHOOL)), by=BOT.id).then()
    BOTH.when(cmd.MatchReferral(other(POLICE_RANG)), by=BOT.id).then()


WITHDRAW = cmd.WithdrawReferral("Typed on the wrong child")


@pytest.mark.parametrize(("clock", "in_time"), [("09:06", True), ("09:21", True), ("09:22", False)])
def test_the_masho_withdraws_within_fifteen_minutes(clock, in_time):
    answer = SCHOOL.when(WITHDRAW, by=MASHO, at=clock)

    if in_time:
        story = answer.then(ev.ReferralWithdrawn("Typed on the wrong child"))
        assert story.referral.state == "withdrawn"
        assert story.referral.withdrawn is not None
        assert story.referral.withdrawn.reason == "Typed on the wrong child"
    else:
        answer.then_refused("withdraw_late")


@pytest.mark.parametrize(
    "log", [briefed(), in_discussion(), proposed(), agreed()], ids=lambda log: str(len(log))
)
def test_a_duty_manager_withdraws_at_any_time(log):
    after = given(*log).when(WITHDRAW, by=MANAGER, at="16:55").referral
    assert after.state == "withdrawn"
    assert not after.live


def test_withdrawing_says_why_and_is_for_the_masho_or_a_duty_manager():
    SCHOOL.when(cmd.WithdrawReferral("  "), by=MANAGER).then_refused("reason_needed")
    for who in (POLICE, SOCIAL_WORKER):
        SCHOOL.when(WITHDRAW, by=who).then_refused("not_allowed")


def test_what_was_logged_before_withdrawing_is_still_in_the_log():
    story = SCHOOL.when(WITHDRAW, by=MANAGER).story
    assert story.log[: len(SCHOOL.log)] == SCHOOL.log


def test_the_caller_of_another_referral_is_not_withdrawn_with_this_one():
    BOTH.when(WITHDRAW, by=MANAGER).then_refused("withdraw_absorbed", others=SECOND_REFERENCE)
