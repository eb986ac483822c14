"""One door to the rules: a referral, a command, a scene; events or a refusal come back."""

from __future__ import annotations

from typing import assert_never

from bot.domain import commands as cmd
from bot.domain import rules_discussion as discussion
from bot.domain import rules_intake as intake
from bot.domain import rules_outcome as outcome
from bot.domain import rules_safety as safety
from bot.domain.decision import Decided, Scene
from bot.domain.referral import Referral


def decide(referral: Referral, command: cmd.Command, scene: Scene) -> Decided:  # noqa: C901
    """Empty events mean: already so. Nothing is written, and the current state is shown."""
    match command:
        case cmd.SubmitIntake():
            return intake.submit(referral, command, scene)
        case cmd.AmendIntake():
            return intake.amend(referral, command, scene)
        case cmd.RecordBriefing():
            return discussion.record_briefing(referral, command, scene)
        case cmd.ClaimLead():
            return discussion.claim(referral, command, scene)
        case cmd.AssignLead():
            return discussion.assign(referral, command, scene)
        case cmd.DefaultLead():
            return discussion.default_lead(referral, scene)
        case cmd.AddContribution():
            return discussion.contribute(referral, command, scene)
        case cmd.AddMessage():
            return discussion.message(referral, command, scene)
        case cmd.SendNudge():
            return discussion.nudge(referral, command, scene)
        case cmd.AskIdentity():
            return discussion.ask_identity(referral, scene)
        case cmd.TellIdentity():
            return discussion.tell_identity(referral, command, scene)
        case cmd.FlagImmediate():
            return safety.flag(referral, command, scene)
        case cmd.StandDownImmediate():
            return safety.stand_down(referral, command, scene)
        case cmd.NotifyAssessment():
            return safety.notify(referral, command, scene)
        case cmd.AcknowledgeAssessment():
            return safety.acknowledge(referral, command, scene)
        case cmd.ConsiderStrategy():
            return safety.consider(referral, command, scene)
        case cmd.RecordStrategyHeld():
            return safety.held(referral, command, scene)
        case cmd.SavePlan():
            return outcome.save_plan(referral, command, scene)
        case cmd.ProposeOutcome():
            return outcome.propose(referral, command, scene)
        case cmd.UndoOutcome():
            return outcome.undo(referral, command, scene)
        case cmd.EndorseOutcome():
            return outcome.endorse(referral, command, scene)
        case cmd.AskMashoToRing():
            return outcome.ask_masho(referral, command, scene)
        case cmd.SendFeedback():
            return outcome.send_feedback(referral, command, scene)
        case cmd.FeedbackCannotBeGiven():
            return outcome.cannot_feed_back(referral, command, scene)
        case cmd.ConfirmNotes():
            return outcome.confirm_notes(referral, command, scene)
        case cmd.HandOverReferral():
            return outcome.hand_over(referral, command, scene)
        case _:
            assert_never(command)
