"""Settings to parts to routes. Everything is built here, once; nothing at import."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from azure.core.credentials import AccessToken

from bot import configuration
from bot.desk.desk import Desk
from bot.desk.ports import Clock, Rows
from bot.domain.partnership import Partnership
from bot.identity import CONNECTOR_SCOPE, Identity, NoTokens, Tokens, TokenUnavailable
from bot.settings import Settings, is_connection_string
from bot.store.azure_tables import AzureRows
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from bot.store.tallies import TableTallies
from bot.teams.activities import compact_json
from bot.teams.adapter import MOST_BODY_BYTES, FrontDoorAdapter
from bot.teams.bot import FrontDoorBot
from bot.teams.channel import TeamsChannel
from bot.teams.connector import Connector
from bot.teams.file_transfer import FileTransfer
from bot.teams.files import TeamsFiles
from bot.teams.inbound import KEY_FAULTS, Gate, SigningKeys
from bot.web import health_routes

_log = logging.getLogger("frontdoor.assemble")

_STORAGE_SCOPE = "https://storage.azure.com/.default"
_HTTP_TIMEOUT_S = 10


class SystemClock:
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class _StorageCredential:
    """The process's own identity, in the shape azure-core asks for."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        token = await self._identity.token(scopes[0] if scopes else _STORAGE_SCOPE)
        return AccessToken(token, int(dt.datetime.now(dt.UTC).timestamp()) + 300)

    async def close(self) -> None:
        return None

    async def __aenter__(self) -> _StorageCredential:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def open_rows(store: str, identity: Identity | None = None) -> Rows:
    """`store`: a file path (SQLite), a connection string, or an https table endpoint."""
    if store.startswith("https://") and identity is not None:
        return AzureRows(store, _StorageCredential(identity))
    if is_connection_string(store):
        return AzureRows(store)
    return SqliteRows(Path(store))


class FrontDoor:
    """The running bot: `start`, serve `app`, `stop`."""

    def __init__(
        self,
        settings: Settings,
        partnership: Partnership | None = None,
        clock: Clock | None = None,
        rows: Rows | None = None,
        *,
        single: bool | None = None,
    ) -> None:
        """`single`: this process is the store's only one; told from the store when None."""
        self.settings = settings
        self.partnership = partnership or configuration.load(settings.configuration)
        self.clock = clock or SystemClock()
        self.identity = Identity(settings)
        self._tokens: Tokens = NoTokens() if settings.anonymous else self.identity
        self.rows = rows or open_rows(settings.store, self.identity)
        self._single = isinstance(self.rows, SqliteRows) if single is None else single
        self.log = TableLog(self.rows)

    async def start(self) -> None:
        """Store first, then keys and the first token together, then what is owed goes out."""
        s = self.settings
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_HTTP_TIMEOUT_S), json_serialize=compact_json
        )
        await self.rows.start()
        self.keys = SigningKeys(self._session, s.openid)
        connector = Connector(
            self._session, self._tokens, s.service_hosts, plain=s.rehearsal or s.anonymous
        )
        self.channel = TeamsChannel(
            self.partnership,
            connector,
            self.log,
            bot_id=f"28:{s.app_id}",
            service_url=s.service_url,
        )
        self.desk = Desk(
            self.partnership,
            self.log,
            TableTallies(self.rows),
            self.channel,
            self.clock,
            take_over_after_s=0.0 if self._single else 30.0,
        )
        gate = None if s.anonymous else Gate(self.keys, s.app_id, rehearsal=s.rehearsal)
        self.transfer = FileTransfer(plain=s.rehearsal or s.anonymous)
        self.transfer.start()
        self.files = TeamsFiles(connector, self.transfer, bot_id=f"28:{s.app_id}")
        self.bot = FrontDoorBot(self.desk, self.channel, self.files)
        self.adapter = FrontDoorAdapter(gate, connector, self.bot, bot_id=f"28:{s.app_id}")
        await self.channel.start()
        if not s.anonymous:
            await asyncio.gather(self._first_keys(), self._first_token())
        await self.desk.start()

    async def _first_keys(self) -> None:
        try:
            await self.keys.fetch()
        except KEY_FAULTS as error:
            _log.warning("start.keys_not_read", extra={"fault": type(error).__name__})

    async def _first_token(self) -> None:
        try:
            await self._tokens.token(CONNECTOR_SCOPE)
        except TokenUnavailable:
            _log.warning("start.no_token")

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY_BYTES)
        app.router.add_post("/api/messages", self.adapter.handle)
        anonymous = self.settings.anonymous
        app.add_routes(health_routes(self.desk, lambda: anonymous or self.keys.ready))
        return app

    async def stop(self) -> None:
        await self.files.stop()
        await self.desk.stop()
        await self.rows.close()
        await self.identity.close()
        await self.transfer.stop()
        await self._session.close()
