"""Where the export and its keys lie: opened from settings, for the bot and for commands."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.configuration import ConfigurationError
from bot.opening import settings_for
from bot.settings import Settings, is_a_file, is_connection_string
from bot.store.archive import Archive
from bot.store.blobs import Blobs, FolderBlobs
from bot.store.keys import Keys

EXPORT_VARIABLE, KEYS_VARIABLE = "FRONT_DOOR_EXPORT", "FRONT_DOOR_KEYS"


def check_places(files: str, keys: str) -> None:
    """Raises ConfigurationError: keys beside what they lock would be copied and kept with it."""
    if bool(files) != bool(keys):
        missing = KEYS_VARIABLE if files else EXPORT_VARIABLE
        raise ConfigurationError(f"{missing}: set it too: the export needs its keys")
    if files and _lie_together(files, keys):
        raise ConfigurationError(
            f"{KEYS_VARIABLE}: expected another storage account (or folder) than {EXPORT_VARIABLE},"
            " one that keeps no versions: a key destroyed there must be gone"
        )


def _lie_together(files: str, keys: str) -> bool:
    """In one account, or one folder inside the other."""
    if is_a_file(files) and is_a_file(keys):
        one, other = Path(files).resolve(), Path(keys).resolve()
        return one == other or one in other.parents or other in one.parents
    return _account(files) == _account(keys)


def _account(place: str) -> str:
    return place.split("/")[2].lower() if place.startswith("https://") else place


def open_blobs(place: str, made: Settings | None) -> Blobs:
    """`place`: a folder; the https address of a container; or, for a storage emulator, a
    connection string with `Container=name` in it.
    """
    if place.startswith("https://"):
        from bot.credential import storage_credential
        from bot.store.azure_blobs import AzureBlobs

        if made is None:
            raise ConfigurationError(f"{EXPORT_VARIABLE}: an account needs the bot's own identity")
        return AzureBlobs(place, storage_credential(made))
    if is_connection_string(place):
        from bot.store.azure_blobs import AzureBlobs

        parts = place.split(";")
        named = [p.removeprefix("Container=") for p in parts if p.startswith("Container=")]
        rest = ";".join(p for p in parts if not p.startswith("Container="))
        return AzureBlobs(named[0] if named else "front-door", connection_string=rest)
    return FolderBlobs(Path(place))


def open_archive(files: str, keys: str, made: Settings | None) -> Archive:
    """Raises ConfigurationError."""
    check_places(files, keys)
    places = open_blobs(files, made), open_blobs(keys, made)
    return Archive(places[0], Keys(places[1]), places)


def places_or_environment(files: str | None, keys: str | None) -> tuple[str, str]:
    return (
        files or os.environ.get(EXPORT_VARIABLE, ""),
        keys or os.environ.get(KEYS_VARIABLE, ""),
    )


@asynccontextmanager
async def opened_archive(files: str, keys: str) -> AsyncIterator[Archive]:
    """Raises ConfigurationError and StoreUnavailable."""
    check_places(files, keys)
    archive = open_archive(files, keys, settings_for(files, keys))
    try:
        await archive.start()
        yield archive
    finally:
        await archive.close()
