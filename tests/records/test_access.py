"""A subject access pack and the audit: everything recorded, and each look on the record."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import stat
from pathlib import Path

import openpyxl
import pytest

from bot import configuration
from bot.command_line import main
from bot.domain import events as ev
from bot.domain.events import EVENT_TYPES, WORD_FIELDS
from bot.domain.partnership import Today
from bot.exchange.access_pack import statements
from bot.opening import open_rows
from bot.store.log import TableLog
from cards.context import View
from tests.records.conftest import words_in_file
from tests.store.samples import AT, made

PARTNERSHIP = configuration.load()
VIEW = View(PARTNERSHIP, Today(), AT)
CHILD = "9900101"


def pack(store: str, folder: Path, *more: str) -> int:
    wanted = ["subject-access", CHILD, "--out", str(folder), "--by", "Olu B.", "--store", store]
    return main([*wanted, *more])


def test_a_pack_holds_each_referral_of_the_child_and_how_to_read_it(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    assert pack(store, folder) == 0
    reference = capsys.readouterr().out.split(": ")[1].split(".")[0]
    assert sorted(p.name for p in folder.iterdir()) == [
        "READ ME.txt",
        *(f"{reference}.{kind}" for kind in ("json", "txt", "xlsx")),
    ]
    read_me = (folder / "READ ME.txt").read_text("utf-8")
    assert CHILD in read_me
    assert "serious harm" in read_me
    assert CHILD in (folder / f"{reference}.txt").read_text("utf-8")
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in folder.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_word_of_the_referral_is_a_line_to_be_marked(store: str, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    pack(store, folder)
    [file] = folder.glob("*.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    cells = " ".join(str(c) for row in page.iter_rows(values_only=True) for c in row if c)
    note = (folder / f"{file.stem}.txt").read_text("utf-8")
    said = [t for t in words_in_file() if t in note]
    assert len(said) > 8
    assert [t for t in said if t not in cells] == []
    assert "Withhold?" in cells


async def test_each_look_is_on_the_referrals_record(store: str, tmp_path: Path) -> None:
    await asyncio.to_thread(pack, store, tmp_path / "pack")
    rows = open_rows(store)
    await rows.start()
    found = [
        r
        for case_id in {row.partition for row in await rows.scan("Commits")}
        for c in (await TableLog(rows).load(case_id)).commits
        for r in c.recorded
        if isinstance(r.event, ev.HistoryViewed) and "Olu B." in r.by
    ]
    await rows.close()
    assert [r.by for r in found] == ["Olu B. (access request)"]


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_no_word_of_any_event_is_left_out_of_the_pack(kind: str) -> None:
    event = made(kind)
    said = {words for _, words in statements(event, VIEW)}

    def words(value: object, name: str = "") -> set[str]:
        if isinstance(value, str):
            return {value} if name in WORD_FIELDS else set()
        if isinstance(value, tuple):
            return set().union(*(words(v, name) for v in value))
        if isinstance(value, dict):
            return set().union(*(words(v, k) for k, v in value.items()))
        fields = getattr(value, "__dataclass_fields__", {})
        return set().union(*(words(getattr(value, f), f) for f in fields))

    assert words(event) <= said


def test_nothing_is_written_for_a_child_nobody_named_or_into_a_folder_that_is_there(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = ["subject-access", "1234567", "--by", "Olu", "--store", store]
    assert main([*nobody, "--out", str(tmp_path / "x")]) == 1
    assert "Nothing was written" in capsys.readouterr().out
    assert not (tmp_path / "x").exists()
    assert pack(store, tmp_path) == 64
    assert "is there already" in capsys.readouterr().err
    assert pack(store, tmp_path / "y", "--by", "  ") == 64
    assert main([*nobody[:-1], "no.db", "--out", str(tmp_path / "z")]) == 64
    assert not Path("no.db").exists()


# The audit -----------------------------------------------------------------------------


def audit(store: str, out: Path, first: str = "2026-11-23", last: str = "2026-11-29") -> int:
    return main(["audit", "--from", first, "--to", last, "--out", str(out), "--store", store])


def test_the_audit_says_who_did_what_and_holds_nobodys_words(store: str, tmp_path: Path) -> None:
    out = tmp_path / "audit.jsonl"
    assert audit(store, out) == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {line["kind"] for line in lines} == {"event", "refused"}
    assert len(lines) > 100
    picked = next(line for line in lines if line["what"] == "outcome.proposed")
    assert picked["name"]
    assert picked["tenant"]
    assert picked["reference"].startswith("REF-2026-")
    assert json.loads(picked["facts"])["rationale"] == ""
    assert {"roll.called", "pulse.asked"} & {line["what"] for line in lines}
    text = out.read_text("utf-8")
    assert [t for t in words_in_file() if t in text] == []


def test_the_audit_as_csv_has_the_same_lines_and_runs_no_formula(
    store: str, tmp_path: Path
) -> None:
    audit(store, tmp_path / "audit.jsonl")
    assert audit(store, tmp_path / "audit.csv") == 0
    with (tmp_path / "audit.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    count = len((tmp_path / "audit.jsonl").read_text("utf-8").splitlines())
    assert len(rows) == count + 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_the_audit_keeps_to_its_days(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit(store, tmp_path / "a.jsonl", "2026-11-24", "2026-11-24")
    days = {json.loads(x)["at"][:10] for x in (tmp_path / "a.jsonl").read_text().splitlines()}
    assert days == {"2026-11-24"}
    assert audit(store, tmp_path / "b.jsonl", "yesterday") == 64
    assert "2026-11-24" in capsys.readouterr().err
