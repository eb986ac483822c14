"""Shared set-up: a real Azurite, a real file, a whole rehearsal on loopback."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from azure.data.tables import TableServiceClient

from bot.desk.ports import Rows
from bot.rehearsal.rehearsal import Rehearsal
from bot.store.azure_tables import AzureRows
from bot.store.sqlite import SqliteRows
from tests.tools import azurite as azurite_tool, browser
from tests.tools.storage_proxy import StorageProxy

ALL_TESTS = os.environ.get("FRONT_DOOR_ALL_TESTS") == "1"


_SLOWEST_FIRST = "crash", "fire", "rehearsal", "browser", "shipping", "records", "security", "store"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files are given out in this order: the long ones last would leave a core with nothing."""
    place = {name: n for n, name in enumerate(_SLOWEST_FIRST)}
    here = Path(__file__).parent
    items.sort(key=lambda i: place.get(i.path.relative_to(here).parts[0], len(place)))


def need(why_not: str) -> None:
    """Skips aloud; under `make test`, where nothing may be skipped, fails."""
    if why_not and ALL_TESTS:
        pytest.fail(why_not)
    if why_not:
        pytest.skip(why_not)


@pytest.fixture(scope="session")
def azurite() -> Iterator[azurite_tool.Azurite]:
    need(azurite_tool.missing())
    server = azurite_tool.Azurite()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def empty_azurite(azurite: azurite_tool.Azurite) -> azurite_tool.Azurite:
    """Where a whole rehearsal's store must hold nothing else."""
    with TableServiceClient.from_connection_string(azurite.connection_string) as service:
        for table in list(service.list_tables()):
            service.delete_table(table.name)
    return azurite


@pytest.fixture
async def proxy(empty_azurite: azurite_tool.Azurite) -> AsyncIterator[StorageProxy]:
    """Between a rehearsal and Azurite: it counts, and does what it is told to."""
    made = StorageProxy(empty_azurite)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    found = browser.find()
    need("" if found else "no Chromium is installed")
    return found


@pytest.fixture(params=["sqlite", pytest.param("azurite", marks=pytest.mark.node)])
async def rows(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rows]:
    """An empty table store: a real file, then a real Azurite."""
    store: Rows
    if request.param == "sqlite":
        store = SqliteRows(tmp_path / "store.db")
    else:
        server: azurite_tool.Azurite = request.getfixturevalue("azurite")
        store = AzureRows(server.connection_string)
    await store.start()
    yield store
    await store.close()


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    """The bot and the simulated Teams, at 09:00 on a test day, standing clock."""
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def artefacts() -> Callable[[str], Path]:
    """Where a test leaves what a person may want to look at afterwards."""
    folder = Path(__file__).resolve().parents[1] / "artefacts"
    folder.mkdir(exist_ok=True)
    return lambda name: folder / name
