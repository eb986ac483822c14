"""The lead tells the caller, in a real browser: no answer, read aloud, then by email."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from bot.rehearsal.rehearsal import Rehearsal
from tests.browser.test_desk import SIZES, Person, Shot
from tests.wire.acting import Acting

pytestmark = [pytest.mark.browser, pytest.mark.node]


@pytest.mark.parametrize("size", list(SIZES))
async def test_the_lead_rings_twice_and_then_emails(
    desk: Rehearsal, chrome: Browser, artefacts: Shot, size: str
) -> None:
    acting = Acting(desk)
    await acting.referred()
    await acting.agreed()
    width, height = SIZES[size]
    page = await chrome.new_page(viewport={"width": width, "height": height})
    femi = Person(page, size, artefacts)
    await page.goto(desk.base)
    await femi.become("eh-1", "channel")
    await femi.button("Feed back to the caller")
    text = femi.dialog.get_by_label("What you tell them")
    await text.fill("Thank you for ringing.\nFemi A. visits on Thursday.\nIf in danger, ring 999.")
    await femi.look("tell-1-the-text")
    await femi.in_dialog("No answer")
    await femi.look("tell-2-no-answer")
    await femi.in_dialog("Try again then")
    await femi.closed()
    await expect(page.get_by_text("rang Tue 24 Nov").first).to_be_visible()
    await femi.button("Feed back to the caller")
    await expect(text).to_have_value(
        "Thank you for ringing.\nFemi A. visits on Thursday.\nIf in danger, ring 999."
    )
    await femi.in_dialog("Read it aloud")
    await expect(femi.dialog.get_by_text("Femi A. visits on Thursday.")).to_be_visible()
    await femi.look("tell-3-read-aloud")
    await femi.in_dialog("Back")
    await femi.in_dialog("Email it")
    await femi.dialog.get_by_label("Their email address").fill("k.shaw@school")
    await femi.in_dialog("Send the email")
    await expect(femi.dialog.get_by_text("Check the email address")).to_be_visible()
    await femi.look("tell-4-address")
    await femi.dialog.get_by_label("Their email address").fill("k.shaw@school.example")
    await femi.in_dialog("Send the email")
    await femi.closed()
    await page.get_by_test_id("place-mail").click()
    await expect(page.get_by_test_id("mail")).to_contain_text("Femi A. visits on Thursday.")
    await femi.look("tell-5-as-the-caller-sees-it")
    (told,) = (await acting.referral()).feedback
    assert told.method == "service_mailbox"
    assert femi.console == []
    await page.close()
