"""Rules of plan, outcome, feedback, case note and closing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.evolve import fold
from bot.domain.referral import Referral
from bot.domain.rules_feedback import and_close
from bot.domain.rules_safety import consider
from bot.domain.vocabulary import HANDOVER_TO, MAX_ACTIONS, Role

_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)


def save_plan(referral: Referral, command: cmd.SavePlan, scene: Scene) -> Decided:
    if no := check("plan.saved", referral, scene):
        return no
    if not command.actions or any(not (a.owner or a.owner_name) for a in command.actions):
        return refused("plan_empty")
    if len(command.actions) > MAX_ACTIONS:
        return refused("plan_too_long", limit=str(MAX_ACTIONS))
    plan = ev.PlanSaved(command.actions, command.next_step, command.family_view)
    if plan == referral.plan and not referral.plan_again and _just_saved(referral, scene):
        return ()
    return (scene.did(plan),)


_JUST_NOW = dt.timedelta(minutes=1)


def _just_saved(referral: Referral, scene: Scene) -> bool:
    """The same plan by the same hand within a minute is one press; later it says it still holds."""
    at = referral.plan_at
    return at is not None and referral.plan_by == scene.actor.id and scene.now - at < _JUST_NOW


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


def agreed_by_rule(scene: Scene) -> bool:
    """Whether the picker's own pick needs nobody else, by the partnership's setting."""
    rule = scene.partnership.outcome_agreement
    return rule == "none" or (rule == "social_worker" and scene.actor.role in _SENIOR)


def strategy_owed(referral: Referral, code: str, scene: Scene) -> bool:
    codes = {code, *(c for _, c in referral.pick.per_child)} if referral.pick else {code}
    needs = any(scene.partnership.outcome[c].needs_strategy_note for c in codes)
    return needs and referral.strategy is None


def with_strategy(
    referral: Referral, strategy: cmd.ConsiderStrategy | None, scene: Scene
) -> tuple[tuple[ev.Recorded, ...], Referral] | Refused:
    if strategy is None:
        return (), referral
    first = consider(referral, strategy, scene)
    if isinstance(first, Refused):
        return first
    return first, fold(referral, first)


def unknown_outcome(
    referral: Referral, code: str, per_child: tuple[tuple[str, str], ...], scene: Scene
) -> Refused | None:
    """An outcome this test does not offer, or a child this referral does not name."""
    offered = {o.code for o in scene.partnership.outcomes if referral.asked.test in o.tests}
    if not {code, *(c for _, c in per_child)} <= offered:
        return refused("unknown_choice")
    if not {child for child, _ in per_child} <= set(referral.asked.mosaic_ids):
        return refused("unknown_choice")
    return None


def propose(referral: Referral, command: cmd.ProposeOutcome, scene: Scene) -> Decided:
    if no := check("outcome.proposed", referral, scene):
        return no
    per_child = tuple((c, code) for c, code in command.per_child if code != command.code)
    if no := unknown_outcome(referral, command.code, per_child, scene):
        return no
    if missing := missing_before_outcome(referral, command.code, command.rationale, scene):
        return refused("before_outcome", missing=missing)
    first = with_strategy(referral, command.strategy, scene)
    if isinstance(first, Refused):
        return first
    events, after = first
    picked = scene.did(
        ev.OutcomeProposed(command.code, command.rationale, per_child, not_heard(referral, scene))
    )
    events = (*events, picked)
    if not agreed_by_rule(scene):
        return events
    after = fold(after, (picked,))
    if strategy_owed(after, command.code, scene):
        return refused("strategy_needed")
    return (*events, scene.did(ev.OutcomeEndorsed(scene.partnership.outcome_agreement)))


def undo(referral: Referral, command: cmd.UndoOutcome, scene: Scene) -> Decided:
    if no := check("outcome.undone", referral, scene):
        return no
    assert referral.pick is not None
    limit = dt.timedelta(minutes=scene.partnership.timers.undo_minutes)
    told = len(referral.feedback) > referral.feedback_counts_from
    if scene.now > referral.pick.at + limit or told:
        return refused("too_late_to_undo")
    return (scene.did(ev.OutcomeUndone(command.reason)),)


def endorse(referral: Referral, command: cmd.EndorseOutcome, scene: Scene) -> Decided:
    if no := check("outcome.endorsed", referral, scene):
        return no
    assert referral.pick is not None
    rule = scene.partnership.outcome_agreement
    if rule == "second_person" and referral.pick.by == scene.actor.id:
        return refused("second_person")
    first = with_strategy(referral, command.strategy, scene)
    if isinstance(first, Refused):
        return first
    events, after = first
    if strategy_owed(after, referral.pick.code, scene):
        return refused("strategy_needed")
    return (*events, scene.did(ev.OutcomeEndorsed(rule, command.note)))


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
