"""One door to the rules: a referral, a command, a scene; events or a refusal come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain import (
    commands as cmd,
    rules_after as after,
    rules_discussion as discussion,
    rules_email as email,
    rules_feedback as feedback,
    rules_huddle as huddle,
    rules_intake as intake,
    rules_keeping as keeping,
    rules_lead as lead,
    rules_outcome as outcome,
    rules_pairs as pairs,
    rules_record as record,
    rules_safety as safety,
)
from bot.domain.decision import Decided, Scene
from bot.domain.referral import Referral

RULES: dict[type[Any], Callable[[Referral, Any, Scene], Decided]] = {
    cmd.SubmitIntake: intake.submit,
    cmd.AmendIntake: intake.amend,
    cmd.RecordBriefing: discussion.record_briefing,
    cmd.ClaimLead: lead.claim,
    cmd.AssignLead: lead.assign,
    cmd.DefaultLead: lead.default_lead,
    cmd.OfferLead: lead.offer,
    cmd.AcceptLead: lead.accept,
    cmd.AddContribution: discussion.contribute,
    cmd.ConfirmContribution: discussion.confirm,
    cmd.AddMessage: record.message,
    cmd.FileMessage: record.file_message,
    cmd.ReviseMessage: record.revise,
    cmd.RemoveMessage: record.remove,
    cmd.RecordPoliceContact: record.police,
    cmd.RecordDisagreement: record.disagree,
    cmd.SendNudge: discussion.nudge,
    cmd.AskIdentity: discussion.ask_identity,
    cmd.TellIdentity: discussion.tell_identity,
    cmd.FlagImmediate: safety.flag,
    cmd.StandDownImmediate: safety.stand_down,
    cmd.NotifyAssessment: safety.notify,
    cmd.AcknowledgeAssessment: safety.acknowledge,
    cmd.ConsiderStrategy: safety.consider,
    cmd.RecordStrategyHeld: safety.held,
    cmd.SavePlan: outcome.save_plan,
    cmd.ProposeOutcome: outcome.propose,
    cmd.UndoOutcome: outcome.undo,
    cmd.EndorseOutcome: outcome.endorse,
    cmd.CorrectOutcome: after.correct,
    cmd.RecordElsewhere: after.elsewhere,
    cmd.MarkActionDone: after.action_done,
    cmd.AskMashoToRing: feedback.ask_masho,
    cmd.HoldFeedback: feedback.hold,
    cmd.CheckFeedback: feedback.check_text,
    cmd.PassFeedback: feedback.let_pass,
    cmd.SendFeedback: feedback.send_feedback,
    cmd.TryFeedbackAgain: feedback.try_again,
    cmd.StartFeedbackEmail: email.start_email,
    cmd.EndFeedbackEmail: email.end_email,
    cmd.FeedbackCannotBeGiven: feedback.cannot_feed_back,
    cmd.ConfirmNotes: outcome.confirm_notes,
    cmd.OpenNotes: record.open_notes,
    cmd.AskSurvey: feedback.ask_survey,
    cmd.ViewHistory: record.view_history,
    cmd.PlaceHold: keeping.place_hold,
    cmd.LiftHold: keeping.lift_hold,
    cmd.EraseWords: keeping.erase_words,
    cmd.HandOverReferral: outcome.hand_over,
    cmd.ReopenReferral: after.reopen,
    cmd.WithdrawReferral: pairs.withdraw,
    cmd.MergeReferral: pairs.merge,
    cmd.AbsorbReferral: pairs.absorb,
    cmd.UndoMerge: pairs.undo_merge,
    cmd.MatchReferral: pairs.matched,
    cmd.LinkReferral: pairs.link,
    cmd.NoteLink: pairs.note_link,
    cmd.RecordHuddle: huddle.huddle,
}
"""Every command has its rule here; `tests/domain/test_transitions.py` holds it to that."""


def decide(referral: Referral, command: cmd.Command, scene: Scene) -> Decided:
    """Empty events mean: already so. Nothing is written, and the current state is shown."""
    return RULES[type(command)](referral, command, scene)
