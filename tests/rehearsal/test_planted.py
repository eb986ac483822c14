"""What must be nowhere: addresses, tokens and names, planted in a full rehearsal and looked for in
everything its process wrote.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import configuration
from bot.domain.contact import SERVICE_MAILBOX
from bot.rehearsal import scenario
from tests.rehearsal.outside import ROOT

Json = dict[str, Any]
SIX = Path(scenario.__file__).with_name("six_referrals.json")
ADDRESSES = [f"ketura.quartermain{n}@plantedschool.example" for n in range(6)]
PLANTED = ("quartermain", "plantedschool")
TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{8,}\.")
"""How every token of ours and every signed assertion begins: base64 of an opening brace."""


@dataclass(frozen=True)
class Written:
    """Bytes by where they went: `out`, `log`, and each file left behind."""

    code: int
    places: dict[str, bytes]
    mails: int


def by_email(folder: Path) -> tuple[Path, int]:
    """The six referrals, with every caller emailed who may be, at a planted address."""
    data: Json = json.loads(SIX.read_text(encoding="utf-8"))
    changed = 0
    for each in data["scenarios"]:
        asked = each["intake"]
        safe = asked["safe_contact"] == "yes" or "email" in asked["contact_method"]
        for entry in each["feedback"] if safe else ():
            entry["channel"], entry["to"] = SERVICE_MAILBOX, ADDRESSES[changed]
            changed += 1
    path = folder / "planted.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path, changed


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("planted")
    file, mails = by_email(folder)

    async def rehearse() -> tuple[int, bytes, bytes]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "app.py", "rehearse", str(file), "--watch"),
            *("--json", str(folder / "out.json"), "--store", str(folder / "store.db")),
            cwd=ROOT,
            env={**os.environ, "FRONT_DOOR_LOG_LEVEL": "DEBUG"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, log = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out, log

    code, out, log = asyncio.run(rehearse())
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p != file}
    return Written(code, {"out": out, "log": log, **files}, mails)


def test_the_rehearsal_was_whole_and_emailed_callers(written: Written) -> None:
    assert written.code == 0, written.places["log"][-2000:]
    assert written.mails >= 4
    assert b"service_mailbox" in written.places["store.db"]
    assert b'"DEBUG"' in written.places["log"]


def test_no_address_is_in_anything_the_process_wrote(written: Written) -> None:
    found = [
        (place, planted)
        for place, data in written.places.items()
        for planted in PLANTED
        if planted.encode() in data.lower() or planted.encode("utf-16-le") in data.lower()
    ]
    assert found == []


def test_no_token_and_no_assertion_is_in_anything_the_process_wrote(written: Written) -> None:
    assert TOKEN.search(b'"access_token": "eyJhbGciOiJSUzI1NiJ9.e30.x"')
    assert [place for place, data in written.places.items() if TOKEN.search(data)] == []


def test_no_log_line_names_anybody(written: Written) -> None:
    """The transcript on the screen names people; logs do not."""
    log = written.places["log"].decode()
    names = [p.name for p in configuration.load().people]
    assert len(names) > 10
    assert [name for name in names if name in log] == []


def test_no_event_holds_an_address_of_anybody(written: Written) -> None:
    """The bot's own mailbox is configuration; the log has no need of it either."""
    mailbox = configuration.load().mailbox.encode()
    assert mailbox not in written.places["store.db"]
    assert not re.search(rb"[\w.]+@[\w-]+\.example", written.places["store.db"])
