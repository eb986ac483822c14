"""Index rows and the Decisions table again, from commits alone."""

from __future__ import annotations

from bot.desk.cases import Cases
from bot.desk.ports import Log, Rows
from bot.domain.measures import figures_of, week_key
from bot.domain.partnership import Partnership


async def rebuild(rows: Rows, log: Log, partnership: Partnership) -> int:
    """Number of referrals rebuilt. Reads the whole log once; safe to repeat."""
    streams = {r.partition for r in await rows.scan("Commits")}
    cases = Cases(log)
    count = 0
    for stream in sorted(streams):
        if stream.startswith("desk-"):
            continue
        referral = (await cases.fresh(stream)).referral
        if referral.intake is None:
            continue
        figures = figures_of(referral, partnership)
        week = week_key(partnership.calendar.day_of(figures.received_at))
        await log.save_figures(week, figures, referral.version)
        if referral.briefing:
            await log.link_thread(referral.briefing.conversation_id, stream)
        for mosaic_id in referral.asked.mosaic_ids:
            await log.link_child(mosaic_id, stream, referral.reference, figures.received_at)
        if figures.decided_at:
            await log.save_decision(week, figures)
        if referral.live:
            await log.mark_open(stream)
        count += 1
    return count
