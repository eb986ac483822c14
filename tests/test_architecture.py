"""What may import what, read from the source itself; and which fields hold people's own words."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from bot.domain.events import EVENT_TYPES, WORD_FIELDS

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "cards", "manifest")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


SOURCES = {
    _name(path): path
    for path in (*(p for k in PACKAGES for p in sorted((ROOT / k).rglob("*.py"))), ROOT / "app.py")
}
TREES = {
    name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in SOURCES.items()
}


def _absolute(module: str, node: ast.ImportFrom) -> str:
    """The module an import names, relative ones resolved against where they stand."""
    if not node.level:
        return node.module or ""
    is_package = SOURCES[module].name == "__init__.py"
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def imports_of(module: str) -> Iterator[str]:
    """Every module imported anywhere in a file, inside functions and TYPE_CHECKING too."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found = _absolute(module, node)
            yield found
            yield from (
                f"{found}.{alias.name}"
                for alias in node.names
                if f"{found}.{alias.name}" in SOURCES
            )


def within(name: str, *packages: str) -> bool:
    return any(name == p or name.startswith(f"{p}.") for p in packages)


def modules_in(package: str) -> list[str]:
    return [m for m in SOURCES if within(m, package)]


STDLIB = tuple(sys.stdlib_module_names)

MAY_IMPORT = {
    "bot.domain": ("bot.domain",),
    "cards": ("cards", "bot.domain"),
    "bot.desk": ("bot.desk", "bot.domain", "cards", "pydantic_core"),  # its JSON encoder
    "bot.exchange": ("bot.exchange", "bot.domain", "cards", "xlsxwriter", "vl_convert"),
    "bot.store": (
        "bot.store",
        "bot.desk.ports",
        "bot.desk.signals",
        "bot.desk.tally_ports",
        "bot.domain",
        "pydantic",
        "aiohttp",
        "azure",
        "cryptography",
    ),
    "bot.records": (
        "bot.records",
        "bot.desk",
        "bot.domain",
        "bot.exchange",
        "bot.store",
        "cards",
    ),
    "bot.graph": (
        "bot.graph",
        "bot.desk.graph_ports",
        "bot.desk.ports",
        "bot.identity",
        "aiohttp",
    ),
}
"""Beyond the standard library, what each layer may use. Everything not named is refused."""

ONLY_IN = {
    ("botbuilder", "botframework"): ("bot.teams",),
    ("msal",): ("bot.identity",),
    ("azure",): ("bot.store", "bot.credential", "bot.azure_monitor"),  # the last two: as whom
    ("opentelemetry",): ("bot.telemetry", "bot.azure_monitor"),
    ("bot.telemetry",): (
        "bot.telemetry",
        "bot.azure_monitor",
        "bot.watching",
        "bot.assemble",
        "bot.rehearsal",
    ),
    ("bot.graph",): ("bot.graph", "bot.assemble", "bot.warming", "bot.doctor"),
    ("bot.rehearsal",): ("bot.rehearsal", "bot.command_line"),
    ("xlsxwriter",): ("bot.exchange.xlsx",),
    ("vl_convert",): ("bot.exchange.draw",),
}
"""Each of these is known to one corner of the program only."""


def crossings(package: str) -> list[str]:
    """Imports of a layer that its line in MAY_IMPORT does not allow."""
    bare = ("bot",) if package != "cards" else ("bot", "cards")  # `from bot import x` names x too
    allowed = (*STDLIB, *MAY_IMPORT[package])
    return [
        f"{module} imports {name}"
        for module in modules_in(package)
        for name in imports_of(module)
        if name not in bare and not within(name, *allowed)
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_layer_imports_only_what_lies_beneath_it(package):
    assert modules_in(package)
    assert crossings(package) == []


@pytest.mark.parametrize(("guests", "corner"), ONLY_IN.items())
def test_a_library_is_known_to_one_corner_only(guests, corner):
    users = {m for m in SOURCES if any(within(name, *guests) for name in imports_of(m))}

    strangers = {m for m in users if not within(m, *corner)}

    assert users, f"nothing imports {guests}: drop them from the list"
    assert strangers == set()


def test_the_reader_of_imports_sees_every_way_to_import(monkeypatch):
    source = """
import json, azure.data.tables as t
from bot.domain import events
from . import ports
def late():
    from msal import ConfidentialClientApplication
"""
    monkeypatch.setitem(TREES, "bot.desk.desk", ast.parse(source))

    found = set(imports_of("bot.desk.desk"))

    assert {"json", "azure.data.tables", "bot.domain.events", "bot.desk.ports", "msal"} <= found
    assert crossings("bot.desk") == [
        "bot.desk.desk imports azure.data.tables",
        "bot.desk.desk imports msal",
    ]


CLOCKS_AND_CHANCE = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter"}
IMPURE_MODULES = ("time", "uuid", "random", "secrets", "os", "io", "socket", "asyncio", "logging")


@pytest.mark.parametrize("module", modules_in("bot.domain"))
def test_the_domain_reads_no_clock_throws_no_dice_and_touches_no_file(module):
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS_AND_CHANCE
        and ast.unparse(node.func).split(".")[0] in ("dt", "datetime", "date", "time")
    ]
    opened = [
        node.lineno
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("open", "print", "input", "exec", "eval")
    ]

    assert calls == []
    assert opened == []
    assert [name for name in imports_of(module) if within(name, *IMPURE_MODULES)] == []


@pytest.mark.parametrize("module", SOURCES)
def test_every_module_with_anything_in_it_says_what_it_is_for(module):
    tree = TREES[module]
    assert not tree.body or ast.get_docstring(tree), f"{module} has no docstring"


CODE_FIELDS = {
    # ids of people, cases, messages and places
    "reference",
    "earlier_reference",
    "conversation_id",
    "activity_id",
    "service_url",
    "lead",
    "masho",
    "person",
    "cases",
    "case_id",
    "to_case",
    "into",
    "into_case",
    "for_ref",
    "by",
    "author",
    "filed_by",
    "from_ref",
    "flagged_by",
    "merged_by",
    "notified_by",
    "offered_by",
    "rang_by",
    "taken_by",
    "link",
    "owner",
    "mosaic_id",
    # codes of the vocabulary or the configuration
    "agency",
    "absent",
    "age_band",
    "attended",
    "basis",
    "child_location",
    "certificate",
    "children",
    "code",
    "contact_method",
    "decision",
    "district",
    "earlier",
    "filed_as",
    "form",
    "group",
    "kind",
    "known",
    "level",
    "method",
    "need",
    "needs",
    "no_rep_today",
    "not_heard",
    "owner_agency",
    "per_child",
    "referrer_group",
    "rule",
    "safe_contact",
    "safe_now",
    "scope",
    "source",
    "team",
    "test",
    "to",
    "told",
    "told_family",
    "warned",
    "why",
    # who somebody on the roster is, as Teams says it
    "name",
    "object_id",
    "tenant",
}
"""Stored as facts and kept when words are blanked: nobody types these freely."""


def _kinds(hint: object) -> Iterator[object]:
    """A type and everything inside it: tuple[str, ...] gives tuple and str."""
    yield hint
    for inner in get_args(hint):
        yield from _kinds(inner)


def text_fields(cls: type) -> Iterator[tuple[str, str]]:
    """(class, field) of every field that holds text, in the dataclasses it holds too."""
    for name, hint in get_type_hints(cls).items():
        if name not in {f.name for f in dataclasses.fields(cls)}:
            continue
        for kind in _kinds(hint):
            if kind is str:
                yield cls.__name__, name
            elif isinstance(kind, type) and dataclasses.is_dataclass(kind):
                yield from text_fields(kind)


EVERY_TEXT = sorted({found for cls in EVENT_TYPES.values() for found in text_fields(cls)})


@pytest.mark.parametrize(("owner", "field"), EVERY_TEXT)
def test_every_text_of_every_event_is_either_peoples_words_or_a_code(owner, field):
    if field == "answers":  # an amendment's answers carry the form's own field names
        return
    assert (field in WORD_FIELDS) != (field in CODE_FIELDS), f"{owner}.{field}"


def test_no_field_is_listed_that_no_event_has():
    held = {field for _, field in EVERY_TEXT}

    assert WORD_FIELDS - held == set()
    assert CODE_FIELDS - held == set()
