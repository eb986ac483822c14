"""A subject access pack: everything recorded, and each look on the record."""

from __future__ import annotations

import asyncio
import io
import json
import stat
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from bot.command_line import main
from bot.domain import events as ev
from bot.domain.events import EVENT_TYPES, WORD_FIELDS
from bot.domain.intake import Child
from bot.domain.partnership import Today
from bot.domain.referral import Contribution
from bot.domain.vocabulary import TO_FOLLOW
from bot.exchange.access_pack import _said_for, statements
from bot.opening import open_rows
from bot.records.access import ACCESS_REQUEST
from bot.store.log import TableLog
from cards import wording as w
from cards.context import View
from cards.history import deed
from tests.records.conftest import words_in_file
from tests.records.packs import (
    CHILD,
    PARTNERSHIP,
    SIBLING,
    amend,
    erase,
    lines_of,
    pack,
)
from tests.store.samples import AT, made
from tests.tools.tables import rows_of

VIEW = View(PARTNERSHIP, Today(), AT)
NOBODY = ["subject-access", "1234567", "--by", "Olu"]


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
        for case_id in {row.partition for row in await rows_of(rows, "Commits")}
        for c in (await TableLog(rows).load(case_id)).commits
        for r in c.recorded
        if isinstance(r.event, ev.HistoryViewed) and "Olu B." in r.by
    ]
    await rows.close()
    assert [r.by for r in found] == ["Olu B. (at the command line)"]
    assert [r.event.why for r in found if isinstance(r.event, ev.HistoryViewed)] == [ACCESS_REQUEST]


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


def said_under(lines: list[dict[str, str]], about: str) -> list[str]:
    return [x["Words or answer"] for x in lines if x["About"] == about]


def test_the_sheet_says_whose_each_line_is_and_why_it_was_shared(
    store: str, tmp_path: Path
) -> None:
    pack(store, tmp_path / "pack")
    lines = lines_of(tmp_path / "pack", "REF-2026-00001")

    whose = said_under(lines, "Whose line it is")
    assert "Education, by Lorna T." in whose
    assert "Said for Police, by Femi A.; not confirmed" in whose
    assert said_under(lines, "Sharing decision") == ["Shared", "Shared"]
    assert "section 16LA" in said_under(lines, "Legal basis for sharing")[0]
    assert said_under(lines, "Why that sharing decision")[0].startswith("Helps the team")
    assert said_under(lines, "Which test") == ["First test"]
    [femi] = {(x["Role"], x["Agency"]) for x in lines if x["Who"] == "Femi A."}
    assert femi == ("Agency rep", "Early Help Unit (EHU)")


def test_a_line_somebody_confirmed_says_who(store: str, tmp_path: Path) -> None:
    line = ev.ContributionAdded("police", "not_known", on_behalf=True)
    one = Contribution(line, "eh-1", AT)
    told = {
        _said_for(one, VIEW),
        _said_for(replace(one, confirmed_by="pol-1", confirmed_at=AT), VIEW),
        _said_for(replace(one, corrected_by="pol-1", corrected_at=AT), VIEW),
        _said_for(replace(one, said=replace(line, known="no_rep_today")), VIEW),
    }
    assert told == {
        "Said for Police, by Femi A.; not confirmed",
        "Said for Police, by Femi A.; confirmed by Iqbal R. Tue 24 Nov 09:15",
        "Said for Police, by Femi A.; put right by Iqbal R. Tue 24 Nov 09:15",
        "Nobody was there for Police, noted by Femi A.",
    }


def test_each_action_of_the_plan_has_its_need_owner_agency_and_day(
    store: str, tmp_path: Path
) -> None:
    pack(store, tmp_path / "pack")
    plan = [
        (x["About"], x["Words or answer"])
        for x in lines_of(tmp_path / "pack", "REF-2026-00001")
        if x["What they did"] == "saved the plan"
    ]
    assert plan[:5] == [
        ("Action", "Visit mum at home and agree an early help assessment"),
        ("Need the action meets", "A parent or carer who has the help they need"),
        ("Who does it", "Femi A."),
        ("Agency of whoever does it", "Early Help Unit (EHU)"),
        ("Due", "26 November 2026"),
    ]


def test_the_data_is_of_the_asked_child_alone(store: str, tmp_path: Path) -> None:
    pack(store, tmp_path / "one")
    [note] = json.loads((tmp_path / "one" / "REF-2026-00001.json").read_text("utf-8"))
    assert note["child"]["mosaic_id"] == CHILD

    asyncio.run(amend(store, "REF-2026-00001", (Child(CHILD, "5_to_9"),)))
    pack(store, tmp_path / "two")
    assert SIBLING not in (tmp_path / "two" / "REF-2026-00001.json").read_text("utf-8")
    assert SIBLING in "".join(said_under(lines_of(tmp_path / "two", "REF-2026-00001"), "Children"))


def test_a_referral_that_named_the_child_once_is_there_and_says_so(
    store: str, tmp_path: Path
) -> None:
    asyncio.run(amend(store, "REF-2026-00001", (Child(SIBLING, "1_to_4"),)))
    assert pack(store, tmp_path / "pack") == 0
    read_me = (tmp_path / "pack" / "READ ME.txt").read_text("utf-8")
    assert w.PACK_NOT_NAMED.format(ref="REF-2026-00001", mosaic_id=CHILD) in read_me


def test_read_me_counts_in_words_and_names_each_file(store: str, tmp_path: Path) -> None:
    pack(store, tmp_path / "pack")
    read_me = (tmp_path / "pack" / "READ ME.txt").read_text("utf-8")
    assert "1 referral: REF-2026-00001." in read_me
    assert [p.name for p in (tmp_path / "pack").iterdir() if f"- {p.name} " not in read_me] == []


def test_referrals_whose_id_is_still_to_follow_are_named(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(store, tmp_path / "before")
    assert w.PACK_NONE_TO_FOLLOW in capsys.readouterr().out

    asyncio.run(amend(store, "REF-2026-00003", (Child(TO_FOLLOW, "under_1"),)))
    pack(store, tmp_path / "pack")
    told = "1 referral has an ID still to follow and cannot be found by ID: REF-2026-00003."
    assert told in capsys.readouterr().out
    assert told in (tmp_path / "pack" / "READ ME.txt").read_text("utf-8")
    assert main([*NOBODY, "--store", store, "--out", str(tmp_path / "x")]) == 1
    assert told in capsys.readouterr().out


def test_the_note_of_an_erased_referral_says_so_and_is_no_shell(store: str, tmp_path: Path) -> None:
    asyncio.run(erase(store))
    pack(store, tmp_path / "pack")
    note = (tmp_path / "pack" / "REF-2026-00001.txt").read_text("utf-8")
    assert note.startswith("REF-2026-00001. What people wrote on this referral was erased on")
    assert "1 June 2027" in note
    assert len(note.splitlines()) == 1
    lines = lines_of(tmp_path / "pack", "REF-2026-00001")
    assert "picked early help" in [x["What they did"] for x in lines], "the facts stay"


def test_an_access_request_reads_apart_from_a_look(store: str) -> None:
    looks = [
        deed(ev.Recorded(ev.HistoryViewed(why), AT, "mgr-1"), VIEW) for why in ("", ACCESS_REQUEST)
    ]
    assert looks == ["looked at this history", "gave this referral out for an access request"]


def test_the_pack_names_people_as_they_were(store: str, tmp_path: Path, later_file: str) -> None:
    pack(store, tmp_path / "a", "--clock", "2026-11-28T10:00Z")
    pack(store, tmp_path / "b", "--clock", "2026-11-28T10:00Z", "--config", later_file)
    before, after = (lines_of(tmp_path / x, "REF-2026-00001") for x in "ab")
    assert after[:-1] == before, "but for the look that came between"
    assert "Femi A." in {x["Who"] for x in after}
    notes = [(tmp_path / x / "REF-2026-00001.txt").read_text("utf-8") for x in "ab"]
    assert "Femi A." in notes[0]
