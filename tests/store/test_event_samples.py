"""Every kind of event that any version ever stored still loads, and says what it said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.events import EVENT_TYPES
from bot.store import codec
from tests.store.samples import FOLDER, files_of, row_of

FILES = sorted(FOLDER.glob("*.json"))


def _says(found: Any, wanted: Any) -> bool:
    """Whether `found` holds all of `wanted`: fields added since may stand beside it."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and _says(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list) and len(found) == len(wanted) and all(map(_says, found, wanted))
        )
    return bool(found == wanted)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_stored_event_of_any_version_still_loads(path: Path) -> None:
    row = row_of(json.loads(path.read_text("utf-8")))
    again = codec.commit_row(codec.commit_of(row), "a-nonce")
    assert _says(json.loads(str(again.props["facts"])), json.loads(str(row.props["facts"])))
    assert json.loads(str(again.props["words"])) == json.loads(str(row.props["words"]))


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_kind_of_event_has_a_sample_of_the_version_that_first_had_it(kind: str) -> None:
    first = codec.SINCE.get(kind, 1)
    assert next(p.name for p in files_of(kind)) == f"{kind}.{first}.json"


def test_no_sample_is_of_a_kind_that_can_no_longer_be_loaded() -> None:
    assert {p.name.rsplit(".", 2)[0] for p in FILES} == set(EVENT_TYPES)


def test_a_lost_field_would_be_seen() -> None:
    assert not _says({"a": 1}, {"a": 1, "b": 2})
    assert not _says([{"a": 1}], [{"a": 2}])
    assert not _says([1], [1, 2])
