"""What did not reach Teams, for those who may have it tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.cases import Case, Cases
from bot.desk.ports import Log
from cards.unsent import Unsent


@dataclass(frozen=True, slots=True)
class Found:
    """Referrals with messages that could not be posted, those of whose briefing nobody knows
    whether it was, and those with cards that are old.
    """

    given_up: tuple[Case, ...]
    not_sure: tuple[Case, ...]
    old: tuple[Case, ...]

    def cases(self) -> tuple[str, ...]:
        found = (*self.given_up, *self.not_sure, *self.old)
        return tuple(dict.fromkeys(c.referral.case_id for c in found))

    def shown(self) -> Unsent:
        return Unsent(
            sum(case.given_up for case in self.given_up),
            _references(self.given_up),
            not_sure=_references(self.not_sure),
            old=_references(self.old),
        )


class UnsentFinder:
    def __init__(self, log: Log, cases: Cases, old_cards: Callable[[Case], int]) -> None:
        """`old_cards`: how many cards of a case Teams does not let be redrawn."""
        self._log = log
        self._cases = cases
        self._old_cards = old_cards

    async def found(self) -> Found:
        cases = [await self._cases.current(c) for c in await self._log.open_cases()]
        cases = [c for c in cases if c.referral.intake is not None]
        given_up = tuple(c for c in cases if c.referral.live and c.given_up)
        not_sure = tuple(c for c in cases if c.referral.live and c.not_sure)
        return Found(given_up, not_sure, tuple(c for c in cases if self._old_cards(c)))


def _references(cases: tuple[Case, ...]) -> tuple[str, ...]:
    return tuple(sorted(case.referral.reference for case in cases))
