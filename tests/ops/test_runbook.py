"""The runbook names what there is: its log lines and metrics exist, and no error is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import telemetry
from bot.desk.effects import KINDS
from tests.infra.bicep import MODULES, resource
from tests.infra.test_readme import alert_names

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", RUNBOOK))
METRICS = {code for code in CODES if code.startswith("frontdoor.")}
LINES = CODES - METRICS
NAMED = {v for v in vars(telemetry).values() if isinstance(v, str) and v.startswith("frontdoor.")}


def _section(heading: str) -> str:
    return RUNBOOK.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


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


PAGES = _section("What pages, and what to do")
ROWS = [re.split(r" ?\| ?", line)[1:-1] for line in PAGES.splitlines() if line.startswith("| `")]
ALERTS = {row[0].strip("`"): row for row in ROWS if len(row) == 6}


def test_every_alert_has_its_row_under_its_own_name_and_severity() -> None:
    assert {name: int(row[1]) for name, row in ALERTS.items()} == alert_names()


@pytest.mark.parametrize("name", ALERTS)
def test_whoever_is_woken_at_night_is_woken_by_severity_1_only(name: str) -> None:
    wake = ALERTS[name][5]
    assert wake.startswith("Duty manager at once" if ALERTS[name][1] == "1" else "In the morning")


def test_the_kinds_of_message_it_names_are_kinds() -> None:
    named = {w for row in ALERTS.values() for w in re.findall(r"`([a-z_]+)`", f"{row[3]} {row[4]}")}
    assert named & KINDS >= {"assessment", "forward_flag", "carry_on", "ring_back"}
    assert named - KINDS - {"kind", "code", "case", "no_address", "doctor", "unavailable"} == set()


QUERYING = [ROOT / "infra" / "README.md", *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", QUERYING, ids=lambda path: path.stem)
def test_logs_are_asked_for_in_the_tables_that_a_diagnostic_setting_fills(page: Path) -> None:
    """With `azure-monitor` they are the categories' own; `_CL` and `Log_s` need a workspace key."""
    kind = "Microsoft.App/managedEnvironments"
    logs = resource(MODULES["app"], kind)["properties"]["appLogsConfiguration"]
    assert logs == {"destination": "azure-monitor"}
    sent = resource(MODULES["app"], "Microsoft.Insights/diagnosticSettings")["properties"]["logs"]
    words = page.read_text(encoding="utf-8")
    asked = set(re.findall(r"ContainerApp\w+Logs\w*", words))
    assert asked <= {one["category"] for one in sent if one["enabled"]}
    assert re.search(r"\b\w+_s\b", "\n".join(re.findall(r'"ContainerApp[^"]+"', words))) is None


def test_it_asks_for_logs() -> None:
    assert RUNBOOK.count('"ContainerAppConsoleLogs |') >= 3
