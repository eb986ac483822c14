"""The scenes of `make pictures`, in the order they are acted. A picture's name is its file's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, Page, expect

from bot.rehearsal.rehearsal import Rehearsal
from tests.browser.test_desk import Person
from tests.wire.acting import Acting

SEEN = "Late on 11 of the last 15 school days. Came in without breakfast twice this week."
WHY = "Mum wants help with the mornings, and school sees the child every day."
ACTION = "Visit mum at home and agree an early help assessment"
HURT = "Handprint on his cheek. He says he does not want to go home."


class Camera(Protocol):
    pages: dict[str, Page]

    async def part(self, name: str, of: Locator) -> None: ...

    async def screen(self, name: str, page: Page) -> None: ...


class Studio:
    """The desk, somebody at a laptop, somebody with a phone, and the camera."""

    def __init__(self, rehearsal: Rehearsal, camera: Camera) -> None:
        self.acting = Acting(rehearsal)
        self.camera = camera
        self.laptop = Person(camera.pages["laptop"], "desktop", lambda name: Path(name))
        self.phone = Person(camera.pages["phone"], "phone", lambda name: Path(name))
        self._seen: set[tuple[str, str]] = set()

    async def briefing(self, person: Person) -> Locator:
        """The card of the referral in hand, as this person's own screen has it."""
        await person.page.wait_for_timeout(1500)
        message = await self.acting.briefing()
        card = person.page.locator(f'[data-message="{message.id}"] .card-host')
        await expect(card).to_be_visible()
        return card

    async def press(self, person: Person, name: str) -> None:
        """On the card of the referral in hand."""
        card = await self.briefing(person)
        await card.get_by_role("button", name=name, exact=True).first.click()
        await expect(person.dialog).to_be_visible()

    async def done(self, button: Locator) -> None:
        """Presses, and waits until it is on the record: then the clock may be moved."""
        before = (await self.acting.referral()).version
        await button.click()
        for _ in range(200):
            if (await self.acting.referral()).version > before:
                break
            await asyncio.sleep(0.05)
        await self.acting.r.settled()

    async def say(self, person: Person, words: str) -> Locator:
        """Types to the bot in one's own chat; the card or words it answers with."""
        page = person.page
        before = await page.locator(".message.from-bot").count()
        await page.get_by_test_id("say-personal").fill(words)
        await page.get_by_test_id("say-personal").press("Enter")
        await expect(page.locator(".message.from-bot")).to_have_count(before + 1)
        return page.locator(".message.from-bot").last

    async def newest(self) -> None:
        """Waits for a referral that was not in hand before, and takes it in hand."""
        new: set[tuple[str, str]] = set()
        for _ in range(200):
            if new := self._numbers() - self._seen:
                break
            await asyncio.sleep(0.05)
        self._seen |= new
        self.acting.case_id = max(new)[1]
        await self.acting.r.settled()

    def _numbers(self) -> set[tuple[str, str]]:
        referrals = [case.referral for case in self.acting.desk.cases.warm()]
        return {(r.reference, r.case_id) for r in referrals if r.reference}

    async def minutes(self, count: int) -> None:
        await self.acting.later(minutes=count)


# The MASH officer ------------------------------------------------------------------------


async def a_call(studio: Studio) -> None:
    carys, camera = studio.laptop, studio.camera
    await carys.become("masho-1", "personal")
    doors = (await studio.say(carys, "new referral")).locator(".card-host")
    await camera.part("two-doors", doors)
    await doors.get_by_role("button", name="New referral", exact=True).click()
    d = carys.dialog
    await d.get_by_role("radio", name="Yes").check()
    await d.get_by_label("Child 1: Mosaic ID").fill("9900101")
    await d.get_by_label("Child 1: age").select_option("5_to_9")
    await d.get_by_label("Where do they live?").select_option("North")
    await d.get_by_label("Where is the child now?").select_option("school_or_nursery")
    await d.get_by_label("What has the caller seen or heard themselves?").fill(SEEN)
    await d.get_by_label("Day-to-day care").check()
    await d.get_by_label("Emotional wellbeing and mental health").check()
    await d.get_by_label("Who is calling?").select_option("school")
    await camera.part("new-referral", d)
    await carys.in_dialog("Brief now")
    await d.get_by_label("Do the parents or carers know").select_option("yes_agree")
    await d.get_by_label("How do they want to hear back?").select_option("phone")
    await d.get_by_label("Is it safe to call back?").select_option("yes")
    await camera.part("on-the-call", d)
    await carys.in_dialog("Save and finish")
    await carys.closed()
    await studio.newest()


# The duty team ---------------------------------------------------------------------------


async def a_briefing(studio: Studio) -> None:
    await studio.minutes(2)
    await studio.laptop.page.set_viewport_size({"width": 1280, "height": 760})
    await studio.laptop.become("pol-1", "channel")
    await studio.briefing(studio.laptop)
    await studio.camera.screen("desk", studio.laptop.page)
    await studio.laptop.page.set_viewport_size({"width": 1280, "height": 2200})
    for person, name in ((studio.laptop, "briefing"), (studio.phone, "briefing-phone")):
        await person.become("pol-1", "channel")
        await person.page.evaluate("document.querySelector('#hint').hidden = true")
        card = await studio.briefing(person)
        if person is studio.laptop:
            await studio.camera.part(name, card)
        else:
            await card.evaluate("e => e.closest('.message').scrollIntoView()")
            await studio.camera.screen(name, person.page)


async def what_agencies_know(studio: Studio) -> None:
    acting = studio.acting
    await acting.tap("pol-1", "not_known")
    await studio.minutes(1)
    await acting.tap("hlt-1", "add", words="Two-year review is overdue. Both parents registered.")
    await studio.laptop.become("edu-1", "channel")
    card = await studio.briefing(studio.laptop)
    await card.get_by_label("What do you know?").fill("Sleeps in class. Breakfast club has room.")
    await studio.camera.part("one-box", card)
    await studio.done(card.get_by_role("button", name="Add", exact=True))


async def a_lead_and_a_plan(studio: Studio) -> None:
    femi, d = studio.laptop, studio.laptop.dialog
    await studio.minutes(4)
    await studio.acting.tap("eh-1", "claim")
    await femi.become("eh-1", "channel")
    await studio.press(femi, "Plan and outcome")
    await d.get_by_label("Action 1:").fill(ACTION)
    await d.get_by_label("Which need does it meet?").first.select_option("daily_care")
    await d.get_by_label("What do the family say?").fill("Mum agrees and asks for mornings.")
    await d.get_by_label("Next step for the caller").fill("Start breakfast club tomorrow.")
    await d.get_by_label("Duty team refers to the Early Help Unit").check()
    await d.get_by_label("What does the child need, what do we know").fill(WHY)
    await studio.camera.part("plan-and-outcome", d)
    await femi.in_dialog("Pick this outcome")
    await femi.closed()


async def a_second_person(studio: Studio) -> None:
    await studio.minutes(6)
    tomasz = studio.laptop
    await tomasz.become("sw-1", "channel")
    card = await studio.briefing(tomasz)
    await studio.camera.part("to-agree", card)
    await studio.done(card.get_by_role("button", name="Agree", exact=True))


async def the_caller_hears(studio: Studio) -> None:
    femi, camera = studio.laptop, studio.camera
    await studio.minutes(10)
    await femi.become("eh-1", "channel")
    await studio.press(femi, "Feed back to the caller")
    await camera.part("feedback", femi.dialog)
    await femi.page.keyboard.press("Escape")
    await studio.phone.become("eh-1", "channel")
    await studio.press(studio.phone, "Feed back to the caller")
    await studio.phone.in_dialog("Read it aloud")
    heard = studio.phone.dialog.get_by_role("button", name="They have heard it", exact=True)
    await expect(heard).to_be_visible()
    await camera.screen("read-aloud-phone", studio.phone.page)
    await studio.done(heard)
    await studio.phone.closed()


async def the_notes(studio: Studio) -> None:
    carys = studio.laptop
    await studio.minutes(5)
    await carys.become("masho-1", "channel")
    await studio.press(carys, "Case notes")
    await studio.camera.part("case-notes", carys.dialog)
    await carys.in_dialog("These are on each child's record")
    await carys.closed()
    await studio.acting.r.settled()
    await studio.camera.part("finished", await studio.briefing(carys))


# A talk in the room, and a child who is not safe -----------------------------------------


async def a_huddle(studio: Studio) -> None:
    await studio.acting.referred(mosaic_1="9900104", needs="daily_care", district="Central")
    await studio.newest()
    femi, d = studio.laptop, studio.laptop.dialog
    await studio.acting.tap("eh-1", "claim")
    await femi.become("eh-1", "channel")
    await studio.press(femi, "More")
    await femi.in_dialog("Record the huddle")
    for agency in ("Health", "Education"):
        await d.get_by_label(agency, exact=True).select_option(label="Known")
    await d.get_by_label("Health: what they said").first.fill("Two-year review is overdue")
    await d.get_by_label("Education: what they said").first.fill("Late on 11 of 15 days")
    await d.get_by_label("Police", exact=True).select_option(label="Not known")
    await studio.camera.part("huddle", d)
    await femi.page.keyboard.press("Escape")
    await femi.closed()


async def not_safe(studio: Studio) -> None:
    carys, camera = studio.laptop, studio.camera
    await studio.minutes(5)
    await carys.become("masho-1", "personal")
    doors = (await studio.say(carys, "new referral")).locator(".card-host")
    await doors.get_by_role("button", name="Child not safe now", exact=True).click()
    d = carys.dialog
    await d.get_by_label("Child 1: Mosaic ID").fill("9900102")
    await d.get_by_label("Child 1: age").select_option("5_to_9")
    await d.get_by_label("Where do they live?").select_option("North")
    await d.get_by_label("Where is the child now?").select_option("school_or_nursery")
    await d.get_by_label("What has the caller seen or heard themselves?").fill(HURT)
    await camera.part("not-safe-now", d)
    await carys.in_dialog("Brief now")
    await studio.newest()
    await carys.page.keyboard.press("Escape")
    await carys.closed()
    await studio.phone.become("sw-1", "channel")
    card = await studio.briefing(studio.phone)
    await card.evaluate("e => e.closest('.message').scrollIntoView()")
    await camera.screen("not-safe-phone", studio.phone.page)
    await studio.acting.tap("sw-1", "rung")
    await studio.laptop.become("axt-1", "personal")
    theirs = studio.laptop.page.locator(".message.from-bot .card-host:visible").last
    await camera.part("assessment-team", theirs)


# Managers and records officers -----------------------------------------------------------


async def a_manager_asks(studio: Studio) -> None:
    priya, camera = studio.laptop, studio.camera
    await priya.become("man-1", "personal")
    await camera.part("figures", (await studio.say(priya, "stats")).locator(".card-host"))
    await camera.part("open", (await studio.say(priya, "open")).locator(".card-host"))
    held = await studio.say(priya, "hold REF-2026-00001 because the family court asked for it")
    await expect(held).to_contain_text("on legal hold")
    team = await studio.say(priya, "roster")
    await camera.part("roster", team.locator(".card-host"))
    await priya.become("mgr-1", "personal")
    await camera.part("roll", (await studio.say(priya, "roll")).locator(".card-host"))
    asked = await studio.say(priya, "history REF-2026-00001")
    await camera.part("history", asked.locator(".card-host"))


SCENES: tuple[Callable[[Studio], Awaitable[None]], ...] = (
    a_call,
    a_briefing,
    what_agencies_know,
    a_lead_and_a_plan,
    a_second_person,
    the_caller_hears,
    the_notes,
    a_huddle,
    not_safe,
    a_manager_asks,
)
