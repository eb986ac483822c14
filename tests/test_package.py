"""The Teams app package: what it holds, and that each fault in it is refused."""

import copy
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from bot.teams.bot import ADD_TO_RECORD
from manifest import icons, schema
from manifest.build import FIXED_TIME, HERE, TEMPLATE, build, main
from manifest.rules import RULES, check_rules
from manifest.schema import check_schema
from manifest.variables import (
    VARIABLES,
    PackageError,
    check_values,
    fill,
    parse_env,
)
from tests.conftest import need

pytestmark = pytest.mark.node

Manifest = dict[str, Any]
Break = Callable[[Manifest], object]
EXAMPLE = HERE / "package.env.example"


@pytest.fixture(autouse=True)
def _schema_is_installed() -> None:
    """The schema comes with the Node packages."""
    need("" if schema.SCHEMA.exists() else "Node packages are not installed: run 'make setup'")


@pytest.fixture
def values() -> dict[str, str]:
    """Return the example variables."""
    return parse_env(EXAMPLE.read_text(encoding="utf-8"))


@pytest.fixture
def filled(values: dict[str, str]) -> Manifest:
    """Return the manifest filled with the example variables."""
    manifest: Manifest = fill(json.loads(TEMPLATE.read_text(encoding="utf-8")), values)
    return manifest


def write_env(path: Path, values: dict[str, str]) -> Path:
    """Write variables as an env file and return its path."""
    path.write_text("".join(f"{k}={v}\n" for k, v in values.items()), encoding="utf-8")
    return path


# The manifest


def test_example_manifest_is_accepted(filled: Manifest) -> None:
    """The committed template and example values break no rule."""
    assert check_schema(filled) == []
    assert check_rules(filled) == []


def test_template_and_variables_agree() -> None:
    """The template uses every variable the build knows, and no other."""
    used = set(re.findall(r"\$\{\{(\w+)\}\}", TEMPLATE.read_text(encoding="utf-8")))
    assert used == set(VARIABLES)


def test_example_file_sets_every_variable(values: dict[str, str]) -> None:
    """A person who copies the example has every line they need."""
    assert list(values) == list(VARIABLES)


def test_commands_people_see(filled: Manifest) -> None:
    """Each scope lists the commands the bot answers there."""
    lists = filled["bots"][0]["commandLists"]
    titles = {c["scopes"][0]: [x["title"] for x in c["commands"]] for c in lists}
    assert titles == {
        "personal": ["new referral", "mine", "open", "stats", "help"],
        "team": ["stats", "open", "mine", "help"],
    }
    commands = {c["id"]: c["context"] for c in filled["composeExtensions"][0]["commands"]}
    assert commands == {"newReferral": ["compose", "commandBox"], ADD_TO_RECORD: ["message"]}


def test_package_asks_for_no_more_than_it_needs(filled: Manifest) -> None:
    """The default package has no resource permissions, sign-on or domains."""
    assert "authorization" not in filled
    assert "webApplicationInfo" not in filled
    assert filled["validDomains"] == []


def test_every_person_is_told_to_call_999(filled: Manifest) -> None:
    """The app's page in Teams says what to do in an emergency."""
    assert "immediate danger, call 999" in filled["description"]["full"]


def test_a_quote_in_a_name_cannot_break_the_manifest(
    values: dict[str, str], filled: Manifest
) -> None:
    """Values go in as text, whatever they hold."""
    name = 'St "Ann\'s" \\ Partnership'
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    manifest = fill(template, {**values, "PARTNERSHIP_NAME": name})
    assert manifest["name"]["full"] == f"Front Door: {name}"
    assert manifest.keys() == filled.keys()


# The rules


def bot(manifest: Manifest) -> Manifest:
    """Return the manifest's bot."""
    found: Manifest = manifest["bots"][0]
    return found


def commands(manifest: Manifest) -> list[Manifest]:
    """Return the bot's first command list."""
    found: list[Manifest] = bot(manifest)["commandLists"][0]["commands"]
    return found


def actions(manifest: Manifest) -> list[Manifest]:
    """Return the message extension's commands."""
    found: list[Manifest] = manifest["composeExtensions"][0]["commands"]
    return found


def ask_for(name: str) -> Break:
    """Return a change that asks for a resource permission."""
    grant = {"resourceSpecific": [{"name": name, "type": "Application"}]}
    return lambda m: m.update(authorization={"permissions": grant})


RULE_BREAKS: dict[str, tuple[Break, str]] = {
    "older schema": (
        lambda m: m.update(manifestVersion="1.29"),
        "manifestVersion must be 1.30",
    ),
    "wrong schema address": (
        lambda m: m.update({"$schema": "https://example.com/schema.json"}),
        "$schema must be",
    ),
    "no channel features": (
        lambda m: m.pop("supportsChannelFeatures"),
        "supportsChannelFeatures must be tier1",
    ),
    "null channel features": (
        lambda m: m.update(supportsChannelFeatures=None),
        "supportsChannelFeatures must be tier1",
    ),
    "two bot ids": (
        lambda m: m["composeExtensions"][0].update(botId=m["id"]),
        "same botId",
    ),
    "command id twice": (
        lambda m: actions(m).append(actions(m)[0]),
        "command id newReferral is used twice",
    ),
    "bot command twice": (
        lambda m: commands(m)[1].update(title="New Referral"),
        "listed twice (personal: new referral)",
    ),
    "long command title": (
        lambda m: commands(m)[0].update(title="x" * 33),
        "over 32 characters",
    ),
    "long command description": (
        lambda m: commands(m)[0].update(description="x" * 129),
        "over 128 characters",
    ),
    "blank command title": (
        lambda m: actions(m)[0].update(title=" "),
        "must have a title",
    ),
    "no command description": (
        lambda m: commands(m)[0].pop("description"),
        "must have a title and a description",
    ),
    "scope with no commands": (
        lambda m: bot(m)["commandLists"].pop(),
        "no commandLists entry for scope team",
    ),
    "commands for no scope": (
        lambda m: bot(m)["scopes"].remove("personal"),
        "names scope personal",
    ),
    "form not fetched": (
        lambda m: actions(m)[0].update(fetchTask=False),
        "must have fetchTask true",
    ),
    "http address": (
        lambda m: m["developer"].update(privacyUrl="http://example.com"),
        "developer.privacyUrl must start with https://",
    ),
    "reads channels": (
        ask_for("ChannelMessage.Read.Group"),
        "ChannelMessage.Read.Group must not be requested",
    ),
    "valid domain": (
        lambda m: m["validDomains"].append("example.com"),
        "validDomains must be an empty list",
    ),
    "no valid domains": (
        lambda m: m.pop("validDomains"),
        "validDomains must be an empty list",
    ),
    "unfilled placeholder": (
        lambda m: m["name"].update(full="${{TEAM_NAME}}"),
        "name.full still holds an unfilled",
    ),
}


@pytest.mark.parametrize("case", RULE_BREAKS)
def test_rule_refuses(case: str, filled: Manifest) -> None:
    """Each fault is named, and is the only one named."""
    change, expected = RULE_BREAKS[case]
    broken = copy.deepcopy(filled)
    change(broken)
    problems = check_rules(broken)
    assert len(problems) == 1
    assert expected in problems[0]


def test_every_rule_has_a_break(filled: Manifest) -> None:
    """No rule goes untested: each one refuses at least one of the faults above."""
    refused = set()
    for change, _ in RULE_BREAKS.values():
        broken = copy.deepcopy(filled)
        change(broken)
        refused |= {rule.__name__ for rule in RULES if list(rule(broken))}
    assert refused == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(("version", "refused"), [("1.9", False), ("1.24", False), ("1.25", True)])
def test_channel_features_needed_from_1_25(version: str, refused: bool, filled: Manifest) -> None:
    """Versions compare as numbers, so 1.9 comes before 1.25."""
    filled.pop("supportsChannelFeatures")
    filled["manifestVersion"] = version
    problems = [p for p in check_rules(filled) if "supportsChannelFeatures" in p]
    assert bool(problems) is refused


def test_channel_features_not_needed_outside_teams(filled: Manifest) -> None:
    """A bot with no team scope may leave supportsChannelFeatures out."""
    filled.pop("supportsChannelFeatures")
    bot(filled)["scopes"].remove("team")
    bot(filled)["commandLists"].pop()
    assert check_rules(filled) == []


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


# The variables


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


# The zip


def test_package_holds_three_files(tmp_path: Path, filled: Manifest) -> None:
    """The zip has the manifest and both icons at its root."""
    out = tmp_path / "new" / "front-door.zip"
    assert build(EXAMPLE, out) == ["manifest.json", "color.png", "outline.png"]
    with zipfile.ZipFile(out) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert package.testzip() is None
        assert {entry.date_time for entry in package.infolist()} == {FIXED_TIME}
        assert json.loads(package.read("manifest.json")) == filled
        for name in ("color.png", "outline.png"):
            assert package.read(name) == (HERE / name).read_bytes()


def test_manifest_names_the_icons_in_the_package(filled: Manifest) -> None:
    """The manifest points at the icon files the build puts in."""
    assert filled["icons"] == {"color": "color.png", "outline": "outline.png"}


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two builds of one thing can be compared byte for byte."""
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    build(EXAMPLE, first)
    build(EXAMPLE, second)
    assert first.read_bytes() == second.read_bytes()


def test_command_line_says_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good build prints the file and its contents, and warns about example values."""
    out = tmp_path / "front-door.zip"
    assert main(["--env", str(EXAMPLE), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert f"Wrote {out}" in printed
    assert "manifest.json, color.png, outline.png" in printed
    assert "do not upload" in printed


def test_command_line_says_what_is_wrong(
    tmp_path: Path, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad build exits 1 and names every problem."""
    del values["BOT_ID"]
    env = write_env(tmp_path / "package.env", {**values, "APP_VERSION": "one"})
    assert main(["--env", str(env), "--out", str(tmp_path / "out.zip")]) == 1
    printed = capsys.readouterr().err
    assert "BOT_ID is missing." in printed
    assert "APP_VERSION must be three numbers" in printed


def test_no_env_file_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run, before anyone has made package.env, says what to copy."""
    assert main(["--env", str(tmp_path / "package.env")]) == 1
    assert "Copy manifest/package.env.example" in capsys.readouterr().err


# The icons


def test_committed_icons_are_accepted() -> None:
    """The icons in the repository pass their rules."""
    assert icons.check_colour(HERE / "color.png") == []
    assert icons.check_outline(HERE / "outline.png") == []


@pytest.mark.parametrize(
    ("name", "draw"),
    [("color.png", icons.draw_colour), ("outline.png", icons.draw_outline)],
)
def test_committed_icons_are_the_drawn_ones(name: str, draw: Callable[[], Image.Image]) -> None:
    """The committed picture is what the code draws."""
    drawn = draw()
    with Image.open(HERE / name) as committed:
        assert committed.mode == drawn.mode
        assert ImageChops.difference(committed, drawn).getbbox() is None


def test_mark_stays_in_the_safe_area() -> None:
    """Nothing but background is outside the part Teams always shows."""
    drawn = icons.draw_colour()
    flat = Image.new("RGB", drawn.size, drawn.getpixel((0, 0)))
    box = ImageChops.difference(drawn, flat).getbbox()
    margin, far = icons.SAFE_MARGIN, icons.COLOUR_SIZE - icons.SAFE_MARGIN
    assert box is not None
    assert min(box[:2]) >= margin
    assert max(box[2:]) <= far


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("RGB", (191, 192)), "must be 192 by 192"),
        (Image.new("RGBA", (192, 192), (0, 0, 0, 254)), "no transparent pixels"),
    ],
)
def test_colour_icon_rules(image: Image.Image, expected: str, tmp_path: Path) -> None:
    """A colour icon of the wrong size or with see-through pixels is refused."""
    image.save(tmp_path / "color.png")
    [problem] = icons.check_colour(tmp_path / "color.png")
    assert expected in problem


def dotted(colour: tuple[int, int, int, int], side: int = 32) -> Image.Image:
    """Return a clear square with one dot."""
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    image.putpixel((4, 4), colour)
    return image


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (dotted((255, 255, 255, 255), side=48), "must be 32 by 32"),
        (dotted((255, 255, 254, 255)), "must be white only"),
        (dotted((200, 200, 200, 90)), "must be white only"),
        (dotted((0, 0, 0, 0)), "is blank"),
        (Image.new("RGBA", (32, 32), (255,) * 4), "transparent background"),
        (Image.new("RGB", (32, 32), (255,) * 3), "transparent background"),
    ],
)
def test_outline_icon_rules(image: Image.Image, expected: str, tmp_path: Path) -> None:
    """An outline icon must be white lines on nothing."""
    image.save(tmp_path / "outline.png")
    [problem] = icons.check_outline(tmp_path / "outline.png")
    assert expected in problem


@pytest.mark.parametrize("content", [None, b"GIF89a", b""])
def test_file_that_is_no_png_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """A missing file, or one that is not a PNG, gives a message and no traceback."""
    path = tmp_path / "outline.png"
    if content is not None:
        path.write_bytes(content)
    assert icons.check_outline(path) == ["outline.png is missing or is not a PNG picture."]


def test_build_refuses_a_bad_icon(tmp_path: Path) -> None:
    """The build checks the icons it is about to pack."""
    for name in (TEMPLATE.name, "outline.png"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    Image.new("RGB", (96, 96)).save(tmp_path / "color.png")
    with pytest.raises(PackageError, match=r"color\.png must be 192 by 192"):
        build(EXAMPLE, tmp_path / "out.zip", tmp_path)
    assert not (tmp_path / "out.zip").exists()
