"""Verb to handler. A verb that is not here is a logged refusal."""

from __future__ import annotations

from bot.domain.vocabulary import DUTY_TEAM, Role
from bot.teams import routes_desk as desk
from bot.teams import routes_intake as intake
from bot.teams import routes_outcome as outcome
from bot.teams import routes_referral as referral
from bot.teams.answering import Handler, opener
from bot.teams.press import CloseDialog, Press, Reply, Turn
from cards import dialogs, ending
from cards import wording as w


async def close(turn: Turn, press: Press) -> Reply:
    return CloseDialog()


WITHOUT_CASE = frozenset({"intake.open", "intake.open_immediate", "roll.save", "close"})
"""Verbs that are not about an existing referral."""

READERS = frozenset({*DUTY_TEAM, Role.MANAGER})
"""Who may see a briefing, and so get an answer that shows one."""

WHO_READS = {"take_it": frozenset({*READERS, Role.ASSESSMENT_TEAM})}
"""Verbs whose answer shows less: the Assessment Team sees its own card only."""

ROUTES: dict[str, Handler] = {
    "intake.open": intake.open_brief,
    "intake.open_immediate": intake.open_immediate,
    "intake.brief": intake.brief,
    "intake.immediate": intake.immediate,
    "intake.carry_on": intake.carry_on,
    "intake.rest": intake.rest,
    "view": referral.view_card,
    "claim": referral.claim,
    "add": referral.add,
    "not_known": referral.not_known,
    "told_how": referral.told_how,
    "flag": referral.flag,
    "rung": referral.rung,
    "take_it": referral.take_it,
    "ask_identity": referral.ask_identity,
    "told": referral.told,
    "agree": referral.agree,
    "undo": referral.undo,
    "more.open": referral.more_open,
    "all.open": referral.show_all,
    "contribute.open": opener("contribution.added", w.FULL_HEAD, dialogs.contribute_dialog),
    "contribute.save": referral.contribute_save,
    "taken.open": opener("assessment.acknowledged", w.B_TAKEN, dialogs.taken_dialog),
    "taken": referral.taken,
    "strategy.open": opener("strategy.considered", w.B_STRATEGY, dialogs.strategy_dialog),
    "strategy.save": referral.strategy_save,
    "held.open": opener("strategy.held", w.B_HELD, dialogs.held_dialog),
    "held.save": referral.held_save,
    "assign.open": opener("lead.assigned", w.B_ASSIGN, dialogs.assign_dialog),
    "assign.save": referral.assign_save,
    "hand_over.open": opener("referral.handed_over", w.B_HAND_OVER, dialogs.hand_over_dialog),
    "hand_over.save": referral.hand_over_save,
    "stand_down.open": opener("immediate.stood_down", w.B_STAND_DOWN, dialogs.stand_down_dialog),
    "stand_down.save": referral.stand_down_save,
    "cannot.open": opener("feedback.not_possible", w.B_CANNOT, dialogs.cannot_dialog),
    "cannot.save": referral.cannot_save,
    "outcome.open": outcome.outcome_open,
    "outcome.plan": outcome.outcome_plan,
    "outcome.pick": outcome.outcome_pick,
    "feedback.open": opener("feedback.sent", w.B_FEEDBACK, ending.feedback_dialog),
    "feedback.sent": outcome.feedback_sent,
    "feedback.ask": outcome.feedback_ask,
    "notes.open": opener("casenote.exported", w.B_NOTES, ending.notes_dialog),
    "notes.confirm": outcome.notes_confirm,
    "roll.save": desk.roll_save,
    "close": close,
}
