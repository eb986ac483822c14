"""Whatever knows a referral asks for the configuration that one was opened under, read from the
source: a use that is forgotten would show today's words and rules on an older referral.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WHERE = ("bot/teams", "bot/desk")
TODAYS = frozenset(
    {
        "as_opened",
        # people, places and numbers are today's for everybody
        "person",
        "person_of_object",
        "name_of",
        "listed",
        "with_role",
        "everyone",
        "tenants",
        "desk_channel",
        "thread_link",
        "assessment_teams",
        "mosaic_id_pattern",
        "version",
    }
)
NO_TERMS = {
    "regular._closing": "the desk's own hours and people",
    "routes_desk._for_the_record": "the day alone; its view is the referral's",
    "routes_desk.changed": "the day alone",
    "routes_lists.listing": "rows of many: each is drawn by `view.of`",
    "routes_feedback.warned": "telephone numbers",
    "routes_intake._refused": "a form of none yet",
    "routes_intake._submit": "a form of none yet",
    "routes_record.police_save": "a local time alone",
    "routes_referral.flag": "the day alone",
    "routes_right._choices": "references, times and states of others",
}
"""Functions that know a referral and need nothing of its configuration, with the reason."""


def _knows_a_referral(function: ast.AST) -> bool:
    for node in ast.walk(function):
        named = isinstance(node, ast.Name) and node.id in ("referral", "referral_of")
        if named or (isinstance(node, ast.Attribute) and node.attr == "referral"):
            return True
        if isinstance(node, ast.arg) and node.arg == "referral":
            return True
    return False


def _is_todays(node: ast.AST) -> bool:
    """`….desk.partnership`, `self.partnership` or `self._p`."""
    if not isinstance(node, ast.Attribute):
        return False
    text = ast.unparse(node)
    return text.endswith("desk.partnership") or text in ("self.partnership", "self._p")


def _bare(function: ast.AST) -> Iterator[str]:
    """Uses of today's configuration that a referral's own should stand in for."""
    fine = {
        id(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in TODAYS
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".view"):
            if not node.args or ast.unparse(node.args[0]) == "None":
                yield ast.unparse(node)
        elif _is_todays(node) and id(node) not in fine and isinstance(node.ctx, ast.Load):
            yield ast.unparse(node)


def _forgotten(source: str) -> dict[str, list[str]]:
    """By function."""
    found = {
        function.name: list(_bare(function))
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and _knows_a_referral(function)
    }
    return {name: uses for name, uses in found.items() if uses}


FOUND = {
    f"{path.stem}.{name}": uses
    for folder in WHERE
    for path in sorted((ROOT / folder).glob("*.py"))
    for name, uses in _forgotten(path.read_text(encoding="utf-8")).items()
}


def test_whatever_knows_a_referral_asks_for_its_own_configuration() -> None:
    assert {name: uses for name, uses in FOUND.items() if name not in NO_TERMS} == {}


def test_a_forgotten_use_is_found() -> None:
    forgotten = """
async def one(turn, press):
    referral = await referral_of(turn, press)
    return card(referral, await turn.view(None))

async def two(turn, referral):
    return referral.code in turn.desk.partnership.outcome

def three(self, case):
    return due_list(case.referral, self._p)

async def four(turn, referral):
    p = turn.desk.partnership.as_opened(referral.configuration)
    return await turn.view(referral), turn.desk.partnership.person(referral.lead)
"""

    assert _forgotten(forgotten) == {
        "one": ["turn.view(None)"],
        "two": ["turn.desk.partnership"],
        "three": ["self._p"],
    }


def test_no_exception_is_kept_that_nothing_needs() -> None:
    assert set(NO_TERMS) - set(FOUND) == set()
