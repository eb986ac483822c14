"""The case note: its plain text in the order a record is read, and as data by its schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from bot.domain import vocabulary as v
from bot.domain.contact import ROUTES
from bot.domain.intake import INTAKE_FIELDS, TEXT_LIMITS
from cards import case_note, case_note_json
from cards.kit import Json
from tests.cards import on_record, referrals as tell, righted, samples
from tests.cards.exhibit import stories
from tests.cards.story import Story, World

WORLD = World()
STORIES = stories(WORLD)
SCHEMA: Json = json.loads(
    (Path(case_note_json.__file__).parent / case_note_json.SCHEMA_NAME).read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def notes_of(story: Story) -> list[str]:
    view = WORLD.view("masho-1")
    told = story.referral
    return [case_note.note_for(child, told, view) for child in told.asked.children]


def lines_of(story: Story) -> list[str]:
    return notes_of(story)[0].splitlines()


# Plain text ----------------------------------------------------------------------------


def test_the_note_of_a_whole_referral_is_its_golden_text() -> None:
    golden = samples.NOTE.read_text(encoding="utf-8")
    assert samples.note_text(WORLD) == golden, (
        "the note has changed: if it should, run `python -m tests.cards.update`"
    )


IN_ORDER = (
    "REF-2026-00001. Child 9900101",
    "Call picked up",
    "Took part:",
    "Seen or heard:",
    "Told by others:",
    "Caller's view:",
    "REF-2026-00006: second call",
    "Tue 24 Nov 09:24 Education:",
    "What the child needs:",
    "Strategy discussion considered",
    "Outcome:",
    "Picked by",
    "Agreed by",
    "Plan:",
    "Fed back to",
    "Corrections:",
)


def test_the_note_is_in_the_order_of_a_record() -> None:
    lines = lines_of(righted.everything(WORLD))
    found = [next(n for n, line in enumerate(lines) if line.startswith(p)) for p in IN_ORDER]
    assert found == sorted(found)


def test_each_section_stands_apart() -> None:
    sections = notes_of(righted.everything(WORLD))[0].split("\n\n")
    assert [s.split(":")[0].split(".")[0].splitlines()[0][:20] for s in sections] == [
        "REF-2026-00001",
        "Caller",
        "Tue 24 Nov 09",
        "What the child needs",
        "Strategy discussion ",
        "Plan",
        "Fed back to the call",
        "Corrections",
    ]


def test_a_line_that_its_agency_has_not_confirmed_says_so_until_it_has() -> None:
    waiting = "domestic abuse service has not confirmed it"
    assert any(waiting in line for line in lines_of(tell.in_discussion(WORLD)))
    confirmed = lines_of(on_record.line_confirmed(WORLD))
    assert not any(waiting in line for line in confirmed)
    assert any("confirmed by Marisa K." in line for line in confirmed)


def test_a_line_put_right_stands_beside_what_was_logged_before() -> None:
    lines = [x for x in lines_of(on_record.line_corrected(WORLD)) if "Domestic abuse service" in x]
    assert len(lines) == 2
    assert "put right by Marisa K." in lines[0]
    assert "Mum came to one group in 2025, not three." in lines[1]


def test_each_agencys_line_says_on_what_basis_it_was_shared_and_why() -> None:
    (line,) = (x for x in lines_of(tell.in_discussion(WORLD)) if " Education: " in x)
    assert "(shared in part. Duty to share information" in line
    assert "One line is about another family." in line


def test_each_child_has_its_own_note_with_its_own_outcome() -> None:
    first, second = notes_of(righted.corrected_agreed(WORLD))
    assert "Child 9900101" in first
    assert "Child 9900102" in second
    outcome = WORLD.partnership.outcome
    assert f"Outcome: {outcome['ehu'].label}." in first
    assert f"Outcome: {outcome['social_care'].label}." in second


def test_the_note_of_a_deleted_message_keeps_its_mark_and_loses_its_words() -> None:
    note = notes_of(on_record.deleted(WORLD))[0]
    assert "A message was deleted by its author" in note
    assert "Early help to visit first" not in note


def test_the_note_says_what_was_decided_elsewhere() -> None:
    note = notes_of(righted.outcome_elsewhere(WORLD))[0]
    assert "Handed over to Emergency Duty Team" in note
    assert "Outcome made elsewhere:" in note


def test_the_note_names_the_next_step_for_the_caller() -> None:
    note = notes_of(tell.planned(WORLD))[0]
    assert "Tell mum that Femi will ring her tomorrow morning." in note


def test_everybody_who_acted_took_part() -> None:
    """Whoever took the second call, confirmed a line or agreed an earlier outcome too."""
    (line,) = (x for x in lines_of(righted.everything(WORLD)) if x.startswith("Took part:"))
    for name in ("Carys M.", "Dev P.", "Marisa K.", "Grace O.", "Tomasz W."):
        assert name in line, name


def test_a_caller_who_could_not_be_told_is_named_where_there_are_two() -> None:
    (line,) = (x for x in lines_of(righted.everything(WORLD)) if "not possible" in x)
    assert "REF-2026-00006" in line


def test_an_outcome_that_gave_way_keeps_why_it_was_picked() -> None:
    note = notes_of(righted.corrected_agreed(WORLD))[0]
    assert "Mum wants help and the school sees the children every day." in note


# Data ------------------------------------------------------------------------------------


def data_of(story: Story, **left_out: int) -> list[Json]:
    view, told = WORLD.view("masho-1"), story.referral
    made = [
        case_note_json.note_json(child, told, view, **left_out) for child in told.asked.children
    ]
    return [json.loads(json.dumps(note)) for note in made]


def fault(note: Any) -> str:
    worst = best_match(VALIDATOR.iter_errors(note))
    return "" if worst is None else f"{worst.json_path}: {worst.message[:300]}"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["title"]
    assert SCHEMA["description"]


@pytest.mark.parametrize("name", STORIES)
def test_every_childs_note_as_data_fits_the_schema(name: str) -> None:
    assert [fault(note) for note in data_of(STORIES[name])] == [""] * len(data_of(STORIES[name]))


def test_a_note_with_lines_left_out_says_how_many() -> None:
    story = on_record.filed(WORLD)
    whole, cut = data_of(story)[0], data_of(story, left_out=2)[0]
    assert cut["lines_left_out"] == 2
    assert cut["messages"] == whole["messages"][2:]
    assert fault(cut) == ""


FULLEST = {
    "everything": data_of(righted.everything(WORLD))[0],
    "handed over": data_of(righted.outcome_elsewhere(WORLD))[0],
    "immediate": data_of(tell.stood_down(WORLD))[0],
}


Path_ = tuple[str | int, ...]


def objects_of(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Json]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from objects_of(value, (*path, key))
    elif isinstance(node, list):
        for n, item in enumerate(node):
            yield from objects_of(item, (*path, n))


def without(found: Json, key: str) -> None:
    del found[key]


def spoil(found: Json, key: str) -> None:
    found[key] = 0.5


def changed(note: Json, path: Path_, change: Callable[[Json], Any]) -> Json:
    out = deepcopy(note)
    target: Any = out
    for step in path:
        target = target[step]
    change(target)
    return out


@pytest.mark.parametrize("name", FULLEST)
def test_a_note_with_any_field_missing_does_not_fit(name: str) -> None:
    note = FULLEST[name]
    for path, found in objects_of(note):
        if path[-1:] == ("answers",):
            continue
        for key in found:
            assert fault(changed(note, path, partial(without, key=key))), (path, key)


@pytest.mark.parametrize("name", FULLEST)
def test_a_note_with_a_field_added_anywhere_does_not_fit(name: str) -> None:
    note = FULLEST[name]
    for path, _ in objects_of(note):
        assert fault(changed(note, path, lambda o: o.update(extra="more"))), path


@pytest.mark.parametrize("name", FULLEST)
def test_a_note_with_a_value_of_another_kind_does_not_fit(name: str) -> None:
    note = FULLEST[name]
    for path, found in objects_of(note):
        for key in found:
            assert fault(changed(note, path, partial(spoil, key=key))), (path, key)


def schemas_of(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from schemas_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from schemas_of(item)


def test_every_field_is_described_in_plain_words() -> None:
    for found in schemas_of(SCHEMA):
        for name, field in found.get("properties", {}).items():
            words = field["description"]
            assert words[0].isupper(), name
            assert words.endswith("."), name
            assert "e.g." not in words


def test_every_object_takes_just_the_fields_it_names() -> None:
    objects = [found for found in schemas_of(SCHEMA) if found.get("type") == "object"]
    assert len(objects) > 10
    for found in objects:
        assert found["additionalProperties"] is False
        optional = set(found["properties"]) - set(found.get("required", ()))
        assert optional in (set(), set(TEXT_LIMITS))


def enum_at(*path: str) -> set[str]:
    found: Any = SCHEMA
    for step in path:
        found = found[step] if step in found else found["properties"][step]
        found = found.get("items", found)
        for option in found.get("anyOf", ()):
            if option.get("type") == "object":
                found = option
    return {value for value in found["enum"] if value is not None}


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (("state",), {str(s) for s in v.State} - {"draft"}),
        (("child", "age_band"), v.AGE_BANDS),
        (("calls", "child_location"), v.CHILD_LOCATIONS),
        (("calls", "safe_now"), v.SAFE_NOW),
        (("calls", "told_family"), v.TOLD_FAMILY),
        (("agencies", "known"), v.KNOWN),
        (("agencies", "sharing", "decision"), v.SHARING_DECISIONS),
        (("messages", "filed_as"), v.FILED_AS),
        (("handed_over", "to"), v.HANDOVER_TO),
        (("feedback", "level"), v.FEEDBACK_LEVELS),
        (("feedback", "method"), ROUTES),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_the_schema_lists_the_codes_of_the_vocabulary(
    path: tuple[str, ...], codes: set[str]
) -> None:
    assert enum_at(*path) == set(codes)


def test_the_schema_names_the_answers_of_the_form() -> None:
    answers = SCHEMA["properties"]["calls"]["items"]["properties"]["answers"]["properties"]
    assert set(answers) == set(TEXT_LIMITS)


def test_what_was_replaced_is_in_the_data() -> None:
    note = FULLEST["everything"]
    assert [c["what"] for c in note["corrections"]] == ["needs", "outcome corrected", "lead"]
    needs, outcome, lead = note["corrections"]
    assert needs["what"] in INTAKE_FIELDS
    assert outcome["before"] == "ehu"
    assert lead["before"] == "Femi A."


def test_a_line_its_agency_put_right_is_not_confirmed_in_the_data() -> None:
    was, now = (
        line
        for line in data_of(on_record.line_corrected(WORLD))[0]["agencies"]
        if line["agency"] == "domestic_abuse"
    )
    assert (was["confirmed"], was["put_right_by"]) == (False, "Marisa K.")
    assert (now["confirmed"], now["put_right_by"]) == (True, None)
