"""Secrets are told from other settings by their type, and no way of writing settings shows them."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import NAMES, Settings

SECRET = {"secret", "telemetry", "store", "export", "keys"}
"""What holds a key, or may: a connection string has the account's key in it."""
OPEN = {
    "app_id",
    "tenant_id",
    "app_type",
    "certificate_file",
    "authority",
    "authority_ca",
    "openid",
    "service_hosts",
    "service_url",
    "host",
    "port",
    "configuration",
    "rehearsal",
    "anonymous",
    "paced",
    "graph",
    "trace_share",
}
"""Addresses, ids and switches: what anybody may read."""
PLANTED = "AccountKey=cGxhbnRlZA=="
BOT = Path(__file__).parents[2] / "bot"


def test_every_setting_is_a_secret_or_open() -> None:
    assert set(Settings.model_fields) == SECRET | OPEN
    assert set(NAMES.values()) <= SECRET | OPEN


@pytest.mark.parametrize("name", sorted(SECRET))
def test_a_secret_setting_is_a_secret_by_type(name: str) -> None:
    assert Settings.model_fields[name].annotation is SecretStr


@pytest.mark.parametrize("name", sorted(SECRET))
def test_no_way_of_writing_settings_shows_a_secret(name: str) -> None:
    made = Settings.model_validate({"app_id": "a", "tenant_id": "t", name: PLANTED})

    shown = (repr(made), str(made), f"{made!r:>5}", json.dumps(made.model_dump(mode="json")))
    assert getattr(made, name).get_secret_value() == PLANTED
    assert [text for text in shown if "cGxhbnRlZA" in text] == []


def test_a_secret_is_taken_out_where_it_is_used_and_never_where_it_is_logged() -> None:
    """No log call, no exception and no sentence has a secret taken out inside it."""
    found = []
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            logs = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log.")
            says = logs or isinstance(node, ast.Raise | ast.JoinedStr)
            if says and "get_secret_value" in ast.unparse(node):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []
