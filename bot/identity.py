"""The only place that knows msal: one credential a process, tokens fetched off the event loop.

A token is kept until five minutes before it ends and refreshed in the background; however many
ask at once, one request is made.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any, Protocol

import msal
import requests

from bot.settings import Settings, is_loopback

_log = logging.getLogger("frontdoor.identity")

CONNECTOR_SCOPE = "https://api.botframework.com/.default"
_REFRESH_BEFORE_S = 300.0
_HTTP_TIMEOUT_S = 10.0


class TokenUnavailable(Exception):
    """No token could be had. The message carries the authority's error code, never a secret."""


class Tokens(Protocol):
    async def token(self, scope: str) -> str: ...


class NoTokens:
    """For `--anonymous`: the other side is on loopback and takes none."""

    async def token(self, scope: str) -> str:
        return ""


class _Session(requests.Session):
    """Every call bounded in time; our own `verify` wins over the environment's CA bundle."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", _HTTP_TIMEOUT_S)
        if self.verify is not True:
            kwargs["verify"] = self.verify
        return super().request(*args, **kwargs)


def _session(settings: Settings) -> requests.Session:
    session = _Session()
    if settings.authority_ca:
        session.verify = settings.authority_ca
    elif settings.rehearsal and is_loopback(settings.authority):
        # A stranger's simulated Teams on loopback brings its own throwaway certificate; the
        # rehearsal secret is public, so there is nothing to protect.
        session.verify = False
        requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
    return session


class Identity:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Any = None
        self._session = _session(settings)
        self._known: dict[str, tuple[str, float]] = {}
        self._asking: dict[str, asyncio.Task[str]] = {}

    async def close(self) -> None:
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
        self._session.close()

    async def token(self, scope: str) -> str:
        """A bearer token for a `…/.default` scope. Raises TokenUnavailable."""
        known = self._known.get(scope)
        now = time.monotonic()
        if known and now < known[1] - _REFRESH_BEFORE_S:
            return known[0]
        asking = self._ask(scope)
        if known and now < known[1]:
            return known[0]
        return await asyncio.shield(asking)

    def _ask(self, scope: str) -> asyncio.Task[str]:
        if scope not in self._asking:
            task = asyncio.create_task(self._fetch(scope))
            task.add_done_callback(lambda t: self._asked(scope, t))
            self._asking[scope] = task
        return self._asking[scope]

    def _asked(self, scope: str, task: asyncio.Task[str]) -> None:
        self._asking.pop(scope, None)
        if not task.cancelled() and task.exception():
            _log.warning("identity.no_token", extra={"scope": scope})

    async def _fetch(self, scope: str) -> str:
        answer = await asyncio.to_thread(self._acquire, scope)
        token = answer.get("access_token")
        if not token:
            raise TokenUnavailable(str(answer.get("error", "no_answer")))
        self._known[scope] = (token, time.monotonic() + float(answer.get("expires_in", 0)))
        return str(token)

    def _acquire(self, scope: str) -> dict[str, Any]:
        try:
            if self._client is None:
                self._client = self._make_client()
            if self._settings.app_type == "UserAssignedMSI":
                resource = scope.removesuffix("/.default")
                answer = self._client.acquire_token_for_client(resource=resource)
            else:
                answer = self._client.acquire_token_for_client(scopes=[scope])
        except (requests.RequestException, ValueError) as error:
            raise TokenUnavailable(type(error).__name__) from error
        return dict(answer or {})

    def _make_client(self) -> Any:
        s = self._settings
        if s.app_type == "UserAssignedMSI":
            return msal.ManagedIdentityClient(
                msal.UserAssignedManagedIdentity(client_id=s.app_id), http_client=self._session
            )
        credential: Any = s.secret.get_secret_value()
        if s.certificate_file:
            credential = {
                "private_key": Path(s.certificate_file).read_text(encoding="utf-8"),
                "public_certificate": Path(s.certificate_file).read_text(encoding="utf-8"),
            }
        return msal.ConfidentialClientApplication(
            s.app_id,
            authority=s.authority or f"https://login.microsoftonline.com/{s.tenant_id}",
            client_credential=credential,
            http_client=self._session,
            instance_discovery=not s.authority,
        )
