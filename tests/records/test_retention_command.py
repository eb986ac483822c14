"""Retention as a records officer types it: a plan, then the erasure; figures stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.command_line import main
from tests.records.conftest import words_in_file
from tests.records.retaining import (
    DUE,
)


def told(capsys: pytest.CaptureFixture[str], store: str) -> object:
    assert main(["stats", "--week", "2026-W48", "--json", "--store", store]) == 0
    found = json.loads(capsys.readouterr().out)
    found.pop("as_at", None)
    return found


def test_figures_are_the_same_after_the_commands_and_after_a_rebuild(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told(capsys, store)
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan, certificate = tmp_path / "plan.json", tmp_path / "certificate.json"
    assert main(["retention", "--plan", str(plan), *at]) == 0
    out = capsys.readouterr().out
    assert "Due: 6 referrals" in out
    assert "Nothing was erased" in out
    assert told(capsys, store) == before

    erase = ["retention", "--erase", str(plan), "--certificate", str(certificate), *at]
    assert main(erase) == 64
    assert "--by" in capsys.readouterr().err
    assert main([*erase, "--by", "Olu B., records"]) == 0
    assert "erased the words of 6 referrals" in capsys.readouterr().out
    said = json.loads(certificate.read_text("utf-8"))
    assert (said["by"], len(said["erased"]), said["left"]) == ("Olu B., records", 6, [])
    assert not any(t in certificate.read_text("utf-8") for t in words_in_file())

    assert told(capsys, store) == before
    assert main(["rebuild", "--store", store]) == 0
    capsys.readouterr()
    assert told(capsys, store) == before
    assert main(["retention", "--plan", str(plan), *at]) == 0
    assert "Due: 0 referrals" in capsys.readouterr().out
    assert main([*erase, "--by", "Olu B."]) == 0


def test_an_exported_store_is_not_erased_without_the_keys_of_its_export(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--files", str(tmp_path / "files"), "--keys", str(tmp_path / "keys")]
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan, certificate = str(tmp_path / "plan.json"), str(tmp_path / "certificate.json")
    assert main(["export", "--store", store, *where]) == 0
    assert main(["retention", "--plan", plan, *at]) == 0
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", certificate, *at]
    assert main(erase) == 64
    assert "would stay in the export" in capsys.readouterr().err.replace("\n", " ")
    assert main([*erase, *where]) == 0
    assert json.loads(Path(certificate).read_text("utf-8"))["erased"][0]["keys"] == 1


def test_another_places_keys_are_not_the_keys_of_this_export(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the certificate would say erased, and the export could still be read."""
    at = ["--clock", DUE.isoformat(), "--store", store]
    first, second = (
        ["--files", str(tmp_path / f"files{n}"), "--keys", str(tmp_path / f"keys{n}")]
        for n in (1, 2)
    )
    plan, certificate = str(tmp_path / "plan.json"), str(tmp_path / "certificate.json")
    assert main(["export", "--store", store, *first]) == 0
    assert main(["retention", "--plan", plan, *at]) == 0
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", certificate, *at]
    assert main([*erase, *second]) == 64
    assert main(["export", "--store", store, *second]) == 0
    assert main([*erase, *second]) == 64
    assert "keys of 1 of its exports" in capsys.readouterr().err.replace("\n", " ")
    assert not Path(certificate).exists()
    assert main([*erase, *second, "--also-keys", str(tmp_path / "keys1")]) == 0
    said = json.loads(Path(certificate).read_text("utf-8"))
    assert all(line["keys"] == 2 for line in said["erased"])


def test_nothing_is_erased_where_the_certificate_cannot_be_written(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--clock", DUE.isoformat(), "--store", store]
    plan = str(tmp_path / "plan.json")
    assert main(["retention", "--plan", plan, *at]) == 0
    nowhere = str(tmp_path / "none" / "c.json")
    erase = ["retention", "--erase", plan, "--by", "Olu", "--certificate", nowhere, *at]
    assert main(erase) == 64
    assert "no folder" in capsys.readouterr().err
    assert main(["retention", "--plan", plan, *at]) == 0
    assert "Due: 6 referrals" in capsys.readouterr().out
