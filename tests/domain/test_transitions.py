"""The table of who may do what, and when, held against every state and every role."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Refused, Scene, check
from bot.domain.partnership import BOT
from bot.domain.transitions import TRANSITIONS, all_may, may
from bot.domain.vocabulary import Role, State

from .story import (
    ASSESSMENT,
    BY_STATE,
    FEEDBACK,
    HEAD_OF_SERVICE,
    HEALTH,
    LEAD,
    LEFT,
    MANAGER,
    MASHO,
    PARTNERSHIP,
    POLICE,
    RECORDS,
    SHARED,
    SOCIAL_WORKER,
    Story,
    action,
    at,
    did,
    flagged,
    given,
    intake,
    other,
    person,
    plan,
    second,
    taking_in,
)

STRANGER_OF_ROLE = {
    Role.MASHO: MASHO,
    Role.REP: POLICE,
    Role.DUTY_SOCIAL_WORKER: SOCIAL_WORKER,
    Role.DUTY_MANAGER: MANAGER,
    Role.ASSESSMENT_TEAM: ASSESSMENT,
    Role.MANAGER: HEAD_OF_SERVICE,
    Role.RECORDS_OFFICER: RECORDS,
    Role.BOT: BOT.id,
    Role.NONE: LEFT,
}
"""One person of each role who neither leads these stories nor picked their outcome."""

TABLE: dict[str, dict[str, Any]] = {
    row["event"]: row
    for row in json.loads(Path(__file__).with_name("transitions.json").read_text("utf-8"))
}
"""The agreed table: each event's states, where it leads, who may, and on what condition."""

OF_THE_BOT_ALONE = {
    "feedback.asked",
    "feedback.held",
    "survey.asked",
    "feedback.tried",
    "feedback.email_started",
    "feedback.email_failed",
    "message.revised",
    "message.removed",
    "casenote.opened",
    "referral.matched",
    "referral.linked_from",
    "referral.unmerged",
    "referral.absorbed",
    "hold.placed",
    "hold.lifted",
    "words.erased",
}
OF_THE_DESK = {"roll.called", "test.paused", "test.resumed"}
ANSWERED_AND_NOT_LOGGED = {"claim.refused"}

PICK_EHU = cmd.ProposeOutcome("ehu", "He needs warm mornings; mum agrees.")


@dataclass(frozen=True)
class Ready:
    """A command that passes in the given state, and who gives it; `last` happened just before."""

    command: cmd.Command
    by: str
    state: State
    flag_first: bool = False
    last: tuple[ev.Recorded, ...] = ()

    def story(self, state: State | None = None) -> Story:
        log = BY_STATE[self.state if state is None else state]
        posted = len(BY_STATE[State.BRIEFED])
        flag = (flagged(),) if self.flag_first and log else ()
        last = self.last if log else ()
        return given(*log[:posted], *flag, *log[posted:], *last)


OFFERED = did(ev.LeadHandoverOffered(HEALTH, "Niamh knows the family"), LEAD, "09:30")
LOGGED_FOR_POLICE = did(
    ev.ContributionAdded("police", "known", "Two call-outs", on_behalf=True, sharing=SHARED),
    LEAD,
    "09:30",
)
WRITTEN = did(ev.MessageAdded("On my way down", "police", "m-1"), POLICE, "09:30")
MUM_RANG = did(ev.IntakeAmended({"referrer_group": "parent_carer"}), MASHO, "09:30")
ON_HOLD = did(ev.HoldPlaced("A court asked"), RECORDS, "09:30")
TOLD = did(FEEDBACK, LEAD, "09:55")
FILE = cmd.FileMessage("fact", "He slept at Nan's.", POLICE, "", "m-9", at("09:25"))


READY: dict[str, Ready] = {
    "intake.submitted": Ready(cmd.SubmitIntake(intake()), MASHO, State.DRAFT),
    "intake.amended": Ready(cmd.AmendIntake({"wants": "A call back"}), MASHO, State.BRIEFED),
    "briefing.posted": Ready(cmd.RecordBriefing("19:c", "m", "https://s"), BOT.id, State.BRIEFED),
    "lead.claimed": Ready(cmd.ClaimLead(), POLICE, State.BRIEFED),
    "lead.assigned": Ready(cmd.AssignLead(POLICE, "Knows them"), MANAGER, State.BRIEFED),
    "lead.defaulted": Ready(cmd.DefaultLead(), BOT.id, State.BRIEFED),
    "lead.handover_offered": Ready(
        cmd.OfferLead(HEALTH, "Niamh knows the family"), MANAGER, State.IN_DISCUSSION
    ),
    "lead.handed_over": Ready(cmd.AcceptLead(), HEALTH, State.IN_DISCUSSION, last=(OFFERED,)),
    "contribution.added": Ready(
        cmd.AddContribution("police", "not_known"), POLICE, State.IN_DISCUSSION
    ),
    "contribution.confirmed": Ready(
        cmd.ConfirmContribution("police"), POLICE, State.IN_DISCUSSION, last=(LOGGED_FOR_POLICE,)
    ),
    "message.filed": Ready(FILE, MASHO, State.IN_DISCUSSION),
    "message.revised": Ready(
        cmd.ReviseMessage("m-1", "On my way up"), POLICE, State.IN_DISCUSSION, last=(WRITTEN,)
    ),
    "message.removed": Ready(
        cmd.RemoveMessage("m-1"), POLICE, State.IN_DISCUSSION, last=(WRITTEN,)
    ),
    "police.contact_recorded": Ready(
        cmd.RecordPoliceContact(POLICE, "", at("09:20")), MASHO, State.BRIEFED
    ),
    "disagreement.recorded": Ready(
        cmd.RecordDisagreement("He should be seen today"), POLICE, State.OUTCOME_AGREED
    ),
    "message": Ready(cmd.AddMessage("On my way down"), POLICE, State.IN_DISCUSSION),
    "nudge.sent": Ready(cmd.SendNudge("claim", 1), BOT.id, State.BRIEFED),
    "immediate.flagged": Ready(cmd.FlagImmediate(), POLICE, State.IN_DISCUSSION),
    "immediate.stood_down": Ready(
        cmd.StandDownImmediate("He is with Nan"), SOCIAL_WORKER, State.IN_DISCUSSION, True
    ),
    "assessment.notified": Ready(cmd.NotifyAssessment(), POLICE, State.IN_DISCUSSION, True),
    "assessment.acknowledged": Ready(
        cmd.AcknowledgeAssessment("Helen C."), ASSESSMENT, State.IN_DISCUSSION, True
    ),
    "strategy.considered": Ready(
        cmd.ConsiderStrategy(False, "No significant harm"), SOCIAL_WORKER, State.OUTCOME_PROPOSED
    ),
    "strategy.held": Ready(
        cmd.RecordStrategyHeld(("social_care", "police", "health"), "", "Mosaic"),
        SOCIAL_WORKER,
        State.OUTCOME_PROPOSED,
    ),
    "plan.saved": Ready(
        cmd.SavePlan((action("Ring mum before school tomorrow"),)), MANAGER, State.IN_DISCUSSION
    ),
    "outcome.proposed": Ready(PICK_EHU, SOCIAL_WORKER, State.IN_DISCUSSION),
    "outcome.undone": Ready(cmd.UndoOutcome(), LEAD, State.OUTCOME_PROPOSED),
    "outcome.endorsed": Ready(cmd.EndorseOutcome(), SOCIAL_WORKER, State.OUTCOME_PROPOSED),
    "outcome.corrected": Ready(
        cmd.CorrectOutcome("Mum no longer agrees", "social_care"), MANAGER, State.OUTCOME_AGREED
    ),
    "outcome.recorded_elsewhere": Ready(
        cmd.RecordElsewhere("social_care"), MASHO, State.HANDED_OVER
    ),
    "action.done": Ready(
        cmd.MarkActionDone(0), POLICE, State.OUTCOME_AGREED, last=(did(plan(), LEAD, "09:30"),)
    ),
    "feedback.asked": Ready(cmd.AskMashoToRing("Thank you"), MANAGER, State.OUTCOME_AGREED),
    "feedback.held": Ready(
        cmd.HoldFeedback("Thank you"), LEAD, State.OUTCOME_AGREED, last=(MUM_RANG,)
    ),
    "feedback.checked": Ready(
        cmd.CheckFeedback("Thank you"), SOCIAL_WORKER, State.OUTCOME_AGREED, last=(MUM_RANG,)
    ),
    "feedback.passed": Ready(
        cmd.PassFeedback("Thank you", "They know already"), MANAGER, State.OUTCOME_AGREED
    ),
    "feedback.sent": Ready(cmd.SendFeedback("phone", "Thank you"), MASHO, State.OUTCOME_AGREED),
    "feedback.email_started": Ready(
        cmd.StartFeedbackEmail("Thank you"), MASHO, State.OUTCOME_AGREED
    ),
    "feedback.tried": Ready(cmd.TryFeedbackAgain(at("11:00")), MASHO, State.OUTCOME_AGREED),
    "feedback.not_possible": Ready(
        cmd.FeedbackCannotBeGiven("No number left"), MANAGER, State.OUTCOME_AGREED
    ),
    "survey.asked": Ready(cmd.AskSurvey(""), MASHO, State.OUTCOME_AGREED, last=(TOLD,)),
    "casenote.exported": Ready(cmd.ConfirmNotes(), MASHO, State.OUTCOME_AGREED),
    "casenote.opened": Ready(cmd.OpenNotes("text"), MASHO, State.OUTCOME_AGREED),
    "history.viewed": Ready(cmd.ViewHistory(), HEAD_OF_SERVICE, State.IN_DISCUSSION),
    "hold.placed": Ready(cmd.PlaceHold("A court asked"), RECORDS, State.BRIEFED),
    "hold.lifted": Ready(cmd.LiftHold("The case ended"), RECORDS, State.BRIEFED, last=(ON_HOLD,)),
    "referral.reopened": Ready(
        cmd.ReopenReferral("He is away from school again"), SOCIAL_WORKER, State.CLOSED
    ),
    "referral.withdrawn": Ready(
        cmd.WithdrawReferral("Typed on the wrong child"), MANAGER, State.BRIEFED
    ),
    "referral.matched": Ready(cmd.MatchReferral(other(second())), BOT.id, State.BRIEFED),
    "referral.linked": Ready(cmd.LinkReferral(other(second())), MASHO, State.BRIEFED),
    "referral.merged": Ready(cmd.MergeReferral(other(second())), MASHO, State.BRIEFED),
    "referral.linked_from": Ready(cmd.NoteLink(other(second())), BOT.id, State.BRIEFED),
    "referral.unmerged": Ready(cmd.UndoMerge(), BOT.id, State.MERGED),
    "referral.absorbed": Ready(taking_in(second()), BOT.id, State.BRIEFED),
    "referral.handed_over": Ready(
        cmd.HandOverReferral("edt", "Sam at EDT", "Closing time"), SOCIAL_WORKER, State.BRIEFED
    ),
    "identity.asked": Ready(cmd.AskIdentity(), POLICE, State.BRIEFED),
    "identity.told": Ready(cmd.TellIdentity(POLICE), MASHO, State.BRIEFED),
}
WITHOUT_A_COMMAND = {
    *("referral.received", "referral.closed", "feedback.email_failed"),
    "words.erased",
}
"""These come only after another event: the form sent, the last thing owed done, an email begun.
How an email ended is logged whatever happened meanwhile (`test_telling.py`). Words are erased long
after these stories end (`test_keeping.py`).
"""

NOW = "09:31"
"""Inside every story's undo window."""

ALREADY_SO = {
    *(("referral.unmerged", state) for state in State if state != "merged"),
    *(("lead.defaulted", state) for state in State if state not in ("draft", "briefed")),
    *(("referral.matched", state) for state in ("draft", "closed", "merged", "withdrawn")),
    ("message.revised", State.DRAFT),
    ("message.removed", State.DRAFT),
    ("referral.merged", State.MERGED),
}
"""Asked for what is already so: nothing is written, and nobody is told off."""


def type_names(decided: tuple[ev.Recorded, ...]) -> list[str]:
    return [r.event.TYPE for r in decided]


def outside(event_type: str) -> list[State]:
    return [s for s in State if str(s) not in TRANSITIONS[event_type].states]


def strangers(event_type: str) -> list[Role]:
    return [r for r in Role if str(r) not in TRANSITIONS[event_type].who]


def test_every_row_has_a_ready_command_or_comes_with_another_event():
    assert set(READY) | WITHOUT_A_COMMAND == set(TRANSITIONS)


def test_every_event_of_a_referral_has_a_row():
    referral_events = {cls.TYPE for cls in ev.ReferralEvent.__args__}
    assert referral_events == set(TRANSITIONS)


def test_the_events_are_those_of_the_agreed_table_and_the_bots_own():
    apart = OF_THE_DESK | ANSWERED_AND_NOT_LOGGED
    assert set(TRANSITIONS) == (set(TABLE) - apart) | OF_THE_BOT_ALONE
    assert apart <= set(TABLE)
    assert not OF_THE_BOT_ALONE & set(TABLE)


WIDER = {
    "briefing.posted": TRANSITIONS["message"].states,
    "lead.defaulted": {"in_discussion"},
}
"""A card that Teams took its time over lands after the first presses, and must not be lost. And
what is reopened without ever having had a lead gets one.
"""


@pytest.mark.parametrize("event_type", [t for t in TABLE if t in TRANSITIONS])
def test_states_and_actors_are_exactly_those_of_the_agreed_table(event_type):
    agreed, row = TABLE[event_type], TRANSITIONS[event_type]
    states = {"draft" if s == "-" else s for s in agreed["from"]}

    assert row.states == states | WIDER.get(event_type, set())
    assert row.who == set(agreed["who"])


LED = {("lead.defaulted", State.IN_DISCUSSION)}
"""These stories have a lead by then; `test_after` tells of the one that has none."""

IN_EVERY_STATE = [
    (t, State(s)) for t in READY for s in sorted(TRANSITIONS[t].states) if (t, State(s)) not in LED
]


@pytest.mark.parametrize(("event_type", "state"), IN_EVERY_STATE, ids=str)
def test_allowed_in_every_state_of_the_row_in_the_right_hands(event_type, state):
    ready = READY[event_type]

    answer = ready.story(state).when(ready.command, by=ready.by, at=NOW)

    assert event_type in type_names(answer.recorded)


def leads_to(event_type: str, state: State) -> str:
    """Where the agreed table says the referral stands after this event."""
    to = TABLE[event_type]["to"] if event_type in TABLE else "="
    if isinstance(to, dict):
        to = to.get(state, to["*"])
    return str(state) if to in ("=", "the surviving referral") else str(to)


TAKEN_IN_AGAIN = {State.CLOSED, State.MERGED, State.WITHDRAWN}
"""Where a referral wakes if another is merged into it: see `test_pairs.py`."""


@pytest.mark.parametrize(
    ("event_type", "state"),
    [
        (t, s)
        for t, s in IN_EVERY_STATE
        if t != "referral.unmerged" and (t != "referral.absorbed" or s not in TAKEN_IN_AGAIN)
    ],
    ids=str,
)
def test_it_leads_where_the_agreed_table_says(event_type, state):
    ready = READY[event_type]

    after = ready.story(state).when(ready.command, by=ready.by, at=NOW).referral

    assert str(after.state) == leads_to(event_type, state)


@pytest.mark.parametrize(
    ("event_type", "state"), [(t, s) for t in READY for s in outside(t)], ids=str
)
def test_refused_in_every_state_outside_the_row(event_type, state):
    ready = READY[event_type]

    answer = ready.story(state).when(ready.command, by=ready.by, at=NOW)

    if (event_type, state) in ALREADY_SO:
        answer.then()
    else:
        assert isinstance(answer.decided, Refused), answer.decided


@pytest.mark.parametrize(
    ("event_type", "role"), [(t, r) for t in READY for r in strangers(t)], ids=str
)
def test_refused_to_every_role_outside_the_row(event_type, role):
    ready = READY[event_type]

    answer = ready.story().when(ready.command, by=STRANGER_OF_ROLE[role], at=NOW)

    answer.then_refused("not_allowed", event=event_type)


@pytest.mark.parametrize("event_type", TRANSITIONS)
def test_the_table_answers_alike_for_buttons_and_for_presses(event_type):
    for state, log in BY_STATE.items():
        referral = given(*log).referral
        for role, who in STRANGER_OF_ROLE.items():
            scene = Scene(PARTNERSHIP, Story().today, at(NOW), person(who))
            row = TRANSITIONS[event_type]
            expected = str(state) in row.states and str(role) in row.who

            assert may(event_type, referral, person(who)) is expected
            assert (check(event_type, referral, scene) is None) is expected


def test_asked_for_all_events_at_once_the_table_says_the_same():
    for log in BY_STATE.values():
        referral = given(*log).referral
        for who in (*STRANGER_OF_ROLE.values(), LEAD):
            one_by_one = {event for event in TRANSITIONS if may(event, referral, person(who))}

            assert all_may(referral, person(who)) == one_by_one


THE_LEADS = [t for t, row in TRANSITIONS.items() if "lead" in row.who and "rep" not in row.who]


@pytest.mark.parametrize("event_type", THE_LEADS)
def test_what_belongs_to_the_lead_is_the_leads_and_not_another_reps(event_type):
    state = next(s for s in State if str(s) in TRANSITIONS[event_type].states and s != "briefed")
    referral = given(*BY_STATE[state]).referral
    another_rep = replace(person(LEAD), id=POLICE)

    assert may(event_type, referral, person(LEAD))
    assert not may(event_type, referral, another_rep)


def test_a_referral_stands_where_its_story_says():
    for state, log in BY_STATE.items():
        assert given(*log).referral.state is state


def test_no_row_names_a_state_or_role_that_does_not_exist():
    for row in TRANSITIONS.values():
        assert row.states <= {str(s) for s in State}
        assert row.who <= {*(str(r) for r in Role), "lead", "proposer", "new_lead"}
        assert row.states
        assert row.who
