"""Each command that the app's manifest offers is one the bot knows, where it is offered."""

from __future__ import annotations

import json

import pytest

from manifest.build import TEMPLATE
from tests.wire.acting import Acting
from tests.wire.test_asking_the_bot import answer, in_channel

LISTS = json.loads(TEMPLATE.read_text(encoding="utf-8"))["bots"][0]["commandLists"]
OFFERED = [
    (scope, command["title"])
    for listed in LISTS
    for scope in listed["scopes"]
    for command in listed["commands"]
]
NONSENSE = "xyzzy"


@pytest.mark.parametrize(("scope", "title"), OFFERED)
async def test_a_command_of_the_manifest_is_answered(
    acting: Acting, scope: str, title: str
) -> None:
    ask = answer if scope == "personal" else in_channel
    person = "masho-1" if title == "new referral" else "mgr-1"

    not_known = await ask(acting, person, NONSENSE)
    shown = await ask(acting, person, title)

    assert shown
    assert shown != not_known.replace(NONSENSE, title)


def test_there_are_commands_for_a_chat_and_for_a_channel() -> None:
    assert {scope for scope, _ in OFFERED} == {"personal", "team"}
