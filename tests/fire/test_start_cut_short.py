"""A copy that is told to end while it starts ends; one that cannot have its port begins nothing."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.desk.ports import StoreUnavailable
from bot.rehearsal.rehearsal import LOOPBACK, Rehearsal, serve
from tests.rehearsal.outside import ROOT, free_port

_ENDS_WITHIN_S = 20.0


class Signing:
    """A sign-in service whose keys never come."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.url = ""

    async def metadata(self, _: web.Request) -> web.StreamResponse:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


@pytest.fixture
async def signing() -> AsyncIterator[Signing]:
    made = Signing()
    app = web.Application()
    app.add_routes([web.get("/openid", made.metadata)])
    runner, port = await serve(app, 0)
    made.url = f"http://{LOOPBACK}:{port}/openid"
    yield made
    await runner.cleanup()


async def spawned(port: int, signing: Signing, store: Path) -> asyncio.subprocess.Process:
    flags = {
        "--port": str(port),
        "--openid": signing.url,
        "--authority": "https://127.0.0.1:1/t",
        "--store": str(store),
    }
    words = [word for pair in flags.items() for word in pair]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("app.py", "serve", "--rehearsal", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_told_to_end_while_it_starts_it_ends_by_itself(
    signing: Signing, tmp_path: Path
) -> None:
    process = await spawned(free_port(), signing, tmp_path / "store.db")
    await signing.asked.wait()
    process.send_signal(signal.SIGTERM)

    said, errors = await asyncio.wait_for(process.communicate(), _ENDS_WITHIN_S)

    assert process.returncode == 0, errors.decode()
    assert b"listens" not in said
    assert b"Traceback" not in errors


async def test_where_the_port_is_taken_nothing_is_begun(signing: Signing, tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        process = await spawned(taken.getsockname()[1], signing, tmp_path / "store.db")
        _, errors = await asyncio.wait_for(process.communicate(), _ENDS_WITHIN_S)

    assert process.returncode == 70
    assert b"cannot start: Address already in use" in errors
    assert not signing.asked.is_set()
    assert not (tmp_path / "store.db").exists()


def ours() -> set[asyncio.Task[object]]:
    """What goes on, the simulated Teams' own connections apart."""
    return {t for t in asyncio.all_tasks() if "RequestHandler" not in str(t.get_coro())}


async def test_of_two_started_at_once_one_begins(signing: Signing, tmp_path: Path) -> None:
    port = free_port()
    first = await spawned(port, signing, tmp_path / "first.db")
    await signing.asked.wait()  # it is starting, and does not serve yet
    second = await spawned(port, signing, tmp_path / "second.db")
    _, errors = await asyncio.wait_for(second.communicate(), _ENDS_WITHIN_S)
    first.send_signal(signal.SIGTERM)
    await asyncio.wait_for(first.communicate(), _ENDS_WITHIN_S)

    assert (first.returncode, second.returncode) == (0, 70), errors.decode()
    assert not (tmp_path / "second.db").exists()


async def test_a_start_that_fails_leaves_nothing_open(tmp_path: Path) -> None:
    rehearsal = Rehearsal(store=str(tmp_path / "store.db"))
    await rehearsal.start()
    await rehearsal.front_door.stop()
    made = type(rehearsal.front_door)(rehearsal.front_door.settings, clock=rehearsal.clock)

    async def away() -> None:
        raise StoreUnavailable("away")

    made.log.open_cases = away  # type: ignore[method-assign, assignment]
    before = ours()
    with pytest.raises(StoreUnavailable):
        await made.start()

    assert made._session.closed
    assert ours() == before
    with pytest.raises(StoreUnavailable):
        await made.log.mark_open("a case")
    await rehearsal._start_bot()
    await rehearsal.stop()
