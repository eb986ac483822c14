"""A child who is not safe waits for nobody's press, whenever that is said."""

from __future__ import annotations

import asyncio

from bot.desk.presses_first import Gaps, PressesFirst
from bot.domain.commands import FlagImmediate
from tests.wire.acting import Acting


async def test_a_flag_does_not_wait_behind_what_its_referral_waited_for_already(
    acting: Acting,
) -> None:
    referral = await acting.referred()
    outbox, service = acting.desk.outbox, acting.desk.service
    await outbox.quiet()
    outbox.presses_first = PressesFirst(Gaps(some_s=3600.0))
    flags = acting.desk.partnership.person("pol-1")
    assert flags is not None

    with outbox.presses_first.pressing():
        await outbox.presses_first.turn("another referral")
        outbox.kick(referral.case_id)
        await asyncio.sleep(0)
        await service.act(referral.case_id, FlagImmediate("He is outside the house"), flags)
        await asyncio.wait_for(outbox.quiet(), 10.0)

    assert any("not safe" in str(m.card) for m in acting.thread(await acting.briefing()))
