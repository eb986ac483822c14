"""People's own words: shown as they are, never as Markdown, and never with hidden controls."""

from __future__ import annotations

import json

import pytest

from bot.domain.decision import refused
from bot.domain.intake import TEXT_LIMITS
from cards import dialogs, ending, outcome
from cards.kit import Json, clean
from cards.refusals import sentence
from tests.cards import gallery, walk
from tests.cards import referrals as tell
from tests.cards.story import Story, World

PLANTED: set[str] = set()
HIDDEN = [
    *(chr(n) for n in range(32) if chr(n) not in "\n\t"),
    *(chr(n) for n in range(0x7F, 0xA0)),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
]


def canary(field: str, words: str) -> str:
    """One mark a field; with Markdown, a link and a mention, should anything read them."""
    PLANTED.add(field)
    return f"*canary_{field}_end*"


DRAWN = gallery.build(World(say=canary))
CARDS = {name: sample.card for name, sample in DRAWN.items()}
BRIEFING = "cards.briefing.briefing_card"
SHOWN = {name: list(walk.plain_of(card)) for name, card in CARDS.items()}

every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())


@every_card
def test_no_ones_words_are_read_as_markdown(card: Json) -> None:
    assert [words for words in walk.markdown_of(card) if "canary_" in words] == []


@every_card
def test_no_ones_words_are_an_address_a_mention_or_a_name_of_an_input(card: Json) -> None:
    entities = json.dumps(card.get("msteams", {}))
    links = [action["url"] for action in walk.of_type(card, "Action.OpenUrl")]
    ids = [item["id"] for item in walk.every(card) if "id" in item]
    assert "canary_" not in " ".join([entities, *links, *ids])


def test_every_field_people_write_in_was_planted() -> None:
    assert set(TEXT_LIMITS) <= PLANTED
    assert {
        *("relevant", "strengths", "worries", "suggests", "share_why", "message", "lead_note"),
        *("action", "owner_name", "family_view", "next_step", "rationale", "agreed_note"),
        *("flag_note", "taken_by", "stand_down_reason", "strategy_why", "also", "where_recorded"),
        *("feedback", "feedback_asked", "cannot", "notes_note", "accepted_by", "handover_reason"),
        *("words", "mosaic", "identifier", "paused", "assign_reason", "taken_note"),
    } <= PLANTED


@pytest.mark.parametrize("field", sorted(PLANTED))
def test_what_people_write_is_shown_somewhere_as_they_wrote_it(field: str) -> None:
    mark = canary(field, "")
    assert any(mark in words for shown in SHOWN.values() for words in shown)


# What is not in the thread's card --------------------------------------------------------


@pytest.mark.parametrize("name", [n for n, s in DRAWN.items() if s.builder == BRIEFING])
def test_a_briefing_does_not_show_who_called_or_what_the_caller_was_told(name: str) -> None:
    shown = " ".join(SHOWN[name])
    for field in ("referrer_role", "feedback", "notes_note", "mosaic"):
        assert f"canary_{field}_end" not in shown


# Controls ------------------------------------------------------------------------------


def test_hidden_characters_are_taken_out_of_everything_a_card_shows() -> None:
    for some in (HIDDEN[:30], HIDDEN[30:60], HIDDEN[60:]):
        hidden = "".join(some)
        drawn = gallery.cards(World(say=lambda field, words, h=hidden: f"{words[:24]}{h}."))
        for name, card in drawn.items():
            shown = "".join([*walk.markdown_of(card), *walk.plain_of(card)])
            assert [hex(ord(c)) for c in HIDDEN if c in shown] == [], name


def test_lines_tabs_and_letters_that_need_joiners_stay() -> None:
    words = "Seen at 09:10\n\tشاهد می\u200cروم 👨\u200d👩\u200d👧 café"
    assert clean(words) == words


def test_half_an_emoji_does_not_stop_a_card_from_being_sent() -> None:
    """A lone surrogate is valid in JSON and has no UTF-8."""
    drawn = gallery.cards(World(say=lambda field, words: words[:15] + "\ud83d" + words[15:]))
    for name, card in drawn.items():
        shown = "".join([*walk.markdown_of(card), *walk.plain_of(card)])
        assert shown.encode(), name


# What was typed comes back ------------------------------------------------------------------


WORLD = World()
DIALOGS = {
    "taken": (dialogs.taken_dialog, {"taken_by": "Helen", "note": "Going now"}),
    "strategy": (
        dialogs.strategy_dialog,
        {"strategy_needed": "yes", "strategy_why": "the risk is high"},
    ),
    "held": (
        dialogs.held_dialog,
        {"attended": "police,health", "also": "Ward doctor", "where": "Mosaic"},
    ),
    "assign": (dialogs.assign_dialog, {"lead": "hlt-1", "reason": "Knows them"}),
    "hand over": (
        dialogs.hand_over_dialog,
        {"to": "edt", "accepted_by": "Jo", "reason": "Home after 17:00"},
    ),
    "stand down": (dialogs.stand_down_dialog, {"reason": "A doctor knows this mark"}),
    "cannot": (dialogs.cannot_dialog, {"reason": "The number does not work"}),
    "contribute": (
        dialogs.contribute_dialog,
        {
            "agency": "police",
            "known": "partly_known",
            "relevant": "One call",
            "strengths": "Calm",
            "worries": "Late",
            "suggests": "Visit",
            "sharing": "not_shared",
            "basis": "agreed",
            "share_why": "Another family",
            "told": "room",
        },
    ),
    "feedback": (
        ending.feedback_dialog,
        {
            "text": "Thank you",
            "method": "email",
            "contact_method": "email",
            "safe_contact": "yes",
            "safe_contact_times": "After 15:30",
        },
    ),
    "notes": (ending.notes_dialog, {"new_id_2": "990010", "note": "Done"}),
    "outcome": (
        outcome.outcome_dialog,
        {
            "action_1": "Visit mum",
            "need_1": "emotional",
            "owner_1": "hlt-1",
            "owner_name_1": "A nurse",
            "agency_1": "health",
            "due_1": "2026-12-01",
            "action_2": "Ring school",
            "family_view": "Yes",
            "next_step": "Tell mum",
            "outcome": "ehu",
            "rationale": "Because",
            "child_9900101": "social_care",
            "child_9900102": "ehu",
            "strategy_needed": "no",
            "strategy_why": "nobody is hurt",
        },
    ),
}


def _story_for(name: str) -> Story:
    if name == "outcome":
        return tell.in_discussion(WORLD)
    if name in ("notes", "contribute"):
        return tell.unfinished(WORLD)
    return tell.outcome_agreed(WORLD, contact_method="", safe_contact="")


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_shown_again_holds_what_was_typed(name: str) -> None:
    builder, typed = DIALOGS[name]
    top = sentence(refused("reason_needed"), WORLD.view())
    view = WORLD.view("mgr-1", minutes=62)
    card = builder(_story_for(name).referral, view, typed, top=top)
    held = {item["id"]: item.get("value", "") for item in walk.inputs(card)}
    assert {key: held.get(key) for key in typed} == typed
    assert top in list(walk.plain_of(card))


@pytest.mark.parametrize("door", ["brief", "rest"])
def test_a_form_shown_again_holds_what_was_typed(door: str) -> None:
    view, typed = WORLD.view("masho-1", minutes=3), gallery.typed(WORLD)
    if door == "brief":
        card = gallery.intake.brief_form(view, gallery.CASE, typed, {})
    else:
        referral = tell.unfinished(WORLD).referral
        card = gallery.intake_rest.rest_form(view, referral, typed, {}, skipped=True)
    held = {item["id"]: item.get("value", "") for item in walk.inputs(card)}
    asked = set(held) & set(typed)
    assert {key: held[key] for key in asked} == {key: typed[key] for key in asked}
    expected = {
        "brief": {"seen_heard", "mosaic_2", "age_3", "needs", "received_time", "district"},
        "rest": {"reported", "told_family_reason", "new_id_2", "position_of_trust", "needs"},
    }
    assert expected[door] <= asked


def test_what_was_typed_at_a_shut_door_comes_back_field_by_field() -> None:
    view = WORLD.view("masho-1")
    draft = gallery.intake.draft_text(gallery.typed(WORLD), view)
    for words in ("Older child late", "Day-to-day care", "School or college", "At home", "99001"):
        assert words in draft
    for code in ("daily_care", "not_sure", "yes_not_agree", "5_to_9"):
        assert code not in draft
