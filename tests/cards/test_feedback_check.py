"""A sentence planted in each field of a referral, for a caller of each level: the check names the
field's source exactly where the level may not hear it, however the sentence is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from bot.domain.feedback_levels import leaks
from bot.domain.feedback_sources import MAY_NOT_HEAR, SOURCES
from bot.domain.intake import TEXT_LIMITS
from bot.domain.referral import (
    Elsewhere,
    Referral,
)
from bot.domain.vocabulary import FEEDBACK_LEVELS
from cards import wording as w
from cards.feedback_text import draft
from tests.cards import referrals as tell, righted
from tests.cards.feedback_plants import (
    NUMBER,
    PLANTS,
    action,
    amended,
    line,
    message,
    other_call,
    own_answer,
    plan,
    sentence,
)
from tests.cards.gallery_endings import FEEDBACK_GROUPS
from tests.cards.story import START, World

WORLD = World()
PARTNERSHIP = WORLD.partnership
VIEW = WORLD.view("eh-1")
TWO = righted.two_callers(WORLD).referral
FULL, LIMITED, PARENT, YOUNG, FAMILY, PUBLIC, NONE = FEEDBACK_LEVELS

HEARD_BY: dict[str, tuple[str, ...]] = {
    "contributions": (),
    "suggests": (),
    "sharing": (),
    "messages": (),
    "second_call": (),
    "strategy": (),
    "immediate": (),
    "disagreement": (),
    "police": (),
    "corrections": (),
    "lead_notes": (),
    "notes": (),
    "child_view": (FULL, YOUNG),
    "rationale": (FULL,),
    "family_view": (FULL,),
    "handover": (FULL,),
    "plan": (FULL, PARENT, YOUNG),
    "next_step": (FULL, PARENT, YOUNG),
    "outcome": (FULL, PARENT, YOUNG),
    "lead_service": (FULL, PARENT, YOUNG),
    "lead": (FULL, LIMITED, PARENT, YOUNG),
    "needs": (FULL, LIMITED, PARENT, YOUNG),
    "known": (FULL, LIMITED, PARENT, YOUNG),
    "team": (FULL, LIMITED, PARENT, YOUNG),
}
"""Who may hear what: every level that is not named may not."""

WRITTEN: dict[str, Callable[[str], str]] = {
    "as it was": lambda words: words,
    "shouted": str.upper,
    "with line breaks": lambda words: words.replace(" ", " \r\n\n "),
    "with curly quotes": lambda words: words.replace("'", "\u2019"),
    "with letters parted unseen": lambda words: "\u200b".join(words),
    "with words parted unseen": lambda words: words.replace(" ", "\u200b"),
    "with hard spaces and dashes": lambda words: words.replace(" ", "\u00a0\u2013 "),
    "in Markdown": lambda words: f"_**{words}**_".replace(" ", "_ _"),
}

TALK = {
    *("suggests", "sharing", "messages", "strategy", "immediate", "disagreement", "police"),
    *("corrections", "lead_notes", "notes", "rationale", "family_view"),
}
"""The team's own talk: six words in a row count for who hears what was decided, else four."""


def least(source: str, level: str) -> int:
    return 6 if source in TALK and level in HEARD_BY["outcome"] else 4


def to(level: str, told: Referral = TWO) -> Referral:
    """The referral with its own caller at this level; a professional of no agency at the desk."""
    group = "other_la" if level == FULL else FEEDBACK_GROUPS[level]
    return replace(told, intake=replace(told.asked, referrer_group=group))


def sources(text: str, told: Referral) -> set[str]:
    found = leaks(text, told, told.callers[0], PARTNERSHIP)
    return {"contributions" if x.source == "other_agencies" else x.source for x in found}


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_leak_is_named_where_the_level_may_not_hear_it(name: str, level: str) -> None:
    source, plant = PLANTS[name]
    told = plant(to(level), sentence(name))
    mine = draft(told, VIEW)
    assert sources(mine, told) == set()
    expected = set() if level in HEARD_BY[source] else {source}
    for way, write in WRITTEN.items():
        assert sources(f"{mine} {write(sentence(name))} Thank you.", told) == expected, way
    run = " ".join(sentence(name).split()[1 : 1 + least(source, level)])
    assert sources(f"{mine} {run} thank you.", told) == expected
    assert sources(f"{mine} {run.partition(' ')[2]} thank you.", told) == set()


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
@pytest.mark.parametrize("name", PLANTS)
def test_a_short_text_is_found_whole_and_not_in_part(name: str, level: str) -> None:
    source, plant = PLANTS[name]
    short = f"Moss{NUMBER[name]} fern reed"
    told = plant(to(level), short)
    expected = set() if level in HEARD_BY[source] else {source}
    assert sources(f"Thank you. {short}. Ring us.", told) == expected
    assert sources(f"Thank you. {' '.join(short.split()[:2])}. Ring us.", told) == set()


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_the_next_step_of_another_caller_is_a_leak_where_the_plan_is(level: str) -> None:
    """The plan came with the merge, so its next step was written for the merged caller."""
    told = replace(to(level), plan_by="")
    expected = set() if level in HEARD_BY["next_step"] else {"next_step"}
    assert sources("Tell mum that a visitor rings her.", to(level)) == set()
    told = plan(next_step="")(told, "Water the moss behind the shed")
    assert sources("Please water the moss behind the shed.", told) == expected


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("lead_service", "Ring HEALTH today"),
        ("lead", "Niamh D. will ring"),
        ("lead", "Niamh will ring"),
        ("needs", "She needs a stable home, with enough money for the basics"),
        ("outcome", "We chose early help"),
        ("outcome", "For one it is social\ncare"),
        ("outcome", "It was advice on the call once"),
        ("outcome", "They made it immediate"),
        ("known", "They are known to us"),
        ("known", "They have a social worker"),
        ("known", "The family is known to us already"),
        ("known", "We know them well"),
        ("known", "We have worked with them before"),
        ("known", "We are helping them"),
        ("known", "They are on a child protection plan"),
        ("known", "They were on our system"),
        ("team", "The police told us about him"),
        ("known", "We spoke to his school"),
        ("team", "The police will visit"),
        ("team", "Iqbal R. will visit"),
    ],
)
def test_a_name_is_found_whole_where_the_level_may_not_hear_it(
    source: str, named: str, level: str
) -> None:
    """The pick of all, of one child, of before, and of elsewhere; a service of a single word."""
    told = to(level)
    assert told.pick
    told = replace(
        told,
        lead="hlt-1",
        intake=replace(told.asked, needs=("home",)),
        pick=replace(told.pick, code="ehu", per_child=(("9900102", "social_care"),)),
        past_picks=(replace(told.pick, code="advice_at_contact"),),
        elsewhere=Elsewhere("immediate", "sw-1", START),
    )
    expected = set() if level in HEARD_BY[source] else {source}
    assert sources(named, told) == expected


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_what_the_caller_told_us_is_theirs_whoever_else_said_it(level: str) -> None:
    words = "Moss grew over every window of the house"
    told = line(relevant="{}")(own_answer("reported")(to(level), words), words)
    assert sources(words, told) == set()


def test_an_agencys_words_are_its_own_professionals_where_they_were_shared_whole() -> None:
    words = "Moss grew over every window"
    for decision, expected in (
        ("shared", set()),
        ("shared_in_part", {"contributions"}),
        ("not_shared", {"contributions"}),
    ):
        told = line(relevant="{}", agency="education", decision=decision)
        assert sources(words, told(tell_school(), words)) == expected


def tell_school() -> Referral:
    return replace(TWO, intake=replace(TWO.asked, referrer_group="school"))


def test_a_professional_hears_what_was_filed_as_a_decision() -> None:
    told = message(text="")(to(FULL), "Moss goes from every window")
    filed = replace(told.messages[-1], filed_as="decision")
    assert sources("Moss goes from every window", told) == {"messages"}
    decided = replace(told, messages=(*told.messages[:-1], filed))
    assert sources("Moss goes from every window", decided) == set()


def test_what_an_agency_suggested_and_the_plan_took_up_is_the_plan() -> None:
    words = "Clear the moss from every window"
    told = line(suggests="{}")(action("action")(to(FULL), words), words)
    assert sources(words, told) == set()
    assert words in draft(told, VIEW)


def test_a_parent_hears_nothing_decided_while_another_caller_says_they_are_not_told() -> None:
    untold = other_call("told_family")(to(PARENT), "no_unsafe")
    assert sources("We chose early help.", untold) == {"outcome", "lead_service"}
    assert sources("Visit mum at home and agree an early help assessment", untold) >= {"plan"}
    assert sources(draft(untold, VIEW), untold) == set()


# That nothing was forgotten ------------------------------------------------------------------


def test_every_level_and_every_source_has_its_row() -> None:
    assert set(MAY_NOT_HEAR) == set(FEEDBACK_LEVELS)
    named = {s for found in MAY_NOT_HEAR.values() for s in found}
    assert named == set(SOURCES) == set(w.LEAK_SOURCES) == {*HEARD_BY, "other_agencies"}


SAID_NOWHERE = {
    *("case_id", "reference", "earlier_reference", "conversation_id", "activity_id", "service_url"),
    *("configuration", "certificate"),
    *("link", "rule", "how", "ended", "mosaic_id", "age_band", "basis", "due_on", "for_ref"),
    *("by", "filed_by", "taken_by", "lead", "owner", "told", "masho", "plan_by", "notes_by"),
    *("filed_as", "known", "agency", "owner_agency", "source", "decision", "need", "code", "to"),
    *("rang_by", "field", "group", "level", "method", "text", "author_name", "notified_by"),
    *("flagged_by", "stood_down_by", "agreed_by", "ended_by", "confirmed_by", "corrected_by"),
    *("district", "child_location", "safe_now", "referrer_group", "test", "scope"),
    *("contact_method", "safe_contact", "told_family", "earlier"),
}
"""Codes, ids and people of the desk by id; `text` of feedback is what was sent, and the bot drafted
it; of messages and disagreements it is planted above.
"""
PLANTED_FIELDS = {
    *("relevant", "strengths", "worries", "suggests", "reason", "before", "after", "action"),
    *("owner_name", "family_view", "next_step", "rationale", "because", "ended_reason"),
    *("agreed_note", "also", "recorded_on", "note", "stood_down_reason", "acknowledged_by"),
    *("rang_by_name", "lead_note", "late_reason", "accepted_by", *TEXT_LIMITS),
}


def texts_in(value: Any) -> set[str]:
    """Names of the fields below a value that can hold a text."""
    if isinstance(value, tuple):
        return {name for item in value for name in texts_in(item)}
    if not is_dataclass(value):
        return set()
    found = set()
    for field in fields(value):
        inside = getattr(value, field.name)
        found |= {field.name} if str(field.type) in ("str", "Any") else texts_in(inside)
    return found


def test_every_field_of_words_in_a_referral_is_planted_or_said_nowhere() -> None:
    """A new field of people's words needs a source, and a row above."""
    told = TWO
    for name in ("handover", "reopened", "stood_down", "strategy", "strategy_also", "offer"):
        told = PLANTS[name][1](told, "words")
    for name in ("police", "disagreement", "cannot", "passed", "late", "done_action"):
        told = PLANTS[name][1](told, "words")
    told = amended(told, reason="words")
    everything = righted.everything(WORLD).referral
    found = texts_in(told) | texts_in(everything) | texts_in(tell.stood_down(WORLD).referral)
    assert found - SAID_NOWHERE == PLANTED_FIELDS
