"""The audit: who did what, as who, and that somebody asked."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from bot.command_line import main
from bot.desk.ports import Commit
from bot.domain import events as ev
from bot.domain.intake import Child
from bot.domain.vocabulary import Role
from bot.opening import open_rows
from bot.store.log import TableLog
from tests.records.conftest import words_in_file
from tests.records.packs import (
    CHILD,
    FEMI,
    PARTNERSHIP,
    SIBLING,
    amend,
    erase,
)

# The audit -----------------------------------------------------------------------------


def audit(
    store: str, out: Path, first: str = "2026-11-23", last: str = "2026-11-27", *more: str
) -> int:
    days = ["--from", first, "--to", last, "--out", str(out), "--store", store]
    on = ("--clock", "2026-12-01T10:00Z")
    return main(["audit", *days, "--by", "Olu B.", *on, *more])


def entries(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


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
    assert json.loads(picked["facts"])["rationale"] == "[words]"
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


def test_the_audit_is_in_the_order_of_time(store: str, tmp_path: Path) -> None:
    audit(store, tmp_path / "a.jsonl")
    told = entries(tmp_path / "a.jsonl")
    times = [dt.datetime.fromisoformat(x["at"]) for x in told]
    assert times == sorted(times)
    assert len({x["case"] for x in told[:40]}) > 1


def test_a_refusal_has_the_reference_and_the_persons_id(store: str, tmp_path: Path) -> None:
    audit(store, tmp_path / "a.jsonl")
    refused = [x for x in entries(tmp_path / "a.jsonl") if x["kind"] == "refused"]
    claim = next(x for x in refused if x["what"] == "claim")
    assert (claim["who"], claim["reference"]) == ("eh-1", "REF-2026-00004")
    assert json.loads(claim["facts"])["object_id"] == FEMI.object_id


def test_a_change_of_the_form_says_what_was_there_and_no_words(store: str, tmp_path: Path) -> None:
    asyncio.run(amend(store, "REF-2026-00001", (Child(CHILD, "10_to_15"),)))
    audit(store, tmp_path / "a.jsonl")
    changed = [x for x in entries(tmp_path / "a.jsonl") if x["what"] == "intake.amended"]
    facts = json.loads(changed[-1]["facts"])
    assert facts["answers"]["children"] == [{"mosaic_id": CHILD, "age_band": "10_to_15"}]
    assert [c["mosaic_id"] for c in facts["before"]["children"]] == [CHILD, SIBLING]
    first = json.loads(changed[0]["facts"])
    assert (first["answers"]["wants"], first["before"]["wants"]) == ("[words]", "")


def test_after_an_erasure_the_audit_says_so_and_who_had_it_done(store: str, tmp_path: Path) -> None:
    asyncio.run(erase(store))
    audit(store, tmp_path / "a.jsonl", "2026-11-23", "2027-06-30")
    told = entries(tmp_path / "a.jsonl")
    picked = next(x for x in told if x["what"] == "outcome.proposed")
    assert json.loads(picked["facts"])["rationale"] == "[erased]"
    erasures = [x for x in told if x["what"] == "words.erased"]
    assert {x["who"] for x in erasures} == {"Olu B. (at the command line)"}
    assert json.loads(erasures[0]["facts"])["certificate"] == "ERASE-1"


def test_an_audit_leaves_a_trace_that_the_next_one_shows(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = ("--clock", "2026-11-27T20:00Z")
    audit(store, tmp_path / "a.jsonl", "2026-11-24", "2026-11-24", *on)
    audit(store, tmp_path / "b.jsonl", "2026-11-23", "2026-11-27")
    [trace] = [x for x in entries(tmp_path / "b.jsonl") if x["kind"] == "audit"]
    assert trace["who"] == "Olu B. (at the command line)"
    assert trace["at"] == "2026-11-27T20:00:00+00:00"
    assert json.loads(trace["facts"]) == {"first": "2026-11-24", "last": "2026-11-24"}
    assert audit(store, tmp_path / "c.jsonl", "2026-11-23", "2026-11-27", "--by", " ") == 64
    assert "--by" in capsys.readouterr().err


# Who somebody was -----------------------------------------------------------------------


def test_old_entries_keep_who_somebody_was_when_the_file_says_otherwise(
    store: str, tmp_path: Path, later_file: str
) -> None:
    audit(store, tmp_path / "a.jsonl")
    audit(store, tmp_path / "b.jsonl", "2026-11-23", "2026-11-27", "--config", later_file)
    before, after = entries(tmp_path / "a.jsonl"), entries(tmp_path / "b.jsonl")
    assert next(x for x in before if x["who"] == "eh-1")["role"] == "rep"
    assert after == before


async def test_a_change_of_the_roster_counts_from_when_it_was_made(
    store: str, tmp_path: Path
) -> None:
    rows = open_rows(store)
    await rows.start()
    log = TableLog(rows)
    at = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    change = ev.RosterChanged(
        "eh-1", "Femi A.", Role.DUTY_MANAGER, "early_help", "host", FEMI.object_id
    )
    for n, event in enumerate((change, ev.RosterRemoved(*_values(change))), 1):
        when = at + dt.timedelta(days=2 * (n - 1))
        done = ev.Recorded(event, when, "mgr-1")
        version = PARTNERSHIP.version
        await log.append(Commit("desk-roster", n, when, "mgr-1", (done,), configuration=version))
    await rows.close()
    await asyncio.to_thread(audit, store, tmp_path / "a.jsonl")
    told = entries(tmp_path / "a.jsonl")
    by_day = {(x["at"][:10], x["role"]) for x in told if x["who"] == "eh-1"}
    assert {r for d, r in by_day if d == "2026-11-24"} == {"rep"}
    assert {r for d, r in by_day if d == "2026-11-26"} == {"duty_manager"}
    [changed] = [x for x in told if x["what"] == "roster.changed"]
    assert json.loads(changed["facts"])["before"] == {"role": "rep", "agency": "early_help"}


def _values(change: ev.RosterChanged) -> tuple[str, str, Role, str, str, str]:
    c = change
    return (c.person, c.name, c.role, c.agency, c.tenant, c.object_id)
