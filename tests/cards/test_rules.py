"""What holds for every card of this bot, whichever client draws it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from cards.briefing import briefing_card
from cards.kit import Json
from tests.cards import referrals, walk
from tests.cards.gallery import cards
from tests.cards.story import WATCHERS, World

CARDS = cards()
WORLD = World()
STORIES = {
    **{name: referrals.chapter(WORLD, name) for name in referrals.CHAPTERS},
    "unfinished": referrals.unfinished(WORLD),
    "masho_asked": referrals.masho_asked(WORLD),
    "flagged": referrals.flagged(WORLD),
    "flagged_in_thread": referrals.flagged_in_thread(WORLD),
    "rung": referrals.rung(WORLD),
    "taken": referrals.taken(WORLD),
    "stood_down": referrals.stood_down(WORLD),
    "strategy_owed": referrals.strategy_owed(WORLD),
    "strategy_held": referrals.strategy_held(WORLD),
}
EVERYBODY = ("", *(person.id for person in WORLD.partnership.people))

every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())


@every_card
def test_a_card_says_its_version_and_what_it_is(card: Json) -> None:
    assert card["type"] == "AdaptiveCard"
    assert card["version"] == "1.5"
    assert card["body"]


@every_card
def test_what_only_teams_can_draw_has_a_fallback_every_client_can(card: Json) -> None:
    for element in walk.every(card):
        if walk.is_teams_only(element):
            assert list(walk.every(element["fallback"]))
            assert not any(walk.is_teams_only(e) for e in walk.every(element["fallback"]))


@every_card
def test_an_execute_sits_in_an_action_set_and_falls_back_to_the_same_submit(card: Json) -> None:
    in_sets = [a for s in walk.action_sets(card) for a in s if a["type"] == "Action.Execute"]
    everywhere = [a for a in walk.actions(card) if a["type"] == "Action.Execute"]
    assert in_sets == everywhere
    for action in everywhere:
        fallback = action["fallback"]
        assert fallback["type"] == "Action.Submit"
        assert fallback["data"] == action["data"]
        assert fallback["title"] == action["title"]
        assert fallback.get("associatedInputs") == action.get("associatedInputs")
        assert action["data"]["verb"] == action["verb"]


@every_card
def test_a_card_that_refreshes_names_at_most_60_people_who_may(card: Json) -> None:
    if "refresh" in card:
        assert card["refresh"]["action"]["type"] == "Action.Execute"
        assert card["refresh"]["userIds"] == list(WATCHERS)


def test_a_refresh_names_60_people_of_many_and_none_of_none() -> None:
    told = STORIES["briefed"].referral
    many = World(watchers=tuple(f"29:{n}" for n in range(75)))
    assert len(briefing_card(told, many.view())["refresh"]["userIds"]) == 60
    assert briefing_card(told, World(watchers=()).view())["refresh"]["userIds"] == []


@every_card
def test_every_input_has_an_id_and_a_label_in_words(card: Json) -> None:
    for item in walk.inputs(card):
        assert item["id"]
        assert item["label"].strip()


@every_card
def test_an_id_is_there_once(card: Json) -> None:
    ids = Counter(item["id"] for item in walk.every(card) if "id" in item)
    assert [name for name, count in ids.items() if count > 1] == []


@every_card
def test_a_toggle_shows_something_that_is_there(card: Json) -> None:
    ids = {item["id"] for item in walk.every(card) if "id" in item}
    for action in walk.actions(card):
        assert set(action.get("targetElements", [])) <= ids


@every_card
def test_an_action_set_holds_one_to_six_buttons_with_a_title_and_a_verb(card: Json) -> None:
    for row in walk.action_sets(card):
        assert 1 <= len(row) <= 6
        for action in row:
            assert action["title"].strip()
            if action["type"] in ("Action.Submit", "Action.Execute"):
                assert action["data"]["verb"]


@every_card
def test_a_choice_has_words_a_value_and_a_first_value_that_is_offered(card: Json) -> None:
    for item in walk.of_type(card, "Input.ChoiceSet"):
        offered = [choice["value"] for choice in item["choices"]]
        assert all(offered)
        assert len(set(offered)) == len(offered)
        assert all(choice["title"].strip() for choice in item["choices"])
        chosen = [v for v in item.get("value", "").split(",") if v]
        assert set(chosen) <= set(offered), item["id"]
        assert len(chosen) <= 1 or item.get("isMultiSelect")


@every_card
def test_what_an_input_starts_with_is_within_what_it_takes(card: Json) -> None:
    for item in walk.of_type(card, "Input.Text"):
        assert len(item.get("value", "")) <= item["maxLength"], item["id"]


@every_card
def test_text_wraps_and_a_fact_is_never_empty(card: Json) -> None:
    for item in walk.every(card):
        if item["type"] == "TextBlock":
            assert item["wrap"]
            assert item["text"].strip()
        if item["type"] == "FactSet":
            assert item["facts"]
            assert all(fact["title"] and fact["value"] for fact in item["facts"])
        if item["type"] == "RichTextBlock":
            assert item["inlines"]


@every_card
def test_a_mention_is_in_the_text_as_it_is_in_the_entities(card: Json) -> None:
    shown = " ".join(item["text"] for item in walk.of_type(card, "TextBlock"))
    entities = card.get("msteams", {}).get("entities", [])
    assert shown.count("<at>") == len(entities)
    for entity in entities:
        assert entity["text"] in shown
        assert entity["text"] == f"<at>{entity['mentioned']['name']}</at>"


@every_card
def test_no_placeholder_of_a_sentence_is_left_unfilled(card: Json) -> None:
    for words in walk.markdown_of(card):
        assert "{" not in words
        assert "None" not in words.split()


@pytest.mark.parametrize("chapter", STORIES)
def test_a_briefing_shows_anyone_at_most_three_buttons_and_more(chapter: str) -> None:
    story = STORIES[chapter]
    for person, minutes in product(EVERYBODY, (62, 68, 200)):
        drawn = briefing_card(story.referral, WORLD.view(person, minutes=minutes))
        (row,) = walk.action_sets(drawn) or [[]]
        titles = [action["title"] for action in row]
        assert len(titles[:4]) == len(titles)
        assert titles[3:] in ([], ["More"])
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("chapter", STORIES)
def test_a_briefing_has_the_emergency_line_and_an_immediate_one_opens_with_whom_to_ring(
    chapter: str,
) -> None:
    told = STORIES[chapter].referral
    for person in EVERYBODY:
        drawn = briefing_card(told, WORLD.view(person))
        shown = [item["text"] for item in walk.of_type(drawn, "TextBlock")]
        assert WORLD.view().danger() in shown
        assert shown[0].startswith("Immediate. Ring") == told.is_immediate
