"""Where the golden samples are, and how a card or a note is written in one."""

from __future__ import annotations

import json
from pathlib import Path

from cards.case_note import note_for
from cards.kit import Json
from tests.cards import righted
from tests.cards.story import World

FOLDER = Path(__file__).parents[2] / "cards" / "samples"
NOTE = Path(__file__).with_name("case_note.txt")
FEEDBACK = Path(__file__).with_name("feedback")
MEASURES = Path(__file__).parents[2] / "docs" / "measures.md"


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def as_text(card: Json) -> str:
    return json.dumps(card, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def note_text(world: World) -> str:
    """The note of a referral that everything happened to, for its first child."""
    told = righted.everything(world).referral
    return note_for(told.asked.children[0], told, world.view("masho-1")) + "\n"
