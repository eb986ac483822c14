"""Rows that an earlier version wrote still load."""

from __future__ import annotations

import json
from pathlib import Path

from bot.store import codec
from tests.domain.weeks import decided

BEFORE = Path(__file__).with_name("figures_before_measures.json")
"""A row of figures from before actions, calls and Mosaic IDs were kept in it."""


def test_figures_from_before_the_measures_load_with_what_was_not_kept_empty():
    row = codec.figures_of_text(BEFORE.read_text(encoding="utf-8"))

    assert (row.reference, row.outcome, row.minutes_received_to_decision) == (
        *("REF-2026-00001", "ehu"),
        41.0,
    )
    assert (row.mosaic_ids, row.outcomes_of_children, row.actions) == ((), (), ())
    assert (row.call_minutes, row.decided_on_call, row.corrected_in_time) == (None, None, False)
    assert row.has_plan, "counted by the number of its actions"


def test_the_row_from_before_lacks_what_is_written_now():
    now = json.loads(codec.figures_text(decided(41)))
    before = json.loads(BEFORE.read_text(encoding="utf-8"))

    assert set(before) < set(now)
