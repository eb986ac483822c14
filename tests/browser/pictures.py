"""`make pictures`: acts three referrals on the rehearsal desk and keeps what people see.

The clock stands still but where a scene moves it, and what people say is always the same, so that
a picture changes only when a screen does. Run it as `python -m tests.browser.pictures`.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image, ImageChops
from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.rehearsal.desk_page import add_page
from bot.rehearsal.rehearsal import Rehearsal
from tests.browser.pictures_scenes import SCENES, Studio
from tests.tools.browser import FLAGS, find

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_SHADES = 2
"""Of 255."""

_SIZES = {"laptop": (1280, 2200), "phone": (375, 740)}
_WHOLE_DIALOG = """
@media (min-width: 600px) { .dialog { max-height: calc(100dvh - 48px) } }
textarea { field-sizing: content !important }
*, *::before, *::after { animation: none !important; transition: none !important;
  caret-color: transparent !important }
"""
"""A picture on paper cannot be scrolled."""


class Camera:
    """Two screens on one desk. `folder` is where the pictures go; `taken` names them."""

    def __init__(self, pages: dict[str, Page], folder: Path) -> None:
        self.pages = pages
        self.taken: list[str] = []
        self._folder = folder

    async def part(self, name: str, of: Locator) -> None:
        """The whole of one card or dialog."""
        await self._still(of.page)
        self._keep(name, await of.screenshot(animations="disabled", scale="css"))

    async def screen(self, name: str, page: Page) -> None:
        """What fits on the screen."""
        await self._still(page)
        self._keep(name, await page.screenshot(animations="disabled", scale="css"))

    async def _still(self, page: Page) -> None:
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement.blur()")

    def _keep(self, name: str, picture: bytes) -> None:
        self.taken.append(name)
        path = self._folder / f"{name}.png"
        if not (path.is_file() and look_the_same(path.read_bytes(), picture)):
            path.write_bytes(picture)


def look_the_same(old: bytes, new: bytes) -> bool:
    """Whether nobody could tell: the browser paints some edges a shade off from run to run."""
    before, after = (Image.open(io.BytesIO(one)).convert("RGB") for one in (old, new))
    if before.size != after.size:
        return False
    levels = ImageChops.difference(before, after).getextrema()
    return max(most for _, most in levels) <= _SHADES


async def act(rehearsal: Rehearsal, browser: Browser, folder: Path) -> list[str]:
    """Acts every scene on a started desk; the names of the pictures now in `folder`."""
    pages = {}
    for name, (width, height) in _SIZES.items():
        page = await browser.new_page(
            viewport={"width": width, "height": height}, locale="en-GB", timezone_id="Europe/London"
        )
        await page.goto(rehearsal.base)
        await page.add_style_tag(content=_WHOLE_DIALOG)
        pages[name] = page
    camera = Camera(pages, folder)
    studio = Studio(rehearsal, camera)
    for scene in SCENES:
        await scene(studio)
    for page in pages.values():
        await page.close()
    return camera.taken


@asynccontextmanager
async def standing_desk(store: Path) -> AsyncIterator[Rehearsal]:
    """The desk as `make run` serves it, with a clock that stands still."""
    made = Rehearsal(store=str(store))
    page = add_page(made)
    await made.start()
    page.start()
    yield made
    await page.stop()
    await made.stop()


async def _main(folder: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="front-door-") as place:
        async with standing_desk(Path(place) / "desk.db") as desk, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find(), args=FLAGS)
            taken = await act(desk, browser, folder)
            await browser.close()
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder for the pictures")
    folder: Path = parser.parse_args().to
    if not find():
        print("Pictures need Chromium: python -m tests.tools.browser", file=sys.stderr)
        return 64
    folder.mkdir(parents=True, exist_ok=True)
    taken = asyncio.run(_main(folder))
    size = sum((folder / f"{name}.png").stat().st_size for name in taken)
    print(f"{folder}: {len(taken)} pictures, {size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
