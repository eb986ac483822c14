"""F5 in Teams after cloning: the file the bot starts with is made, checked, or complained of."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import configuration
from tests.tools.local_file import main

TENANT = "5b3f1a5e-0000-4000-8000-00000000c0de"
OTHER = "5b3f1a5e-0000-4000-8000-0000000000ff"
NAME = "var/partnership.local.toml"


def env(folder: Path, tenant: str = TENANT, name: str = NAME) -> Path:
    file = folder / ".env.local"
    file.write_text(f"TEAMS_APP_TENANT_ID={tenant}\nFRONT_DOOR_CONFIG={name}\n", encoding="utf-8")
    return file


def test_on_a_clean_clone_it_is_the_example_in_the_developers_tenant(tmp_path: Path) -> None:
    assert main(env(tmp_path), tmp_path) == 0

    made, example = configuration.load(tmp_path / NAME), configuration.load()
    assert made.tenants["host"] == TENANT
    assert {k: v for k, v in made.tenants.items() if k != "host"} == {
        k: v for k, v in example.tenants.items() if k != "host"
    }
    assert [p.id for p in made.people] == [p.id for p in example.people]


def test_what_somebody_changed_stays(tmp_path: Path) -> None:
    assert main(env(tmp_path), tmp_path) == 0
    path = tmp_path / NAME
    changed = path.read_text("utf-8").replace("01632 960100", "01632 960177")
    path.write_text(changed, encoding="utf-8")

    assert main(env(tmp_path), tmp_path) == 0
    assert path.read_text("utf-8") == changed


def test_a_file_of_another_tenant_is_a_sentence_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(env(tmp_path, OTHER), tmp_path) == 0
    before = (tmp_path / NAME).read_bytes()

    assert main(env(tmp_path), tmp_path) == 64
    said = capsys.readouterr().err
    assert OTHER in said
    assert TENANT in said
    assert (tmp_path / NAME).read_bytes() == before


@pytest.mark.parametrize(("tenant", "name"), [("", NAME), (TENANT, "")])
def test_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tenant: str, name: str
) -> None:
    assert main(env(tmp_path, tenant, name), tmp_path) == 64
    missing = "TEAMS_APP_TENANT_ID" if name else "FRONT_DOOR_CONFIG"
    assert missing in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / NAME).write_text("[tenants]\n", encoding="utf-8")

    assert main(env(tmp_path), tmp_path) == 64
    assert "cannot be used" in capsys.readouterr().err
