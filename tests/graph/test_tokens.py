"""Signing in with the certificate: one token for many calls, and nothing else waits for it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

import pytest
from aiohttp import web

from bot.desk.graph_ports import DirectoryUnavailable, MailNotSent
from bot.graph.client import SCOPE
from bot.graph.groups import GraphGroups
from bot.graph.mail import GraphMailbox
from bot.identity import CONNECTOR_SCOPE, Identity, TokenUnavailable
from bot.rehearsal.connector_api import AUDIENCE as CONNECTOR
from bot.rehearsal.graph_api import AUDIENCE, status
from tests.graph.wire import CALLER, KNOWN, MAILBOX, SUBJECT, TENANT, TEXT, Wire, anything

GROUP = "6d1f8f0e-2f5c-4c39-9a9c-111111111111"


class Seconds:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


async def refused(identity: Identity) -> str:
    with pytest.raises(TokenUnavailable) as told:
        await identity.token(SCOPE)
    return str(told.value)


async def settled(wire: Wire, asked: int) -> None:
    """Waits until the sign-in service has been asked so often."""
    for _ in range(500):
        if wire.authority.asked >= asked:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"asked {wire.authority.asked} times")


async def test_many_emails_and_questions_take_one_token(wire: Wire) -> None:
    client = wire.client()
    mailbox, groups = GraphMailbox(client, MAILBOX), GraphGroups(client)
    await asyncio.gather(*(mailbox.send(CALLER, SUBJECT, TEXT) for _ in range(5)))
    await groups.member_of(KNOWN, [GROUP])
    assert len(wire.graph.sent) == 5
    assert wire.authority.tokens_given == {AUDIENCE: 1}
    assert wire.authority.signed_in_by_certificate == 1


async def test_a_token_that_has_ended_is_replaced(wire: Wire) -> None:
    wire.authority.life_s = 1
    mailbox = wire.mailbox()
    await mailbox.send(CALLER, SUBJECT, TEXT)
    await asyncio.sleep(1.1)
    await mailbox.send(CALLER, SUBJECT, TEXT)
    assert len(wire.graph.sent) == 2
    assert wire.authority.tokens_given[AUDIENCE] >= 2


async def test_each_token_is_asked_for_with_an_assertion_of_its_own(wire: Wire) -> None:
    identity = wire.identity()
    await asyncio.gather(identity.token(SCOPE), identity.token(CONNECTOR_SCOPE))
    assert wire.authority.tokens_given == {AUDIENCE: 1, CONNECTOR: 1}
    assert wire.authority.signed_in_by_certificate == 2


async def test_a_missing_certificate_file_means_no_token(wire: Wire) -> None:
    assert await refused(wire.identity(certificate_file="nowhere.pem")) == "FileNotFoundError"
    assert wire.authority.asked == 0


# After a failure


@pytest.mark.parametrize("code", [400, 401, 429, 500, 503])
@pytest.mark.parametrize("certificate", [True, False])
async def test_after_a_failure_nothing_is_asked_for_growing_seconds(
    wire: Wire, seconds: Seconds, code: int, certificate: bool
) -> None:
    wire.authority.failures += [(code, "temporarily_unavailable")] * 9
    changes = {} if certificate else {"certificate_file": ""}
    identity = wire.identity(seconds, **changes)
    for asked, wait in enumerate([1, 2, 4, 8, 16, 32, 60, 60], start=1):
        await refused(identity)
        seconds.now += wait - 0.5
        await refused(identity)
        assert wire.authority.asked == asked
        seconds.now += 0.5
    await refused(identity)
    wire.authority.failures.clear()
    seconds.now += 60
    assert await identity.token(SCOPE)


async def test_another_scope_does_not_wait(wire: Wire, seconds: Seconds) -> None:
    wire.authority.failures.append((503, "temporarily_unavailable"))
    identity = wire.identity(seconds)
    await refused(identity)
    assert await identity.token(CONNECTOR_SCOPE)


async def test_retry_after_is_waited_for(wire: Wire, seconds: Seconds) -> None:
    wire.authority.failures.append((429, "temporarily_unavailable"))
    wire.authority.retry_after = "120"
    identity = wire.identity(seconds)
    await refused(identity)
    seconds.now += 119
    await refused(identity)
    assert wire.authority.asked == 1
    seconds.now += 1
    assert await identity.token(SCOPE)


async def test_a_token_that_still_serves_is_refreshed_at_a_measured_pace(
    wire: Wire, seconds: Seconds
) -> None:
    identity = wire.identity(seconds)
    first = await identity.token(SCOPE)
    wire.authority.failures += [(503, "temporarily_unavailable")] * 2
    seconds.now += 3301
    for _ in range(20):
        assert await identity.token(SCOPE) == first
        await asyncio.sleep(0.01)
    await settled(wire, 2)
    seconds.now += 1
    for _ in range(20):
        assert await identity.token(SCOPE) == first
        await asyncio.sleep(0.01)
    await settled(wire, 3)
    seconds.now += 2
    assert await identity.token(SCOPE) == first
    await settled(wire, 4)
    for _ in range(500):
        if await identity.token(SCOPE) != first:
            break
        await asyncio.sleep(0.01)
    assert await identity.token(SCOPE) != first
    assert wire.authority.asked == 4


async def test_a_short_lived_token_is_not_asked_for_with_every_call(
    wire: Wire, seconds: Seconds
) -> None:
    wire.authority.life_s = 200
    identity = wire.identity(seconds)
    for _ in range(20):
        await identity.token(SCOPE)
        await asyncio.sleep(0.01)
    assert wire.authority.asked == 1


# A token that Graph refuses


@pytest.mark.parametrize("certificate", [True, False])
async def test_a_refused_token_is_replaced_and_the_call_made_again(
    wire: Wire, certificate: bool
) -> None:
    identity = wire.identity(**({} if certificate else {"certificate_file": ""}))
    wire.graph.revoked.add(await identity.token(SCOPE))
    await wire.mailbox(identity=identity).send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]
    assert wire.authority.tokens_given[AUDIENCE] == 2


async def test_two_calls_with_one_refused_token_take_one_new_one(wire: Wire) -> None:
    identity = wire.identity()
    wire.graph.revoked.add(await identity.token(SCOPE))
    groups = wire.groups(identity)
    await asyncio.gather(*(groups.member_of(KNOWN, [GROUP]) for _ in range(5)))
    assert wire.authority.tokens_given[AUDIENCE] == 2


async def test_tokens_that_are_all_refused_are_not_asked_for_with_every_call(
    wire: Wire, seconds: Seconds
) -> None:
    wire.graph.standing = status(401, "InvalidAuthenticationToken")
    mailbox = wire.mailbox(identity=wire.identity(seconds))
    for _ in range(5):
        with pytest.raises(MailNotSent, match="not_signed_in"):
            await mailbox.send(CALLER, SUBJECT, TEXT)
    assert wire.authority.asked == 2
    wire.graph.standing = None
    await mailbox.send(CALLER, SUBJECT, TEXT)
    assert wire.to == [CALLER]


async def test_a_permission_just_given_works_within_a_minute(wire: Wire, seconds: Seconds) -> None:
    """It rides in the token, so each 403 would otherwise be told for as long as that lives."""
    wire.authority.permissions.clear()
    groups = wire.groups(wire.identity(seconds))
    with pytest.raises(DirectoryUnavailable, match="403"):
        await groups.member_of(KNOWN, [GROUP])
    with pytest.raises(DirectoryUnavailable, match="403"):
        await groups.member_of(KNOWN, [GROUP])
    assert wire.authority.asked == 2
    wire.authority.permissions.update(["User.Read.All", "GroupMember.Read.All"])
    with pytest.raises(DirectoryUnavailable, match="403"):
        await groups.member_of(KNOWN, [GROUP])
    seconds.now += 60
    with pytest.raises(DirectoryUnavailable, match="403"):
        await groups.member_of(KNOWN, [GROUP])
    assert await groups.member_of(KNOWN, [GROUP]) == set()
    assert wire.authority.asked == 3


# Answers that are no token


def token(**changes: Any) -> str:
    made = {"access_token": "abc", "expires_in": 3600, "token_type": "Bearer", **changes}
    return json.dumps({k: v for k, v in made.items() if v != "left out"})


@pytest.mark.parametrize("certificate", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '"x"',
        "null",
        "<html>",
        "",
        token(access_token=5),
        token(access_token="x\ny"),
        token(access_token="x y"),
        token(expires_in=None),
        token(expires_in="soon"),
        token(expires_in="left out"),
        token(expires_in=-5),
        token(expires_in=float("nan")),
        '{"error": {"code": "x"}}',
        '{"error": "who\\nknows@school.example"}',
    ],
)
async def test_what_is_no_token_is_no_token(wire: Wire, body: str, certificate: bool) -> None:
    async def answer(request: web.Request) -> web.Response:
        if "openid-configuration" in request.path:
            base = f"https://{request.host}/{TENANT}"
            return web.json_response(
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                }
            )
        return web.Response(text=body, content_type="application/json")

    async with anything(wire.trust, answer) as base:
        changes = {} if certificate else {"certificate_file": ""}
        told = await refused(wire.identity(authority=f"{base}/{TENANT}", **changes))
    assert told
    assert "@" not in told


# Slow sign-in


async def test_msal_runs_in_a_thread_of_its_own(wire: Wire) -> None:
    """What only the loop can do lets it go on."""
    begun, go_on = threading.Event(), threading.Event()
    threads = []

    class Held(Identity):
        def _acquire(self, scope: str) -> Any:
            threads.append(threading.get_ident())
            begun.set()
            assert go_on.wait(5), "the loop stood still"
            return super()._acquire(scope)

    identity = Held(wire.settings())
    asking = asyncio.create_task(identity.token(SCOPE))
    await asyncio.to_thread(begun.wait, 5)
    go_on.set()
    assert await asking
    assert threads != [threading.get_ident()]
    await identity.close()


async def _longest_gap(until: asyncio.Task[str]) -> float:
    """Seconds between two turns of another task, looked for every five milliseconds."""
    longest, last = 0.0, time.perf_counter()
    while not until.done():
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest


async def test_while_the_token_takes_a_second_other_work_never_stands_still(wire: Wire) -> None:
    """Anything that holds the loop holds it in each of three; a busy machine does not."""
    wire.authority.delay_s = 1
    gaps = []
    for _ in range(3):
        identity = wire.identity()
        gaps.append(await _longest_gap(asyncio.create_task(identity.token(SCOPE))))
    assert min(gaps) < wire.authority.delay_s / 4
    assert wire.authority.tokens_given[AUDIENCE] == 3


class Hangs(Identity):
    """Each attempt hangs until it is let go."""

    def __init__(self, wire: Wire, seconds: Seconds, within_s: float = 0.05) -> None:
        super().__init__(wire.settings(), seconds, within_s=within_s)
        self.begun = 0
        self.let_go = threading.Event()

    def _acquire(self, scope: str) -> Any:
        self.begun += 1
        self.let_go.wait(30)
        return {}


async def test_an_attempt_that_hangs_is_given_up_and_the_next_one_is_fresh(
    wire: Wire, seconds: Seconds
) -> None:
    identity = Hangs(wire, seconds)
    assert await refused(identity) == "too_slow"
    seconds.now += 1
    assert await refused(identity) == "too_slow"
    assert identity.begun == 2
    identity.let_go.set()
    await identity.close()


async def test_attempts_that_hang_for_ever_do_not_pile_up(wire: Wire, seconds: Seconds) -> None:
    identity = Hangs(wire, seconds)
    for _ in range(20):
        await refused(identity)
        seconds.now += 60
    assert await refused(identity) == "attempts_hang"
    assert identity.begun == 8
    identity.let_go.set()
    await identity.close()


async def test_closing_does_not_wait_for_an_attempt_that_hangs(
    wire: Wire, seconds: Seconds
) -> None:
    identity = Hangs(wire, seconds, within_s=60)
    asking = asyncio.create_task(identity.token(SCOPE))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await identity.close()
        await asyncio.gather(asking, return_exceptions=True)
    assert asking.done()
    identity.let_go.set()
