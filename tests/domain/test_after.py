"""After an outcome: it is corrected, reopened, carried out, or made elsewhere."""

import datetime as dt

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.partnership import BOT, Today
from bot.domain.timers import due_list

from .story import (
    FEEDBACK,
    FRIDAY,
    LEAD,
    MANAGER,
    MASHO,
    PARTNERSHIP,
    POLICE,
    SOCIAL_WORKER,
    THURSDAY,
    TUESDAY,
    TWO_CHILDREN,
    Story,
    action,
    agreed,
    at,
    briefed,
    closed,
    did,
    given,
    handed_over,
    plan,
    proposed,
)

AGREED, CLOSED, OVER = given(*agreed()), given(*closed()), given(*handed_over())
TOLD = given(*agreed(), did(FEEDBACK, LEAD, "10:00"))
CORRECT = cmd.CorrectOutcome("Mum no longer agrees", "social_care", "Mum has moved away.")
NOTE = cmd.ConsiderStrategy(False, "No sign of significant harm")
REOPEN = cmd.ReopenReferral("He is away from school again")
TELL = cmd.SendFeedback("phone", "We looked again.")


def types(events: tuple[ev.Event, ...]) -> list[str]:
    return [e.TYPE for e in events]


def corrected(story: Story, clock: str = "11:00") -> Story:
    return story.when(CORRECT, by=LEAD, at=clock).story


@pytest.mark.parametrize("story", [AGREED, CLOSED], ids=["agreed", "closed"])
def test_a_correction_is_the_outcome_that_waits_for_agreement(story):
    after = story.when(CORRECT, by=LEAD, at="11:00").then(
        ev.OutcomeCorrected("social_care", "Mum has moved away.", "Mum no longer agrees")
    )

    assert after.referral.state == "outcome_proposed"
    assert after.referral.live
    assert not after.referral.agreed
    assert after.referral.pick is not None
    assert after.referral.pick.because == "Mum no longer agrees"


def test_what_it_replaced_is_kept_with_who_when_and_why():
    (past,) = corrected(AGREED).referral.past_picks

    assert (past.code, past.by, past.agreed_by, past.agreed_at) == (
        "ehu",
        LEAD,
        SOCIAL_WORKER,
        at("09:40"),
    )
    assert (past.ended, past.ended_by, past.ended_at, past.ended_reason) == (
        "corrected",
        LEAD,
        at("11:00"),
        "Mum no longer agrees",
    )


def test_a_correction_is_agreed_again_by_somebody_else():
    by_worker = AGREED.when(CORRECT, by=SOCIAL_WORKER).story

    by_worker.when(cmd.EndorseOutcome(strategy=NOTE), by=SOCIAL_WORKER).then_refused(
        "second_person"
    )
    assert by_worker.when(cmd.EndorseOutcome(strategy=NOTE), by=MANAGER).referral.agreed


def test_a_correction_to_social_care_owes_the_strategy_note_at_agreement():
    corrected(AGREED).when(cmd.EndorseOutcome(), by=SOCIAL_WORKER).then_refused("strategy_needed")


def test_where_nobody_else_is_needed_a_correction_is_agreed_with_its_strategy_note():
    alone = AGREED.under(outcome_agreement="none")
    with_note = cmd.CorrectOutcome("Mum has moved", "social_care", strategy=NOTE)

    alone.when(CORRECT, by=SOCIAL_WORKER).then_refused("strategy_needed")
    answer = alone.when(with_note, by=SOCIAL_WORKER)
    assert types(answer.events) == ["outcome.corrected", "strategy.considered", "outcome.endorsed"]
    assert answer.referral.state == "outcome_agreed"


@pytest.mark.parametrize("story", [TOLD, CLOSED], ids=["agreed", "closed"])
def test_a_caller_who_was_told_hears_again(story):
    again = corrected(story).when(cmd.EndorseOutcome(strategy=NOTE), by=MANAGER, at="11:10").story

    assert not again.referral.feedback_done
    assert [f.text for f in again.referral.feedback] == [FEEDBACK.text]
    told = again.when(TELL, by=LEAD, at="11:20").story
    assert told.referral.feedback_done
    assert [f.text for f in told.referral.feedback] == [FEEDBACK.text, "We looked again."]


def test_every_childs_note_is_confirmed_again_before_it_closes_again():
    story = corrected(given(*closed(TWO_CHILDREN)))
    story = story.when(cmd.EndorseOutcome(strategy=NOTE), by=MANAGER, at="11:10").story
    told = story.when(TELL, by=LEAD, at="11:20").story
    assert told.referral.state == "outcome_agreed"

    noted = told.when(cmd.ConfirmNotes(), by=LEAD, at="11:25")
    assert types(noted.events) == ["casenote.exported", "referral.closed"]


def test_what_is_not_said_anew_stays_as_it_stood():
    (fixed,) = AGREED.when(cmd.CorrectOutcome("A slip", rationale="Nan agrees."), by=LEAD).events
    assert fixed == ev.OutcomeCorrected("ehu", "Nan agrees.", "A slip")

    both = given(
        *proposed(TWO_CHILDREN, per_child=(("9900102", "social_care"),)),
        did(ev.OutcomeEndorsed("second_person"), MANAGER, "09:40"),
    )
    (kept,) = both.when(cmd.CorrectOutcome("A slip", rationale="x"), by=LEAD).events
    assert isinstance(kept, ev.OutcomeCorrected)
    assert kept.per_child == (("9900102", "social_care"),)
    (alike,) = both.when(cmd.CorrectOutcome("A slip", per_child=()), by=LEAD).events
    assert isinstance(alike, ev.OutcomeCorrected)
    assert alike.per_child == ()


def test_a_correction_says_why_and_stays_within_what_is_offered():
    AGREED.when(cmd.CorrectOutcome("  ", "social_care"), by=LEAD).then_refused("correct_reason")
    for code in ("no_further_action", "advice_at_contact"):
        AGREED.when(cmd.CorrectOutcome("x", code), by=LEAD).then_refused("unknown_choice")
    stranger = cmd.CorrectOutcome("x", per_child=(("9900199", "social_care"),))
    AGREED.when(stranger, by=LEAD).then_refused("unknown_choice")


def test_only_the_lead_or_a_senior_corrects():
    for who in (LEAD, SOCIAL_WORKER, MANAGER):
        assert AGREED.when(CORRECT, by=who).events
    for who in (POLICE, MASHO):
        AGREED.when(CORRECT, by=who).then_refused("not_allowed")


def test_an_outcome_not_agreed_yet_is_undone_and_not_corrected():
    given(*proposed()).when(CORRECT, by=LEAD).then_refused("wrong_state")


def test_a_correction_corrected_keeps_both():
    story = corrected(AGREED).when(cmd.EndorseOutcome(strategy=NOTE), by=MANAGER, at="11:10").story
    again = story.when(cmd.CorrectOutcome("She is back", "ehu"), by=LEAD, at="11:30").referral
    assert [p.code for p in again.past_picks] == ["ehu", "social_care"]


OVER_WITH_A_PICK = given(
    *proposed(),
    did(ev.ReferralHandedOver("edt", "Sam at EDT", "Closing time"), SOCIAL_WORKER, "16:50"),
    did(FEEDBACK, LEAD, "16:52"),
    did(ev.CaseNoteExported(("9900101",)), LEAD, "16:53"),
    did(ev.ReferralClosed(), BOT.id, "16:53"),
)


def test_a_suggestion_handed_over_before_anybody_agreed_it_is_not_corrected():
    assert OVER_WITH_A_PICK.referral.state == "closed"
    OVER_WITH_A_PICK.when(CORRECT, by=LEAD, at="16:55").then_refused("nothing_to_correct")


CLOSED_ON_CHRISTMAS_EVES_EVE = dt.date(2026, 12, 23)


def shut_on(day: dt.date) -> Story:
    return given(*closed()[:-1], did(ev.ReferralClosed(), BOT.id, "16:00", day))


@pytest.mark.parametrize("command", [REOPEN, CORRECT], ids=["reopen", "correct"])
@pytest.mark.parametrize(
    ("shut", "last", "first_too_late"),
    [
        (TUESDAY, dt.date(2026, 12, 8), dt.date(2026, 12, 9)),
        (THURSDAY, dt.date(2026, 12, 10), dt.date(2026, 12, 11)),
        (FRIDAY, dt.date(2026, 12, 11), dt.date(2026, 12, 12)),
        # The 25th, the 28th and the 1st are bank holidays.
        (CLOSED_ON_CHRISTMAS_EVES_EVE, dt.date(2027, 1, 11), dt.date(2027, 1, 12)),
    ],
    ids=str,
)
def test_ten_working_days_are_counted_over_weekends_and_bank_holidays(
    command, shut, last, first_too_late
):
    story = shut_on(shut)

    assert story.when(command, by=LEAD, at="23:00", day=last).events
    story.when(command, by=LEAD, at="00:30", day=first_too_late).then_refused("closed_too_long")


def test_reopened_it_is_talked_about_again_and_everything_is_owed_again():
    story = CLOSED.when(REOPEN, by=LEAD, at="14:00").then(
        ev.ReferralReopened("He is away from school again")
    )

    after = story.referral
    assert after.state == "in_discussion"
    assert (after.pick, after.closed_at, after.agreed) == (None, None, False)
    assert not after.feedback_done
    assert not after.notes_done
    assert after.reopened is not None
    assert (after.reopened.by, after.reopened.at) == (LEAD, at("14:00"))
    assert after.past_picks[-1].ended == "reopened"
    assert after.clock_starts_at == at("14:00")


def test_reopening_says_why_and_is_for_the_lead_or_a_senior():
    CLOSED.when(cmd.ReopenReferral(" "), by=LEAD).then_refused("reason_needed")
    for who in (SOCIAL_WORKER, MANAGER):
        assert CLOSED.when(REOPEN, by=who).events
    for who in (POLICE, MASHO):
        CLOSED.when(REOPEN, by=who).then_refused("not_allowed")


def test_a_caller_who_could_not_be_told_is_owed_an_answer_once_it_is_reopened():
    shut = AGREED.when(cmd.FeedbackCannotBeGiven("No answer"), by=LEAD).story
    shut = shut.when(cmd.ConfirmNotes(), by=LEAD).story

    assert shut.referral.state == "closed"
    assert not shut.when(REOPEN, by=LEAD).referral.feedback_done


def test_the_same_plan_saved_after_reopening_says_it_still_holds():
    same = plan()
    command = cmd.SavePlan(same.actions, same.next_step, same.family_view)

    AGREED.when(command, by=LEAD, at="09:20").then()
    back = CLOSED.when(REOPEN, by=LEAD).story
    back.when(command, by=LEAD).then(same).when(command, by=LEAD).then()


def test_what_is_reopened_and_was_never_led_gets_a_duty_manager_after_the_wait():
    log = (
        *briefed(),
        did(ev.ReferralHandedOver("edt", "Jo", "Closing"), SOCIAL_WORKER, "09:20"),
        did(FEEDBACK, MASHO, "09:30"),
        did(ev.CaseNoteExported(("9900101",)), MASHO, "09:31"),
        did(ev.ReferralClosed(), BOT.id, "09:31"),
    )
    back = given(*log).when(REOPEN, by=SOCIAL_WORKER).story
    assert back.referral.state == "in_discussion"
    due = due_list(back.referral, PARTNERSHIP, Today())
    assert [d.at for d in due if d.kind == "default_lead"] == [at("10:30")]
    back.when(cmd.DefaultLead(), by=BOT.id, at="10:30").then(ev.LeadDefaulted(MANAGER))


def test_an_outcome_made_elsewhere_is_recorded_and_not_the_duty_teams():
    story = OVER.when(cmd.RecordElsewhere("social_care"), by=MASHO, at="15:00").then(
        ev.OutcomeRecordedElsewhere("social_care")
    )

    assert story.referral.state == "handed_over"
    assert story.referral.elsewhere is not None
    assert (story.referral.elsewhere.code, story.referral.elsewhere.at) == (
        "social_care",
        at("15:00"),
    )
    assert not story.referral.agreed


def test_the_same_outcome_elsewhere_again_changes_nothing_and_another_takes_its_place():
    story = OVER.when(cmd.RecordElsewhere("social_care"), by=MASHO).story

    story.when(cmd.RecordElsewhere("social_care"), by=SOCIAL_WORKER).then()
    assert story.when(cmd.RecordElsewhere("ehu"), by=MANAGER).events
    AGREED.when(cmd.RecordElsewhere("ehu"), by=MASHO).then_refused("wrong_state")
    OVER.when(cmd.RecordElsewhere("ehu"), by=LEAD).then_refused("not_allowed")


DONE = cmd.MarkActionDone(0)


@pytest.mark.parametrize("story", [AGREED, CLOSED], ids=["agreed", "closed"])
def test_an_action_is_done_once(story):
    done = story.when(DONE, by=POLICE, at="15:00").then(ev.ActionDone(0))

    assert [(d.action, d.by, d.at) for d in done.referral.done_actions] == [
        (action(), POLICE, at("15:00"))
    ]
    done.when(DONE, by=LEAD).then()


def test_only_an_action_of_the_plan_is_done():
    for index in (-1, 1):
        AGREED.when(cmd.MarkActionDone(index), by=LEAD).then_refused("no_such_action")
    OVER.when(DONE, by=LEAD).then_refused("no_such_action")
    AGREED.when(DONE, by=MASHO).then_refused("not_allowed")


def test_actions_done_survive_a_plan_saved_again_in_another_order():
    visit, ring = action(), action("Ring the nurse on Friday morning")
    done = AGREED.when(DONE, by=LEAD).story

    later = done.when(cmd.SavePlan((ring, visit), "Ring us", "Mum agrees"), by=LEAD).story

    assert [d.action for d in later.referral.done_actions] == [visit]
    later.when(cmd.MarkActionDone(1), by=LEAD).then()
    later.when(DONE, by=LEAD).then(ev.ActionDone(0))


def test_actions_done_survive_reopening():
    back = CLOSED.when(DONE, by=LEAD).story.when(REOPEN, by=LEAD).referral
    assert [d.action for d in back.done_actions] == [action()]
