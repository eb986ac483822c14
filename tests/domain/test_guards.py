"""Each condition of the agreed table, and how it is refused where it does not hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.partnership import BOT, Today

from .story import (
    FEEDBACK,
    HEALTH,
    LEAD,
    MANAGER,
    MASHO,
    MONDAY,
    POLICE,
    SOCIAL_WORKER,
    TUESDAY,
    UNSEEN_CHILD,
    Story,
    action,
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
    planned,
    proposed,
    second,
)
from .test_transitions import FILE, MUM_RANG, OF_THE_DESK, TABLE

NOBODY, BRIEFED, LED = given(), given(*briefed()), given(*in_discussion())
PLANNED, PICKED, AGREED = given(*planned()), given(*proposed()), given(*agreed())
CLOSED, OVER = given(*closed()), given(*handed_over())
OFFERED = LED.when(cmd.OfferLead(HEALTH, "Niamh knows the family"), by=LEAD).story
URGENT = given(*briefed(), flagged())
TOLD_BEFORE_AGREED = given(*proposed(), did(FEEDBACK, LEAD, "09:31"))
WHY = "He needs warm mornings; mum agrees."
EHU = cmd.ProposeOutcome("ehu", WHY)
ANOTHER_CHILD = second(intake(children=(Child("9900199", "5_to_9"),)))
TOO_LATE = dt.date(2026, 12, 9)
"""The eleventh working day after the first test day."""


@dataclass(frozen=True)
class Guard:
    event: str
    clause: str
    story: Story
    command: cmd.Command
    by: str
    code: str
    at: str = "10:00"
    day: dt.date = TUESDAY

    def __str__(self) -> str:
        return f"{self.event}: {self.clause}"


def posted(clock: str = "09:00", day: dt.date = TUESDAY, **answers: object) -> cmd.SubmitIntake:
    return cmd.SubmitIntake(replace(intake(**answers), received_at=at(clock, day)))


def line(agency: str, known: str = "not_known", source: str = "thread") -> cmd.AddContribution:
    return cmd.AddContribution(agency, known, source=source)


PAUSED = NOBODY.on(Today(paused="No heating"))
AWAY = BRIEFED.on(Today(absent=frozenset({POLICE}), called=True))
MANAGERLESS = BRIEFED.under(
    people=tuple(p for p in BRIEFED.partnership.people if p.role != "duty_manager")
)
NO_NEEDS, NOT_ASKED = given(*planned(intake(needs=()))), given(*planned(intake(told_family="")))
CARE = cmd.ProposeOutcome("social_care", WHY)
WORKERS_PICK = PLANNED.when(EHU, by=SOCIAL_WORKER).story
CARE_PICK = PLANNED.when(CARE, by=LEAD).story
OWN_LINE = LED.when(line("police"), by=POLICE).story
MUM = given(*agreed(), MUM_RANG)
MUM_BY_MANAGER = given(
    *MUM.log, did(ev.LeadHandedOver(MANAGER, LEAD, "Femi is off"), MANAGER, "09:50")
)
THANKS = cmd.SendFeedback("phone", "Thank you")
HELD = cmd.RecordStrategyHeld(("social_care", "police", "health"), "", "Mosaic")
NAMELESS = action(owner="", owner_name="")
FIND = cmd.MergeReferral(other(ANOTHER_CHILD))

GUARDS = [
    Guard(
        "intake.submitted", "open hours", NOBODY, posted("17:05"), MASHO, "out_of_hours", "17:06"
    ),
    Guard(
        "intake.submitted",
        "test day",
        NOBODY,
        posted(day=MONDAY),
        MASHO,
        "not_a_test_day",
        day=MONDAY,
    ),
    Guard("intake.submitted", "not paused", PAUSED, posted(), MASHO, "paused"),
    Guard("intake.submitted", "required fields", NOBODY, posted(district=""), MASHO, "answers"),
    Guard("lead.claimed", "on today's roll", AWAY, cmd.ClaimLead(), POLICE, "not_on_roll"),
    Guard("lead.claimed", "no lead yet", LED, cmd.ClaimLead(), POLICE, "already_claimed"),
    Guard("lead.claimed", "immediate", URGENT, cmd.ClaimLead(), POLICE, "immediate_lead"),
    Guard("lead.assigned", "reason", LED, cmd.AssignLead(POLICE), MANAGER, "reason_needed"),
    Guard(
        "lead.defaulted",
        "duty manager becomes lead",
        MANAGERLESS,
        cmd.DefaultLead(),
        BOT.id,
        "no_duty_manager",
    ),
    Guard("lead.handed_over", "accepts", OFFERED, cmd.AcceptLead(), LEAD, "not_accepted"),
    Guard(
        "lead.handed_over",
        "new lead accepts",
        OFFERED,
        cmd.AcceptLead(),
        MANAGER,
        "not_accepted_by_them",
    ),
    Guard("lead.handed_over", "offered", LED, cmd.AcceptLead(), MANAGER, "no_offer"),
    Guard(
        "lead.handover_offered", "reason", LED, cmd.OfferLead(HEALTH, " "), LEAD, "reason_needed"
    ),
    Guard("contribution.added", "own agency", LED, line("health"), POLICE, "not_your_agency"),
    Guard(
        "contribution.added",
        "absent (duty manager)",
        LED,
        line("police", "no_rep_today"),
        POLICE,
        "only_duty_manager_marks_absent",
    ),
    Guard(
        "contribution.added",
        "a named agency",
        LED,
        line("circus", source="room"),
        POLICE,
        "unknown_choice",
    ),
    Guard(
        "contribution.confirmed",
        "own agency's line",
        LED,
        cmd.ConfirmContribution("health"),
        POLICE,
        "not_your_line",
    ),
    Guard(
        "contribution.confirmed",
        "logged by someone else",
        OWN_LINE,
        cmd.ConfirmContribution("police"),
        POLICE,
        "nothing_to_confirm",
    ),
    Guard(
        "immediate.stood_down",
        "reason",
        URGENT,
        cmd.StandDownImmediate(" "),
        SOCIAL_WORKER,
        "reason_needed",
    ),
    Guard("assessment.notified", "flag set", LED, cmd.NotifyAssessment(), POLICE, "flag_first"),
    Guard(
        "assessment.acknowledged",
        "name",
        URGENT,
        cmd.AcknowledgeAssessment(" "),
        POLICE,
        "name_needed",
    ),
    Guard(
        "strategy.considered",
        "reason",
        LED,
        cmd.ConsiderStrategy(True, " "),
        SOCIAL_WORKER,
        "reason_needed",
    ),
    Guard(
        "strategy.held",
        "social care, police and health",
        LED,
        replace(HELD, attended=("social_care", "police")),
        SOCIAL_WORKER,
        "strategy_attendance",
    ),
    Guard(
        "strategy.held",
        "decision recorded",
        LED,
        replace(HELD, decision_recorded_on=" "),
        SOCIAL_WORKER,
        "strategy_where_recorded",
    ),
    Guard("plan.saved", "at least one action", LED, cmd.SavePlan(()), LEAD, "plan_empty"),
    Guard("plan.saved", "with owner", LED, cmd.SavePlan((NAMELESS,)), LEAD, "plan_empty"),
    Guard(
        "disagreement.recorded",
        "reason",
        LED,
        cmd.RecordDisagreement(" "),
        POLICE,
        "reason_needed",
    ),
    Guard(
        "outcome.proposed",
        "rationale",
        PLANNED,
        cmd.ProposeOutcome("ehu", " "),
        LEAD,
        "before_outcome",
    ),
    Guard("outcome.proposed", "needs confirmed", NO_NEEDS, EHU, LEAD, "before_outcome"),
    Guard("outcome.proposed", "plan saved", LED, EHU, LEAD, "before_outcome"),
    Guard("outcome.proposed", "family known answered", NOT_ASKED, EHU, LEAD, "before_outcome"),
    Guard(
        "outcome.undone",
        "within 5 minutes",
        PICKED,
        cmd.UndoOutcome(),
        LEAD,
        "too_late_to_undo",
        "09:36",
    ),
    Guard(
        "outcome.undone",
        "before feedback",
        TOLD_BEFORE_AGREED,
        cmd.UndoOutcome(),
        LEAD,
        "too_late_to_undo",
        "09:32",
    ),
    Guard(
        "outcome.endorsed",
        "who may agree",
        WORKERS_PICK,
        cmd.EndorseOutcome(),
        SOCIAL_WORKER,
        "second_person",
    ),
    Guard(
        "outcome.endorsed",
        "strategy note",
        CARE_PICK,
        cmd.EndorseOutcome(),
        SOCIAL_WORKER,
        "strategy_needed",
    ),
    Guard("outcome.corrected", "reason", AGREED, cmd.CorrectOutcome(" "), LEAD, "correct_reason"),
    Guard(
        "outcome.corrected",
        "within 10 working days",
        CLOSED,
        cmd.CorrectOutcome("Mum moved", "social_care"),
        LEAD,
        "closed_too_long",
        day=TOO_LATE,
    ),
    Guard(
        "feedback.not_possible",
        "reason",
        AGREED,
        cmd.FeedbackCannotBeGiven(" "),
        LEAD,
        "reason_needed",
    ),
    Guard("feedback.sent", "text passes the check", MUM, THANKS, LEAD, "check_first"),
    Guard(
        "feedback.checked",
        "not the sender",
        MUM_BY_MANAGER,
        cmd.CheckFeedback("Thank you"),
        MANAGER,
        "checker_is_sender",
    ),
    Guard(
        "feedback.checked",
        "where the level says so",
        AGREED,
        cmd.CheckFeedback("Thank you"),
        SOCIAL_WORKER,
        "no_check_needed",
    ),
    Guard(
        "feedback.passed",
        "reason",
        AGREED,
        cmd.PassFeedback("Thank you", " "),
        MANAGER,
        "reason_needed",
    ),
    Guard("feedback.sent", "text", AGREED, cmd.SendFeedback("phone", " "), LEAD, "text_needed"),
    Guard(
        "casenote.exported",
        "one note per child",
        given(*agreed(UNSEEN_CHILD)),
        cmd.ConfirmNotes(),
        LEAD,
        "ids_to_follow",
    ),
    Guard("referral.reopened", "reason", CLOSED, cmd.ReopenReferral(" "), LEAD, "reason_needed"),
    Guard(
        "referral.reopened",
        "within 10 working days",
        CLOSED,
        cmd.ReopenReferral("Away again"),
        LEAD,
        "closed_too_long",
        day=TOO_LATE,
    ),
    Guard("referral.merged", "same child", BRIEFED, FIND, MASHO, "different_children"),
    Guard(
        "referral.merged",
        "into another",
        BRIEFED,
        cmd.MergeReferral(other(BRIEFED)),
        MASHO,
        "same_referral",
    ),
    Guard(
        "referral.withdrawn",
        "within 15 minutes",
        BRIEFED,
        cmd.WithdrawReferral("Wrong child"),
        MASHO,
        "withdraw_late",
        "09:22",
    ),
    Guard(
        "referral.withdrawn",
        "in error or wrong child: says which",
        BRIEFED,
        cmd.WithdrawReferral(" "),
        MANAGER,
        "reason_needed",
    ),
    Guard(
        "referral.handed_over",
        "named person has accepted",
        LED,
        cmd.HandOverReferral("edt", " ", "Closing time"),
        MANAGER,
        "nobody_accepted",
    ),
    Guard(
        "referral.handed_over",
        "reason",
        LED,
        cmd.HandOverReferral("edt", "Sam at EDT", " "),
        MANAGER,
        "reason_needed",
    ),
    Guard(
        "outcome.recorded_elsewhere",
        "an outcome",
        OVER,
        cmd.RecordElsewhere("the moon"),
        MASHO,
        "unknown_choice",
    ),
    Guard(
        "intake.amended",
        "intake fields",
        BRIEFED,
        cmd.AmendIntake({"received_at": at("08:40")}),
        MASHO,
        "unknown_choice",
    ),
    Guard(
        "identity.told",
        "names the person told",
        BRIEFED,
        cmd.TellIdentity("nobody-9"),
        MASHO,
        "unknown_choice",
    ),
    Guard(
        "message.filed",
        "fact, view or decision",
        LED,
        replace(FILE, filed_as="rumour"),
        MASHO,
        "unknown_choice",
    ),
    Guard("message.filed", "a message", LED, replace(FILE, text=" "), MASHO, "nothing_to_file"),
    Guard("action.done", "of the plan", AGREED, cmd.MarkActionDone(1), LEAD, "no_such_action"),
    Guard(
        "action.done", "of the plan, before", AGREED, cmd.MarkActionDone(-1), LEAD, "no_such_action"
    ),
    Guard(
        "referral.linked",
        "same child",
        BRIEFED,
        cmd.LinkReferral(other(ANOTHER_CHILD)),
        MASHO,
        "link_different",
    ),
    Guard(
        "referral.linked",
        "another referral",
        BRIEFED,
        cmd.LinkReferral(other(BRIEFED)),
        MASHO,
        "same_referral",
    ),
]

NOTHING_TO_REFUSE = {
    "immediate.flagged",  # never refused to the duty team
    "referral.closed",  # comes by itself once its condition holds
    "identity.asked",
    "history.viewed",
    *OF_THE_DESK,
}


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_a_condition_that_does_not_hold_is_refused(guard):
    answer = guard.story.when(guard.command, by=guard.by, at=guard.at, day=guard.day)
    answer.then_refused(guard.code)


def test_every_condition_of_the_agreed_table_is_held_here():
    conditional = {event for event, row in TABLE.items() if row["guard"]}
    assert conditional - NOTHING_TO_REFUSE == {g.event for g in GUARDS}


@pytest.mark.parametrize(
    ("story", "command", "missing"),
    [(NO_NEEDS, EHU, "needs"), (LED, EHU, "plan"), (NOT_ASKED, EHU, "told_family")],
)
def test_what_is_missing_before_an_outcome_is_named(story, command, missing):
    story.when(command, by=LEAD).then_refused("before_outcome", missing=missing)


def test_who_rang_the_police_is_named():
    nobody = cmd.RecordPoliceContact("", " ", at("09:20"))
    LED.when(nobody, by=MASHO).then_refused("who_rang_needed")
