"""One load process: posts bodies to a bot over kept-alive loopback connections, a fixed number at
once, and prints what came back. Run as a program of its own, so that it takes no time of whoever
is measured; it speaks just enough HTTP that the client is not what is measured either.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

AT_ONCE = 16


@dataclass(slots=True)
class Order:
    """`bodies` are posted in turn; from the start again when `repeat`. It ends after `seconds`, or
    when all have been answered. An answer is good with status 200 and `wanted` in its body, or
    where `exactly` is given with that as its body.
    """

    port: int
    token: str
    bodies: list[str]
    seconds: float
    path: str = "/api/messages"
    wanted: str = ""
    exactly: str = ""
    repeat: bool = True
    at_once: int = AT_ONCE


@dataclass(slots=True)
class Report:
    """`took_ms` of each answer, in the order they came."""

    elapsed_s: float = 0.0
    good: int = 0
    bad: int = 0
    first_bad: str = ""
    took_ms: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.good / self.elapsed_s if self.elapsed_s else 0.0

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Supply:
    """The requests still to be sent, whole."""

    def __init__(self, order: Order) -> None:
        self._heads = [_request(order, body) for body in order.bodies]
        self._repeat = order.repeat
        self._next = 0
        self._until = time.perf_counter() + order.seconds

    def take(self) -> bytes | None:
        over = self._next >= len(self._heads) and not self._repeat
        if over or time.perf_counter() >= self._until:
            return None
        found = self._heads[self._next % len(self._heads)]
        self._next += 1
        return found


def _request(order: Order, body: str) -> bytes:
    raw = body.encode()
    signed = f"Authorization: Bearer {order.token}\r\n" if order.token else ""
    head = (
        f"POST {order.path} HTTP/1.1\r\nHost: 127.0.0.1:{order.port}\r\n"
        f"{signed}Content-Type: application/json\r\n"
        f"Content-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


class _Client(asyncio.Protocol):
    """One connection: asks, waits for the whole answer, asks again."""

    def __init__(self, supply: _Supply, report: Report, order: Order) -> None:
        self._supply = supply
        self._report = report
        self._wanted, self._exactly = order.wanted.encode(), order.exactly.encode()
        self._asked = False
        self._buffer = b""
        self._began = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        request = self._supply.take()
        if request is None:
            self._transport.close()
            return
        self._asked = True
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if found and len(rest) >= _length(head):
            self._note(head, rest)
            self._buffer = b""
            self._ask()

    def _note(self, head: bytes, body: bytes) -> None:
        self._asked = False
        self._report.took_ms.append(1000 * (time.perf_counter() - self._began))
        fits = body == self._exactly if self._exactly else self._wanted in body
        if head.startswith(b"HTTP/1.1 200") and fits:
            self._report.good += 1
            return
        self._report.bad += 1
        self._report.first_bad = self._report.first_bad or (head[:40] + body[:400]).decode()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc or self._asked:
            self._report.bad += 1
            self._report.first_bad = self._report.first_bad or f"no answer: {exc!r}"
        if not self.ended.done():
            self.ended.set_result(None)


def _length(head: bytes) -> int:
    """Every server here says how long its answer is. Raises ValueError where one does not."""
    low = head.lower()
    start = low.index(b"content-length:") + len(b"content-length:")
    return int(low[start:].split(b"\r\n", 1)[0])


async def _load(order: Order) -> Report:
    report = Report()
    supply = _Supply(order)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = []
    for _ in range(order.at_once):
        _, client = await loop.create_connection(
            lambda: _Client(supply, report, order), "127.0.0.1", order.port
        )
        clients.append(client.ended)
    await asyncio.gather(*clients)
    report.elapsed_s = time.perf_counter() - began
    return report


class OneAtATime:
    """One kept-alive connection from this process, for what is timed press by press."""

    def __init__(self, port: int, token: str) -> None:
        self._order = Order(port, token, [], 0.0)

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._order.port)

    async def ask(self, body: str) -> tuple[float, bytes]:
        """Milliseconds, and the answer's body. Raises RuntimeError for any status but 200."""
        request = _request(self._order, body)
        began = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        found = await self._reader.readexactly(_length(head))
        took_ms = 1000 * (time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        return took_ms, found

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def loaded(order: Order) -> Report:
    """Sends the order from a process of its own. Raises RuntimeError when that fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate(json.dumps(asdict(order)).encode())
    if process.returncode:
        raise RuntimeError(errors.decode()[-2000:])
    found: dict[str, Any] = json.loads(out)
    return Report(**found)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_load(Order(**json.load(sys.stdin)))))))
