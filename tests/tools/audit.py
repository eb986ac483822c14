"""Looks for known vulnerabilities in the locked packages, and says aloud what it could not look up.

Fails where one is found, or where the audit itself broke; a package index without a vulnerability
database is no failure, because then nobody could check anything.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ("requirements.txt", "requirements-dev.txt")
WITHIN_S = 180.0
_PIP_AUDIT = (sys.executable, "-m", "pip_audit")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Audit:
    """`failed`: whether a person must act. `lines` tell them what."""

    failed: bool
    lines: tuple[str, ...]


def command(program: Sequence[str] = _PIP_AUDIT) -> list[str]:
    """The locked files hold every package with its hash, so nothing is resolved or installed."""
    files = [part for name in LOCKED for part in ("-r", str(ROOT / name))]
    how = ("--format", "json", "--progress-spinner", "off", "--require-hashes", "--disable-pip")
    return [*program, *how, "--timeout", "10", *files]


def audit(program: Sequence[str] = _PIP_AUDIT, within_s: float = WITHIN_S) -> Audit:
    try:
        done = subprocess.run(
            command(program), capture_output=True, text=True, timeout=within_s, check=False
        )
    except subprocess.TimeoutExpired:
        return Audit(False, (f"the audit did not reach its database within {within_s:g} seconds",))
    return read(done.returncode, done.stdout, done.stderr)


def read(code: int, out: str, errors: str) -> Audit:
    """What pip-audit wrote: 1 stands for vulnerabilities found, and for a run that broke."""
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _without_an_answer(code, errors)
    vulnerable = [package for package in found if package.get("vulns")]
    skipped = [str(package["name"]) for package in found if "skip_reason" in package]
    lines = [line for package in vulnerable for line in _lines(package)]
    return Audit(bool(vulnerable), (*lines, *_looked_up(len(found), skipped)))


def _without_an_answer(code: int, errors: str) -> Audit:
    last = errors.strip().rpartition("\n")[2][:300]
    if "ConnectionError" in errors or "ServiceError" in errors or "Could not connect" in errors:
        return Audit(False, (f"the audit could not reach its database: {last}",))
    return Audit(True, (f"the audit broke (exit {code}): {last}",))


def _lines(package: dict[str, Any]) -> list[str]:
    named = f"{package['name']} {package['version']}"
    return [
        f"{named}: {v['id']}, fixed in {', '.join(v.get('fix_versions') or ()) or 'no version yet'}"
        for v in package["vulns"]
    ]


def _looked_up(whole: int, skipped: list[str]) -> tuple[str, ...]:
    reached = whole - len(skipped)
    if not skipped:
        return (f"{whole} of {whole} packages looked up",)
    if not reached:
        return (f"the audit could not reach its database: 0 of {whole} packages looked up",)
    names = ", ".join(skipped[:_SHOWN]) + (" and others" if len(skipped) > _SHOWN else "")
    return (f"{reached} of {whole} packages looked up; not looked up: {names}",)


def main() -> int:
    result = audit()
    print("\n".join(result.lines))
    return int(result.failed)


if __name__ == "__main__":
    sys.exit(main())
