"""What Front Door is held against: other libraries' smallest bots, installed by the bench into
environments of their own under `var/bench`, each a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rehearsal.outside import free_port

ROOT = Path(__file__).resolve().parents[2]
_FOLDER = Path(__file__).with_name("echoes")
_READY_WITHIN_S = 30.0

CARD: dict[str, Any] = {
    "type": "AdaptiveCard",
    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "REF-2026-00001", "weight": "Bolder", "wrap": True},
        {"type": "TextBlock", "text": "Claimed by Femi A. at 10:05.", "wrap": True},
        {"type": "Input.Text", "id": "words", "label": "What you know", "isMultiline": True},
    ],
    "actions": [{"type": "Action.Execute", "title": "Add", "verb": "add", "data": {"v": 3}}],
}
"""The inline card every peer answers with."""


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    stem: str
    """Of its requirements and of its program, in `echoes`."""


BARE = Peer("bare aiohttp 3.14.5, a card", "bare")
STOCK = Peer("botbuilder 4.17.1, its own CloudAdapter", "botbuilder")
AGENTS = Peer("microsoft-agents-hosting-aiohttp 1.9.0", "agents")
TEAMS = Peer("microsoft-teams-apps 2.1.1", "teams")


class NotHere(Exception):
    """A peer cannot be installed or run on this machine. The message says why."""


async def _told(*words: str) -> None:
    """Runs a program to its end. Raises NotHere with its last words."""
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise NotHere(out.decode(errors="replace").strip().rsplit("\n", 1)[-1][:300])


async def installed(peer: Peer) -> Path:
    """Its own Python, made once for each set of pins. Raises NotHere."""
    wanted = _FOLDER / f"{peer.stem}.txt"
    home = ROOT / "var" / "bench" / peer.stem
    python, done = home / "bin" / "python", home / "installed.txt"
    if done.exists() and done.read_text() == wanted.read_text():
        return python
    await _told(sys.executable, "-m", "venv", "--clear", str(home))
    quiet = ("--quiet", "--disable-pip-version-check")
    await _told(str(python), "-m", "pip", "install", *quiet, "-r", str(wanted))
    done.write_text(wanted.read_text())
    return python


@dataclass(slots=True)
class Running:
    peer: Peer
    port: int
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


async def started(peer: Peer) -> Running:
    """Raises NotHere."""
    python = await installed(peer)
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        str(python),
        str(_FOLDER / f"echo_{peer.stem}.py"),
        str(port),
        json.dumps(CARD),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    running = Running(peer, port, process)
    for _ in range(int(_READY_WITHIN_S / 0.1)):
        if process.returncode is not None:
            raise NotHere(f"its program ended with {process.returncode}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return running
    await running.stop()
    raise NotHere("its program did not listen in time")
