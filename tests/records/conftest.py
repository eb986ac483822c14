"""The six referrals, played once over the real wire; each test gets a copy of the store."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.configuration import DEFAULT_FILE
from bot.desk.ports import Row, Rows
from bot.opening import open_rows
from bot.rehearsal import scenario
from bot.rehearsal.player import Player
from bot.store.azure_tables import TABLES
from bot.store.blobs import FolderBlobs
from bot.store.sealing import _props
from tests.records.packs import IN_FILE
from tests.rehearsal.test_player import SIX
from tests.tools.tables import rows_of

Json = dict[str, Any]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "store.db"
    report = asyncio.run(Player(scenario.read(SIX), store=str(path)).run())
    assert report.differences == []
    return path


@pytest.fixture
def store(played: Path, tmp_path: Path) -> str:
    path = tmp_path / "store.db"
    shutil.copy(played, path)
    return str(path)


@pytest.fixture
async def rows(store: str) -> AsyncIterator[Rows]:
    made = open_rows(store)
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def files(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "files")


@pytest.fixture
def kept(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "keys")


def plain(rows: list[Row]) -> list[str]:
    return [json.dumps([r.partition, r.key, _props(r)], sort_keys=True) for r in rows]


async def everything(rows: Rows) -> dict[str, list[str]]:
    """Every row of every table."""
    return {table: plain(await rows_of(rows, table)) for table in TABLES}


def words_in_file() -> list[str]:
    """What people typed in the six referrals: long enough to be nobody else's words."""
    data = json.loads(SIX.read_text("utf-8"))
    found: set[str] = set()

    def look(value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                look(inner, key)
        elif isinstance(value, list):
            for inner in value:
                look(inner, name)
        elif isinstance(value, str) and name in TYPED and len(value) >= 20:
            found.add(value)

    look(data["scenarios"])
    configured = DEFAULT_FILE.read_text("utf-8")
    return sorted(words for words in found if words not in configured)


TYPED = {
    *("seen_heard", "reported", "view", "going_well", "child_view", "help_so_far", "wants"),
    *("relevant", "strengths", "worries", "suggests", "suggested_action", "text", "action"),
    *("rationale", "family_view", "next_step", "reason", "note"),
}


@pytest.fixture(params=["gone", "another role"])
def later_file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The configuration after eh-1 left, or was made a duty social worker of another agency."""
    text = DEFAULT_FILE.read_text("utf-8")
    assert IN_FILE in text
    became = IN_FILE.replace('"rep"', '"duty_social_worker"').replace("early_help", "social_care")
    became = became.replace('"Femi A."', '"Femi B."')
    path = tmp_path / "later.toml"
    path.write_text(text.replace(IN_FILE, "" if request.param == "gone" else became), "utf-8")
    return str(path)
