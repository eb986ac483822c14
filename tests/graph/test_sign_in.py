"""The simulated sign-in service lets in only who holds the registered certificate."""

from __future__ import annotations

import asyncio
import base64
import time
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from bot.graph.client import SCOPE
from bot.identity import TokenUnavailable
from bot.rehearsal.trust import ClientCertificate, Signer
from bot.settings import REHEARSAL_APP_ID
from tests.graph.wire import CALLER, SUBJECT, TENANT, TEXT, Wire

Json = dict[str, Any]
OURS = {"aud": "https://graph.microsoft.com", "appid": REHEARSAL_APP_ID}
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def thumbprint(certificate: x509.Certificate, kind: hashes.HashAlgorithm) -> str:
    return base64.urlsafe_b64encode(certificate.fingerprint(kind)).decode().rstrip("=")


def assertion(
    wire: Wire,
    held: ClientCertificate,
    *,
    algorithm: str = "PS256",
    header: Json | None = None,
    **changes: Any,
) -> str:
    now = int(time.time())
    claims = {
        "iss": REHEARSAL_APP_ID,
        "sub": REHEARSAL_APP_ID,
        "aud": wire.authority.token_endpoint(TENANT),
        "jti": uuid.uuid4().hex,
        "exp": now + 300,
        **changes,
    }
    headers = {"x5t#S256": thumbprint(held.certificate, hashes.SHA256())}
    kept = {k: v for k, v in claims.items() if v is not None}
    return jwt.encode(
        kept, held.key, algorithm=algorithm, headers=headers if header is None else header
    )


async def ask(wire: Wire, made: str, **changes: str) -> tuple[int, Json]:
    form = {
        "grant_type": "client_credentials",
        "client_id": REHEARSAL_APP_ID,
        "scope": SCOPE,
        "client_assertion_type": TYPE,
        "client_assertion": made,
        **changes,
    }
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session,
        session.post(wire.authority.token_endpoint(TENANT), data=form) as answer,
    ):
        return answer.status, await answer.json()


async def refused(wire: Wire, made: str, **changes: str) -> bool:
    status, body = await ask(wire, made, **changes)
    return (status, body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("algorithm", "name", "kind"),
    [("PS256", "x5t#S256", hashes.SHA256()), ("RS256", "x5t", hashes.SHA1())],
)
async def test_both_ways_of_naming_and_signing_are_taken_once(
    wire: Wire, algorithm: str, name: str, kind: hashes.HashAlgorithm
) -> None:
    held = wire.trust.bot
    header = {name: thumbprint(held.certificate, kind)}
    made = assertion(wire, held, algorithm=algorithm, header=header)
    status, body = await ask(wire, made)
    assert status == 200
    assert body["access_token"]
    assert await refused(wire, made), "a replay"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://login.microsoftonline.com/common/oauth2/v2.0/token"},
        {"iss": "another-app"},
        {"sub": "another-app"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"jti": None},
        {"nbf": 4_000_000_000},
        {"header": {}},
        {"header": {"x5t#S256": "AAAA"}},
        {"header": {"x5t": "AAAA"}},
    ],
)
async def test_an_assertion_that_is_not_for_here_and_now_is_refused(
    wire: Wire, changes: Json
) -> None:
    assert await refused(wire, assertion(wire, wire.trust.bot, **changes))
    assert wire.authority.signed_in_by_certificate == 0


async def test_a_forged_assertion_is_refused_whatever_certificate_it_brings(
    wire: Wire, tmp_path: Path
) -> None:
    stranger = ClientCertificate(tmp_path / "stranger.pem")
    der = stranger.certificate.public_bytes(serialization.Encoding.DER)
    brought = {
        "x5t#S256": thumbprint(wire.trust.bot.certificate, hashes.SHA256()),
        "x5c": [base64.b64encode(der).decode()],
    }
    assert await refused(wire, assertion(wire, stranger, header=brought))
    assert await refused(wire, assertion(wire, stranger))
    assert await refused(wire, "eyJhbGciOiJub25lIn0.e30.")


async def test_another_app_and_another_way_in_are_refused(wire: Wire) -> None:
    made = assertion(wire, wire.trust.bot)
    assert await refused(wire, made, client_id="another-app")
    assert await refused(wire, made, client_assertion_type="saml", client_secret="guess")


async def test_the_bot_with_a_certificate_not_registered_gets_no_token(
    wire: Wire, tmp_path: Path
) -> None:
    stranger = ClientCertificate(tmp_path / "stranger.pem")
    identity = wire.identity(certificate_file=stranger.file)
    with pytest.raises(TokenUnavailable, match="invalid_client"):
        await identity.token(SCOPE)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://api.botframework.com", "appid": REHEARSAL_APP_ID},
        {"aud": "https://graph.microsoft.com", "appid": "another-app"},
        {"aud": "https://graph.microsoft.com", "appid": REHEARSAL_APP_ID, "exp": 1_700_000_000},
    ],
)
async def test_graph_takes_only_our_token_for_graph(wire: Wire, claims: Json) -> None:
    for signer in (wire.authority.signer, Signer()):
        assert await _mail_with(wire, signer.sign(claims)) == 401
    assert wire.graph.sent == []


async def test_graph_takes_no_token_signed_by_somebody_else(wire: Wire) -> None:
    good = {**OURS, "roles": ["Mail.Send"]}
    assert await _mail_with(wire, Signer().sign(good)) == 401
    assert await _mail_with(wire, wire.authority.signer.sign(good)) == 202


MESSAGE: Json = {
    "subject": SUBJECT,
    "body": {"contentType": "Text", "content": TEXT},
    "toRecipients": [{"emailAddress": {"address": CALLER}}],
}


async def _mail_with(wire: Wire, token: str, message: Json = MESSAGE, **beside: Any) -> int:
    url = f"{wire.base}/v1.0/users/front.door@riverside.example/sendMail"
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session,
        session.post(
            url,
            json={"message": message, **beside},
            headers={"Authorization": f"Bearer {token}"},
        ) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"toRecipients": []}, {}),
        ({"body": {"contentType": "Markdown", "content": TEXT}}, {}),
        ({"toRecipients": [{"emailAddress": {}}]}, {}),
        ({"ccRecipients": [{"emailAddress": {"address": "nobody"}}]}, {}),
        ({}, {"saveToSentItems": "yes"}),
    ],
)
async def test_graph_refuses_a_message_that_is_not_whole(
    wire: Wire, changes: Json, beside: Json
) -> None:
    token = wire.authority.signer.sign({**OURS, "roles": ["Mail.Send"]})
    assert await _mail_with(wire, token, {**MESSAGE, **changes}, **beside) == 400
    assert wire.graph.sent == []


async def test_graph_keeps_how_a_message_came(wire: Wire) -> None:
    token = wire.authority.signer.sign({**OURS, "roles": ["Mail.Send"]})
    copies = {"bccRecipients": [{"emailAddress": {"address": "else@where.example"}}]}
    body = {"contentType": "HTML", "content": "<b>x</b>"}
    message = {**MESSAGE, **copies, "body": body}
    assert await _mail_with(wire, token, message, saveToSentItems=False) == 202
    assert wire.to == [CALLER, "else@where.example"]
    first = wire.graph.sent[0]
    assert (first.content_type, first.kept) == ("HTML", False)
    assert first.with_others == ("else@where.example",)


async def test_what_the_sign_in_service_says_beside_the_code_is_not_passed_on(wire: Wire) -> None:
    status, body = await ask(wire, "eyJhbGciOiJub25lIn0.e30.")
    assert status == 401
    assert body["correlation_id"] in body["error_description"]
    wire.authority.failures.append((400, "invalid_client"))
    with pytest.raises(TokenUnavailable) as told:
        await wire.identity().token(SCOPE)
    assert str(told.value) == "invalid_client"


async def test_a_token_says_its_tenant_and_permissions(wire: Wire) -> None:
    wire.authority.permissions = {"Mail.Send"}
    token = await wire.identity().token(SCOPE)
    claims = wire.authority.signer.claims_of(token, OURS["aud"])
    assert (claims["tid"], claims["roles"]) == (TENANT, ["Mail.Send"])


async def test_a_certificate_that_was_replaced_is_used_from_the_next_sign_in_on(
    wire: Wire, tmp_path: Path
) -> None:
    file = tmp_path / "bot.pem"
    ClientCertificate(file)
    identity = wire.identity(certificate_file=str(file), monotonic=iter(range(0, 1000, 2)).__next__)
    with pytest.raises(TokenUnavailable, match="invalid_client"):
        await identity.token(SCOPE)
    file.write_text(await asyncio.to_thread(Path(wire.trust.bot.file).read_text))
    assert await identity.token(SCOPE)
