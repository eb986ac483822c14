"""What each caller may hear, and what must not reach those who may hear little."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.vocabulary import FEEDBACK_LEVELS
from cards.feedback_text import draft
from tests.cards import referrals as tell
from tests.cards.gallery_endings import FEEDBACK_GROUPS
from tests.cards.story import World

INSIDE = (
    *("action", "owner_name", "relevant", "strengths", "worries", "suggests", "share_why"),
    *("message", "lead_note", "family_view", "rationale", "agreed_note"),
    *("seen_heard", "reported", "view", "going_well", "child_view", "help_so_far", "wants"),
)
LITTLE = ("public_thanks", "family_limited", "professional_limited", "none")


def planted(field: str, words: str) -> str:
    return f"planted_{field}, in words"


def told(level: str) -> str:
    """The draft for a caller of this level, after a whole discussion and an agreed outcome."""
    world = World(say=planted)
    lead = replace(world.person("eh-1"), name="Planted Lead")
    people = tuple(lead if p.id == "eh-1" else p for p in world.partnership.people)
    world.partnership = replace(world.partnership, people=people)
    story = tell.outcome_agreed(world, referrer_group=FEEDBACK_GROUPS[level])
    return draft(story.referral, world.view("eh-1"))


def test_there_is_a_group_for_every_level() -> None:
    groups = World().partnership.group
    assert {code: groups[g].feedback_level for code, g in FEEDBACK_GROUPS.items()} == {
        level: level for level in FEEDBACK_LEVELS
    }


@pytest.mark.parametrize("level", LITTLE)
def test_a_caller_who_may_hear_little_hears_nothing_from_inside(level: str) -> None:
    words = told(level)
    assert [field for field in INSIDE if f"planted_{field}" in words] == []
    assert "Planted Lead" not in words
    for inside in ("Early Help", "early help", "day-to-day", "agree", "doing"):
        assert inside not in words


@pytest.mark.parametrize("level", ["public_thanks", "none"])
def test_the_public_and_the_unnamed_are_asked_to_do_nothing(level: str) -> None:
    assert "planted_" not in told(level)


@pytest.mark.parametrize("level", ["professional_limited", "family_limited"])
def test_a_limited_caller_hears_only_the_next_step_written_for_them(level: str) -> None:
    assert "planted_next_step" in told(level)
    assert told(level).count("planted_") == 1


def test_a_professional_with_a_role_hears_outcome_lead_plan_and_next_step() -> None:
    words = told("professional_full")
    assert "The Early Help Unit will offer" in words
    assert "Planted Lead" in words
    assert "planted_action, in words, by Thursday 26 November" in words
    assert "planted_next_step" in words
    assert "The family know and do not agree." in words


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_no_draft_shows_what_an_agency_told_or_why_it_was_decided(level: str) -> None:
    words = told(level)
    private = ("relevant", "worries", "share_why", "message", "lead_note", "rationale", "reported")
    assert [field for field in private if f"planted_{field}" in words] == []


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_every_draft_says_whom_to_ring_in_danger(level: str) -> None:
    assert "999" in told(level)


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_a_draft_does_not_say_a_next_step_that_is_none(level: str) -> None:
    world = World()
    story = tell.strategy_held(world)
    group = FEEDBACK_GROUPS[level]
    changed = replace(story.referral, intake=replace(story.referral.asked, referrer_group=group))
    assert "None today" not in draft(changed, world.view("sw-1"))


def test_a_young_person_hears_a_name_and_no_outcome() -> None:
    words = told("young_person")
    assert "Planted Lead" in words
    assert "Unit" not in words
