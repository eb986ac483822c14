from __future__ import annotations

import pytest

from tests.figures.thousand import Thousand, build


@pytest.fixture(scope="session")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Thousand:
    return build(tmp_path_factory.mktemp("thousand"))
