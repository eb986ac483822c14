"""How each kind of event is acted out by the person it belongs to. One function an event type."""

from __future__ import annotations

from bot.rehearsal import (
    moves_decide as decide,
    moves_desk as desk,
    moves_end as end,
    moves_intake as intake,
    moves_talk as talk,
)
from bot.rehearsal.moves_base import Move

MOVES: dict[str, Move] = {
    "referral.received": intake.receive,
    "intake.submitted": intake.submit,
    "intake.amended": intake.amend,
    "lead.claimed": talk.claim,
    "lead.assigned": decide.assign,
    "claim.refused": talk.lose_claim,
    "contribution.added": talk.contribute,
    "message": talk.say,
    "immediate.flagged": talk.flag,
    "immediate.stood_down": talk.stand_down,
    "assessment.notified": talk.rung,
    "assessment.acknowledged": talk.acknowledge,
    "strategy.considered": decide.consider,
    "strategy.held": decide.strategy_held,
    "plan.saved": decide.plan,
    "outcome.proposed": decide.propose,
    "outcome.undone": decide.undo,
    "outcome.endorsed": decide.endorse,
    "feedback.sent": end.feed_back,
    "feedback.checked": end.check_feedback,
    "feedback.passed": end.pass_feedback,
    "feedback.not_possible": end.cannot_feed_back,
    "casenote.exported": end.confirm_notes,
    "referral.handed_over": end.hand_over,
    "identity.asked": talk.ask_identity,
    "identity.told": talk.tell_identity,
    "roll.called": desk.call_roll,
    "lead.handover_offered": decide.offer_lead,
    "lead.handed_over": decide.hand_on_lead,
    "contribution.confirmed": talk.confirm_line,
    "message.filed": talk.file_message,
    "police.contact_recorded": talk.police,
    "disagreement.recorded": talk.disagree,
    "outcome.corrected": decide.correct,
    "outcome.recorded_elsewhere": end.elsewhere,
    "action.done": end.action_done,
    "history.viewed": end.view_history,
    "referral.reopened": end.reopen,
    "referral.withdrawn": end.withdraw,
    "referral.linked": end.link,
    "referral.merged": end.merge,
    "test.paused": desk.pause,
    "test.resumed": desk.resume,
}
"""Events by the bot are not here: it must do those by itself."""

DESK_EVENTS = frozenset({"roll.called", "test.paused", "test.resumed"})
"""The desk's own, not a referral's."""

BOT_EVENTS = frozenset(
    {"briefing.posted", "nudge.sent", "lead.defaulted", "referral.closed", "claim.refused"}
)
