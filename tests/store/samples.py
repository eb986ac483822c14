"""`python -m tests.store.samples` writes a sample row for each kind of event that has none yet.

A sample, once committed, is never written again: it is what stores out there hold.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.desk.ports import Commit, Row
from bot.domain import events as ev
from bot.domain.events import EVENT_TYPES
from bot.domain.intake import Child
from bot.store import codec

FOLDER = Path(__file__).with_name("samples")
AT = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC)
STREAM = "0123456789abcdef0123456789abcdef"


def made(kind: str) -> ev.Event:
    """An event of this kind with something in every field."""
    if kind == "intake.amended":
        answers = {"wants": "A call", "children": (Child("9900102", "1_to_4"),)}
        return ev.IntakeAmended(answers, "She rang again", "REF-2026-00002")
    event: ev.Event = _value(EVENT_TYPES[kind], kind)
    return event


def _value(hint: Any, name: str) -> Any:
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        hints = get_type_hints(hint)
        return hint(**{f.name: _value(hints[f.name], f.name) for f in dataclasses.fields(hint)})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if get_origin(hint) in (UnionType, Union):
        return _value(next(h for h in get_args(hint) if h is not type(None)), name)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        kinds = inner[:1] if inner[-1] is ... else inner
        return tuple(_value(h, f"{name} {n}") for n, h in enumerate(kinds))
    plain: dict[Any, Any] = {
        str: name,
        bool: True,
        int: 2,
        float: 1.5,
        dt.datetime: AT,
        dt.date: AT.date(),
    }
    return plain[hint]


def stored(kind: str) -> dict[str, Any]:
    """The row as the store takes it, as JSON."""
    commit = Commit(STREAM, 3, AT, "eh-1", (ev.Recorded(made(kind), AT, "eh-1"),))
    row = codec.commit_row(commit, "a-nonce")
    return {
        "table": row.table,
        "partition": row.partition,
        "key": row.key,
        "props": {
            k: {"$at": v.isoformat()} if isinstance(v, dt.datetime) else v
            for k, v in row.props.items()
        },
    }


def row_of(sample: dict[str, Any]) -> Row:
    props = {
        k: dt.datetime.fromisoformat(v["$at"]) if isinstance(v, dict) else v
        for k, v in sample["props"].items()
    }
    return Row(sample["table"], sample["partition"], sample["key"], props)


def files_of(kind: str) -> list[Path]:
    """Each version's sample of this kind: `lead.claimed.1.json`."""
    return sorted(FOLDER.glob(f"{kind}.[0-9]*.json"))


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for kind in EVENT_TYPES:
        path = FOLDER / f"{kind}.{codec.VERSION}.json"
        if not files_of(kind):
            path.write_text(json.dumps(stored(kind), ensure_ascii=False, indent=1) + "\n", "utf-8")
            print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
