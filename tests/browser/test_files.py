"""A manager brings a file and takes the figures away on the rehearsal desk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.rehearsal.rehearsal import Rehearsal

pytestmark = [pytest.mark.browser, pytest.mark.node]

SIZES = {"desktop": (1280, 850), "phone": (375, 740)}
CALLS = (
    b"Began,Waited,Ended as,Ref\n"
    b"23/11/2026 09:30:12,0:42,Answered,C-1\n"
    b"23/11/2026 09:41:50,2:10,Abandoned,C-2\n"
    b"soon,2:10,Abandoned,C-3\n"
)


async def become(page: Page, person: str, size: str) -> None:
    if size == "phone":
        await page.get_by_test_id("person-select").select_option(person)
    else:
        await page.get_by_test_id(f"person-{person}").click()
    await page.get_by_test_id("place-personal").click()


async def send(page: Page, words: str) -> None:
    await page.get_by_test_id("say-personal").fill(words)
    await page.get_by_test_id("say-personal").press("Enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_is_brought_and_another_taken_away(
    desk: Rehearsal, chrome: Browser, artefacts: Callable[[str], Path], size: str
) -> None:
    width, height = SIZES[size]
    page = await chrome.new_page(viewport={"width": width, "height": height})
    heard: list[str] = []
    page.on("console", lambda m: heard.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    await page.goto(desk.base)
    await become(page, "man-1", size)
    file = {"name": "calls.csv", "mimeType": "text/csv", "buffer": CALLS}
    await page.get_by_test_id("attach-input").set_input_files(file)  # type: ignore[arg-type]
    await expect(page.get_by_text("2 new, 0 already there, 1 left out")).to_be_visible()
    await expect(page.get_by_text("Line 4, Began:")).to_be_visible()
    await page.screenshot(path=artefacts(f"files-{size}-brought.png"))
    await send(page, "stats")
    await expect(page.get_by_text("Phone line: 2 calls")).to_be_visible()
    await page.get_by_role("button", name="Download", exact=True).last.click()
    await expect(page.get_by_text("Download the figures")).to_be_visible()
    await page.screenshot(path=artefacts(f"files-{size}-choice.png"))
    await page.get_by_role("button", name="Excel", exact=True).click()
    allow = page.get_by_role("button", name="Allow:")
    await allow.scroll_into_view_if_needed()
    await page.screenshot(path=artefacts(f"files-{size}-consent.png"))
    await allow.click()
    link = page.locator("a.file-link").last
    await expect(link).to_contain_text(".xlsx")
    await page.screenshot(path=artefacts(f"files-{size}-there.png"))
    async with page.expect_download() as started:
        await link.click()
    assert (await started.value).suggested_filename.endswith(".xlsx")
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(overflow)
    assert heard == []
    await page.close()
