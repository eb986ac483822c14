"""A scenario file, checked: people, roll, scenarios with their events and what is expected."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.configuration import ConfigurationError, fictional_object_id
from bot.rehearsal.overlay import in_our_shape

Json = dict[str, Any]


class _Open(BaseModel):
    """Files may carry notes beside what the player reads."""

    model_config = ConfigDict(extra="allow", frozen=True)


class PersonEntry(_Open):
    id: str
    name: str
    role: str
    agency: str
    tenant: str = "host"


class RollEntry(_Open):
    at: AwareDatetime
    by: str
    absent: list[str]


class Pulses(_Open):
    """`days`: the four answers of each reply, by local day."""

    days: dict[dt.date, list[tuple[int, int, int, int]]] = {}


class Event(_Open):
    seq: int
    at: AwareDatetime
    type: str
    by: str
    data: Json = {}
    state_after: str = ""


class Scenario(_Open):
    id: str
    ref: str
    test: str = "first_test"
    title: str = ""
    intake: Json
    events: list[Event] = Field(min_length=1)
    duplicate: Json | None = None
    outcome: Json | None = None
    plan: list[Json] = []
    next_steps_for_referrer: str = ""
    family_view: str = ""
    feedback: list[Json] = []
    survey: Json | None = None
    expected: Json = {}


class ScenarioFile(_Open):
    people: list[PersonEntry] = []
    roll: list[RollEntry] = []
    configuration: Json = {}
    scenarios: list[Scenario] = Field(min_length=1)
    pulses: Pulses | None = None
    expected_stats: Json = {}

    @property
    def starts_at(self) -> dt.datetime:
        return min(e.at for s in self.scenarios for e in (*s.events, *_duplicate_events(s)))


def duplicate_of(scenario: Scenario) -> Scenario:
    """The second referral about the same children, as a scenario of its own."""
    found = scenario.duplicate or {}
    return Scenario.model_validate(
        {
            **scenario.model_dump(),
            "id": f"{scenario.id} duplicate",
            "ref": found.get("ref", ""),
            "intake": found.get("intake", {}),
            "events": found.get("events", []),
            "duplicate": None,
            "survey": None,
            "expected": {},
        }
    )


def _duplicate_events(scenario: Scenario) -> list[Event]:
    return duplicate_of(scenario).events if scenario.duplicate else []


def read(path: Path) -> ScenarioFile:
    """Raises ConfigurationError naming the key and what was expected."""
    try:
        return ScenarioFile.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        if isinstance(error, ValidationError):
            lines = [
                f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()
            ]
            raise ConfigurationError("\n".join(lines)) from None
        raise ConfigurationError(f"{path}: not valid JSON ({error})") from None


def check_names(file: ScenarioFile, known: set[str]) -> None:
    """Every person and event type the file names exists. Raises ConfigurationError for others."""
    people = {p.id for p in file.people} | {"bot"}
    problems = []
    for scenario in file.scenarios:
        for event in (*scenario.events, *_duplicate_events(scenario)):
            where = f"{scenario.id} event {event.seq}"
            if file.people and event.by not in people:
                problems.append(f"{where}: by: expected one of people; got '{event.by}'")
            if event.type not in known:
                problems.append(f"{where}: type: no event is called '{event.type}'")
    for i, entry in enumerate(file.roll):
        if file.people and not {entry.by, *entry.absent} <= people:
            problems.append(f"roll[{i}]: expected people of this file")
    if problems:
        raise ConfigurationError("\n".join(problems))


def overlaid(base: Json, file: ScenarioFile) -> Json:
    """The partnership's TOML with the file's people and configuration laid over it."""
    out = _merge(
        base, in_our_shape(file.configuration, base, sorted({s.test for s in file.scenarios}))
    )
    people = [p for p in file.people if p.role != "bot"]
    if people:
        out["people"] = [
            {
                "id": p.id,
                "name": p.name,
                "role": p.role,
                "agency": p.agency,
                "tenant": p.tenant,
                "object_id": fictional_object_id(p.id),
            }
            for p in people
        ]
    return out


def _merge(base: Json, over: Json) -> Json:
    out = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = _merge(out[key], value)
        else:
            out[key] = value
    return out
