"""What a referral keeps of the configuration it was opened under, whatever is changed later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.domain.working_time import Calendar


@dataclass(frozen=True, slots=True)
class Agency:
    code: str
    label: str
    core: bool


@dataclass(frozen=True, slots=True)
class Need:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ReferrerGroup:
    code: str
    label: str
    kind: str
    cin: str
    feedback_level: str


@dataclass(frozen=True, slots=True)
class Outcome:
    code: str
    label: str
    short: str
    tests: tuple[str, ...]
    needs_strategy_note: bool
    plan_first: bool


@dataclass(frozen=True, slots=True)
class District:
    code: str
    label: str
    assessment_team: str | None


@dataclass(frozen=True, slots=True)
class SharingBasis:
    code: str
    label: str
    start: dt.date | None


@dataclass(frozen=True, slots=True)
class Timers:
    """Units are in the names; `working_minutes` run only while the MASH is open."""

    claim_nudge_1_working_minutes: int = 10
    claim_nudge_2_working_minutes: int = 20
    default_lead_working_minutes: int = 30
    immediate_nudge_1_minutes: int = 2
    immediate_nudge_2_minutes: int = 5
    immediate_default_lead_minutes: int = 5
    immediate_not_taken_every_minutes: int = 10
    immediate_not_taken_most: int = 12
    agree_nudge_working_minutes: int = 15
    agree_duty_manager_working_minutes: int = 30
    due_warning_minutes: int = 60
    before_closing_minutes: int = 45
    pulse_before_closing_minutes: int = 30
    undo_minutes: int = 5
    withdraw_minutes: int = 15
    reopen_working_days: int = 10
    re_referral_months: int = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """No people, no ids and no phone numbers: those are today's. Stored as it stands, so a field
    added later needs a default.
    """

    outcome_agreement: str
    default_sharing_basis: str
    default_sharing_reason: str
    agencies: tuple[Agency, ...]
    needs: tuple[Need, ...]
    referrer_groups: tuple[ReferrerGroup, ...]
    outcomes: tuple[Outcome, ...]
    districts: tuple[District, ...]
    sharing_bases: tuple[SharingBasis, ...]
    calendar: Calendar
    timers: Timers


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_T = TypeVar("_T", bound=_Coded)


class Codes(dict[str, _T], Generic[_T]):
    """Entries by code. What it holds is what may be chosen. A code that only another version of
    the configuration has can still be looked up, with `[]` and `find`: two referrals that were
    opened under different versions may be merged, and people's agencies are today's.
    """

    def __init__(self, own: Iterable[_T], others: Callable[[], Iterable[_T]]) -> None:
        super().__init__((entry.code, entry) for entry in own)
        self._others = others

    def __missing__(self, code: str) -> _T:
        """Raises KeyError for a code no version ever had."""
        for entry in self._others():
            if entry.code == code:
                return entry
        raise KeyError(code)

    def find(self, code: str) -> _T | None:
        try:
            return self[code]
        except KeyError:
            return None
