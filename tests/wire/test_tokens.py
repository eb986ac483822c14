"""Whose tokens are taken: every guard alone, by the code it leaves in the log."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.rehearsal.rehearsal import LOOPBACK, Rehearsal, serve
from bot.rehearsal.trust import TeamsSigner
from bot.settings import BOT_FRAMEWORK_ISSUER
from bot.teams.inbound import Gate, NotAuthentic, SigningKeys

Json = dict[str, Any]
APP, TEAMS = "our-app", "https://smba.trafficmanager.net/uk/"
EMULATOR = "d6d49420-f39b-4df7-a1dc-d59a935871db"
SKILLS = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
GOVERNMENT = "cab8a31a-1906-4287-a0d8-4eef66b95f6e"


class Publisher:
    """The metadata and keys that somebody publishes, counted; they wait while `gate` is shut."""

    def __init__(self) -> None:
        self.keys: list[Json] = []
        self.base = ""
        self.asked = 0
        self.broken = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.came = asyncio.Event()

    async def metadata(self, _: web.Request) -> web.Response:
        self.asked += 1
        self.came.set()
        await self.gate.wait()
        if self.broken:
            return web.Response(status=503)
        return web.json_response({"issuer": "https://evil.example", "jwks_uri": f"{self.base}/k"})

    async def published(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})


class Known:
    """A gate as in production, and the key it should know."""

    def __init__(self, publisher: Publisher, session: aiohttp.ClientSession) -> None:
        self.publisher, self.signer = publisher, TeamsSigner()
        self._now = 1000.0
        self.keys = SigningKeys(session, f"{publisher.base}/m", lambda: self._now)
        self.gate = Gate(self.keys, APP, rehearsal=False)

    async def code(self, token: str, url: str = TEAMS, channel: str = "msteams") -> str:
        """Empty where the token is taken, else the status and the code of the refusal."""
        try:
            await self.gate.check(f"Bearer {token}", url, channel)
        except NotAuthentic as no:
            return f"{no.status} {no.code}"
        return ""

    def token(self, *without: str, **changes: Any) -> str:
        now = int(time.time())
        claims = {"iss": BOT_FRAMEWORK_ISSUER, "aud": APP, "serviceurl": TEAMS, "exp": now + 600}
        body = {k: v for k, v in {**claims, **changes}.items() if k not in without}
        head = {"kid": self.signer.kid, "typ": "JWT"}
        return jwt.PyJWS().encode(json.dumps(body).encode(), self.signer._key, "RS256", head)

    def later(self, seconds: float) -> None:
        self._now += seconds

    async def read_behind(self) -> None:
        """Until the look that nobody waits for is over."""
        assert self.keys._behind is not None
        await self.keys._behind


@pytest.fixture
async def known() -> AsyncIterator[Known]:
    publisher = Publisher()
    app = web.Application()
    app.add_routes([web.get("/m", publisher.metadata), web.get("/k", publisher.published)])
    runner, port = await serve(app, 0)
    publisher.base = f"http://{LOOPBACK}:{port}"
    async with aiohttp.ClientSession() as session:
        made = Known(publisher, session)
        publisher.keys = [made.signer.jwk(("msteams", "webchat"))]
        yield made
        await made.keys.stop()
    publisher.gate.set()
    await runner.cleanup()


async def test_a_token_that_is_all_right_is_taken(known: Known) -> None:
    assert await known.code(known.token()) == ""


@pytest.mark.parametrize(
    ("without", "changes", "code"),
    [
        ((), {"aud": "another-app"}, "403 InvalidAudienceError"),
        ((), {"aud": ""}, "403 MissingRequiredClaimError"),
        ((), {"iss": "https://evil.example"}, "403 InvalidIssuerError"),
        ((), {"iss": f"https://sts.windows.net/{EMULATOR}/"}, "403 InvalidIssuerError"),
        (
            (),
            {"iss": f"https://login.microsoftonline.com/{EMULATOR}/v2.0"},
            "403 InvalidIssuerError",
        ),
        ((), {"iss": f"https://sts.windows.net/{SKILLS}/"}, "403 InvalidIssuerError"),
        (
            (),
            {"iss": f"https://login.microsoftonline.com/{SKILLS}/v2.0", "appid": APP, "ver": "2.0"},
            "403 InvalidIssuerError",
        ),
        ((), {"iss": f"https://sts.windows.net/{GOVERNMENT}/"}, "403 InvalidIssuerError"),
        ((), {"iss": [BOT_FRAMEWORK_ISSUER]}, "403 InvalidIssuerError"),
        ((), {"exp": 1_700_000_000}, "401 expired"),
        ((), {"exp": "soon"}, "403 DecodeError"),
        ((), {"exp": [1]}, "403 DecodeError"),
        ((), {"exp": float("inf")}, "403 DecodeError"),
        ((), {"nbf": 4_000_000_000}, "403 ImmatureSignatureError"),
        ((), {"serviceurl": "https://smba.trafficmanager.net/de/"}, "403 wrong_service_url"),
        ((), {"serviceurl": ""}, "403 wrong_service_url"),
        (("aud",), {}, "403 MissingRequiredClaimError"),
        (("iss",), {}, "403 MissingRequiredClaimError"),
        (("exp",), {}, "403 MissingRequiredClaimError"),
        (("serviceurl",), {}, "403 wrong_service_url"),
    ],
)
async def test_every_claim_is_looked_at(
    known: Known, without: tuple[str, ...], changes: Json, code: str
) -> None:
    assert await known.code(known.token(*without, **changes)) == code


async def test_an_activity_without_a_service_url_is_refused_whatever_the_claim(
    known: Known,
) -> None:
    assert await known.code(known.token(serviceurl=""), url="") == "403 wrong_service_url"


async def test_a_little_of_a_wrong_clock_is_forgiven_and_no_more(known: Known) -> None:
    now = int(time.time())
    assert await known.code(known.token(exp=now - 240)) == ""
    assert await known.code(known.token(exp=now - 360)) == "401 expired"


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _signed_with_our_public_key(known: Known) -> str:
    """The oldest trick: the published key taken as the secret of a symmetric signature."""
    claims = known.token().split(".")[1]
    head = _part({"alg": "HS256", "kid": known.signer.kid})
    secret = json.dumps(known.signer.jwk()).encode()
    signed = hmac.new(secret, f"{head}.{claims}".encode(), hashlib.sha256).digest()
    return f"{head}.{claims}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"


def _not_signed(known: Known) -> str:
    claims = known.token().split(".")[1]
    return f"{_part({'alg': 'none', 'kid': known.signer.kid})}.{claims}."


def _with(algorithm: str) -> Callable[[Known], str]:
    def made(known: Known) -> str:
        claims = jwt.decode(known.token(), options={"verify_signature": False})
        return jwt.encode(claims, known.signer._key, algorithm, {"kid": known.signer.kid})

    return made


@pytest.mark.parametrize(
    "made", [_signed_with_our_public_key, _not_signed, _with("RS512"), _with("PS256")]
)
async def test_only_rs256_is_taken(known: Known, made: Callable[[Known], str]) -> None:
    assert await known.code(made(known)) == "403 wrong_algorithm"


async def test_a_forged_signature_and_a_changed_claim_are_refused(known: Known) -> None:
    stranger = TeamsSigner()
    stranger.kid = known.signer.kid
    forged = stranger.sign({"iss": BOT_FRAMEWORK_ISSUER, "aud": APP, "serviceurl": TEAMS})
    head, _, signature = known.token(aud="another-app").split(".")
    changed = f"{head}.{known.token().split('.')[1]}.{signature}"

    assert await known.code(forged) == "403 InvalidSignatureError"
    assert await known.code(changed) == "403 InvalidSignatureError"


@pytest.mark.parametrize(
    ("endorsements", "channel", "code"),
    [
        (("msteams",), "msteams", ""),
        (("webchat",), "msteams", "403 channel_not_endorsed"),
        (("msteams",), "webchat", "403 channel_not_endorsed"),
        (("msteams",), "", "403 channel_not_endorsed"),
        ((), "msteams", "403 channel_not_endorsed"),
        (None, "msteams", "403 channel_not_endorsed"),
    ],
)
async def test_the_key_must_be_endorsed_for_the_channel(
    known: Known, endorsements: tuple[str, ...] | None, channel: str, code: str
) -> None:
    published = known.signer.jwk(endorsements or ())
    if endorsements is None:
        del published["endorsements"]
    known.publisher.keys = [published]

    assert await known.code(known.token(), channel=channel) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "no_token"),
        ("", "no_token"),
        ("Basic dXNlcjpwYXNz", "not_a_bearer_token"),
        ("Bearer", "not_a_bearer_token"),
        ("Bearer ", "not_a_bearer_token"),
        ("Bearer garbage", "malformed_token"),
        ("Bearer a.b.c", "malformed_token"),
        ("Bearer \udcff", "malformed_token"),
        (f"Bearer {_part(7)}.e30.x", "malformed_token"),
        (f"Bearer {_part({'alg': 'RS256', 'kid': 7})}.e30.x", "malformed_token"),
        (
            "Bearer " + base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=") + ".e30.x",
            "malformed_token",
        ),
    ],
)
async def test_what_is_no_token_is_answered_401(known: Known, header: str, code: str) -> None:
    with pytest.raises(NotAuthentic) as refused:
        await known.gate.check(header, TEAMS, "msteams")

    assert (refused.value.status, refused.value.code) == (401, code)


async def test_a_token_without_a_key_id_is_refused(known: Known) -> None:
    claims = jwt.decode(known.token(), options={"verify_signature": False})

    assert await known.code(jwt.encode(claims, known.signer._key, "RS256")) == "403 unknown_key"


async def test_a_verified_token_is_good_for_its_own_service_url_and_channel_only(
    known: Known,
) -> None:
    token = known.token()

    assert await known.code(token) == ""
    assert await known.code(token, url="https://evil.example/") == "403 wrong_service_url"
    assert await known.code(token, channel="directline") == "403 channel_not_endorsed"
    assert await known.code(known.token(aud="another-app")) == "403 InvalidAudienceError"


async def test_a_remembered_token_ends_when_it_says(known: Known) -> None:
    token = known.token(exp=int(time.time()) + 600)
    assert await known.code(token) == ""
    [mark] = known.gate._known
    known.gate._known[mark] = time.time() - 1
    known.keys._keys.clear()

    assert await known.code(token) == "403 unknown_key"


# Keys that change ------------------------------------------------------------------------


async def rotated(known: Known) -> TeamsSigner:
    """The keys are known, and then others are published."""
    assert await known.code(known.token()) == ""
    new = TeamsSigner()
    known.publisher.keys = [known.signer.jwk(("msteams",)), new.jwk(("msteams",))]
    return new


async def test_an_unknown_key_is_looked_up_once(known: Known) -> None:
    known.signer = await rotated(known)
    known.later(31)
    before = known.publisher.asked

    assert await known.code(known.token()) == ""
    assert await known.code(known.token(exp=int(time.time()) + 601)) == ""
    assert known.publisher.asked == before + 1


async def test_keys_are_asked_for_at_most_every_thirty_seconds(known: Known) -> None:
    await rotated(known)
    known.signer = TeamsSigner()
    before = known.publisher.asked

    known.later(29)
    assert {await known.code(known.token(n=n)) for n in range(10)} == {"403 unknown_key"}
    assert known.publisher.asked == before
    known.later(2)
    assert {await known.code(known.token(n=n)) for n in range(10)} == {"403 unknown_key"}
    assert known.publisher.asked == before + 1


async def test_many_who_wait_for_a_key_ask_once(known: Known) -> None:
    known.signer = await rotated(known)
    known.later(31)
    before = known.publisher.asked
    known.publisher.gate.clear()
    known.publisher.came.clear()
    waiting = [asyncio.create_task(known.code(known.token(n=n))) for n in range(20)]
    await known.publisher.came.wait()
    known.publisher.gate.set()

    assert set(await asyncio.gather(*waiting)) == {""}
    assert known.publisher.asked == before + 1


async def test_others_are_served_while_a_key_is_looked_up(known: Known) -> None:
    old = known.signer
    known.signer = await rotated(known)
    known.later(31)
    known.publisher.gate.clear()
    known.publisher.came.clear()
    waiting = asyncio.create_task(known.code(known.token()))
    await known.publisher.came.wait()
    known.signer = old

    assert await known.code(known.token(n=1)) == ""
    assert not waiting.done()
    known.publisher.gate.set()
    assert await waiting == ""


async def test_a_publisher_that_fails_is_not_asked_by_every_stranger(known: Known) -> None:
    known.publisher.broken = True

    assert {await known.code(known.token(n=n)) for n in range(10)} == {"403 unknown_key"}
    assert known.publisher.asked == 1
    known.publisher.broken = False
    known.later(3)
    assert await known.code(known.token()) == ""


async def test_keys_that_cannot_be_read_again_leave_the_old_ones(known: Known) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.broken = True
    known.later(25 * 3600)

    assert await known.code(known.token(n=1)) == ""


async def test_after_a_daily_look_that_failed_it_is_soon_looked_again(known: Known) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.broken = True
    known.later(25 * 3600)
    assert await known.code(known.token(n=1)) == ""
    known.publisher.broken = False
    known.publisher.keys = [TeamsSigner().jwk(("msteams",))]

    known.later(31)
    assert await known.code(known.token(n=2)) == "", "nobody waits for it"
    await known.read_behind()
    assert await known.code(known.token(n=3)) == "403 unknown_key"


async def test_keys_that_cannot_be_read_for_days_are_not_trusted_any_more(known: Known) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.broken = True
    for day in range(1, 6):
        known.later(23.9 * 3600)
        assert await known.code(known.token(n=day)) == ""

    known.later(24 * 3600)
    assert await known.code(known.token(n=6)) == "403 unknown_key"
    assert not known.keys.ready
    known.publisher.broken = False
    known.later(31)
    assert await known.code(known.token(n=7)) == "", "whoever comes first waits"
    assert known.keys.ready


async def test_after_a_long_quiet_time_nobody_is_refused_while_the_keys_are_read(
    known: Known,
) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.gate.clear()
    known.later(12 * 24 * 3600)
    codes = [asyncio.create_task(known.code(known.token(n=n))) for n in range(1, 4)]
    await asyncio.sleep(0.1)
    known.publisher.gate.set()
    assert await asyncio.gather(*codes) == ["", "", ""]


async def test_a_key_that_was_withdrawn_is_forgotten_within_a_day(known: Known) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.keys = [TeamsSigner().jwk(("msteams",))]

    known.later(25 * 3600)
    assert await known.code(known.token(n=1)) == "403 unknown_key"


async def test_the_daily_look_keeps_nobody_waiting(known: Known) -> None:
    assert await known.code(known.token()) == ""
    known.publisher.gate.clear()
    known.publisher.came.clear()
    before = known.publisher.asked

    known.later(23.5 * 3600)
    assert {await known.code(known.token(n=n)) for n in range(1, 4)} == {""}
    await known.publisher.came.wait()
    known.publisher.gate.set()
    assert known.publisher.asked == before + 1


# The door itself -------------------------------------------------------------------------


async def status_of(r: Rehearsal, body: bytes, **headers: str) -> int:
    """What the bot answers to these bytes, with a good token unless another is given."""
    token = r.signer.activity_token(r.app_id, f"{r.base}/")
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    async with (
        aiohttp.ClientSession(skip_auto_headers=["Accept-Encoding"]) as session,
        session.post(f"{r.bot_url}/api/messages", data=body, headers=given) as answer,
    ):
        text = await answer.text()
        assert "Traceback" not in text
        assert answer.status == 200 or len(text) < 100
        return answer.status


def a_message(r: Rehearsal, *without: str) -> Json:
    chat = r.world.chat_id(r.world.person("masho-1"))
    body = r.people.activity("masho-1", chat, type="message", text="help")
    for path in without:
        *outer, last = path.split(".")
        inner = body
        for step in outer:
            inner = inner[step]
        del inner[last]
    return body


@pytest.mark.parametrize(
    ("missing", "status"),
    [
        ("type", 400),
        ("serviceUrl", 403),
        ("channelId", 403),
        ("conversation", 403),
        ("conversation.id", 403),
    ],
)
async def test_an_activity_without_a_field_that_matters_is_refused(
    rehearsal: Rehearsal, missing: str, status: int
) -> None:
    before = len(rehearsal.world.messages)
    body = json.dumps(a_message(rehearsal, missing)).encode()

    assert await status_of(rehearsal, body) == status
    assert len(rehearsal.world.messages) == before


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("from", "not on the duty team's list"),
        ("from.aadObjectId", "not on the duty team's list"),
    ],
)
async def test_somebody_who_is_not_named_is_nobody(
    rehearsal: Rehearsal, missing: str, words: str
) -> None:
    await rehearsal.people.deliver(a_message(rehearsal, missing))

    said = rehearsal.world.chat(rehearsal.world.person("masho-1"))[-1].text
    assert words in said


@pytest.mark.parametrize("url", ["http://[", "https://evil.example/", "//", "file:///etc/passwd"])
async def test_no_token_leaves_for_a_service_url_that_is_not_teams(
    rehearsal: Rehearsal, url: str
) -> None:
    token = rehearsal.signer.activity_token(rehearsal.app_id, url)
    body = json.dumps({**a_message(rehearsal), "serviceUrl": url}).encode()
    before = len(rehearsal.world.messages)

    assert await status_of(rehearsal, body, Authorization=f"Bearer {token}") == 403
    assert len(rehearsal.world.messages) == before


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"null", {}, 400),
        (b'{"type": "message"', {}, 400),
        (b'{"type": "message", "v": ' + b"9" * 5000 + b"}", {}, 400),
        (b'{"a":' * 5000, {}, 400),
        (b'{"type": "\xff"}', {}, 400),
        (b"not gzip", {"Content-Encoding": "gzip"}, 415),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/json-patch+json"}, 415),
        (b"{}", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"[" + b" " * 256 * 1024 + b"]", {}, 413),
    ],
)
async def test_bytes_that_are_no_activity_have_their_own_answer(
    rehearsal: Rehearsal, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert await status_of(rehearsal, body, **headers) == status


@pytest.mark.parametrize(
    ("kind", "named"), [("invoke", "invoke"), ("message", "message"), ("Amira Holt", "other")]
)
async def test_a_fault_that_nothing_else_caught_is_no_500(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture, kind: str, named: str
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("about Amira Holt")

    bot = rehearsal.front_door.bot
    bot.invoke = bot.on_turn = breaks  # type: ignore[method-assign]
    body = json.dumps({**a_message(rehearsal), "type": kind}).encode()
    with caplog.at_level(logging.ERROR, "frontdoor.adapter"):
        assert await status_of(rehearsal, body) == 200

    assert [(r.msg, r.__dict__["kind"]) for r in caplog.records] == [("turn.fault", named)]


async def test_a_token_of_strange_bytes_is_401_and_not_500(rehearsal: Rehearsal) -> None:
    body = json.dumps(a_message(rehearsal)).encode()
    reader, writer = await asyncio.open_connection(LOOPBACK, int(rehearsal.bot_url.split(":")[-1]))
    writer.write(
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer \xff\xfe.\x80\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body
    )
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 401")


async def test_only_teams_is_answered_whatever_the_key_is_endorsed_for(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture
) -> None:
    keys = rehearsal.front_door.keys
    await keys.fetch()
    [(kid, known)] = keys._keys.items()
    keys._keys[kid] = replace(known, endorsements=frozenset({"msteams", "webchat"}))
    body = json.dumps({**a_message(rehearsal), "channelId": "webchat"}).encode()
    with caplog.at_level(logging.WARNING, "frontdoor.adapter"):
        assert await status_of(rehearsal, body) == 403

    assert [r.__dict__["code"] for r in caplog.records if r.msg == "inbound.refused"] == [
        "wrong_channel"
    ]


async def test_a_refusal_is_logged_by_its_code_alone(
    rehearsal: Rehearsal, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(a_message(rehearsal)).encode()
    with caplog.at_level(logging.DEBUG, "frontdoor.inbound"):
        await status_of(rehearsal, body, Authorization="Bearer Amira-Holt")

    refused = [r for r in caplog.records if r.msg == "inbound.refused"]
    assert [r.__dict__["code"] for r in refused] == ["malformed_token"]
    assert "Amira" not in caplog.text
