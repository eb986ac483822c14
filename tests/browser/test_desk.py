"""A newcomer takes a referral from call to feedback on the rehearsal desk, in a real browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot import configuration
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

pytestmark = [pytest.mark.browser, pytest.mark.node]

SIZES = {"desktop": (1280, 850), "phone": (375, 740)}
SEEN = "Late on 11 of the last 15 school days and came in without breakfast twice."
NAMES = {p.id: p.name for p in configuration.load().people}
LOOK_MS = 1300
Shot = Callable[[str], Path]


class Person:
    """One browser, one person at a time, as somebody in a hurry would use it."""

    def __init__(self, page: Page, size: str, keep: Shot) -> None:
        self.page = page
        self._phone = size == "phone"
        self._size = size
        self._keep = keep
        self.console: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.set_default_timeout(15_000)

    def _heard(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind in ("error", "warning"):
            self.console.append(f"{kind}: {text}")

    @property
    def dialog(self):  # type: ignore[no-untyped-def]
        return self.page.get_by_test_id("dialog")

    async def become(self, person: str, place: str) -> None:
        if self._phone:
            picker = self.page.get_by_test_id("person-select")
            await picker.select_option(person)
            await expect(picker).to_have_value(person)
        else:
            await self.page.get_by_test_id(f"person-{person}").click()
            await expect(self.page.get_by_test_id("hint")).to_contain_text(NAMES[person])
        # Whose chat and channel these are is drawn once the new person's screen has come.
        await expect(self.page.locator("#conversation")).not_to_have_attribute("aria-busy", "true")
        tab = self.page.get_by_test_id(f"place-{place}")
        if await tab.get_attribute("aria-current") != "page":
            await tab.click()

    async def look(self, name: str) -> None:
        await self.page.screenshot(path=str(self._keep(f"{self._size}-{name}.png")))

    async def button(self, name: str) -> None:
        """Looks first, as a person does: the client asks for one's own card within a second."""
        await self.page.wait_for_timeout(LOOK_MS)
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def in_dialog(self, button: str) -> None:
        await self.dialog.get_by_role("button", name=button, exact=True).click()

    async def closed(self) -> None:
        await expect(self.dialog).to_have_count(0)


@pytest.mark.parametrize("size", list(SIZES))
async def test_four_people_take_a_referral_from_call_to_feedback(
    desk: Rehearsal, chrome: Browser, artefacts: Shot, size: str
) -> None:
    width, height = SIZES[size]
    page = await chrome.new_page(viewport={"width": width, "height": height})
    someone = Person(page, size, artefacts)
    await page.goto(desk.base)
    await _carys_takes_the_call(someone)
    await _iqbal_says_what_police_know(someone)
    await _femi_leads(someone)
    await _tomasz_agrees(someone)
    await _femi_ends_it(someone)
    case = next(iter(desk.front_door.desk.cases.warm())).referral
    assert str(case.state) == "closed"
    assert case.lead == "eh-1"
    assert someone.console == []
    await page.close()


async def _carys_takes_the_call(someone: Person) -> None:
    await someone.become("masho-1", "personal")
    await someone.look("1-welcome")
    await someone.page.get_by_test_id("compose-newReferral").first.click()
    d = someone.dialog
    await d.get_by_role("radio", name="Yes").check()
    await d.get_by_label("Child 1: Mosaic ID").fill("9900101")
    await d.get_by_label("Child 1: age").select_option("5_to_9")
    await d.get_by_label("Where do they live?").select_option("North")
    await d.get_by_label("Where is the child now?").select_option("school_or_nursery")
    await d.get_by_label("What has the caller seen or heard themselves?").fill(SEEN)
    await d.get_by_label("Emotional wellbeing and mental health").check()
    await d.get_by_label("Who is calling?").select_option("school")
    await someone.look("2-brief-now")
    await someone.in_dialog("Brief now")
    await d.get_by_label("Do the parents or carers know").select_option("yes_agree")
    await d.get_by_label("How do they want to hear back?").select_option("phone")
    await d.get_by_label("Is it safe to call back?").select_option("yes")
    await someone.look("3-still-on-the-call")
    await someone.in_dialog("Save and finish")
    await someone.closed()


async def _iqbal_says_what_police_know(someone: Person) -> None:
    await someone.become("pol-1", "channel")
    await expect(someone.page.get_by_text("REF-2026-00001").first).to_be_visible()
    await someone.look("4-briefing")
    await someone.button("Not known")
    await expect(someone.page.get_by_text("Police:").first).to_be_visible()


async def _femi_leads(someone: Person) -> None:
    await someone.become("eh-1", "channel")
    await someone.button("Claim lead")
    await someone.button("Plan and outcome")
    d = someone.dialog
    await d.get_by_label("Action 1:").fill("Visit mum at home and agree an early help assessment")
    await d.get_by_label("What do the family say?").fill("Mum agrees.")
    await d.get_by_label("Duty team refers to the Early Help Unit").check()
    await d.get_by_label("What does the child need, what do we know").fill("Mum wants help.")
    await someone.look("5-plan-and-outcome")
    await someone.in_dialog("Pick this outcome")
    await someone.closed()


async def _tomasz_agrees(someone: Person) -> None:
    await someone.become("sw-1", "channel")
    await expect(someone.page.get_by_text("picked by Femi A.").first).to_be_visible()
    await someone.look("6-to-agree")
    await someone.button("Agree")
    await expect(someone.page.get_by_text("outcome agreed").first).to_be_visible()


async def _femi_ends_it(someone: Person) -> None:
    await someone.become("eh-1", "channel")
    await someone.button("Feed back to the caller")
    await expect(someone.dialog.get_by_label("What you tell them")).to_have_value(
        re.compile("Thank you for calling")
    )
    await someone.look("7-feedback")
    await someone.in_dialog("Sent")
    await someone.closed()
    await someone.button("Case notes")
    await someone.look("8-case-notes")
    await someone.in_dialog("These are on each child's record")
    await someone.closed()
    await expect(someone.page.get_by_text("REF-2026-00001: finished").first).to_be_visible()
    await someone.look("9-finished")


async def test_the_first_phone_screen_shows_what_matters_and_my_next_button(
    desk: Rehearsal, chrome: Browser
) -> None:
    page = await chrome.new_page(viewport={"width": 375, "height": 740})
    someone = Person(page, "phone", lambda name: Path("/dev/null"))
    await page.goto(desk.base)
    await _brief_over_the_wire(desk)
    await someone.become("hlt-1", "channel")
    await expect(page.get_by_role("button", name="Hide this help")).to_have_count(0)
    card = page.locator("[data-message]").first
    shown = [
        card.get_by_text(words).first
        for words in ("Safe right now", "Needs", "9900101", "North", "Nobody yet", "Decide by")
    ]
    for part in [*shown, card.get_by_role("button", name="Claim lead")]:
        assert await _bottom(part) - await _top(card) < 667, str(part)
    await page.close()


async def _box(part: Locator) -> dict[str, float]:
    """Where it is, once it stands still: a card may be drawn again while it is looked at."""
    for _ in range(50):
        await expect(part).to_be_visible()
        if box := await part.bounding_box():
            return dict(box)
        await asyncio.sleep(0.05)
    raise AssertionError(f"{part} never stood still")


async def _top(part: Locator) -> float:
    return (await _box(part))["y"]


async def _bottom(part: Locator) -> float:
    box = await _box(part)
    return box["y"] + box["height"]


async def _brief_over_the_wire(desk: Rehearsal) -> None:
    await Acting(desk).referred(needs="daily_care,emotional,parent_help,health")


async def test_a_claim_can_be_made_by_keyboard_alone(desk: Rehearsal, chrome: Browser) -> None:
    await _brief_over_the_wire(desk)
    page = await chrome.new_page(viewport={"width": 1280, "height": 850})
    await page.goto(desk.base)
    await expect(page.get_by_test_id("person-eh-1")).to_be_visible()
    assert await _tab_to(page, '[data-testid="person-eh-1"]')
    await page.keyboard.press("Enter")
    assert await _tab_to(page, '[data-testid="place-channel"]')
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Claim lead").first).to_be_visible()
    assert await _tab_to(page, "button", "Claim lead")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("being discussed").first).to_be_visible()
    assert await _tab_to(page, "button", "Plan and outcome")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("dialog")).to_be_visible()
    await page.keyboard.type("Visit mum at home and agree a plan")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("dialog")).to_have_count(0)
    await page.close()


async def _tab_to(page: Page, selector: str, words: str = "") -> bool:
    """Presses Tab until the focus is there; False when it never is."""
    look = (
        "([selector, words]) => document.activeElement.matches(selector)"
        " && document.activeElement.textContent.includes(words)"
    )
    for _ in range(120):
        await page.keyboard.press("Tab")
        if await page.evaluate(look, [selector, words]):
            return True
    return False


async def test_every_input_has_a_label(desk: Rehearsal, chrome: Browser) -> None:
    await _brief_over_the_wire(desk)
    page = await chrome.new_page(viewport={"width": 1280, "height": 850})
    someone = Person(page, "desktop", lambda name: Path("/dev/null"))
    await page.goto(desk.base)
    for opener in ("New referral", "Claim lead"):
        await someone.become(*("masho-1", "personal") if opener[0] == "N" else ("eh-1", "channel"))
        await page.get_by_role("button", name=opener).first.click()
        if opener == "Claim lead":
            await someone.button("Plan and outcome")
        await expect(someone.dialog).to_be_visible()
        unlabelled = await page.evaluate(
            """() => [...document.querySelectorAll('input, select, textarea')]
                .filter(e => e.type !== 'hidden' && !(e.labels && e.labels.length)
                    && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby'))
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert unlabelled == []
        await page.keyboard.press("Escape")
    await page.close()


async def test_half_typed_words_survive_somebody_elses_change(
    desk: Rehearsal, chrome: Browser
) -> None:
    acting = Acting(desk)
    await acting.referred()
    page = await chrome.new_page(viewport={"width": 1280, "height": 850})
    someone = Person(page, "desktop", lambda name: Path("/dev/null"))
    await page.goto(desk.base)
    await someone.become("pol-1", "channel")
    box = page.get_by_label("What do you know?").first
    await box.fill("Half a sentence")
    await acting.tap("eh-1", "claim")
    await expect(page.get_by_text("being discussed").first).to_be_visible()
    await expect(page.get_by_label("What do you know?").first).to_have_value("Half a sentence")
    await page.close()
