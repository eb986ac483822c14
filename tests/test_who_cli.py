"""`python app.py who`: what it says is what the bot itself would let each person do."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.command_line import main
from bot.domain.transitions import TRANSITIONS
from bot.domain.vocabulary import Role
from bot.rehearsal.rehearsal import Rehearsal
from bot.who_cli import _RELATIONS, may
from cards import wording as w
from tests.wire.rostered import RAVI, Rostered

AT = ["--clock", "2026-11-24T10:00Z"]


async def _kept(store: str) -> None:
    """Ravi added, Femi taken off, Iqbal away today."""
    made = Rehearsal(store=store, strangers=(RAVI,))
    await made.start()
    rostered = Rostered(made)
    await rostered.add(RAVI, "duty_manager", "social_care")
    await rostered.off("eh-1", "man-1")
    await rostered.hands("mgr-1").say("roll", place="personal")
    await rostered.hands("mgr-1").tap(rostered.last("mgr-1"), "roll.save", {"absent": "pol-1"})
    await made.stop()


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = str(tmp_path / "store.db")
    asyncio.run(_kept(path))
    return path


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["who", "--json", *AT, *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_says_where_each_role_comes_from_and_who_is_away(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _json(capsys, "--store", store)
    by_name = {x["name"]: x for x in told["people"]}

    ravi = by_name["Ravi T."]
    assert (ravi["role"], ravi["agency"], ravi["tenant"]) == ("duty_manager", "social_care", "host")
    assert (ravi["source"], ravi["by"], ravi["at"][:10]) == ("roster", "mgr-1", "2026-11-24")
    assert by_name["Carys M."]["source"] == "file"
    assert [x["name"] for x in told["people"] if x["away"]] == ["Iqbal R."]
    assert "Femi A." not in by_name
    assert [(x["name"], x["by"]) for x in told["taken_off"]] == [("Femi A.", "man-1")]


def test_in_words(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["who", *AT, "--store", store]) == 0
    told = capsys.readouterr().out

    assert "Who may do what on Tuesday 24 November, 10:00" in told
    assert "Ravi T." in told
    assert "County council, from the roster, by Grace O. on Tue 24 Nov 09:00" in told
    assert "Police force, from the file. Away today" in told


def test_people_by_default_a_line_each_and_roles_nobody_holds(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["who", *AT, "--store", store]) == 0
    told = capsys.readouterr().out

    assert "Agency rep: Iqbal R. (pol-1), Police, " in told
    assert "Records officer: nobody" in told.splitlines()
    assert w.MAY_ROLES not in told
    assert main(["who", "--rights", *AT, "--store", store]) == 0
    more = capsys.readouterr().out
    assert more.startswith(told.rstrip())
    assert w.MAY_ROLES in more
    assert f"  {w.MAY_DO['hold.placed']}" in more.splitlines()


def test_the_data_has_all_of_it(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = _json(capsys, "--store", store)

    assert told["nobody"] == ["records_officer"]
    assert "hold.placed" in told["roles"]["records_officer"]


@pytest.mark.parametrize("held", [*(str(r) for r in Role), *_RELATIONS])
def test_what_a_role_may_do_is_the_table_the_rules_use(held: str) -> None:
    events = [code for code in may(held) if code in TRANSITIONS]

    assert events == [event for event, row in TRANSITIONS.items() if held in row.who]
    if held != Role.BOT:
        assert [code for code in may(held) if code not in w.MAY_DO] == []


def test_no_words_are_kept_for_what_nobody_may_do() -> None:
    used = {code for held in (*Role, *_RELATIONS) for code in may(str(held))}

    assert set(w.MAY_DO) - used == set()


def test_only_managers_keep_the_roster_and_see_exact_figures() -> None:
    able = {str(r) for r in Role if {"roster.changed", "download"} & set(may(str(r)))}

    assert able == {"manager", "duty_manager"}


def test_before_there_is_a_store_the_file_is_told_and_nothing_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["who"]) == 0

    assert w.MAY_NO_STORE in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_not_there_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["who", "--store", str(tmp_path / "no.db")]) == 64
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("clock", ["soon"])
def test_a_time_that_is_none_is_wrong_use(clock: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["who", "--clock", clock]) == 64
    assert "--clock" in capsys.readouterr().err
