"""Verb to handler. A verb that is not here is a logged refusal."""

from __future__ import annotations

from bot.domain.vocabulary import DUTY_TEAM, Role
from bot.teams import (
    routes_asking as asking,
    routes_desk as desk,
    routes_feedback as feedback,
    routes_files as files,
    routes_intake as intake,
    routes_lists as lists,
    routes_outcome as outcome,
    routes_record as record,
    routes_referral as referral,
    routes_right as putting,
    routes_roster as roster,
    routes_stats as stats,
    routes_telling as telling,
)
from bot.teams.answering import Handler, opener
from bot.teams.press import CloseDialog, Press, Reply, Turn
from cards import dialogs, huddle, putting_right as right, wording as w


async def close(turn: Turn, press: Press) -> Reply:
    return CloseDialog()


ROSTER: dict[str, Handler] = {
    "roster.open": roster.open_roster,
    "roster.add": roster.add,
    "roster.save": roster.save,
    "roster.pick": roster.pick,
    "roster.person": roster.person,
    "roster.change": roster.change,
    "roster.remove": roster.remove,
}
"""Of a manager's own chat, for whoever keeps the roster."""

WITHOUT_CASE = frozenset(
    {
        "intake.open",
        "intake.open_immediate",
        "roll.save",
        "unsent.again",
        "pulse.open",
        "pulse.next",
        "pulse.send",
        "stats.week",
        "stats.all",
        "stats.by",
        "stats.download",
        "stats.file",
        "close",
        *ROSTER,
    }
)
"""Verbs that are not about an existing referral."""

READERS = frozenset({*DUTY_TEAM, Role.MANAGER})
"""Who may see a briefing, and so get an answer that shows one."""

MAY: dict[str, tuple[str, ...]] = {
    "intake.carry_on": ("intake.amended",),
    "intake.rest": ("intake.amended",),
    "contribute.save": ("contribution.added",),
    "line.correct": ("contribution.confirmed",),
    "offer.save": ("lead.handover_offered",),
    "huddle.save": ("contribution.added",),
    "file.save": ("message.filed",),
    "police.save": ("police.contact_recorded",),
    "disagree.save": ("disagreement.recorded",),
    "history.open": ("history.viewed",),
    "correct.save": ("outcome.corrected",),
    "reopen.save": ("referral.reopened",),
    "withdraw.save": ("referral.withdrawn",),
    "elsewhere.save": ("outcome.recorded_elsewhere",),
    "actions.done": ("action.done",),
    "merge.save": ("referral.merged",),
    "merge.here": ("referral.merged",),
    "link.save": ("referral.linked",),
    "link.here": ("referral.linked",),
    "outcome.plan": ("plan.saved",),
    "outcome.pick": ("outcome.proposed", "plan.saved"),
    "feedback.open": ("feedback.sent",),
    "feedback.sent": ("feedback.sent",),
    "feedback.ask": ("feedback.asked",),
    "feedback.hold": ("feedback.held",),
    "aloud.open": ("feedback.sent",),
    "again.open": ("feedback.tried",),
    "again.save": ("feedback.tried",),
    "mail.open": ("feedback.email_started",),
    "mail.send": ("feedback.email_started",),
    "feedback.check": ("feedback.checked",),
    "feedback.pass": ("feedback.passed",),
    "survey.open": ("survey.asked",),
    "survey.next": ("survey.asked",),
    "survey.none": ("survey.asked",),
    "survey.comment": ("survey.asked",),
    "notes.open": ("casenote.opened",),
    "notes.json": ("casenote.opened",),
    "notes.confirm": ("casenote.exported",),
    "taken": ("assessment.acknowledged",),
    "strategy.save": ("strategy.considered",),
    "held.save": ("strategy.held",),
    "assign.save": ("lead.assigned",),
    "hand_over.save": ("referral.handed_over",),
    "stand_down.save": ("immediate.stood_down",),
    "cannot.save": ("feedback.not_possible",),
}
"""Verbs whose answer may show more than the briefing, and the events one of which the person must
be allowed: checked before anything is drawn.
"""

SHOWS_NOTHING = frozenset({"view", "all.open", "more.open"})
"""Verbs that a withdrawn referral still answers: with its emptied card."""

FOLLOWS_A_MERGE = frozenset({"flag", "rung", "taken.open", "taken", "take_it"})
"""Verbs about a child's safety: pressed on a merged referral, they go to the one that goes on."""

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
    "cannot.open": feedback.cannot_open,
    "cannot.save": feedback.cannot_save,
    "line.confirm": referral.confirm_line,
    "line.correct": referral.correct_line,
    "offer.open": opener("lead.handover_offered", w.B_OFFER_LEAD, dialogs.offer_dialog),
    "offer.save": referral.offer_save,
    "lead.accept": referral.accept_lead,
    "huddle.open": opener("contribution.added", w.B_HUDDLE, huddle.huddle_dialog),
    "huddle.save": record.huddle_save,
    "file.save": record.file_save,
    "police.open": opener("police.contact_recorded", w.B_POLICE, dialogs.police_dialog),
    "police.save": record.police_save,
    "disagree.open": opener("disagreement.recorded", w.B_DISAGREE, dialogs.disagree_dialog),
    "disagree.save": record.disagree_save,
    "history.open": record.history_open,
    "correct.open": opener("outcome.corrected", w.B_CORRECT_OUTCOME, right.correct_dialog),
    "correct.save": putting.correct_save,
    "reopen.open": opener("referral.reopened", w.B_REOPEN, right.reopen_dialog),
    "reopen.save": putting.reopen_save,
    "withdraw.open": opener("referral.withdrawn", w.B_WITHDRAW, right.withdraw_dialog),
    "withdraw.save": putting.withdraw_save,
    "elsewhere.open": opener("outcome.recorded_elsewhere", w.B_ELSEWHERE, right.elsewhere_dialog),
    "elsewhere.save": putting.elsewhere_save,
    "actions.open": opener("action.done", w.B_ACTIONS_DONE, right.actions_dialog),
    "actions.done": putting.action_done,
    "merge.open": putting.merge_open,
    "merge.save": putting.merge_save,
    "merge.here": putting.merge_here,
    "link.open": putting.link_open,
    "link.save": putting.link_save,
    "link.here": putting.link_here,
    "outcome.open": outcome.outcome_open,
    "outcome.plan": outcome.outcome_plan,
    "outcome.pick": outcome.outcome_pick,
    "feedback.open": feedback.feedback_open,
    "feedback.sent": feedback.feedback_sent,
    "feedback.ask": feedback.feedback_ask,
    "feedback.hold": feedback.feedback_hold,
    "aloud.open": telling.aloud_open,
    "again.open": telling.again_open,
    "again.save": telling.again_save,
    "mail.open": telling.mail_open,
    "mail.send": telling.mail_send,
    "check.open": feedback.check_open,
    "feedback.check": feedback.feedback_check,
    "feedback.pass": feedback.feedback_pass,
    "notes.open": record.notes_open,
    "notes.json": record.notes_json,
    "notes.confirm": outcome.notes_confirm,
    "roll.save": desk.roll_save,
    "unsent.again": lists.try_again,
    "pulse.open": asking.pulse,
    "pulse.next": asking.pulse,
    "pulse.send": asking.pulse,
    "survey.open": asking.survey_open,
    "survey.next": asking.survey_next,
    "survey.none": asking.survey_none,
    "survey.comment": asking.survey_comment,
    "stats.week": stats.pressed,
    "stats.all": stats.pressed,
    "stats.by": stats.pressed,
    "stats.download": files.pressed,
    "stats.file": files.pressed,
    **ROSTER,
    "close": close,
}
