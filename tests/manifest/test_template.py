"""What the template says, before and after it is filled."""

import json
import re

from bot.teams.bot import ADD_TO_RECORD
from manifest.build import TEMPLATE
from manifest.packages import STANDARD
from manifest.rules import check_rules
from manifest.schema import check_schema
from manifest.variables import VARIABLES, fill
from tests.manifest.parts import Manifest


def test_example_manifest_is_accepted(filled: Manifest) -> None:
    """The committed template and example values break no rule."""
    assert check_schema(filled) == []
    assert check_rules(filled, STANDARD.rules) == []


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
    values: dict[str, str], template: Manifest, filled: Manifest
) -> None:
    """Values go in as text, whatever they hold."""
    name = 'St "Ann\'s" \\ Partnership'
    manifest = fill(template, {**values, "PARTNERSHIP_NAME": name})
    assert manifest["name"]["full"] == f"Front Door: {name}"
    assert manifest.keys() == filled.keys()


def test_it_says_whom_it_is_for(filled: Manifest) -> None:
    """The duty team, and not whoever wants to send a referral: callers ring."""
    said = filled["description"]
    assert "duty team" in said["short"]
    assert "Nobody sends a referral through it" in said["full"]
    assert "rings the MASH" in said["full"]
    assert "referrals you" not in json.dumps(filled)


def test_commands_say_what_they_answer(filled: Manifest) -> None:
    """One command has one description wherever it is listed, and `mine` is what waits."""
    listed = {
        (command["title"], command["description"])
        for one in filled["bots"][0]["commandLists"]
        for command in one["commands"]
    }
    said = dict(listed)
    assert len(said) == len(listed)
    assert "waits for you" in said["mine"]
    assert "MASH officers" in said["new referral"]
