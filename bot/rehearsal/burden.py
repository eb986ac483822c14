"""What a referral costs people: taps, typed characters and screens, by referral and role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.rehearsal.hands import Hands

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Spent:
    """Counted by the hands that did it. A screen is a card or dialog somebody had to look at."""

    taps: int = 0
    typed_characters: int = 0
    screens: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.taps + other.taps,
            self.typed_characters + other.typed_characters,
            self.screens + other.screens,
        )

    def __sub__(self, other: Spent) -> Spent:
        return Spent(
            self.taps - other.taps,
            self.typed_characters - other.typed_characters,
            self.screens - other.screens,
        )


def spent(hands: Iterable[Hands]) -> dict[str, Spent]:
    """By person, so far."""
    return {h.person_id: Spent(h.taps, h.typed_characters, h.screens) for h in hands}


class Burden:
    """Adds up per (reference, role)."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Spent] = {}

    def add(self, reference: str, role: str, cost: Spent) -> None:
        if cost != Spent():
            key = (reference, role)
            self._found[key] = self._found.get(key, Spent()) + cost

    def rows(self) -> list[Json]:
        return [
            {
                "ref": reference,
                "role": role,
                "taps": s.taps,
                "typed_characters": s.typed_characters,
                "screens": s.screens,
            }
            for (reference, role), s in sorted(self._found.items())
        ]

    def lines(self) -> list[str]:
        """A table to read."""
        out = ["Burden            role                 taps   typed  screens"]
        for (reference, role), s in sorted(self._found.items()):
            words = role.replace("_", " ")
            counts = f"{s.taps:>5}  {s.typed_characters:>6}  {s.screens:>7}"
            out.append(f"{reference:<16}  {words:<18} {counts}")
        return out
