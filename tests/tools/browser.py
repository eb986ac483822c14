"""Finds a Chromium for the browser tests; run as a module, it makes sure there is one.

The system's own first; else Debian's package where this is Debian and root; else Playwright's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def system_chromium() -> str:
    """Path of an installed Chromium, empty when there is none."""
    return next((p for name in _NAMES if (p := shutil.which(name))), "")


def playwright_chromium() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def find() -> str:
    return system_chromium() or playwright_chromium()


def _debian_root() -> bool:
    return Path("/etc/debian_version").exists() and os.geteuid() == 0


def ensure() -> str:
    """Installs one where it can. Empty when none could be had."""
    if found := find():
        return found
    if _debian_root():
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-core"], check=False
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


if __name__ == "__main__":
    found = ensure()
    print(f"Browser for the tests: {'found' if found else 'none could be installed'}")
    sys.exit(0 if found else 1)
