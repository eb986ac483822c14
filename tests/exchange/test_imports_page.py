"""The examples of docs/imports.md are read without a fault, and its columns are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.exchange.baseline_csv import BASELINE_COLUMNS, BaselineRead, read_baseline
from bot.exchange.calls_csv import CALL_FIELDS, CallMapping, read_calls
from bot.exchange.reading import BadRow, Read
from bot.exchange.sentences import sentence
from bot.exchange.survey_csv import SURVEY_COLUMNS, read_survey
from bot.exchange.teams_calls import read_teams_calls

from .files import CLOCK, PARTNERSHIP

PAGE = (Path(__file__).parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```csv (\w+)\n(.*?)```", PAGE, re.DOTALL))
MAPPING = CallMapping(
    {
        "started_at": "Began",
        "wait_seconds": "Waited",
        "result": "Ended as",
        "call_id": "Ref",
    },
    ("Answered",),
    ("Abandoned",),
)
READERS = {
    "teams": lambda data: read_teams_calls(data, CLOCK),
    "calls": lambda data: read_calls(data, MAPPING, CLOCK),
    "survey": lambda data: read_survey(data, CLOCK),
    "baseline": lambda data: read_baseline(data, PARTNERSHIP, CLOCK),
}


@pytest.mark.parametrize("kind", READERS)
def test_an_example_is_read_whole(kind):
    found = READERS[kind](EXAMPLES[kind].encode())

    assert isinstance(found, Read | BaselineRead), found
    assert found.bad == ()
    assert len(found.good) == 3


def test_the_page_names_every_column():
    names = {*CALL_FIELDS, *BASELINE_COLUMNS, *(names[0] for names in SURVEY_COLUMNS.values())}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_the_bad_rows_shown_are_as_told():
    assert sentence(BadRow(3, "Date", "future")) in PAGE
    assert sentence(BadRow(9, "", "too_many_cells")) in PAGE
