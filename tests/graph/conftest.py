from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.rehearsal.trust import ThrowawayAuthority
from tests.graph.wire import Wire, wired


@pytest.fixture(scope="session")
def trust() -> Iterator[ThrowawayAuthority]:
    made = ThrowawayAuthority()
    yield made
    made.close()


@pytest.fixture
async def wire(trust: ThrowawayAuthority) -> AsyncIterator[Wire]:
    async with wired(trust) as made:
        yield made
