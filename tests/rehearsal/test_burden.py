"""What a referral costs the people who do it, as each rehearsal reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.rehearsal import scenario
from bot.rehearsal.player import Player

Json = dict[str, Any]
SIX = Path("bot/rehearsal/six_referrals.json")
RAW = json.loads(SIX.read_text(encoding="utf-8"))["scenarios"]

WORDS = {
    *("referrer_role", "seen_heard", "reported", "view", "going_well", "child_view"),
    *("help_so_far", "wants", "told_family_reason", "access", "safe_contact_times", "mosaic_id"),
    *("note", "relevant", "strengths", "worries", "suggests", "reason", "text", "also"),
    *("action", "rationale", "family_view", "next_steps_for_referrer"),
}
"""Where a scenario file keeps what people have to say."""


def content(value: Any, key: str = "") -> int:
    """Letters of everything somebody had to say in this part of a file."""
    if isinstance(value, dict):
        return sum(content(v, k) for k, v in value.items())
    if isinstance(value, list):
        return sum(content(v, key) for v in value)
    return len(value) if isinstance(value, str) and key in WORDS else 0


def said_in(referral: Json) -> int:
    kept = ("intake", "events", "plan", "outcome", "feedback")
    alone = ("family_view", "next_steps_for_referrer")
    return content({k: referral[k] for k in (*kept, *alone)})


async def test_no_referral_needs_more_typing_than_what_people_had_to_say(tmp_path: Path) -> None:
    file = scenario.read(SIX)
    report = await Player(file, store=str(tmp_path / "r.db")).run()
    typed: dict[str, int] = {}
    for row in report.result["burden"]:
        typed[row["ref"]] = typed.get(row["ref"], 0) + row["typed_characters"]
    assert {r["ref"] for r in RAW} == set(typed)
    for referral in RAW:
        assert typed[referral["ref"]] <= said_in(referral), referral["id"]


async def test_each_rehearsal_ends_with_taps_characters_and_screens_by_referral_and_role(
    tmp_path: Path,
) -> None:
    report = await Player(scenario.read(SIX), store=str(tmp_path / "r.db")).run()
    head, first = report.burden[0].split(), report.burden[1].split()
    assert head == ["Burden", "role", "taps", "typed", "screens"]
    assert first[0] == "REF-2026-00001"
    rows = report.result["burden"]
    assert {"masho", "rep", "duty_social_worker"} <= {row["role"] for row in rows}
    assert all(row["taps"] > 0 for row in rows)
