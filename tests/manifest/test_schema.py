"""What Microsoft's schema holds for this project: a newer one must go on doing so."""

from pathlib import Path

import pytest

from manifest import schema
from manifest.schema import check_schema
from manifest.variables import PackageError
from tests.manifest.parts import Break, Manifest, actions, ask_for, bot, commands

SCHEMA_BREAKS: dict[str, tuple[Break, str]] = {
    "unknown property": (lambda m: m.update(colour="teal"), "colour"),
    "long short name": (lambda m: m["name"].update(short="x" * 31), "name.short"),
    "long summary": (
        lambda m: m["description"].update(short="x" * 81),
        "description.short",
    ),
    "wrong context": (
        lambda m: actions(m)[0].update(context=["compose", "chat"]),
        "context",
    ),
    "long action title": (lambda m: actions(m)[0].update(title="x" * 33), "title"),
    "no icons": (lambda m: m.pop("icons"), "icons"),
    "long full name": (lambda m: m["name"].update(full="x" * 101), "name.full"),
    "long description": (lambda m: m["description"].update(full="x" * 4001), "description.full"),
    "group chat in small letters": (lambda m: bot(m)["scopes"].append("groupchat"), "scopes"),
    "four command lists": (
        lambda m: bot(m)["commandLists"].extend(bot(m)["commandLists"][:1] * 2),
        "commandLists: ",
    ),
    "thirteen bot commands": (
        lambda m: commands(m).extend({"title": f"c{i}", "description": "d"} for i in range(8)),
        "commandLists[0].commands: ",
    ),
    "eleven actions": (
        lambda m: actions(m).extend({**actions(m)[0], "id": f"a{i}"} for i in range(9)),
        "composeExtensions[0].commands: ",
    ),
    "long action description": (
        lambda m: actions(m)[0].update(description="x" * 129),
        "description",
    ),
    "seventeen permissions": (
        ask_for(*(f"Permission{i}.Group" for i in range(17))),
        "resourceSpecific: ",
    ),
    "permission of no type": (ask_for("TeamMember.Read.Group", kind="application"), "type"),
    "other channel features": (
        lambda m: m.update(supportsChannelFeatures="tier2"),
        "supportsChannelFeatures",
    ),
}


@pytest.mark.parametrize("case", SCHEMA_BREAKS)
def test_schema_refuses(case: str, filled: Manifest) -> None:
    """The schema check names the place of each fault."""
    change, expected = SCHEMA_BREAKS[case]
    change(filled)
    assert any(expected in problem for problem in check_schema(filled))


def test_missing_schema_says_what_to_run(filled: Manifest, tmp_path: Path) -> None:
    """With no Node packages the message says how to get them."""
    with pytest.raises(PackageError, match="make setup"):
        check_schema(filled, tmp_path / schema.SCHEMA.name)
