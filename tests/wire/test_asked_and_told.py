"""What the desk asks at the end of a day and of a call, and what managers get on Friday."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import configuration
from bot.desk.ports import Row
from bot.domain.partnership import Partnership, TestWindow
from bot.domain.periods import week_of
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.hands import Refusal
from bot.rehearsal.moves_desk import answer_pulse
from bot.rehearsal.people import Answer
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import NotOnScreen, Screen
from bot.rehearsal.world import Dialog, Message
from cards import wording as w
from tests.tools.tables import rows_of
from tests.wire.acting import Acting, words_of

TUESDAY = dt.date(2026, 11, 24)
IN_CHAT = ("masho-1", "masho-2", "sw-1", "mgr-1", "mgr-2", "edu-1", "eh-1")
BY_CHANNEL = ("pol-1", "hlt-1")


def chat(acting: Acting, person_id: str, words: str) -> list[Message]:
    found = acting.r.world.chat(acting.r.world.person(person_id))
    return [m for m in found if m.card and words in words_of(m.card)]


def pulses(acting: Acting, person_id: str) -> list[Message]:
    return chat(acting, person_id, "How did Tuesday 24 November go?")


def weeks(acting: Acting, person_id: str) -> list[Message]:
    return chat(acting, person_id, "Monday 23 November to Sunday 29 November")


async def stored(acting: Acting) -> list[Row]:
    return list(await rows_of(acting.r.front_door.rows, "Tallies"))


@asynccontextmanager
async def desk_at(
    store: Path, at: str, partnership: Partnership | None = None
) -> AsyncIterator[Acting]:
    """A desk started at this time on this store: a restart, or a second replica."""
    clock = RehearsalClock(dt.datetime.fromisoformat(at))
    made = Rehearsal(store=str(store), clock=clock, partnership=partnership)
    await made.start()
    try:
        yield Acting(made)
    finally:
        await made.stop()


# The pulse ---------------------------------------------------------------------------


async def test_at_the_end_of_a_test_day_everybody_of_the_duty_team_is_asked_once(
    acting: Acting,
) -> None:
    await acting.to("2026-11-24T16:29:00+00:00")
    assert pulses(acting, "eh-1") == []
    await acting.to("2026-11-24T16:31:00+00:00")
    await acting.to("2026-11-24T18:00:00+00:00")
    for person_id in IN_CHAT:
        if acting.r.world.person(person_id).role != "manager":
            assert len(pulses(acting, person_id)) == 1, person_id
    assert pulses(acting, "man-1") == []
    posts = [m for m in acting.r.world.messages.values() if "pulse.open" in json.dumps(m.card)]
    assert len(posts) == 1, "one post for all whose chats the bot cannot reach"
    assert "not fully anonymous" in words_of(posts[0].card or {})
    await acting.to("2026-11-27T18:00:00+00:00")
    assert chat(acting, "eh-1", "How did Friday") == []


async def test_who_is_not_here_is_not_asked(acting: Acting) -> None:
    await acting.later(minutes=1)
    await acting.hands("mgr-1").say("absent: edu-1", place="personal")
    message = chat(acting, "mgr-1", "Who is not here today?")[-1]
    await acting.hands("mgr-1").tap_screen(
        message=message,
        screen=Screen(message.card or {}),
        verb="roll.save",
        fill={"absent": "edu-1"},
    )
    await acting.to("2026-11-24T16:31:00+00:00")
    assert pulses(acting, "edu-1") == []
    assert len(pulses(acting, "eh-1")) == 1


async def test_answers_count_once_in_chat_and_through_the_channel(acting: Acting) -> None:
    await acting.referred()
    await acting.to("2026-11-24T16:31:00+00:00")
    people = ("masho-1", "sw-1", "eh-1", *BY_CHANNEL)
    for person_id in people:
        await answer_pulse(acting.hands(person_id), TUESDAY, (5, 4, 2, 5))
    with pytest.raises((Refusal, NotOnScreen)):
        await answer_pulse(acting.hands("eh-1"), TUESDAY, (1, 1, 1, 1))
    with pytest.raises((Refusal, NotOnScreen)):
        await answer_pulse(acting.hands("pol-1"), TUESDAY, (1, 1, 1, 1))

    report = await acting.desk.stats.report(week_of(TUESDAY))
    assert report["pulse_replies"].n == 0, "while people answer, each reply would show"
    await acting.to("2026-11-25T00:01:00+00:00")
    report = await acting.desk.stats.report(week_of(TUESDAY))
    assert report["pulse_replies"].n == 5
    assert (report["heard"].n, report["heard"].of) == (5, 5)
    assert (report["quicker"].n, report["quicker"].of) == (0, 5)


async def test_a_pulse_pressed_again_from_an_old_card_counts_nothing(acting: Acting) -> None:
    await acting.to("2026-11-24T16:31:00+00:00")
    message = pulses(acting, "eh-1")[0]
    first = json.loads(json.dumps(message.card))
    await answer_pulse(acting.hands("eh-1"), TUESDAY, (5, 5, 5, 5))
    action, inputs = Screen(first).press("pulse.next", so_far="1")
    last = {**action, "data": {**action["data"], "verb": "pulse.send", "so_far": "1111"}}
    last["verb"] = "pulse.send"
    await acting.r.people.press("eh-1", message, last, inputs)
    tally = (await acting.desk.tallies.pulses([TUESDAY]))[0]
    assert tally.replies == 1
    assert tally.counts[0] == (0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    "data",
    [
        {"so_far": "6"},
        {"so_far": "11111"},
        {"so_far": "-"},
        {"day": "2026-11-27"},
        {"day": "2026-11-19"},
        {"day": "2027-01-05"},
        {"day": "2026-11-10"},
        {"day": "x"},
    ],
)
async def test_a_pulse_that_was_never_asked_is_refused(acting: Acting, data: Any) -> None:
    await acting.to("2026-11-24T16:31:00+00:00")
    message = pulses(acting, "eh-1")[0]
    action, inputs = Screen(message.card or {}).press("pulse.next", so_far="5")
    forged = {**action, "data": {**action["data"], "so_far": "1111", **data}, "verb": "pulse.send"}
    await acting.r.people.press("eh-1", message, forged, inputs)
    assert await stored(acting) == []
    assert [r["code"] for r in await acting.refusals()] == ["malformed"]


async def test_nothing_kept_of_a_pulse_says_who_answered_what(acting: Acting) -> None:
    await acting.to("2026-11-24T16:31:00+00:00")
    before = len(await rows_of(acting.r.front_door.rows, "Commits"))
    for n, person_id in enumerate(("masho-1", "sw-1", "eh-1")):
        await answer_pulse(acting.hands(person_id), TUESDAY, (n + 1, 5, 4, 5))

    rows = await stored(acting)
    assert len(await rows_of(acting.r.front_door.rows, "Commits")) == before
    counts = [r for r in rows if r.props]
    assert len(counts) == 1, "one row of counts; the others only mark who is not asked again"
    kept = json.dumps([[r.partition, r.key, {k: str(v) for k, v in r.props.items()}] for r in rows])
    for person_id in ("masho-1", "sw-1", "eh-1"):
        person = acting.r.world.person(person_id)
        assert person_id not in kept
        assert person.object_id not in kept
        assert person.name not in kept


async def test_a_day_of_four_replies_is_not_shown_and_neither_is_a_second(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.to("2026-11-24T16:31:00+00:00")
    for person_id in ("masho-1", "sw-1", "eh-1", "edu-1"):
        await answer_pulse(acting.hands(person_id), TUESDAY, (5, 5, 5, 5))
    await acting.to("2026-11-25T00:01:00+00:00")
    shown = await asked(acting, "man-1", "stats by day")
    assert "replied" not in shown
    assert "too few replies" in shown
    assert "quicker" not in await asked(acting, "man-1", "stats")

    wednesday = dt.date(2026, 11, 25)
    await acting.to("2026-11-25T16:31:00+00:00")
    for person_id in ("masho-1", "sw-1", "eh-1", "edu-1", "pol-1"):
        await answer_pulse(acting.hands(person_id), wednesday, (5, 5, 1, 5))
    await acting.to("2026-11-26T00:01:00+00:00")
    shown = await asked(acting, "man-1", "stats by day")
    assert "2 days not shown by themselves" in shown
    assert "9 replies, 44% said quicker than email" in await asked(acting, "man-1", "stats")


async def test_a_day_that_is_over_takes_no_more_answers(acting: Acting) -> None:
    await acting.to("2026-11-24T16:31:00+00:00")
    await acting.to("2026-11-25T00:01:00+00:00")
    with pytest.raises((Refusal, NotOnScreen)):
        await answer_pulse(acting.hands("eh-1"), TUESDAY, (5, 5, 5, 5))
    assert await stored(acting) == []
    assert [r["code"] for r in await acting.refusals()] == ["pulse_over"]
    assert "That day is over" in words_of(pulses(acting, "eh-1")[0].card_for("eh-1") or {})


async def asked(acting: Acting, person_id: str, words: str) -> str:
    """What the bot answers in this person's own chat."""
    person = acting.r.world.person(person_id)
    before = len(acting.r.world.chat(person))
    await acting.hands(person_id).say(words, place="personal")
    await acting.r.settled()
    return " ".join(words_of(m.card or {}) for m in acting.r.world.chat(person)[before:])


# The survey --------------------------------------------------------------------------


async def survey(acting: Acting, person_id: str, answers: str) -> Answer:
    """Each tap is a question; the answers so far ride along."""
    dialog = await acting.hands(person_id).open(await acting.briefing(), "survey.open")
    for n in range(1, len(answers) + 1):
        shown = await acting.hands(person_id).in_dialog(
            dialog, "survey.next", {}, data={"so_far": answers[:n]}
        )
        assert shown.dialog is not None
        dialog = shown.dialog
    return Answer("dialog", dialog=dialog) if isinstance(dialog, Dialog) else dialog


async def told(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")


@pytest.mark.parametrize("number", ["9900101", "REF-2026-00001"])
async def test_a_comment_that_names_its_referral_is_not_taken(acting: Acting, number: str) -> None:
    await told(acting)
    last = await survey(acting, "eh-1", "54-")
    assert last.dialog is not None
    hands = acting.hands("eh-1")
    words = {"comment": f"Femi was kind to {number}"}
    left = (await hands.in_dialog(last.dialog, "survey.comment", words)).dialog
    assert left is not None
    assert w.NO_CASE_NUMBERS in words_of(left.card)
    assert (await acting.desk.tallies.surveys(["2026-W48"], lambda day: True))[0].comments == ()


async def test_three_taps_after_feedback_count_once_and_apart(acting: Acting) -> None:
    await told(acting)
    last = await survey(acting, "eh-1", "54-")
    assert last.dialog is not None
    assert "That is counted" in words_of(last.dialog.card)
    await acting.hands("eh-1").in_dialog(
        last.dialog, "survey.comment", {"comment": "Quicker than last time"}
    )
    assert not (await acting.screen("eh-1")).has("survey.open")

    tallies = await acting.desk.tallies.surveys(["2026-W48"], lambda day: True)
    assert [(t.test, t.group, t.asked, t.replied) for t in tallies] == [
        ("first_test", "professional", 1, 1)
    ]
    assert tallies[0].comments == ("Quicker than last time",)
    assert (await acting.logged()).count("survey.asked") == 1
    stream = await acting.r.front_door.log.load(acting.case_id)
    assert "Quicker" not in repr(stream.commits)
    kept = " ".join(f"{r.partition} {r.key} {r.props}" for r in await stored(acting))
    assert acting.case_id not in kept
    assert "REF-2026-00001" not in kept


async def test_a_caller_who_does_not_want_to_answer_counts_as_asked(acting: Acting) -> None:
    await told(acting)
    dialog = await acting.hands("eh-1").open(await acting.briefing(), "survey.open")
    await acting.hands("eh-1").in_dialog(dialog, "survey.none", {})
    report = await acting.desk.stats.report(week_of(TUESDAY))
    assert (report["survey_replies"].n, report["survey_replies"].of) == (0, 1)


async def test_the_survey_is_offered_after_feedback_only(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    assert not (await acting.screen("eh-1")).has("survey.open")
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    assert (await acting.screen("eh-1")).has("survey.open")


async def test_a_survey_that_died_between_counting_and_logging_counts_once(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(acting)
    log = acting.r.front_door.log
    whole = type(log).append

    async def dies(self: Any, commit: Any) -> None:
        if any(r.event.TYPE == "survey.asked" for r in commit.recorded):
            raise OSError("gone")
        await whole(self, commit)

    monkeypatch.setattr(type(log), "append", dies)
    dialog = await acting.hands("eh-1").open(await acting.briefing(), "survey.open")
    for so_far in ("5", "54"):
        shown = await acting.hands("eh-1").in_dialog(
            dialog, "survey.next", {}, data={"so_far": so_far}
        )
        assert shown.dialog is not None
        dialog = shown.dialog
    await acting.hands("eh-1").in_dialog(dialog, "survey.next", {}, data={"so_far": "543"})
    monkeypatch.setattr(type(log), "append", whole)
    assert (await acting.logged()).count("survey.asked") == 0
    await acting.hands("eh-1").in_dialog(dialog, "survey.next", {}, data={"so_far": "543"})

    assert (await acting.logged()).count("survey.asked") == 1
    tally = (await acting.desk.tallies.surveys(["2026-W48"], lambda day: True))[0]
    assert (tally.asked, tally.replied, tally.counts[0]) == (1, 1, (0, 0, 0, 0, 1))


# Friday ------------------------------------------------------------------------------


async def test_on_friday_afternoon_each_manager_gets_the_week_once(acting: Acting) -> None:
    await acting.referred()
    await acting.to("2026-11-27T14:59:00+00:00")
    assert weeks(acting, "man-1") == []
    await acting.to("2026-11-27T15:00:00+00:00")
    await acting.to("2026-11-27T16:00:00+00:00")
    await acting.to("2026-11-28T12:00:00+00:00")
    (card,) = weeks(acting, "man-1")
    shown = words_of(card.card or {})
    assert "1 referral, 1 child." in shown
    assert "REF-2026-00001" in shown, "what is late is named, with its link"
    assert "/#thread=" in json.dumps(card.card)
    for other in ("masho-1", "eh-1", "sw-1"):
        assert weeks(acting, other) == []


async def test_the_week_is_sent_once_whatever_is_restarted(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    sent = []
    for at in (
        "2026-11-27T14:50:00+00:00",
        "2026-11-27T15:00:00+00:00",
        "2026-11-27T15:30:00+00:00",
        "2026-11-30T09:00:00+00:00",
    ):
        async with desk_at(store, at) as acting:
            await acting.later(minutes=5)
            sent.append(len(weeks(acting, "man-1")))
    assert sent == [0, 1, 0, 0]


async def test_a_week_missed_on_friday_is_sent_on_monday_and_not_a_week_later(
    tmp_path: Path,
) -> None:
    async with desk_at(tmp_path / "monday.db", "2026-11-30T09:00:00+00:00") as acting:
        await acting.later(minutes=1)
        assert len(weeks(acting, "man-1")) == 1
    async with desk_at(tmp_path / "later.db", "2026-12-04T09:00:00+00:00") as acting:
        await acting.later(minutes=1)
        assert weeks(acting, "man-1") == []


async def test_two_replicas_send_one_week(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    at = "2026-11-27T14:59:00+00:00"
    async with desk_at(store, at) as one, desk_at(store, at) as other:
        for acting in (one, other):
            acting.r.clock.move_to(dt.datetime.fromisoformat("2026-11-27T15:00:00+00:00"))
        for acting in (one, other, one):
            await acting.desk.ticker.tick()
            await acting.desk.outbox.quiet()
        assert [len(weeks(a, "man-1")) for a in (one, other)].count(1) == 1


def with_tests(first: dt.date, last: dt.date, **calendar: Any) -> Partnership:
    base = configuration.load()
    return replace(
        base,
        test_windows=(TestWindow("first_test", first, last),),
        calendar=replace(base.calendar, **calendar),
    )


async def test_in_the_week_of_good_friday_it_comes_on_thursday(tmp_path: Path) -> None:
    holiday = dt.date(2027, 3, 26)
    easter = with_tests(
        dt.date(2027, 3, 23), dt.date(2027, 3, 25), bank_holidays=frozenset({holiday})
    )
    async with desk_at(tmp_path / "e.db", "2027-03-25T14:59:00+00:00", easter) as acting:
        assert chat(acting, "man-1", "Monday 22 March") == []
        await acting.later(minutes=2)
        assert len(chat(acting, "man-1", "Monday 22 March to Sunday 28 March")) == 1
        await acting.later(days=4)
        assert len(chat(acting, "man-1", "Monday 22 March to Sunday 28 March")) == 1


async def test_a_week_without_a_test_day_sends_nothing(acting: Acting) -> None:
    await acting.to("2026-12-11T17:00:00+00:00")
    assert chat(acting, "man-1", "Monday 7 December") == []
    assert len(weeks(acting, "man-1")) == 1
