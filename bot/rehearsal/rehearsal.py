"""A whole rehearsal in one process: the bot, the simulated Teams, its sign-in and its Microsoft
Graph, on loopback.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot import configuration, settings
from bot.assemble import FrontDoor
from bot.configuration import DEFAULT_FILE
from bot.desk.ports import Rows
from bot.domain.partnership import Partnership, Person
from bot.domain.vocabulary import HOST_TENANT
from bot.opening import open_rows
from bot.rehearsal.authority import Authority, bot_framework_routes
from bot.rehearsal.clock import RehearsalClock, advance
from bot.rehearsal.connector_api import ConnectorApi
from bot.rehearsal.file_store import FileStore
from bot.rehearsal.graph_api import GraphApi
from bot.rehearsal.people import People
from bot.rehearsal.people_files import PeopleFiles
from bot.rehearsal.throttle import Throttle
from bot.rehearsal.trust import TeamsSigner, ThrowawayAuthority
from bot.rehearsal.world import World
from bot.store.sqlite import SqliteRows

if TYPE_CHECKING:
    from bot.telemetry import Telemetry

LOOPBACK = "127.0.0.1"
_NOBODY = (
    "people: a rehearsal is played by the people on the list, with the roles it gives them;"
    " expected somebody of the host tenant"
)


async def serve(
    app: web.Application, port: int, context: ssl.SSLContext | None = None
) -> tuple[web.AppRunner, int]:
    """Listens on loopback; port 0 takes a free one. Returns the runner and the port."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    await web.SockSite(runner, listener, ssl_context=context).start()
    return runner, int(listener.getsockname()[1])


class Rehearsal:
    """Parts: `world`, `people` (who act), `front_door` (the bot), `clock`, `connector`,
    `authority` (sign-in), `graph` (mail and groups).
    """

    def __init__(
        self,
        *,
        store: str,
        partnership: Partnership | None = None,
        clock: RehearsalClock | None = None,
        rows: Rows | None = None,
        bot_port: int = 0,
        desk_port: int = 0,
        hears_everything: bool | None = None,
        bots: Callable[[Partnership], Partnership] | None = None,
        guests: Mapping[str, str] | None = None,
        strangers: Sequence[Person] = (),
        throttle: bool = False,
    ) -> None:
        """`hears_everything`: Teams delivers messages without a mention too; by default where the
        partnership records its threads. `bots`: the partnership the bot is configured with, where
        it is not all that the simulated Teams knows; by default `partnership`, whose groups then
        give the people on its list their roles. People of the host tenant start in those of its
        groups that are for their role and agency. `guests`: person id to the tenant they are at
        home in. `strangers` are in the channel and unknown to the bot. `throttle`: the simulated
        Teams limits how fast a bot may speak, and the bot keeps to it. Raises ConfigurationError
        where nobody of the host tenant is on the list.
        """
        configured = partnership or configuration.load()
        self.partnership = configured.by_the_list()
        if not any(p.tenant == HOST_TENANT for p in self.partnership.people):
            raise configuration.ConfigurationError(_NOBODY)
        self.clock = clock or RehearsalClock()
        self.app_id = settings.REHEARSAL_APP_ID
        self._store = store
        self._rows = rows
        self._bot_port = bot_port
        self._desk_port = desk_port
        records = self.partnership.record_thread
        self._bots = bots or (lambda known: known.as_configured(configured))
        self._guests = dict(guests or {})
        self._strangers = tuple(strangers)
        self.throttle = Throttle() if throttle else None
        self._hears_everything = records if hears_everything is None else hears_everything
        self._runners: list[web.AppRunner] = []
        self.telemetry: Telemetry | None = None
        self.make_people: Callable[..., People] = People
        self.watch_rows: Callable[[Rows], Rows] = lambda rows: rows
        self.desk_app = web.Application(client_max_size=1024 * 1024)

    async def start(self) -> None:
        self.trust = ThrowawayAuthority()
        self.signer = TeamsSigner()
        self.authority = Authority(self.app_id, self.trust.bot.certificate)
        self.graph = self._simulated_graph()
        sign_in = web.Application()
        sign_in.add_routes([*self.authority.routes(), *self.graph.routes()])
        runner, port = await serve(sign_in, 0, self.trust.server_context)
        self._runners.append(runner)
        self.authority.base = f"https://{LOOPBACK}:{port}"
        await self._start_teams()
        await self._start_bot()
        await self.people.install()
        await self.front_door.desk.outbox.quiet()

    def _simulated_graph(self) -> GraphApi:
        """With the mailbox and the groups the bot is configured with."""
        bots = self._bots(self.partnership)
        host = [p for p in self.partnership.people if p.tenant == HOST_TENANT]
        made = GraphApi(
            self.authority.signer,
            self.clock,
            app_id=self.app_id,
            mailbox=bots.mailbox,
            known=[p.object_id for p in host],
        )
        for person in host:
            job = (person.role, person.agency)
            own = {g.group_id for g in bots.groups if (g.role, g.agency) == job}
            made.memberships[person.object_id.lower()] = own
        return made

    async def _start_teams(self) -> None:
        listener = socket.socket()
        listener.bind((LOOPBACK, self._desk_port))
        self.desk_port = int(listener.getsockname()[1])
        listener.close()
        self.base = f"http://{LOOPBACK}:{self.desk_port}"
        link = f"{self.base}/#thread={{message}}"
        self.partnership = replace(self.partnership, thread_link=link)
        everybody = (*self.partnership.people, *self._strangers)
        self.world = World(replace(self.partnership, people=everybody), self.clock, self.app_id)
        self.world.guests = self._guests
        self.graph.changed = self.world.touch
        self.connector = ConnectorApi(self.world, self.authority.signer, self.app_id, self.throttle)
        self.desk_app.add_routes(bot_framework_routes(self.signer, self.base))
        self.desk_app.add_routes(self.connector.routes())
        self.file_store = FileStore(self.world, self.base)
        self.desk_app.add_routes(self.file_store.routes())
        self._session = aiohttp.ClientSession()
        runner, _ = await serve(self.desk_app, self.desk_port)
        self._runners.append(runner)

    async def _start_bot(self) -> None:
        tenant = self.partnership.tenants[HOST_TENANT]
        made = settings.for_rehearsal(
            port=self._bot_port or 3978,
            openid=f"{self.base}/v1/.well-known/openidconfiguration",
            authority=f"{self.authority.base}/{tenant}",
            authority_ca=self.trust.ca_file,
            store=self._store,
            configuration=DEFAULT_FILE,
            tenant_id=tenant,
            service_url=f"{self.base}/",
            graph=self.authority.base,
            certificate_file=self.trust.bot.file,
            paced=self.throttle is not None,
        )
        rows = self._rows or open_rows(self._store)
        single = isinstance(rows, SqliteRows)
        self.front_door = FrontDoor(
            made,
            self._bots(self.partnership),
            self.clock,
            self.watch_rows(rows),
            single=single,
            monotonic=lambda: self.clock.now().timestamp(),
            telemetry=self.telemetry,
        )
        await self.front_door.start()
        runner, port = await serve(self.front_door.app(), self._bot_port)
        self._runners.append(runner)
        self.bot_url = f"http://{LOOPBACK}:{port}"
        self.people = self.make_people(
            self.world,
            self.signer,
            self._session,
            app_id=self.app_id,
            bot_url=f"{self.bot_url}/api/messages",
            service_url=f"{self.base}/",
            hears_everything=self._hears_everything,
        )
        self.files = PeopleFiles(self.people, self.file_store)

    async def advance(self, to: dt.datetime) -> None:
        await advance(self.front_door, self.clock, to)

    async def settled(self) -> None:
        """Waits until everything owed has gone out."""
        await self.front_door.desk.outbox.quiet()

    async def stop(self) -> None:
        await self.front_door.stop()
        await self._session.close()
        await asyncio.gather(*(r.cleanup() for r in reversed(self._runners)))
        self.trust.close()
