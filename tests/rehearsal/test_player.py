"""The player: plays the six referrals to the letter, and says so when something differs."""

from __future__ import annotations

import copy
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from bot import configuration
from bot.configuration import ConfigurationError
from bot.domain.vocabulary import HOST_TENANT
from bot.rehearsal import scenario
from bot.rehearsal.player import Player, Report

SIX = Path(scenario.__file__).with_name("six_referrals.json")
Json = dict[str, Any]


def base() -> Json:
    return configuration.read(configuration.DEFAULT_FILE)


async def played(file: Path, tmp_path: Path, store: str = "") -> Report:
    store = store or str(tmp_path / "store.db")
    return await Player(scenario.read(file), store=store).run()


def changed(tmp_path: Path, change: Any) -> Path:
    """The first of the six referrals, changed."""
    data: Json = copy.deepcopy(json.loads(SIX.read_text(encoding="utf-8")))
    data["scenarios"] = data["scenarios"][:1]
    data.pop("pulses"), data.pop("expected_stats")
    data["scenarios"][0]["survey"] = None
    change(data["scenarios"][0])
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


async def test_the_six_referrals_play_with_every_state_and_figure_equal(tmp_path: Path) -> None:
    report = await played(SIX, tmp_path)
    assert report.differences == []
    assert set(report.not_playable) == set()
    assert report.exit_code == 0
    wanted = json.loads(SIX.read_text(encoding="utf-8"))
    assert [s["ref"] for s in report.result["scenarios"]] == [s["ref"] for s in wanted["scenarios"]]
    assert [s["expected"] for s in report.result["scenarios"]] == [
        s["expected"] for s in wanted["scenarios"]
    ]


@pytest.mark.node
async def test_the_six_referrals_play_the_same_on_azurite(
    tmp_path: Path, empty_azurite: Any
) -> None:
    report = await played(SIX, tmp_path, empty_azurite.connection_string)
    assert report.differences == []


async def test_one_referral_alone_ends_with_exit_0(tmp_path: Path) -> None:
    report = await played(changed(tmp_path, lambda s: None), tmp_path)
    assert report.exit_code == 0
    assert any("REF-2026-00001 is finished." in line for line in report.transcript)


async def test_the_six_referrals_play_the_same_where_roles_come_from_groups(tmp_path: Path) -> None:
    data = json.loads(SIX.read_text(encoding="utf-8"))
    listed = configuration.build(scenario.overlaid(base(), scenario.read(SIX))).people
    jobs = dict.fromkeys((p.role, p.agency) for p in listed if p.tenant == HOST_TENANT)
    groups = [
        {"id": str(uuid.uuid4()), "role": str(role), "agency": agency} for role, agency in jobs
    ]
    data.setdefault("configuration", {})["graph"] = {"groups": groups}
    path = tmp_path / "grouped.json"
    path.write_text(json.dumps(data), encoding="utf-8")

    player = Player(scenario.read(path), store=str(tmp_path / "store.db"))
    report = await player.run()

    assert (report.differences, set(report.not_playable)) == ([], set())
    assert player.rehearsal.graph.asked
    known = player.rehearsal.front_door.partnership
    assert all(p.tenant != HOST_TENANT for p in known.people)


async def test_a_wrong_state_a_wrong_figure_and_a_wrong_reference_are_differences(
    tmp_path: Path,
) -> None:
    def change(s: Json) -> None:
        s["events"][3]["state_after"] = "closed"
        s["expected"]["children"] = 9
        s["ref"] = "REF-2026-00042"

    report = await played(changed(tmp_path, change), tmp_path)
    assert report.exit_code == 1
    said = "\n".join(report.differences)
    assert "state in_discussion, not closed" in said
    assert "expected.children: 2, not 9" in said
    assert "REF-2026-00042" in said


async def test_what_a_person_cannot_do_by_a_press_is_named_and_never_skipped(
    tmp_path: Path,
) -> None:
    def change(s: Json) -> None:
        s["events"][3]["type"] = "briefing.posted"

    report = await played(changed(tmp_path, change), tmp_path)
    assert report.not_playable == {"briefing.posted": 1}
    assert report.exit_code in (1, 2)


def test_settings_may_be_named_as_the_fields_own_reference_does() -> None:
    settings = {
        "record_thread": True,
        "opening_hours": {"mon": ["08:30", "17:00"]},
        "calendar": {"test_windows": [["2026-11-24", "2026-12-31"]], "bank_holidays": []},
        "timers": {"claim": {"nudge_1_working_minutes": 9}, "undo_minutes": 6},
    }
    base = configuration.read(configuration.DEFAULT_FILE)
    file = scenario.read(SIX).model_copy(update={"configuration": settings})
    made = configuration.build(scenario.overlaid(base, file))
    assert made.record_thread
    assert made.test_windows[0].last_day == dt.date(2026, 12, 31)
    assert (made.timers.claim_nudge_1_working_minutes, made.timers.undo_minutes) == (9, 6)


async def test_a_press_the_person_cannot_see_is_a_difference(tmp_path: Path) -> None:
    def change(s: Json) -> None:
        s["events"][13]["by"] = "pol-1"

    report = await played(changed(tmp_path, change), tmp_path)
    assert report.exit_code == 1
    assert any("outcome.endorsed by pol-1" in line for line in report.differences)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "valid dictionary"),
        ('{"scenarios": []}', "scenarios"),
        ('{"scenarios": [{"id": "S1"}]}', "ref"),
    ],
)
def test_a_broken_file_is_told_by_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        scenario.read(path)
