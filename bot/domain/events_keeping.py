"""What happens to the record itself: a legal hold, and the erasure of people's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """Nothing of this referral is erased until the hold is lifted."""

    TYPE: ClassVar = "hold.placed"
    reason: str


@dataclass(frozen=True, slots=True)
class HoldLifted:
    TYPE: ClassVar = "hold.lifted"
    reason: str


@dataclass(frozen=True, slots=True)
class KeptAction:
    """What the figures need of an action once nobody can read it. The day is local."""

    owned: bool
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class WordsErased:
    """Logged before the words go, with what only they could tell: a run that died in between is
    finished by the next. `plan_score` is the five parts of the rubric, empty where there was none;
    `certificate` names the paper that says what went.
    """

    TYPE: ClassVar = "words.erased"
    certificate: str
    plan_score: tuple[int, ...] = ()
    actions: tuple[KeptAction, ...] = ()
