"""The audit of the locked packages: what its answers are taken for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools import audit as tool
from tests.tools.audit import Audit, audit, read

CLEAN = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
SKIPPED = {"name": "yarl", "skip_reason": "Dependency not found on PyPI and could not be audited"}
VULNERABLE = {
    "name": "pyjwt",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.15.1"], "description": "x"}],
}
NOT_FIXED = {**VULNERABLE, "vulns": [{"id": "PYSEC-2026-2", "fix_versions": []}]}


def answer(*packages: Any) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("code", "out", "errors", "expected"),
    [
        (0, answer(CLEAN, CLEAN), "", Audit(False, ("2 of 2 packages looked up",))),
        (
            1,
            answer(CLEAN, VULNERABLE),
            "Found 1 known vulnerability",
            Audit(
                True,
                ("pyjwt 1.0: PYSEC-2026-1, fixed in 2.15.1", "2 of 2 packages looked up"),
            ),
        ),
        (
            1,
            answer(NOT_FIXED, SKIPPED),
            "",
            Audit(
                True,
                (
                    "pyjwt 1.0: PYSEC-2026-2, fixed in no version yet",
                    "1 of 2 packages looked up; not looked up: yarl",
                ),
            ),
        ),
        (
            0,
            answer(SKIPPED, SKIPPED),
            "No known vulnerabilities found",
            Audit(False, ("the audit could not reach its database: 0 of 2 packages looked up",)),
        ),
        (
            1,
            "",
            "Traceback\nServiceError: Could not connect to PyPI's vulnerability feed",
            Audit(
                False,
                (
                    "the audit could not reach its database: "
                    "ServiceError: Could not connect to PyPI's vulnerability feed",
                ),
            ),
        ),
        (
            2,
            "",
            "error: unrecognized arguments: --nonsense",
            Audit(True, ("the audit broke (exit 2): error: unrecognized arguments: --nonsense",)),
        ),
        (1, "[]", "ERROR: x", Audit(True, ("the audit broke (exit 1): ERROR: x",))),
    ],
)
def test_an_answer_is_taken_for_what_it_is(
    code: int, out: str, errors: str, expected: Audit
) -> None:
    assert read(code, out, errors) == expected


def _program(folder: Path, body: str) -> tuple[str, ...]:
    script = folder / "audit.py"
    script.write_text(body, encoding="utf-8")
    return (sys.executable, str(script))


def test_the_locked_files_are_what_is_asked_about(tmp_path: Path) -> None:
    body = (
        "import json, sys; print(json.dumps({'dependencies': [{'name': sys.argv, 'vulns': []}]}))"
    )
    assert audit(_program(tmp_path, body)).lines == ("1 of 1 packages looked up",)

    asked = tool.command()
    assert [Path(a).name for a in asked if a.endswith(".txt")] == list(tool.LOCKED)
    assert all((tool.ROOT / name).is_file() for name in tool.LOCKED)


def test_an_audit_that_hangs_ends_and_says_so(tmp_path: Path) -> None:
    found = audit(_program(tmp_path, "import time; time.sleep(600)"), within_s=0.5)

    assert found == Audit(False, ("the audit did not reach its database within 0.5 seconds",))


@pytest.mark.parametrize("failed", [True, False])
def test_lint_fails_by_it_and_prints_it(
    failed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "audit", lambda: Audit(failed, ("said aloud",)))

    assert tool.main() == int(failed)
    assert capsys.readouterr().out == "said aloud\n"


def test_lint_runs_the_audit_and_the_rules_about_security() -> None:
    makefile = (tool.ROOT / "Makefile").read_text(encoding="utf-8")
    lint = makefile.partition("\nlint:")[2].partition("\n\n")[0]
    project = (tool.ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert "tests.tools.audit" in lint
    assert "ruff check ." in lint
    selected = project.partition("select = [")[2].partition("]")[0]
    assert '"S"' in selected
