"""The simulated sign-in service: OpenID documents for both directions and the token endpoint."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509

from bot.rehearsal.assertions import AssertionRefused, Assertions
from bot.rehearsal.connector_api import AUDIENCE
from bot.rehearsal.graph_api import AUDIENCE as GRAPH_AUDIENCE, PERMISSIONS
from bot.rehearsal.trust import Signer, TeamsSigner
from bot.settings import BOT_FRAMEWORK_ISSUER, REHEARSAL_SECRET

Json = dict[str, Any]
_NUMBERS = {"invalid_client": 700027, "invalid_scope": 70011, "unauthorized_client": 700016}
MONITOR_AUDIENCE = "https://monitor.azure.com/"
"""Application Insights, where telemetry goes."""
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Authority:
    """`base` is this service's own https address, without a trailing slash.

    `delay_s` is waited before each token, tokens live `life_s`, and each of `failures` (HTTP
    status, error code) is the answer to one request in place of a token, with `retry_after` where
    that is set; `gate` cleared holds every request back. `permissions` are the app's for Graph, as
    new tokens say.
    """

    def __init__(self, app_id: str, certificate: x509.Certificate) -> None:
        """`certificate`: the app's registered one. The secret everybody knows is taken too."""
        self.signer = Signer()
        self._app_id = app_id
        self._assertions = Assertions(app_id, certificate)
        self.base = ""
        self.tokens_given: Counter[str] = Counter()
        """By audience."""
        self.asked = 0
        self.delay_s = 0.0
        self.life_s = 3600
        self.failures: deque[tuple[int, str]] = deque()
        self.retry_after = ""
        self.gate = asyncio.Event()
        self.gate.set()
        self.permissions = set(PERMISSIONS)

    @property
    def signed_in_by_certificate(self) -> int:
        return self._assertions.taken

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    def token_endpoint(self, tenant: str) -> str:
        return f"{self.base}/{tenant}/oauth2/v2.0/token"

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        tenant = request.match_info["tenant"]
        return web.json_response(
            {
                "issuer": f"{self.base}/{tenant}/v2.0",
                "authorization_endpoint": f"{self.base}/{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": self.token_endpoint(tenant),
                "jwks_uri": f"{self.base}/{tenant}/discovery/v2.0/keys",
            }
        )

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        form = {name: str(value) for name, value in (await request.post()).items()}
        await self.gate.wait()
        await asyncio.sleep(self.delay_s)
        if self.failures:
            status, code = self.failures.popleft()
            return _error(status, code, self.retry_after)
        tenant = request.match_info["tenant"]
        if not self._knows(form, self.token_endpoint(tenant)):
            return _error(401, "invalid_client")
        audience = form.get("scope", "").partition(" ")[0].removesuffix("/.default")
        if audience not in (AUDIENCE, GRAPH_AUDIENCE, MONITOR_AUDIENCE):
            return _error(400, "invalid_scope")
        self.tokens_given[audience] += 1
        issuer = f"{self.base}/{tenant}/"
        claims: Json = {"aud": audience, "iss": issuer, "appid": self._app_id, "tid": tenant}
        claims["uti"] = uuid.uuid4().hex
        if audience == GRAPH_AUDIENCE:
            claims["roles"] = sorted(self.permissions)
        # `exp` is in whole seconds: rounded up, so that a token lives as long as was told.
        token = self.signer.sign(claims, life_s=self.life_s + 1)
        return web.json_response(
            {"token_type": "Bearer", "expires_in": self.life_s, "access_token": token}
        )

    def _knows(self, form: Mapping[str, str], endpoint: str) -> bool:
        if form.get("client_id") != self._app_id:
            return False
        if form.get("client_assertion_type") != _JWT_BEARER:
            return form.get("client_secret") == REHEARSAL_SECRET
        try:
            self._assertions.take(form.get("client_assertion", ""), endpoint)
        except (jwt.PyJWTError, AssertionRefused):
            return False
        return True


def _error(status: int, code: str, retry_after: str = "") -> web.Response:
    """With a description as long as the real one's, which names the app and must not be logged."""
    trace, correlation = uuid.uuid4(), uuid.uuid4()
    at = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%SZ}"
    number = _NUMBERS.get(code, 90033)
    body = {
        "error": code,
        "error_description": f"AADSTS{number}: {code}, as rehearsed. Trace ID: {trace}"
        f" Correlation ID: {correlation} Timestamp: {at}",
        "error_codes": [number],
        "timestamp": at,
        "trace_id": str(trace),
        "correlation_id": str(correlation),
    }
    headers = {"Retry-After": retry_after} if retry_after else None
    return web.json_response(body, status=status, headers=headers)


def bot_framework_routes(signer: TeamsSigner, base: str) -> list[web.RouteDef]:
    """The metadata and keys with which the bot checks what Teams sends."""

    async def metadata(_: web.Request) -> web.StreamResponse:
        return web.json_response(
            {
                "issuer": BOT_FRAMEWORK_ISSUER,
                "jwks_uri": f"{base}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def keys(_: web.Request) -> web.StreamResponse:
        return web.json_response({"keys": [signer.jwk(("msteams",))]})

    return [
        web.get("/v1/.well-known/openidconfiguration", metadata),
        web.get("/v1/.well-known/keys", keys),
    ]
