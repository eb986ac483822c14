"""What the schema lets through and Teams refuses: each rule, by the faults it finds."""

import copy

import pytest

from manifest.rules import RULES, check_rules
from tests.manifest.parts import Break, Manifest, actions, ask_for, bot, commands

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
    "permission for nobody": (
        ask_for("TeamMember.Read.Group", owner=False),
        "webApplicationInfo must have the bot's id and a resource",
    ),
    "permission for another app": (
        lambda m: (
            ask_for("TeamMember.Read.Group")(m),
            m["webApplicationInfo"].update(id=m["id"]),
        ),
        "webApplicationInfo must have the bot's id and a resource",
    ),
    "permission without a resource": (
        lambda m: (
            ask_for("TeamMember.Read.Group")(m),
            m["webApplicationInfo"].pop("resource"),
        ),
        "webApplicationInfo must have the bot's id and a resource",
    ),
    "two-number version": (
        lambda m: m.update(version="1.0"),
        "version must be three numbers",
    ),
    "version with a zero in front": (
        lambda m: m.update(version="1.02.0"),
        "version must be three numbers",
    ),
    "version with a suffix": (
        lambda m: m.update(version="1.0.0-beta"),
        "version must be three numbers",
    ),
    "offered in a group chat": (
        lambda m: m.update(defaultInstallScope="groupChat"),
        "defaultInstallScope is groupChat",
    ),
    "icon that is not packed": (
        lambda m: m["icons"].update(color="colour.png"),
        "icons must name color.png and outline.png",
    ),
    "icon on the internet": (
        lambda m: m["icons"].update(outline="https://example.com/outline.png"),
        "icons must name color.png and outline.png",
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
    problems = check_rules(broken, RULES)
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
    problems = [p for p in check_rules(filled, RULES) if "supportsChannelFeatures" in p]
    assert bool(problems) is refused


def test_channel_features_not_needed_outside_teams(filled: Manifest) -> None:
    """A bot with no team scope may leave supportsChannelFeatures out."""
    filled.pop("supportsChannelFeatures")
    filled["defaultInstallScope"] = "personal"
    bot(filled)["scopes"].remove("team")
    bot(filled)["commandLists"].pop()
    assert check_rules(filled, RULES) == []
