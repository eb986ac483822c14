"""A whole installation on loopback for the doctor to look at, and ways to break it."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.archive import open_archive
from bot.configuration import DEFAULT_FILE
from bot.doctor.checks import CHECKS
from bot.doctor.examine import examined
from bot.doctor.finding import Finding, Patient
from bot.opening import open_rows
from bot.rehearsal.authority import bot_framework_routes
from bot.rehearsal.rehearsal import LOOPBACK, serve
from bot.rehearsal.trust import TeamsSigner
from bot.settings import Settings
from bot.store.export import export
from tests.graph.wire import MAILBOX, TENANT, Wire

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
GROUP = "6d1f8f0e-2f5c-4c39-9a9c-11111111111"
JOBS = (
    ("duty_manager", "social_care"),
    ("duty_social_worker", "social_care"),
    ("masho", "social_care"),
    ("manager", "social_care"),
    ("rep", "education"),
    ("rep", "early_help"),
)
OWN_TENANT = "9d2f64a1-0000-4000-8000-000000000001"
INSIGHTS = "InstrumentationKey=00000000-0000-4000-8000-0000000000aa;IngestionEndpoint="


def whole_file() -> str:
    """The example, filled in as a council would, with groups and a mailbox of its own."""
    text = DEFAULT_FILE.read_text(encoding="utf-8")
    text = re.sub(r'object_id = "[^"]+"', lambda _: f'object_id = "{uuid.uuid4()}"', text)
    ids = iter(range(2, 99))
    text = text.replace(TENANT, OWN_TENANT)
    text = re.sub(
        r'^id = "[0-9a-f]{8}-(?!0000-4000)[^"]+"',
        lambda _: f'id = "9d2f64a1-0000-4000-8000-{next(ids):012d}"',
        text,
        flags=re.MULTILINE,
    )
    text = text.replace("01632 960", "0115 496 0").replace("riverside.example", "council.test")
    text = text.replace("19:dutydesk0000000000000000000000@", "19:a1b2c3@")
    text = text.replace("2027-01-01]", "2027-01-01, 2027-03-26]")
    groups = "\n".join(
        f'[[graph.groups]]\nid = "{GROUP}{n}"\nrole = "{role}"\nagency = "{agency}"\n'
        for n, (role, agency) in enumerate(JOBS)
    )
    return text.replace("[calendar]", f"{groups}\n[calendar]", 1)


OWN_MAILBOX = MAILBOX.replace("riverside.example", "council.test")


@dataclass
class Clinic:
    """`change` puts other settings in place of whole ones; `file` is the partnership's text."""

    wire: Wire
    folder: Path
    teams: str
    file: str = field(default_factory=whole_file)
    env: dict[str, str] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    other_mailbox: str = "head@council.test"
    now: dt.datetime = NOW

    @property
    def path(self) -> Path:
        return self.folder / "partnership.toml"

    def settings(self) -> Settings:
        made = self.wire.settings(
            openid=f"{self.teams}/v1/.well-known/openidconfiguration",
            service_url=f"{self.teams}/",
            store=str(self.folder / "store.db"),
            configuration=self.path,
            tenant_id=OWN_TENANT,
            authority=f"{self.wire.base}/{OWN_TENANT}",
        )
        whole = {
            "telemetry": SecretStr(f"{INSIGHTS}{self.teams}/"),
            "export": str(self.folder / "export"),
            "keys": str(self.folder / "keys"),
            **self.change,
        }
        return Settings.model_validate({**made.model_dump(), **whole})

    async def exported(self, at: dt.datetime | None = None) -> None:
        """As the bot does at night."""
        rows = open_rows(str(self.folder / "store.db"))
        archive = open_archive(str(self.folder / "export"), str(self.folder / "keys"), None)
        await rows.start()
        await archive.start()
        await export(rows, archive.files, archive.keys, at or dt.datetime.now(dt.UTC))
        await rows.close()

    def patient(self) -> Patient:
        self.path.write_text(self.file, encoding="utf-8")
        return Patient(
            env=self.env,
            read_settings=self.settings,
            now=lambda: self.now,
            other_mailbox=self.other_mailbox,
        )

    async def looked(self, name: str = "", *, within_s: float = 30.0) -> list[Finding]:
        """What one check finds, or all; what the others need is always looked at first."""
        found = []
        async for check, finding in examined(self.patient(), CHECKS, within_s):
            if not name or check == name:
                found.append(finding)
        return found

    async def said(self, name: str) -> str:
        """Levels and words of one check, a line each."""
        return "\n".join(f"{f.level} {f.words}" for f in await self.looked(name))


async def _taken(request: web.Request) -> web.Response:
    """As Application Insights answers."""
    count = len(await request.json())
    return web.json_response({"itemsReceived": count, "itemsAccepted": count, "errors": []})


@asynccontextmanager
async def clinic_of(wire: Wire, folder: Path) -> AsyncIterator[Clinic]:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    base = f"http://{LOOPBACK}:{port}"
    app = web.Application()
    app.add_routes(bot_framework_routes(TeamsSigner(), base))
    app.router.add_post("/{path:.*}", _taken)
    runner, _ = await serve(app, port)
    wire.graph._mailbox = OWN_MAILBOX
    yield Clinic(wire, folder, base)
    await runner.cleanup()
    await asyncio.sleep(0.05)
