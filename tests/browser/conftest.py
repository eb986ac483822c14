from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.desk_page import add_page
from bot.rehearsal.rehearsal import Rehearsal
from tests.conftest import need
from tests.tools import azurite as node
from tests.tools.browser import FLAGS


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    """The rehearsal desk as `make run` serves it, on a port of its own."""
    need(node.missing())
    made = Rehearsal(store=str(tmp_path / "desk.db"), clock=RehearsalClock(running=True))
    page = add_page(made)
    await made.start()
    page.start()
    yield made
    await page.stop()
    await made.stop()


@pytest.fixture
async def chrome(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()
