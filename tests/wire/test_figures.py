"""Figures by asking: which period, which split, and how exactly this person may see them here."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.domain.baseline import BaselineRow
from bot.domain.calls import Call, CallOutcome
from bot.domain.plan_quality import PlanScore
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from tests.wire.acting import Acting, words_of
from tests.wire.test_asking_the_bot import answer, finished, in_channel

AT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def last(acting: Acting, person_id: str) -> Message:
    return acting.r.world.chat(acting.r.world.person(person_id))[-1]


async def pressed(acting: Acting, person_id: str, verb: str, **data: str) -> str:
    """Presses on the newest card of this person's chat; the words of what it became."""
    message = last(acting, person_id)
    action, inputs = Screen(message.card_for(person_id) or {}).press(verb, **data)
    await acting.r.people.press(person_id, message, action, inputs)
    await acting.r.settled()
    return words_of(message.card_for(person_id) or {})


async def test_a_figure_says_what_it_counts_when_it_is_pressed(acting: Acting) -> None:
    await finished(acting)
    await answer(acting, "man-1", "stats")
    card = last(acting, "man-1").card or {}
    figure = next(e for e in card["body"] if "Decision in one working day" in words_of(e))
    target = figure["selectAction"]["targetElements"][0]
    words = next(e for e in card["body"] if e.get("id") == target)
    assert words["isVisible"] is False
    for part in ("Counts:", "Out of:", "Clock starts:", "Clock stops:"):
        assert part in words["text"]
    assert figure["selectAction"]["title"] == "What does this count?"


async def test_all_figures_and_splits_are_a_press_away_and_back(acting: Acting) -> None:
    await finished(acting)
    await answer(acting, "man-1", "stats")
    shown = await pressed(acting, "man-1", "stats.all")
    assert "Minutes from call to decision" in shown
    assert "79 minutes (1 counted, too few for an average)" in shown
    shown = await pressed(acting, "man-1", "stats.by", by="referrer")
    assert "School or college" in shown
    shown = await pressed(acting, "man-1", "stats.by", by="day")
    assert "Tue 24 Nov" in shown
    assert "Minutes from call to decision" in await pressed(acting, "man-1", "stats.all")
    assert "Duty team decided all 1" in await pressed(acting, "man-1", "stats.week")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("stats by referrer", "School or college"),
        ("stats by the agency", "Early Help Unit (EHU)"),
        ("stats by district", "North"),
        ("stats by day", "Tue 24 Nov"),
        ("stats for the test by referrer", "School or college"),
        ("stats 2026-W48 by district", "North"),
    ],
)
async def test_the_week_is_split_by_asking(acting: Acting, text: str, line: str) -> None:
    await finished(acting)
    shown = await answer(acting, "man-1", text)
    assert line in shown
    assert "Referrals" in shown


async def test_the_test_is_a_period_of_its_own(acting: Acting) -> None:
    await finished(acting)
    shown = await answer(acting, "man-1", "stats for the test")
    assert "First test, Tuesday 24 November to Thursday 3 December" in shown
    assert "1 referral, 1 child." in shown
    assert "I do not know" in await answer(acting, "man-1", "stats for the second test")


async def test_in_the_channel_a_split_of_few_is_not_shown(acting: Acting) -> None:
    await finished(acting)
    shown = await in_channel(acting, "mgr-1", "stats by referrer")
    assert "School" not in shown
    assert "Managers can ask in their own chat" in shown


async def test_a_rep_asks_in_the_own_chat_and_sees_what_the_channel_sees(acting: Acting) -> None:
    await finished(acting)
    shown = await answer(acting, "eh-1", "stats")
    assert "1 of 1" not in shown
    assert "small numbers could point to a family" in shown
    assert not Screen(last(acting, "eh-1").card or {}).has("stats.download")


async def test_a_press_for_a_period_or_split_that_is_none_is_refused(acting: Acting) -> None:
    await answer(acting, "man-1", "stats")
    message = last(acting, "man-1")
    action, inputs = Screen(message.card or {}).press("stats.all")

    async def press(**data: Any) -> None:
        forged = {**action["data"], "verb": "stats.by", **data}
        await acting.r.people.press(
            "man-1", message, {**action, "data": forged, "verb": "stats.by"}, inputs
        )

    await press(period="2026-11-23_2026-11-29_")
    await press(period="2026-11-23_2026-11-29_", by="name")
    await press(period="2020-01-01_2026-11-29_", by="day")
    await press(period="2026-11-29_2026-11-23_", by="day")
    await press(period="x", by="day")
    await press(period="2026-11-23_2026-11-29_third_test", by="day")
    assert [r["code"] for r in await acting.refusals()] == ["malformed"] * 6


async def test_the_assessment_team_gets_no_figures_by_a_press_either(acting: Acting) -> None:
    await answer(acting, "man-1", "stats")
    message = last(acting, "man-1")
    action, inputs = Screen(message.card or {}).press("stats.all")
    await acting.r.people.press("axt-1", message, action, inputs)
    assert [r["code"] for r in await acting.refusals()] == ["not_allowed"]


async def test_words_for_the_record_are_not_taken_for_a_question(acting: Acting) -> None:
    await acting.referred()
    thread = (await acting.briefing()).id
    await acting.hands("eh-1").say("@Front Door stats show he is late every day", thread=thread)
    await acting.r.settled()
    assert (await acting.logged()).count("message") == 1


# Before and after -----------------------------------------------------------------------


def baseline_row(n: int, **changes: Any) -> BaselineRow:
    """A Tuesday four weeks and less before the test; every second a day late."""
    day = dt.date(2026, 10, 27) + dt.timedelta(days=7 * (n % 4))
    at = dt.datetime(day.year, day.month, day.day, 11, n % 60, tzinfo=dt.UTC)
    row = BaselineRow(
        *(f"row-{n}", day, at, 1, "North", "school", "ehu", "early_help"),
        *(at + dt.timedelta(hours=2 + 48 * (n % 2)), False, None, None, None, n % 10 == 0),
        *(PlanScore(1, 1, 0, 1, 1), 2),
    )
    return row if not changes else type(row)(**{**_fields(row), **changes})


def _fields(row: BaselineRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in BaselineRow.__dataclass_fields__}


async def test_before_and_after_are_side_by_side_on_the_same_weekdays(acting: Acting) -> None:
    await finished(acting)
    rows = [baseline_row(n) for n in range(32)]
    monday = baseline_row(50, received_on=dt.date(2026, 10, 26))
    await acting.desk.tallies.import_baseline([*rows, monday])

    shown = await answer(acting, "man-1", "compare before and after")

    assert "Tuesday 27 October to Tuesday 17 November, 4 days" in shown
    assert "Left out from before, because they were on other weekdays: 1." in shown
    assert "16 of 32 (50%)" in shown
    assert "1 of 1" in shown
    assert "too few to call a difference" in shown
    assert "So few days prove nothing by themselves" in shown


async def test_before_and_after_is_for_managers_in_their_own_chat(acting: Acting) -> None:
    await acting.desk.tallies.import_baseline([baseline_row(n) for n in range(3)])
    assert "Managers" in await in_channel(acting, "mgr-1", "compare before and after")
    assert "own chat" in await answer(acting, "eh-1", "compare before and after")


async def test_without_a_file_from_before_it_says_how_to_bring_one(acting: Acting) -> None:
    shown = await answer(acting, "man-1", "compare before and after")
    assert "Send me the file here" in shown


# The phone line ---------------------------------------------------------------------------


async def test_imported_calls_are_in_the_week_and_beside_referrals(acting: Acting) -> None:
    await finished(acting)
    calls = [
        Call(f"c{n}", AT + dt.timedelta(minutes=5 * n), "mash", CallOutcome.ANSWERED, 20.0 * n,
             None, "")
        for n in range(10)
    ] + [Call("lost", AT, "mash", CallOutcome.ABANDONED, 95.0, None, "id-1")]  # fmt: skip
    assert await acting.desk.tallies.import_calls(calls, lambda at: "2026-W48") == 11
    assert await acting.desk.tallies.import_calls(calls, lambda at: "2026-W48") == 0

    assert "Phone line: 11 calls, 1 given up before an answer." in await answer(
        acting, "man-1", "stats"
    )
    shown = await answer(acting, "man-1", "stats by day")
    assert "Tue 24 Nov: 11 calls, 10 answered, 1 given up; 1 referral taken." in shown
    shown = await pressed(acting, "man-1", "stats.all")
    assert "10 of 11 (91%)" in shown
    assert "1 of 11 (9%)" in shown
    # 0 to 180 s: the middle of ten is 90, the ninth is 160.
    assert "typically 90 seconds (10 counted). 9 in 10: 160 seconds or less." in shown
    # 0, 20, 40 and 60 seconds are within 60; the call given up counts too.
    assert "4 of 11 (36%)" in shown


@pytest.mark.parametrize("period", ["2026-11-24_2026-11-24_", "2026-11-23_2026-11-24_"])
async def test_other_days_than_a_week_are_not_answered(acting: Acting, period: str) -> None:
    """Beside their week they would tell its small numbers."""
    await finished(acting)
    await answer(acting, "eh-1", "stats")
    message = last(acting, "eh-1")
    action, inputs = Screen(message.card or {}).press("stats.all")
    forged = {**action, "data": {**action["data"], "period": period}}
    await acting.r.people.press("eh-1", message, forged, inputs)
    assert [r["code"] for r in await acting.refusals()] == ["malformed"]


async def test_a_whole_test_is_shown_in_a_managers_own_chat_only(acting: Acting) -> None:
    await finished(acting)
    assert "First test" in await answer(acting, "mgr-1", "stats for the test")
    for shown in (
        await answer(acting, "eh-1", "stats for the test"),
        await in_channel(acting, "mgr-1", "stats for the test by day"),
    ):
        assert "beside its weeks, small numbers would show" in shown
