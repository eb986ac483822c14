"""What reaches POST /api/messages: strict tokens, tenants, service URLs, and never a 500."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.configuration import ConfigurationError
from bot.desk.ports import Address, StoreUnavailable
from bot.rehearsal.people import People
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.trust import TeamsSigner
from bot.rehearsal.world import BOT
from bot.settings import BOT_FRAMEWORK_ISSUER, from_environment
from bot.teams import adapter
from tests.wire.acting import Acting, words_of

Json = dict[str, Any]


def claims(r: Rehearsal, **changes: Any) -> Json:
    base = {
        "iss": BOT_FRAMEWORK_ISSUER,
        "aud": r.app_id,
        "serviceurl": f"{r.base}/",
        "exp": int(time.time()) + 600,
    }
    return {k: v for k, v in {**base, **changes}.items() if v is not None}


def activity(r: Rehearsal, **changes: Any) -> Json:
    person = r.partnership.people[0]
    chat = r.world.chat_id(person)
    return {**r.people._activity(person, chat, type="message", text="help"), **changes}


async def post(r: Rehearsal, body: Any, token: str | None, **extra: Any) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{r.bot_url}/api/messages", json=body, headers=headers, **extra) as answer,
    ):
        return answer.status


async def test_a_good_token_is_taken(rehearsal: Rehearsal) -> None:
    token = rehearsal.signer.sign(claims(rehearsal))
    assert await post(rehearsal, activity(rehearsal), token) == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"aud": "another-app"}, 403),
        ({"aud": None}, 403),
        ({"iss": "https://login.microsoftonline.com/common/v2.0"}, 403),
        ({"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}, 403),
        ({"iss": None}, 403),
        ({"serviceurl": "https://smba.trafficmanager.net/uk/"}, 403),
        ({"serviceurl": None}, 403),
        ({"exp": 1_700_000_000}, 401),
    ],
)
async def test_a_token_that_is_not_ours_is_refused(
    rehearsal: Rehearsal, change: Json, status: int
) -> None:
    token = rehearsal.signer.sign(claims(rehearsal, **change))
    before = len(rehearsal.world.messages)
    assert await post(rehearsal, activity(rehearsal), token) == status
    assert len(rehearsal.world.messages) == before


async def test_no_token_garbage_and_a_forged_one_are_refused(rehearsal: Rehearsal) -> None:
    body = activity(rehearsal)
    assert await post(rehearsal, body, None) == 401
    assert await post(rehearsal, body, "garbage") == 401
    forged = TeamsSigner().sign(claims(rehearsal))
    assert await post(rehearsal, body, forged) == 403
    symmetric = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x"
    assert await post(rehearsal, body, symmetric) in (401, 403)


async def test_another_channel_or_a_missing_service_url_is_refused(rehearsal: Rehearsal) -> None:
    token = rehearsal.signer.sign(claims(rehearsal))
    assert await post(rehearsal, activity(rehearsal, channelId="webchat"), token) == 403
    assert await post(rehearsal, activity(rehearsal, serviceUrl=""), token) == 403
    bare = activity(rehearsal)
    del bare["serviceUrl"]
    assert await post(rehearsal, bare, token) == 403


async def test_a_token_for_a_stranger_service_url_sends_nothing_there(
    rehearsal: Rehearsal,
) -> None:
    url = "https://evil.example/"
    token = rehearsal.signer.sign(claims(rehearsal, serviceurl=url))
    assert await post(rehearsal, activity(rehearsal, serviceUrl=url), token) == 403


async def test_bad_json_wrong_type_and_too_large_have_their_own_answers(
    rehearsal: Rehearsal,
) -> None:
    url = f"{rehearsal.bot_url}/api/messages"
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:
        for body, kind, status in (
            (b"{", headers, 400),
            (b"[]", headers, 400),
            (b"{}", headers, 400),
            (b'{"type": 7}', headers, 400),
            (b"[" * 5000, headers, 400),
            (b"\xff\xfe", headers, 400),
            (b"type=message", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
            (b'{"x": "' + b"y" * 300_000 + b'"}', headers, 413),
        ):
            async with session.post(url, data=body, headers=kind) as answer:
                assert answer.status == status, body[:20]
                assert "Traceback" not in await answer.text()


async def test_a_body_that_does_not_come_is_not_waited_for(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "_BODY_WITHIN_S", 0.2)
    host, port = rehearsal.bot_url.removeprefix("http://").split(":")
    head = "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for rest in ("Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"):
        reading, writing = await asyncio.open_connection(host, int(port))
        writing.write((head + rest).encode())
        async with asyncio.timeout(20):
            answer = await reading.read()
        assert answer.startswith(b"HTTP/1.1 408"), "and the connection is ended"
        writing.close()


async def test_a_roster_that_looks_like_none_keeps_nobody_from_their_card(
    rehearsal: Rehearsal,
) -> None:
    acting = Acting(rehearsal)
    endless = {"members": [], "continuationToken": "again"}
    for page in ({"members": None}, {"members": "none"}, {"members": [7]}, {}, endless):

        async def odd(request: web.Request, handler: Any, page: Any = page) -> Any:
            odd_one = request.path.endswith("/pagedmembers")
            return web.json_response(page) if odd_one else await handler(request)

        rehearsal.connector.interfere = odd
        rehearsal.front_door.channel._roster_at = float("-inf")
        await acting.hands("masho-1").say("help", place="personal")
        assert await rehearsal.front_door.channel.viewers() is not None
    await acting.brief("masho-1")
    await rehearsal.settled()
    assert (await acting.referral()).briefing


async def test_a_chat_that_could_not_be_saved_is_saved_the_next_time(
    rehearsal: Rehearsal,
) -> None:
    log = rehearsal.front_door.log
    save, failed, saved = log.save_address, [], []

    async def fails_once(name: str, address: Address) -> None:
        if not failed:
            failed.append(name)
            raise StoreUnavailable("away")
        saved.append(name)
        await save(name, address)

    log.save_address = fails_once  # type: ignore[method-assign]
    rehearsal.front_door.channel._chats.clear()
    acting = Acting(rehearsal)
    await acting.hands("masho-1").say("help", place="personal")
    said = [m for m in rehearsal.world.chat(rehearsal.world.person("masho-1")) if m.author == BOT]
    assert "could not save" not in said[-1].text, "a question is answered all the same"
    await acting.hands("masho-1").say("help", place="personal")

    assert failed == saved == ["person-masho-1"]


async def test_signing_keys_may_rotate(rehearsal: Rehearsal) -> None:
    new = TeamsSigner()
    rehearsal.signer.__dict__.update(new.__dict__)
    rehearsal.front_door.keys._asked_at -= 60
    token = new.sign(claims(rehearsal))
    assert await post(rehearsal, activity(rehearsal), token) == 200


async def test_an_unknown_key_is_not_looked_up_again_and_again(rehearsal: Rehearsal) -> None:
    asked = []
    fetch = rehearsal.front_door.keys.fetch

    async def counted() -> None:
        asked.append(1)
        await fetch()

    rehearsal.front_door.keys.fetch = counted  # type: ignore[method-assign]
    rehearsal.front_door.keys._asked_at -= 60
    stranger = TeamsSigner().sign(claims(rehearsal))
    for _ in range(10):
        assert await post(rehearsal, activity(rehearsal), stranger) == 403
    assert len(asked) == 1


@pytest.mark.parametrize("where", ["channelData", "conversation"])
async def test_a_tenant_that_is_not_the_partnerships_is_turned_away(
    acting: Acting, where: str
) -> None:
    await acting.referred()
    message = await acting.briefing()
    person = acting.r.world.person("eh-1")
    stranger = "99999999-9999-4999-8999-999999999999"
    data = {"verb": "claim", "case": acting.case_id, "v": 1}
    value = {"action": {"type": "Action.Execute", "verb": "claim", "data": data}}
    body = acting.r.people._activity(
        person, message.conversation_id, type="invoke", name="adaptiveCard/action", value=value
    )
    if where == "channelData":
        body["channelData"]["tenant"]["id"] = stranger
    else:
        body["conversation"]["tenantId"] = stranger
    status, answer = await acting.r.people.deliver(body)
    assert status == 200
    assert "does not take messages from your organisation" in answer["value"]
    assert (await acting.referral()).lead == ""


async def test_an_activity_that_names_no_tenant_is_turned_away(acting: Acting) -> None:
    person = acting.r.world.person("masho-1")
    chat = acting.r.world.chat_id(person)
    body = acting.r.people._activity(person, chat, type="message", text="new referral")
    del body["channelData"], body["conversation"]["tenantId"]
    await acting.r.people.deliver(body)
    assert "your organisation" in acting.r.world.chat(person)[-1].text


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {},
        {"action": None},
        {"action": {"data": "x"}},
        {"action": {"verb": "claim", "data": {"case": "../../etc", "v": 1}}},
        {"action": {"verb": "claim", "data": {"case": "0" * 32, "v": "x"}}},
        {"action": {"verb": "claim", "data": {"case": "0" * 32, "v": 1}}},
        {"action": {"verb": "no.such.verb", "data": {"case": "0" * 32, "v": 1}}},
        {"action": {"verb": "view", "data": {str(n): n for n in range(400)}}},
    ],
)
async def test_a_malformed_or_unknown_press_gets_a_sentence(
    rehearsal: Rehearsal, value: Any
) -> None:
    people: People = rehearsal.people
    person = rehearsal.world.person("eh-1")
    body = people._activity(
        person,
        rehearsal.world.thread_id("1"),
        type="invoke",
        name="adaptiveCard/action",
        value=value,
    )
    status, answer = await people.deliver(body)
    assert status == 200
    assert answer["statusCode"] == 200
    assert answer["type"] == "application/vnd.microsoft.activity.message"
    assert answer["value"].endswith(".")


async def test_unknown_activity_types_and_invokes_are_answered(rehearsal: Rehearsal) -> None:
    people, person = rehearsal.people, rehearsal.world.person("eh-1")
    chat = rehearsal.world.chat_id(person)
    for kind in ("typing", "messageReaction", "event", "whatever"):
        assert (await people.deliver(people._activity(person, chat, type=kind)))[0] == 200
    unknown = people._activity(person, chat, type="invoke", name="x/y", value={})
    assert (await people.deliver(unknown))[0] == 200


async def test_the_submit_fallback_of_an_old_client_does_the_same(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    person = acting.r.world.person("eh-1")
    fallback = next(
        a["fallback"]
        for e in (message.card or {})["body"]
        if e["type"] == "ActionSet"
        for a in e["actions"]
        if a.get("verb") == "claim"
    )
    body = acting.r.people._activity(
        person, message.conversation_id, type="message", value=fallback["data"], text=""
    )
    await acting.r.people.deliver(body)
    await acting.r.settled()
    assert (await acting.referral()).lead == "eh-1"


async def test_health_and_readiness_show_no_detail(rehearsal: Rehearsal) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz"):
            async with session.get(rehearsal.bot_url + path) as answer:
                assert answer.status == 200
                assert await answer.text() in ("ok", "")


def test_it_refuses_to_start_without_an_app_id() -> None:
    with pytest.raises(ConfigurationError, match="MICROSOFT_APP_ID"):
        from_environment({"MICROSOFT_APP_TENANT_ID": "t", "MICROSOFT_APP_ID": ""})


async def test_a_refused_card_still_says_danger_words(acting: Acting) -> None:
    await acting.referred()
    assert "ring 999" in words_of((await acting.briefing()).card or {})
