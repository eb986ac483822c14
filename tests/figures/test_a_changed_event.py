"""The comparison can fail: one stored event changed moves the recount and the report alike."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

from bot.domain.periods import Period
from tests.figures.recount_log import read_logs
from tests.figures.thousand import Thousand, made_again, opened, span_of


def _decided_in_time(thousand: Thousand, period: Period) -> str:
    """A referral agreed once, in time, and never corrected, reopened or merged."""
    logs, desk = read_logs(thousand.store), thousand.recount.desk
    for c in thousand.recount.cohort(span_of(period)):
        kinds = Counter(e["type"] for e in logs[c.case])
        assert c.received is not None
        once = kinds["outcome.endorsed"] == 1 and not kinds["referral.reopened"]
        in_time = c.agreed_at is not None and c.agreed_at <= desk.due(c.received)
        if once and in_time and c.decided and not c.taken_in:
            return c.case
    raise AssertionError("nobody decided in time")


def _agree_later(store: Path, case: str) -> None:
    """One stored event says another time: the agreement, a month later."""
    with sqlite3.connect(store) as connection:
        found = connection.execute(
            "select key, props from rows where tbl = 'Commits' and part = ?", (case,)
        ).fetchall()
        for key, text in found:
            props = json.loads(text)
            facts = json.loads(props.get("facts", "[]"))
            if [f for f in facts if f["type"] == "outcome.endorsed"]:
                for fact in facts:
                    fact["at"] = fact["at"].replace("2027-01-", "2027-02-")
                props["facts"] = json.dumps(facts)
                connection.execute(
                    "update rows set props = ? where tbl = 'Commits' and part = ? and key = ?",
                    (json.dumps(props), case, key),
                )
    connection.close()


def test_one_event_changed_changes_the_recount_and_the_report_alike(thousand, tmp_path):
    period = thousand.period("week of 2027-01-04")
    store = tmp_path / "changed.db"
    shutil.copy(thousand.store, store)
    _agree_later(store, _decided_in_time(thousand, period))
    asyncio.run(made_again(store, thousand.partnership))
    changed = opened(thousand.settings, store, thousand.partnership, thousand.inputs)

    before = thousand.counted(period)["decision_in_time"]["n"]
    after = changed.counted(period)["decision_in_time"]["n"]
    reported = changed.report(period)["decision_in_time"].n

    assert (after, reported) == (before - 1, before - 1)
    assert thousand.report(period)["decision_in_time"].n == before
