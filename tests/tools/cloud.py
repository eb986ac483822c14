"""An Azure on loopback: a managed identity's endpoint, and storage that takes its tokens only.

Azurite knows no Entra tokens, so a door in front of it checks them and goes on with a signature.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import (
    AccountSasPermissions as TablePermissions,
    ResourceTypes as TableTypes,
    generate_account_sas as table_sas,
)
from azure.storage.blob import (
    AccountSasPermissions as BlobPermissions,
    ResourceTypes as BlobTypes,
    generate_account_sas as blob_sas,
)
from yarl import URL

from bot.rehearsal.rehearsal import serve
from bot.rehearsal.trust import ThrowawayAuthority
from tests.tools.azurite import KEY, Azurite

ACCOUNT = "devstoreaccount1"
APP_ID = "11111111-0000-4000-8000-000000000000"
RESOURCE = "https://storage.azure.com"
_HOPS = frozenset({"host", "authorization", "transfer-encoding", "content-length", "connection"})


@dataclass
class Cloud:
    """`asked`: (resource, client id) of each token given. `refused`: requests without one."""

    azurite: Azurite
    trust: ThrowawayAuthority = field(default_factory=ThrowawayAuthority)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    let_in: int = 0

    async def start(self) -> None:
        self._tokens: set[str] = set()
        self._session = aiohttp.ClientSession(auto_decompress=False)
        identity = web.Application()
        identity.router.add_get("/token", self._token)
        self._identity, identity_port = await serve(identity, 0)
        self._doors = []
        self.ports = []
        for port, sas in ((self.azurite.port, _table_sas()), (self.azurite.blob_port, _blob_sas())):
            app = web.Application(client_max_size=64 * 1024 * 1024)
            app.router.add_route("*", "/{path:.*}", partial(self._forward, port, sas))
            door, open_port = await serve(app, 0, self.trust.server_context)
            self._doors.append(door)
            self.ports.append(open_port)
        self.identity_url = f"http://127.0.0.1:{identity_port}/token"

    @property
    def table_endpoint(self) -> str:
        return f"https://127.0.0.1:{self.ports[0]}/{ACCOUNT}"

    def container(self, name: str) -> str:
        return f"https://127.0.0.1:{self.ports[1]}/{ACCOUNT}/{name}"

    def environment(self, tenant_id: str) -> dict[str, str]:
        """As Container Apps gives it to an app with a user-assigned identity."""
        return {
            "IDENTITY_ENDPOINT": self.identity_url,
            "IDENTITY_HEADER": "given-header",
            "MICROSOFT_APP_ID": APP_ID,
            "MICROSOFT_APP_TENANT_ID": tenant_id,
            "FRONT_DOOR_STORE": self.table_endpoint,
            "SSL_CERT_FILE": self.trust.ca_file,
            "REQUESTS_CA_BUNDLE": self.trust.ca_file,
        }

    async def stop(self) -> None:
        for runner in (self._identity, *self._doors):
            await runner.cleanup()
        await self._session.close()
        self.trust.close()

    async def _token(self, request: web.Request) -> web.Response:
        if request.headers.get("X-IDENTITY-HEADER") != "given-header":
            return web.Response(status=401)
        self.asked.append((request.query["resource"], request.query.get("client_id", "")))
        token = uuid.uuid4().hex
        if request.query["resource"].rstrip("/") == RESOURCE:
            self._tokens.add(token)
        life = {"expires_on": str(int(time.time()) + 3600), "expires_in": "3600"}
        return web.json_response(
            {"access_token": token, "token_type": "Bearer", "resource": RESOURCE, **life}
        )

    async def _forward(self, port: int, sas: str, request: web.Request) -> web.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self._tokens:
            self.refused += 1
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        self.let_in += 1
        query = "&".join(filter(None, (urlsplit(request.raw_path).query, sas)))
        path = urlsplit(request.raw_path).path
        url = f"http://127.0.0.1:{port}{path}?{query}"
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOPS}
        async with self._session.request(
            request.method,
            URL(url, encoded=True),
            headers=headers,
            data=await request.read(),
        ) as answer:
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in _HOPS}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())


def _until() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)


def _table_sas() -> str:
    return str(
        table_sas(
            AzureNamedKeyCredential(ACCOUNT, KEY),
            TableTypes(service=True, object=True, container=True),  # type: ignore[call-arg]
            TablePermissions.from_string("rwdlacup"),
            _until(),
        )
    )


def _blob_sas() -> str:
    return blob_sas(
        ACCOUNT,
        KEY,
        BlobTypes(service=True, object=True, container=True),
        BlobPermissions.from_string("rwdlacup"),
        _until(),
    )
