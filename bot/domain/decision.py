"""What a rule is given, and what it gives back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.events import Event, Recorded
from bot.domain.partnership import BOT, Partnership, Person, Today
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed, state_allows


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal is a value. `code` picks the sentence; `facts` fills it."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        return dict(self.facts).get(name, "")


def refused(code: str, **facts: str) -> Refused:
    return Refused(code, tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a rule may look at. `now` is aware UTC."""

    partnership: Partnership
    today: Today
    now: dt.datetime
    actor: Person

    @property
    def day(self) -> dt.date:
        return self.partnership.calendar.day_of(self.now)

    def did(self, event: Event) -> Recorded:
        return Recorded(event, self.now, self.actor.id)

    def bot_did(self, event: Event) -> Recorded:
        return Recorded(event, self.now, BOT.id)


Decided = tuple[Recorded, ...] | Refused


def check(event_type: str, referral: Referral, scene: Scene) -> Refused | None:
    """The transition table's answer: who first, then whether the referral has moved on."""
    if not actor_allowed(event_type, referral, scene.actor):
        return refused("not_allowed", event=event_type, ref=referral.reference)
    if not state_allows(event_type, referral.state):
        return refused(
            "wrong_state", event=event_type, state=str(referral.state), ref=referral.reference
        )
    return None
