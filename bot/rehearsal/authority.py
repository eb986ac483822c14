"""The simulated sign-in service: OpenID documents for both directions and the token endpoint."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.rehearsal.connector_api import AUDIENCE
from bot.rehearsal.trust import Signer, TeamsSigner
from bot.settings import BOT_FRAMEWORK_ISSUER, REHEARSAL_SECRET

Json = dict[str, Any]
_LIFE_S = 3600


class Authority:
    """`base` is this service's own https address, without a trailing slash."""

    def __init__(self, app_id: str) -> None:
        self.signer = Signer()
        self._app_id = app_id
        self.base = ""
        self.tokens_given = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        tenant = f"{self.base}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{tenant}/v2.0",
                "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                "jwks_uri": f"{tenant}/discovery/v2.0/keys",
            }
        )

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if form.get("client_id") != self._app_id or form.get("client_secret") != REHEARSAL_SECRET:
            return web.json_response({"error": "invalid_client"}, status=401)
        scope = str(form.get("scope", "")).split()[0] if form.get("scope") else ""
        if scope != f"{AUDIENCE}/.default":
            return web.json_response({"error": "invalid_scope"}, status=400)
        self.tokens_given += 1
        claims = {"aud": AUDIENCE, "iss": self.base, "appid": self._app_id}
        token = self.signer.sign(claims, life_s=_LIFE_S)
        return web.json_response(
            {"token_type": "Bearer", "expires_in": _LIFE_S, "access_token": token}
        )


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
