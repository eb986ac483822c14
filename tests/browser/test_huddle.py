"""Five minutes' talk in the room, put on the record in a real browser: the huddle card beside every
other way, on a laptop and on a phone. `artefacts/huddle-times.txt` holds what each cost.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.domain.vocabulary import State
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting

pytestmark = [pytest.mark.browser, pytest.mark.node]

SIZES = {"laptop": (1280, 850), "phone": (375, 740)}
LOOK_MS = 1300
Shot = Callable[[str], Path]

SAID = {
    "Children's social care": "Not open. One contact last year, advice given",
    "Health": "Two-year review is overdue, both parents registered",
    "Education": "Late on 11 of 15 days, sleeps in class, no breakfast",
    "Early Help Unit (EHU)": "Worked with them in 2024, ended well",
}
"""What four agencies said; police hold nothing."""
WHY = "Mum wants help with the mornings and the school sees them every day"
ACTION = "Visit mum at home tomorrow and agree an early help assessment"
FAMILY = "Mum agrees and asks for mornings"
NEXT = "Start breakfast club on Wednesday"


@dataclass(slots=True)
class Scribe:
    """One person's hands and eyes in a browser. Counts what it does."""

    page: Page
    presses: int = 0
    keys: int = 0
    screens: int = 0

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_test_id("dialog")

    async def become(self, person: str, size: str) -> None:
        if size == "phone":
            await self.page.get_by_test_id("person-select").select_option(person)
        else:
            await self.page.get_by_test_id(f"person-{person}").click()
        await self.page.get_by_test_id("place-channel").click()
        await self.page.wait_for_timeout(LOOK_MS)

    async def press(self, name: str) -> None:
        self.presses += 1
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def answer(self, name: str) -> None:
        self.presses += 1
        await self.dialog.get_by_role("button", name=name, exact=True).click()

    async def write(self, label: str, words: str, *, exact: bool = False) -> None:
        self.presses += 1
        self.keys += len(words)
        box = self.dialog.get_by_label(label, exact=exact).first
        await box.click()
        await box.press_sequentially(words, delay=2)

    async def choose(self, label: str, words: str) -> None:
        self.presses += 2
        await self.dialog.get_by_label(label, exact=True).first.select_option(label=words)

    @asynccontextmanager
    async def screen(self, opener: Awaitable[None]) -> AsyncIterator[None]:
        self.screens += 1
        await opener
        await expect(self.dialog).to_be_visible()
        yield
        await expect(self.dialog).to_have_count(0)


async def by_huddle(scribe: Scribe, look: Callable[[str], Awaitable[None]]) -> None:
    await scribe.press("More")
    async with scribe.screen(scribe.answer("Record the huddle")):
        for agency, words in SAID.items():
            await scribe.write(f"{agency}: what they said", words)
        await scribe.choose("Police", "Not known")
        await scribe.choose("Outcome", "Duty team refers to the Early Help Unit")
        await scribe.write("What does the child need, what do we know", WHY)
        await scribe.write("Action 1", ACTION)
        await scribe.write("What do the family say", FAMILY)
        await scribe.write("Next step for the caller", NEXT)
        await look("filled")
        await scribe.answer("Log it")


async def line_by_line(scribe: Scribe, look: Callable[[str], Awaitable[None]]) -> None:
    """The same, with the buttons that record one thing each."""
    await scribe.press("Claim lead")
    await scribe.page.wait_for_timeout(LOOK_MS)
    for agency, words in {**SAID, "Police": ""}.items():
        await scribe.press("More")
        async with scribe.screen(scribe.answer("Add what an agency said")):
            await scribe.choose("Whose information is it?", agency)
            if words:
                await scribe.write("What is relevant for this child", words)
            else:
                await scribe.choose("Answer", "Not known")
            await scribe.answer("Save")
        await scribe.page.wait_for_timeout(LOOK_MS)
    async with scribe.screen(scribe.press("Plan and outcome")):
        await scribe.write("Action 1", ACTION)
        await scribe.write("What do the family say", FAMILY)
        await scribe.write("Next step for the caller", NEXT)
        scribe.presses += 1
        await scribe.dialog.get_by_label("Duty team refers to the Early Help Unit").check()
        await scribe.write("What does the child need, what do we know", WHY)
        await scribe.answer("Pick this outcome")


@pytest.mark.parametrize("size", list(SIZES))
async def test_the_huddle_costs_less_than_any_other_way_to_record_a_talk(
    desk: Rehearsal, chrome: Browser, artefacts: Shot, size: str
) -> None:
    width, height = SIZES[size]
    found: dict[str, tuple[Scribe, float]] = {}
    for name, way in (("huddle", by_huddle), ("line by line", line_by_line)):
        acting = Acting(desk)
        await acting.referred(needs="daily_care")
        page = await chrome.new_page(viewport={"width": width, "height": height})
        await page.goto(desk.base)
        scribe = Scribe(page)
        await scribe.become("eh-1", size)

        async def look(what: str, page: Page = page, name: str = name) -> None:
            await page.screenshot(path=str(artefacts(f"{size}-{name}-{what}.png")))

        await page.get_by_text(reference := (await acting.referral()).reference).first.click()
        started = time.perf_counter()
        await way(scribe, look)
        found[name] = (scribe, time.perf_counter() - started)
        referral = await acting.referral()
        assert referral.state is State.OUTCOME_PROPOSED, reference
        assert len(referral.heard()) == 5
        await acting.dialog("mgr-1", "withdraw.open", "withdraw.save", reason="Rehearsed")
        await page.close()
    _note(artefacts("huddle-times.txt"), size, found)
    huddle, lines = found["huddle"][0], found["line by line"][0]
    assert huddle.screens == 1
    assert huddle.presses < lines.presses / 2 + 5
    assert huddle.keys <= lines.keys


def _note(path: Path, size: str, found: dict[str, tuple[Scribe, float]]) -> None:
    rows = [
        f"{size:<8} {name:<14} screens {s.screens:>2}  presses {s.presses:>3}  "
        f"characters {s.keys:>4}  browser {seconds:5.1f} s"
        for name, (s, seconds) in found.items()
    ]
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = [line for line in before.splitlines() if line and not line.startswith(size)]
    path.write_text("\n".join([*kept, *rows]) + "\n", encoding="utf-8")
