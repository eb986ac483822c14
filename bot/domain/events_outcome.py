"""Strategy, plan and outcome, and what comes after an outcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the plan. `owner` is a person id where one is configured, else empty."""

    action: str
    need: str
    owner: str
    owner_name: str
    owner_agency: str
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class StrategyConsidered:
    TYPE: ClassVar = "strategy.considered"
    needed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StrategyHeld:
    TYPE: ClassVar = "strategy.held"
    attended: tuple[str, ...]
    also: str
    decision_recorded_on: str


@dataclass(frozen=True, slots=True)
class PlanSaved:
    TYPE: ClassVar = "plan.saved"
    actions: tuple[Action, ...]
    next_step: str
    family_view: str


@dataclass(frozen=True, slots=True)
class OutcomeProposed:
    """`per_child` holds (Mosaic ID, outcome code) only where a child's outcome differs."""

    TYPE: ClassVar = "outcome.proposed"
    code: str
    rationale: str
    per_child: tuple[tuple[str, str], ...] = ()
    not_heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeUndone:
    TYPE: ClassVar = "outcome.undone"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeEndorsed:
    """`rule` is the value of `outcome_agreement` under which it was agreed."""

    TYPE: ClassVar = "outcome.endorsed"
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeCorrected:
    """Whole, as `OutcomeProposed`; what it replaces stays in the log."""

    TYPE: ClassVar = "outcome.corrected"
    code: str
    rationale: str
    reason: str
    per_child: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeRecordedElsewhere:
    TYPE: ClassVar = "outcome.recorded_elsewhere"
    code: str


@dataclass(frozen=True, slots=True)
class ActionDone:
    """`index` counts the plan's actions from 0, as the plan stood."""

    TYPE: ClassVar = "action.done"
    index: int
