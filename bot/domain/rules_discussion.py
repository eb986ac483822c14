"""Rules of the thread: the briefing, what agencies know, and who is this."""

from __future__ import annotations

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Scene, check, refused
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
    return (
        scene.did(
            ev.BriefingPosted(
                command.conversation_id,
                command.activity_id,
                command.service_url,
                referral.re_referral,
                missing,
            )
        ),
    )


def contribute(referral: Referral, command: cmd.AddContribution, scene: Scene) -> Decided:
    if no := check("contribution.added", referral, scene):
        return no
    own = command.agency == scene.actor.agency
    if scene.partnership.agency.find(command.agency) is None or command.known not in KNOWN:
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
                own and command.corrects,
            )
        ),
    )


def confirm(referral: Referral, command: cmd.ConfirmContribution, scene: Scene) -> Decided:
    if no := check("contribution.confirmed", referral, scene):
        return no
    if command.agency != scene.actor.agency:
        return refused("not_your_line")
    if not referral.unconfirmed_of(command.agency):
        logged = any(
            c.said.agency == command.agency and c.said.on_behalf for c in referral.contributions
        )
        return () if logged else refused("nothing_to_confirm")
    return (scene.did(ev.ContributionConfirmed(command.agency)),)


def nudge(referral: Referral, command: cmd.SendNudge, scene: Scene) -> Decided:
    if no := check("nudge.sent", referral, scene):
        return no
    if (command.kind, command.level) in referral.nudges:
        return ()
    return (scene.did(ev.NudgeSent(command.kind, command.level, command.to)),)


def ask_identity(referral: Referral, command: cmd.AskIdentity, scene: Scene) -> Decided:
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
