"""The golden samples, and that no card is left out of the gallery."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import cards as cards_package
from cards.measures_page import measures_page
from tests.cards import gallery, samples
from tests.cards.story import World

NO_CARDS = ("cards.kit", "cards.context", "cards.intake_parts", "cards.case_note_json")
DRAWN = gallery.build(World())


def whole_card_builders() -> set[str]:
    """Public functions of `cards` that return card JSON; the modules left out hold the parts, or
    data of another shape.
    """
    found = set()
    for module_info in pkgutil.iter_modules(cards_package.__path__, "cards."):
        if module_info.name in NO_CARDS:
            continue
        module = importlib.import_module(module_info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and function.__annotations__.get("return") == "Json":
                found.add(f"{module.__name__}.{name}")
    return found


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_card_is_its_golden_sample(name: str) -> None:
    path = samples.path_of(name)
    assert path.exists(), "a new card: run `python -m tests.cards.update` and read the sample"
    assert samples.as_text(DRAWN[name].card) == path.read_text(encoding="utf-8"), (
        "the card has changed: if it should, run `python -m tests.cards.update`"
    )


def test_the_page_of_measures_is_what_the_table_says() -> None:
    assert measures_page() == samples.MEASURES.read_text(encoding="utf-8"), (
        "a measure has changed: run `python -m tests.cards.update`"
    )


def test_every_sample_is_a_card_of_the_gallery() -> None:
    assert {path.stem for path in samples.FOLDER.iterdir()} == set(DRAWN)


def test_every_card_builder_is_in_the_gallery() -> None:
    builders = whole_card_builders()
    assert "cards.briefing.briefing_card" in builders
    assert builders == {sample.builder for sample in DRAWN.values()}


def test_drawing_the_gallery_twice_gives_the_same_cards() -> None:
    assert gallery.build(World()) == DRAWN
