"""A manager keeps the roster in their own chat, in a real browser on a laptop and a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.desk_page import add_page
from bot.rehearsal.rehearsal import Rehearsal
from tests.browser.test_desk import SIZES, Person, Shot
from tests.conftest import need
from tests.tools import azurite as node
from tests.wire.rostered import JOAN, RAVI

pytestmark = [pytest.mark.browser, pytest.mark.node]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    """The desk with two people in its channel whom nobody has listed."""
    need(node.missing())
    made = Rehearsal(
        store=str(tmp_path / "desk.db"),
        clock=RehearsalClock(running=True),
        strangers=(RAVI, JOAN),
    )
    page = add_page(made)
    await made.start()
    page.start()
    yield made
    await page.stop()
    await made.stop()


@pytest.mark.parametrize("size", list(SIZES))
async def test_a_manager_adds_changes_and_takes_off(
    desk: Rehearsal, chrome: Browser, artefacts: Callable[[str], Path], size: str
) -> None:
    width, height = SIZES[size]
    page = await chrome.new_page(viewport={"width": width, "height": height})
    shot: Shot = artefacts
    manager = Person(page, size, shot)
    await page.goto(desk.base)
    await manager.become("man-1", "personal")
    chat = page.get_by_role("log", name="Messages")
    await page.get_by_test_id("say-personal").fill("roster")
    await page.get_by_test_id("send-personal").click()
    await expect(chat).to_contain_text("Roster: 12 people")
    await manager.look("roster-1")
    await manager.button("Add somebody")
    await chat.get_by_label("Who?").select_option(label="Joan F., Police force")
    await chat.get_by_label("Role").select_option(label="Agency rep")
    await chat.get_by_label("Agency", exact=True).select_option(label="Police")
    await manager.look("roster-2-add")
    await manager.button("Add")
    await expect(chat).to_contain_text("Joan F. is on the roster: agency rep, Police.")
    await manager.look("roster-3-added")
    await manager.button("Change or take off")
    await chat.get_by_label("Who?").select_option(label="Femi A., Early Help Unit (EHU)")
    await manager.look("roster-4-pick")
    await manager.button("Next")
    await expect(chat.get_by_role("button", name="Take off the roster")).to_be_visible()
    await manager.look("roster-5-person")
    await manager.button("Take off the roster")
    await expect(chat).to_contain_text("Femi A. is off the roster.")
    await manager.look("roster-6-off")
    overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert overflow <= 0
    assert manager.console == []
    assert desk.front_door.desk.partnership.listed(JOAN.object_id) is not None
    await page.close()
