"""The style of every sentence people read, and that every refusal finds its words."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.decision import Refused, refused
from bot.domain.intake import INTAKE_FIELDS
from bot.domain.measures import MEASURES, Measure
from bot.domain.transitions import TRANSITIONS
from bot.domain.vocabulary import State
from cards import wording as w
from cards.refusals import sentence
from tests.cards.story import World

BOT = Path(__file__).parents[2] / "bot"
VIEW = World().view("masho-1")

NEVER = (
    *("no further action", "case closed", "threshold", "step down", "did not attend"),
    *("hard to reach", "non-engaging", "alleged", "victim", "perpetrator", "absconded"),
    *("sibling", "refused consent", "liaise", "signpost", "monitor", "challenging behaviour"),
    *("broken home", "chaotic"),
)
LATIN = re.compile(r"\b(?:e\.?g|i\.?e|etc|via|per annum|N\.?B)\b\.?", re.IGNORECASE)
CONTRACTION = re.compile(
    r"\b\w+n['’]t\b|\b\w+['’](?:re|ll|ve|d|m)\b|\b(?:it|that|there)['’]s\b", re.IGNORECASE
)


def texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}[{key!r}]")
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from texts(item, f"{path}[{n}]")


def vars_of(measure: Measure) -> Iterator[tuple[str, str]]:
    for name in ("section", "title", "counts", "of", "starts", "stops", "left_out"):
        yield name, getattr(measure, name)


SENTENCES = {
    path: words
    for name, value in vars(w).items()
    if name.lstrip("_").isupper()
    for path, words in texts(value, name)
} | {f"{measure.key}.{name}": words for measure in MEASURES for name, words in vars_of(measure)}


def broken(words: str) -> list[str]:
    """The rules of style that these words break."""
    lower = words.lower()
    found = [phrase for phrase in NEVER if phrase in lower]
    found += ["!"] if "!" in words else []
    found += [word for word in ("DNA", "Ax") if re.search(rf"\b{word}\b", words)]
    return [*found, *LATIN.findall(words), *CONTRACTION.findall(words)]


def test_no_name_of_the_wording_is_set_twice() -> None:
    """The later one would silently be everybody's."""
    tree = ast.parse(Path(w.__file__).read_text(encoding="utf-8"))
    names = [
        t.id
        for x in tree.body
        if isinstance(x, ast.Assign)
        for t in x.targets
        if isinstance(t, ast.Name)
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_all_the_wording_is_read() -> None:
    assert len(SENTENCES) > 400
    assert "REFUSALS['store']" in SENTENCES
    assert "HELP[0]" in SENTENCES


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_is_in_the_house_style(name: str) -> None:
    assert broken(SENTENCES[name]) == []


@pytest.mark.parametrize(
    "words",
    [
        "Posted!",
        "We can't do this.",
        "It won’t be kept.",
        "You'll hear back.",
        "For example, e.g. a school.",
        "Schools, nurseries etc.",
        "The case closed today.",
        "Mum DNA the appointment.",
        "Send it to Ax today.",
        "We will monitor this.",
        "Their siblings are well.",
    ],
)
def test_the_style_is_strict_enough_to_find(words: str) -> None:
    assert broken(words)


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_has_no_stray_space_and_fields_with_names(name: str) -> None:
    words = SENTENCES[name]
    assert words == words.strip()
    assert "  " not in words
    fields = [field for _, field, _, _ in string.Formatter().parse(words) if field is not None]
    assert all(field.isidentifier() for field in fields)


# Codes and their words ---------------------------------------------------------------------


def test_every_answer_field_and_every_state_has_words() -> None:
    assert set(INTAKE_FIELDS) <= set(w.FIELDS)
    assert set(w.STATES) == {str(state) for state in State}


def test_every_event_a_person_may_be_refused_says_who_may() -> None:
    by_people = {event for event, row in TRANSITIONS.items() if row.who - {"bot"}}
    assert by_people - {"referral.received"} <= set(w.WHO_MAY)


def calls() -> Iterator[tuple[str, frozenset[str]]]:
    """Each `refused("code", fact=...)` in the bot: its code and the facts it gives."""
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "refused" and node.args and isinstance(node.args[0], ast.Constant):
                facts = frozenset(keyword.arg or "" for keyword in node.keywords)
                yield str(node.args[0].value), facts


RAISED = sorted({(code, tuple(sorted(facts))) for code, facts in calls()})
DOORS = ("out_of_hours", "not_a_test_day", "paused")
"""Codes that reach `refused` in a variable, from `door`."""


def test_the_bot_refuses_with_codes_that_have_words() -> None:
    assert len(RAISED) > 25
    assert {code for code, _ in RAISED} <= set(w.REFUSALS)


@pytest.mark.parametrize(("code", "facts"), RAISED, ids=str)
def test_a_refusal_as_it_is_raised_fills_its_sentence(code: str, facts: tuple[str, ...]) -> None:
    given = {"event": "lead.claimed", "missing": "plan,needs", "state": "closed", "limit": "300"}
    given["route"] = "text"
    words = sentence(refused(code, **{fact: given.get(fact, "REF-1") for fact in facts}), VIEW)
    assert_whole(words)


@pytest.mark.parametrize("code", sorted(w.REFUSALS))
def test_every_refusal_is_a_whole_sentence_with_the_facts_it_names(code: str) -> None:
    facts = {
        "already_claimed": {"lead": "Femi A.", "ref": "REF-1"},
        "already_leads": {"lead": "Femi A."},
        "answers": {"seen_heard": "too_short", "district": "required"},
        "before_outcome": {"missing": "rationale,plan"},
        "level_warns": {"plan": "visit mum at home"},
        "not_accepted": {"new_lead": "Femi A.", "lead": "Tomasz W."},
        "not_accepted_by_them": {"new_lead": "Femi A.", "lead": "Tomasz W."},
        "not_allowed": {"event": "lead.assigned", "ref": "REF-1"},
        "paused": {"paused": "the building is shut."},
        "plan_too_long": {"limit": "10"},
        "roster_entra": {"name": "Femi A."},
        "roster_file": {"name": "Priya N."},
        "roster_last": {"name": "Grace O."},
        "roster_on_it": {"name": "Femi A."},
        "too_long": {"limit": "300"},
        "unsafe_route": {"route": "voicemail", "times": "12:00 to 12:45"},
        "wrong_state": {"event": "lead.claimed", "state": "outcome_agreed", "ref": "REF-1"},
        "withdraw_absorbed": {"others": "REF-2026-00006"},
        "store": {"fault": "A1B2"},
        "fault": {"fault": "A1B2"},
    }
    words = sentence(Refused(code, tuple(facts.get(code, {}).items())), VIEW)
    assert_whole(words)
    for value in ("Femi A.", "10 actions", "300 characters", "A1B2", "the building is shut. Use"):
        if value in str(w.REFUSALS[code]):
            assert value in words


@pytest.mark.parametrize("code", DOORS)
def test_a_shut_door_says_whom_to_ring(code: str) -> None:
    words = sentence(refused(code, paused="the building is shut"), VIEW)
    assert re.search(r"\d{3,}", words)
    assert_whole(words)


@pytest.mark.parametrize("event", sorted(w.WHO_MAY))
def test_who_may_is_told_in_a_refusal(event: str) -> None:
    words = sentence(refused("not_allowed", event=event), VIEW)
    assert_whole(words)
    assert len(words) > len(w.REFUSALS["not_allowed"])


def assert_whole(words: str) -> None:
    assert words[0].isupper() or words[0] == "'"
    assert words.endswith((".", "?"))
    assert "{" not in words
    assert "  " not in words
    assert ".." not in words
    assert " ." not in words
    assert broken(words) == []
