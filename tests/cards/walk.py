"""Finds things in a card's JSON: elements, inputs, actions, and the text each would show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cards.kit import Json

TEAMS_ONLY = ("Chart.", "CodeBlock")


def is_teams_only(element: Json) -> bool:
    return str(element.get("type", "")).startswith(TEAMS_ONLY)


def every(node: Any, *, fallbacks: bool = True) -> Iterator[Json]:
    """Each typed object of a card, outside in; what an action carries is not part of the card."""
    if isinstance(node, list):
        for item in node:
            yield from every(item, fallbacks=fallbacks)
    elif isinstance(node, dict):
        if "type" in node:
            yield node
        for key, value in node.items():
            if key not in ("data", "msteams") and (fallbacks or key != "fallback"):
                yield from every(value, fallbacks=fallbacks)


def of_type(card: Json, *prefixes: str, fallbacks: bool = True) -> list[Json]:
    found = every(card, fallbacks=fallbacks)
    return [item for item in found if str(item["type"]).startswith(prefixes)]


def inputs(card: Json) -> list[Json]:
    return of_type(card, "Input.")


def actions(card: Json) -> list[Json]:
    """What a person can press: no fallbacks, and not the card's own refresh."""
    body = {"type": "", "body": card["body"]}
    return of_type(body, "Action.", fallbacks=False)


def action_sets(card: Json) -> list[list[Json]]:
    return [item["actions"] for item in of_type(card, "ActionSet", fallbacks=False)]


def without_teams_extensions(node: Any) -> Any:
    """The card as plain Adaptive Cards 1.5: Teams-only elements give way to their fallback."""
    if isinstance(node, list):
        return [without_teams_extensions(item) for item in node]
    if not isinstance(node, dict):
        return node
    if is_teams_only(node):
        return without_teams_extensions(node["fallback"])
    kept = {k: v for k, v in node.items() if k not in ("msteams", "choices.data", "targetWidth")}
    return {k: without_teams_extensions(v) for k, v in kept.items()}


def markdown_of(card: Json) -> Iterator[str]:
    """Every string that a client would render as Markdown, or show as a title or label."""
    for item in every(card):
        match item["type"]:
            case "TextBlock":
                yield item["text"]
            case "FactSet":
                for fact in item["facts"]:
                    yield from (fact["title"], fact["value"])
            case "Input.ChoiceSet":
                yield item["label"]
                yield from (choice["title"] for choice in item["choices"])
            case str(kind) if kind.startswith("Input."):
                yield item["label"]
                yield item.get("placeholder", "")
                yield item.get("title", "")
            case str(kind) if kind.startswith("Action."):
                yield item.get("title", "")


def plain_of(card: Json) -> Iterator[str]:
    """Every string shown as it is: text runs, code blocks, what an input holds."""
    for item in every(card):
        match item["type"]:
            case "TextRun":
                yield item["text"]
            case "CodeBlock":
                yield item["codeSnippet"]
            case str(kind) if kind.startswith("Input."):
                yield item.get("value", "")


def strings_of(node: Any) -> Iterator[str]:
    """Every string of the JSON, keys and what actions carry included."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from strings_of(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings_of(value)
