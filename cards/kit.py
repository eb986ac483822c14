"""Small builders for Adaptive Card elements, and the rules that hold for every card:
version 1.5, people's text only in TextRun, every action with a fallback, mentions with entities.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Json = dict[str, Any]

VERSION = "1.5"
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb]"
)


def size_of(drawn: Json) -> int:
    """Bytes of a card as it is sent."""
    return len(json.dumps(drawn, ensure_ascii=False).encode())


def first_that_fits(draw: Callable[[int], Json], most_left_out: int, most_bytes: int) -> Json:
    """`draw(n)` leaves `n` lines out: the card with as few left out as fit, else the shortest."""
    drawn = draw(0)
    for left_out in range(most_left_out + 1):
        drawn = draw(left_out)
        if size_of(drawn) <= most_bytes:
            break
    return drawn


def clean(text: str) -> str:
    """People's text without control characters, direction overrides and broken surrogates."""
    return _CONTROLS.sub("", text)


def card(
    body: Iterable[Json | None],
    *,
    mentions: Sequence[tuple[str, str]] = (),
    refresh: Json | None = None,
    wide: bool = True,
) -> Json:
    """`mentions` are (display name, Teams user id); the text holds `<at>name</at>`."""
    out: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "body": [item for item in body if item],
    }
    msteams: Json = {}
    if wide:
        msteams["width"] = "Full"
    if mentions:
        msteams["entities"] = [
            {
                "type": "mention",
                "text": f"<at>{name}</at>",
                "mentioned": {"id": user_id, "name": name},
            }
            for name, user_id in mentions
        ]
    if msteams:
        out["msteams"] = msteams
    if refresh:
        out["refresh"] = refresh
    return out


def text(words: str, **style: Any) -> Json:
    """The bot's own words. Never people's: a TextBlock renders Markdown."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def heading(words: str, **style: Any) -> Json:
    return text(words, style="heading", size="Medium", weight="Bolder", **style)


def small(words: str, **style: Any) -> Json:
    return text(words, size="Small", isSubtle=True, **style)


def said(label: str, words: str, **style: Any) -> Json | None:
    """A label of ours and people's words after it, as text runs; None when there are no words."""
    if not words:
        return None
    runs: list[Json] = []
    if label:
        runs.append({"type": "TextRun", "text": f"{label} ", "weight": "Bolder"})
    runs.append({"type": "TextRun", "text": clean(words)})
    return {"type": "RichTextBlock", "inlines": runs, **style}


def runs(*parts: tuple[str, bool] | None, size: str = "", **style: Any) -> Json:
    """Text runs; True makes a part bold. Any of them may be people's words."""
    sized = {"size": size} if size else {}
    inlines = [
        {"type": "TextRun", "text": clean(words), **sized, **({"weight": "Bolder"} if bold else {})}
        for words, bold in filter(None, parts)
        if words
    ]
    return {"type": "RichTextBlock", "inlines": inlines, **style}


def paragraphs(words: str) -> list[Json]:
    """People's words, a block a line: a text run does not show line breaks everywhere."""
    return [runs((line, False), spacing="Small") for line in words.splitlines() if line.strip()]


def facts(pairs: Iterable[tuple[str, str]]) -> Json:
    """Configuration and codes only: FactSet values render Markdown."""
    return {
        "type": "FactSet",
        "facts": [{"title": title, "value": value} for title, value in pairs if value],
    }


def box(items: Iterable[Json | None], style: str = "default", **extra: Any) -> Json | None:
    kept = [item for item in items if item]
    if not kept:
        return None
    return {"type": "Container", "style": style, "items": kept, **extra}


def actions(*items: Json | None) -> Json | None:
    kept = [item for item in items if item]
    return {"type": "ActionSet", "actions": kept} if kept else None


def execute(title: str, verb: str, data: Json, *, style: str = "", inputs: bool = True) -> Json:
    """Answered in place with a card. Old clients send it as a submit with the same data."""
    extra: Json = {} if inputs else {"associatedInputs": "none"}
    if style:
        extra["style"] = style
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": {**data, "verb": verb},
        **extra,
        "fallback": {
            "type": "Action.Submit",
            "title": title,
            "data": {**data, "verb": verb},
            **extra,
        },
    }


def open_dialog(title: str, verb: str, data: Json, *, style: str = "") -> Json:
    out: Json = {
        "type": "Action.Submit",
        "title": title,
        "data": {**data, "verb": verb, "msteams": {"type": "task/fetch"}},
        "associatedInputs": "none",
    }
    if style:
        out["style"] = style
    return out


def submit(title: str, verb: str, data: Json, *, style: str = "", inputs: bool = True) -> Json:
    """The action of a dialog."""
    out: Json = {"type": "Action.Submit", "title": title, "data": {**data, "verb": verb}}
    if style:
        out["style"] = style
    if not inputs:
        out["associatedInputs"] = "none"
    return out


def toggle(title: str, *targets: str) -> Json:
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": list(targets)}


def link(title: str, url: str) -> Json:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def text_input(
    name: str, label: str, *, value: str = "", most: int = 0, lines: bool = False, error: str = ""
) -> Json:
    out: Json = {"type": "Input.Text", "id": name, "label": label}
    if value:
        out["value"] = clean(value)
    if most:
        out["maxLength"] = most
    if lines:
        out["isMultiline"] = True
    if error:
        out["errorMessage"] = error
    return out


def choice(
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    *,
    value: str = "",
    many: bool = False,
    expanded: bool = False,
    unchosen: str = "",
) -> Json:
    """`options` are (code, words); `unchosen` is what a compact list shows before any is chosen."""
    out: Json = {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": label,
        "style": "expanded" if expanded else "compact",
        "choices": [{"title": words, "value": code} for code, words in options],
        "wrap": True,
    }
    if value:
        out["value"] = value
    if many:
        out["isMultiSelect"] = True
    if unchosen:
        out["placeholder"] = unchosen
    return out


def date_input(name: str, label: str, value: str = "") -> Json:
    out: Json = {"type": "Input.Date", "id": name, "label": label}
    if value:
        out["value"] = value
    return out


def time_input(name: str, label: str, value: str = "") -> Json:
    out: Json = {"type": "Input.Time", "id": name, "label": label}
    if value:
        out["value"] = value
    return out


def yes_no(name: str, label: str, value: bool = False) -> Json:
    return {
        "type": "Input.Toggle",
        "id": name,
        "title": label,
        "label": label,
        "value": "true" if value else "false",
        "valueOn": "true",
        "valueOff": "false",
        "wrap": True,
    }


def columns(*cells: tuple[str, Sequence[Json]]) -> Json:
    return {
        "type": "ColumnSet",
        "columns": [{"type": "Column", "width": width, "items": list(i)} for width, i in cells],
    }


def copyable(words: str) -> Json:
    """Plain text with Teams' copy button; elsewhere the text itself."""
    return {
        "type": "CodeBlock",
        "codeSnippet": clean(words),
        "language": "PlainText",
        "fallback": {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": clean(words), "fontType": "Monospace"}],
        },
    }


def with_pass(drawn: Json, title: str, verb: str, data: Json) -> Json:
    """The same dialog with one more button: the press again, past the identifier check."""
    again = actions(submit(title, verb, {**data, "pass": True}))
    return {**drawn, "body": [*drawn["body"], again]}


def problem(words: str) -> Json | None:
    if not words:
        return None
    return {
        "type": "Container",
        "style": "attention",
        "items": [
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": clean(words)}]}
        ],
        "spacing": "Small",
    }
