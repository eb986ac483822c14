"""`python app.py stats`: the figures of the six referrals, from card, command line and files."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.command_line import main
from bot.rehearsal import scenario
from bot.rehearsal.player import Player
from tests.rehearsal.test_player import SIX

WEEK = ["--week", "2026-W48"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The six referrals, played over the real wire."""
    path = str(tmp_path_factory.mktemp("six") / "store.db")
    asyncio.run(Player(scenario.read(SIX), store=path).run())
    return path


def told(capsys: pytest.CaptureFixture[str], store: str, *options: str, code: int = 0) -> str:
    assert main(["stats", *options, "--store", store]) == code
    out = capsys.readouterr()
    return out.out if code == 0 else out.err


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-24", "2026-11-26", "2027-06-01"])
def test_the_weeks_json_is_what_the_file_expects_on_whatever_day_it_is_asked(store, capsys, day):
    wanted = json.loads(SIX.read_text(encoding="utf-8"))["expected_stats"]["weeks"][0]

    found = json.loads(told(capsys, store, *WEEK, "--clock", f"{day}T10:00Z", "--json"))

    assert {name: found[name] for name in wanted} == wanted


def test_words_json_and_spreadsheet_are_the_same_figures(store, capsys, tmp_path):
    file = tmp_path / "week.xlsx"
    shown = told(capsys, store, *WEEK)
    data = json.loads(told(capsys, store, *WEEK, "--json"))["measures"]
    assert str(file) in told(capsys, store, *WEEK, "--xlsx", str(file))

    page = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))["Figures"]
    lines = {str(r[1]): r for r in page.iter_rows(values_only=True) if r[1]}
    for title, key in (
        ("Referrals", "referrals"),
        ("Children", "children"),
        ("Decided in one working day", "decision_in_time"),
        ("Caller told in one working day", "feedback_in_time"),
        ("Callers satisfied", "satisfied"),
        ("Team replies", "pulse_replies"),
        ("It was quicker than email would have been", "quicker"),
    ):
        assert lines[title][3] == data[key]["n"], title
        assert lines[title][4] == data[key].get("of"), title
        assert f"{title}: {lines[title][2]}" in shown
    assert "6 referrals, 10 children." in shown
    assert "Typical time from call to decision: 79 minutes." in shown
    assert "Callers: 4 replied, 4 satisfied." in shown
    assert "Team: 17 replies, 71% said quicker than email." in shown


def test_a_line_a_referral_without_words(store, capsys, tmp_path):
    file = tmp_path / "referrals.csv"
    told(capsys, store, *WEEK, "--referrals", str(file))

    lines = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))

    assert len(lines) == 6
    words = json.loads(SIX.read_text(encoding="utf-8"))
    seen = [s["intake"]["seen_heard"] for s in words["scenarios"]]
    assert not [w for w in seen if w[:30] in file.read_text(encoding="utf-8-sig")]


def test_what_is_to_be_shared_hides_small_numbers(store, capsys, tmp_path):
    data = json.loads(told(capsys, store, *WEEK, "--share", "--json"))
    shown = told(capsys, store, *WEEK, "--share", "--by", "day")

    assert data["small_numbers"] == "hidden"
    assert set(data["measures"]["by_outcome"]["parts"].values()) == {"fewer than 6"}
    assert data["measures"]["referrals"] == {"shown": "6", "n": 6}
    assert data["measures"]["satisfied"]["shown"] == "not shown"
    assert "late" not in data
    assert "REF-" not in shown
    assert "small numbers could point to a family" in shown
    file = tmp_path / "shared.xlsx"
    told(capsys, store, *WEEK, "--share", "--xlsx", str(file))
    assert "Referrals" not in openpyxl.load_workbook(file).sheetnames


def test_the_picture_is_a_picture(store, capsys, tmp_path):
    file = tmp_path / "week.png"
    told(capsys, store, *WEEK, "--png", str(file))
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_test_a_split_and_before_and_after(store, capsys):
    assert "First test, Tuesday 24 November" in told(capsys, store, "--test", "first")
    data = json.loads(told(capsys, store, *WEEK, "--by", "referrer", "--json"))
    assert sum(line["referrals"] for line in data["by_referrer"]) == 6
    assert "python app.py baseline import" in told(capsys, store, "--compare")


def test_what_is_late_is_told_for_the_time_asked_about(store, capsys):
    early = json.loads(told(capsys, store, *WEEK, "--clock", "2026-11-27T16:00Z", "--json"))
    later = json.loads(told(capsys, store, *WEEK, "--clock", "2027-03-01T09:00Z", "--json"))

    assert early["as_at"] == "2026-11-27T16:00:00+00:00"
    assert early["measures"]["came_back"].get("of") == 0
    assert later["measures"]["came_back"]["of"] > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--week", "2026-W60"], "--week: 2026-W60 is no week"),
        (["--week", "soon"], "--week"),
        (["--test", "third"], "--test: no test is called third"),
        (["--clock", "noon"], "--clock"),
        (["--xlsx", "/no/such/folder/x.xlsx"], "--xlsx"),
        (["--share", "--referrals", "x.csv"], "--share"),
        (["--share", "--compare"], "--share"),
    ],
)
def test_wrong_use_is_said_by_option(store, capsys, options: list[str], said: str):
    assert said in told(capsys, store, *options, code=64)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, capsys: Any):
    missing = tmp_path / "none.db"
    assert "there is no file" in told(capsys, str(missing), code=64)
    assert not missing.exists()
