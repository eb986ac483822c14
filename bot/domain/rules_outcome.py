"""Rules of plan, outcome, feedback, case note and closing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.referral import Referral, fold
from bot.domain.rules_safety import consider
from bot.domain.vocabulary import HANDOVER_TO, MAX_ACTIONS, Role, State

_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)


def save_plan(referral: Referral, command: cmd.SavePlan, scene: Scene) -> Decided:
    if no := check("plan.saved", referral, scene):
        return no
    if not command.actions or any(not (a.owner or a.owner_name) for a in command.actions):
        return refused("plan_empty")
    if len(command.actions) > MAX_ACTIONS:
        return refused("plan_too_long", limit=str(MAX_ACTIONS))
    plan = ev.PlanSaved(command.actions, command.next_step, command.family_view)
    if plan == referral.plan:
        return ()
    return (scene.did(plan),)


def not_heard(referral: Referral, scene: Scene) -> tuple[str, ...]:
    """Core agencies with no line of their own: named on the outcome, never blocking it."""
    heard = referral.heard()
    return tuple(a.code for a in scene.partnership.core_agencies if a.code not in heard)


def missing_before_outcome(referral: Referral, code: str, rationale: str, scene: Scene) -> str:
    """Comma-joined codes of what is owed before this outcome; empty when nothing is."""
    outcome = scene.partnership.outcome[code]
    owed = []
    if not rationale.strip():
        owed.append("rationale")
    if not referral.asked.needs:
        owed.append("needs")
    if outcome.plan_first and referral.plan is None:
        owed.append("plan")
    if not referral.asked.told_family:
        owed.append("told_family")
    return ",".join(owed)


def _agreed_by_rule(code: str, scene: Scene) -> bool:
    """Whether the picker's own pick needs nobody else, by the partnership's setting."""
    rule = scene.partnership.outcome_agreement
    return rule == "none" or (rule == "social_worker" and scene.actor.role in _SENIOR)


def _strategy_owed(referral: Referral, code: str, scene: Scene) -> bool:
    codes = {code, *(c for _, c in referral.pick.per_child)} if referral.pick else {code}
    needs = any(scene.partnership.outcome[c].needs_strategy_note for c in codes)
    return needs and referral.strategy is None


def _with_strategy(
    referral: Referral, strategy: cmd.ConsiderStrategy | None, scene: Scene
) -> tuple[tuple[ev.Recorded, ...], Referral] | Refused:
    if strategy is None:
        return (), referral
    first = consider(referral, strategy, scene)
    if isinstance(first, Refused):
        return first
    return first, fold(referral, first)


def propose(referral: Referral, command: cmd.ProposeOutcome, scene: Scene) -> Decided:
    if no := check("outcome.proposed", referral, scene):
        return no
    offered = {o.code for o in scene.partnership.outcomes if referral.asked.test in o.tests}
    ids = set(referral.asked.mosaic_ids)
    per_child = tuple((c, code) for c, code in command.per_child if code != command.code)
    if command.code not in offered or not {code for _, code in per_child} <= offered:
        return refused("unknown_choice")
    if not {child for child, _ in per_child} <= ids:
        return refused("unknown_choice")
    if missing := missing_before_outcome(referral, command.code, command.rationale, scene):
        return refused("before_outcome", missing=missing)
    first = _with_strategy(referral, command.strategy, scene)
    if isinstance(first, Refused):
        return first
    events, after = first
    picked = scene.did(
        ev.OutcomeProposed(command.code, command.rationale, per_child, not_heard(referral, scene))
    )
    events = (*events, picked)
    if not _agreed_by_rule(command.code, scene):
        return events
    after = fold(after, (picked,))
    if _strategy_owed(after, command.code, scene):
        return refused("strategy_needed")
    return (*events, scene.did(ev.OutcomeEndorsed(scene.partnership.outcome_agreement)))


def undo(referral: Referral, command: cmd.UndoOutcome, scene: Scene) -> Decided:
    if no := check("outcome.undone", referral, scene):
        return no
    assert referral.pick is not None
    limit = dt.timedelta(minutes=scene.partnership.timers.undo_minutes)
    if scene.now > referral.pick.at + limit or referral.feedback_done:
        return refused("too_late_to_undo")
    return (scene.did(ev.OutcomeUndone(command.reason)),)


def endorse(referral: Referral, command: cmd.EndorseOutcome, scene: Scene) -> Decided:
    if no := check("outcome.endorsed", referral, scene):
        return no
    assert referral.pick is not None
    rule = scene.partnership.outcome_agreement
    if rule == "second_person" and referral.pick.by == scene.actor.id:
        return refused("second_person")
    first = _with_strategy(referral, command.strategy, scene)
    if isinstance(first, Refused):
        return first
    events, after = first
    if _strategy_owed(after, referral.pick.code, scene):
        return refused("strategy_needed")
    return (*events, scene.did(ev.OutcomeEndorsed(rule, command.note)))


def _contact_refusal(referral: Referral) -> Refused | None:
    intake = referral.asked
    if not intake.contact_method or not intake.safe_contact:
        return refused("contact_needed")
    return None


def ask_masho(referral: Referral, command: cmd.AskMashoToRing, scene: Scene) -> Decided:
    if no := check("feedback.asked", referral, scene) or _contact_refusal(referral):
        return no
    if not command.text.strip():
        return refused("text_needed")
    return (scene.did(ev.FeedbackAsked(command.text, referral.taken_by)),)


def send_feedback(referral: Referral, command: cmd.SendFeedback, scene: Scene) -> Decided:
    if no := check("feedback.sent", referral, scene) or _contact_refusal(referral):
        return no
    if referral.feedback_done:
        return ()
    if not command.text.strip():
        return refused("text_needed")
    group = referral.asked.referrer_group
    level = scene.partnership.group[group].feedback_level
    sent = scene.did(ev.FeedbackSent(group, level, command.method, command.text))
    return and_close(referral, (sent,), scene)


def cannot_feed_back(
    referral: Referral, command: cmd.FeedbackCannotBeGiven, scene: Scene
) -> Decided:
    if no := check("feedback.not_possible", referral, scene):
        return no
    if referral.feedback_done:
        return ()
    if not command.reason.strip():
        return refused("reason_needed")
    done = scene.did(ev.FeedbackNotPossible(command.reason))
    return and_close(referral, (done,), scene)


def confirm_notes(referral: Referral, command: cmd.ConfirmNotes, scene: Scene) -> Decided:
    if no := check("casenote.exported", referral, scene):
        return no
    if referral.notes_done:
        return ()
    intake = referral.asked
    waiting = [c for c in intake.children if c.to_follow]
    if len(command.new_ids) != len(waiting):
        return refused("ids_to_follow", ref=referral.reference)
    pattern = re.compile(scene.partnership.mosaic_id_pattern)
    if any(not pattern.fullmatch(i) for i in command.new_ids):
        return refused("mosaic_id")
    events: tuple[ev.Recorded, ...] = ()
    ids = iter(command.new_ids)
    children = tuple(replace(c, mosaic_id=next(ids)) if c.to_follow else c for c in intake.children)
    if len({c.mosaic_id for c in children}) != len(children):
        return refused("same_child_twice")
    if waiting:
        events = (scene.did(ev.IntakeAmended({"children": children})),)
    confirmed = tuple(c.mosaic_id for c in children)
    events = (*events, scene.did(ev.CaseNoteExported(confirmed, command.note)))
    return and_close(referral, events, scene)


def hand_over(referral: Referral, command: cmd.HandOverReferral, scene: Scene) -> Decided:
    if no := check("referral.handed_over", referral, scene):
        return no
    if command.to not in HANDOVER_TO:
        return refused("unknown_choice")
    if not command.accepted_by.strip():
        return refused("nobody_accepted")
    if not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.ReferralHandedOver(command.to, command.accepted_by, command.reason)),)


def and_close(
    referral: Referral, events: tuple[ev.Recorded, ...], scene: Scene
) -> tuple[ev.Recorded, ...]:
    """It closes itself once the caller has heard back and every child's note is confirmed."""
    after = fold(referral, events)
    agreed = after.state in (State.OUTCOME_AGREED, State.HANDED_OVER)
    if agreed and after.feedback_done and after.notes_done:
        return (*events, scene.bot_did(ev.ReferralClosed()))
    return events
