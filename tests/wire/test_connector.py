"""What the bot makes of each answer of the Connector, and of none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.desk.ports import CannotDeliver, DeliveryUnknown, Gone, NotTried, TryLater
from bot.rehearsal.rehearsal import serve
from bot.teams.connector import Connector
from bot.teams.pacing import Pace
from tests.rehearsal.outside import free_port

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOST = "127.0.0.1"
WITHIN_S = 0.2


class Given:
    """Tokens numbered as they are asked for anew."""

    def __init__(self) -> None:
        self.number, self.drops, self.asked = 1, True, 0

    async def token(self, scope: str) -> str:
        self.asked += 1
        return f"t{self.number}"

    def refused(self, scope: str, token: str, every_s: float = 0.0) -> bool:
        if self.drops:
            self.number += 1
        return self.drops


class Teams:
    """Answers with what `handle` says, and remembers each call and its token."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.handle: Handler | None = None
        self.answers: list[web.Response] = []
        self.base = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.headers["Authorization"]))
        if self.handle:
            return await self.handle(request)
        return self.answers.pop(0) if self.answers else web.json_response({"id": "m-1"})


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    made = Teams()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner, port = await serve(app, 0)
    made.base = f"http://{HOST}:{port}/"
    yield made
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def connector(session: aiohttp.ClientSession, tokens: Given | None = None) -> Connector:
    return Connector(
        session, tokens or Given(), (HOST,), plain=True, pace=Pace(), within_s=WITHIN_S
    )


def refusal(status: int, code: str = "Some", **headers: str) -> web.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response({"error": {"code": code}}, status=status, headers=named)


async def posted(made: Connector, teams: Teams) -> str:
    return await made.post(teams.base, "19:c", {"type": "message"})


@pytest.mark.parametrize("status", [429, 412])
@pytest.mark.parametrize(("asked", "wait_s"), [("7", 7.0), ("0", 0.1), ("99999999", 3600.0)])
async def test_asked_to_wait_it_waits_as_long_as_was_asked(
    teams: Teams, session: aiohttp.ClientSession, status: int, asked: str, wait_s: float
) -> None:
    teams.answers = [refusal(status, Retry_After=asked)]
    with pytest.raises(TryLater) as told:
        await posted(connector(session), teams)
    assert told.value.after_s == wait_s
    assert len(teams.calls) == 1


@pytest.mark.parametrize("asked", ["", "soon", "nan", "inf"])
async def test_asked_to_wait_without_saying_how_long_it_waits_some_seconds(
    teams: Teams, session: aiohttp.ClientSession, asked: str
) -> None:
    teams.answers = [refusal(429, Retry_After=asked)]
    with pytest.raises(TryLater) as told:
        await posted(connector(session), teams)
    assert 2 <= told.value.after_s <= 20


async def test_a_thread_that_asked_for_a_wait_is_left_alone_and_others_are_not(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    made = connector(session)
    teams.answers = [refusal(429, Retry_After="60")]
    with pytest.raises(TryLater):
        await posted(made, teams)
    with pytest.raises(NotTried):
        await posted(made, teams)
    assert len(teams.calls) == 1
    assert await made.post(teams.base, "19:d", {"type": "message"}) == "m-1"


@pytest.mark.parametrize("status", [408, 500, 501, 502, 503, 504, 520])
async def test_a_post_that_failed_on_the_way_may_be_there_and_is_not_repeated(
    teams: Teams, session: aiohttp.ClientSession, status: int
) -> None:
    teams.answers = [refusal(status)]
    with pytest.raises(DeliveryUnknown):
        await posted(connector(session), teams)
    assert len(teams.calls) == 1


async def test_no_answer_in_time_and_a_cut_connection_leave_a_post_unknown(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    never = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    for handle in (silent, cut):
        teams.handle = handle
        before = len(teams.calls)
        with pytest.raises(DeliveryUnknown):
            await posted(connector(session), teams)
        assert len(teams.calls) == before + 1
    never.set()


async def test_where_nobody_listens_nothing_was_sent(session: aiohttp.ClientSession) -> None:
    with pytest.raises(TryLater):
        await connector(session).post(f"http://{HOST}:{free_port()}/", "19:c", {})


async def test_an_edit_is_repeated_until_it_is_done(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    teams.answers = [refusal(503), refusal(502)]
    await connector(session).put(teams.base, "19:c", "m-1", {"type": "message"})
    assert len(teams.calls) == 3


@pytest.mark.parametrize(
    "code", ["BotNotInConversationRoster", "BotDisabledByAdmin", "MessageWritesBlocked"]
)
async def test_a_refusal_for_good_keeps_its_code(
    teams: Teams, session: aiohttp.ClientSession, code: str
) -> None:
    teams.answers = [refusal(403, code)]
    with pytest.raises(CannotDeliver) as told:
        await posted(connector(session), teams)
    assert told.value.code == f"403_{code}"


async def test_a_message_that_is_gone_is_told_apart(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    teams.answers = [refusal(404, "ActivityNotFoundInConversation")]
    with pytest.raises(Gone):
        await connector(session).put(teams.base, "19:c", "m-1", {"type": "message"})


async def test_a_token_that_is_not_taken_is_asked_for_anew_and_the_call_made_once_more(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    teams.answers = [refusal(401)]
    assert await posted(connector(session), teams) == "m-1"
    assert [token for _, token in teams.calls] == ["Bearer t1", "Bearer t2"]


async def test_a_new_token_that_is_not_taken_either_is_no_reason_to_give_the_message_up(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    teams.answers = [refusal(401), refusal(401)]
    with pytest.raises(TryLater):
        await posted(connector(session), teams)
    assert len(teams.calls) == 2


async def test_a_token_that_was_replaced_just_now_is_not_replaced_again(
    teams: Teams, session: aiohttp.ClientSession
) -> None:
    tokens = Given()
    tokens.drops = False
    teams.answers = [refusal(401)]
    with pytest.raises(TryLater):
        await posted(connector(session, tokens), teams)
    assert len(teams.calls) == 1


Call = Callable[[Connector, str], Awaitable[object]]
CALLS: dict[str, Call] = {
    "create_conversation": lambda c, url: c.create_conversation(url, {"members": [{"id": "x"}]}),
    "post": lambda c, url: c.post(url, "19:c", {}),
    "put": lambda c, url: c.put(url, "19:c", "m-1", {}),
    "delete": lambda c, url: c.delete(url, "19:c", "m-1"),
    "members": lambda c, url: c.members(url, "19:c"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("hosts", "plain"),
    [(("smba.trafficmanager.net",), True), ((HOST,), False)],
    ids=["another host", "plain http"],
)
async def test_no_token_leaves_for_an_address_that_is_none_of_teams(
    teams: Teams, session: aiohttp.ClientSession, call: Call, hosts: tuple[str, ...], plain: bool
) -> None:
    tokens = Given()
    made = Connector(session, tokens, hosts, plain=plain, pace=Pace(), within_s=WITHIN_S)
    with pytest.raises(CannotDeliver, match="service_url_not_allowed"):
        await call(made, teams.base)
    assert (teams.calls, tokens.asked) == ([], 0)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://smba.trafficmanager.net/uk/", True),
        ("http://smba.trafficmanager.net/uk/", False),
        ("//smba.trafficmanager.net/uk/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://[/", False),
    ],
)
async def test_a_token_goes_to_teams_over_https_only(
    session: aiohttp.ClientSession, url: str, may: bool
) -> None:
    hosts = ("smba.trafficmanager.net",)
    made = Connector(session, Given(), hosts, plain=False, pace=Pace())
    assert made.allowed(url) is may
