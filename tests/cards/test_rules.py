"""What holds for every card of this bot, whichever client draws it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from bot.domain.vocabulary import State
from bot.teams.routes import ROUTES
from cards import wording as w
from cards.briefing import briefing_card
from cards.huddle import huddle_dialog
from cards.kit import Json
from cards.more import more_dialog
from tests.cards import on_record, walk
from tests.cards.exhibit import POLICY, stories
from tests.cards.gallery import cards
from tests.cards.story import WATCHERS, World

CARDS = cards()
WORLD = World()
STORIES = stories(WORLD)
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


# What may be pressed ---------------------------------------------------------------------


def verbs_of(card: Json) -> set[str]:
    """Every verb the card can send: its buttons, their fallbacks, and its own refresh."""
    pressed = walk.of_type(card, "Action.Submit", "Action.Execute")
    return {str(action["data"]["verb"]) for action in pressed}


@every_card
def test_every_verb_on_a_card_is_one_the_bot_answers(card: Json) -> None:
    assert verbs_of(card) - set(ROUTES) == set()


@every_card
def test_a_button_carries_ids_and_codes_and_nobodys_words(card: Json) -> None:
    """`words` is what was typed in the box before 'Not known' asked its one more question."""
    carried = {key for action in walk.actions(card) for key in action.get("data", {})}
    assert carried <= {
        *("case", "v", "verb", "msteams", "pass", "person", "how", "words", "other", "index"),
        *("for", "child", "message", "as", "corrects", "received_time", "next_day"),
        *("period", "by", "day", "so_far", "file", "method", "again"),
    }


def test_the_gallery_draws_a_story_in_every_state() -> None:
    assert {story.referral.state for story in STORIES.values()} == set(State) - {State.DRAFT}


def buttons_of(drawn: Json) -> list[str]:
    """Titles of the briefing's one row of buttons; a link to a policy is no button of its own."""
    rows = [
        row for row in walk.action_sets(drawn) if any(a["type"] != "Action.OpenUrl" for a in row)
    ]
    assert len(rows) <= 1
    return [action["title"] for row in rows for action in row]


@pytest.mark.parametrize("chapter", STORIES)
def test_a_briefing_shows_anyone_at_most_three_buttons_and_more(chapter: str) -> None:
    story = STORIES[chapter]
    for person, minutes in product(EVERYBODY, (12, 62, 68, 200)):
        drawn = briefing_card(story.referral, WORLD.view(person, minutes=minutes))
        titles = buttons_of(drawn)
        assert titles[3:] in ([], ["More"])
        assert len(set(titles)) == len(titles)
        assert verbs_of(drawn) <= set(ROUTES)


@pytest.mark.parametrize("chapter", STORIES)
def test_a_briefing_with_its_detail_left_out_has_show_all_and_more_besides(chapter: str) -> None:
    story = STORIES[chapter]
    for person in EVERYBODY:
        titles = buttons_of(briefing_card(story.referral, WORLD.view(person), brief=True))
        others = [t for t in titles if t not in (w.B_SHOW_ALL, w.B_MORE)]
        assert len(others) <= 3
        assert len(titles) <= 6


@pytest.mark.parametrize("chapter", STORIES)
def test_more_and_the_huddle_keep_the_rules_for_every_role(chapter: str) -> None:
    told = STORIES[chapter].referral
    for person in EVERYBODY[1:]:
        view = WORLD.view(person, minutes=62)
        for drawn in (more_dialog(told, view), huddle_dialog(told, view, {})):
            assert verbs_of(drawn) <= set(ROUTES)
            assert all(1 <= len(row) <= 6 for row in walk.action_sets(drawn))
            assert all(item["label"].strip() for item in walk.inputs(drawn))
            assert all(item["choices"] for item in walk.of_type(drawn, "Input.ChoiceSet"))
            ids = Counter(item["id"] for item in walk.every(drawn) if "id" in item)
            assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("chapter", STORIES)
def test_more_holds_every_button_of_the_briefing_but_the_box(chapter: str) -> None:
    """Their screen may still show the card everybody shares."""
    told = STORIES[chapter].referral
    for person in EVERYBODY[1:]:
        view = WORLD.view(person, minutes=62)
        on_card = set(buttons_of(briefing_card(told, view)))
        if w.B_MORE in on_card:
            held = {action["title"] for action in walk.actions(more_dialog(told, view))}
            assert on_card - {w.B_MORE, w.B_ADD} <= held


def test_no_button_of_more_is_there_twice() -> None:
    for story, person in product(STORIES.values(), EVERYBODY[1:]):
        drawn = more_dialog(story.referral, WORLD.view(person, minutes=62))
        titles = Counter(action["title"] for action in walk.actions(drawn))
        assert [title for title, count in titles.items() if count > 1] == []


def test_a_disagreement_leads_to_the_policy_where_there_is_one() -> None:
    world = WORLD.with_setting(disagreement_url=POLICY)
    told = on_record.disagreed(world).referral
    (link,) = walk.of_type(briefing_card(told, world.view()), "Action.OpenUrl")
    assert (link["title"], link["url"]) == (w.DISAGREE_POLICY, POLICY)
    assert walk.of_type(briefing_card(told, WORLD.view()), "Action.OpenUrl") == []


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
