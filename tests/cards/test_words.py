"""People's own words: shown as they are, never as Markdown, and never with hidden controls."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from bot.desk.effects import BETWEEN, POST_BRIEFING, owed
from bot.desk.renderer import CardRenderer
from bot.domain.decision import refused
from bot.domain.intake import TEXT_LIMITS
from bot.domain.partnership import Today
from cards import dialogs, feedback, huddle, intake, intake_rest, notes, outcome, putting_right
from cards.kit import Json, clean
from cards.refusals import sentence
from tests.cards import gallery, referrals as tell, walk
from tests.cards.exhibit import CASE, stories
from tests.cards.gallery_desk import typed as typed_intake
from tests.cards.gallery_dialogs import huddled
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
        *("huddle_line", "corrected_line", "filed_fact", "filed_view", "author_name", "revised"),
        *("disagreement", "rang_by_name", "offer_reason", "amend_reason", "correct_reason"),
        *("reopen_reason", "withdraw_reason", "late_reason", "second_call", "filed_there"),
        "pass_reason",
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


@pytest.mark.parametrize("name", ["briefing-withdrawn", "everything-withdrawn", "more-withdrawn"])
def test_a_withdrawn_referral_shows_nobodys_words(name: str) -> None:
    assert [words for words in SHOWN[name] if "canary_" in words] == []


@pytest.mark.parametrize("name", ["briefing-message-deleted", "notes-everything", "notes-json"])
def test_a_deleted_message_leaves_a_mark_and_no_words(name: str) -> None:
    gone = "filed_decision" if name == "briefing-message-deleted" else "filed_view"
    shown = " ".join(SHOWN[name])
    assert f"canary_{gone}_end" not in shown
    assert "deleted by its author" in shown or '"removed_at":"2026' in shown


# What a notification says ----------------------------------------------------------------


async def nothing(*_: Any) -> Any:
    return ""


def desk_of(world: World) -> CardRenderer:
    """The renderer of posts, on a desk of this world's people, long after the first call."""

    async def today() -> Today:
        return world.today

    async def viewers() -> tuple[str, ...]:
        return world.watchers

    async def current(case_id: str) -> Any:
        return SimpleNamespace(referral=tell.briefed(world).referral)

    days, cases = SimpleNamespace(today=today), SimpleNamespace(current=current)
    channel = SimpleNamespace(viewers=viewers, user_id=nothing, personal=nothing)
    clock = SimpleNamespace(now=lambda: world.view().now)
    parts: Any = (world.partnership, clock, days, cases, channel, None)
    return CardRenderer(*parts)


MARKED = World(say=canary)
TOLD = stories(MARKED)


@pytest.mark.parametrize("name", TOLD)
async def test_no_notification_holds_what_people_wrote(name: str) -> None:
    """A phone shows the summary of a card, and a plain message whole, on its locked screen."""
    referral, desk = TOLD[name].referral, desk_of(MARKED)
    posts = [await desk.briefing(referral)]
    for effect in owed(TOLD[name].recorded, referral, MARKED.partnership, MARKED.today):
        if effect.kind not in (POST_BRIEFING, *BETWEEN):
            posts += filter(None, [await desk.effect(referral, effect)])
    assert posts[0].summary
    assert "canary_" not in " ".join(f"{post.summary} {post.text}" for post in posts)


# Controls ------------------------------------------------------------------------------


def test_hidden_characters_are_taken_out_of_everything_a_card_shows() -> None:
    kept = set()
    for some in (HIDDEN[:30], HIDDEN[30:60], HIDDEN[60:]):
        hidden = "".join(some)

        def say(field: str, words: str, hidden: str = hidden) -> str:
            return f"{words[:24]}{hidden}."

        for name, card in gallery.cards(World(say=say)).items():
            shown = "".join([*walk.markdown_of(card), *walk.plain_of(card)])
            kept |= {name} if set(HIDDEN) & set(shown) else set()
    assert kept == set()


def test_lines_tabs_and_letters_that_need_joiners_stay() -> None:
    words = "Seen at 09:10\n\tشاهد می\u200cروم 👨\u200d👩\u200d👧 café"
    assert clean(words) == words


def test_half_an_emoji_does_not_stop_a_card_from_being_sent() -> None:
    """A lone surrogate is valid in JSON and has no UTF-8."""
    drawn = gallery.cards(World(say=lambda field, words: words[:15] + "\ud83d" + words[15:]))
    broken = set()
    for name, card in drawn.items():
        shown = "".join([*walk.markdown_of(card), *walk.plain_of(card)])
        broken |= {name} if "\ud83d" in shown else set()
    assert broken == set()


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
    "offer": (dialogs.offer_dialog, {"lead": "hlt-1", "reason": "In a meeting"}),
    "police": (
        dialogs.police_dialog,
        {"rang_by": "pol-1", "rang_by_name": "The nurse", "rang_at": "9.45"},
    ),
    "disagree": (dialogs.disagree_dialog, {"text": "Ask about a strategy discussion"}),
    "correct": (
        putting_right.correct_dialog,
        {
            "reason": "A new worry",
            "outcome": "social_care",
            "rationale": "An assessment",
            "child_9900101": "ehu",
            "strategy_needed": "no",
            "strategy_why": "nobody is hurt",
        },
    ),
    "reopen": (putting_right.reopen_dialog, {"reason": "No visit took place"}),
    "withdraw": (putting_right.withdraw_dialog, {"reason": "Posted twice"}),
    "elsewhere": (putting_right.elsewhere_dialog, {"outcome": "social_care"}),
    "huddle": (huddle.huddle_dialog, huddled(WORLD)),
    "cannot": (feedback.cannot_dialog, {"reason": "The number does not work"}),
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
        feedback.feedback_dialog,
        {
            "text": "Thank you",
            "method": "email",
            "contact_method": "email",
            "safe_contact": "yes",
            "safe_contact_times": "After 15:30",
        },
    ),
    "notes": (notes.notes_dialog, {"new_id_2": "990010", "note": "Done"}),
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
    if name in ("notes", "contribute", "huddle"):
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
    view, typed = WORLD.view("masho-1", minutes=3), typed_intake(WORLD)
    if door == "brief":
        card = intake.brief_form(view, CASE, typed, {})
    else:
        referral = tell.unfinished(WORLD).referral
        card = intake_rest.rest_form(view, referral, typed, {}, skipped=True)
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
    draft = intake.draft_text(typed_intake(WORLD), view)
    for words in ("Older child late", "Day-to-day care", "School or college", "At home", "99001"):
        assert words in draft
    for code in ("daily_care", "not_sure", "yes_not_agree", "5_to_9"):
        assert code not in draft
