"""Read the package variables and put them into the manifest template."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[str], str | None]

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_NIL_GUID = "00000000-0000-0000-0000-000000000000"
_NUMBER = r"(?:0|[1-9][0-9]*)"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")
_PLACEHOLDER = re.compile(r"\$\{\{([A-Za-z0-9_]+)\}\}")


class PackageError(Exception):
    """The package cannot be built; `problems` says why, one plain sentence each."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the problems in the order found."""
        super().__init__("\n".join(problems))
        self.problems = problems


def _guid(value: str) -> str | None:
    """Say what is wrong with a GUID, or None."""
    if not _GUID.fullmatch(value):
        return "must be a GUID, such as 6f0b1f0e-3c0a-4c55-9a53-2a4f0d7c1e11"
    return "must not be the all-zero GUID" if value == _NIL_GUID else None


def _version(value: str) -> str | None:
    """Say what is wrong with a version, or None."""
    # Teams takes only the three-number core of semver, so no -beta or +build.
    return None if _VERSION.fullmatch(value) else "must be three numbers, such as 1.0.0"


def _https(value: str) -> str | None:
    """Say what is wrong with a web address, or None."""
    ok = re.fullmatch(r"https://[^\s/]+(?:/\S*)?", value)
    return None if ok else "must be a web address that starts with https://"


def _text(_value: str) -> str | None:
    """Accept any text: the schema holds the lengths."""
    return None


VARIABLES: Mapping[str, Check] = {
    "TEAMS_APP_ID": _guid,
    "BOT_ID": _guid,
    "APP_VERSION": _version,
    "PARTNERSHIP_NAME": _text,
    "DEVELOPER_NAME": _text,
    "WEBSITE_URL": _https,
    "PRIVACY_URL": _https,
    "TERMS_URL": _https,
}

# What the Microsoft 365 Agents Toolkit keeps in the same file and the package does not use.
TOOLKIT_NAMES = frozenset(
    {
        "TEAMSFX_ENV",
        "APP_NAME_SUFFIX",
        "TEAMS_APP_TENANT_ID",
        "TEAMS_APP_PUBLISHED_APP_ID",
        "BOT_OBJECT_ID",
        "BOT_DOMAIN",
        "BOT_ENDPOINT",
        "FRONT_DOOR_CONFIG",
    }
)


def parse_env(text: str) -> dict[str, str]:
    """Return the variables in env-file text; raise PackageError on a bad line."""
    values: dict[str, str] = {}
    problems: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name = name.strip()
        if not equals:
            problems.append(f"Line {number} is not NAME=value.")
        elif name in values:
            problems.append(f"{name} is set twice (line {number}).")
        else:
            values[name] = _unquote(value.strip())
    if problems:
        raise PackageError(problems)
    return values


def check_values(values: Mapping[str, str]) -> None:
    """Raise PackageError naming each missing, empty, unknown or malformed variable."""
    problems = [
        f"{name} is not a variable this package uses."
        for name in values
        if name not in VARIABLES and name not in TOOLKIT_NAMES
    ]
    for name, check in VARIABLES.items():
        problem = _check_one(name, values.get(name), check)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise PackageError(problems)


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """Return a copy of parsed JSON with each placeholder in its strings replaced.

    A placeholder with no value is left in place for the rules to find.
    """
    # Filling parsed strings, not text, means a quote in a name cannot break the JSON.
    if isinstance(template, dict):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if isinstance(template, str):
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
    return template


def _check_one(name: str, value: str | None, check: Check) -> str | None:
    """Return the problem with one variable, or None."""
    if value is None:
        return f"{name} is missing."
    if not value:
        return f"{name} is empty."
    problem = check(value)
    return None if problem is None else f"{name} {problem}."


def _unquote(value: str) -> str:
    """Drop one pair of matching quotes around a value."""
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value
