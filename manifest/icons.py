"""Draw the two app icons and check icons against what Teams accepts.

Run `python -m manifest.icons` to draw them again.
"""

from pathlib import Path

from PIL import Image, ImageDraw, UnidentifiedImageError

HERE = Path(__file__).parent
COLOUR_SIZE = 192
OUTLINE_SIZE = 32
# Teams rounds the corners and some places crop: the mark stays in the middle 120.
SAFE_MARGIN = (COLOUR_SIZE - 120) // 2

_SCALE = 8
_TEAL = "#0B4F5C"
_FRAME = "#F4F8F7"
_DOOR = "#F2B84B"
_PANEL = "#D99A2B"
_GLASS = "#BFE3E0"
_WHITE = (255, 255, 255)


def draw_colour() -> Image.Image:
    """Return the 192 by 192 icon: a front door on deep teal, nothing transparent."""
    image = Image.new("RGB", (COLOUR_SIZE * _SCALE,) * 2, _TEAL)
    pen = _Pen(ImageDraw.Draw(image))
    pen.arch(60, 40, 132, 152, _FRAME)
    pen.arch(68, 48, 124, 152, _TEAL)
    pen.half_disc(72, 52, 120, _GLASS)
    pen.half_disc(88, 68, 104, _TEAL)
    pen.spokes()
    pen.box(72, 80, 120, 152, _DOOR, radius=0)
    for left in (79, 99):
        pen.box(left, 88, left + 14, 110, _PANEL, radius=2)
        pen.box(left, 120, left + 14, 144, _PANEL, radius=2)
    pen.disc(114, 115, 3.5, _FRAME)
    pen.box(50, 148, 142, 155, _FRAME, radius=2)
    return image.resize((COLOUR_SIZE,) * 2, Image.Resampling.BOX)


def draw_outline() -> Image.Image:
    """Return the 32 by 32 icon: the same door in white lines on nothing."""
    mask = Image.new("L", (OUTLINE_SIZE * _SCALE,) * 2, 0)
    pen = _Pen(ImageDraw.Draw(mask))
    pen.arch(7, 2, 25, 30, 255)
    pen.arch(9, 4, 23, 28, 0)
    pen.box(9, 12, 23, 14, 255, radius=0)
    pen.disc(19.5, 20.5, 1.5, 255)
    pen.box(3, 28, 29, 30, 255, radius=0)
    # White everywhere, so the edges are white too and only the transparency varies.
    image = Image.new("RGBA", (OUTLINE_SIZE,) * 2, (*_WHITE, 0))
    image.putalpha(mask.resize((OUTLINE_SIZE,) * 2, Image.Resampling.BOX))
    return image


def check_colour(path: Path) -> list[str]:
    """Return what Teams would refuse about a colour icon."""
    image, problems = _open(path, COLOUR_SIZE)
    if image is not None and image.getchannel("A").getextrema() != (255, 255):
        problems.append(f"{path.name} must have no transparent pixels.")
    return problems


def check_outline(path: Path) -> list[str]:
    """Return what Teams would refuse about an outline icon."""
    image, problems = _open(path, OUTLINE_SIZE)
    if image is None:
        return problems
    seen = {(red, green, blue) for _, (red, green, blue, alpha) in _colours(image) if alpha > 0}
    alphas = {alpha for _, (_, _, _, alpha) in _colours(image)}
    if not seen:
        problems.append(f"{path.name} is blank.")
    elif seen != {_WHITE}:
        problems.append(f"{path.name} must be white only.")
    if 0 not in alphas:
        problems.append(f"{path.name} must have a transparent background.")
    return problems


def main() -> None:
    """Draw both icons into this folder."""
    for name, image in (("color.png", draw_colour()), ("outline.png", draw_outline())):
        image.save(HERE / name, optimize=True)
        print(f"Drew {name} ({image.width} by {image.height})")


class _Pen:
    """Draws shapes given in icon pixels on an image eight times as large."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        """Draw on the image behind `draw`."""
        self._draw = draw

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: str | int,
        *,
        radius: float,
    ) -> None:
        """Fill a rectangle, right and bottom edges excluded."""
        self._draw.rounded_rectangle(_scaled(left, top, right, bottom), radius * _SCALE, fill)

    def disc(self, x: float, y: float, radius: float, fill: str | int) -> None:
        """Fill a circle."""
        self._draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill)

    def arch(self, left: float, top: float, right: float, bottom: float, fill: str | int) -> None:
        """Fill a doorway: upright sides and a half-round head."""
        middle = top + (right - left) / 2
        self._draw.pieslice(_scaled(left, top, right, 2 * middle - top), 180, 360, fill)
        self._draw.rectangle(_scaled(left, middle, right, bottom), fill)

    def half_disc(self, left: float, top: float, right: float, fill: str | int) -> None:
        """Fill the upper half of a circle."""
        self._draw.pieslice(_scaled(left, top, right, top + right - left), 180, 360, fill)

    def spokes(self) -> None:
        """Part the fanlight's glass with three bars."""
        centre = (96 * _SCALE, 76 * _SCALE)
        for x, y in ((96, 50), (77, 57), (115, 57)):
            self._draw.line([centre, (x * _SCALE, y * _SCALE)], _TEAL, 3 * _SCALE)


def _scaled(
    left: float, top: float, right: float, bottom: float
) -> tuple[float, float, float, float]:
    """Return the box on the large image; Pillow counts the last pixel in."""
    return left * _SCALE, top * _SCALE, right * _SCALE - 1, bottom * _SCALE - 1


def _open(path: Path, side: int) -> tuple[Image.Image | None, list[str]]:
    """Return the icon as RGBA with any size problem, or None if it is no PNG."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            rgba = image.convert("RGBA")
    except (OSError, UnidentifiedImageError):
        return None, [f"{path.name} is missing or is not a PNG picture."]
    if rgba.size != (side, side):
        return rgba, [f"{path.name} must be {side} by {side} pixels."]
    return rgba, []


def _colours(image: Image.Image) -> list[tuple[int, tuple[int, int, int, int]]]:
    """Return each colour of an RGBA image with its count."""
    colours = image.getcolors(image.width * image.height) or []
    return [
        (count, pixel) for count, pixel in colours if isinstance(pixel, tuple) and len(pixel) == 4
    ]


if __name__ == "__main__":
    main()
