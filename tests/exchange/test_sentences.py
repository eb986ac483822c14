"""Every fault has its sentence, and every sentence its fault."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exchange.reading import LONGEST_CELL, BadRow, Unreadable
from bot.exchange.sentences import sentence
from cards.wording import IMPORT_FAULTS

EXCHANGE = Path(__file__).parents[2] / "bot" / "exchange"
PASSED_ON = {"between"}
"""A helper that is handed its code."""


def codes_of(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(what raises it, code) of each fault: Unreadable("x"), cells.wrong("x"), wrong("x" if …)."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in ("Unreadable", "wrong"):
            held = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
        elif name in PASSED_ON:
            held = [node.args[3].value]
        else:
            continue
        yield from ((name, code) for code in held if isinstance(code, str))


RAISED = {
    found
    for path in EXCHANGE.glob("*.py")
    for found in codes_of(ast.parse(path.read_text(encoding="utf-8")))
}
WHOLE_FILE = {code for name, code in RAISED if name == "Unreadable"}
ONE_ROW = {code for name, code in RAISED if name != "Unreadable"}


def test_every_fault_has_a_sentence_and_every_sentence_a_fault():
    assert len(RAISED) > 35
    assert set(IMPORT_FAULTS) == WHOLE_FILE | ONE_ROW
    assert not WHOLE_FILE & ONE_ROW


@pytest.mark.parametrize("code", sorted(ONE_ROW))
def test_a_bad_row_says_where_it_is_and_what_to_do(code):
    words = sentence(BadRow(12, "Date", code))

    assert words.startswith("Line 12, Date: ")
    assert words.endswith(".")
    assert "{" not in words
    assert sentence(BadRow(12, "", code)).startswith("Line 12: ")


@pytest.mark.parametrize("code", sorted(WHOLE_FILE))
def test_a_refusal_is_whole_with_what_it_names(code):
    fields = {f for _, f, _, _ in string.Formatter().parse(IMPORT_FAULTS[code]) if f}
    words = sentence(Unreadable(code, dict.fromkeys(fields, "THIS")))

    assert words.count("THIS") >= len(fields)
    assert words.endswith(".")
    assert "{" not in words


def test_a_refusal_gives_every_fact_its_sentence_names():
    for path in EXCHANGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Unreadable"):
                continue
            template = IMPORT_FAULTS[node.args[0].value]
            wanted = {f for _, f, _, _ in string.Formatter().parse(template) if f}
            given = node.args[1] if len(node.args) > 1 else None
            if isinstance(given, ast.Dict):
                assert {k.value for k in given.keys} == wanted
            elif given is None:
                assert wanted == set()


def test_the_limit_of_a_cell_is_told():
    assert f"{LONGEST_CELL:,}" in sentence(BadRow(1, "x", "cell_too_long"))
