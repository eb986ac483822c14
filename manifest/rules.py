"""What Teams refuses, or this project forbids, that the manifest schema lets through.

Each rule takes a filled manifest that already fits the schema and yields problems.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from manifest.channel_reading import permissions

Manifest = dict[str, Any]
Rule = Callable[[Manifest], Iterable[str]]

SCHEMA_VERSION = "1.30"
SCHEMA_URL = (
    "https://developer.microsoft.com/json-schemas/teams/"
    f"v{SCHEMA_VERSION}/MicrosoftTeams.schema.json"
)
COMMAND_TITLE_MAX = 32
COMMAND_DESCRIPTION_MAX = 128
# The build packs these two and nothing else.
ICONS = {"color": "color.png", "outline": "outline.png"}
_VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}")


def check_rules(manifest: Manifest, rules: Iterable[Rule]) -> list[str]:
    """Return every problem the rules find; an empty list means none."""
    return [problem for rule in rules for problem in rule(manifest)]


def schema_version(manifest: Manifest) -> Iterator[str]:
    """Require the schema version this project validates against."""
    # The schema says so with `const`, which draft-04 validators ignore.
    if manifest.get("manifestVersion") != SCHEMA_VERSION:
        yield f"manifestVersion must be {SCHEMA_VERSION}."
    if manifest.get("$schema") != SCHEMA_URL:
        yield f"$schema must be {SCHEMA_URL}."


def channel_features(manifest: Manifest) -> Iterator[str]:
    """Require supportsChannelFeatures when a recent manifest has a team bot."""
    in_team = any("team" in bot.get("scopes", []) for bot in _bots(manifest))
    recent = _version_pair(manifest) >= (1, 25)
    if in_team and recent and manifest.get("supportsChannelFeatures") != "tier1":
        yield (
            "supportsChannelFeatures must be tier1: from 1.25 Teams refuses a team bot without it."
        )


def bot_ids(manifest: Manifest) -> Iterator[str]:
    """Require one bot id throughout."""
    owners = [*_bots(manifest), *_extensions(manifest)]
    ids = {str(owner.get("botId", "")).lower() for owner in owners}
    if len(ids) > 1:
        yield "bots and composeExtensions must have the same botId."


def unique_ids(manifest: Manifest) -> Iterator[str]:
    """Refuse a repeated command id, or a bot command listed twice in a scope."""
    ids = [command["id"] for command in _extension_commands(manifest)]
    yield from (f"composeExtensions command id {name} is used twice." for name in _twice(ids))
    by_scope = [
        f"{scope}: {command['title'].casefold()}"
        for commands in _command_lists(manifest)
        for scope in commands["scopes"]
        for command in commands["commands"]
    ]
    yield from (f"Bot command is listed twice ({name})." for name in _twice(by_scope))


def command_text(manifest: Manifest) -> Iterator[str]:
    """Hold bot command titles and descriptions to what every client shows whole."""
    # Schema 1.30 allows 128 and 4,000, but the lengths before 1.24 are what menus fit.
    for commands in _command_lists(manifest):
        for command in commands["commands"]:
            yield from _text_problems(command)
    for command in _extension_commands(manifest):
        yield from _text_problems(command)


def command_scopes(manifest: Manifest) -> Iterator[str]:
    """Require a command list for each bot scope, and no other."""
    for bot in _bots(manifest):
        scopes = set(bot["scopes"])
        listed = {scope for commands in bot.get("commandLists", []) for scope in commands["scopes"]}
        yield from (
            f"The bot has no commandLists entry for scope {s}." for s in sorted(scopes - listed)
        )
        yield from (
            f"commandLists names scope {s}, which the bot lacks." for s in sorted(listed - scopes)
        )


def fetched_forms(manifest: Manifest) -> Iterator[str]:
    """Require message extension actions to fetch their form from the bot."""
    for command in _extension_commands(manifest):
        if command.get("type") == "action" and command.get("fetchTask") is not True:
            yield f"composeExtensions command {command['id']} must have fetchTask true."


def secure_addresses(manifest: Manifest) -> Iterator[str]:
    """Refuse http addresses, which the schema allows and Teams does not."""
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        if not manifest["developer"][name].lower().startswith("https://"):
            yield f"developer.{name} must start with https://."


def permission_owner(manifest: Manifest) -> Iterator[str]:
    """Require, with any resource permission, the app that it is given to and a resource."""
    if not permissions(manifest):
        return
    owner = manifest.get("webApplicationInfo", {})
    bots = {str(bot.get("botId", "")).lower() for bot in _bots(manifest)}
    if str(owner.get("id", "")).lower() not in bots or not owner.get("resource"):
        yield "webApplicationInfo must have the bot's id and a resource: a permission needs both."


def package_version(manifest: Manifest) -> Iterator[str]:
    """Require three plain numbers: Teams takes no other version, and the schema takes any."""
    if not _VERSION.fullmatch(manifest["version"]):
        yield "version must be three numbers, such as 1.0.0."


def install_scope(manifest: Manifest) -> Iterator[str]:
    """Require that the app is first offered where its bot can be."""
    scope = manifest.get("defaultInstallScope")
    scopes = {scope for bot in _bots(manifest) for scope in bot.get("scopes", [])}
    if scope is not None and scope not in scopes:
        yield f"defaultInstallScope is {scope}, which the bot lacks."


def packed_icons(manifest: Manifest) -> Iterator[str]:
    """Require that the icons named are the ones the package holds."""
    if manifest["icons"] != ICONS:
        yield "icons must name color.png and outline.png, the two files in the package."


def no_domains(manifest: Manifest) -> Iterator[str]:
    """Require validDomains to be there and empty: every form is an Adaptive Card."""
    if manifest.get("validDomains") != []:
        yield "validDomains must be an empty list: this app opens no pages in Teams."


def all_filled(manifest: Manifest) -> Iterator[str]:
    """Refuse a placeholder left unfilled."""
    yield from (
        f"{path} still holds an unfilled ${{{{."
        for path, text in _strings(manifest, "")
        if "${{" in text
    )


RULES: tuple[Rule, ...] = (
    schema_version,
    channel_features,
    bot_ids,
    unique_ids,
    command_text,
    command_scopes,
    fetched_forms,
    secure_addresses,
    permission_owner,
    package_version,
    install_scope,
    packed_icons,
    no_domains,
    all_filled,
)


def _bots(manifest: Manifest) -> list[Manifest]:
    """Return the bots, or an empty list."""
    bots: list[Manifest] = manifest.get("bots", [])
    return bots


def _extensions(manifest: Manifest) -> list[Manifest]:
    """Return the message extensions, or an empty list."""
    extensions: list[Manifest] = manifest.get("composeExtensions", [])
    return extensions


def _extension_commands(manifest: Manifest) -> list[Manifest]:
    """Return the commands of every message extension."""
    return [
        command for extension in _extensions(manifest) for command in extension.get("commands", [])
    ]


def _command_lists(manifest: Manifest) -> list[Manifest]:
    """Return the command lists of every bot."""
    return [commands for bot in _bots(manifest) for commands in bot.get("commandLists", [])]


def _text_problems(command: Manifest) -> Iterator[str]:
    """Yield what is wrong with one command's title and description."""
    title, description = command["title"], command.get("description", "")
    if not title.strip() or not description.strip():
        yield f"Command {title!r} must have a title and a description."
    if len(title) > COMMAND_TITLE_MAX:
        yield f"Command title {title!r} is over {COMMAND_TITLE_MAX} characters."
    if len(description) > COMMAND_DESCRIPTION_MAX:
        limit = COMMAND_DESCRIPTION_MAX
        yield f"Command {title!r} has a description over {limit} characters."


def _version_pair(manifest: Manifest) -> tuple[int, int]:
    """Return the manifest version as numbers, so that 1.9 comes before 1.25."""
    major, _, minor = str(manifest.get("manifestVersion", "")).partition(".")
    # An unnumbered version is a preview, newer than any number.
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (99, 0)


def _twice(names: list[str]) -> list[str]:
    """Return, sorted, the names that appear more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each string in parsed JSON with its dotted path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value
