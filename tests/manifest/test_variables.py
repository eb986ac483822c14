"""The variables: each must be there and of its form, in the example file's and the Toolkit's."""

from pathlib import Path

import pytest

from manifest.build import build
from manifest.variables import TOOLKIT_NAMES, VARIABLES, PackageError, check_values, parse_env
from tests.manifest.parts import write_env


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_variable_must_have_a_value(
    name: str, how: str, values: dict[str, str], tmp_path: Path
) -> None:
    """A missing or empty variable is named, and nothing is written."""
    values.pop(name)
    if how == "empty":
        values[name] = ""
    env, out = write_env(tmp_path / "package.env", values), tmp_path / "out.zip"
    with pytest.raises(PackageError) as error:
        build(env, out)
    assert error.value.problems == [f"{name} is {how}."]
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TEAMS_APP_ID", "front-door", "TEAMS_APP_ID must be a GUID"),
        ("BOT_ID", "b1d7c2a4", "BOT_ID must be a GUID"),
        ("BOT_ID", "00000000-0000-0000-0000-000000000000", "BOT_ID must not be"),
        ("APP_VERSION", "1.0", "APP_VERSION must be three numbers"),
        ("APP_VERSION", "1.0.0-beta", "APP_VERSION must be three numbers"),
        ("APP_VERSION", "1.02.0", "APP_VERSION must be three numbers"),
        ("WEBSITE_URL", "http://example.com", "WEBSITE_URL must be a web address"),
        ("PRIVACY_URL", "https://", "PRIVACY_URL must be a web address"),
        ("TERMS_URL", "example.com", "TERMS_URL must be a web address"),
        ("SECRET", "x", "SECRET is not a variable this package uses"),
    ],
)
def test_bad_value_is_named(name: str, value: str, expected: str, values: dict[str, str]) -> None:
    """Each variable with a form must have it, and none may be made up."""
    with pytest.raises(PackageError, match=expected):
        check_values({**values, name: value})


@pytest.mark.parametrize(
    ("name", "length", "place"),
    [("DEVELOPER_NAME", 33, "developer.name"), ("PARTNERSHIP_NAME", 89, "name.full")],
)
def test_long_name_is_refused(
    name: str, length: int, place: str, values: dict[str, str], tmp_path: Path
) -> None:
    """A name too long for Teams is refused with its place in the manifest."""
    env = write_env(tmp_path / "package.env", {**values, name: "x" * length})
    with pytest.raises(PackageError, match=place):
        build(env, tmp_path / "out.zip")


def test_env_file_reading() -> None:
    """Comments, blank lines, spaces and quotes are as people expect."""
    text = "# note\n\n A = one two \nB=\"q\"\nC='a=b'\nD=\n"
    assert parse_env(text) == {"A": "one two", "B": "q", "C": "a=b", "D": ""}


def test_bad_env_lines_are_named() -> None:
    """A line that sets nothing, or sets a name again, is named with its number."""
    with pytest.raises(PackageError) as error:
        parse_env("A=1\nnonsense\nA=2\n")
    assert error.value.problems == [
        "Line 2 is not NAME=value.",
        "A is set twice (line 3).",
    ]


def test_the_toolkit_may_keep_its_own_variables_in_the_file(values: dict[str, str]) -> None:
    """One file serves `make package` and the Toolkit."""
    check_values({**values, **dict.fromkeys(TOOLKIT_NAMES, "")})
