"""The conversation is the record: huddle, lines said for others, messages, the thread itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import configuration
from bot.domain.vocabulary import State
from bot.rehearsal.people import Answer
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from bot.teams.bot import ADD_TO_RECORD
from tests.wire.acting import Acting, words_of

HUDDLE = {
    "said_education": "Late on 11 of 15 days, sleeps in class",
    "said_health": "Two-year review is overdue",
    "known_police": "not_known",
    "said_social_care": "Not open. One contact last year",
    "outcome": "ehu",
    "rationale": "Mum wants help with the mornings",
    "action_1": "Visit mum at home tomorrow morning",
    "family_view": "Mum agrees",
    "next_step": "Start breakfast club on Wednesday",
}


async def test_one_press_logs_the_whole_talk_as_its_separate_events(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog("eh-1", "huddle.open", "huddle.save", **HUDDLE)
    referral = await acting.referral()
    assert (await acting.logged())[-7:] == [
        "contribution.added",
        "contribution.added",
        "contribution.added",
        "contribution.added",
        "lead.claimed",
        "plan.saved",
        "outcome.proposed",
    ]
    assert referral.lead == "eh-1"
    assert referral.state is State.OUTCOME_PROPOSED
    lines = referral.heard()
    assert {c.said.source for c in lines.values()} == {"room"}
    assert lines["education"].said.on_behalf
    assert lines["education"].said.sharing is not None
    assert lines["police"].said.known == "not_known"
    stream = await acting.r.front_door.log.load(acting.case_id)
    assert len(stream.commits[-1].recorded) == 7, "one commit, so that nothing is half logged"


async def test_the_social_worker_agrees_from_their_own_account(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog("eh-1", "huddle.open", "huddle.save", **HUDDLE)
    await acting.tap("sw-1", "agree")
    assert (await acting.referral()).state is State.OUTCOME_AGREED


async def test_a_part_that_is_refused_logs_nothing_and_keeps_what_was_typed(
    acting: Acting,
) -> None:
    await acting.referred()
    before = await acting.logged()
    words = await acting.refused(
        "eh-1", "huddle.open", "huddle.save", **{**HUDDLE, "rationale": ""}
    )
    assert "say why this outcome" in words
    assert "Two-year review is overdue" in words
    assert await acting.logged() == before


async def test_whom_the_room_chose_to_lead_takes_over_with_one_tap(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog("sw-1", "huddle.open", "huddle.save", **HUDDLE, lead="hlt-1")
    assert (await acting.referral()).lead == "sw-1"
    await acting.tap("hlt-1", "lead.accept")
    assert (await acting.referral()).lead == "hlt-1"


async def test_the_duty_manager_names_the_lead_and_marks_who_is_not_here(acting: Acting) -> None:
    await acting.referred()
    rows = {"known_education": "no_rep_today", "said_health": "Nothing new", "lead": "eh-1"}
    await acting.dialog("mgr-1", "huddle.open", "huddle.save", **rows)
    referral = await acting.referral()
    assert referral.lead == "eh-1"
    assert referral.heard()["education"].said.known == "no_rep_today"


async def test_a_masho_writes_down_what_was_said_and_decides_nothing(acting: Acting) -> None:
    await acting.referred()
    opened = await acting.hands("masho-1").open(await acting.briefing(), "huddle.open")
    screen = Screen(opened.card)
    assert not screen.has_input("outcome")
    assert not screen.has_input("lead")
    await acting.hands("masho-1").finish(opened, "huddle.save", {"said_health": "Seen last week"})
    assert (await acting.referral()).heard()["health"].by == "masho-1"


async def test_an_identifier_in_the_huddle_comes_back_once(acting: Acting) -> None:
    await acting.referred()
    words = await acting.refused(
        "eh-1", "huddle.open", "huddle.save", said_health="NHS number 943 476 5919"
    )
    assert "Take out an NHS number" in words
    assert (await acting.referral()).contributions == ()


async def test_a_line_logged_for_another_agency_says_so_until_it_confirms_with_one_tap(
    acting: Acting,
) -> None:
    await acting.referred()
    line = {"agency": "police", "known": "known", "relevant": "Called out twice in May"}
    await acting.dialog("masho-1", "contribute.open", "contribute.save", **line)
    assert "police has not confirmed it" in await acting.shown("mgr-1")
    assert not (await acting.screen("hlt-1")).has("line.confirm")
    await acting.tap("pol-1", "line.confirm")
    words = await acting.shown("mgr-1")
    assert "confirmed by Iqbal R." in words
    assert "has not confirmed" not in words


async def test_a_wrong_line_is_put_right_and_the_old_one_stays_with_who_corrected_it(
    acting: Acting,
) -> None:
    await acting.referred()
    line = {"agency": "police", "known": "known", "relevant": "Called out twice in May"}
    await acting.dialog("masho-1", "contribute.open", "contribute.save", **line)
    hands = acting.hands("pol-1")
    opened = await hands.open(await acting.briefing(), "line.correct")
    assert Screen(opened.card).values["relevant"] == "Called out twice in May"
    await hands.finish(opened, "contribute.save", {"relevant": "Called out once, in June"})
    words = await acting.shown("mgr-1")
    assert "put right by Iqbal R." in words
    assert "Called out twice in May" in words
    assert "Called out once, in June" in words
    assert (await acting.referral()).unconfirmed_of("police") == ()


# Messages ----------------------------------------------------------------------------


async def wrote(acting: Acting, person_id: str, text: str) -> Message:
    """Something typed in the referral's thread, without a mention of the bot."""
    root = (await acting.briefing()).id
    await acting.r.people.say(person_id, text, thread=root)
    await acting.r.settled()
    return next(m for m in acting.r.world.messages.values() if m.text == text)


async def filed(acting: Acting, person_id: str, message: Message, kind: str) -> Answer:
    hands = acting.hands(person_id)
    dialog = await hands.message_action(message, ADD_TO_RECORD)
    answer = await hands.in_dialog(dialog, "file.save", {}, data={"as": kind})
    await acting.r.settled()
    return answer


async def test_a_message_is_filed_with_its_author_time_and_link(acting: Acting) -> None:
    await acting.referred()
    message = await wrote(acting, "hlt-1", "He was <seen> on Monday & was well")
    assert (await acting.referral()).messages == ()
    await acting.later(minutes=4)
    await filed(acting, "edu-1", message, "fact")
    logged = (await acting.referral()).messages[0]
    assert logged.text == "He was <seen> on Monday & was well"
    assert (logged.by, logged.agency, logged.filed_as, logged.filed_by) == (
        "hlt-1",
        "health",
        "fact",
        "edu-1",
    )
    assert logged.at == message.at
    assert message.id in logged.link
    assert "added to the record as a fact by Lorna T." in await acting.shown("mgr-1")


async def test_filing_the_same_message_again_marks_it_and_does_not_double_it(
    acting: Acting,
) -> None:
    await acting.referred()
    message = await wrote(acting, "hlt-1", "@Front Door He was seen on Monday")
    assert len((await acting.referral()).messages) == 1
    await filed(acting, "edu-1", message, "view")
    await filed(acting, "edu-1", message, "view")
    assert [(m.text, m.filed_as) for m in (await acting.referral()).messages] == [
        ("He was seen on Monday", "view")
    ]
    assert (await acting.logged()).count("message.filed") == 1


async def test_an_edit_adds_a_revision_and_a_deletion_leaves_a_tombstone(acting: Acting) -> None:
    await acting.referred()
    message = await wrote(acting, "hlt-1", "@Front Door Seen on Monday")
    await acting.r.people.edit("hlt-1", message, "@Front Door Seen on Tuesday")
    await acting.r.settled()
    logged = (await acting.referral()).messages[0]
    assert (logged.text, logged.earlier) == ("Seen on Tuesday", ("Seen on Monday",))
    assert "changed by its author" in await acting.shown("mgr-1")
    await acting.r.people.delete("hlt-1", message)
    await acting.r.settled()
    words = await acting.shown("mgr-1")
    assert "A message was deleted by its author" in words
    assert "Seen on Tuesday" not in words
    assert {"message.revised", "message.removed"} <= set(await acting.logged())


async def test_an_identifier_in_a_filed_message_is_left_out_and_said(acting: Acting) -> None:
    await acting.referred()
    message = await wrote(acting, "hlt-1", "Ring mum on 07700 900123 after four")
    dialog = await acting.hands("edu-1").message_action(message, ADD_TO_RECORD)
    assert "leaves out a phone number" in words_of(dialog.card)
    await filed(acting, "edu-1", message, "fact")
    assert "07700" not in (await acting.referral()).messages[0].text


async def test_a_message_outside_a_thread_or_of_the_bot_is_not_filed(acting: Acting) -> None:
    await acting.referred()
    await acting.r.people.say("hlt-1", "Morning all")
    elsewhere = next(m for m in acting.r.world.messages.values() if m.text == "Morning all")
    answer = await acting.r.people.message_action("edu-1", elsewhere, ADD_TO_RECORD)
    assert answer.dialog is not None
    assert "Only messages in a referral's thread" in words_of(answer.dialog.card)
    own = await acting.r.people.message_action("edu-1", await acting.briefing(), ADD_TO_RECORD)
    assert own.dialog is not None
    assert (await acting.referral()).messages == ()


async def test_the_words_filed_are_those_of_teams_and_not_of_the_card(acting: Acting) -> None:
    await acting.referred()
    message = await wrote(acting, "hlt-1", "Seen on Monday")
    dialog = await acting.hands("edu-1").message_action(message, ADD_TO_RECORD)
    action, _ = Screen(dialog.card).press("file.save", **{"as": "fact"})
    forged = {**action, "data": {**action["data"], "text": "He said I did it", "author": "pol-1"}}
    await acting.r.people.press_dialog(dialog, forged, {})
    logged = (await acting.referral()).messages[0]
    assert (logged.text, logged.by) == ("Seen on Monday", "hlt-1")


@pytest.fixture
async def recording(tmp_path: Path) -> AsyncIterator[Acting]:
    """A partnership that was granted the channel-message permission and switched it on."""
    partnership = replace(configuration.load(), record_thread=True)
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"), partnership=partnership)
    await made.start()
    yield Acting(made)
    await made.stop()


async def test_where_the_thread_is_recorded_replies_join_it_by_themselves(
    recording: Acting,
) -> None:
    await recording.referred()
    before = len(recording.thread(await recording.briefing()))
    message = await wrote(recording, "hlt-1", "Seen on Monday, and well")
    assert [m.text for m in (await recording.referral()).messages] == ["Seen on Monday, and well"]
    thread = recording.thread(await recording.briefing())
    assert len(thread) == before + 1, "no answer to every line of the talk"
    assert "What you write in this thread is logged." in await recording.shown("mgr-1")
    await recording.r.people.edit("hlt-1", message, "Seen on Tuesday, and well")
    await recording.r.settled()
    assert [m.text for m in (await recording.referral()).messages] == ["Seen on Tuesday, and well"]


async def test_a_permission_nobody_switched_on_records_nothing(tmp_path: Path) -> None:
    made = Rehearsal(store=str(tmp_path / "rehearsal.db"), hears_everything=True)
    await made.start()
    acting = Acting(made)
    await acting.referred()
    await wrote(acting, "hlt-1", "Seen on Monday, and well")
    assert (await acting.referral()).messages == ()
    await made.stop()


async def test_where_it_is_not_the_card_says_how_words_get_in(acting: Acting) -> None:
    await acting.referred()
    words = await acting.shown("mgr-1")
    assert "mention Front Door, or use 'Add to record'" in words


async def test_a_recorded_thread_keeps_identifiers_out_and_takes_a_long_message_whole(
    recording: Acting,
) -> None:
    await recording.referred()
    await wrote(recording, "hlt-1", "Ring mum on 07700 900123")
    await wrote(recording, "edu-1", "word " * 1500)
    messages = (await recording.referral()).messages
    assert "07700" not in messages[0].text
    assert len(messages[1].text) > 7000


async def test_strangers_in_a_recorded_thread_are_not_logged_and_not_answered(
    recording: Acting,
) -> None:
    await recording.referred()
    root = (await recording.briefing()).id
    stranger = replace(
        recording.r.world.person("hlt-1"), object_id="0" * 8 + "-0000" * 3 + "-" + "0" * 12
    )
    activity = recording.r.people._activity(
        stranger, recording.r.world.thread_id(root), type="message", text="Hello there"
    )
    before = len(recording.r.world.messages)
    status, _ = await recording.r.people.deliver(activity)
    assert status == 200
    assert (await recording.referral()).messages == ()
    assert len(recording.r.world.messages) == before


# Police and disagreement -------------------------------------------------------------


async def test_who_rang_the_police_and_when_is_recorded_and_shown(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog("masho-1", "police.open", "police.save", rang_at="08:52")
    assert "Police rung by Carys M. Tue 24 Nov 08:52." in await acting.shown("pol-1")
    words = await acting.refused("masho-1", "police.open", "police.save", rang_at="9 am")
    assert "Write the time as hours and minutes" in words


async def test_a_disagreement_tells_the_duty_managers_and_stops_nothing(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.pick("eh-1")
    await acting.dialog("edu-1", "disagree.open", "disagree.save", text="He needs a social worker")
    said = [m for m in acting.thread(await acting.briefing()) if "does not agree" in m.text]
    assert [m.mentions for m in said] == [("Grace O.", "Hana S.")]
    assert "social worker" not in said[0].text, "the words stay on the card"
    await acting.tap("sw-1", "agree")
    assert (await acting.referral()).state is State.OUTCOME_AGREED
