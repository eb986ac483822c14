"""Rules of the thread: lead, contributions, who is this, and what is said."""

from __future__ import annotations

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.decision import Decided, Scene, check, refused
from bot.domain.partnership import BOT
from bot.domain.referral import Referral
from bot.domain.vocabulary import KNOWN, KNOWN_NEEDS_SHARING, LIMIT_RELEVANT, Role


def record_briefing(referral: Referral, command: cmd.RecordBriefing, scene: Scene) -> Decided:
    if no := check("briefing.posted", referral, scene):
        return no
    here = {p.agency for p in scene.today.here(scene.partnership.with_role(Role.REP))}
    staffed = here | {
        p.agency
        for p in scene.today.here(
            scene.partnership.with_role(Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
        )
    }
    missing = tuple(a.code for a in scene.partnership.core_agencies if a.code not in staffed)
    intake = referral.asked
    re_referral = intake.earlier == "yes" or bool(referral.earlier_reference)
    return (
        scene.did(
            ev.BriefingPosted(
                command.conversation_id,
                command.activity_id,
                command.service_url,
                re_referral,
                missing,
            )
        ),
    )


def claim(referral: Referral, command: cmd.ClaimLead, scene: Scene) -> Decided:
    if referral.lead == scene.actor.id and referral.live:
        return ()
    if referral.lead:
        name = scene.partnership.name_of(referral.lead)
        return refused("already_claimed", lead=name, ref=referral.reference)
    if no := check("lead.claimed", referral, scene):
        return no
    if scene.actor.id in scene.today.absent:
        return refused("not_on_roll")
    senior = scene.actor.role in (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    if referral.is_immediate and not senior:
        return refused("immediate_lead", ref=referral.reference)
    return (scene.did(ev.LeadClaimed(command.note)),)


def assign(referral: Referral, command: cmd.AssignLead, scene: Scene) -> Decided:
    if no := check("lead.assigned", referral, scene):
        return no
    person = scene.partnership.person(command.lead)
    fit = (Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    if person is None or person.role not in fit:
        return refused("cannot_lead")
    if referral.lead == command.lead:
        return ()
    if referral.lead and not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.LeadAssigned(command.lead, command.reason)),)


def default_lead(referral: Referral, scene: Scene) -> Decided:
    if referral.lead:
        return ()
    if no := check("lead.defaulted", referral, scene):
        return no
    managers = scene.partnership.with_role(Role.DUTY_MANAGER)
    here = scene.today.here(managers) or managers
    if not here:
        return refused("no_duty_manager")
    return (scene.did(ev.LeadDefaulted(here[0].id)),)


def contribute(referral: Referral, command: cmd.AddContribution, scene: Scene) -> Decided:
    if no := check("contribution.added", referral, scene):
        return no
    own = command.agency == scene.actor.agency
    if command.agency not in scene.partnership.agency or command.known not in KNOWN:
        return refused("unknown_choice")
    absent = command.known == "no_rep_today"
    if not own and command.source != "room" and not absent:
        return refused("not_your_agency")
    if absent and scene.actor.role is not Role.DUTY_MANAGER:
        return refused("only_duty_manager_marks_absent")
    if command.known in KNOWN_NEEDS_SHARING and command.sharing is None:
        return refused("sharing_needed")
    if command.sharing and command.sharing.decision != "shared" and not command.sharing.reason:
        return refused("sharing_reason_needed")
    unseen = referral.asked.ids_to_follow and scene.actor.id not in referral.identity_told
    if command.known == "not_known" and unseen and not command.told:
        return refused("told_needed", ref=referral.reference)
    if len(command.relevant) > LIMIT_RELEVANT:
        return refused("too_long", limit=str(LIMIT_RELEVANT))
    return (
        scene.did(
            ev.ContributionAdded(
                command.agency,
                command.known,
                command.relevant,
                command.strengths,
                command.worries,
                command.suggests,
                command.source,
                not own,
                command.told,
                command.sharing if command.known in KNOWN_NEEDS_SHARING else None,
            )
        ),
    )


def message(referral: Referral, command: cmd.AddMessage, scene: Scene) -> Decided:
    if no := check("message", referral, scene):
        return no
    agency = "" if scene.actor.id == BOT.id else scene.actor.agency
    return (scene.did(ev.MessageAdded(command.text, agency, command.activity_id)),)


def nudge(referral: Referral, command: cmd.SendNudge, scene: Scene) -> Decided:
    if no := check("nudge.sent", referral, scene):
        return no
    if (command.kind, command.level) in referral.nudges:
        return ()
    return (scene.did(ev.NudgeSent(command.kind, command.level, command.to)),)


def ask_identity(referral: Referral, scene: Scene) -> Decided:
    if no := check("identity.asked", referral, scene):
        return no
    if scene.actor.id in referral.identity_asked:
        return ()
    return (scene.did(ev.IdentityAsked()),)


def tell_identity(referral: Referral, command: cmd.TellIdentity, scene: Scene) -> Decided:
    if no := check("identity.told", referral, scene):
        return no
    if command.person in referral.identity_told:
        return ()
    if scene.partnership.person(command.person) is None:
        return refused("unknown_choice")
    return (scene.did(ev.IdentityTold(command.person)),)
