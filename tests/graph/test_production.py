"""What only production has: the system's trust and proxies, a managed identity, a real tenant."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import configuration
from bot.assemble import FrontDoor
from bot.command_line import main
from bot.configuration import ConfigurationError
from bot.desk.ports import StoreUnavailable
from bot.domain.partnership import RoleGroup
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.graph.client import SCOPE
from bot.graph_session import graph_session
from bot.identity import CONNECTOR_SCOPE, Identity, TokenUnavailable
from bot.opening import open_rows
from bot.rehearsal.rehearsal import serve
from bot.settings import Settings, from_environment
from tests.graph.wire import CALLER, KNOWN, MAILBOX, SUBJECT, TEXT, Wire

GROUP = "6d1f8f0e-2f5c-4c39-9a9c-111111111111"
PARTNERSHIP = configuration.load()
HOST = PARTNERSHIP.tenants[HOST_TENANT]
WITH_GROUPS = replace(PARTNERSHIP, groups=(RoleGroup(GROUP, Role.DUTY_MANAGER, "social_care"),))
OURS = {"MICROSOFT_APP_ID": "11111111-0000-4000-8000-000000000000"}
OF_OURS = {**OURS, "MICROSOFT_APP_TENANT_ID": HOST}
SINGLE = {**OF_OURS, "MICROSOFT_APP_TYPE": "SingleTenant"}


# Trust and proxies


@pytest.mark.parametrize("single", [True, False])
async def test_in_production_certificates_are_checked(single: bool) -> None:
    password = {"MICROSOFT_APP_PASSWORD": "x"}
    settings = from_environment({**SINGLE, **password} if single else OF_OURS)
    identity = Identity(settings)
    session = await graph_session(settings)

    assert identity._session.verify is True
    assert identity._session.trust_env is single
    assert session.connector is not None
    assert session.connector._ssl is True  # type: ignore[attr-defined]
    assert session.trust_env
    await session.close()
    await identity.close()


async def test_in_rehearsal_the_given_authority_is_trusted_and_no_other(wire: Wire) -> None:
    identity = Identity(wire.settings())
    session = await graph_session(wire.settings())

    assert identity._session.verify == wire.trust.ca_file
    assert session.connector is not None
    assert session.connector._ssl.verify_mode is ssl.CERT_REQUIRED  # type: ignore[attr-defined]
    assert not session.trust_env
    await session.close()
    await identity.close()


async def test_a_proxy_does_not_stand_between_the_parts_of_a_rehearsal(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert await wire.identity().token(SCOPE)


# A managed identity


@dataclass
class Endpoint:
    """What App Service and Container Apps put beside the app."""

    asked: list[tuple[dict[str, str], str | None]] = field(default_factory=list)
    answer: Any = None

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append((dict(request.query), request.headers.get("X-IDENTITY-HEADER")))
        if self.answer is not None:
            status, body = self.answer
            return web.json_response(body, status=status)
        ends = str(int(time.time()) + 86_400)
        made = f"token-{len(self.asked)}"
        return web.json_response(
            {"access_token": made, "expires_on": ends, "resource": request.query["resource"]}
        )


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Endpoint]:
    made = Endpoint()
    app = web.Application()
    app.router.add_get("/msi/token", made.handle)
    runner, port = await serve(app, 0)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "given-header")
    monkeypatch.delenv("IDENTITY_SERVER_THUMBPRINT", raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    yield made
    await runner.cleanup()


@pytest.fixture
async def managed() -> AsyncIterator[Identity]:
    made = Identity(from_environment(OF_OURS))
    yield made
    await made.close()


async def test_a_managed_identity_asks_its_endpoint_once_for_each_resource(
    endpoint: Endpoint, managed: Identity
) -> None:
    first = await managed.token(SCOPE)
    assert await managed.token(CONNECTOR_SCOPE) != first
    assert await managed.token(SCOPE) == first
    assert [query["resource"] for query, _ in endpoint.asked] == [
        "https://graph.microsoft.com",
        "https://api.botframework.com",
    ]
    assert {query["client_id"] for query, _ in endpoint.asked} == {OURS["MICROSOFT_APP_ID"]}
    assert {header for _, header in endpoint.asked} == {"given-header"}


async def test_a_managed_identitys_refused_token_is_asked_for_anew(
    endpoint: Endpoint, managed: Identity
) -> None:
    first = await managed.token(SCOPE)
    assert managed.refused(SCOPE, first)
    assert await managed.token(SCOPE) != first


@pytest.mark.parametrize(
    "answer",
    [
        (400, {"statusCode": 400, "message": "No managed identity found"}),
        (429, {"statusCode": 429}),
        (500, {"statusCode": 500}),
        (200, []),
        (200, {"access_token": "t", "expires_on": "2026-01-01T00:00:00Z"}),
        (200, {"access_token": "t", "expires_on": "1"}),
    ],
)
async def test_a_managed_identity_without_a_token_says_so_and_is_not_asked_again_at_once(
    endpoint: Endpoint, managed: Identity, answer: Any
) -> None:
    endpoint.answer = answer
    for _ in range(5):
        with pytest.raises(TokenUnavailable):
            await managed.token(SCOPE)
    assert len(endpoint.asked) == 1


async def test_a_store_without_a_token_is_not_available(endpoint: Endpoint) -> None:
    endpoint.answer = (400, {})
    rows = open_rows("https://127.0.0.1:9/account", from_environment(OF_OURS))
    with pytest.raises(StoreUnavailable):
        await rows.start()
    await rows.close()


# What is refused at start, and what is said


def test_an_app_of_one_tenant_needs_a_certificate_or_a_secret() -> None:
    with pytest.raises(ConfigurationError, match="MICROSOFT_APP_CERTIFICATE_FILE"):
        from_environment(SINGLE)
    assert from_environment({**SINGLE, "MICROSOFT_APP_PASSWORD": "x"}).secret
    assert from_environment({**SINGLE, "MICROSOFT_APP_CERTIFICATE_FILE": "a.pem"}).certificate_file


def test_settings_do_not_show_their_secrets() -> None:
    key = "AccountName=x;AccountKey=c2VjcmV0"
    made = from_environment({**SINGLE, "MICROSOFT_APP_PASSWORD": "hush", "FRONT_DOOR_STORE": key})
    assert made.store.get_secret_value() == key
    for shown in (repr(made), str(made)):
        assert "c2VjcmV0" not in shown
        assert "hush" not in shown


@pytest.mark.parametrize("more", [[], ["--anonymous"]])
def test_a_graph_is_for_rehearsal_only(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--graph", "https://127.0.0.1:1", *more]) == 64
    assert "--graph: in rehearsal only" in capsys.readouterr().err


async def test_the_bot_does_not_start_for_another_tenant_than_the_councils(
    tmp_path: Path,
) -> None:
    store = tmp_path / "other.db"
    for graph in ("https://graph.microsoft.com", ""):
        settings = Settings(app_id="a", tenant_id=KNOWN, store=str(store), graph=graph)
        with pytest.raises(ConfigurationError, match=f"MICROSOFT_APP_TENANT_ID: .*{HOST}"):
            await FrontDoor(settings, PARTNERSHIP).start()
    assert not await asyncio.to_thread(store.exists)


async def test_a_tenant_may_be_written_in_capitals(wire: Wire, tmp_path: Path) -> None:
    settings = wire.settings(tenant_id=HOST.upper(), store=str(tmp_path / "capitals.db"))
    front_door = FrontDoor(settings, PARTNERSHIP)
    await front_door.start()
    await front_door.stop()


async def said_at_start(
    settings: Settings, caplog: pytest.LogCaptureFixture, partnership: Any = WITH_GROUPS
) -> list[str]:
    """The start's own lines, once all is quiet."""
    caplog.set_level(logging.WARNING)
    front_door = FrontDoor(settings, partnership)
    await front_door.start()
    await asyncio.gather(*front_door.warming.tasks)
    await front_door.stop()
    lines = [r.getMessage() for r in caplog.records if r.name == "frontdoor.assemble"]
    return [line for line in lines if line != "start.keys_not_read"]


async def test_when_all_is_there_nothing_is_said(
    wire: Wire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert await said_at_start(wire.settings(store=str(tmp_path / "a.db")), caplog) == []
    assert wire.graph.sent == []


@pytest.mark.parametrize("missing", ["User.Read.All", "GroupMember.Read.All"])
async def test_a_missing_permission_is_said_at_start(
    wire: Wire, tmp_path: Path, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    wire.authority.permissions.remove(missing)
    said = await said_at_start(wire.settings(store=str(tmp_path / "a.db")), caplog)
    assert said == ["start.groups_not_permitted"]


async def test_a_missing_token_is_said_at_start_and_the_bot_starts(
    wire: Wire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wire.authority.failures += [(401, "invalid_client")] * 2
    said = await said_at_start(wire.settings(store=str(tmp_path / "a.db")), caplog)
    assert said == ["start.no_token", "start.no_token"]


async def test_a_secret_in_production_is_said_to_be_for_development(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, wire: Wire
) -> None:
    in_production = wire.settings(store=str(tmp_path / "a.db"), certificate_file="").model_copy(
        update={"rehearsal": False}
    )
    made = await said_at_start(in_production, caplog, replace(PARTNERSHIP, mailbox=""))
    assert made == ["start.secret_is_for_development"]


async def test_the_bot_is_there_before_its_first_token(wire: Wire, tmp_path: Path) -> None:
    """The sign-in service answers only after the start."""
    wire.authority.gate.clear()
    front_door = FrontDoor(wire.settings(store=str(tmp_path / "a.db")), PARTNERSHIP)
    await asyncio.wait_for(front_door.start(), 30)
    wire.authority.gate.set()
    assert front_door.mailbox is not None
    await front_door.mailbox.send(CALLER, SUBJECT, TEXT)
    assert [mail.sender for mail in wire.graph.sent] == [MAILBOX]
    await front_door.stop()
