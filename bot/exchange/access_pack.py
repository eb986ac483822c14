"""A child's referrals as a person answering an access request needs them: a line a statement, with
whose it is, and room to say what is withheld and why. Nothing is left out and nothing is decided.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.events import WORD_FIELDS, Recorded
from bot.domain.intake import Child
from bot.domain.referral import Referral
from bot.exchange.sheet import Cell, Sheet
from cards import wording as w
from cards.case_note import note_for
from cards.changes import field_words, value_words
from cards.context import View
from cards.history import deed

Statement = tuple[str, str]
"""What it answers, and the words or the answer."""


def everything(referral: Referral, recorded: Sequence[Recorded], view: View) -> Sheet:
    """Every event, with every word in it and every answer of the form."""
    rows: list[tuple[Cell, ...]] = []
    for item in recorded:
        said = list(statements(item.event, view)) or [("", "")]
        rows += [_row(len(rows) + n, item, view, one) for n, one in enumerate(said, 1)]
    return Sheet(referral.reference, w.PACK_HEADS, tuple(rows), w.PACK_NOTES)


def _row(n: int, item: Recorded, view: View, said: Statement) -> tuple[Cell, ...]:
    local = view.local(item.at)
    person = view.partnership.person(item.by)
    about = str(getattr(item.event, "agency", ""))
    agency = about or (person.agency if person else "")
    did = deed(item, view)
    who = view.name(item.by)
    return (n, local.date(), f"{local:%H:%M}", who, view.agency(agency), did, *said, "", "")


def statements(event: Any, view: View) -> Iterator[Statement]:
    """People's words wherever they stand in an event, and the answers of the form."""
    for name, value in _parts(event):
        if name in w.FIELDS and _answers(name, value):
            yield _label(name), value_words(name, value, view)
        elif isinstance(value, str) and name in WORD_FIELDS and value:
            yield _label(name), value
        else:
            for inner in value if isinstance(value, tuple) else (value,):
                if dataclasses.is_dataclass(inner):
                    yield from statements(inner, view)


def _answers(name: str, value: Any) -> bool:
    """Whether something was answered. Some events name children by their ids alone."""
    if name == "children":
        return bool(value) and isinstance(value[0], Child)
    return value not in ("", None, (), False)


def _parts(event: Any) -> Iterator[tuple[str, Any]]:
    """Fields of an event; the answers of an amendment stand for themselves."""
    for field in dataclasses.fields(event):
        value = getattr(event, field.name)
        if isinstance(value, dict):
            yield from value.items()
        else:
            yield field.name, value


def _label(name: str) -> str:
    return w.PACK_FIELDS.get(name) or field_words(name)


def notes_of(referral: Referral, mosaic_id: str, view: View) -> str:
    """The child's own case note; of a referral that no longer names the child, all its notes."""
    children = referral.asked.children
    mine = [c for c in children if c.mosaic_id == mosaic_id] or list(children)
    return "\n\n\n".join(note_for(child, referral, view) for child in mine) + "\n"
