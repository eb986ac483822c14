"""No card is too large to send, however much was said, and nothing is lost to make it fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle, islice

import pytest

from bot.desk.renderer import within_size
from bot.domain.commands import AddMessage, ClaimLead
from bot.domain.decision import refused
from bot.domain.next_step import next_step
from bot.domain.referral import Referral
from bot.domain.vocabulary import MAX_ACTIONS, MAX_CHILDREN, MOST_OVERHEARD
from cards import (
    case_note,
    desk_cards,
    dialogs,
    feedback,
    filing,
    history,
    huddle,
    intake,
    intake_rest,
    lists,
    more,
    notes,
    outcome,
    putting_right,
    wording as w,
)
from cards.briefing import everything_card
from cards.context import View
from cards.kit import Json
from cards.refusals import sentence
from tests.cards import gallery, longest, referrals as tell, walk
from tests.cards.exhibit import CASE
from tests.cards.gallery_desk import typed as typed_intake
from tests.cards.gallery_dialogs import huddled
from tests.cards.story import Story, World

MOST_BYTES = 40_000
WORLD = longest.world()
STORIES: dict[str, Story] = {
    stage: getattr(longest, stage)(WORLD)
    for stage in ("talked_out", "planned", "picked", "agreed", "fed_back", "put_right")
}
STAGES: dict[str, Referral] = {stage: story.referral for stage, story in STORIES.items()}
LONGEST_CARDS = gallery.cards(WORLD)
VIEWERS = ("", "sw-1", "masho-1", "mgr-1", "pol-1", "axt-1")


def size_of(card: Json) -> int:
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def answers_at_length(*names: str) -> dict[str, str]:
    return {name: WORLD.say(name, "") for name in names}


@pytest.mark.parametrize("name", sorted(LONGEST_CARDS))
def test_every_card_of_the_gallery_fits_at_its_longest(name: str) -> None:
    assert size_of(LONGEST_CARDS[name]) < MOST_BYTES


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_briefing_of_everything_everyone_said_fits(stage: str, viewer: str) -> None:
    view = WORLD.view(viewer, minutes=66)
    words = answers_at_length("words")["words"]
    card = within_size(STAGES[stage], view, top=words, answers={"words": words}, may_pass="add")
    assert size_of(card) < MOST_BYTES
    assert w.LEFT_OUT in [item["text"] for item in walk.of_type(card, "TextBlock")]
    assert len(card["refresh"]["userIds"]) == 60


Drawn = dict[str, Json]


def dialogs_of(referral: Referral, view: View) -> Drawn:
    """Each small dialog as it comes back after a refusal, with all that could be typed."""
    top = sentence(refused("paused", paused=WORLD.say("paused", "")), view)
    typed = answers_at_length(
        *("relevant", "strengths", "worries", "suggests", "share_why", "text", "note"),
        *("taken_by", "also", "accepted_by", "reason", "strategy_why", "rang_by_name"),
    )
    again: list[Callable[..., Json]] = [
        dialogs.contribute_dialog,
        dialogs.assign_dialog,
        dialogs.offer_dialog,
        dialogs.police_dialog,
        dialogs.disagree_dialog,
        dialogs.strategy_dialog,
        dialogs.held_dialog,
        dialogs.hand_over_dialog,
        dialogs.stand_down_dialog,
        feedback.cannot_dialog,
        dialogs.taken_dialog,
        putting_right.reopen_dialog,
        putting_right.withdraw_dialog,
        putting_right.elsewhere_dialog,
        putting_right.actions_dialog,
    ]
    drawn = {builder.__name__: builder(referral, view, typed, top=top) for builder in again}
    right = {"rationale": WORLD.say("rationale", ""), **typed}
    drawn["correct"] = putting_right.correct_dialog(referral, view, right, top=top)
    drawn["more"] = more.more_dialog(referral, view)
    words = WORLD.say("words", "")
    drawn["told how"] = dialogs.told_how_card(referral, view, words, dialog=False)
    drawn["rest"] = intake_rest.rest_form(
        view, referral, typed_intake(WORLD), {}, top=top, skipped=True
    )
    drawn["carry on"] = intake_rest.carry_on_card(view, referral)
    drawn["assessment"] = desk_cards.assessment_card(referral, view)
    drawn["ring back"] = desk_cards.ring_back_card(referral, view)
    drawn["feedback"] = feedback.feedback_dialog(referral, view, {}, top=top)
    drawn["notes"] = notes.notes_dialog(referral, view, typed, top=top)
    return drawn


def too_large(drawn: Drawn) -> dict[str, int]:
    return {name: size_of(card) for name, card in drawn.items() if size_of(card) >= MOST_BYTES}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("viewer", VIEWERS[1:])
def test_a_dialog_about_the_longest_referral_fits(stage: str, viewer: str) -> None:
    drawn = dialogs_of(STAGES[stage], WORLD.view(viewer, minutes=66))
    assert too_large(drawn) == {}
    for item in (item for card in drawn.values() for item in walk.of_type(card, "Input.Text")):
        assert len(item.get("value", "")) <= item["maxLength"], item["id"]


@pytest.mark.parametrize("stage", STAGES)
def test_show_all_of_the_longest_referral_fits(stage: str) -> None:
    assert size_of(everything_card(STAGES[stage], WORLD.view())) < MOST_BYTES


@pytest.mark.parametrize("stage", STAGES)
def test_the_notes_of_the_longest_referral_as_data_fit_for_every_child(stage: str) -> None:
    referral, view = STAGES[stage], WORLD.view("masho-1")
    drawn = {
        str(n): notes.notes_json_dialog(referral, view, n)
        for n in range(len(referral.asked.children))
    }
    assert too_large(drawn) == {}


@pytest.mark.parametrize("stage", STAGES)
def test_the_history_of_the_longest_referral_fits_and_says_what_is_left_out(stage: str) -> None:
    story = STORIES[stage]
    card = history.history_card(story.referral, story.recorded, WORLD.view("mgr-1"))
    shown = len(walk.of_type(card, "RichTextBlock"))
    said = [item["text"] for item in walk.of_type(card, "TextBlock")]
    assert size_of(card) < MOST_BYTES
    assert shown > 5
    assert w.HISTORY_LEFT.format(n=len(story.recorded) - shown) in said


def test_a_message_as_long_as_teams_takes_can_be_filed() -> None:
    long = "".join(islice(cycle(WORLD.say("message", "")), MOST_OVERHEARD))
    message = {"message": "1:long", "text": long}
    author = WORLD.say("author_name", "")
    top = w.FILE_MASKED.format(what=w.join(list(w.IDENTIFIERS.values())))
    card = filing.file_dialog(
        STAGES["picked"], WORLD.view(), message, author, "Tue 24 Nov 09:40", masked=top
    )
    assert size_of(card) < MOST_BYTES


def test_a_history_with_a_message_as_long_as_teams_takes_fits_and_shows_what_came_after() -> None:
    long = "".join(islice(cycle(WORLD.say("message", "")), MOST_OVERHEARD))
    story = longest.briefed(WORLD)
    story.does("pol-1", 20, AddMessage(long)).does("sw-1", 21, ClaimLead())
    card = history.history_card(story.referral, story.recorded, WORLD.view("mgr-1"))
    assert size_of(card) < MOST_BYTES
    assert "claimed the lead" in " ".join(walk.plain_of(card))


@pytest.mark.parametrize("stage", ["briefed", "talked_out", "planned"])
@pytest.mark.parametrize("viewer", VIEWERS[1:])
def test_a_huddle_in_a_team_of_sixty_fits_and_keeps_all_that_was_typed(
    stage: str, viewer: str
) -> None:
    referral = getattr(longest, stage)(WORLD).referral
    view = WORLD.view(viewer, minutes=66)
    different = {f"child_99001{n:02d}": "ehu" for n in range(1, MAX_CHILDREN)}
    typed = {**huddled(WORLD), **different}
    top = sentence(refused("paused", paused=WORLD.say("paused", "")), view)
    card = huddle.huddle_dialog(referral, view, typed, top=top, may_pass=True)
    held = {item["id"]: item.get("value", "") for item in walk.inputs(card)}
    assert size_of(card) < MOST_BYTES
    assert {key: held[key] for key in held if key in typed} == {
        key: typed[key] for key in held if key in typed
    }


def test_the_referrals_to_choose_from_fit_at_their_most() -> None:
    rows = [(f"REF-2026-{n:05d}", f"REF-2026-{n:05d}, {WORLD.say('line', '')}") for n in range(30)]
    card = putting_right.pair_dialog(STAGES["picked"], "merge.save", rows, {}, top=rows[0][1])
    assert size_of(card) < MOST_BYTES


def test_a_form_about_eight_children_fits_with_every_problem_marked() -> None:
    values = typed_intake(WORLD)
    for n in range(1, MAX_CHILDREN + 1):
        values |= {f"mosaic_{n}": WORLD.say("mosaic", ""), f"age_{n}": "10_to_15"}
    long = WORLD.say("identifier", "")
    problems = dict.fromkeys(("children", "seen_heard", "needs", "district", "received_at"), long)
    view = WORLD.view("masho-1", minutes=3)
    case = CASE
    assert size_of(intake.brief_form(view, case, values, problems, may_pass=True)) < MOST_BYTES
    assert size_of(intake.immediate_form(view, case, values, problems)) < MOST_BYTES
    assert size_of(intake.shut_card(long, intake.draft_text(values, view))) < MOST_BYTES


@pytest.mark.parametrize("rows", [1, 3, 7, MAX_ACTIONS])
def test_a_plan_in_a_team_of_sixty_fits_and_keeps_every_filled_row(rows: int) -> None:
    referral, view = STAGES["planned"], WORLD.view("sw-1", minutes=66)
    values = outcome.plan_answers(STAGES["picked"], view)
    for n in range(rows + 1, MAX_ACTIONS + 1):
        values[f"action_{n}"] = ""
    card = outcome.outcome_dialog(
        referral, view, values, top=values["rationale"], may_pass="outcome.pick"
    )
    held = {i["id"] for i in walk.inputs(card) if i["id"].startswith("action_") and "value" in i}
    spare = [i for i in walk.inputs(card) if i["id"].startswith("action_") and "value" not in i]
    assert size_of(card) < MOST_BYTES
    assert held == {f"action_{n}" for n in range(1, rows + 1)}
    assert spare or rows == MAX_ACTIONS


def test_a_short_list_of_owners_still_holds_the_lead_and_every_owner_saved() -> None:
    referral, view = STAGES["planned"], WORLD.view("sw-1", minutes=66)
    values = {**outcome.plan_answers(referral, view), "owner_4": "person-50", "owner_name_4": ""}
    card = outcome.outcome_dialog(referral, view, values)
    owners = {i["id"]: i for i in walk.inputs(card) if i["id"].startswith("owner_")}
    offered = {choice["value"] for choice in owners["owner_4"]["choices"]}
    assert len(offered) < 60
    assert {"sw-1", "pol-1", "person-50"} <= offered
    assert owners["owner_4"]["value"] == "person-50"


def test_a_closing_list_of_sixty_referrals_fits_and_says_how_many_more() -> None:
    view = WORLD.view("mgr-1", minutes=430)
    rows = [(STAGES["talked_out"], "https://teams.microsoft.com/l/message/19:a/1" + "0" * 200)] * 60
    card = desk_cards.closing_card(rows, rows, view)
    assert size_of(card) < MOST_BYTES
    assert "And 40 more." in [item["text"] for item in walk.of_type(card, "TextBlock")]


def test_a_list_of_sixty_referrals_fits_and_says_how_many_more() -> None:
    referral, view = STAGES["picked"], WORLD.view("mgr-1", minutes=430)
    step = next_step(referral, WORLD.partnership, WORLD.today)
    card = lists.list_card(
        w.LIST_OPEN, [(referral, step, "https://example.org/" + "0" * 200)] * 60, view
    )
    assert size_of(card) < MOST_BYTES
    assert "And 40 more." in [item["text"] for item in walk.of_type(card, "TextBlock")]


# Notes --------------------------------------------------------------------------------


def note_texts(card: Json) -> list[str]:
    """What the notes dialog shows to copy, in order, by code block or by text runs."""
    code = [item["codeSnippet"] for item in walk.of_type(card, "CodeBlock")]
    runs = walk.of_type(card, "RichTextBlock", fallbacks=False)
    return [*code, *("".join(run["text"] for run in block["inlines"]) for block in runs)]


def test_notes_of_a_usual_size_are_whole_for_each_child() -> None:
    plain = World()
    referral, view = tell.fed_back(plain).referral, plain.view("masho-1")
    shown = note_texts(notes.notes_dialog(referral, view, {}))
    assert shown == [case_note.note_for(c, referral, view) for c in referral.asked.children]


def test_notes_too_large_for_one_card_show_what_they_share_once_and_lose_nothing() -> None:
    told = tell.fed_back(WORLD)
    referral, view = told.referral, WORLD.view("masho-1")
    *own, shared = note_texts(notes.notes_dialog(referral, view, {}))
    assert len(own) == len(referral.asked.children)
    for child, lines in zip(referral.asked.children, own, strict=True):
        whole = set(case_note.note_for(child, referral, view).splitlines())
        assert child.mosaic_id in lines
        assert set(lines.splitlines()) | set(shared.splitlines()) == whole


def test_notes_of_forty_long_messages_keep_each_agency_and_say_how_many_are_left_out() -> None:
    referral, view = STAGES["fed_back"], WORLD.view("masho-1")
    shared = note_texts(notes.notes_dialog(referral, view, {}))[-1]
    for agency in WORLD.partnership.agencies:
        assert f"{agency.label} (said in the room" in shared or f"{agency.label}: known." in shared
    shown = shared.count("Iqbal R. said: ")
    assert w.NOTE_LEFT_OUT.format(lines=f"{longest.MESSAGES - shown} lines") in shared
    assert WORLD.say("rationale", "") in shared
    assert WORLD.say("feedback", "") in shared


def test_notes_fit_when_the_agencies_alone_have_said_too_much() -> None:
    story = longest.agreed(WORLD)
    for _ in range(20):
        story.does("pol-1", 80, tell.contribution(WORLD.say, "police"))
    view = WORLD.view("masho-1")
    card = notes.notes_dialog(story.referral, view, {})
    said = len(story.referral.contributions) + longest.MESSAGES
    shared = note_texts(card)[-1]
    assert size_of(card) < MOST_BYTES
    assert w.NOTE_LEFT_OUT.format(lines=f"{said - shared.count('Police: known.')} lines") in shared
    assert shared.count("Police: known.") > 5


# Feedback -----------------------------------------------------------------------------


def test_a_draft_to_the_caller_of_a_long_plan_ends_with_the_emergency_number() -> None:
    view = WORLD.view("sw-1")
    card = feedback.feedback_dialog(STAGES["agreed"], view, {})
    (box,) = [item for item in walk.inputs(card) if item["id"] == "text"]
    assert len(box["value"]) <= box["maxLength"]
    assert box["value"].endswith(w.F_DANGER.format(emergency="999"))
    assert WORLD.say("next_step", "").rstrip(".") in box["value"]
