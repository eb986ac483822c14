"""What pages promise about pictures, data, commands and settings is what the program has."""

from __future__ import annotations

import argparse
import re

import pytest

from bot.command_line import _parser
from bot.domain.intake import INTAKE_FIELDS
from bot.settings import NAMES
from bot.store.azure_tables import TABLES
from bot.tools_cli import add_parsers
from cards import wording
from tests.docs.pages import ROOT, pages
from tests.docs.test_links import PICTURES
from tests.infra.test_parameters import PRODUCTION, TRIAL, values

PAGES = {page.name: page for page in pages()}
DPIA = PAGES["docs/governance/dpia.md"]
WORKS = PAGES["docs/how-it-works.md"]
_ONE_PAGE_LINES = 90
_LATIN = re.compile(r"\b(?:e\.g|i\.e|etc)\b|\bvia\b", re.IGNORECASE)
_WRONG = ("no further action", "step down", "hard to reach", "disclosed", "threshold")
"""Words that the field leaves out: what does the child need, what happens next."""
ROLE_PAGES = (
    "docs/mash-officers.md",
    "docs/reps.md",
    "docs/managers.md",
    "docs/administrators.md",
    "docs/records-officers.md",
    "docs/partners.md",
)


def test_every_picture_that_is_made_is_shown_and_they_are_small() -> None:
    made = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    shown = {
        link.to.rpartition("/")[2]
        for page in PAGES.values()
        for link in page.links
        if "pictures/" in link.to
    }
    assert set(made) == shown
    assert sum(made.values()) < 1_500_000


def test_the_assessment_names_every_answer_of_the_form_and_no_other() -> None:
    call = DPIA.words.partition("### The call")[2].partition("### The desk")[0]
    rows = [line.split("|")[2] for line in call.splitlines() if line.startswith("| ")][1:]
    assert {code for row in rows for code in re.findall(r"`(\w+)`", row)} == set(INTAKE_FIELDS)


def test_the_log_page_names_every_table() -> None:
    log = WORKS.words.partition("## The log")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in log.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(TABLES)


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    [choices] = [
        a.choices
        for a in _parser(add_parsers)._actions
        if isinstance(a, argparse._SubParsersAction)
    ]
    commands = WORKS.words.partition("## Commands")[2].partition("\n## ")[0]
    first = [line.split(" | ")[0] for line in commands.splitlines() if line.startswith("| `")]
    named = set()
    for cell in first:
        spans = re.findall(r"`([^`]+)`", cell)
        named |= {re.sub(r"^python app\.py ", "", s).split()[0] for s in spans if s[0] != "-"}
    assert named - {"--anonymous", "--erase"} == set(choices)


def test_every_variable_the_process_reads_is_named() -> None:
    table = WORKS.words.partition("## Settings of the process")[2].partition("\n## ")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {name for cell in first for name in re.findall(r"`([A-Z_]+)`", cell)}
    told |= {"MICROSOFT_APP_PASSWORD"} & set(re.findall(r"`([A-Z_]+)`", table))
    assert set(NAMES) | {"FRONT_DOOR_LOG_LEVEL"} == told


@pytest.mark.parametrize("name", ROLE_PAGES)
def test_a_page_for_people_is_one_page_and_says_what_to_do_for_a_child_in_danger(name: str) -> None:
    page = PAGES[name]
    assert len(page.words.splitlines()) < _ONE_PAGE_LINES
    if name in ("docs/records-officers.md", "docs/partners.md"):
        return
    assert "999" in page.words
    assert "If something goes wrong" in page.words


@pytest.mark.parametrize(
    "page", [p for p in PAGES.values() if "docs/" in p.name], ids=lambda p: p.name
)
def test_pages_are_in_plain_respectful_words(page) -> None:  # type: ignore[no-untyped-def]
    words = page.prose
    assert "!" not in words.replace("![", "")
    assert _LATIN.search(words) is None
    assert [w for w in _WRONG if w in words.lower()] == []


def _titles(value: object) -> set[str]:
    """Every sentence and button of the cards, and what the app is called on a message."""
    if isinstance(value, str):
        return {re.sub(r"\{\w+\}", "…", value)}
    if isinstance(value, dict):
        return {t for inner in value.values() for t in _titles(inner)}
    if isinstance(value, tuple):
        return {t for inner in value for t in _titles(inner)}
    return set()


@pytest.mark.parametrize("name", ["docs/mash-officers.md", "docs/reps.md", "docs/managers.md"])
def test_every_button_a_page_tells_to_press_is_there(name: str) -> None:
    ours = {t for key, value in vars(wording).items() if key.isupper() for t in _titles(value)}
    told = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", PAGES[name].prose))
    assert told
    assert told - ours == set()


def test_the_threat_table_cites_a_test_on_every_row() -> None:
    page = PAGES["docs/governance/threat-model.md"]
    rows = [line for line in page.words.splitlines() if line.startswith("| ")][1:]
    assert rows
    for row in rows:
        assert "`tests/" in row.split("|")[3], row


def test_no_page_is_left_alone() -> None:
    """Each is reached from another."""
    linked = {
        (page.path.parent / link.to.partition("#")[0]).resolve()
        for page in PAGES.values()
        for link in page.links
        if link.to.partition("#")[0].endswith(".md")
    }
    alone = {p.name for p in PAGES.values() if p.path not in linked}
    assert alone - {"README.md"} == set(), ROOT


SETS_UP = PAGES["docs/set-up.md"]
DEPLOYS = PAGES["infra/README.md"]


def _in_order(words: str, *steps: str) -> None:
    places = [words.index(step) for step in steps]
    assert places == sorted(places), steps


def test_the_file_is_written_and_checked_before_anything_is_deployed() -> None:
    """The bot does not start with the example's file: its tenant is invented."""
    numbered = re.findall(r"^## (\d)\. (.+)$", SETS_UP.words, re.MULTILINE)
    assert [int(n) for n, _ in numbered] == list(range(1, len(numbered) + 1))
    assert [title for _, title in numbered[:4]] == [
        "Agree first",
        "The configuration file",
        "Register and deploy",
        "Package, upload and install",
    ]
    assert "| 1 | `[tenants.host] id`" in SETS_UP.words
    _in_order(
        SETS_UP.words, "| `[tenants.host] id`", "doctor --config", "## 3. Register and deploy"
    )
    _in_order(
        DEPLOYS.words,
        "`[tenants.host] id`",
        "\n## Deploy\n",
        "doctor --config",
        "| `configPath` |",
        "az acr build",
        "what-if --resource-group",
        "/readyz",
        "make package PACKAGE_ENV",
    )


def test_nobody_is_promised_that_it_runs_with_the_example() -> None:
    for page in (SETS_UP, DEPLOYS):
        assert "does not start" in page.words
        assert "fictional file" not in page.words


COMMANDED = [p for p in PAGES.values() if re.search(r"^ *az (?!acr build)", p.words, re.MULTILINE)]


@pytest.mark.parametrize("page", COMMANDED, ids=lambda page: page.name)
def test_names_in_commands_are_set_once_at_the_top_and_are_the_parameter_files(page) -> None:  # type: ignore[no-untyped-def]
    prefixes = {values(path)["namePrefix"] for path in (TRIAL, PRODUCTION)}
    for name in ("PREFIX", "GROUP"):
        [value] = re.findall(rf"^{name}=(\S+)$", page.words, re.MULTILINE)
        assert value in prefixes
    assert re.findall(r"^APP=(\S+)$", page.words, re.MULTILINE) == ["$PREFIX-app"]
    first = re.search(r"^ *az ", page.words, re.MULTILINE)
    assert first is None or first.start() > page.words.index("\nAPP=")
    for value in re.findall(r"(?:-g|-n|--resource-group|--name) ([a-z][\w-]+)", page.words):
        assert value == "front-door", value  # the deployment's own name
