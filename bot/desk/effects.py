"""Which effects a decision owes. Data only: ids and codes, never people's words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desk.ports import Effect
from bot.domain import events as ev
from bot.domain.partnership import Partnership, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import HOST_TENANT, Role

POST_BRIEFING = "post_briefing"
CARRY_ON = "carry_on"
SAY = "say"
ASSESSMENT = "assessment"
IDENTITY = "identity"
RING_BACK = "ring_back"
CLOSING = "closing"
ROLL = "roll"
PULSE = "pulse"
PULSE_CHANNEL = "pulse_channel"
WEEK = "week"
PAUSE = "pause"
SAME_CHILD = "same_child"
ABSORB = "absorb"
FORWARD_FLAG = "forward_flag"
LINK_BACK = "link_back"

OF_THE_DESK = frozenset({CLOSING, ROLL, PULSE, PULSE_CHANNEL, WEEK, PAUSE})
"""Owed by the desk's own log, not by a referral."""

OF_ONE = frozenset({CARRY_ON, RING_BACK})
"""Owed to one person by a referral, in their own chat, while they have a role."""

BETWEEN = frozenset({ABSORB, FORWARD_FLAG, LINK_BACK})
"""Acted on in another referral; nothing is sent."""


KINDS = frozenset(
    {
        *(POST_BRIEFING, SAY, ASSESSMENT, IDENTITY, SAME_CHILD),
        *OF_THE_DESK,
        *OF_ONE,
        *BETWEEN,
    }
)
"""Every kind of effect there is."""


def owed(
    recorded: Iterable[ev.Recorded], after: Referral, p: Partnership, today: Today
) -> tuple[Effect, ...]:
    """Effects of one commit, in the order they should go out."""
    found: list[Effect] = []
    for item in recorded:
        found += _of(item, after, p, today)
    return tuple(found)


def _of(item: ev.Recorded, after: Referral, p: Partnership, today: Today) -> list[Effect]:
    match item.event:
        case ev.IntakeSubmitted() as submitted:
            at = submitted.post_at.isoformat() if submitted.post_at else ""
            return [
                Effect(POST_BRIEFING, {"not_before": at}),
                Effect(CARRY_ON, {"to": item.by}),
            ]
        case ev.ImmediateFlagged() if after.merged_into:
            return [Effect(FORWARD_FLAG, {"case": after.merged_into.case_id, "by": item.by})]
        case ev.ImmediateFlagged():
            return _flagged(after, p, today)
        case ev.NudgeSent(kind, level, to):
            return [Effect(SAY, {"what": kind, "level": level, "to": list(to)})]
        case ev.LeadHandoverOffered(to):
            return [Effect(SAY, {"what": "lead_offered", "level": 1, "to": [to]})]
        case ev.FeedbackHeld(_, _, needs):
            return [
                Effect(
                    SAY,
                    {
                        "what": "feedback_check",
                        "level": 1,
                        "to": _checkers(item, after, p, today, needs),
                    },
                )
            ]
        case ev.DisagreementRecorded(_, told):
            return [Effect(SAY, {"what": "disagreement", "level": 1, "to": list(told)})]
        case ev.LeadDefaulted(lead):
            return [Effect(SAY, {"what": "defaulted", "level": 1, "to": [lead]})]
        case ev.IdentityAsked():
            return [Effect(IDENTITY, {"asker": item.by, "to": [after.taken_by]})]
        case ev.FeedbackAsked(_, masho, for_ref):
            return [Effect(RING_BACK, {"to": masho, "for": for_ref})]
        case _:
            return _of_pairs(item, after, p, today)


def _checkers(
    item: ev.Recorded, after: Referral, p: Partnership, today: Today, needs: tuple[str, ...]
) -> list[str]:
    """Who may see a held text before it goes: not its sender, and not the lead."""
    roles = [Role.DUTY_MANAGER] if "pass" in needs else [Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER]
    people = today.here(p.with_role(*roles))
    return [x.id for x in people if "pass" in needs or x.id not in (item.by, after.lead)]


def _of_pairs(item: ev.Recorded, after: Referral, p: Partnership, today: Today) -> list[Effect]:
    match item.event:
        case ev.ReferralMatched(_, case_id):
            return [Effect(SAME_CHILD, {"case": case_id})]
        case ev.ReferralMerged(_, into_case):
            return [Effect(ABSORB, {"case": into_case})]
        case ev.ReferralUnmerged():
            managers = [x.id for x in today.here(p.with_role(Role.DUTY_MANAGER))]
            said = Effect(SAY, {"what": "not_merged", "level": 1, "to": managers})
            # A flag raised while it was merged was to be told by the other referral.
            taken = after.immediate and after.immediate.acknowledged_at
            return [said, *(_flagged(after, p, today) if after.is_immediate and not taken else ())]
        case ev.ReferralLinked(_, to_case):
            return [Effect(LINK_BACK, {"case": to_case})]
        case _:
            return []


def _flagged(after: Referral, p: Partnership, today: Today) -> list[Effect]:
    seniors = today.here(p.with_role(Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER))
    out = [Effect(SAY, {"what": "immediate", "level": 1, "to": [x.id for x in seniors]})]
    team = p.assessment_team_for(after.asked.district)
    if team is None:
        return out
    if team.channel:
        return [*out, Effect(ASSESSMENT, {"channel": team.channel})]
    people = [x for x in p.with_role(Role.ASSESSMENT_TEAM) if x.tenant == HOST_TENANT]
    return [*out, *(Effect(ASSESSMENT, {"to": x.id}) for x in people)]
