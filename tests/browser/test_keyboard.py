"""A whole referral, from call to the end, with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from bot.rehearsal.rehearsal import Rehearsal

pytestmark = [pytest.mark.browser, pytest.mark.node]

_LOOK_MS = 1300
_MOST_TABS = 150
_NAMED = """(words) => {
  const e = document.activeElement;
  const by = (e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent || '');
  const labels = [...(e.labels || [])].map((l) => l.textContent);
  const own = e.tagName === 'BUTTON' ? e.textContent : '';
  const said = [e.getAttribute('aria-label') || '', own, ...labels, ...by].join(' ');
  return said.replace(/\\s+/g, ' ').includes(words) || e.dataset.testid === words;
}"""


class Keyboard:
    """Tab to what is named, then type or press. No mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def to(self, words: str) -> None:
        for _ in range(_MOST_TABS):
            if await self._page.evaluate(_NAMED, words):
                return
            await self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches '{words}'")

    async def press(self, words: str, key: str = "Enter") -> None:
        await self._page.wait_for_timeout(_LOOK_MS)
        await self.to(words)
        await self._page.keyboard.press(key)

    async def type(self, words: str, text: str) -> None:
        await self.to(words)
        await self._page.keyboard.type(text)

    async def tick(self, words: str, downs: int = 0) -> None:
        await self.to(words)
        await self._page.keyboard.press("Space")
        for _ in range(downs):
            await self._page.keyboard.press("ArrowDown")

    async def become(self, person: str) -> None:
        await self.press(f"person-{person}")
        await self.press("place-channel")


async def test_a_whole_referral_by_keyboard_alone(desk: Rehearsal, chrome: Browser) -> None:
    page = await chrome.new_page(viewport={"width": 1280, "height": 850})
    await page.goto(desk.base)
    await expect(page.get_by_test_id("person-masho-1")).to_be_visible()
    keys, dialog = Keyboard(page), page.get_by_test_id("dialog")

    await keys.press("New referral")
    await expect(dialog).to_be_visible()
    await keys.tick("Yes")
    await keys.type("Child 1: Mosaic ID", "9900101")
    await keys.type("Child 1: age", "5 to 9")
    await keys.type("Where do they live?", "North")
    await keys.type("Where is the child now?", "At home")
    await keys.type("seen or heard themselves?", "Late most days and hungry twice this month.")
    await keys.tick("Emotional wellbeing")
    await keys.type("Who is calling?", "School")
    await keys.press("Brief now")
    await expect(dialog.get_by_label("Do the parents or carers know")).to_be_visible()
    await keys.type("Do the parents or carers know", "Yes, and they agree")
    await keys.type("How do they want to hear back?", "Phone")
    await keys.type("Is it safe to call back?", "Yes")
    await keys.press("Save and finish")
    await expect(dialog).to_have_count(0)

    await keys.become("eh-1")
    await keys.press("Claim lead")
    await expect(page.get_by_text("being discussed").first).to_be_visible()
    await keys.press("Plan and outcome")
    await expect(dialog).to_be_visible()
    await keys.type("Action 1:", "Visit mum at home and agree a plan")
    await keys.tick("Immediate: refer to the Assessment Team", downs=2)
    await keys.type("What does the child need, what do we know", "Mum wants help.")
    await keys.press("Pick this outcome")
    await expect(dialog).to_have_count(0)

    await keys.become("sw-1")
    await keys.press("Agree")
    await expect(page.get_by_text("outcome agreed").first).to_be_visible()

    await keys.become("eh-1")
    await keys.press("Feed back to the caller")
    await expect(dialog).to_be_visible()
    await keys.press("Sent")
    await expect(dialog).to_have_count(0)
    await keys.press("Case notes")
    await expect(dialog).to_be_visible()
    await keys.press("These are on each child's record")
    await expect(page.get_by_text("REF-2026-00001: finished").first).to_be_visible()

    referral = next(iter(desk.front_door.desk.cases.warm())).referral
    assert referral.pick is not None
    assert (str(referral.state), referral.pick.code) == ("closed", "ehu")
    await page.close()
