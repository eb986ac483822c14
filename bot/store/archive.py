"""The export's files and the keys of the words in them, as one thing to start and close."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.blobs import Blobs
from bot.store.keys import Keys


@dataclass(frozen=True, slots=True)
class Archive:
    """The export's files, and the keys of the words in them."""

    files: Blobs
    keys: Keys
    places: tuple[Blobs, Blobs]

    async def start(self) -> None:
        """Raises StoreUnavailable."""
        for place in self.places:
            await place.start()

    async def close(self) -> None:
        for place in self.places:
            await place.close()
