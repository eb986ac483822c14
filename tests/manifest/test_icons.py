"""The icons: drawn for this project, and what Teams would refuse about any."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from manifest import icons
from manifest.build import HERE


def test_committed_icons_are_accepted() -> None:
    """The icons in the repository pass their rules."""
    assert icons.check_colour(HERE / "color.png") == []
    assert icons.check_outline(HERE / "outline.png") == []


@pytest.mark.parametrize(
    ("name", "draw"),
    [("color.png", icons.draw_colour), ("outline.png", icons.draw_outline)],
)
def test_committed_icons_are_the_drawn_ones(name: str, draw: Callable[[], Image.Image]) -> None:
    """The committed picture is what the code draws."""
    drawn = draw()
    with Image.open(HERE / name) as committed:
        assert committed.mode == drawn.mode
        assert ImageChops.difference(committed, drawn).getbbox() is None


def test_mark_stays_in_the_safe_area() -> None:
    """Nothing but background is outside the part Teams always shows."""
    drawn = icons.draw_colour()
    flat = Image.new("RGB", drawn.size, drawn.getpixel((0, 0)))
    box = ImageChops.difference(drawn, flat).getbbox()
    margin, far = icons.SAFE_MARGIN, icons.COLOUR_SIZE - icons.SAFE_MARGIN
    assert box is not None
    assert min(box[:2]) >= margin
    assert max(box[2:]) <= far


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("RGB", (191, 192)), "must be 192 by 192"),
        (Image.new("RGBA", (192, 192), (0, 0, 0, 254)), "no transparent pixels"),
    ],
)
def test_colour_icon_rules(image: Image.Image, expected: str, tmp_path: Path) -> None:
    """A colour icon of the wrong size or with see-through pixels is refused."""
    image.save(tmp_path / "color.png")
    [problem] = icons.check_colour(tmp_path / "color.png")
    assert expected in problem


def dotted(colour: tuple[int, int, int, int], side: int = 32) -> Image.Image:
    """Return a clear square with one dot."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    image.putpixel((4, 4), colour)
    return image


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (dotted((255, 255, 255, 255), side=48), "must be 32 by 32"),
        (dotted((255, 255, 254, 255)), "must be white only"),
        (dotted((200, 200, 200, 90)), "must be white only"),
        (dotted((0, 0, 0, 0)), "is blank"),
        (Image.new("RGBA", (32, 32), (255,) * 4), "transparent background"),
        (Image.new("RGB", (32, 32), (255,) * 3), "transparent background"),
    ],
)
def test_outline_icon_rules(image: Image.Image, expected: str, tmp_path: Path) -> None:
    """An outline icon must be white lines on nothing."""
    image.save(tmp_path / "outline.png")
    [problem] = icons.check_outline(tmp_path / "outline.png")
    assert expected in problem


@pytest.mark.parametrize("content", [None, b"GIF89a", b""])
def test_file_that_is_no_png_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """A missing file, or one that is not a PNG, gives a message and no traceback."""
    path = tmp_path / "outline.png"
    if content is not None:
        path.write_bytes(content)
    assert icons.check_outline(path) == ["outline.png is missing or is not a PNG picture."]
