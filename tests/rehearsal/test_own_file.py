"""`run --config FILE`: a council rehearses with its own file."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.command_line import main
from bot.configuration import DEFAULT_FILE

ROOT = Path(__file__).parents[2]
GROUPS = """
[[graph.groups]]
id = "6d1f8f0e-2f5c-4c39-9a9c-{n:012d}"
role = "{role}"
agency = "{agency}"
"""
JOBS = (("duty_manager", "social_care"), ("rep", "early_help"))


def own_file(folder: Path, *, people: bool = True) -> Path:
    """The default file with its own name and groups; else without people of the host tenant."""
    text = DEFAULT_FILE.read_text(encoding="utf-8").replace("Femi A.", "Own Person")
    if not people:
        text = text.replace('tenant = "host"', 'tenant = "police"')
    groups = "".join(GROUPS.format(n=n, role=r, agency=a) for n, (r, a) in enumerate(JOBS))
    path = folder / "own.toml"
    path.write_text(text + groups, encoding="utf-8")
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_desk_runs_with_the_people_of_another_file(tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "run", "--config", str(own_file(tmp_path))]
    command += ["--store", str(tmp_path / "own.db")]
    command += ["--port", str(free_port()), "--bot-port", str(free_port())]
    running = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        said = (await running.stdout.readline()).decode()
        base = said.partition("Rehearsal desk: ")[2].split()[0]

        def desk() -> str:
            with urllib.request.urlopen(f"{base}/api/desk") as answer:
                return json.dumps(json.load(answer))

        assert "Own Person" in await asyncio.to_thread(desk)
    finally:
        running.send_signal(signal.SIGTERM)
        code = await running.wait()
    assert code == 0


def test_a_file_nobody_can_rehearse_with_is_refused_and_the_store_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "own.db"
    ports = ["--port", str(free_port()), "--bot-port", str(free_port())]
    file = own_file(tmp_path, people=False)

    assert main(["run", "--config", str(file), "--store", str(store), *ports]) == 64

    assert "expected somebody of the host tenant" in capsys.readouterr().err
    assert not store.exists()
