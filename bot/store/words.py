"""Where people's words lie in the rows of the tables, so that they can be sealed or taken out.

`parted` and `joined` undo each other. The one place that knows, beside the codec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.desk.ports import Row, Value
from bot.store.codec import joined_text, safe_key, text_props

Words = dict[str, Any]
"""JSON values, by the name of what held them."""


@dataclass(frozen=True, slots=True)
class _Kind:
    take: Callable[[Row], tuple[Row, Words]]
    put: Callable[[Row, Words], Row]
    owner: Callable[[Row], str]
    """Whose words these are: what their key is called, before the generation."""


def parted(row: Row) -> tuple[Row, Words]:
    """The row without people's words, and the words; no words where it holds none."""
    kind = _KINDS.get(row.table)
    return kind.take(row) if kind else (row, {})


def joined(row: Row, words: Words) -> Row:
    kind = _KINDS.get(row.table)
    return kind.put(row, words) if kind and words else row


def owner_of(row: Row) -> str:
    """A name that is safe in a path and holds nobody's words."""
    kind = _KINDS.get(row.table)
    return kind.owner(row) if kind else ""


_LONGEST_OWNER = 120
"""A key is a file in a folder too, whose name holds 255 bytes."""


def refusal_owner(case_id: str) -> str:
    """A press can name anything as its referral."""
    name = safe_key(case_id) or "none"
    if len(name) > _LONGEST_OWNER:
        name = hashlib.sha256(case_id.encode()).hexdigest()
    return f"refused.{name}"


def tally_owner(partition: str) -> str:
    return f"tally.{safe_key(partition)}"


def _without(row: Row, name: str) -> dict[str, Value]:
    """The properties but those that hold the text `name`, cut in pieces or not."""

    def is_piece(key: str) -> bool:
        return key == name or (key.startswith(f"{name}_") and key[len(name) + 1 :].isdigit())

    return {k: v for k, v in row.props.items() if not is_piece(k)}


def _take_from_commit(row: Row) -> tuple[Row, Words]:
    text = joined_text("words", row.props)
    if text in ("", "[]"):
        return row, {}
    return replace(row, props={**_without(row, "words"), "words": "[]"}), {"words": text}


def _put_into_commit(row: Row, words: Words) -> Row:
    return replace(row, props={**_without(row, "words"), **text_props("words", words["words"])})


def _take_from_refusal(row: Row) -> tuple[Row, Words]:
    text = row.props.get("text", "")
    return (replace(row, props={**row.props, "text": ""}), {"text": text}) if text else (row, {})


def _put_into_refusal(row: Row, words: Words) -> Row:
    return replace(row, props={**row.props, "text": words["text"]})


_NOTHING: dict[str, Any] = {"comments": [], "comment": ""}


def _holder(row: Row) -> str:
    """What the JSON text of a row of answers is called; empty for a mark, which has none."""
    return next((name for name in ("tally", "reply") if name in row.props), "")


def _with_json(row: Row, name: str, value: Words) -> Row:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return replace(row, props={**_without(row, name), **text_props(name, text)})


def _take_from_answers(row: Row) -> tuple[Row, Words]:
    name = _holder(row)
    value = json.loads(joined_text(name, row.props)) if name else {}
    words = {k: value[k] for k in _NOTHING if value.get(k)}
    if not words:
        return row, {}
    return _with_json(row, name, {**value, **{k: _NOTHING[k] for k in words}}), words


def _put_into_answers(row: Row, words: Words) -> Row:
    name = _holder(row)
    return _with_json(row, name, {**json.loads(joined_text(name, row.props)), **words})


_HIDDEN = "secret"
"""What pseudonyms of imported rows are made with: whoever has it can try names against them."""


def is_secret(row: Row) -> bool:
    """A row that is nothing without what is sealed of it."""
    return row.table == "Tallies" and row.key == _HIDDEN and _HIDDEN in row.props


def _take_from_tallies(row: Row) -> tuple[Row, Words]:
    if not is_secret(row):
        return _take_from_answers(row)
    secret = row.props[_HIDDEN]
    return replace(row, props={**row.props, _HIDDEN: ""}), {_HIDDEN: secret} if secret else {}


def _put_into_tallies(row: Row, words: Words) -> Row:
    if not is_secret(row):
        return _put_into_answers(row, words)
    return replace(row, props={**row.props, _HIDDEN: words[_HIDDEN]})


def _tallies_owner(row: Row) -> str:
    return row.partition if is_secret(row) else tally_owner(row.partition)


_COMMITS = _Kind(_take_from_commit, _put_into_commit, lambda row: safe_key(row.partition))
_KINDS = {
    "Commits": _COMMITS,
    "Desk": _COMMITS,
    "Refusals": _Kind(
        _take_from_refusal,
        _put_into_refusal,
        lambda row: refusal_owner(str(row.props.get("case", ""))),
    ),
    "Tallies": _Kind(_take_from_tallies, _put_into_tallies, _tallies_owner),
}
