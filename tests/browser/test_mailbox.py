"""The caller's mailbox on the rehearsal desk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.rehearsal.rehearsal import Rehearsal

pytestmark = [pytest.mark.browser, pytest.mark.node]

TEXT = """Dear Amira,

Thank you for ringing us on Tuesday about a child at your school. <b>This is not bold.</b>

We have looked at what you told us together with the people who work with families here. \
The family will be offered help, and somebody will ring you by Thursday 26 November.

If you are worried again, please ring us on 01632 960100.

The duty team
"""


@pytest.mark.parametrize(("size", "width", "height"), [("desktop", 1280, 850), ("phone", 375, 740)])
async def test_emails_appear_as_they_are_sent_and_are_plain_text(
    desk: Rehearsal,
    chrome: Browser,
    artefacts: Callable[[str], Path],
    size: str,
    width: int,
    height: int,
) -> None:
    page = await chrome.new_page(viewport={"width": width, "height": height})
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(desk.base)
    tab = page.get_by_test_id("place-mail")
    await expect(page.get_by_test_id("place-personal")).to_have_attribute("aria-current", "page")
    await expect(tab).to_be_hidden()
    mailbox = desk.front_door.mailbox
    assert mailbox is not None
    to = "amira.holt.designated.safeguarding.lead@st-aldhelms.school.example"
    await mailbox.send(to, "About your call on Tuesday 24 November", TEXT)
    await expect(tab.locator(".count")).to_have_text("1")
    await tab.click()
    first = page.get_by_test_id("mail").first
    for words in (
        "front.door@riverside.example",
        to,
        "<b>This is not bold.</b>",
        "About your call",
    ):
        await expect(first).to_contain_text(words)
    await expect(first.locator("b")).to_have_count(0)
    await mailbox.send("jo@clinic.example", "Thank you", "We have your call.")
    await expect(page.get_by_test_id("mail")).to_have_count(2)
    await expect(tab.locator(".count")).to_have_text("2")
    await page.screenshot(path=str(artefacts(f"{size}-mailbox.png")))
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(overflow)
    await page.reload()
    await expect(page.get_by_test_id("mail")).to_have_count(2)
    await page.get_by_test_id("place-channel").click()
    await expect(page.get_by_test_id("mail")).to_have_count(0)
    assert faults == []
    await page.close()
