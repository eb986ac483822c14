from __future__ import annotations

import pytest

from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting


@pytest.fixture
def acting(rehearsal: Rehearsal) -> Acting:
    return Acting(rehearsal)
