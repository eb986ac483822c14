"""Where the export and its keys lie: opened from settings, for the bot and for commands."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot.configuration import ConfigurationError
from bot.opening import settings_for
from bot.settings import Settings, is_a_file, is_connection_string, is_loopback
from bot.store.archive import Archive
from bot.store.blobs import Blobs, FolderBlobs
from bot.store.keys import Keys

EXPORT_VARIABLE, KEYS_VARIABLE = "FRONT_DOOR_EXPORT", "FRONT_DOOR_KEYS"
_CONTAINER = "front-door"
_AZURE_HOSTS = (
    *(".core.windows.net", ".storage.azure.net"),
    *(".core.usgovcloudapi.net", ".core.chinacloudapi.cn"),
)


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
    """In one account, or one folder inside the other. A storage emulator here has one account: two
    containers in it lie apart enough for a rehearsal.
    """
    if is_a_file(files) and is_a_file(keys):
        one, other = Path(files).resolve(), Path(keys).resolve()
        return one == other or one in other.parents or other in one.parents
    if _is_emulator(files) and _is_emulator(keys):
        return _parts(files) == _parts(keys)
    return bool(_account(files)) and _account(files) == _account(keys)


def _is_emulator(place: str) -> bool:
    if not is_connection_string(place):
        return False
    parts = _parts(place)
    endpoint = parts.get("blobendpoint", "")
    return parts.get("usedevelopmentstorage", "").lower() == "true" or is_loopback(endpoint)


def _parts(place: str) -> dict[str, str]:
    """Of a connection string; whoever reads one takes the names in any case."""
    pairs = (part.split("=", 1) for part in place.split(";") if "=" in part)
    parts = {name.strip().lower(): value.strip() for name, value in pairs}
    return {"container": _CONTAINER, **parts}


def _account(place: str) -> str:
    """However it is named: by https, by its name or by its endpoint. Empty for a folder."""
    if is_a_file(place):
        return ""
    if is_connection_string(place):
        parts = _parts(place)
        return parts.get("accountname", "").lower() or _account_of(parts.get("blobendpoint", ""))
    return _account_of(place)


def _account_of(address: str) -> str:
    """The first label of Azure's own host names; any other host is an account by itself."""
    host = (urlsplit(address).hostname or "").lower()
    if not host.endswith(_AZURE_HOSTS):
        return host
    return host.partition(".")[0].removesuffix("-secondary")


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
        return AzureBlobs(named[0] if named else _CONTAINER, connection_string=rest)
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
