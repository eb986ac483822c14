"""Files in a manager's own chat over the real wire: brought once, taken away with consent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.domain.vocabulary import Role
from bot.exchange.text import MOST_BYTES
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message, StoredFile
from bot.teams import files as files_module, routes_files
from tests.wire.acting import Acting, words_of
from tests.wire.test_file_addresses import HOSTILE

Json = dict[str, Any]

CALLS = (
    b"Began,Waited,Ended as,Ref\n"
    b"03/11/2026 09:30:12,0:42,Answered,C-1\n"
    b"03/11/2026 09:41:50,2:10,Abandoned,C-2\n"
    b"soon,2:10,Abandoned,C-3\n"
)
WEEK = "2026-W45"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"


def chat(acting: Acting, person_id: str = "man-1") -> list[Message]:
    return acting.r.world.chat(acting.r.world.person(person_id))


def said(acting: Acting, person_id: str = "man-1") -> str:
    return chat(acting, person_id)[-1].text


async def kept(acting: Acting) -> int:
    return len(await acting.desk.tallies.calls([WEEK]))


async def refusals(acting: Acting) -> list[tuple[str, str]]:
    return [(str(r["code"]), str(r["verb"])) for r in await acting.refusals()]


# Bringing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["man-1", "mgr-1"])
async def test_a_manager_brings_a_file_and_hears_what_counted(acting: Acting, person: str) -> None:
    await acting.r.files.send(person, ("calls.csv", CALLS))
    words = said(acting, person)
    assert "calls.csv: the phone line's report. Rows: 3 read, 2 new, 0 already there" in words
    assert "Line 4, Began: This is not a date and time that can be read." in words
    assert "soon" not in words
    assert "type stats and the week" in words
    assert await kept(acting) == 2


async def test_the_figures_then_show_the_calls(acting: Acting) -> None:
    await acting.r.files.send("man-1", ("calls.csv", CALLS))
    await acting.hands("man-1").say(f"stats {WEEK}", place="personal")
    assert "Phone line: 2 calls, 1 given up" in words_of(chat(acting)[-1].card or {})


async def test_the_same_file_twice_counts_once(acting: Acting) -> None:
    await acting.r.files.send("man-1", ("calls.csv", CALLS))
    await acting.r.files.send("mgr-1", ("again.csv", CALLS))
    assert "0 new, 2 already there" in said(acting, "mgr-1")
    assert await kept(acting) == 2


async def test_a_message_teams_sends_again_is_answered_once(acting: Acting) -> None:
    world = acting.r.world
    file = world.store("calls.csv", "man-1", CALLS)
    activity = acting.r.files.sent("man-1", world.new_id(), [file])
    before = len(chat(acting))
    for _ in range(3):
        assert (await acting.r.people.deliver(activity))[0] == 200
    assert len(chat(acting)) == before + 1
    assert "2 new" in said(acting)


async def test_several_files_are_each_told(acting: Acting) -> None:
    pdf = ("report.pdf", b"%PDF-1.7")
    await acting.r.files.send("man-1", pdf, ("calls.csv", CALLS), ("who.csv", b"Name,Age\nA,1\n"))
    words = said(acting)
    assert "report.pdf: This is a PDF." in words
    assert "calls.csv: the phone line's report." in words
    assert "who.csv: I do not know this file by its headings. I can read the phone" in words
    assert await kept(acting) == 2


@pytest.mark.parametrize("person", ["masho-1", "eh-1", "sw-1"])
async def test_others_are_refused_and_nothing_is_fetched(
    acting: Acting, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    transfer = acting.r.front_door.transfer
    monkeypatch.setattr(transfer, "download", lambda *a: asked.append(a))
    await acting.r.files.send(person, ("calls.csv", CALLS))
    assert "Managers and duty managers can bring files" in said(acting, person)
    assert asked == []
    assert await kept(acting) == 0
    assert ("not_allowed", "import") in await refusals(acting)


async def test_somebody_who_is_not_on_the_list_is_refused_and_nothing_is_fetched(
    acting: Acting,
) -> None:
    world = acting.r.world
    file = world.store("calls.csv", "man-1", CALLS)
    activity = acting.r.files.sent("man-1", world.new_id(), [file])
    activity["from"]["aadObjectId"] = "00000000-0000-4000-8000-00000000dead"
    await acting.r.people.deliver(activity)
    assert await kept(acting) == 0
    assert ("not_on_list", "message") in await refusals(acting)


async def test_in_the_channel_a_file_is_not_taken_and_the_words_still_count(
    acting: Acting,
) -> None:
    await acting.referred()
    world = acting.r.world
    file = world.store("calls.csv", "mgr-1", CALLS)
    sent = acting.r.files.sent("mgr-1", world.new_id(), [file])
    thread = (await acting.briefing()).conversation_id
    place = acting.r.people.activity("mgr-1", thread, type="message")
    tag = "<at>Front Door</at>"
    entity = {"type": "mention", "text": tag, "mentioned": {"id": world.bot_id}}
    for text in (tag, f"{tag} Mum rang the school."):
        activity = {**place, "id": world.new_id(), "text": text, "entities": [entity]}
        await acting.r.people.deliver({**activity, "attachments": sent["attachments"]})
        await acting.r.settled()
    told = [m.text for m in acting.thread(await acting.briefing())]
    assert sum("not here. Send it there." in text for text in told) == 2
    assert (await acting.logged())[-1] == "message"
    quiet = {**place, "id": world.new_id(), "text": "see this", "entities": []}
    before = len(world.messages)
    await acting.r.people.deliver({**quiet, "attachments": sent["attachments"]})
    assert len(world.messages) == before
    assert await kept(acting) == 0


@pytest.mark.parametrize("address", HOSTILE[:12])
async def test_a_file_in_a_strange_place_is_not_fetched(acting: Acting, address: str) -> None:
    world = acting.r.world
    activity = acting.r.files.sent("man-1", world.new_id(), [world.store("c.csv", "man-1", CALLS)])
    activity["attachments"][0]["content"]["downloadUrl"] = address
    await acting.r.people.deliver(activity)
    assert "c.csv is in a place I do not open." in said(acting)


async def fetched(acting: Acting, url: str) -> str:
    world = acting.r.world
    activity = acting.r.files.sent("man-1", world.new_id(), [StoredFile("x", "c.csv", "man-1")])
    activity["attachments"][0]["content"]["downloadUrl"] = url
    await acting.r.people.deliver(activity)
    return said(acting)


@pytest.fixture
async def strange(tmp_path: Any) -> Any:
    """A second server on loopback, which nobody may be sent to."""
    from bot.rehearsal.rehearsal import serve

    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=CALLS)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner, port = await serve(app, 0)
    yield f"http://127.0.0.1:{port}/file", asked
    await runner.cleanup()


async def test_a_redirect_to_another_host_is_not_followed(
    acting: Acting, strange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, asked = strange
    store = acting.r.file_store
    file = acting.r.world.store("c.csv", "man-1", CALLS)

    def found(request: web.Request) -> StoredFile:
        raise web.HTTPFound(elsewhere)

    monkeypatch.setattr(store, "_found", found)
    assert "in a place I do not open" in await fetched(acting, store.download_url(file))
    assert asked == []
    assert "in a place I do not open" in await fetched(acting, elsewhere)
    assert asked == []


async def test_a_redirect_on_the_same_host_is_followed(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = acting.r.file_store
    file = acting.r.world.store("c.csv", "man-1", CALLS)
    real = store._found

    def found(request: web.Request) -> StoredFile:
        if "moved" not in request.query:
            raise web.HTTPFound(f"{request.path}?moved=1")
        return real(request)

    monkeypatch.setattr(store, "_found", found)
    assert "2 new" in await fetched(acting, store.download_url(file))


async def test_a_file_that_is_too_large_is_told_and_not_read(acting: Acting) -> None:
    await acting.r.files.send("man-1", ("big.csv", b"a" * (MOST_BYTES + 1)))
    assert "big.csv is larger than 20 MB." in said(acting)


async def test_a_file_that_is_gone_is_told(acting: Acting) -> None:
    assert "could not be fetched" in await fetched(acting, f"{acting.r.base}/onedrive/none/content")


async def test_a_name_is_shown_as_words_only(acting: Acting) -> None:
    await acting.r.files.send("man-1", ("[x](https://evil.example)*<b>.csv", CALLS))
    words = said(acting)
    assert "](" not in words
    assert "<b>" not in words


async def test_a_long_reading_is_announced_and_its_end_follows(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_module, "_ANSWER_WITHIN_S", 0.05)
    go_on, real = asyncio.Event(), routes_files.bring

    async def slow(*args: Any, **more: Any) -> Any:
        await go_on.wait()
        return await real(*args, **more)

    monkeypatch.setattr(routes_files, "bring", slow)
    await acting.r.files.send("man-1", ("calls.csv", CALLS))
    assert "Reading calls.csv." in said(acting)
    go_on.set()
    await acting.r.front_door.files.stop(within_s=20)
    assert "2 new" in said(acting)


async def test_others_are_served_while_a_large_file_is_read(acting: Acting) -> None:
    rows = b"".join(b"03/11/2026 09:30:12,0:42,Answered,C-%d\n" % n for n in range(30_000))
    reading = asyncio.create_task(
        acting.r.files.send("man-1", ("calls.csv", CALLS.split(b"\n")[0] + b"\n" + rows))
    )
    await asyncio.sleep(0.2)
    await acting.hands("eh-1").say("help", place="personal")
    assert "I turn a call about a child" in said(acting, "eh-1")
    await reading
    await acting.r.front_door.files.stop(within_s=20)
    assert "Rows: 30,000 read, 30,000 new" in said(acting)


# Taking away ------------------------------------------------------------------------------


async def offered(acting: Acting, kind: str = "excel", person: str = "man-1") -> Message:
    """Asks for the week and presses Download and the kind."""
    hands = acting.hands(person)
    await hands.say("stats", place="personal")
    card = chat(acting, person)[-1]
    await hands.tap(card, "stats.download")
    action, _ = Screen(card.card_for(person) or {}).press("stats.file", file=kind)
    answer = await acting.r.people.press(person, card, action, {})
    assert "Press Allow below" in answer.text
    return chat(acting, person)[-1]


async def test_the_consent_card_names_the_file_its_size_and_only_the_period(
    acting: Acting,
) -> None:
    asked = (await offered(acting)).attachment or {}
    assert asked["contentType"] == CONSENT
    assert asked["name"].endswith(".xlsx")
    content = asked["content"]
    assert content["sizeInBytes"] > 0
    assert content["acceptContext"] == {"period": "2026-11-23_2026-11-29_", "file": "excel"}
    assert content["declineContext"] == content["acceptContext"]


@pytest.mark.parametrize("kind", ["excel", "figures", "referrals", "picture"])
async def test_an_allowed_file_lands_in_onedrive_and_its_card_in_the_chat(
    acting: Acting, kind: str
) -> None:
    asked = await offered(acting, kind)
    await acting.r.files.answer("man-1", asked, accept=True)
    assert asked.deleted
    shown = chat(acting)[-1].attachment or {}
    assert shown["contentType"] == INFO
    file = acting.r.world.files[shown["content"]["uniqueId"]]
    assert file.name == shown["name"]
    assert shown["content"]["fileType"] == file.name.rpartition(".")[2]
    assert file.data
    assert len(file.data) == (asked.attachment or {})["content"]["sizeInBytes"]
    assert shown["contentUrl"] == acting.r.file_store.content_url(file)


async def test_a_declined_file_goes_nowhere_and_the_card_goes(acting: Acting) -> None:
    asked = await offered(acting)
    before = len(chat(acting))
    await acting.r.files.answer("man-1", asked, accept=False)
    assert asked.deleted
    assert len(chat(acting)) == before
    assert acting.r.world.files == {}


async def test_an_answer_that_comes_again_puts_the_file_once(acting: Acting) -> None:
    asked = await offered(acting)
    activity = acting.r.files.answered("man-1", asked, accept=True)
    again = {**activity, "id": acting.r.world.new_id()}
    before = len(chat(acting))
    for sent in (activity, activity, again):
        assert await acting.r.people.deliver(sent) == (200, {})
    assert len(chat(acting)) == before + 1


async def test_after_a_restart_an_old_answer_does_no_harm(acting: Acting) -> None:
    asked = await offered(acting)
    activity = acting.r.files.answered("man-1", asked, accept=True)
    await acting.r.people.deliver(activity)
    acting.r.front_door.files._seen.clear()
    await acting.r.people.deliver(activity)
    assert "could not be put into your OneDrive" in said(acting)
    assert sum(f.data is not None for f in acting.r.world.files.values()) == 1


async def revoke(acting: Acting, person_id: str) -> None:
    """The person is a rep from now on, as after a new configuration."""
    partnership = acting.desk.partnership
    people = tuple(
        replace(p, role=Role.REP) if p.id == person_id else p for p in partnership.people
    )
    acting.desk.partnership = replace(partnership, people=people)


async def test_who_is_no_manager_any_more_gets_no_file(acting: Acting) -> None:
    asked = await offered(acting)
    await revoke(acting, "man-1")
    await acting.r.files.answer("man-1", asked, accept=True)
    assert "Managers and duty managers can download figures" in said(acting)
    assert asked.deleted
    assert [f.data for f in acting.r.world.files.values()] == [None]
    assert ("not_allowed", "consent") in await refusals(acting)


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        "excel",
        {"period": "2026-11-23_2026-11-29_"},
        {"period": "2026-11-23_2026-11-29_", "file": "../../etc/passwd"},
        {"period": "2026-11-23_2026-11-29_", "file": ["excel"]},
        {"period": "1900-01-01_2026-11-29_", "file": "excel"},
        {"period": "2026-11-29_2026-11-23_", "file": "excel"},
        {"period": "2026-11-23_2026-11-29_no_test", "file": "excel"},
        {"period": ["2026-11-23_2026-11-29_"], "file": "excel"},
    ],
)
async def test_a_context_that_is_not_ours_is_refused(acting: Acting, context: Any) -> None:
    asked = await offered(acting)
    activity = acting.r.files.answered("man-1", asked, accept=True)
    activity["value"]["context"] = context
    await acting.r.people.deliver(activity)
    assert "could not read that. Nothing was changed." in said(acting)
    assert [f.data for f in acting.r.world.files.values()] == [None]


@pytest.mark.parametrize("value", [None, [], "accept", {"type": "other"}, {"type": "fileUpload"}])
async def test_an_answer_of_another_shape_is_refused(acting: Acting, value: Any) -> None:
    asked = await offered(acting)
    activity = {**acting.r.files.answered("man-1", asked, accept=True), "value": value}
    assert await acting.r.people.deliver(activity) == (200, {})
    assert "could not read that" in said(acting)


@pytest.mark.parametrize("field", ["uploadUrl", "contentUrl"])
@pytest.mark.parametrize("address", HOSTILE[:9])
async def test_a_file_is_not_sent_to_a_strange_place(
    acting: Acting, field: str, address: str
) -> None:
    asked = await offered(acting)
    activity = acting.r.files.answered("man-1", asked, accept=True)
    activity["value"]["uploadInfo"][field] = address
    await acting.r.people.deliver(activity)
    assert "Teams named a place I do not send files to." in said(acting)
    assert [f.data for f in acting.r.world.files.values()] == [None]
    assert not asked.deleted


async def test_an_upload_that_is_redirected_is_not_followed(
    acting: Acting, strange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, asked_there = strange
    asked = await offered(acting)

    def found(request: web.Request) -> StoredFile:
        raise web.HTTPTemporaryRedirect(elsewhere)

    monkeypatch.setattr(acting.r.file_store, "_found", found)
    await acting.r.files.answer("man-1", asked, accept=True)
    assert "could not be put into your OneDrive" in said(acting)
    assert asked_there == []


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503])
async def test_a_failed_upload_is_told_and_can_be_tried_again(
    acting: Acting, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await offered(acting)

    def found(request: web.Request) -> StoredFile:
        failing = web.HTTPException()
        failing.set_status(status)
        raise failing

    with monkeypatch.context() as patched:
        patched.setattr(acting.r.file_store, "_found", found)
        await acting.r.files.answer("man-1", asked, accept=True)
    assert "could not be put into your OneDrive. Ask for it again." in said(acting)
    assert not asked.deleted
    await acting.r.files.answer("man-1", asked, accept=True)
    assert asked.deleted
    assert (chat(acting)[-1].attachment or {})["contentType"] == INFO


@pytest.mark.parametrize("verb", ["stats.download", "stats.file"])
@pytest.mark.parametrize("person", ["eh-1", "masho-1"])
async def test_others_who_press_download_are_refused(
    acting: Acting, verb: str, person: str
) -> None:
    await acting.hands(person).say("help", place="personal")
    message = chat(acting, person)[-1]
    data = {"verb": verb, "period": "2026-11-23_2026-11-29_", "file": "excel"}
    action = {"type": "Action.Execute", "verb": verb, "data": data}
    answer = await acting.r.people.press(person, message, action, {})
    assert "Managers and duty managers can download figures" in answer.text
    assert ("not_allowed", verb) in await refusals(acting)


async def test_in_the_channel_a_manager_downloads_nothing(acting: Acting) -> None:
    await acting.hands("mgr-1").say("@Front Door stats")
    message = list(acting.r.world.messages.values())[-1]
    assert not Screen(message.card or {}).has("stats.download")
    data = {"verb": "stats.file", "period": "2026-11-23_2026-11-29_", "file": "excel"}
    action = {"type": "Action.Execute", "verb": "stats.file", "data": data}
    answer = await acting.r.people.press("mgr-1", message, action, {})
    assert "in their own chat with me" in answer.text


async def test_back_from_the_choice_shows_the_week_again(acting: Acting) -> None:
    hands = acting.hands("man-1")
    await hands.say("stats", place="personal")
    card = chat(acting)[-1]
    await hands.tap(card, "stats.download")
    assert "Download the figures" in words_of(card.card_for("man-1") or {})
    await hands.tap(card, "stats.week")
    assert "No referrals." in words_of(card.card_for("man-1") or {})
