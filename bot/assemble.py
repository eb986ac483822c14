"""Settings to parts to routes. Everything is built here, once; nothing at import."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot import configuration
from bot.archive import check_places, open_archive
from bot.configuration import ConfigurationError
from bot.desk.desk import Desk
from bot.desk.directory import Directory
from bot.desk.graph_ports import Groups, Mailbox
from bot.desk.ports import Clock, Rows
from bot.desk.signals import SILENT, Signals
from bot.domain.partnership import Partnership
from bot.domain.vocabulary import HOST_TENANT
from bot.graph import client as graph
from bot.graph.groups import GraphGroups
from bot.graph.mail import GraphMailbox
from bot.graph_session import graph_session
from bot.identity import CONNECTOR_SCOPE, Identity, NoTokens, Tokens
from bot.opening import open_rows, start_store
from bot.records.daily import DailyExport
from bot.settings import Settings
from bot.store.archive import Archive
from bot.store.log import TableLog
from bot.store.measured import MeasuredRows
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
from bot.teams.pacing import Pace, Unlimited
from bot.teams.who import Who
from bot.warming import Warming
from bot.watching import telemetry_of
from bot.web import Health

if TYPE_CHECKING:
    from bot.telemetry import Telemetry

_log = logging.getLogger("frontdoor.assemble")

_HTTP_TIMEOUT_S = 10
_WORK_ENDS_WITHIN_S = 7.0
"""All of it together, once nothing comes in any more; to close takes two more at most, because
tokens and telemetry each give up by then. So presses and first tokens leave what is owed two."""
_PRESSES_END_WITHIN_S = 4.0
_WARMING_ENDS_WITHIN_S = 1.0
_SENDING_ENDS_WITHIN_S = 5.0
"""What has not gone out by then goes out when this process, or another, is started."""
_FILES_END_WITHIN_S = 3.0


class SystemClock:
    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class FrontDoor:
    """The running bot: `start`, serve `app`, `stop`. `mailbox` and `groups` are None where the
    partnership has none or Microsoft Graph is not there; `warming` goes on after the start.
    """

    def __init__(
        self,
        settings: Settings,
        partnership: Partnership | None = None,
        clock: Clock | None = None,
        rows: Rows | None = None,
        *,
        single: bool | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        telemetry: Telemetry | None = None,
    ) -> None:
        """`single`: this process is the store's only one; told from the store when None.
        `monotonic`, in seconds, tells how old a role is. `telemetry` is stopped with this; by
        default it is as the settings say.
        """
        self.settings = settings
        found = partnership or configuration.load(settings.configuration)
        # Without Graph nothing may be offered that needs it: in rehearsal alone, by the list.
        found = found if settings.graph else replace(found.by_the_list(), mailbox="")
        self.partnership = replace(found, earlier={}, rostered={})
        self.mailbox: Mailbox | None = None
        self.groups: Groups | None = None
        self.clock = clock or SystemClock()
        self.identity = Identity(settings)
        self._tokens: Tokens = NoTokens() if settings.anonymous else self.identity
        self.warming = Warming(self._tokens)
        found_rows = rows or open_rows(settings.store.get_secret_value(), settings)
        self._single = isinstance(found_rows, SqliteRows) if single is None else single
        self._telemetry = telemetry or telemetry_of(settings)
        self.signals: Signals = self._telemetry or SILENT
        self.rows = MeasuredRows(found_rows, self.signals) if self._telemetry else found_rows
        self.log = TableLog(self.rows)
        self._monotonic = monotonic
        self._archive: Archive | None = None
        self._export: DailyExport | None = None
        self._closing = AsyncExitStack()
        """What to close, the newest first, whichever of it cannot be closed."""

    async def start(self) -> None:
        """Store first, then keys, then what is owed goes out; the first tokens come behind. What
        was begun is closed again where it does not get that far. Raises ConfigurationError,
        StoreUnavailable and StoreTooNew.
        """
        try:
            await self._start()
        except BaseException:
            await self._closing.aclose()
            raise

    async def _start(self) -> None:
        s = self.settings
        closing = self._closing.push_async_callback
        self._check()
        closing(self._stop_telling)
        closing(self.rows.close)
        await start_store(self.rows)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_HTTP_TIMEOUT_S), json_serialize=compact_json
        )
        closing(self._session.close)
        closing(self.warming.stop, 0.0)
        await self._start_graph()
        self._build()
        await self.directory.start()
        await self.channel.start()
        if not s.anonymous:
            self.warming.begin(self.warming.first_token(CONNECTOR_SCOPE))
            await self._first_keys()
        self._start_export()
        await self.desk.start()

    def _build(self) -> None:
        """What serves, over the store and the session there are."""
        s, closing = self.settings, self._closing.push_async_callback
        self.keys = SigningKeys(self._session, s.openid)
        closing(self.keys.stop)
        connector = Connector(
            self._session,
            self._tokens,
            s.service_hosts,
            plain=s.rehearsal or s.anonymous,
            pace=Pace() if s.paced else Unlimited(),
        )
        self.directory = Directory(
            self.partnership, self.groups, self.log, self.clock, self._monotonic
        )
        self.channel = TeamsChannel(
            self.partnership,
            connector,
            self.log,
            self.directory,
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
            mailbox=self.mailbox,
            signals=self.signals,
        )
        gate = None if s.anonymous else Gate(self.keys, s.app_id, rehearsal=s.rehearsal)
        self.transfer = FileTransfer(plain=s.rehearsal or s.anonymous)
        self.transfer.start()
        closing(self.transfer.stop)
        self.files = TeamsFiles(connector, self.transfer, bot_id=f"28:{s.app_id}")
        who = Who(self.desk, self.directory, self.channel.tenant_of)
        self.bot = FrontDoorBot(self.desk, who, self.channel, self.files)
        self.adapter = FrontDoorAdapter(gate, connector, self.bot, bot_id=f"28:{s.app_id}")
        self.health = Health(self.desk, lambda: s.anonymous or self.keys.ready)
        closing(self.health.stop)
        closing(self.directory.stop)
        closing(self.channel.stop)
        closing(self.desk.ticker.stop)

    def _start_export(self) -> None:
        """A destination that is not there at the start must not keep the desk shut."""
        s = self.settings
        if not s.export.get_secret_value():
            return
        self._archive = open_archive(s.export.get_secret_value(), s.keys.get_secret_value(), s)
        self._export = DailyExport(
            self.rows,
            self._archive,
            self.clock,
            self.partnership.calendar,
            self.partnership.export_at,
            self.signals.export_age,
        )
        self._export.start()

    async def _stop_export(self) -> None:
        if self._export:
            await self._export.stop()
        if self._archive:
            await self._archive.close()

    def _check(self) -> None:
        """Raises ConfigurationError where the app is not of the council's own tenant: people of
        the host are then looked up in the wrong directory.
        """
        s = self.settings
        check_places(s.export.get_secret_value(), s.keys.get_secret_value())
        if s.anonymous:
            return
        host = self.partnership.tenants[HOST_TENANT]
        if s.tenant_id.lower() != host.lower():
            raise ConfigurationError(
                f"MICROSOFT_APP_TENANT_ID: expected the id of tenants.host, {host};"
                f" got '{s.tenant_id}'"
            )
        if s.secret.get_secret_value() and not (s.rehearsal or s.certificate_file):
            _log.warning("start.secret_is_for_development")

    async def _first_keys(self) -> None:
        try:
            await self.keys.fetch()
        except KEY_FAULTS as error:
            _log.warning("start.keys_not_read", extra={"fault": type(error).__name__})

    async def _start_graph(self) -> None:
        p = self.partnership
        if not (p.mailbox or p.groups):
            return
        session = await graph_session(self.settings)
        self._closing.push_async_callback(session.close)
        client = graph.GraphClient(session, self.settings.graph, self._tokens)
        self.mailbox = GraphMailbox(client, p.mailbox) if p.mailbox else None
        self.groups = GraphGroups(client) if p.groups else None
        group_id = p.groups[0].group_id if p.groups else ""
        self.warming.begin(self.warming.first_of_graph(self.groups, group_id))

    def app(self) -> web.Application:
        app = web.Application(
            client_max_size=MOST_BODY_BYTES,
            handler_args={"auto_decompress": False},  # a body that cannot be unpacked is a 500
        )
        app.router.add_post("/api/messages", self.adapter.handle)
        app.add_routes(self.health.routes())
        return app

    async def stop(self) -> None:
        """Once nothing comes in any more: what was begun is ended, what is owed goes out, within
        about ten seconds.
        """
        ends_at = time.monotonic() + _WORK_ENDS_WITHIN_S

        def left_s(most: float) -> float:
            return max(0.0, min(most, ends_at - time.monotonic()))

        try:
            await self.bot.in_time.ended(left_s(_PRESSES_END_WITHIN_S))
            await self.warming.stop(left_s(_WARMING_ENDS_WITHIN_S))
            await self._stop_export()
            await self.desk.stop(left_s(_SENDING_ENDS_WITHIN_S))
            await self.files.stop(left_s(_FILES_END_WITHIN_S))
        finally:
            await self._closing.aclose()

    async def _stop_telling(self) -> None:
        telemetry = (self._telemetry.stop(),) if self._telemetry else ()
        await asyncio.gather(self.identity.close(), *telemetry)
