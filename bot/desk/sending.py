"""One effect sent: claimed by its status row, carried out, and how it went noted.

The claim is a row that only one can create, so another replica does not send it too. A crash
between sending and noting it can repeat a post once: the recorded message is the live one.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Protocol

from bot.desk.delivering import Delivery
from bot.desk.ports import (
    AlreadyThere,
    CannotDeliver,
    Changed,
    Clock,
    DeliveryUnknown,
    Effect,
    EffectStatus,
    Log,
    OurFault,
    StoreUnavailable,
    TryLater,
)
from bot.desk.retrying import ENDED, after_fault, claim, due
from bot.desk.signals import SILENT, Signals
from bot.domain.referral import Referral

_log = logging.getLogger("frontdoor.outbox")


@dataclass(frozen=True, slots=True)
class Owed:
    """An effect and where it is owed: effect `index` of commit `n` of a stream."""

    stream: str
    n: int
    index: int
    effect: Effect

    @property
    def key(self) -> tuple[str, int, int]:
        return (self.stream, self.n, self.index)


class Read(Protocol):
    """The referral an effect is about and its status row, as the log has them now. Asked for
    whenever the row may have changed, so that whoever keeps a copy has the newest.
    """

    async def __call__(self, owed: Owed) -> tuple[Referral, EffectStatus]: ...


class Sender:
    def __init__(
        self,
        log: Log,
        clock: Clock,
        delivery: Delivery,
        take_over_after_s: float,
        signals: Signals = SILENT,
    ) -> None:
        """`take_over_after_s`: how old another's unfinished send must be before it is repeated;
        0 where this process is the store's only one.
        """
        self._log = log
        self._clock = clock
        self._delivery = delivery
        self._take_over = dt.timedelta(seconds=take_over_after_s)
        self._signals = signals
        self._mine: set[tuple[str, int, int]] = set()
        self._begun: dict[tuple[str, int, int], EffectStatus | None] = {}
        """What a fault of the store cut short here, to be gone on with at the next look; with how
        it went, where that is known: it is then noted and not sent again.
        """

    async def send(
        self, owed: Owed, before: EffectStatus | None, read: Read
    ) -> EffectStatus | None:
        """How it went; None where it is not due, or another has it. Raises StoreUnavailable."""
        if owed.key in self._mine:
            return None
        begun = owed.key in self._begun
        if not begun and not due(owed.effect, before, self._clock.now(), self._take_over):
            return None
        self._mine.add(owed.key)  # before the claim: another look must not take it for abandoned
        try:
            done = self._begun.get(owed.key) or await self._send(owed, before, read)
            return await self._note(owed, done, read) if done else None
        finally:
            self._mine.discard(owed.key)

    async def _send(
        self, owed: Owed, before: EffectStatus | None, read: Read
    ) -> EffectStatus | None:
        """How it went; None where another has it."""
        claimed = claim(owed.n, owed.index, before, self._clock.now())
        try:
            await self._log.set_effect(owed.stream, claimed)
        except (AlreadyThere, Changed):
            self._begun.pop(owed.key, None)
            await read(owed)
            return None
        self._begun[owed.key] = None
        referral, status = await read(owed)
        try:
            return await self._delivered(owed, referral, status)
        except (TryLater, DeliveryUnknown, CannotDeliver, OurFault) as fault:
            return after_fault(status, owed.effect, fault, self._clock.now())

    async def _note(self, owed: Owed, done: EffectStatus, read: Read) -> EffectStatus | None:
        self._begun[owed.key] = done
        noted = await self._noted(owed, done)
        del self._begun[owed.key]
        await read(owed)
        return done if noted else None

    async def _delivered(
        self, owed: Owed, referral: Referral, status: EffectStatus
    ) -> EffectStatus:
        """Whatever one effect raises counts as its own attempt: what is owed behind it goes on."""
        try:
            return await self._delivery.deliver(referral, owed.effect, status)
        except (TryLater, DeliveryUnknown, CannotDeliver, StoreUnavailable):
            raise
        except Exception as fault:
            fields = {"case": owed.stream, "kind": owed.effect.kind}
            _log.exception("outbox.effect_fault", extra=fields)
            raise OurFault(type(fault).__name__) from fault

    async def _noted(self, owed: Owed, done: EffectStatus) -> bool:
        try:
            await self._log.set_effect(owed.stream, done)
        except (AlreadyThere, Changed):
            _log.warning("outbox.status_taken", extra={"case": owed.stream})
            return False
        self._tell(owed, done)
        return True

    def _tell(self, owed: Owed, done: EffectStatus) -> None:
        if done.state in ENDED:
            self._signals.effect_ended(owed.effect.kind, done.state)
        if done.state == "failed":
            fields = {"case": owed.stream, "kind": owed.effect.kind, "code": done.code}
            _log.error("outbox.failed", extra=fields)
