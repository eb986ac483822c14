"""The table of who may do what, and when, held against every state and every role."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.decision import Refused, Scene, check
from bot.domain.partnership import BOT
from bot.domain.transitions import TRANSITIONS, may
from bot.domain.vocabulary import Role, State

from .story import (
    ASSESSMENT,
    BY_STATE,
    HEAD_OF_SERVICE,
    LEAD,
    MANAGER,
    MASHO,
    PARTNERSHIP,
    POLICE,
    RECORDS,
    SOCIAL_WORKER,
    Story,
    action,
    at,
    flagged,
    given,
    intake,
    person,
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
}
"""One person of each role who neither leads these stories nor picked their outcome."""

PICK_EHU = cmd.ProposeOutcome("ehu", "He needs warm mornings; mum agrees.")


@dataclass(frozen=True)
class Ready:
    """A command that passes in the given state, and who gives it."""

    command: cmd.Command
    by: str
    state: State
    flag_first: bool = False

    def story(self, state: State | None = None) -> Story:
        log = BY_STATE[self.state if state is None else state]
        posted = len(BY_STATE[State.BRIEFED])
        flag = (flagged(),) if self.flag_first and log else ()
        return given(*log[:posted], *flag, *log[posted:])


READY: dict[str, Ready] = {
    "intake.submitted": Ready(cmd.SubmitIntake(intake()), MASHO, State.DRAFT),
    "intake.amended": Ready(cmd.AmendIntake({"wants": "A call back"}), MASHO, State.BRIEFED),
    "briefing.posted": Ready(cmd.RecordBriefing("19:c", "m", "https://s"), BOT.id, State.BRIEFED),
    "lead.claimed": Ready(cmd.ClaimLead(), POLICE, State.BRIEFED),
    "lead.assigned": Ready(cmd.AssignLead(POLICE, "Knows them"), MANAGER, State.BRIEFED),
    "lead.defaulted": Ready(cmd.DefaultLead(), BOT.id, State.BRIEFED),
    "contribution.added": Ready(
        cmd.AddContribution("police", "not_known"), POLICE, State.IN_DISCUSSION
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
    "feedback.asked": Ready(cmd.AskMashoToRing("Thank you"), MANAGER, State.OUTCOME_AGREED),
    "feedback.sent": Ready(cmd.SendFeedback("phone", "Thank you"), MASHO, State.OUTCOME_AGREED),
    "feedback.not_possible": Ready(
        cmd.FeedbackCannotBeGiven("No number left"), MANAGER, State.OUTCOME_AGREED
    ),
    "casenote.exported": Ready(cmd.ConfirmNotes(), MASHO, State.OUTCOME_AGREED),
    "referral.handed_over": Ready(
        cmd.HandOverReferral("edt", "Sam at EDT", "Closing time"), SOCIAL_WORKER, State.BRIEFED
    ),
    "identity.asked": Ready(cmd.AskIdentity(), POLICE, State.BRIEFED),
    "identity.told": Ready(cmd.TellIdentity(POLICE), MASHO, State.BRIEFED),
}
WITHOUT_A_COMMAND = {"referral.received", "referral.closed"}
"""These come only with another event: the form sent, the last thing owed done."""

NOW = "09:31"
"""Inside every story's undo window."""

ALREADY_SO = {("lead.defaulted", state) for state in State if state not in ("draft", "briefed")}
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


@pytest.mark.parametrize("event_type", READY)
def test_allowed_in_the_right_state_and_hands(event_type):
    ready = READY[event_type]

    answer = ready.story().when(ready.command, by=ready.by, at=NOW)

    assert event_type in type_names(answer.recorded)


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


@pytest.mark.parametrize("event_type", [t for t, row in TRANSITIONS.items() if "lead" in row.who])
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
        assert row.who <= {*(str(r) for r in Role), "lead", "proposer"}
        assert row.states
        assert row.who
