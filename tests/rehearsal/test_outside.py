"""`serve --rehearsal` as its own process: any simulated Teams may stand on the other side."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.rehearsal.graph_api import AUDIENCE as GRAPH, slow
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from tests.rehearsal.outside import ROOT, OutsideBot
from tests.wire.acting import BRIEF, Acting


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[OutsideBot]:
    made = OutsideBot(store=str(tmp_path / "store.db"))
    await made.start()
    yield made
    await made.stop()


def _live(r: Rehearsal, case_id: str) -> list[str]:
    """Root posts in the channel that show this referral."""
    return [root for root, messages in r.world.threads() if case_id in str(messages[0].card)]


async def test_a_referral_goes_from_call_to_agreed_with_the_bot_in_its_own_process(
    outside: OutsideBot,
) -> None:
    acting = Acting(outside)
    await acting.referred()
    referral = await acting.agreed()
    assert str(referral.state) == "outcome_agreed"
    assert _live(outside, acting.case_id) != []


async def test_with_the_known_secret_it_signs_in_for_the_graph_it_was_given(
    outside: OutsideBot,
) -> None:
    for _ in range(200):  # nobody waits for this token, so it may come after the bot is ready
        if GRAPH in outside.authority.tokens_given:
            break
        await asyncio.sleep(0.05)
    assert outside.authority.tokens_given[GRAPH] == 1
    assert outside.authority.signed_in_by_certificate == 0


async def test_its_clock_can_be_moved_and_what_was_due_happens(outside: OutsideBot) -> None:
    acting = Acting(outside)
    await acting.referred()
    later = outside.clock.now().replace(hour=9, minute=35).isoformat()
    async with aiohttp.ClientSession() as session:
        url = f"{outside.bot_url}/rehearsal/clock"
        async with session.post(url, json={"to": "soon"}) as answer:
            assert answer.status == 400
        async with session.post(url, json={"to": later}) as answer:
            assert answer.status == 200
    assert (await acting.referral()).lead == "mgr-1"


async def test_killed_right_after_each_press_nothing_is_lost_and_one_card_lives(
    outside: OutsideBot,
) -> None:
    acting = Acting(outside)
    answer = await acting.brief()
    assert answer.dialog is not None
    for press in ("claim", "add"):
        message = await acting.briefing()
        fill = {"words": "Nothing held."} if press == "add" else {}
        await acting.hands("eh-1").do(message, press, fill)
        await outside.kill()
        await outside.spawn()
        await outside.caught_up()
    logged = await acting.logged()
    assert logged.count("intake.submitted") == 1
    assert logged.count("lead.claimed") == 1
    assert logged.count("contribution.added") == 1
    assert len(_live(outside, acting.case_id)) == 1
    card = str((await acting.briefing()).card)
    assert "Femi A." in card
    assert "Nothing held." in card


@pytest.mark.parametrize("after_s", [0.0, 0.005, 0.01, 0.02, 0.04])
async def test_killed_while_the_briefing_goes_out_it_is_there_once_after_the_restart(
    outside: OutsideBot, after_s: float
) -> None:
    """The press may or may not have been answered; pressing again is what the person does."""
    acting = Acting(outside)
    dialog = await acting.form()
    screen = Screen(dialog.card)
    for name, value in BRIEF.items():
        screen.fill(name, value)
    action, inputs = screen.press("intake.brief")
    acting.case_id = action["data"]["case"]
    pressing = asyncio.create_task(outside.people.press_dialog(dialog, action, inputs))
    await asyncio.sleep(after_s)
    await outside.kill()
    await pressing
    await outside.spawn()
    await outside.people.press_dialog(dialog, action, inputs)
    await outside.caught_up()
    referral = await acting.referral()
    assert referral.reference == "REF-2026-00001"
    assert (await acting.logged()).count("intake.submitted") == 1
    live = _live(outside, acting.case_id)
    assert len(live) in (1, 2)
    assert referral.briefing is not None
    assert referral.briefing.activity_id in live


async def test_killed_between_an_email_and_its_answer_the_card_says_it_is_not_known(
    outside: OutsideBot,
) -> None:
    acting = Acting(outside)
    await acting.referred()
    await acting.agreed()
    hands = acting.hands("eh-1")
    opened = await hands.open(await acting.briefing(), "feedback.open")
    mail = (await hands.in_dialog(opened, "mail.open", {})).dialog
    assert mail is not None
    screen = Screen(mail.card)
    screen.fill("to", "k.shaw@school.example")
    arrived = asyncio.Event()
    outside.graph.changed = arrived.set
    outside.graph.faults.append(slow(60))
    pressing = asyncio.create_task(outside.people.press_dialog(mail, *screen.press("mail.send")))
    await asyncio.wait_for(arrived.wait(), 20)
    await outside.kill()
    await pressing
    await outside.spawn()
    await outside.caught_up()
    assert "It is not known if it was sent" in await acting.shown("pol-1")
    await outside.people.press_dialog(mail, *screen.press("mail.send"))
    assert len(outside.graph.sent) == 1, "the same press again sends nothing"
    again = await hands.open(await acting.briefing(), "feedback.open")
    await hands.finish(again, "feedback.sent", {"method": "service_mailbox"})
    assert [f.method for f in (await acting.referral()).feedback] == ["service_mailbox"]


async def test_a_stopped_bot_says_goodbye_within_its_grace(outside: OutsideBot) -> None:
    acting = Acting(outside)
    await acting.referred()
    outside.process.terminate()
    await asyncio.wait_for(outside.process.communicate(), 25)
    assert outside.process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve"], "MICROSOFT_APP_ID"),
        (["serve", "--rehearsal"], "--openid"),
        (
            ["serve", "--rehearsal", "--openid", "https://login.example/x", "--authority", "https://127.0.0.1:1/t"],
            "loopback",
        ),
        (["rehearse", "nothing.json"], "cannot be read"),
        (["serve", "--config", "nothing.toml"], "MICROSOFT_APP_ID"),
    ],
)  # fmt: skip
async def test_wrong_use_is_told_in_words_with_its_own_exit_code(
    arguments: list[str], said: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "app.py",
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin"},
    )
    _, errors = await process.communicate()
    assert process.returncode == 64
    assert said in errors.decode()
    assert "Traceback" not in errors.decode()
