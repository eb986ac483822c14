"""Rules of the immediate route and the strategy discussion. The team's flag is never refused."""

from __future__ import annotations

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Scene, check, refused
from bot.domain.referral import Referral
from bot.domain.rules_feedback import and_close

STRATEGY_MUST_ATTEND = ("social_care", "police", "health")


def flag(referral: Referral, command: cmd.FlagImmediate, scene: Scene) -> Decided:
    if no := check("immediate.flagged", referral, scene):
        return no
    flag = referral.immediate
    mine = flag is not None and flag.flagged_by == scene.actor.id
    if referral.is_immediate and referral.live and mine and not command.note:
        return ()
    return (scene.did(ev.ImmediateFlagged(command.note)),)


def stand_down(referral: Referral, command: cmd.StandDownImmediate, scene: Scene) -> Decided:
    if no := check("immediate.stood_down", referral, scene):
        return no
    if not referral.is_immediate:
        return refused("not_immediate", ref=referral.reference)
    if not command.reason.strip():
        return refused("reason_needed")
    return and_close(referral, (scene.did(ev.ImmediateStoodDown(command.reason)),), scene)


def notify(referral: Referral, command: cmd.NotifyAssessment, scene: Scene) -> Decided:
    if no := check("assessment.notified", referral, scene):
        return no
    if not referral.is_immediate:
        return refused("flag_first")
    team = scene.partnership.assessment_team_for(referral.asked.district)
    name = team.name if team else ""
    return (scene.did(ev.AssessmentNotified(name, command.method)),)


def acknowledge(referral: Referral, command: cmd.AcknowledgeAssessment, scene: Scene) -> Decided:
    if no := check("assessment.acknowledged", referral, scene):
        return no
    if not referral.is_immediate:
        return refused("flag_first")
    if referral.immediate and referral.immediate.acknowledged_at:
        return ()
    if not command.taken_by_name.strip():
        return refused("name_needed")
    taken = scene.did(ev.AssessmentAcknowledged(command.taken_by_name, command.note))
    return and_close(referral, (taken,), scene)


def consider(referral: Referral, command: cmd.ConsiderStrategy, scene: Scene) -> Decided:
    if no := check("strategy.considered", referral, scene):
        return no
    if not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.StrategyConsidered(command.needed, command.reason)),)


def held(referral: Referral, command: cmd.RecordStrategyHeld, scene: Scene) -> Decided:
    if no := check("strategy.held", referral, scene):
        return no
    if not set(STRATEGY_MUST_ATTEND) <= set(command.attended):
        return refused("strategy_attendance")
    if not command.decision_recorded_on.strip():
        return refused("strategy_where_recorded")
    return (
        scene.did(ev.StrategyHeld(command.attended, command.also, command.decision_recorded_on)),
    )
