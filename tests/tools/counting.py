"""A proxy before Azurite's tables that counts the requests it passes on, each by its first line."""

from __future__ import annotations

import asyncio
import contextlib
import re

from tests.tools.azurite import Azurite

_REQUEST = re.compile(rb"^(GET|PUT|POST|PATCH|MERGE|DELETE|HEAD) (/devstoreaccount1\S*)", re.M)
_LOOPBACK = "127.0.0.1"


class CountingProxy:
    """`start`, hand `connection_string` to whoever is watched, look at `asked`, `stop`."""

    def __init__(self, azurite: Azurite) -> None:
        self._to = azurite
        self.asked: list[str] = []
        """Method and path of each request, in the order they came."""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, _LOOPBACK, 0)
        self._port = int(self._server.sockets[0].getsockname()[1])
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def connection_string(self) -> str:
        return self._to.connection_string.replace(f":{self._to.port}/", f":{self._port}/")

    async def stop(self) -> None:
        """After whoever is watched has closed its connections."""
        self._server.close()
        await asyncio.gather(*self._connections)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        there, back = await asyncio.open_connection(_LOOPBACK, self._to.port)
        await asyncio.gather(
            self._pass_on(reader, back, count=True), self._pass_on(there, writer, count=False)
        )
        self._connections.discard(task)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, count: bool
    ) -> None:
        """Until one side ends, which ends the other."""
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 20):
                if count:
                    found = _REQUEST.findall(data)
                    self.asked += [f"{method.decode()} {path.decode()}" for method, path in found]
                writer.write(data)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
