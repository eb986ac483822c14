"""The indexes a referral casts: its figures, its children, its decision. All can be made again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.ports import Log
from bot.domain.figures import Figures, figures_of
from bot.domain.partnership import Partnership
from bot.domain.periods import week_key
from bot.domain.referral import Referral
from bot.domain.vocabulary import State


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the index rows of one referral hold."""

    week: str
    figures: Figures
    mosaic_ids: tuple[str, ...]


def shadow_of(referral: Referral, partnership: Partnership) -> Shadow:
    """Merged children are found under the referral that goes on, withdrawn ones nowhere."""
    figures = figures_of(referral, partnership)
    gone = referral.state in (State.MERGED, State.WITHDRAWN)
    return Shadow(
        week_key(partnership.calendar.day_of(figures.received_at)),
        figures,
        () if gone else referral.asked.mosaic_ids,
    )


async def project(log: Log, referral: Referral, now: Shadow, before: Shadow | None = None) -> None:
    """Writes the rows, and removes those that stood elsewhere before."""
    case_id = referral.case_id
    if before and before.week != now.week:
        await log.drop_figures(before.week, case_id)
    known = before.mosaic_ids if before else referral.asked.mosaic_ids
    for mosaic_id in set(known) - set(now.mosaic_ids):
        await log.unlink_child(mosaic_id, case_id)
    await log.save_figures(now.week, now.figures, referral.version)
    received_at = now.figures.received_at
    linked = before.mosaic_ids if before and before.figures.received_at == received_at else ()
    for mosaic_id in now.mosaic_ids:
        if mosaic_id not in linked:
            await log.link_child(mosaic_id, case_id, referral.reference, received_at)
    if now.figures.decided_at and now.figures.counts:
        await log.save_decision(now.week, now.figures)
    elif referral.past_picks:
        await log.drop_decision(now.week, referral.reference)
