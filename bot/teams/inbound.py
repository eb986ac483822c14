"""Who is calling: the Bot Framework's signed token, checked strictly, with keys that may rotate.

Rules: RS256, a key the metadata publishes and endorses for the channel, our app id as audience,
the publisher's issuer, in date, and the service URL of the activity inside the token. The channel
is Teams.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import aiohttp
import jwt

from bot.settings import BOT_FRAMEWORK_ISSUER

_log = logging.getLogger("frontdoor.inbound")

_LEEWAY_S = 300
_REFETCH_AT_MOST_EVERY_S = 30.0
_WITHOUT_KEYS_AT_MOST_EVERY_S = 2.0
_KEEP_KEYS_S = 24 * 3600.0
_LOOK_AGAIN_AFTER_S = 23 * 3600.0
_TRUST_KEYS_S = 5 * 24 * 3600.0
"""While they cannot be read: long enough for a bad weekend, after which a desk on paper is safer
than keys that may have been withdrawn for their theft.
"""
_MOST_REMEMBERED = 2000
_CHANNEL = "msteams"


KEY_FAULTS = (
    aiohttp.ClientError,
    TimeoutError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    jwt.PyJWTError,
)
"""What reading a stranger's key documents can raise."""


class NotAuthentic(Exception):
    """`status` is 401 (who are you) or 403 (not you). The message is a code for the log."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class _Key:
    key: Any
    endorsements: frozenset[str] | None
    """None where the publisher names none at all."""


class SigningKeys:
    """Published keys by id. An unknown id refetches: one at a time, at most every 30 seconds, or
    every two while there are none at all.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        openid: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`monotonic` in seconds, for the age of what was read."""
        self._now = monotonic
        self._session = session
        self._openid = openid
        self._keys: dict[str, _Key] = {}
        self._lock = asyncio.Lock()
        self._asked_at = self._read_at = float("-inf")
        self._failed = False
        self._behind: asyncio.Task[None] | None = None
        self.issuer = ""

    @property
    def ready(self) -> bool:
        return bool(self._keys) and self._age_s < _TRUST_KEYS_S

    @property
    def _age_s(self) -> float:
        return self._now() - self._read_at

    async def get(self, kid: str) -> _Key | None:
        age = self._age_s
        # While known keys may serve, nobody waits for what did not answer the last time.
        old = age > (_TRUST_KEYS_S if self._failed else _KEEP_KEYS_S)
        if kid not in self._keys or old:
            await self._refresh(kid)
        elif age > _LOOK_AGAIN_AFTER_S:
            self._refresh_behind(kid)
        return self._keys.get(kid) if self._age_s < _TRUST_KEYS_S else None

    def _refresh_behind(self, kid: str) -> None:
        """Nobody waits for the daily look; a withdrawn key is forgotten all the same."""
        if self._behind is None or self._behind.done():
            self._behind = asyncio.create_task(self._refresh(kid))

    async def stop(self) -> None:
        if self._behind:
            self._behind.cancel()
            await asyncio.gather(self._behind, return_exceptions=True)

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            most = _REFETCH_AT_MOST_EVERY_S if self._keys else _WITHOUT_KEYS_AT_MOST_EVERY_S
            fresh = kid in self._keys and self._age_s < _LOOK_AGAIN_AFTER_S
            if fresh or self._now() - self._asked_at < most:
                return
            self._asked_at = self._now()
            try:
                await self.fetch()
            except KEY_FAULTS as error:
                self._failed = True
                _log.warning("inbound.keys_not_read", extra={"fault": type(error).__name__})

    async def fetch(self) -> None:
        async with self._session.get(self._openid) as answer:
            metadata = await answer.json(content_type=None)
        async with self._session.get(metadata["jwks_uri"]) as answer:
            published = await answer.json(content_type=None)
        self.issuer = str(metadata.get("issuer", ""))
        self._keys = {
            k["kid"]: _Key(jwt.PyJWK(k, "RS256").key, _endorsements(k))
            for k in published["keys"]
            if k.get("kty") == "RSA" and "kid" in k
        }
        self._asked_at = self._read_at = self._now()
        self._failed = False


def _endorsements(jwk: dict[str, Any]) -> frozenset[str] | None:
    return frozenset(jwk["endorsements"]) if "endorsements" in jwk else None


class Gate:
    """Checks the Authorization header of one request; remembers verified ones by their digest."""

    def __init__(self, keys: SigningKeys, app_id: str, *, rehearsal: bool) -> None:
        self._keys = keys
        self._app_id = app_id
        self._rehearsal = rehearsal
        self._known: OrderedDict[tuple[bytes, str, str], float] = OrderedDict()

    async def check(self, header: str | None, service_url: str, channel_id: str) -> None:
        """Raises NotAuthentic."""
        if not header:
            raise NotAuthentic(401, "no_token")
        if not header.isascii():
            raise NotAuthentic(401, "malformed_token")
        mark = blake2b(header.encode()).digest(), service_url, channel_id
        ends = self._known.get(mark)
        if ends is not None and time.time() < ends:
            return
        self._remember(mark, await self._verify(header, service_url, channel_id))

    def _remember(self, mark: tuple[bytes, str, str], ends: float) -> None:
        self._known[mark] = ends
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    async def _verify(self, header: str, service_url: str, channel_id: str) -> float:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthentic(401, "not_a_bearer_token")
        try:
            head = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise NotAuthentic(401, "malformed_token") from None
        if head.get("alg") != "RS256":
            raise NotAuthentic(403, "wrong_algorithm")
        key = await self._keys.get(str(head.get("kid", "")))
        if key is None:
            raise NotAuthentic(403, "unknown_key")
        claims = self._claims(token, key)
        if claims.get("serviceurl", claims.get("serviceUrl")) != service_url or not service_url:
            raise NotAuthentic(403, "wrong_service_url")
        unnamed = key.endorsements is None and self._rehearsal
        if not unnamed and channel_id not in (key.endorsements or ()):
            raise NotAuthentic(403, "channel_not_endorsed")
        if channel_id != _CHANNEL:
            raise NotAuthentic(403, "wrong_channel")
        return float(claims["exp"])

    def _claims(self, token: str, key: _Key) -> dict[str, Any]:
        issuer = self._keys.issuer if self._rehearsal else BOT_FRAMEWORK_ISSUER
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=issuer,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise NotAuthentic(401, "expired") from None
        except jwt.PyJWTError as error:
            raise NotAuthentic(403, type(error).__name__) from None
        return claims
