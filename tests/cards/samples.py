"""Where the golden samples are, and how a card is written in one."""

from __future__ import annotations

import json
from pathlib import Path

from cards.kit import Json

FOLDER = Path(__file__).parents[2] / "cards" / "samples"


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def as_text(card: Json) -> str:
    return json.dumps(card, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
