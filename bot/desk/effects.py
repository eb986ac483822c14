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
        case ev.ImmediateFlagged():
            return _flagged(after, p, today)
        case ev.NudgeSent(kind, level, to):
            return [Effect(SAY, {"what": kind, "level": level, "to": list(to)})]
        case ev.LeadDefaulted(lead):
            return [Effect(SAY, {"what": "defaulted", "level": 1, "to": [lead]})]
        case ev.IdentityAsked():
            return [Effect(IDENTITY, {"asker": item.by, "to": [after.taken_by]})]
        case ev.FeedbackAsked(_, masho):
            return [Effect(RING_BACK, {"to": masho})]
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
