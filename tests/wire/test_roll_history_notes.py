"""The morning's roll, who looked at the history, and the case notes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from tests.wire.acting import Acting, words_of

SCHEMA = json.loads(Path("cards/case_note.schema.json").read_text(encoding="utf-8"))


def rolls(acting: Acting, person_id: str) -> list[Message]:
    chat = acting.r.world.chat(acting.r.world.person(person_id))
    return [m for m in chat if m.card and "Who is not here today?" in words_of(m.card)]


async def test_each_test_morning_the_duty_managers_are_asked_who_is_here_once(
    acting: Acting,
) -> None:
    await acting.to("2026-11-25T08:29:00+00:00")
    before = len(rolls(acting, "mgr-1"))
    await acting.to("2026-11-25T08:30:00+00:00")
    await acting.to("2026-11-25T09:30:00+00:00")
    assert len(rolls(acting, "mgr-1")) == before + 1
    assert len(rolls(acting, "mgr-2")) == before + 1
    assert rolls(acting, "eh-1") == []
    await acting.to("2026-11-27T10:00:00+00:00")
    assert len(rolls(acting, "mgr-1")) == before + 2, "Thursday is a test day, Friday is not"


async def test_the_roll_is_one_tap_when_everybody_is_here(acting: Acting) -> None:
    await acting.to("2026-11-25T08:31:00+00:00")
    message = rolls(acting, "mgr-1")[-1]
    hands = acting.hands("mgr-1")
    await hands.tap_screen(Screen(message.card or {}), message, "roll.save", {})
    assert hands.taps == 1
    assert "not here: nobody" in words_of(message.card_for("mgr-1") or {})


async def test_who_is_absent_shows_on_each_briefing_and_cannot_claim(acting: Acting) -> None:
    await acting.later(minutes=1)
    message = rolls(acting, "mgr-1")[-1]
    screen = Screen(message.card or {})
    await acting.hands("mgr-1").tap_screen(
        message=message, screen=screen, verb="roll.save", fill={"absent": "edu-1"}
    )
    await acting.referred()
    assert "No education rep today." in await acting.shown("pol-1")
    await acting.tap("edu-1", "claim")
    assert not (await acting.referral()).lead


async def test_a_forgotten_roll_counts_everybody_as_here(acting: Acting) -> None:
    await acting.to("2026-11-24T09:20:00+00:00")
    await acting.referred()
    assert "rep today" not in await acting.shown("pol-1")
    await acting.tap("edu-1", "claim")
    assert (await acting.referral()).lead == "edu-1"


# History -----------------------------------------------------------------------------


async def test_the_history_says_who_did_what_and_each_look_is_logged(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("edu-1", "add", words="Late every day")
    await acting.tap("eh-1", "claim", words="I know them")
    opened = await acting.hands("man-1").open(await acting.briefing(), "history.open")
    words = words_of(opened.card)
    for line in ("picked up the call", "briefed the duty team", "claimed the lead"):
        assert line in words
    assert "Late every day" in words
    assert "looked at this history" in words, "this look itself"
    await acting.hands("sw-1").open(await acting.briefing(), "history.open")
    assert (await acting.logged()).count("history.viewed") == 2


async def test_a_look_that_arrives_twice_is_one_look_and_the_next_is_another(
    acting: Acting,
) -> None:
    await acting.referred()
    message = await acting.briefing()
    more = (await acting.hands("sw-1").tap(message, "more.open")).dialog
    assert more is not None
    button, inputs = Screen(more.card).press("history.open")
    for _ in range(2):
        await acting.r.people.press_dialog(more, button, inputs)
        await acting.r.settled()
    assert (await acting.logged()).count("history.viewed") == 1
    await acting.hands("sw-1").open(message, "history.open")
    assert (await acting.logged()).count("history.viewed") == 2


async def test_words_that_ask_for_a_history_and_arrive_twice_are_one_look(acting: Acting) -> None:
    await acting.referred()
    people, person = acting.r.people, acting.r.world.person("man-1")
    chat = acting.r.world.chat_id(person)
    asked = people.activity("man-1", chat, type="message", text="history REF-2026-00001")
    await people.deliver(asked)
    await people.deliver(asked)
    assert (await acting.logged()).count("history.viewed") == 1
    await people.deliver({**asked, "id": acting.r.world.new_id()})
    assert (await acting.logged()).count("history.viewed") == 2


async def test_a_rep_who_does_not_lead_is_not_shown_the_history(acting: Acting) -> None:
    await acting.referred()
    button = Screen(
        (await acting.hands("sw-1").tap(await acting.briefing(), "more.open")).dialog.card  # type: ignore[union-attr]
    ).press("history.open")[0]
    more = (await acting.hands("pol-1").tap(await acting.briefing(), "more.open")).dialog
    assert more is not None
    assert not Screen(more.card).has("history.open")
    answer = await acting.r.people.press_dialog(more, button, {})
    assert answer.dialog is not None
    assert "The history is for the lead person" in words_of(answer.dialog.card)
    assert "history.viewed" not in await acting.logged()


async def test_the_history_is_asked_for_by_number_in_a_chat(acting: Acting) -> None:
    await acting.referred()
    await acting.hands("man-1").say("history REF-2026-00001", place="personal")
    last = acting.r.world.chat(acting.r.world.person("man-1"))[-1]
    assert "REF-2026-00001: history" in words_of(last.card or {})
    for text, answer in (
        ("history", "Say which referral."),
        ("history REF-2026-00999", "There is no referral REF-2026-00999."),
    ):
        await acting.hands("man-1").say(text, place="personal")
        last = acting.r.world.chat(acting.r.world.person("man-1"))[-1]
        assert answer in last.text


# Case notes --------------------------------------------------------------------------


async def test_one_tap_confirms_every_childs_note_and_each_copy_is_logged(acting: Acting) -> None:
    await acting.referred(mosaic_2="9900102", age_2="1_to_4")
    await acting.agreed()
    hands = acting.hands("masho-1")
    opened = await hands.open(await acting.briefing(), "notes.open")
    assert {"9900101", "9900102"} <= set(words_of(opened.card).replace(".", " ").split())
    await hands.finish(opened, "notes.confirm", {})
    logged = await acting.logged()
    assert logged.count("casenote.opened") == 1
    assert (await acting.referral()).notes_confirmed == {"9900101", "9900102"}


async def test_the_note_as_data_fits_its_published_description(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    hands = acting.hands("sw-1")
    opened = await hands.open(await acting.briefing(), "notes.open")
    answer = await hands.in_dialog(opened, "notes.json", {})
    assert answer.dialog is not None
    code = next(e for e in answer.dialog.card["body"] if e["type"] == "CodeBlock")
    note = json.loads(code["codeSnippet"])
    jsonschema.validate(note, SCHEMA)
    assert note["child"]["mosaic_id"] == "9900101"
    assert (await acting.logged()).count("casenote.opened") == 2


async def test_unconfirmed_notes_are_listed_at_the_end_of_the_day(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    await acting.to("2026-11-24T16:15:00+00:00")
    chat = acting.r.world.chat(acting.r.world.person("mgr-1"))
    words = words_of(chat[-1].card or {})
    assert "1 referral with case notes to confirm" in words
    assert "REF-2026-00001" in words


async def test_an_unconfirmed_line_says_so_in_the_note(acting: Acting) -> None:
    await acting.referred()
    line = {"agency": "police", "known": "known", "relevant": "Called out twice in May"}
    await acting.dialog("masho-1", "contribute.open", "contribute.save", **line)
    await acting.agreed()
    opened = await acting.hands("masho-1").open(await acting.briefing(), "notes.open")
    assert "police has not confirmed it" in words_of(opened.card)
