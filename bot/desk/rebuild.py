"""Index rows and the Decisions table again, from commits alone."""

from __future__ import annotations

from bot.desk.cases import Cases
from bot.desk.people_seen import recall
from bot.desk.ports import Log, Rows
from bot.desk.projections import project, shadow_of
from bot.desk.roster import take_in_roster
from bot.desk.streams import streams
from bot.desk.versions import Versions
from bot.domain.partnership import Partnership


async def rebuild(rows: Rows, log: Log, partnership: Partnership) -> int:
    """Number of referrals rebuilt. Reads the whole log once; safe to repeat."""
    await recall(partnership, log)
    await take_in_roster(partnership, log)
    versions = Versions(partnership, log)
    await versions.load()
    cases = Cases(log, versions)
    count = 0
    async for stream in streams(rows, "Commits"):
        referral = (await cases.fresh(stream)).referral
        if referral.intake is None:
            continue
        opened = partnership.as_opened(referral.configuration)
        await project(log, referral, shadow_of(referral, opened))
        if referral.briefing:
            await log.link_thread(referral.briefing.conversation_id, stream)
        if referral.live:
            await log.mark_open(stream)
        count += 1
    return count
