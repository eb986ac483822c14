"""Which events hold people's own words."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from bot.domain.events import WORD_FIELDS, Event


def has_words(event: Event) -> bool:
    return any(_holds(f.name, getattr(event, f.name)) for f in fields(event))


def _holds(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return bool(value) and name in WORD_FIELDS
    if isinstance(value, dict):
        return any(_holds(key, inner) for key, inner in value.items())
    if isinstance(value, tuple):
        return any(_holds(name, inner) for inner in value)
    if is_dataclass(value):
        return any(_holds(f.name, getattr(value, f.name)) for f in fields(value))
    return False
