"""Opens a store for a command, as the bot would: from a path, a connection string or an account."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import settings
from bot.configuration import DEFAULT_FILE
from bot.credential import storage_credential
from bot.desk.ports import FrontDoorError, Rows
from bot.settings import Settings, is_connection_string
from bot.store.azure_tables import AzureRows
from bot.store.log import TableLog
from bot.store.restoring import check_not_being_restored
from bot.store.sqlite import SqliteRows

DEFAULT_STORE = "var/front-door.db"


def store_or_default(given: str | None) -> str:
    """What was named, else the environment's store, else the file in this folder."""
    return given or os.environ.get("FRONT_DOOR_STORE") or DEFAULT_STORE


def config_or_default(given: Path | None) -> Path:
    return given or Path(os.environ.get("FRONT_DOOR_CONFIG") or DEFAULT_FILE)


def open_rows(store: str, made: Settings | None = None) -> Rows:
    """`store`: a file path (SQLite), a connection string, or an https table endpoint, which needs
    the settings of the identity that opens it.
    """
    if store.startswith("https://") and made is not None:
        return AzureRows(store, storage_credential(made))
    if is_connection_string(store):
        return AzureRows(store)
    return SqliteRows(Path(store))


async def start_store(rows: Rows) -> None:
    """Raises StoreUnavailable, StoreTooNew where a later version has written to it, and
    BeingRestored where a restore has not ended; it is closed then.
    """
    try:
        await rows.start()
        await TableLog(rows).check_version()
        await check_not_being_restored(rows)
    except FrontDoorError:
        await rows.close()
        raise


def settings_for(*places: str) -> Settings | None:
    """The environment's settings where one of these is an account in Azure. Raises
    ConfigurationError.
    """
    if any(place.startswith("https://") for place in places):
        return settings.from_environment()
    return None


@asynccontextmanager
async def opened(store: str) -> AsyncIterator[Rows]:
    """The store, started and checked. Raises ConfigurationError, StoreUnavailable, StoreTooNew."""
    rows = open_rows(store, settings_for(store))
    await start_store(rows)
    try:
        yield rows
    finally:
        await rows.close()
