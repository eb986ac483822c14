"""The scenes of `make pictures` still find what they press, and take every picture that pages show.

Pixels are not compared: fonts differ between computers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.pictures import FOLDER, act, standing_desk
from tests.conftest import need
from tests.tools import azurite as node

pytestmark = [pytest.mark.browser, pytest.mark.node]


async def test_every_scene_can_still_be_acted(chrome: Browser, tmp_path: Path) -> None:
    need(node.missing())
    async with standing_desk(tmp_path / "desk.db") as desk:
        taken = await act(desk, chrome, tmp_path)
    assert len(taken) == len(set(taken)), "two pictures of one name"
    assert {f"{name}.png" for name in taken} == {p.name for p in FOLDER.glob("*.png")}
    for name in taken:
        assert (tmp_path / f"{name}.png").stat().st_size > 5_000, f"{name} shows next to nothing"
