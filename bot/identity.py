"""The only place that knows msal: one credential a process, tokens fetched off the event loop.

A token is kept until shortly before it ends and refreshed in the background; however many ask at
once, one request is made, and after a failure none until some time has passed.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msal

from bot.settings import Settings
from bot.sign_in import Certificate, sign_in_session

_log = logging.getLogger("frontdoor.identity")

CONNECTOR_SCOPE = "https://api.botframework.com/.default"
WITHIN_S = 10.0
"""One attempt, all its requests together."""
_REFRESH_BEFORE_S = 300.0
_LONGEST_WAIT_S = 60.0
_LONGEST_RETRY_AFTER_S = 3600.0
_CLOSE_WITHIN_S = 1.5
_MOST_THREADS = 8
_REFUSED_EVERY_S = 10.0
_TOKEN = re.compile(r"[!-~]+")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


class TokenUnavailable(Exception):
    """No token could be had. The message carries the authority's error code, never a secret."""


class Tokens(Protocol):
    async def token(self, scope: str) -> str: ...

    def refused(self, scope: str, token: str, every_s: float = _REFUSED_EVERY_S) -> bool:
        """The other side did not take this token. True where `token` may now give another; one
        is dropped at most every so many seconds.
        """
        ...


class NoTokens:
    """For `--anonymous`: the other side is on loopback and takes none."""

    async def token(self, scope: str) -> str:
        return ""

    def refused(self, scope: str, token: str, every_s: float = 0.0) -> bool:
        return False


@dataclass(slots=True)
class _Kept:
    """What is known of one scope; times are of the identity's own clock, in seconds."""

    token: str = ""
    refresh_at: float = 0.0
    ends_at: float = 0.0
    failures: int = 0
    fault: str = ""
    ask_from: float = 0.0
    dropped_at: float = -math.inf
    asking: asyncio.Task[str] | None = None


class _Refused(Exception):
    """The sign-in service's own answer, or none: a code, and the seconds it asked to wait."""

    def __init__(self, code: str, after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.after_s = after_s


class Identity:
    def __init__(
        self,
        settings: Settings,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        within_s: float = WITHIN_S,
    ) -> None:
        """`monotonic` in seconds, for the age of tokens; `within_s` for one attempt."""
        self._settings = settings
        self._now = monotonic
        self._within_s = within_s
        self._session = sign_in_session(settings)
        self._certificate = Certificate(settings.certificate_file)
        self._kept: dict[str, _Kept] = {}
        self._threads: list[threading.Thread] = []

    async def close(self) -> None:
        """Within two seconds: an attempt that takes longer is given up."""
        if tasks := [kept.asking for kept in self._kept.values() if kept.asking]:
            await asyncio.wait(tasks, timeout=_CLOSE_WITHIN_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._session.close()

    async def token(self, scope: str) -> str:
        """A bearer token for a `…/.default` scope. Raises TokenUnavailable, at once while the
        last failure is recent.
        """
        kept = self._kept.setdefault(scope, _Kept())
        now = self._now()
        if kept.token and now < kept.refresh_at:
            return kept.token
        if not kept.asking and now >= kept.ask_from:
            kept.asking = asyncio.create_task(self._fetch(scope, kept))
            kept.asking.add_done_callback(_seen)
        if kept.token and now < kept.ends_at:
            return kept.token
        if not kept.asking:
            raise TokenUnavailable(kept.fault)
        return await asyncio.shield(kept.asking)

    def refused(self, scope: str, token: str, every_s: float = _REFUSED_EVERY_S) -> bool:
        """See `Tokens`."""
        kept = self._kept.setdefault(scope, _Kept())
        if token != kept.token:
            return True
        now = self._now()
        if now - kept.dropped_at < every_s:
            return False
        kept.dropped_at = now
        kept.token = ""
        _log.warning("identity.token_refused", extra={"scope": scope})
        return True

    async def _fetch(self, scope: str, kept: _Kept) -> str:
        """Raises TokenUnavailable."""
        try:
            token, life_s = _read(await self._answer(scope))
        except _Refused as error:
            kept.failures += 1
            kept.fault = error.code
            growing = min(2.0 ** min(kept.failures - 1, 10), _LONGEST_WAIT_S)
            wait = growing if error.after_s is None else max(error.after_s, 1.0)
            kept.ask_from = self._now() + wait
            _log.warning("identity.no_token", extra={"scope": scope, "fault": error.code})
            raise TokenUnavailable(error.code) from None
        else:
            now = self._now()
            kept.token = token
            kept.ends_at = now + life_s
            kept.refresh_at = now + max(life_s - _REFRESH_BEFORE_S, life_s / 2)
            kept.failures = 0
            return token
        finally:
            kept.asking = None

    async def _answer(self, scope: str) -> Any:
        """msal's answer, from a thread that nobody waits for longer than an attempt may take: a
        service that sends a byte now and then would hold it for ever. Raises _Refused.
        """
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if len(self._threads) >= _MOST_THREADS:
            raise _Refused("attempts_hang")
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Any] = loop.create_future()

        def settle(answer: Any, error: _Refused | None) -> None:
            if answered.done():
                return
            if error:
                answered.set_exception(error)
            else:
                answered.set_result(answer)

        def work() -> None:
            answer, error = None, None
            try:
                answer = self._acquire(scope)
            except _Refused as refusal:
                error = refusal
            try:
                loop.call_soon_threadsafe(settle, answer, error)
            except RuntimeError:  # the loop has ended meanwhile
                return

        thread = threading.Thread(target=work, daemon=True, name="sign-in")
        self._threads.append(thread)
        thread.start()
        try:
            async with asyncio.timeout(self._within_s):
                return await answered
        except TimeoutError:
            raise _Refused("too_slow") from None

    def _acquire(self, scope: str) -> Any:
        """In a thread. Raises _Refused."""
        seen = self._session.seen
        seen.retry_after = ""
        try:
            # A new client each time: msal keeps tokens, also those that were refused since; sends
            # one certificate assertion for nine minutes, though a sign-in service may take each
            # only once (RFC 7523); and remembers failures. All three are kept here.
            answer = self._asked(scope)
        except Exception as error:
            # The boundary to a library that raises whatever it meets in an answer.
            raise _Refused(type(error).__name__, _seconds(seen.retry_after)) from error
        if isinstance(answer, dict) and answer.get("access_token"):
            return answer
        code = answer.get("error") if isinstance(answer, dict) else None
        known = isinstance(code, str) and _CODE.fullmatch(code)
        raise _Refused(str(code) if known else "no_answer", _seconds(seen.retry_after))

    def _asked(self, scope: str) -> Any:
        s = self._settings
        if s.app_type == "UserAssignedMSI":
            who = msal.UserAssignedManagedIdentity(client_id=s.app_id)
            client = msal.ManagedIdentityClient(who, http_client=self._session)
            return client.acquire_token_for_client(resource=scope.removesuffix("/.default"))
        credential: Any = s.secret.get_secret_value()
        if s.certificate_file:
            credential = self._certificate.credential()
        app = msal.ConfidentialClientApplication(
            s.app_id,
            authority=s.authority or f"https://login.microsoftonline.com/{s.tenant_id}",
            client_credential=credential,
            http_client=self._session,
            instance_discovery=not s.authority,
        )
        return app.acquire_token_for_client(scopes=[scope])


def _seen(asking: asyncio.Task[str]) -> None:
    """A refresh may fail with nobody waiting for it."""
    if not asking.cancelled():
        asking.exception()


def _read(answer: Any) -> tuple[str, float]:
    """The token and its life in seconds. Raises _Refused where either cannot be used."""
    token, life = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise _Refused("bad_token")
    try:
        life_s = float(life)
    except (TypeError, ValueError, OverflowError):
        raise _Refused("bad_expiry") from None
    if not 0 < life_s < math.inf:
        raise _Refused("bad_expiry")
    return token, life_s


def _seconds(retry_after: str) -> float | None:
    """Only in seconds: Entra gives no date."""
    value = retry_after.strip()
    if not (value.isascii() and value.isdecimal()):
        return None
    return min(float(value[:9]), _LONGEST_RETRY_AFTER_S)
