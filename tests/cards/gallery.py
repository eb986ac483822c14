"""Every card people can see, named, drawn from fictional referrals at fixed times.

The samples in `cards/samples` are these cards; `python -m tests.cards.update` writes them again.
"""

from __future__ import annotations

from cards.kit import Json
from tests.cards import (
    gallery_briefings,
    gallery_desk,
    gallery_dialogs,
    gallery_endings,
    gallery_figures,
    gallery_files,
    gallery_roster,
)
from tests.cards.exhibit import Gallery, Sample
from tests.cards.story import World

ROOMS = (
    *gallery_desk.ROOMS,
    *gallery_briefings.ROOMS,
    *gallery_dialogs.ROOMS,
    *gallery_endings.ROOMS,
    *gallery_figures.ROOMS,
    *gallery_files.ROOMS,
    *gallery_roster.ROOMS,
)


def build(world: World) -> dict[str, Sample]:
    gallery = Gallery(world, {})
    for room in ROOMS:
        room(gallery)
    return gallery.samples


def cards(world: World | None = None) -> dict[str, Json]:
    return {name: s.card for name, s in build(world or World()).items()}
