"""What one referral owes another: two streams cannot share a commit, so the second is an effect.

Each act is safe to repeat; the log of the second referral says whether it is done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.desk import effects as fx
from bot.desk.cases import Cases
from bot.desk.ports import Effect, Log, StoreUnavailable
from bot.desk.service import Service
from bot.domain.commands import (
    AbsorbReferral,
    FlagImmediate,
    MatchReferral,
    NoteLink,
    OtherReferral,
    UndoMerge,
)
from bot.domain.decision import Refused
from bot.domain.pairs import absorbed
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT, Role


def as_other(referral: Referral) -> OtherReferral:
    return OtherReferral(referral.case_id, referral.reference, referral.state, referral.asked)


def _order(referral: Referral) -> tuple[dt.datetime, str]:
    assert referral.submitted_at is not None
    return referral.submitted_at, referral.reference


class Between:
    def __init__(self, cases: Cases, service: Service, log: Log) -> None:
        self._cases = cases
        self._service = service
        self._log = log

    async def surviving(self, case_id: str) -> Referral:
        """The referral that goes on, after any number of merges.

        Two merged into each other in the same second would both be gone: the earlier goes on.
        """
        seen: dict[str, Referral] = {}
        while True:
            referral = (await self._cases.fresh(case_id)).referral
            if referral.merged_into is None:
                return referral
            if case_id in seen:
                return min(seen.values(), key=_order)
            seen[case_id] = referral
            case_id = referral.merged_into.case_id

    async def pass_on(self, referral: Referral, effect: Effect) -> None:
        """Raises StoreUnavailable; the effect is then tried again."""
        to = await self.surviving(str(effect.data["case"]))
        if to.case_id == referral.case_id:
            return
        match effect.kind:
            case fx.ABSORB:
                await self._absorb(referral, to)
            case fx.FORWARD_FLAG:
                await self._flag(referral, to, str(effect.data["by"]))
            case fx.LINK_BACK:
                await self._service.act_as_bot(to.case_id, NoteLink(as_other(referral)))

    async def _absorb(self, referral: Referral, to: Referral) -> None:
        assert referral.merged_into is not None
        if to.withdrawn:
            await self._service.act_as_bot(referral.case_id, UndoMerge())
            return
        command = AbsorbReferral(absorbed(referral, referral.merged_into.by))
        result = await self._service.act_as_bot(to.case_id, command)
        if isinstance(result, Refused):
            # Withdrawn in between: the effect is tried again, and then sees it.
            raise StoreUnavailable(f"not absorbed: {result.code}")

    async def _flag(self, referral: Referral, to: Referral, by: str) -> None:
        note = referral.immediate.note if referral.immediate else ""
        if not to.is_immediate:
            await self._service.act(to.case_id, FlagImmediate(note), self._flagger(by))

    def _flagger(self, person_id: str) -> Person:
        """The flag was taken from somebody of the duty team: a role lost since, or changed, takes
        nothing back.
        """
        known = self._service.partnership.person(person_id)
        known = known or Person(person_id, person_id, Role.NONE, "", HOST_TENANT, "")
        return known if known.role in DUTY_TEAM else replace(known, role=Role.REP)

    async def look_for_same(self, referral: Referral) -> None:
        """Tells the later of two open referrals about the earlier one that names the same child."""
        if not referral.live:
            return
        for mosaic_id in referral.asked.mosaic_ids:
            for case_id, _, _ in await self._log.referrals_of_child(mosaic_id):
                if case_id != referral.case_id:
                    await self._match(referral, (await self._cases.fresh(case_id)).referral)

    async def _match(self, one: Referral, two: Referral) -> None:
        if not (one.live and two.live):
            return
        earlier, later = sorted((one, two), key=_order)
        await self._service.act_as_bot(later.case_id, MatchReferral(as_other(earlier)))
