"""One card as a person sees it: what is visible, what can be typed, what can be pressed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_INNER = ("items", "columns", "body", "inlines", "cells", "rows")


class NotOnScreen(Exception):
    """What the person wanted to press or fill is not on their screen."""


class Screen:
    """Fill by input id, press by verb. What is hidden cannot be filled or pressed."""

    def __init__(self, card: Json) -> None:
        self._card = copy.deepcopy(card)
        self.values: dict[str, str] = {
            e["id"]: str(e.get("value", ""))
            for e in _all(self._card)
            if str(e.get("type", "")).startswith("Input.")
        }
        self.typed_characters = 0
        self.taps = 0

    def text(self) -> str:
        """All words on the card, for looking something up."""
        return "\n".join(
            str(e.get("text") or e.get("value") or e.get("codeSnippet") or "")
            for e in _visible(self._card)
        )

    def input(self, name: str) -> Json:
        """The visible input; hidden rows are revealed by pressing what reveals them."""
        for _ in range(30):
            for element in _visible(self._card):
                if element.get("id") == name and element["type"].startswith("Input."):
                    return element
            if not self._reveal(name):
                raise NotOnScreen(name)
        raise NotOnScreen(name)

    def has_input(self, name: str) -> bool:
        return any(e.get("id") == name for e in _all(self._card))

    def fill(self, name: str, value: str) -> None:
        element = self.input(name)
        if element["type"] == "Input.ChoiceSet":
            offered = {c["value"] for c in element["choices"]}
            chosen = value.split(",") if element.get("isMultiSelect") else [value]
            if not set(filter(None, chosen)) <= offered:
                raise NotOnScreen(f"{name}={value}")
            self.taps += len(chosen)
        elif element["type"] == "Input.Text":
            most = element.get("maxLength")
            if most and len(value) > most:
                raise NotOnScreen(f"{name} longer than {most}")
            self.typed_characters += len(value)
        else:
            self.taps += 1
        self.values[name] = value

    def actions(self) -> list[Json]:
        return [
            a
            for e in _visible(self._card)
            if e.get("type") == "ActionSet"
            for a in e.get("actions", [])
        ]

    def has(self, verb: str, **data: str | bool) -> bool:
        return any(_matches(a, verb, data) for a in self.actions())

    def press(self, verb: str, **data: str | bool) -> tuple[Json, dict[str, str]]:
        """The action and the inputs it sends. Raises NotOnScreen."""
        for action in self.actions():
            if _matches(action, verb, data):
                self.taps += 1
                inputs = {} if action.get("associatedInputs") == "none" else dict(self.values)
                return action, inputs
        raise NotOnScreen(verb)

    def _reveal(self, name: str) -> bool:
        """Presses the visible toggle that leads towards a hidden input."""
        hidden = _hidden_containers(self._card, name)
        for action in self.actions():
            targets = set(action.get("targetElements", []))
            if action.get("type") == "Action.ToggleVisibility" and targets & hidden:
                self._toggle(targets)
                return True
        visible_toggles = [a for a in self.actions() if a.get("type") == "Action.ToggleVisibility"]
        if hidden and visible_toggles:
            self._toggle(set(visible_toggles[-1]["targetElements"]))
            return True
        return False

    def _toggle(self, targets: set[str]) -> None:
        self.taps += 1
        for element in _all(self._card):
            if element.get("id") in targets:
                element["isVisible"] = not element.get("isVisible", True)


def _verb(action: Json) -> str:
    data = action.get("data")
    found = action.get("verb") or (data.get("verb") if isinstance(data, dict) else "")
    return str(found or "")


def _matches(action: Json, verb: str, data: dict[str, str | bool]) -> bool:
    carried = action.get("data") or {}
    return _verb(action) == verb and all(carried.get(k) == v for k, v in data.items())


def _children(element: Json) -> Iterator[Json]:
    for key in _INNER:
        for inner in element.get(key) or []:
            if isinstance(inner, dict):
                yield inner


def _all(element: Json) -> Iterator[Json]:
    yield element
    for inner in _children(element):
        yield from _all(inner)


def _visible(element: Json) -> Iterator[Json]:
    if element.get("isVisible", True) is False:
        return
    yield element
    for inner in _children(element):
        yield from _visible(inner)


def _hidden_containers(card: Json, name: str) -> set[str]:
    """Ids of hidden elements around the input `name`."""
    found: set[str] = set()

    def look(element: Json, around: set[str]) -> None:
        if element.get("isVisible", True) is False and element.get("id"):
            around = around | {element["id"]}
        if element.get("id") == name:
            found.update(around)
        for inner in _children(element):
            look(inner, around)

    look(card, set())
    return found
