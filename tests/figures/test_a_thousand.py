"""Chat, spreadsheet, command line and a recount of the raw log agree to the digit."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.breakdown import breakdown_of
from bot.domain.counting import as_data
from bot.domain.events import EVENT_TYPES
from bot.domain.measures import MEASURES
from bot.exchange.report_json import report_json
from cards.all_figures import all_figures_card
from cards.figure_words import Hide
from cards.stats import stats_card
from tests.figures import shown
from tests.figures.generate import REFERRALS, generate
from tests.figures.recount_log import Counted, read_logs
from tests.figures.recount_numbers import Json, as_written
from tests.figures.recount_time import local_day
from tests.figures.thousand import AS_AT, NAMES, Thousand, span_of, told

ROOT = Path(__file__).resolve().parents[2]
NOT_DONE_HERE = {
    *("identity.asked", "identity.told", "history.viewed", "casenote.opened", "survey.asked"),
    *("message", "message.filed", "message.revised", "message.removed", "nudge.sent"),
    *("contribution.added", "contribution.confirmed", "police.contact_recorded"),
    *("disagreement.recorded", "strategy.held", "feedback.asked", "feedback.held"),
    *("feedback.passed", "referral.matched", "referral.linked", "referral.linked_from"),
    *("feedback.tried", "feedback.email_started", "feedback.email_failed"),
    *("hold.placed", "hold.lifted", "words.erased"),
    "referral.unmerged",
}
"""Events no figure is made of, but for an undone merge."""


# The material itself


def test_a_thousand_referrals_took_every_turn(thousand):
    types = {e["type"] for events in read_logs(thousand.store).values() for e in events}
    of_the_desk = {"roll.asked", "test.paused", "test.resumed", "closing.listed"}
    of_the_desk |= {"messages.tried_again", "week.sent"}
    of_the_desk |= {kind for kind in EVENT_TYPES if kind.startswith("roster.")}
    expected = set(EVENT_TYPES) - NOT_DONE_HERE - of_the_desk
    assert len(thousand.recount.every) >= REFERRALS * 0.95
    assert types == expected


def test_the_tests_have_something_of_every_figure(thousand):
    for name in ("first_test", "second_test"):
        found = thousand.counted(thousand.period(name))
        nothing = {key for key, data in found.items() if not data["n"]}
        assert nothing <= {"on_call", "through_the_line"}, name
    assert found["on_call"]["n"], "the second test is decided on the call"


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_the_recount_shares_nothing_with_what_it_checks():
    ours = "tests.figures.recount_"
    for path in Path(__file__).parent.glob("recount_*.py"):
        others = {m for m in imported_by(path) if not m.startswith(ours)}
        assert {m.split(".")[0] for m in others} <= set(sys.stdlib_module_names), path.name


def test_the_same_seed_makes_the_same_desk(thousand):
    one, other = (generate(thousand.partnership, seed=7, count=60) for _ in range(2))

    assert [c.commits for c in one.cases] == [c.commits for c in other.cases]
    assert one.inputs == other.inputs


# JSON


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_is_what_the_raw_log_comes_to(thousand, name):
    period = thousand.period(name)
    measures = report_json(thousand.report(period), thousand.view)["measures"]
    counted = thousand.counted(period)

    assert set(measures) == set(counted)
    for key in measures:
        assert told(measures[key]) == as_written(counted[key]), key


@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_the_json_is_what_the_raw_log_comes_to(thousand, name):
    period = thousand.period(name)
    data, found = report_json(thousand.report(period), thousand.view), thousand.counted(period)

    assert data["referrals_after_merge"] == found["referrals"]["n"]
    assert data["children"] == found["children"]["n"]
    assert data["duty_team_decisions"] == found["decided"]["n"]
    assert data["by_outcome"] == found["by_outcome"].get("parts", {})
    assert data["handed_over"] == found["handed_over"]["n"]
    in_time = found["decision_in_time"]
    assert data["decisions_within_one_working_day"] == [in_time["n"], in_time["of"]]
    assert data["action_plans"] == found["plans"]["n"]
    assert data["pulse"]["responses"] == found["pulse_replies"]["n"]
    assert sorted(data["late"]) == thousand.recount.late(span_of(period), AS_AT)


# Chat


@pytest.mark.parametrize("name", NAMES)
def test_all_figures_in_chat_say_the_numbers_of_the_recount(thousand, name):
    period = thousand.period(name)
    report = thousand.report(period)
    found = thousand.counted(period)
    card = all_figures_card(report, thousand.view, hide=Hide.NOTHING)
    on_card = {key: words[-1] for key, words in shown.pressed(card)}

    def something(data: Json) -> bool:
        return bool(data["n"] or data.get("of") or data.get("missing"))

    assert set(on_card) == {
        k for k in found if something(found[k]) or k in ("referrals", "children")
    }
    for m in MEASURES:
        if m.key in on_card:
            numbers = shown.numbers_in(on_card[m.key])
            expected = shown.of_figure(m.kind, found[m.key], thousand.partnership)
            # A few values are told one by one, in the order of the referrals.
            few = "values" in found[m.key]
            assert (sorted(numbers) if few else numbers) == (sorted(expected) if few else expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_week_in_chat_says_the_numbers_of_the_recount(thousand, name):
    period = thousand.period(name)
    report = thousand.report(period)
    found = thousand.counted(period)
    card = stats_card(report, thousand.view, hide=Hide.NOTHING)
    lines = [(key, " ".join(words)) for key, words in shown.pressed(card)]
    late = [words for _, words in lines if words.startswith("Late:")]
    said = [(key, shown.numbers_in(words)) for key, words in lines if words not in late]

    expected = list(shown.of_week(found, thousand.partnership))
    if "values" in found["assessment_minutes"]:
        said = [(key, sorted(numbers)) for key, numbers in said]
        expected = [(key, sorted(numbers)) for key, numbers in expected]
    assert said == expected
    assert [w.count("REF-") for w in late] == (
        [n] if (n := len(thousand.recount.late(span_of(period), AS_AT))) else []
    )
    charts = [x for x in card["body"] if x["type"] == "Chart.HorizontalBar"]
    bars = [[d["y"] for d in chart["data"]] for chart in charts]
    parts = found["by_outcome"].get("parts", {})
    assert bars == ([shown.in_order(parts, thousand.partnership)] if parts else [])


# The command line


def test_the_command_line_says_the_same(thousand):
    period = thousand.period("week of 2027-01-04")
    report = thousand.report(period)
    command = [sys.executable, "app.py", "stats", "--week", "2027-W01", "--json"]
    where = ["--store", str(thousand.store), "--config", str(thousand.settings)]
    done = subprocess.run(
        [*command, *where, "--clock", AS_AT.isoformat()],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    data = json.loads(done.stdout)
    found = thousand.counted(period)

    assert {k: told(v) for k, v in data["measures"].items()} == {
        k: as_written(v) for k, v in found.items()
    }
    assert data == json.loads(json.dumps(report_json(report, thousand.view)))


# Splits


def code_of(thousand: Thousand, by: str, c: Counted) -> str:
    assert c.received is not None
    match by:
        case "agency":
            return thousand.recount.desk.agency_of.get(c.lead, "")
        case "day":
            return local_day(c.received).isoformat()
        case "referrer":
            return str(c.intake["referrer_group"])
        case _:
            return str(c.intake[by])


@pytest.mark.parametrize("by", ["referrer", "agency", "district", "day", "test"])
@pytest.mark.parametrize("name", ["week of 2027-01-04", "odd days", "first_test"])
def test_a_split_adds_up_to_the_groups_of_the_recount(thousand, name, by):
    period = thousand.period(name)
    split = breakdown_of(thousand.report(period).facts, by)
    groups = thousand.recount.groups(span_of(period), lambda c: code_of(thousand, by, c))
    lines = {s.code: s for s in split.lines if s.referrals}

    assert set(lines) == set(groups)
    for code, line in lines.items():
        group = groups[code]
        assert (line.referrals, line.children, line.decided) == (
            *(group["referrals"], group["children"], group["decided"]),
        )
        assert as_data(line.decision_in_time) == as_written(group["decision_in_time"])
        assert told(as_data(line.minutes)) == as_written(group["minutes"])
    found = thousand.counted(period)
    assert sum(s.referrals for s in lines.values()) == found["referrals"]["n"]
    assert sum(s.children for s in lines.values()) == found["children"]["n"]
    assert sum(s.decision_in_time.n for s in lines.values()) == found["decision_in_time"]["n"]
