"""The caller's answers. Two steps: what the briefing needs, then the rest while on the call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from bot.domain.vocabulary import TO_FOLLOW

BRIEF_NOW = (
    "received_at",
    "referrer_group",
    "children",
    "district",
    "safe_now",
    "child_location",
    "seen_heard",
    "needs",
    "test",
    "scope",
)
WHILE_ON_THE_CALL = (
    "referrer_role",
    "contact_method",
    "safe_contact",
    "safe_contact_times",
    "reported",
    "view",
    "going_well",
    "child_view",
    "help_so_far",
    "wants",
    "told_family",
    "told_family_reason",
    "access",
    "position_of_trust",
    "earlier",
    "call_ended_at",
)
IMMEDIATE_FIELDS = ("children", "district", "child_location", "seen_heard")

TEXT_LIMITS = {
    "referrer_role": 60,
    "safe_contact_times": 60,
    "seen_heard": 400,
    "reported": 300,
    "view": 300,
    "going_well": 250,
    "child_view": 250,
    "help_so_far": 250,
    "wants": 150,
    "told_family_reason": 150,
    "access": 60,
}
SEEN_HEARD_LEAST = 20


@dataclass(frozen=True, slots=True)
class Child:
    mosaic_id: str
    age_band: str

    @property
    def to_follow(self) -> bool:
        return self.mosaic_id == TO_FOLLOW


@dataclass(frozen=True, slots=True)
class Intake:
    """Empty string, empty tuple or None: not asked yet. `needs` and codes are vocabulary codes."""

    received_at: dt.datetime
    children: tuple[Child, ...]
    district: str
    child_location: str
    seen_heard: str
    safe_now: str = ""
    referrer_group: str = "not_recorded"
    needs: tuple[str, ...] = ()
    test: str = "first_test"
    scope: str = "child"
    referrer_role: str = ""
    contact_method: str = ""
    safe_contact: str = ""
    safe_contact_times: str = ""
    reported: str = ""
    view: str = ""
    going_well: str = ""
    child_view: str = ""
    help_so_far: str = ""
    wants: str = ""
    told_family: str = ""
    told_family_reason: str = ""
    access: str = ""
    position_of_trust: bool = False
    earlier: str = ""
    call_ended_at: dt.datetime | None = None

    @property
    def urgent(self) -> bool:
        return self.safe_now in ("no", "not_sure")

    @property
    def mosaic_ids(self) -> tuple[str, ...]:
        return tuple(c.mosaic_id for c in self.children if not c.to_follow)

    @property
    def ids_to_follow(self) -> bool:
        return any(c.to_follow for c in self.children)


INTAKE_FIELDS = tuple(f.name for f in fields(Intake))


def texts_of(answers: dict[str, Any]) -> dict[str, str]:
    """The free-text answers, by field id, that hold something."""
    return {k: v for k, v in answers.items() if k in TEXT_LIMITS and isinstance(v, str) and v}
