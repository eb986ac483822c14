"""Mail and groups against the simulated Graph: real TLS, real msal, the bot's certificate."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from bot.configuration import DEFAULT_FILE
from bot.graph.client import GraphClient
from bot.graph.groups import GraphGroups
from bot.graph.mail import GraphMailbox
from bot.identity import WITHIN_S, Identity
from bot.rehearsal.authority import Authority
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.graph_api import GraphApi
from bot.rehearsal.rehearsal import LOOPBACK, serve
from bot.rehearsal.trust import ThrowawayAuthority
from bot.settings import REHEARSAL_APP_ID, Settings, for_rehearsal

MAILBOX = "front.door@riverside.example"
CALLER = "amira.holt@school.example"
SUBJECT = "About your call"
TEXT = "Thank you for ringing about the family."
KNOWN = "e7bea9f2-27e6-5e2b-bf56-6237c83f07f1"
TENANT = "310b23aa-d92e-5d98-8d00-a6d122720720"


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wire:
    """One simulated sign-in service and Graph, and as many clients as a test wants."""

    def __init__(self, trust: ThrowawayAuthority) -> None:
        self.trust = trust
        self.authority = Authority(REHEARSAL_APP_ID, trust.bot.certificate)
        self.graph = GraphApi(
            self.authority.signer,
            RehearsalClock(),
            app_id=REHEARSAL_APP_ID,
            mailbox=MAILBOX,
            known=[KNOWN],
        )
        self._closing: list[Any] = []

    async def start(self) -> None:
        app = web.Application()
        app.add_routes([*self.authority.routes(), *self.graph.routes()])
        self.runner, port = await serve(app, 0, self.trust.server_context)
        self.base = f"https://{LOOPBACK}:{port}"
        self.authority.base = self.base

    async def stop(self) -> None:
        for part in self._closing:
            await part.close()
        await self.runner.cleanup()
        for part in self._closing:
            if isinstance(part, Identity):  # what hung ends now that the other side is gone
                for thread in part._threads:
                    await asyncio.to_thread(thread.join, 5)
        await asyncio.sleep(0.05)

    def settings(self, **changes: Any) -> Settings:
        values = {
            "port": 3978,
            "openid": f"{self.base}/openid",
            "authority": f"{self.base}/{TENANT}",
            "authority_ca": self.trust.ca_file,
            "store": "unused.db",
            "configuration": DEFAULT_FILE,
            "tenant_id": TENANT,
            "graph": self.base,
            "certificate_file": self.trust.bot.file,
        }
        return for_rehearsal(**{**values, **changes})

    def identity(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        within_s: float = WITHIN_S,
        **changes: Any,
    ) -> Identity:
        """`changes`: to the settings."""
        made = Identity(self.settings(**changes), monotonic, within_s=within_s)
        self._closing.append(made)
        return made

    def client(self, base: str = "", identity: Identity | None = None) -> GraphClient:
        """`base`: another Graph than the simulated one."""
        trusted = ssl.create_default_context(cafile=self.trust.ca_file)
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trusted, force_close=True)
        )
        self._closing.append(session)
        return GraphClient(session, base or self.base, identity or self.identity())

    def mailbox(
        self, mailbox: str = MAILBOX, identity: Identity | None = None, base: str = "", **how: float
    ) -> GraphMailbox:
        return GraphMailbox(self.client(base, identity), mailbox, **how)

    def groups(self, identity: Identity | None = None, base: str = "", **how: float) -> GraphGroups:
        return GraphGroups(self.client(base, identity), **how)

    @property
    def to(self) -> list[str]:
        return [mail.to for mail in self.graph.sent]


@asynccontextmanager
async def instead(trust: ThrowawayAuthority, handler: Handler) -> AsyncIterator[str]:
    """Address of a Graph that answers every call with `handler`."""
    app = web.Application()
    app.router.add_post("/{path:.*}", handler)
    runner, port = await serve(app, 0, trust.server_context)
    yield f"https://{LOOPBACK}:{port}"
    await runner.cleanup()


@asynccontextmanager
async def wired(trust: ThrowawayAuthority) -> AsyncIterator[Wire]:
    made = Wire(trust)
    await made.start()
    yield made
    await made.stop()


@asynccontextmanager
async def anything(trust: ThrowawayAuthority, handler: Handler) -> AsyncIterator[str]:
    """Address of a service that answers every request with `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner, port = await serve(app, 0, trust.server_context)
    yield f"https://{LOOPBACK}:{port}"
    await runner.cleanup()
