"""The optional package: it differs in one thing, says so, and neither package can pass for the
other.
"""

import copy

import pytest

from manifest.channel_reading import PERMISSION, PROMISE, RECORDS, record_thread
from manifest.packages import RECORD_THREAD, STANDARD
from manifest.rules import check_rules
from manifest.schema import check_schema
from manifest.variables import PackageError
from tests.manifest.parts import Break, Manifest, ask_for, bot


def test_the_recording_manifest_is_accepted(recording: Manifest) -> None:
    """It breaks no rule of the schema nor of its own."""
    assert check_schema(recording) == []
    assert check_rules(recording, RECORD_THREAD.rules) == []


def test_it_differs_in_what_it_reads_and_in_saying_so_and_in_nothing_else(
    filled: Manifest, recording: Manifest
) -> None:
    """All else comes from the one template."""
    grant = {"resourceSpecific": [{"name": PERMISSION, "type": "Application"}]}
    assert recording.pop("authorization") == {"permissions": grant}
    assert recording.pop("webApplicationInfo")["id"] == bot(filled)["botId"]
    text = recording["description"]["full"]
    recording["description"]["full"] = text.replace(RECORDS, PROMISE)
    assert recording == filled


def test_each_says_which_it_is(filled: Manifest, recording: Manifest) -> None:
    """Who looks at the app in Teams reads whether their messages are kept."""
    assert "does not read channel messages" in filled["description"]["full"]
    assert "recorded" not in filled["description"]["full"]
    assert "does not read channel messages" not in recording["description"]["full"]
    assert "Replies in a referral's thread become part of" in recording["description"]["full"]


def test_neither_passes_for_the_other(filled: Manifest, recording: Manifest) -> None:
    """The rules of one refuse the other."""
    assert check_rules(filled, RECORD_THREAD.rules) != []
    assert check_rules(recording, STANDARD.rules) != []


def test_a_template_without_the_promise_makes_no_recording_package(template: Manifest) -> None:
    """Nobody is told both things because a sentence was reworded."""
    template["description"]["full"] = "Takes referrals."
    with pytest.raises(PackageError, match="the promise"):
        record_thread(template)


def say(text: str) -> Break:
    """Return a change of the description."""
    return lambda m: m["description"].update(full=text)


STANDARD_BREAKS: dict[str, tuple[Break, str]] = {
    "reads channels": (ask_for(PERMISSION), f"{PERMISSION} must not be requested"),
    "speaks in channels": (
        ask_for("ChannelMessage.Send.Group"),
        "ChannelMessage.Send.Group must not be requested",
    ),
    "reads chats": (
        ask_for("ChatMessage.Read.Chat"),
        "ChatMessage.Read.Chat must not be requested",
    ),
    "no promise": (say("Takes referrals."), "must promise that channel messages are not read"),
}

RECORDING_BREAKS: dict[str, tuple[Break, str]] = {
    "no permission": (lambda m: m.pop("authorization"), "The only permission must be"),
    "delegated": (ask_for(PERMISSION, kind="Delegated"), "The only permission must be"),
    "more than that": (ask_for(PERMISSION, "ChatMessage.Read.Chat"), "The only permission must be"),
    "does not say so": (say("Takes referrals."), "must say that replies in referral threads"),
    "says both": (say(f"{RECORDS} {PROMISE}"), "must say that replies in referral threads"),
}


@pytest.mark.parametrize("case", STANDARD_BREAKS)
def test_the_standard_package_reads_nothing(case: str, filled: Manifest) -> None:
    """Each fault is named, and is the only one named."""
    change, expected = STANDARD_BREAKS[case]
    broken = copy.deepcopy(filled)
    change(broken)
    [problem] = check_rules(broken, STANDARD.rules)
    assert expected in problem


@pytest.mark.parametrize("case", RECORDING_BREAKS)
def test_the_recording_package_reads_one_thing_and_says_so(case: str, recording: Manifest) -> None:
    """Each fault is named, and is the only one named."""
    change, expected = RECORDING_BREAKS[case]
    change(recording)
    [problem] = check_rules(recording, RECORD_THREAD.rules)
    assert expected in problem
