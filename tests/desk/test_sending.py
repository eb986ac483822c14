"""One effect is sent by one at a time, in this process too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.desk.delivering import Delivery
from bot.desk.ports import Effect, EffectStatus, Rows
from bot.desk.sending import Owed, Sender
from bot.domain.referral import Referral
from bot.rehearsal.clock import RehearsalClock
from bot.store.log import TableLog

OWED = Owed("c" * 32, 1, 0, Effect("nudge", {}))


class Slow(Delivery):
    """Sends when it is let."""

    def __init__(self) -> None:
        self.sent = 0
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def deliver(
        self, referral: Referral, effect: Effect, status: EffectStatus
    ) -> EffectStatus:
        self.sent += 1
        self.begun.set()
        await self.go_on.wait()
        return replace(status, state="sent")


async def test_what_is_being_sent_is_not_taken_for_abandoned_by_another_look(rows: Rows) -> None:
    """Where this process is the only one, an unfinished send is repeated at once."""
    log, delivery = TableLog(rows), Slow()
    sender = Sender(log, RehearsalClock(), delivery, take_over_after_s=0.0)

    async def read(owed: Owed) -> tuple[Referral, EffectStatus]:
        (status,) = (await log.load(owed.stream)).statuses
        return Referral(owed.stream), status

    sending = asyncio.create_task(sender.send(OWED, None, read))
    await delivery.begun.wait()
    _, unfinished = await read(OWED)
    assert unfinished.state == "sending"
    looking = asyncio.create_task(sender.send(OWED, unfinished, read))
    await asyncio.wait((looking,), timeout=1)
    delivery.go_on.set()
    assert await looking is None
    done = await sending
    assert (done.state if done else "", delivery.sent) == ("sent", 1)
