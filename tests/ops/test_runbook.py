"""The runbook names what there is: its log lines and metrics exist, and no error is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import telemetry

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", RUNBOOK))
METRICS = {code for code in CODES if code.startswith("frontdoor.")}
LINES = CODES - METRICS
NAMED = {v for v in vars(telemetry).values() if isinstance(v, str) and v.startswith("frontdoor.")}


def messages() -> Iterator[tuple[str, str]]:
    """(level, message) of every log call outside the rehearsal."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "rehearsal" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if ast.unparse(node.func.value) == "_log" and node.args:
                for text in _texts(node.args[0], path):
                    yield node.func.attr, text


def _texts(argument: ast.expr, path: Path) -> Iterator[str]:
    """A constant, or every constant that the named variable is given in that file."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
        return
    name = ast.unparse(argument)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield from (
                str(c.value)
                for c in ast.walk(node.value)
                if isinstance(c, ast.Constant) and "." in str(c.value)
            )


LOGGED = set(messages())
ERRORS = sorted({message for level, message in LOGGED if level in ("error", "exception")})


def test_the_reader_of_log_calls_finds_them() -> None:
    assert {"outbox.failed", "start.groups_not_permitted", "turn.fault"} <= set(ERRORS)
    assert ("warning", "identity.no_token") in LOGGED


def test_every_log_line_it_names_can_be_written() -> None:
    assert LINES
    assert LINES - {message for _, message in LOGGED} == set()


@pytest.mark.parametrize("message", ERRORS)
def test_every_error_there_can_be_is_in_it(message: str) -> None:
    assert message in LINES


def test_every_metric_it_names_is_made_and_every_one_made_is_in_it() -> None:
    assert METRICS == NAMED


def test_it_says_first_that_safety_does_not_wait() -> None:
    head = RUNBOOK.partition("\n## ")[0]

    assert "Children's safety does not wait" in head
    assert "999" in head
