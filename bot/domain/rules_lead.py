"""Rules of who leads: claiming, assigning, the default, and handing the lead on."""

from __future__ import annotations

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.referral import Referral
from bot.domain.vocabulary import Role

_MAY_LEAD = (Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)


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
    if referral.is_immediate and scene.actor.role not in _SENIOR:
        return refused("immediate_lead", ref=referral.reference)
    return (scene.did(ev.LeadClaimed(command.note)),)


def assign(referral: Referral, command: cmd.AssignLead, scene: Scene) -> Decided:
    if no := check("lead.assigned", referral, scene):
        return no
    person = scene.partnership.person(command.lead)
    if person is None or person.role not in _MAY_LEAD:
        return refused("cannot_lead")
    if referral.lead == command.lead:
        return ()
    if referral.lead and not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.LeadAssigned(command.lead, command.reason)),)


def default_lead(referral: Referral, command: cmd.DefaultLead, scene: Scene) -> Decided:
    if referral.lead:
        return ()
    if no := check("lead.defaulted", referral, scene):
        return no
    managers = scene.partnership.with_role(Role.DUTY_MANAGER)
    here = scene.today.here(managers) or managers
    if not here:
        return refused("no_duty_manager")
    return (scene.did(ev.LeadDefaulted(here[0].id)),)


def _unfit(referral: Referral, to: str, scene: Scene) -> Refused | None:
    """Whether the one who is to lead may: an immediate referral stays with the seniors."""
    person = scene.partnership.person(to)
    if person is None or person.role not in _MAY_LEAD:
        return refused("cannot_lead")
    if referral.is_immediate and person.role not in _SENIOR:
        return refused("immediate_lead", ref=referral.reference)
    return None


def offer(referral: Referral, command: cmd.OfferLead, scene: Scene) -> Decided:
    if no := check("lead.handover_offered", referral, scene):
        return no
    if no := _unfit(referral, command.to, scene):
        return no
    if command.to == referral.lead:
        return refused("already_leads", lead=scene.partnership.name_of(command.to))
    if not command.reason.strip():
        return refused("reason_needed")
    now = referral.offer
    if now and (now.to, now.reason) == (command.to, command.reason):
        return ()
    return (scene.did(ev.LeadHandoverOffered(command.to, command.reason)),)


def accept(referral: Referral, command: cmd.AcceptLead, scene: Scene) -> Decided:
    """The first lead keeps it until the one it was offered to takes it."""
    if referral.lead == scene.actor.id and referral.live and referral.offer is None:
        return ()
    if no := check("lead.handed_over", referral, scene):
        return no
    offered = referral.offer
    if offered is None:
        return refused("no_offer", ref=referral.reference)
    if offered.to != scene.actor.id:
        names = scene.partnership.name_of
        code = "not_accepted" if referral.lead == scene.actor.id else "not_accepted_by_them"
        return refused(code, new_lead=names(offered.to), lead=names(referral.lead))
    if no := _unfit(referral, offered.to, scene):
        return no
    return (scene.did(ev.LeadHandedOver(offered.to, offered.by, offered.reason)),)
