from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting
from tests.wire.grouped import Grouped, by_groups


@pytest.fixture
def acting(rehearsal: Rehearsal) -> Acting:
    return Acting(rehearsal)


@pytest.fixture
async def grouped(tmp_path: Path) -> AsyncIterator[Grouped]:
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"), bots=by_groups)
    await made.start()
    acting = Grouped(made)
    acting.without_waiting()
    yield acting
    await made.stop()
