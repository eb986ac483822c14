"""The files of the image, laid out as the Dockerfile does and run where nothing can be written."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import configuration
from bot.domain.vocabulary import HOST_TENANT
from tests.shipping.image import lay_out

IMPORT_EVERYTHING = """
import importlib, pathlib
for file in sorted(pathlib.Path().rglob("*.py")):
    name = ".".join(file.with_suffix("").parts)
    if name != "app":
        importlib.import_module(name.removesuffix(".__init__"))
from bot import configuration
print(configuration.load(configuration.DEFAULT_FILE).name)
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return /app as the image has it. Whatever runs in it must leave it as it was."""
    folder = lay_out(tmp_path_factory.mktemp("image"))
    before = contents(folder)
    yield folder
    assert contents(folder) == before


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every path below a folder with its size and when it was last written."""
    found = {}
    for path in folder.rglob("*"):
        about = path.stat()
        found[str(path)] = (about.st_size, about.st_mtime_ns)
    return found


def environment(scratch: Path, **more: str) -> dict[str, str]:
    """Return the image's own variables, with a scratch folder for /tmp."""
    own = {"HOME": str(scratch), "TMPDIR": str(scratch), "PATH": os.environ["PATH"]}
    return {**own, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **more}


def run(app: Path, scratch: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python there with these words."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=app,
        env=environment(scratch),
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_finds_all_it_needs(app: Path, tmp_path: Path) -> None:
    """Nothing that is imported or read at the start was left out of the image."""
    done = run(app, tmp_path, "-c", IMPORT_EVERYTHING)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == configuration.load(configuration.DEFAULT_FILE).name


def test_the_commands_are_there(app: Path, tmp_path: Path) -> None:
    """`docker run front-door --help` says what there is."""
    done = run(app, tmp_path, "app.py", "--help")
    assert done.returncode == 0
    assert "serve" in done.stdout


def test_without_settings_it_says_what_is_missing(app: Path, tmp_path: Path) -> None:
    """The first start of a new deployment tells what to set."""
    done = run(app, tmp_path, "app.py", "serve")
    assert done.returncode == 64
    assert "MICROSOFT_APP_ID" in done.stderr


def test_a_scenario_is_acted_out_where_nothing_can_be_written(app: Path, tmp_path: Path) -> None:
    """The whole bot runs from a file system that is really read-only."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a read-only file system needs root and unshare")
    tried = subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("this machine lets nobody mount")
    script = (
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && '
        '! touch here 2>/dev/null && exec "$2" app.py rehearse bot/rehearsal/six_referrals.json'
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", str(app), sys.executable],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"differences": 0' in done.stdout


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_it_serves_and_stops_when_told(app: Path, tmp_path: Path) -> None:
    """With settings it answers the platform's probe, and SIGTERM ends it well."""
    port = free_port()
    tenant = configuration.load(configuration.DEFAULT_FILE).tenants[HOST_TENANT]
    settings = {
        "MICROSOFT_APP_ID": "6f0b1f0e-3c0a-4c55-9a53-2a4f0d7c1e11",
        "MICROSOFT_APP_TENANT_ID": tenant,
        "MICROSOFT_APP_TYPE": "SingleTenant",
        "MICROSOFT_APP_PASSWORD": "not-a-real-one",
        "FRONT_DOOR_STORE": str(tmp_path / "store.db"),
        "FRONT_DOOR_HOST": "127.0.0.1",
        "PORT": str(port),
        # No proxy answers there: the test must not ask Microsoft anything.
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    process = subprocess.Popen(
        [sys.executable, "app.py", "serve"],
        cwd=app,
        env=environment(tmp_path, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "listens on" in process.stdout.readline()
        url = f"http://127.0.0.1:{port}/healthz"
        with urllib.request.urlopen(url) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()
    assert process.returncode == 0, errors
