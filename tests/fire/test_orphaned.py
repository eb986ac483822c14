"""A copy that logged something and was gone before it told anybody: another copy tells."""

from __future__ import annotations

from bot.desk.ports import Commit
from bot.domain.events import LeadClaimed, Recorded
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting


async def test_what_a_lost_copy_logged_is_shown_within_a_minute(rehearsal: Rehearsal) -> None:
    acting = Acting(rehearsal)
    referral = await acting.referred()
    briefing = await acting.briefing()
    await acting.later(seconds=1)
    now = rehearsal.clock.now()
    recorded = (Recorded(LeadClaimed(agency="early_help"), now, "eh-1"),)
    lost = Commit(acting.case_id, referral.version + 1, now, "eh-1", recorded, ())
    await rehearsal.front_door.log.append(lost)
    await acting.later(seconds=30)
    assert "Femi A." not in str(briefing.card), "nobody here has heard of it"
    await acting.later(seconds=30)
    assert "Femi A." in str(briefing.card)
