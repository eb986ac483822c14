"""Rules of what comes after an outcome: correct it, reopen, actions done, an outcome elsewhere."""

from __future__ import annotations

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.evolve import fold
from bot.domain.referral import Referral
from bot.domain.rules_outcome import agreed_by_rule, strategy_owed, unknown_outcome, with_strategy


def too_long_closed(referral: Referral, scene: Scene) -> bool:
    """Closed more than the partnership's working days ago; the day itself still counts."""
    if referral.closed_at is None:
        return False
    calendar = scene.partnership.calendar
    days = scene.partnership.timers.reopen_working_days
    return scene.day > calendar.add_working_days(calendar.day_of(referral.closed_at), days)


def correct(referral: Referral, command: cmd.CorrectOutcome, scene: Scene) -> Decided:
    if no := check("outcome.corrected", referral, scene):
        return no
    pick = referral.pick
    if pick is None or not referral.agreed or referral.handover:
        return refused("nothing_to_correct", ref=referral.reference)
    if referral.words_gone and not referral.live:
        return refused("words_erased", ref=referral.reference)
    if not command.reason.strip():
        return refused("correct_reason")
    if too_long_closed(referral, scene):
        return refused("closed_too_long")
    code = command.code or pick.code
    wanted = pick.per_child if command.per_child is None else command.per_child
    per_child = tuple((child, c) for child, c in wanted if c != code)
    if no := unknown_outcome(referral, code, per_child, scene):
        return no
    rationale = command.rationale.strip() or pick.rationale
    if scene.partnership.outcome[code].plan_first and referral.plan is None:
        return refused("before_outcome", missing="plan")
    corrected = ev.OutcomeCorrected(code, rationale, command.reason, per_child)
    done = scene.did(corrected)
    # The strategy note is asked for in the same card, and belongs to the outcome as corrected.
    after = fold(referral, (done,))
    first = with_strategy(after, command.strategy, scene)
    if isinstance(first, Refused):
        return first
    events, after = (done, *first[0]), first[1]
    if not agreed_by_rule(scene):
        return events
    if strategy_owed(after, code, scene):
        return refused("strategy_needed")
    return (*events, scene.did(ev.OutcomeEndorsed(scene.partnership.outcome_agreement)))


def reopen(referral: Referral, command: cmd.ReopenReferral, scene: Scene) -> Decided:
    if no := check("referral.reopened", referral, scene):
        return no
    if too_long_closed(referral, scene):
        return refused("closed_too_long")
    if not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.ReferralReopened(command.reason)),)


def elsewhere(referral: Referral, command: cmd.RecordElsewhere, scene: Scene) -> Decided:
    if no := check("outcome.recorded_elsewhere", referral, scene):
        return no
    if command.code not in scene.partnership.outcome:
        return refused("unknown_choice")
    now = referral.elsewhere
    if now and now.code == command.code:
        return ()
    return (scene.did(ev.OutcomeRecordedElsewhere(command.code)),)


def action_done(referral: Referral, command: cmd.MarkActionDone, scene: Scene) -> Decided:
    if no := check("action.done", referral, scene):
        return no
    if referral.kept:
        return refused("words_erased", ref=referral.reference)
    actions = referral.plan.actions if referral.plan else ()
    if not 0 <= command.index < len(actions):
        return refused("no_such_action")
    action = actions[command.index]
    done = [d.action for d in referral.done_actions]
    if done.count(action) >= actions.count(action):
        return ()
    return (scene.did(ev.ActionDone(command.index)),)
