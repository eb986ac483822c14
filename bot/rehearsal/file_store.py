"""OneDrive in the simulated Teams: where a person's file is fetched and a bot's file is put.

Addresses are their own permission, as Teams' are: a token sent with them is refused, so that a bot
that gives its token away is found out.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web

from bot.rehearsal.world import StoredFile, World

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_MOST_BYTES = 25_000_000


class FileStore:
    def __init__(self, world: World, base: str) -> None:
        self._world = world
        self._base = base

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/onedrive/{id}/content", self._download),
            web.put("/onedrive/{id}/upload", self._upload),
            web.get("/onedrive/{id}", self._open),
        ]

    def download_url(self, file: StoredFile) -> str:
        return f"{self._base}/onedrive/{file.id}/content"

    def upload_url(self, file: StoredFile) -> str:
        return f"{self._base}/onedrive/{file.id}/upload"

    def content_url(self, file: StoredFile) -> str:
        return f"{self._base}/onedrive/{file.id}"

    def _found(self, request: web.Request) -> StoredFile:
        if "Authorization" in request.headers or "Cookie" in request.headers:
            raise web.HTTPUnauthorized(text="Nothing but the address may be sent.")
        file = self._world.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return file

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self._found(request)
        if file.data is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """An upload session: the whole file in one request, and then the session is over."""
        file = self._found(request)
        found = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
        length = request.content_length
        if found is None or length is None or length > _MOST_BYTES:
            raise web.HTTPBadRequest
        first, last, whole = (int(n) for n in found.groups())
        if (first, last + 1) != (0, whole) or length != whole:
            raise web.HTTPRequestRangeNotSatisfiable
        if file.data is not None:
            raise web.HTTPNotFound
        file.data = await request.content.readexactly(whole)
        self._world.touch()
        return web.json_response({"id": file.id, "name": file.name, "size": whole}, status=201)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """As a person opens it in a browser; never drawn as a page of the desk's own."""
        file = self._world.files.get(request.match_info["id"])
        if file is None or file.data is None:
            raise web.HTTPNotFound
        return web.Response(
            body=file.data,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )
