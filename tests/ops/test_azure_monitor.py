"""What Application Insights is really sent: the exporter's own bytes, to loopback."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot import telemetry as t
from bot.assemble import FrontDoor
from bot.azure_monitor import _credential, azure_monitor
from bot.command_line import main
from bot.configuration import DEFAULT_FILE, ConfigurationError
from bot.rehearsal.rehearsal import LOOPBACK, Rehearsal, serve
from bot.settings import Settings, for_playground, from_environment
from bot.store.measured import MeasuredRows
from bot.store.sqlite import SqliteRows
from bot.watching import known_signals, telemetry_of
from tests.graph.wire import Wire
from tests.wire.acting import PLAN, Acting

KEY = "00000000-0000-4000-8000-0000000000aa"
PLANTED = ("Amira", "Holt", "07700 900", "9900101", "breakfast", "Femi", "riverside.example", "Zeb")


@dataclass
class Ingestion:
    """Takes what is sent, and keeps the bytes as they came and unpacked."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        if not self.gate.is_set():
            await self.gate.wait()
            if request.transport:
                request.transport.abort()
        count = len(json.loads(body))
        answer = {"itemsReceived": count, "itemsAccepted": count, "errors": []}
        return web.json_response(answer, headers={"Connection": "close"})

    @property
    def items(self) -> list[dict[str, Any]]:
        return [item for body in self.bodies for item in json.loads(body)]

    def names(self, kind: str) -> set[str]:
        """Of metrics, requests or dependencies."""
        data = [i["data"]["baseData"] for i in self.items if i["data"]["baseType"] == kind]
        if kind == "MetricData":
            return {d["metrics"][0]["name"] for d in data}
        return {d["name"] for d in data}

    @property
    def connection_string(self) -> str:
        return f"InstrumentationKey={KEY};IngestionEndpoint={self.url}"


@asynccontextmanager
async def ingesting(context: Any = None) -> AsyncIterator[Ingestion]:
    made = Ingestion()
    made.gate.set()
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_post("/{path:.*}", made.handle)
    runner, port = await serve(app, 0, context)
    made.url = f"{'https' if context else 'http'}://{LOOPBACK}:{port}/"
    yield made
    made.gate.set()
    await asyncio.sleep(0.1)
    await runner.cleanup()
    await asyncio.sleep(0.05)  # transports end a turn after they are closed


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", LOOPBACK)
    monkeypatch.setenv("no_proxy", LOOPBACK)


def of(ingestion: Ingestion, **more: Any) -> Settings:
    return Settings(
        app_id="x", tenant_id="y", telemetry=SecretStr(ingestion.connection_string), **more
    )


async def whole_referral(acting: Acting) -> None:
    """With a name, a number and an address in every box there is, and things going wrong."""
    await acting.referred(seen_heard="Amira Holt came in without breakfast. Zeb hit her.")
    await acting.tap("pol-1", "add", words="Ring Amira's dad on 07700 900123")
    await acting.tap("hlt-1", "add", words="Zeb is known to us, Amira Holt said so")
    await acting.tap("eh-1", "claim")
    plan = {**PLAN, "action_1": "Visit Amira Holt at 1 Breakfast Lane", "family_view": "Zeb agrees"}
    await acting.dialog(
        "eh-1",
        "outcome.open",
        "outcome.pick",
        **{**plan, "outcome": "ehu", "rationale": "Amira wants help"},
    )
    root = (await acting.briefing()).id
    await acting.hands("pol-1").say("@Front Door Amira Holt was seen by Zeb", thread=root)
    await acting.hands("mgr-1").say("history Amira Holt", place="personal")

    async def fault(*_: object) -> None:
        raise RuntimeError("Amira Holt, zeb@school.riverside.example")

    acting.desk.log.append = fault  # type: ignore[method-assign, assignment]
    await acting.tap("hlt-1", "add", words="Amira again")


async def test_nothing_that_anybody_typed_and_no_name_or_number_is_in_what_is_sent(
    tmp_path: Path,
) -> None:
    async with ingesting() as ingestion:
        rehearsal = Rehearsal(store=str(tmp_path / "rehearsal.db"))
        rehearsal.telemetry = azure_monitor(of(ingestion, anonymous=True), known_signals())
        await rehearsal.start()
        try:
            await whole_referral(Acting(rehearsal))
        finally:
            await rehearsal.stop()

    sent = b"\n".join(ingestion.bodies).decode()
    assert {"turn intake.brief", "turn add", "turn message"} <= ingestion.names("RequestData")
    assert {"effect post_briefing", "store.write"} <= ingestion.names("RemoteDependencyData")
    assert {t.PRESSES, t.STORE_CALLS} <= ingestion.names("MetricData")
    assert '"frontdoor.fault": "RuntimeError"' in sent or '"frontdoor.fault":"RuntimeError"' in sent
    assert [word for word in PLANTED if word.lower() in sent.lower()] == []
    people = rehearsal.partnership.people
    assert [p.id for p in people if p.object_id in sent or p.name in sent] == []


async def test_what_is_left_is_sent_at_the_stop_and_nothing_lies_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with ingesting() as ingestion:
        made = azure_monitor(of(ingestion, anonymous=True), known_signals())
        made.pressed("claim", "taken")
        with made.span("turn", root=True, verb="claim"):
            pass
        await made.stop()

    assert ingestion.names("MetricData") == {t.PRESSES}
    assert ingestion.names("RequestData") == {"turn claim"}
    assert os.listdir(tmp_path) == []


async def test_an_endpoint_that_does_not_answer_holds_the_stop_for_two_seconds_at_most() -> None:
    async with ingesting() as ingestion:
        ingestion.gate.clear()
        made = azure_monitor(of(ingestion, anonymous=True), known_signals())
        made.pressed("claim", "taken")
        stopping = asyncio.create_task(made.stop())
        done, _ = await asyncio.wait([stopping], timeout=t.STOPS_WITHIN_S + 5)

    assert done == {stopping}
    assert ingestion.bodies, "it was asked, and did not answer"


async def test_the_loop_goes_on_while_it_stops() -> None:
    async with ingesting() as ingestion:
        ingestion.gate.clear()
        made = azure_monitor(of(ingestion, anonymous=True), known_signals())
        made.pressed("claim", "taken")
        stopping = asyncio.create_task(made.stop())
        turns = 0
        while not stopping.done():
            await asyncio.sleep(0.01)
            turns += 1

    assert turns > 10


async def test_it_signs_in_as_the_app_itself_and_sends_over_tls(wire: Wire) -> None:
    async with ingesting(wire.trust.server_context) as ingestion:
        settings = wire.settings().model_copy(
            update={"telemetry": SecretStr(ingestion.connection_string)}
        )
        made = azure_monitor(settings, known_signals(), connection_verify=wire.trust.ca_file)
        made.pressed("claim", "taken")
        await made.stop()

    assert ingestion.names("MetricData") == {t.PRESSES}
    [header] = {h["Authorization"] for h in ingestion.headers}
    claims = wire.authority.signer.claims_of(
        header.removeprefix("Bearer "), "https://monitor.azure.com/"
    )
    assert claims["appid"] == settings.app_id
    assert wire.authority.signed_in_by_certificate == 1


async def test_in_production_it_is_the_managed_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    async def token(request: web.Request) -> web.Response:
        asked.append(dict(request.query))
        ends = str(int(time.time()) + 86_400)
        return web.json_response(
            {"access_token": "given", "expires_on": ends, "resource": request.query["resource"]}
        )

    app = web.Application()
    app.router.add_get("/msi/token", token)
    runner, port = await serve(app, 0)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{LOOPBACK}:{port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "given-header")
    credential = _credential(Settings(app_id="our-app", tenant_id="y"))
    found = await asyncio.to_thread(credential.get_token, "https://monitor.azure.com//.default")
    credential.close()
    await runner.cleanup()

    assert found.token == "given"
    assert [q["client_id"] for q in asked] == ["our-app"]
    assert asked[0]["resource"].startswith("https://monitor.azure.com")


async def test_the_exporter_measures_nothing_for_microsoft_and_asks_it_nothing() -> None:
    async with ingesting() as ingestion:
        before = set(threading.enumerate())
        made = azure_monitor(of(ingestion, anonymous=True), known_signals())
        threads = {thread.name for thread in set(threading.enumerate()) - before}
        await made.stop()

    from azure.monitor.opentelemetry.exporter._configuration._state import (
        get_configuration_manager,
    )
    from azure.monitor.opentelemetry.exporter.statsbeat._state import is_statsbeat_enabled

    assert not is_statsbeat_enabled()
    assert get_configuration_manager() is None
    assert threads == {"OtelPeriodicExportingMetricReader", "OtelBatchSpanRecordProcessor"}


@pytest.mark.parametrize(
    "value", ["nonsense", "InstrumentationKey=not-a-guid", "IngestionEndpoint=https://x/"]
)
def test_a_connection_string_that_cannot_be_used_is_named(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APPLICATIONINSIGHTS_CONNECTION_STRING", raising=False)
    settings = Settings(app_id="x", tenant_id="y", telemetry=SecretStr(value), anonymous=True)

    with pytest.raises(ConfigurationError, match="APPLICATIONINSIGHTS_CONNECTION_STRING"):
        telemetry_of(settings)


def test_the_environment_configures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    env = {
        "MICROSOFT_APP_ID": "x",
        "MICROSOFT_APP_TENANT_ID": "y",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": f"InstrumentationKey={KEY}",
        "FRONT_DOOR_TRACE_SHARE": "0.25",
    }

    made = from_environment(env)

    assert made.telemetry.get_secret_value() == f"InstrumentationKey={KEY}"
    assert made.trace_share == 0.25
    assert KEY not in repr(made)


def test_a_share_beyond_one_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "MICROSOFT_APP_ID": "x",
        "MICROSOFT_APP_TENANT_ID": "y",
        "FRONT_DOOR_TRACE_SHARE": "7",
    }.items():
        monkeypatch.setenv(name, value)

    assert main(["serve"]) == 64
    assert "FRONT_DOOR_TRACE_SHARE" in capsys.readouterr().err


async def test_the_bot_is_watched_where_the_settings_say_so(tmp_path: Path) -> None:
    async with ingesting() as ingestion:
        made = for_playground(
            host=LOOPBACK, port=3978, store=str(tmp_path / "s.db"), configuration=DEFAULT_FILE
        ).model_copy(update={"telemetry": SecretStr(ingestion.connection_string)})
        front_door = FrontDoor(made)
        await front_door.start()
        await front_door.stop()

    assert isinstance(front_door.rows, MeasuredRows)
    assert t.STORE_CALLS in ingestion.names("MetricData")


async def test_nothing_stands_around_the_store_where_nobody_watches(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    front_door = FrontDoor(
        for_playground(host=LOOPBACK, port=3978, store=store, configuration=DEFAULT_FILE)
    )

    assert isinstance(front_door.rows, SqliteRows)
    await front_door.identity.close()
