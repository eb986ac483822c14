"""Bytes from and to the addresses that Teams names for a file: OneDrive, and nothing else.

An address comes with an activity, so it is checked before anything is asked of it. What is sent
there carries no token and no cookie: the address itself is the permission, for some minutes.
"""

from __future__ import annotations

import re

import aiohttp
from yarl import URL

_SHAREPOINT = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+sharepoint\.com")
"""OneDrive for work is on the organisation's SharePoint. Government clouds abroad are not named."""
_ADDRESS = re.compile(r"[!-\[\]-~]{1,8000}")
"""Printable ASCII without a backslash, which some readers take for a slash."""
_MOST_HOPS = 3
_PIECE = 64 * 1024
_DOWNLOAD = aiohttp.ClientTimeout(total=60, sock_connect=10, sock_read=20)
_UPLOAD = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=60)


class TransferFailed(Exception):
    """`code`: address, too_big, timeout, unreachable, or the HTTP status."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _parsed(address: str) -> URL | None:
    """As it will be asked for: read once, so that nothing else can be understood by it later."""
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        url = URL(address, encoded=True)
        return url if url.host and url.port else None
    except ValueError:
        return None


def allowed(address: str, service_url: str = "") -> URL | None:
    """None for an address where no file of Teams is. `service_url`: the simulated Teams, whose own
    address is good too.
    """
    url = _parsed(address)
    if url is None or url.user is not None or url.password is not None:
        return None
    own = _parsed(service_url) if service_url else None
    if own and url.origin() == own.origin():
        return url
    secure = url.scheme == "https" and url.explicit_port in (None, 443)
    return url if secure and _SHAREPOINT.fullmatch(url.host or "") else None


class FileTransfer:
    """`plain`: in a rehearsal, where the simulated Teams keeps the files itself."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        if self._session:
            await self._session.close()

    def allowed(self, address: str, service_url: str) -> URL | None:
        return allowed(address, service_url if self._plain else "")

    def check(self, address: str, service_url: str) -> None:
        """Raises TransferFailed."""
        if self.allowed(address, service_url) is None:
            raise TransferFailed("address")

    @property
    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None
        return self._session

    async def download(self, address: str, service_url: str, most: int) -> bytes:
        """Raises TransferFailed. A redirect is followed on the same host only."""
        url = self.allowed(address, service_url)
        try:
            for _ in range(_MOST_HOPS):
                if url is None:
                    raise TransferFailed("address")
                async with self._http.get(url, allow_redirects=False, timeout=_DOWNLOAD) as answer:
                    if answer.status == 200:
                        return await _body(answer, most)
                    if not 300 <= answer.status < 400:
                        raise TransferFailed(str(answer.status))
                    url = _same_host(url, answer.headers.get("Location", ""))
        except TimeoutError:
            raise TransferFailed("timeout") from None
        except aiohttp.ClientError:
            raise TransferFailed("unreachable") from None
        raise TransferFailed("address")

    async def upload(self, address: str, service_url: str, data: bytes, content_type: str) -> None:
        """All of it in one request. Raises TransferFailed."""
        url = self.allowed(address, service_url)
        if url is None:
            raise TransferFailed("address")
        headers = {
            "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}",
            "Content-Type": content_type,
        }
        try:
            async with self._http.put(
                url, data=data, headers=headers, allow_redirects=False, timeout=_UPLOAD
            ) as answer:
                if answer.status not in (200, 201):
                    raise TransferFailed(str(answer.status))
        except TimeoutError:
            raise TransferFailed("timeout") from None
        except aiohttp.ClientError:
            raise TransferFailed("unreachable") from None


def _same_host(url: URL, location: str) -> URL | None:
    if not _ADDRESS.fullmatch(location):
        return None
    try:
        target = url.join(URL(location, encoded=True))
        same = target.origin() == url.origin() and target.user is None
    except ValueError:
        return None
    return target if same else None


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if (answer.content_length or 0) > most:
        raise TransferFailed("too_big")
    held = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        held += piece
        if len(held) > most:
            raise TransferFailed("too_big")
    return bytes(held)
