"""A scenario file's settings, brought into the shape of the partnership's TOML.

A file may name them as the field's own reference does: calendar settings and timers at the top or
in groups, test windows as pairs of days.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]

_OF_THE_CALENDAR = ("opening_hours", "bank_holidays", "test_days", "urgent_only_last_minutes")
_TIMERS = {
    ("claim", "nudge_1_working_minutes"): "claim_nudge_1_working_minutes",
    ("claim", "nudge_2_working_minutes"): "claim_nudge_2_working_minutes",
    ("claim", "default_lead_working_minutes"): "default_lead_working_minutes",
    ("claim_immediate", "nudge_1_minutes"): "immediate_nudge_1_minutes",
    ("claim_immediate", "nudge_2_minutes"): "immediate_nudge_2_minutes",
    ("claim_immediate", "default_lead_minutes"): "immediate_default_lead_minutes",
}


def in_our_shape(settings: Json, base: Json, tests: Iterable[str]) -> Json:
    """`base` is the TOML the settings are laid over; `tests` are those the file's referrals belong
    to. What is not known stays, to be refused.
    """
    out = {k: v for k, v in settings.items() if k not in base["partnership"]}
    own = {k: v for k, v in settings.items() if k in base["partnership"]}
    calendar = dict(out.pop("calendar", {}))
    for name in _OF_THE_CALENDAR:
        if name in out:
            calendar[name] = out.pop(name)
    if "timezone" in calendar:
        own["timezone"] = calendar.pop("timezone")
    windows = calendar.pop("test_windows", out.pop("test_windows", None))
    if windows is not None:
        out["test_windows"] = [made for w in windows for made in _windows(w, tests)]
    timers = _timers({**out.pop("timers", {}), **_taken(out, base.get("timers", {}))})
    for name, value in (("partnership", own), ("calendar", calendar), ("timers", timers)):
        if value:
            out[name] = {**out.get(name, {}), **value}
    return out


def _taken(settings: Json, known: Json) -> Json:
    return {name: settings.pop(name) for name in list(settings) if name in known}


def _windows(window: Any, tests: Iterable[str]) -> list[Any]:
    """Two days, for each test; or already a window of its own test."""
    if not isinstance(window, list) or len(window) != 2:
        return [window]
    first, last = window
    return [{"test": t, "first_day": first, "last_day": last} for t in tests]


def _timers(given: Json) -> Json:
    out: Json = {}
    for name, value in given.items():
        if not isinstance(value, dict):
            out[name] = value
            continue
        for inner, minutes in value.items():
            out[_TIMERS.get((name, inner), f"{name}.{inner}")] = minutes
    return out
