"""What each caller may hear, and what must not reach those who may hear little."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.domain.feedback_levels import leaks
from bot.domain.vocabulary import FEEDBACK_LEVELS
from cards.feedback_text import draft
from tests.cards import feedback_drafts, referrals as tell, righted, samples
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
    lead = replace(world.person("eh-1"), name="Zora Q.")
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
    assert "Zora Q." not in words
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
    assert "the Early Help Unit will offer the family help" in words
    assert "Zora Q." in words
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
    assert "Zora Q." in words
    assert "Unit" not in words


# Whole texts ---------------------------------------------------------------------------------

DRAFTS = feedback_drafts.texts(World())


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_is_its_golden_text(name: str) -> None:
    path = samples.FEEDBACK / f"{name}.txt"
    assert path.exists(), "a new draft: run `python -m tests.cards.update` and read it aloud"
    assert DRAFTS[name] == path.read_text(encoding="utf-8"), (
        "the draft has changed: if it should, run `python -m tests.cards.update`"
    )


def test_every_golden_text_is_a_draft_of_some_level() -> None:
    assert {path.stem for path in samples.FEEDBACK.iterdir()} == set(DRAFTS)
    assert set(FEEDBACK_LEVELS) <= set(DRAFTS)


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_can_be_read_aloud(name: str) -> None:
    """Whole sentences, in plain words, with no mark of something that was not filled in."""
    words = DRAFTS[name].strip()
    assert words.endswith(".")
    for mark in ("!", "{", "}", "  ", "..", " .", "None", "not_clear", ";.", ": ."):
        assert mark not in words
    for jargon in ("referral", "threshold", "MASH", "EHU", "LADO", "s47", "rationale", "feedback"):
        assert jargon not in words


YOUNG = [name for name in DRAFTS if name.startswith("young_person")]


@pytest.mark.parametrize("name", YOUNG)
def test_a_young_person_hears_short_sentences(name: str) -> None:
    assert max(len(s.split()) for s in re.split(r"[.]\s", DRAFTS[name])) <= 15


STEP = "Tell mum that Femi will ring her"


def test_the_next_step_asked_of_one_caller_is_not_asked_of_another() -> None:
    assert STEP in DRAFTS["professional_full"]
    second = [name for name in DRAFTS if name.endswith("second_caller")]
    assert len(second) == len(FEEDBACK_LEVELS)
    assert [name for name in second if STEP in DRAFTS[name]] == []


def test_the_next_step_of_a_plan_that_came_with_a_merge_is_the_merged_callers() -> None:
    world = World()
    two = replace(righted.two_callers(world).referral, plan_by="")
    view = world.view("eh-1")
    assert STEP not in draft(two, view)
    assert STEP in draft(two, view, two.callers[1])


@pytest.mark.parametrize("words", ["None", "none.", "None for now", "Nothing more", "n/a", "  "])
def test_a_next_step_that_is_none_is_not_said(words: str) -> None:
    assert "What we would like you to do" not in with_step(words)


@pytest.mark.parametrize("words", ["None of you should ring dad", "No contact with dad, please"])
def test_a_next_step_that_begins_like_none_is_said(words: str) -> None:
    assert words in with_step(words)


def with_step(words: str, level: str = "professional_full") -> str:
    world = World()
    told = feedback_drafts.told_to(world, level)
    assert told.plan
    return draft(replace(told, plan=replace(told.plan, next_step=words)), world.view("eh-1"))


@pytest.mark.parametrize("words", ["Ring the Early Help Unit", "Ask Femi A.", "Wait, early help"])
def test_a_next_step_that_names_what_was_decided_is_left_out_for_other_family(words: str) -> None:
    assert words not in with_step(words, "family_limited")
    assert words in with_step(words, "family_pr")


def test_an_action_that_repeats_another_agencys_words_is_left_out_and_the_rest_said() -> None:
    world = World()
    told = feedback_drafts.told_to(world, "young_person")
    assert told.plan
    copied = "See mum, because she is asleep in class most mornings"
    first, second = told.plan.actions
    plan = replace(told.plan, actions=(replace(first, action=copied), second))
    for level in ("professional_full", "family_pr"):
        group = FEEDBACK_GROUPS[level]
        if level == "professional_full":
            group = "police"
        intake = replace(told.asked, referrer_group=group)
        words = draft(replace(told, plan=plan, intake=intake), world.view("eh-1"))
        assert "most mornings" not in words
        assert "breakfast club place" in words


def test_an_outcome_nobody_agreed_is_not_told() -> None:
    assert "decided" not in DRAFTS["professional_full-not_agreed"]


def test_each_child_hears_of_its_own_outcome_by_age() -> None:
    words = DRAFTS["professional_full-each_child"]
    assert "for the child aged 5 to 9, a social worker" in words
    assert "for the child aged 1 to 4, the Early Help Unit" in words


def test_children_of_one_age_are_one_and_another() -> None:
    world = World()
    told = feedback_drafts.told_to(world, "professional_full")
    two = tuple(replace(c, age_band="5_to_9") for c in told.asked.children)
    told = replace(told, intake=replace(told.asked, children=two))
    words = draft(
        feedback_drafts.decided(told, "social_care", ("9900102", "ehu")), world.view("eh-1")
    )
    assert "for one child, a social worker" in words
    assert "for another, the Early Help Unit" in words


def test_a_parent_hears_no_outcome_where_another_caller_said_the_family_are_not_told() -> None:
    words = DRAFTS["family_pr-withheld"]
    for inside in ("Early Help", "Femi", "doing", "breakfast"):
        assert inside not in words
    assert "Someone from our team will talk with you" in words


def test_the_least_open_caller_says_what_the_family_know() -> None:
    world = World()
    two = righted.two_callers(world).referral
    rang = replace(two.callers[1].intake, told_family="no_unsafe")
    second = replace(two.callers[1], intake=rang)
    words = draft(replace(two, merged_callers=(second,)), world.view("eh-1"))
    assert "Please do not tell them." in words


def test_the_bots_own_sentences_are_no_leak_whoever_else_said_them() -> None:
    """Somebody wrote the whole draft in the thread, as an agency's line, and as the reason."""
    world = World()
    view = world.view("eh-1")
    for name, told, caller in feedback_drafts.cases(world):
        to = caller or told.callers[0]
        fixed = draft(replace(told, plan=None), view, to)
        said = [replace(m, text=fixed, agency="probation") for m in told.messages]
        lines = [
            replace(c, said=replace(c.said, relevant=fixed, agency="probation"))
            for c in told.contributions
        ]
        repeated = replace(told, messages=tuple(said), contributions=tuple(lines))
        assert leaks(draft(repeated, view, to), repeated, to, world.partnership) == (), name
