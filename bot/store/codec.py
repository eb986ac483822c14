"""Commits to rows and back. Facts and people's words go into separate properties."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import types
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bot.desk.ports import Commit, Effect, EffectStatus, Listed, Row, StoreTooNew, Value
from bot.domain.events import EVENT_TYPES, WORD_FIELDS, Event, IntakeAmended, Recorded
from bot.domain.figures import Figures
from bot.domain.intake import Intake
from bot.domain.terms import Terms

VERSION = 2
"""What this program writes: 1, and 2 with `needs` and the events of SINCE."""
SINCE = {
    "words.erased": 2,
    "hold.placed": 2,
    "hold.lifted": 2,
    "roster.added": 2,
    "roster.changed": 2,
    "messages.tried_again": 2,
    "roster.removed": 2,
}
"""The version that first knew an event; every other is of version 1."""
_CHUNK = 30_000
"""Table Storage holds 32 K UTF-16 units in a string; a property is cut well before that."""

Path = list[str | int]


_adapters: dict[str, TypeAdapter[Any]] = {}


def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    """Made when it is first asked for: all of them at once would delay every start."""
    if cls.__name__ not in _adapters:
        _adapters[cls.__name__] = TypeAdapter(cls)
    return _adapters[cls.__name__]


@cache
def _intake_adapters() -> types.MappingProxyType[str, TypeAdapter[Any]]:
    hints = get_type_hints(Intake)
    return types.MappingProxyType({f.name: TypeAdapter(hints[f.name]) for f in fields(Intake)})


def _dump_event(event: Event) -> dict[str, Any]:
    if isinstance(event, IntakeAmended):
        adapters = _intake_adapters()
        answers = {k: adapters[k].dump_python(v, mode="json") for k, v in event.answers.items()}
        return {"answers": answers, "reason": event.reason, "for_ref": event.for_ref}
    dumped: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return dumped


def _load_event(kind: str, data: dict[str, Any]) -> Event:
    cls = EVENT_TYPES[kind]
    if cls is IntakeAmended:
        adapters = _intake_adapters()
        answers = {k: adapters[k].validate_python(v) for k, v in data["answers"].items()}
        return IntakeAmended(answers, data.get("reason", ""), data.get("for_ref", ""))
    event: Event = _adapter(cls).validate_python(data)
    return event


def _take_words(value: Any, path: Path, words: list[tuple[Path, str]]) -> Any:
    """`value` with people's words emptied; each is added to `words` with where it stood."""
    if isinstance(value, dict):
        out = {}
        for key, inner in value.items():
            if key in WORD_FIELDS and isinstance(inner, str):
                if inner:
                    words.append(([*path, key], inner))
                out[key] = ""
            else:
                out[key] = _take_words(inner, [*path, key], words)
        return out
    if isinstance(value, list):
        return [_take_words(inner, [*path, i], words) for i, inner in enumerate(value)]
    return value


def _put_words(value: Any, words: list[tuple[Path, str]]) -> None:
    for path, text in words:
        target = value
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = text


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _chunks(name: str, text: str) -> dict[str, Value]:
    """`text` under name, name_1, name_2… each within a property's limit."""
    pieces: list[str] = []
    piece: list[str] = []
    units = 0
    for char in text:
        size = _utf16_units(char)
        if units + size > _CHUNK:
            pieces.append("".join(piece))
            piece, units = [], 0
        piece.append(char)
        units += size
    pieces.append("".join(piece))
    return {name if i == 0 else f"{name}_{i}": part for i, part in enumerate(pieces)}


def joined_text(name: str, props: dict[str, Value]) -> str:
    text, i = str(props.get(name, "")), 1
    while f"{name}_{i}" in props:
        text += str(props[f"{name}_{i}"])
        i += 1
    return text


def text_props(name: str, text: str) -> dict[str, Value]:
    """Properties that hold `text`, cut where one would be too long."""
    return {name: text} if len(text) * 2 <= _CHUNK else _chunks(name, text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def facts_of(event: Event, mark: Callable[[str], str]) -> dict[str, Any]:
    """An event's facts as JSON holds them, with `mark` of what was said in place of the words."""
    marked: dict[str, Any] = _marked(_dump_event(event), mark)
    return marked


def _marked(value: Any, mark: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {
            k: mark(v) if k in WORD_FIELDS and isinstance(v, str) else _marked(v, mark)
            for k, v in value.items()
        }
    return [_marked(inner, mark) for inner in value] if isinstance(value, list) else value


def table_of(stream: str) -> str:
    """Days and weeks of the desk lie apart: figures read them, however many referrals there are."""
    return "Desk" if stream.startswith("desk-") else "Commits"


def commit_key(n: int) -> str:
    return f"C{n:08d}"


def needs_of(commit: Commit) -> int:
    """The earliest version of this program that can read the commit: what it does not know of a
    later one's fields it passes over.
    """
    return max((SINCE.get(item.event.TYPE, 1) for item in commit.recorded), default=1)


def commit_row(commit: Commit, nonce: str) -> Row:
    words: list[tuple[Path, str]] = []
    facts = []
    for i, item in enumerate(commit.recorded):
        data = _take_words(_dump_event(item.event), [i, "data"], words)
        facts.append(
            {"type": item.event.TYPE, "at": item.at.isoformat(), "by": item.by, "data": data}
        )
    props: dict[str, Value] = {
        "version": VERSION,
        "needs": needs_of(commit),
        "n": commit.n,
        "at": commit.at,
        "by": commit.by,
        "types": ",".join(item.event.TYPE for item in commit.recorded),
        "press": commit.press,
        "passed": ",".join(commit.passed),
        "configuration": commit.configuration,
        "nonce": nonce,
        **text_props("facts", _json(facts)),
        **text_props("words", _json(words)),
        **text_props("effects", _json([[e.kind, e.data] for e in commit.effects])),
    }
    return Row(table_of(commit.stream), commit.stream, commit_key(commit.n), props)


def _aware(value: Value | None) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value.astimezone(dt.UTC)


def recorded_of(facts: dict[str, Any]) -> Recorded:
    """One of a row's `facts`, its words put back."""
    at = dt.datetime.fromisoformat(facts["at"]).astimezone(dt.UTC)
    return Recorded(_load_event(facts["type"], facts["data"]), at, facts["by"])


def commit_of(row: Row) -> Commit:
    """Raises StoreTooNew for a row that needs a later version than this program."""
    props = row.props
    needs = int(str(props.get("needs", props["version"])))
    if needs > VERSION:
        raise StoreTooNew(f"a row needs version {needs}; this is {VERSION}")
    facts = json.loads(joined_text("facts", props))
    _put_words(facts, json.loads(joined_text("words", props) or "[]"))
    recorded = tuple(map(recorded_of, facts))
    effects = tuple(Effect(k, d) for k, d in json.loads(joined_text("effects", props)))
    return Commit(
        stream=row.partition,
        n=int(str(props["n"])),
        at=_aware(props["at"]),
        by=str(props["by"]),
        recorded=recorded,
        effects=effects,
        press=str(props["press"]),
        passed=tuple(filter(None, str(props["passed"]).split(","))),
        configuration=str(props["configuration"]),
    )


def status_row(stream: str, status: EffectStatus) -> Row:
    props: dict[str, Value] = {
        "state": status.state,
        "at": status.at,
        "attempts": status.attempts,
        "conversation_id": status.conversation_id,
        "activity_id": status.activity_id,
        "code": status.code,
    }
    if status.next_at:
        props["next_at"] = status.next_at
    key = f"E{status.n:08d}-{status.index:02d}"
    return Row(table_of(stream), stream, key, props, status.etag)


def status_of(row: Row) -> EffectStatus:
    n, index = row.key[1:].split("-")
    props = row.props
    return EffectStatus(
        n=int(n),
        index=int(index),
        state=str(props["state"]),
        at=_aware(props["at"]),
        attempts=int(str(props["attempts"])),
        next_at=_aware(props["next_at"]) if "next_at" in props else None,
        conversation_id=str(props["conversation_id"]),
        activity_id=str(props["activity_id"]),
        code=str(props["code"]),
        etag=row.etag,
    )


def figures_text(figures: Figures) -> str:
    return _adapter(Figures).dump_json(figures).decode()


def figures_of_text(text: str) -> Figures:
    found: Figures = _adapter(Figures).validate_json(text)
    return found


def terms_props(terms: Terms) -> dict[str, Value]:
    dumped = _adapter(Terms).dump_python(terms, mode="json")
    return text_props("terms", json.dumps(dumped, ensure_ascii=False, sort_keys=True))


def terms_of(props: dict[str, Value]) -> Terms | None:
    """None for what cannot be read: a row that was damaged, or written by a newer version."""
    try:
        found: Terms = _adapter(Terms).validate_json(joined_text("terms", props))
    except ValidationError:
        return None
    return found


def listed_props(listed: Listed) -> dict[str, Value]:
    dumped = _adapter(Listed).dump_python(listed, mode="json")
    return text_props("people", json.dumps(dumped, ensure_ascii=False))


def listed_of(props: dict[str, Value]) -> Listed | None:
    """None for what cannot be read, as `terms_of`."""
    try:
        found: Listed = _adapter(Listed).validate_json(joined_text("people", props))
    except ValidationError:
        return None
    return found


_LONGEST_KEY = 400
"""A key holds 1 KiB, which is 512 UTF-16 units; longer text is cut and told apart by its hash."""
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@;=,!")


def safe_key(text: str) -> str:
    """Any text as a key Table Storage accepts: other characters become ~ and their code in hex."""
    out = "".join(c if c in _PLAIN else f"~{ord(c):x}~" for c in text)
    if len(out) <= _LONGEST_KEY:
        return out
    return f"{out[: _LONGEST_KEY - 65]}~{hashlib.sha256(text.encode()).hexdigest()}"
