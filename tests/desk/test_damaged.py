"""One referral whose rows are damaged keeps the clock and the lists from none of the others."""

from __future__ import annotations

import pytest

from bot.desk.ports import Row, Unreadable
from bot.rehearsal.rehearsal import Rehearsal
from bot.store import codec
from tests.wire.rostered import Rostered

UNREAD = "could not be read: 1."


async def damaged(acting: Rostered, **props: str) -> None:
    """The first commit of this referral as somebody, or a fault of ours, left it."""
    rows = acting.r.front_door.rows
    table = codec.table_of(acting.case_id)
    row = await rows.get(table, acting.case_id, codec.commit_key(1))
    assert row is not None
    await rows.put(Row(table, row.partition, row.key, {**row.props, **props}))


async def restarted(acting: Rostered) -> None:
    await acting.r.front_door.stop()
    await acting.r._start_bot()


@pytest.mark.parametrize(
    "props", [{"facts": "[{"}, {"facts": "[1]"}, {"facts": '[{"type": "nothing.known"}]'}]
)
async def test_the_others_are_reminded_of_and_listed_and_whoever_asks_is_told(
    rehearsal: Rehearsal, props: dict[str, str]
) -> None:
    bad, good = Rostered(rehearsal), Rostered(rehearsal)
    await bad.brief()
    await good.brief()
    await rehearsal.settled()
    await damaged(bad, **props)
    await restarted(good)
    with pytest.raises(Unreadable):
        await good.desk.log.load(bad.case_id)

    await good.to("2026-11-24T10:30+00:00")

    logged = await good.logged()
    assert {"nudge.sent", "lead.defaulted"} <= set(logged)
    await good.hands("mgr-1").say("open", place="personal")
    said = good.words(good.last("mgr-1"))
    assert (await good.referral()).reference in said
    assert UNREAD in said
    await good.to("2026-11-24T16:20+00:00")
    assert "1 referral without an agreed outcome" in good.words(good.last("mgr-1"))
    assert UNREAD in good.words(good.last("mgr-1"))


async def test_of_one_alone_that_lacks_its_first_commit_the_closing_list_still_tells(
    rehearsal: Rehearsal,
) -> None:
    bad = Rostered(rehearsal)
    await bad.brief()
    await rehearsal.settled()
    table = codec.table_of(bad.case_id)
    await rehearsal.front_door.rows.delete(table, bad.case_id, codec.commit_key(1))
    await restarted(bad)

    await bad.to("2026-11-24T16:20+00:00")

    assert UNREAD in bad.words(bad.last("mgr-1"))


async def test_one_that_turns_up_damaged_meanwhile_holds_up_no_other(
    rehearsal: Rehearsal,
) -> None:
    """As another copy's referral does, found when the list of what is open is read again."""
    bad, good = Rostered(rehearsal), Rostered(rehearsal)
    await bad.brief()
    await rehearsal.settled()
    ticker = bad.desk.ticker
    await damaged(bad, facts="[{")
    bad.desk.cases._warm.clear()
    ticker._open.clear()
    ticker._listed_at = float("-inf")
    await good.brief()

    await good.to("2026-11-24T10:30+00:00")

    assert {"nudge.sent", "lead.defaulted"} <= set(await good.logged())
