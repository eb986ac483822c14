from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.rehearsal.trust import ThrowawayAuthority
from tests.graph.wire import Wire, wired
from tests.ops.watching import Watched, watched_rehearsal
from tests.wire.acting import Acting


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def acting(tmp_path: Path, watched: Watched) -> AsyncIterator[Acting]:
    """The desk at 09:00 with its telemetry kept in memory."""
    async with watched_rehearsal(tmp_path, watched) as made:
        yield made


@pytest.fixture(scope="session")
def trust() -> Iterator[ThrowawayAuthority]:
    made = ThrowawayAuthority()
    yield made
    made.close()


@pytest.fixture
async def wire(trust: ThrowawayAuthority) -> AsyncIterator[Wire]:
    async with wired(trust) as made:
        yield made
