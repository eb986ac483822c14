"""Every button of every golden card, with what its inputs would send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.cards.samples import FOLDER

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """`fetches`: it opens a dialog. `inputs`: plausible values of the card it stands on."""

    sample: str
    execute: bool
    fetches: bool
    verb: str
    data: Json
    inputs: Json


def _walk(element: Any) -> Iterator[Json]:
    if isinstance(element, dict):
        yield element
        for inner in element.values():
            yield from _walk(inner)
    elif isinstance(element, list):
        for inner in element:
            yield from _walk(inner)


def _filled(element: Json) -> str:
    """What a hurried person would leave in this input."""
    if given := element.get("value"):
        return str(given)
    match element["type"]:
        case "Input.ChoiceSet":
            choices = element.get("choices") or [{"value": ""}]
            return str(choices[0]["value"])
        case "Input.Date":
            return "2026-11-26"
        case "Input.Time":
            return "09:00"
        case "Input.Text" if element["id"].startswith(("mosaic", "new_id", "more_mosaic")):
            return "9900777"
        case "Input.Text":
            return "He came in cold."
    return ""


def _inputs(card: Json) -> Json:
    found = [e for e in _walk(card) if str(e.get("type", "")).startswith("Input.")]
    return {e["id"]: _filled(e) for e in found}


def buttons() -> list[Button]:
    """Each action once by kind, verb and fields, from the first sample that has it."""
    found: dict[tuple[Any, ...], Button] = {}
    for path in sorted(FOLDER.glob("*.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        for action in _walk(card):
            if action.get("type") not in ("Action.Execute", "Action.Submit"):
                continue
            data = dict(action.get("data") or {})
            fetches = "msteams" in data
            verb = str(action.get("verb") or data.get("verb"))
            execute = action["type"] == "Action.Execute"
            key = (execute, fetches, verb, tuple(sorted(data)))
            found.setdefault(key, Button(path.stem, execute, fetches, verb, data, _inputs(card)))
    return list(found.values())
