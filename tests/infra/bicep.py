"""Bicep files as trees, and ways to find things in them.

There is no Bicep compiler here: the tests read the source, so they say what is written, not what
Azure makes of it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from pycep import BicepParser

Tree = dict[str, Any]

INFRA = Path(__file__).parents[2] / "infra"
MAIN = INFRA / "main.bicep"
FILES = sorted(INFRA.rglob("*.bicep"))
MODULES = {path.stem: path for path in FILES if path != MAIN}
ROLES = "Microsoft.Authorization/roleAssignments"
ACCOUNT = "Microsoft.Storage/storageAccounts"


@cache
def parse(path: Path) -> Tree:
    """Return a Bicep file as a tree."""
    return {**BicepParser().parse(text=path.read_text(encoding="utf-8"))}


def dotted(value: object) -> object:
    """Return a property access as dotted text, and anything else as it is."""
    if isinstance(value, dict) and "operator" in value:
        operator = value["operator"]
        operands = [str(dotted(o)) for o in operator["operands"].values()]
        if operator["type"] == "property_accessor":
            return ".".join(operands)
        if operator["type"] == "index_accessor":
            return f"{operands[0]}[{operands[1]}]"
    return value


def config(declared: Tree) -> Tree:
    """Return what a resource or module is set to, without its loop or condition."""
    inner: Tree = declared["config"]
    return inner["config"] if "config" in inner and isinstance(inner["config"], dict) else inner


def resources(path: Path) -> list[Tree]:
    """Return every resource declared in a file."""
    return list(parse(path).get("resources", {}).values())


def resource(path: Path, kind: str) -> Tree:
    """Return the settings of the one resource of a type in a file."""
    [found] = [r for r in resources(path) if r["type"] == kind]
    return config(found)


def named(path: Path, symbol: str) -> Tree:
    """Return the settings of the resource declared under a symbol."""
    return config(parse(path)["resources"][symbol])


def instances() -> dict[str, Tree]:
    """Return the modules of main.bicep by symbol."""
    found: dict[str, Tree] = parse(MAIN)["modules"]
    return found


def passed(symbol: str) -> Tree:
    """Return what main.bicep passes to a module, with references as dotted text."""
    params = config(instances()[symbol])["params"]
    return {name: dotted(value) for name, value in params.items()}


def decorator(parameter: Tree, kind: str) -> Any:
    """Return the argument of a parameter's decorator, or None."""
    found = [d["argument"] for d in parameter["decorators"] if d["type"] == kind]
    return found[0] if found else None


def parameter(name: str) -> Tree:
    """Return a parameter of main.bicep."""
    found: Tree = parse(MAIN)["parameters"][name]
    return found


def role_id(path: Path, grant: Tree) -> str:
    """Return the id of the built-in role that an assignment gives."""
    variable = grant["properties"]["roleDefinitionId"]
    definition = parse(path)["variables"][variable]["value"]["function"]
    assert definition["type"] == "subscription_resource_id"
    found: str = definition["parameters"]["resource_name_1"]
    return found


def code(path: Path) -> str:
    """Return a file's text without comments and descriptions."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^\s*//.*$|^\s*@description.*$", "", text, flags=re.MULTILINE)
