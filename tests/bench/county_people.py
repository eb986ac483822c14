"""Sixty people at one desk: the fictional partnership's own, and colleagues beside each."""

from __future__ import annotations

import uuid
from pathlib import Path

from bot import configuration
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import Role

PEOPLE = 60
_BESIDE = (
    *("masho-1", "sw-1", "pol-1", "hlt-1", "edu-1", "eh-1"),
    *("hou-1", "da-1"),
)
"""Whose colleagues they are, taken in turn."""


def _colleague(number: int, beside: Person) -> str:
    object_id = uuid.uuid5(uuid.NAMESPACE_URL, f"front-door-bench-{number}")
    values = {
        "id": f"{beside.id.partition('-')[0]}-{100 + number}",
        "name": f"Colleague {chr(65 + number % 26)}{chr(65 + number // 26)}.",
        "role": str(beside.role),
        "agency": beside.agency,
        "tenant": beside.tenant,
        "object_id": str(object_id),
    }
    return "\n".join(["", "[[people]]", *(f'{k} = "{v}"' for k, v in values.items())])


def written(to: Path) -> Partnership:
    """The configuration file with all sixty, and what it says."""
    known = configuration.load()
    own = configuration.DEFAULT_FILE.read_text(encoding="utf-8")
    beside = {p.id: p for p in known.people}
    missing = PEOPLE - len(known.people)
    added = [_colleague(n, beside[_BESIDE[n % len(_BESIDE)]]) for n in range(missing)]
    to.write_text("\n".join([own, *added, ""]), encoding="utf-8")
    return configuration.load(to)


def of(partnership: Partnership, role: Role) -> list[str]:
    return [p.id for p in partnership.people if p.role is role]
