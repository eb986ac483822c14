"""The ten-point rubric of an action plan. It measures form, not whether the plan is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.events import Action
from bot.domain.vocabulary import CHILD_VIEW_NOT_ASKED

_VAGUE_STARTS = ("monitor", "liaise", "support", "signpost", "follow up")
_LEAST_WORDS = 5
_WITHIN_DAYS = 28


@dataclass(frozen=True, slots=True)
class PlanScore:
    """Each part 0 to 2; `total` out of 10."""

    specific: int
    owned: int
    timed: int
    needs_led: int
    shared: int

    @property
    def total(self) -> int:
        return self.specific + self.owned + self.timed + self.needs_led + self.shared


def is_specific(action: str) -> bool:
    words = action.lower().split()
    return len(words) >= _LEAST_WORDS and not action.lower().strip().startswith(_VAGUE_STARTS)


def _all_or_half(hits: int, of: int) -> int:
    if of == 0:
        return 0
    return 2 if hits == of else 1 if hits * 2 >= of else 0


def _shared(child_view: str, family_view: str, next_step: str) -> int:
    asked = child_view.strip()
    child = bool(asked) and not asked.lower().startswith(CHILD_VIEW_NOT_ASKED)
    count = child + bool(family_view.strip()) + bool(next_step.strip())
    return {3: 2, 2: 1}.get(count, 0)


def score_plan(
    actions: Sequence[Action],
    needs: Sequence[str],
    picked_on: dt.date,
    *,
    child_view: str,
    family_view: str,
    next_step: str,
) -> PlanScore:
    """`picked_on` is the local date of the pick; due from then to 28 days after counts as timed."""
    last = picked_on + dt.timedelta(days=_WITHIN_DAYS)
    count = len(actions)
    return PlanScore(
        specific=_all_or_half(sum(is_specific(a.action) for a in actions), count),
        owned=_all_or_half(sum(bool(a.owner or a.owner_name.strip()) for a in actions), count),
        timed=_all_or_half(sum(picked_on <= a.due_on <= last for a in actions), count),
        needs_led=_all_or_half(sum(any(a.need == n for a in actions) for n in needs), len(needs)),
        shared=_shared(child_view, family_view, next_step),
    )
