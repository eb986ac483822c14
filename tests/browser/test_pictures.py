"""The scenes of `make pictures` still find what they press, and take every picture that pages show.

Pixels are not compared: fonts differ between computers.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.browser.pictures import FOLDER, act, look_the_same, standing_desk
from tests.conftest import need
from tests.tools import azurite as node


def _picture(shade: int, width: int = 20) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (width, 20), (200, 200, 200))
    image.putpixel((3, 3), (shade, 200, 200))
    image.save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_kept_where_nobody_could_tell_it_from_the_new_one() -> None:
    assert look_the_same(_picture(200), _picture(201))
    assert not look_the_same(_picture(200), _picture(180))
    assert not look_the_same(_picture(200), _picture(200, width=21))


@pytest.mark.browser
@pytest.mark.node
async def test_every_scene_can_still_be_acted(chrome: Browser, tmp_path: Path) -> None:
    need(node.missing())
    async with standing_desk(tmp_path / "desk.db") as desk:
        taken = await act(desk, chrome, tmp_path)
    assert len(taken) == len(set(taken)), "two pictures of one name"
    assert {f"{name}.png" for name in taken} == {p.name for p in FOLDER.glob("*.png")}
    for name in taken:
        assert (tmp_path / f"{name}.png").stat().st_size > 5_000, f"{name} shows next to nothing"
