"""One press: load, decide, append, with a bounded retry. Everything after is an effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.desk import effects
from bot.desk.cases import Case, Cases
from bot.desk.days import Days
from bot.desk.ports import (
    AlreadyThere,
    Clock,
    Commit,
    Log,
    RefusalRecord,
    StoreUnavailable,
    keys_of,
)
from bot.desk.signals import SILENT, Signals, note_refusal
from bot.domain.commands import Command, SubmitIntake
from bot.domain.decide import decide
from bot.domain.decision import Refused, Scene
from bot.domain.events import (
    IntakeSubmitted,
    LeadAssigned,
    LeadClaimed,
    LeadDefaulted,
    LeadHandedOver,
    Recorded,
)
from bot.domain.evolve import fold
from bot.domain.partnership import BOT, Partnership, Person
from bot.domain.referral import Referral

_TRIES = 60
"""Fifty people may press in the same second; each loses to at most the others."""


def _with_agencies(decided: tuple[Recorded, ...], scene: Scene) -> tuple[Recorded, ...]:
    """Whoever becomes lead leads for the agency they are of now: figures must not change when
    somebody moves on.
    """

    def named(item: Recorded) -> Recorded:
        event = item.event
        match event:
            case LeadClaimed():
                lead = item.by
            case LeadAssigned() | LeadDefaulted():
                lead = event.lead
            case LeadHandedOver():
                lead = event.to
            case _:
                return item
        person = scene.partnership.person(lead)
        return replace(item, event=replace(event, agency=person.agency if person else ""))

    return tuple(map(named, decided))


@dataclass(frozen=True, slots=True)
class Done:
    """`changed` is False where the press was already logged, or asked for what is already so."""

    referral: Referral
    recorded: tuple[Recorded, ...]
    changed: bool


Result = Done | Refused


class Service:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        clock: Clock,
        cases: Cases,
        days: Days,
        committed: Callable[[str], None],
        signals: Signals = SILENT,
    ) -> None:
        """`committed` is told a case id after each commit, so that its effects go out."""
        self.partnership = partnership
        self.log = log
        self.clock = clock
        self.cases = cases
        self.days = days
        self._committed = committed
        self._signals = signals

    async def act(
        self,
        case_id: str,
        command: Command,
        actor: Person,
        *,
        press: str = "",
        passed: tuple[str, ...] = (),
    ) -> Result:
        """`press` holds its keys (see Commit). Raises StoreUnavailable when the store did not
        answer; pressing again is safe.
        """
        case = await self.cases.current(case_id)
        looked_again = False
        for _ in range(_TRIES):
            referral = case.referral
            if not referral.presses.isdisjoint(keys_of(press)):
                self._committed(case_id)  # whoever logged it may not have come to send what it owes
                await self._listed_again(referral)
                return Done(referral, (), changed=False)
            scene = await self._scene(referral, actor)
            decided = decide(referral, command, scene)
            if isinstance(decided, Refused) or not decided:
                if not looked_again:
                    looked_again = True
                    newer = await self.cases.fresh(case_id)
                    if newer.referral.version != referral.version:
                        case = newer
                        continue
                return decided if isinstance(decided, Refused) else Done(referral, (), False)
            if isinstance(command, SubmitIntake):
                decided = await self._with_reference(case_id, decided, scene.now)
            decided = _with_agencies(decided, scene)
            made = fold(referral, decided)
            commit = await self._commit(case, decided, made, scene, press, passed)
            try:
                await self.log.append(commit)
            except AlreadyThere:
                case = await self.cases.fresh(case_id)
                continue
            except StoreUnavailable:
                self.cases.doubt(case_id)
                self._committed(case_id)
                raise
            after = self.cases.appended(commit, case, made)
            self._committed(case_id)
            if not referral.live and referral.version:
                await self._listed_again(after.referral)
            return Done(after.referral, decided, changed=True)
        raise StoreUnavailable("too many presses at once")

    async def _listed_again(self, referral: Referral) -> None:
        """One that came back to life is on the list of what is open whatever took it off while this
        was decided; a press that arrives again makes good what died in between.
        """
        if referral.live:
            await self.log.mark_open(referral.case_id)

    async def _scene(self, referral: Referral, actor: Person) -> Scene:
        p = self.partnership.as_opened(referral.configuration)
        return Scene(p, await self.days.today(), self.clock.now(), actor)

    async def _with_reference(
        self, case_id: str, decided: tuple[Recorded, ...], now: dt.datetime
    ) -> tuple[Recorded, ...]:
        """The number is reserved before the commit: a retry of the same case finds its own."""
        year = self.partnership.calendar.day_of(now).year
        reference = await self.log.reserve_reference(case_id, year)
        await self.log.mark_open(case_id)
        return tuple(
            replace(r, event=replace(r.event, reference=reference))
            if isinstance(r.event, IntakeSubmitted)
            else r
            for r in decided
        )

    async def _commit(
        self,
        case: Case,
        decided: tuple[Recorded, ...],
        made: Referral,
        scene: Scene,
        press: str,
        passed: tuple[str, ...],
    ) -> Commit:
        referral = case.referral
        if not referral.live and referral.version:
            await self.log.mark_open(referral.case_id)
        return Commit(
            stream=referral.case_id,
            n=referral.version + 1,
            at=scene.now,
            by=scene.actor.id,
            recorded=decided,
            effects=effects.owed(decided, made, scene.partnership, scene.today),
            press=press,
            passed=passed,
            configuration=self.partnership.version,
        )

    async def act_as_bot(self, case_id: str, command: Command) -> Result:
        return await self.act(case_id, command, BOT)

    async def refuse(
        self,
        refused: Refused,
        *,
        verb: str,
        case_id: str,
        tenant_id: str,
        object_id: str,
        text: str = "",
    ) -> None:
        """Logged apart from the referral: ids and codes; `text` only for a claim that lost."""
        note_refusal(refused.code)
        self._signals.refused(refused.code)
        await self.log.record_refusal(
            RefusalRecord(self.clock.now(), refused.code, verb, case_id, tenant_id, object_id, text)
        )
