"""Files taken in at the command line: what is printed, how it ends, what the store then holds."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from bot import command_line
from bot.domain.calls import Call, CallCount
from bot.opening import open_rows
from bot.progress import progress_bar
from bot.store.tallies import TableTallies
from tests.tools.azurite import Azurite

CALLS = (
    "Began,Waited,Ended as,Ref\n"
    "04/11/2025 09:30:12,0:42,Answered,C-1\n"
    "04/11/2025 09:41:50,2:10,Abandoned,C-2\n"
)
SURVEY = (
    'Date,Who are you?,"Overall, how satisfied were you?",'
    "I know what happens next for the child,We talked about what the child needs\n"
    "04/11/2025,A professional,5,5,4\n"
    "05/11/2025,A professional,perhaps,5,4\n"
)
BASELINE = "row_id,received_at,children\nA1,02/07/2025 09:30,2\nA2,02/07/2025,1\n"


@pytest.fixture
def run(tmp_path, capsys):
    store = str(tmp_path / "store.db")

    def run(command: str, text: str | bytes, *more: str, name: str = "file.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        code = command_line.main([command, "import", str(path), "--store", store, *more])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_every_row_good_ends_well_and_the_second_time_nothing_is_new(run):
    code, out, _ = run("calls", CALLS)
    assert (code, out) == (
        0,
        "file.csv: the phone line's report. Rows: 2 read, 2 new, 0 already there, 0 left out.\n",
    )
    code, out, _ = run("calls", CALLS)
    assert code == 0
    assert "0 new, 2 already there" in out


def test_bad_rows_are_named_and_the_rest_counts(run):
    code, out, _ = run("survey", SURVEY)
    assert code == 1
    assert "Rows: 2 read, 1 new, 0 already there, 1 left out." in out
    assert "Line 3, Overall, how satisfied were you?: This is not an answer" in out
    assert "perhaps" not in out
    assert "bring the file again" in out


def test_times_that_are_dates_alone_are_told(run):
    code, out, _ = run("baseline", BASELINE)
    assert code == 0
    assert "received_at: 1 without a time" in out


def test_twenty_bad_rows_are_told_and_all_on_request(run):
    bad = "row_id,received_at,children\n" + "A,02/07/2025,none\n" * 30
    code, out, _ = run("baseline", bad)
    assert code == 1
    assert out.count("Line ") == 20
    assert "And 10 more." in out
    _, out, _ = run("baseline", bad, "--all")
    assert out.count("Line ") == 30
    assert "more" not in out


@pytest.mark.parametrize(
    ("command", "data", "said"),
    [
        ("calls", b"PK\x03\x04", "This is an Excel file."),
        ("calls", SURVEY, "I do not know this file by its headings."),
        ("survey", CALLS, "The first row has none of the headings that are needed."),
        ("baseline", b"", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(run, command, data, said):
    code, out, err = run(command, data)
    assert code == 64
    assert out == ""
    assert said in err


def test_a_file_that_is_not_there_and_wrong_use_are_told(tmp_path, capsys):
    assert command_line.main(["calls", "import", str(tmp_path / "none.csv")]) == 64
    assert "none.csv cannot be opened." in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        command_line.main(["calls", "export"])
    assert ended.value.code == 64


def test_the_settings_say_how_the_file_is_laid_out(run, tmp_path):
    text = Path("bot/partnership.toml").read_text(encoding="utf-8")
    config = tmp_path / "own.toml"
    config.write_text(text.replace('"Ended as"', '"What happened"'), encoding="utf-8")
    code, _, err = run("calls", CALLS, "--config", str(config))
    assert code == 64
    assert "no column called What happened" in err
    config.write_text(text.replace('zone = "local"', "").replace("started_at =", "began ="))
    code, _, err = run("calls", CALLS, "--config", str(config))
    assert code == 64
    assert "phone_import.columns: expected names among started_at" in err


TEAMS = (
    "Call Start Time UTC,CQ Name,Call Queue Call Result Legend,ConferenceID"
    ",CallQueueDurationSeconds\n"
    "2025-11-04 09:30:12,mash_line,Agent Answered,c-1,42\n"
    "2025-11-04 09:41:50,mash_line,Abandoned,c-2,130\n"
)


def test_a_second_teams_export_without_the_waits_keeps_those_of_the_first(run, tmp_path):
    lines = [line.rsplit(",", 1)[0] for line in TEAMS.splitlines()]
    later = "2025-11-04 10:00:00,mash_line,Agent Answered,c-3"

    run("calls", TEAMS)
    code, out, _ = run("calls", "\n".join((*lines, later)) + "\n")

    assert code == 0
    assert "Rows: 3 read, 1 new, 2 already there, 0 left out." in out
    waits = {c.call_id: c.wait_s for c in asyncio.run(kept(str(tmp_path / "store.db")))}
    assert waits == {"c-1": 42, "c-2": 130, "c-3": None}


async def kept(store: str) -> tuple[Call | CallCount, ...]:
    rows = open_rows(store)
    await rows.start()
    try:
        return await TableTallies(rows).calls(["2025-W45"])
    finally:
        await rows.close()


@pytest.mark.node
def test_the_same_on_azure_tables(azurite: Azurite, tmp_path, capsys):
    path = tmp_path / "calls.csv"
    path.write_text(CALLS)
    store = azurite.connection_string
    for new in (2, 0):
        assert command_line.main(["calls", "import", str(path), "--store", store]) == 0
        assert f"{new} new" in capsys.readouterr().out
    assert len(asyncio.run(kept(store))) == 2


SLOW = """
import time
from bot.progress import progress_bar
with progress_bar("Reading") as tell:
    for n in range({steps}):
        tell(n, {steps})
        time.sleep(0.1)
"""


def on_terminal(script: str) -> bytes:
    """What a program writes to stderr when that is a terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (25, 80))
    subprocess.run([sys.executable, "-c", script], stderr=theirs, check=True, timeout=60)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return shown


def test_a_bar_is_shown_after_two_seconds_on_a_terminal_only(capfd):
    assert b"Reading" in on_terminal(SLOW.format(steps=26))
    assert on_terminal(SLOW.format(steps=3)) == b""
    with progress_bar("Reading") as tell:
        tell(1, 2)
    assert capfd.readouterr().err == ""
