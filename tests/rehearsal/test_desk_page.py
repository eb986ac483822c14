"""The rehearsal desk's own API: what the page may ask, and what it is told when it may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pytest_aiohttp.plugin import AiohttpClient

from bot.rehearsal.desk_page import DeskPage, add_page
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(store=str(tmp_path / "desk.db"))
    made.page = add_page(made)  # type: ignore[attr-defined]
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def browser(served: Rehearsal, aiohttp_client: AiohttpClient) -> TestClient:  # type: ignore[type-arg]
    from aiohttp import web

    page: DeskPage = served.page  # type: ignore[attr-defined]
    app = web.Application()
    app.add_routes(page.routes())
    return await aiohttp_client(TestServer(app))


async def test_the_page_comes_with_a_strict_content_policy(browser: TestClient) -> None:  # type: ignore[type-arg]
    answer = await browser.get("/")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


async def test_a_screen_for_nobody_is_refused_in_words(browser: TestClient) -> None:  # type: ignore[type-arg]
    answer = await browser.get("/api/screen?person=nobody")
    assert answer.status == 404
    assert (await answer.json())["error"]


@pytest.mark.parametrize(
    "path", ["say", "press", "dialog", "compose", "refresh", "clock", "consent"]
)
async def test_a_broken_request_is_refused_in_words(browser: TestClient, path: str) -> None:  # type: ignore[type-arg]
    for body in (b"{", b"[]", b"{}", b'{"person": "nobody", "message": "0", "place": "personal"}'):
        answer = await browser.post(
            f"/api/{path}", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status == 400
        assert (await answer.json())["error"].endswith(".")


async def test_another_site_cannot_press_for_you(browser: TestClient) -> None:  # type: ignore[type-arg]
    answer = await browser.post(
        "/api/clock", json={"minutes": 10}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403


async def test_the_clock_moves_on_and_to_the_next_opening(
    browser: TestClient,  # type: ignore[type-arg]
) -> None:
    moved = await (await browser.post("/api/clock", json={"minutes": 10})).json()
    assert moved["clock"]["text"] == "Tue 24 Nov 2026, 09:10"
    opened = await (await browser.post("/api/clock", json={"to": "next_opening"})).json()
    assert opened["clock"]["text"] == "Wed 25 Nov 2026, 10:30"


async def test_rows_are_shown_as_they_land_and_each_person_sees_their_own_card(
    served: Rehearsal,
    browser: TestClient,  # type: ignore[type-arg]
) -> None:
    acting = Acting(served)
    await acting.referred()
    rows = (await (await browser.get("/api/log?after=0")).json())["rows"]
    assert any("intake.submitted" in row["summary"] for row in rows)
    later = (await (await browser.get(f"/api/log?after={rows[-1]['n']}")).json())["rows"]
    assert later == []
    message = await acting.briefing()
    await browser.post("/api/refresh", json={"person": "masho-1", "message": message.id})
    mine = await (await browser.get("/api/screen?person=sw-1")).json()
    theirs = await (await browser.get("/api/screen?person=masho-1")).json()
    card = mine["channel"]["threads"][0]["messages"][0]["card"]
    other = theirs["channel"]["threads"][0]["messages"][0]["card"]
    assert card != other
    police = await (await browser.get("/api/screen?person=pol-1")).json()
    assert police["personal"]["available"] is False


async def test_a_file_sent_on_the_page_reaches_the_bot_and_an_answer_to_no_card_does_not(
    served: Rehearsal,
    browser: TestClient,  # type: ignore[type-arg]
) -> None:
    sent = await browser.post("/api/file?person=man-1&name=notes.csv", data=b"Name,Age\nA,1\n")
    assert sent.status == 200
    chat = served.world.chat(served.world.person("man-1"))
    assert "notes.csv: I do not know this file" in chat[-1].text
    screen = await (await browser.get("/api/screen?person=man-1")).json()
    file = screen["personal"]["messages"][-2]["file"]
    assert (file["kind"], file["name"]) == ("file", "notes.csv")
    body = {"person": "man-1", "message": chat[-1].id, "accept": True}
    assert (await browser.post("/api/consent", json=body)).status == 400


async def test_the_screen_holds_the_callers_post_for_everybody_in_the_order_it_came(
    served: Rehearsal,
    browser: TestClient,  # type: ignore[type-arg]
) -> None:
    empty = await (await browser.get("/api/screen?person=masho-1")).json()
    assert empty["mail"] == []
    mailbox = served.front_door.mailbox
    assert mailbox is not None
    for subject in ("First", "Second"):
        await mailbox.send("amira.holt@school.example", subject, "<b>Thank you</b>\n\nAnd more.")
    for person in ("masho-1", "pol-1"):
        screen = await (await browser.get(f"/api/screen?person={person}")).json()
        assert [m["subject"] for m in screen["mail"]] == ["First", "Second"]
    mail = screen["mail"][0]
    assert mail["from"] == served.partnership.mailbox
    assert mail["to"] == "amira.holt@school.example"
    assert mail["text"] == "<b>Thank you</b>\n\nAnd more."
    assert "09:00" in mail["at"]


@pytest.mark.parametrize(
    "asked", ["person=nobody&name=a.csv", "person=man-1", "person=hou-1&name=a"]
)
async def test_a_file_from_nobody_or_without_a_chat_is_refused_in_words(
    browser: TestClient,  # type: ignore[type-arg]
    asked: str,
) -> None:
    answer = await browser.post(f"/api/file?{asked}", data=b"a")
    assert answer.status == 400
    assert (await answer.json())["error"].endswith(".")


async def test_another_site_cannot_send_a_file_for_you(browser: TestClient) -> None:  # type: ignore[type-arg]
    answer = await browser.post(
        "/api/file?person=man-1&name=a.csv", data=b"a", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403
