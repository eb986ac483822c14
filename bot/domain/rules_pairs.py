"""Rules of one referral beside another: merge, link, and what the bot notices. And withdrawing."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Scene, check, refused
from bot.domain.pairs import may_be_same
from bot.domain.referral import Referral
from bot.domain.vocabulary import ENDED, Role, State


def merge(referral: Referral, command: cmd.MergeReferral, scene: Scene) -> Decided:
    into = command.into
    merged = referral.merged_into
    if merged and merged.case_id == into.case_id:
        return ()
    if no := check("referral.merged", referral, scene):
        return no
    if into.case_id == referral.case_id:
        return refused("same_referral")
    taken_in = any(o.case_id == into.case_id for o in referral.absorbed)
    if taken_in or into.state in ENDED or into.state is State.DRAFT:
        return refused("merge_ended", ref=into.reference)
    if not may_be_same(referral.asked, into.intake):
        return refused("different_children")
    return (scene.did(ev.ReferralMerged(into.reference, into.case_id)),)


def absorb(referral: Referral, command: cmd.AbsorbReferral, scene: Scene) -> Decided:
    """Refused only by one that was withdrawn: then the other end is merged no more."""
    if any(o.case_id == command.event.case_id for o in referral.absorbed):
        return ()
    if no := check("referral.absorbed", referral, scene):
        return no
    return (scene.did(command.event),)


def undo_merge(referral: Referral, command: cmd.UndoMerge, scene: Scene) -> Decided:
    if referral.merged_into is None:
        return ()
    if no := check("referral.unmerged", referral, scene):
        return no
    return (scene.did(ev.ReferralUnmerged(referral.merged_into.reference)),)


def matched(referral: Referral, command: cmd.MatchReferral, scene: Scene) -> Decided:
    if not referral.live or command.to.state in ENDED:
        return ()
    if any(o.case_id == command.to.case_id for o in (*referral.matches, *referral.absorbed)):
        return ()
    if no := check("referral.matched", referral, scene):
        return no
    return (scene.did(ev.ReferralMatched(command.to.reference, command.to.case_id)),)


def link(referral: Referral, command: cmd.LinkReferral, scene: Scene) -> Decided:
    to = command.to
    if any(o.case_id == to.case_id for o in referral.links):
        return ()
    if no := check("referral.linked", referral, scene):
        return no
    if to.case_id == referral.case_id:
        return refused("same_referral")
    if not may_be_same(referral.asked, to.intake):
        return refused("link_different")
    return (scene.did(ev.ReferralLinked(to.reference, to.case_id)),)


def note_link(referral: Referral, command: cmd.NoteLink, scene: Scene) -> Decided:
    to = command.to
    if any(o.case_id == to.case_id for o in (*referral.links, *referral.linked_from)):
        return ()
    if no := check("referral.linked_from", referral, scene):
        return no
    return (scene.did(ev.ReferralLinkedFrom(to.reference, to.case_id)),)


def withdraw(referral: Referral, command: cmd.WithdrawReferral, scene: Scene) -> Decided:
    if no := check("referral.withdrawn", referral, scene):
        return no
    assert referral.submitted_at is not None
    within = dt.timedelta(minutes=scene.partnership.timers.withdraw_minutes)
    late = scene.now > referral.submitted_at + within
    if late and scene.actor.role is not Role.DUTY_MANAGER:
        return refused("withdraw_late")
    if referral.absorbed:
        others = ", ".join(o.reference for o in referral.absorbed)
        return refused("withdraw_absorbed", others=others)
    if not command.reason.strip():
        return refused("reason_needed")
    return (scene.did(ev.ReferralWithdrawn(command.reason)),)
