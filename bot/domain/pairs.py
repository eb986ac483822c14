"""Two referrals about the same children: whose child is whose, and what is taken over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.domain import events as ev
from bot.domain.intake import Child, Intake
from bot.domain.referral import (
    Caller,
    Contribution,
    Disagreement,
    Immediate,
    Message,
    Other,
    PoliceContact,
    Referral,
    Strategy,
)
from bot.domain.vocabulary import State


def may_be_same(one: Intake, other: Intake) -> bool:
    """They share a child, or an id is still to follow, so that only a person can tell."""
    if set(one.mosaic_ids) & set(other.mosaic_ids):
        return True
    return one.ids_to_follow or other.ids_to_follow


def children_of_both(mine: tuple[Child, ...], theirs: tuple[Child, ...]) -> tuple[Child, ...]:
    """Every child once. A known id fills a row of the same age whose id is to follow."""
    out = list(mine)
    known = {c.mosaic_id for c in out}
    spare = [c for c in theirs if c.to_follow or c.mosaic_id not in known]
    open_rows = [i for i, c in enumerate(out) if c.to_follow]
    for child in sorted(spare, key=lambda c: c.to_follow):
        match = next((i for i in open_rows if out[i].age_band == child.age_band), None)
        if match is None and child.to_follow and _covered(child, mine, theirs):
            continue
        if match is None:
            out.append(child)
            continue
        open_rows.remove(match)
        if not child.to_follow:
            out[match] = child
    return tuple(out)


def _covered(child: Child, mine: tuple[Child, ...], theirs: tuple[Child, ...]) -> bool:
    """A child of theirs without an id is one of mine of that age whom theirs does not name."""
    named = {c.mosaic_id for c in theirs}
    return any(c.age_band == child.age_band and c.mosaic_id not in named for c in mine)


def absorbed(referral: Referral, merged_by: str) -> ev.ReferralAbsorbed:
    """What a merged referral hands to the one that goes on."""
    strategy = referral.strategy
    return ev.ReferralAbsorbed(
        reference=referral.reference,
        case_id=referral.case_id,
        merged_by=merged_by,
        taken_by=referral.taken_by,
        intake=referral.asked,
        said=tuple(ev.Said(c.said, c.by, c.at) for c in referral.contributions),
        wrote=tuple(
            ev.Wrote(
                m.text,
                m.agency,
                m.by,
                m.at,
                m.activity_id,
                m.filed_as,
                m.author_name,
                m.filed_by,
                m.link,
                m.filed_at,
                tuple(ev.Before(text) for text in m.earlier),
                m.revised_at,
                m.removed_at,
                m.edited_at,
            )
            for m in referral.messages
        ),
        flag=_flag(referral),
        callers=tuple(ev.Rang(c.reference, c.taken_by, c.intake) for c in referral.merged_callers),
        police=tuple(
            ev.RangPolice(c.rang_by, c.rang_by_name, c.rang_at, c.by, c.at) for c in referral.police
        ),
        disagreed=tuple(ev.Disagreed(d.text, d.by, d.at) for d in referral.disagreements),
        strategy=ev.Considered(strategy.needed, strategy.reason, strategy.by, strategy.at)
        if strategy
        else None,
        plan=referral.plan,
        told=tuple(sorted(referral.identity_told)),
    )


def _flag(referral: Referral) -> ev.Flag | None:
    flag = referral.immediate
    if flag is None or not flag.stands:
        return None
    return ev.Flag(
        flag.flagged_at,
        flag.flagged_by,
        flag.note,
        flag.notified_at,
        flag.notified_by,
        flag.acknowledged_at,
        flag.acknowledged_by,
    )


def take_in(referral: Referral, event: ev.ReferralAbsorbed, at: dt.datetime) -> Referral:
    """The surviving referral: the earlier call's time, every child, both callers owed."""
    mine = referral.asked
    intake = replace(
        mine,
        received_at=min(mine.received_at, event.intake.received_at),
        children=children_of_both(mine.children, event.intake.children),
        safe_now=_less_safe(mine.safe_now, event.intake.safe_now),
    )
    said = tuple(Contribution(s.said, s.by, s.at) for s in event.said)
    wrote = tuple(
        Message(
            x.text,
            x.agency,
            x.by,
            x.at,
            x.activity_id,
            x.author_name,
            x.filed_as,
            x.filed_by,
            x.filed_at,
            x.link,
            tuple(b.text for b in x.before),
            x.revised_at,
            x.removed_at,
            x.edited_at,
        )
        for x in event.wrote
    )
    changes: dict[str, Any] = {}
    if not referral.live:
        awake = woken(referral)
        changes = {"state": awake, "closed_at": None, "merged_into": None}
    nudges = referral.nudges
    if not referral.live:
        nudges = without(nudges, "decision_due", "feedback_due")
    if referral.agreed or referral.handover:  # one more caller is owed an answer
        nudges = without(nudges, "feedback_due")
    if event.flag and not referral.is_immediate:
        nudges = without(nudges, "claim_immediate", "immediate_not_taken")
    return replace(
        _with_the_rest(referral, event),
        intake=intake,
        nudges=nudges,
        contributions=tuple(sorted((*referral.contributions, *said), key=lambda c: c.at)),
        messages=tuple(sorted((*referral.messages, *wrote), key=lambda m: m.at)),
        immediate=_flag_of_both(referral.immediate, event.flag),
        absorbed=(
            *referral.absorbed,
            Other(event.reference, event.case_id, event.merged_by, at),
        ),
        merged_callers=(
            *referral.merged_callers,
            Caller(event.reference, event.taken_by, event.intake, merged=True),
            *(Caller(c.reference, c.taken_by, c.intake, merged=True) for c in event.callers),
        ),
        **changes,
    )


def _with_the_rest(referral: Referral, event: ev.ReferralAbsorbed) -> Referral:
    """Police, disagreement and who was told are added; note and plan only where there is none."""
    s = event.strategy
    police = [PoliceContact(c.rang_by, c.rang_by_name, c.rang_at, c.by, c.at) for c in event.police]
    disagreed = [Disagreement(d.text, d.by, d.at) for d in event.disagreed]
    return replace(
        referral,
        police=(*referral.police, *police),
        disagreements=(*referral.disagreements, *disagreed),
        strategy=referral.strategy or (Strategy(s.needed, s.reason, s.by, s.at) if s else None),
        plan=referral.plan or event.plan,
        identity_told=referral.identity_told | set(event.told),
    )


def without(nudges: frozenset[tuple[str, int]], *kinds: str) -> frozenset[tuple[str, int]]:
    """Nudges of these kinds start afresh: a new flag or pick is chased from its first level."""
    return frozenset(n for n in nudges if n[0] not in kinds)


_LEAST_SAFE_FIRST = ("no", "not_sure", "yes", "")


def _less_safe(mine: str, theirs: str) -> str:
    """What either caller feared stands."""
    return min(mine, theirs, key=_LEAST_SAFE_FIRST.index)


def woken(referral: Referral) -> State:
    """Where a finished referral stands once another call belongs to it."""
    if referral.handover:
        return State.HANDED_OVER
    if referral.agreed:
        return State.OUTCOME_AGREED
    if referral.pick:
        return State.OUTCOME_PROPOSED
    return State.IN_DISCUSSION if referral.lead else State.BRIEFED


def _flag_of_both(mine: Immediate | None, theirs: ev.Flag | None) -> Immediate | None:
    if theirs is None:
        return mine
    if mine and mine.stands:
        return replace(mine, note=" ".join(filter(None, (mine.note, theirs.note))))
    return Immediate(
        theirs.flagged_at,
        theirs.flagged_by,
        theirs.note,
        theirs.notified_at,
        theirs.notified_by,
        theirs.acknowledged_at,
        theirs.taken_by_name,
    )
