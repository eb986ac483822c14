"""Starts and stops Azurite, tables and blobs, on free loopback ports. On disk; ends by SIGINT."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "node_modules" / ".bin" / "azurite"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_START_WITHIN_S = 30.0


def missing() -> str:
    """Why Azurite cannot run here, empty when it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    return "" if PROGRAM.exists() else "Node packages are not installed: run 'make setup'"


def _free_ports(count: int) -> list[int]:
    """All held at once, so that none is given twice."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Azurite:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="front-door-azurite-")
        self.port, self.blob_port, self._queue_port = _free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        return Path(self._folder.name)

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def connection_string(self) -> str:
        return (
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            f"AccountKey={KEY};TableEndpoint=http://127.0.0.1:{self.port}/devstoreaccount1;"
            f"BlobEndpoint=http://127.0.0.1:{self.blob_port}/devstoreaccount1;"
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                str(PROGRAM),
                *("--tableHost", "127.0.0.1", "--tablePort", str(self.port)),
                *("--blobHost", "127.0.0.1", "--blobPort", str(self.blob_port)),
                *("--queueHost", "127.0.0.1", "--queuePort", str(self._queue_port)),
                *("--location", self._folder.name, "--silent", "--disableTelemetry"),
                "--skipApiVersionCheck",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _START_WITHIN_S
        while time.monotonic() < until:
            if all(_answers(port) for port in (self.port, self.blob_port)):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("Azurite did not start")

    def stop(self, *, keep: bool = False) -> None:
        """`keep`: its files stay, to be looked at, until `clean`."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if not keep:
            self.clean()

    def clean(self) -> None:
        self._folder.cleanup()
