"""Whether the bot gets a channel's messages: all that the two packages differ in.

The standard package promises that it does not. The optional one asks for the permission, says what
is done with the messages, and goes with `record_thread = true` in the partnership's configuration.
"""

import copy
from collections.abc import Iterator
from typing import Any

from manifest.variables import PackageError

Manifest = dict[str, Any]

PERMISSION = "ChannelMessage.Read.Group"
# Any of these would hand the bot what people say in a channel or chat, or let it speak as an app.
MESSAGE_PERMISSIONS = frozenset(
    {
        PERMISSION,
        "ChannelMessage.Send.Group",
        "ChatMessage.Read.Chat",
        "ChatMessageReadReceipt.Read.Chat",
    }
)
# Teams wants a resource beside the id and does not use it for resource permissions.
_RESOURCE = "https://RscBasedStoreApp"

PROMISE = (
    "Front Door does not read channel messages. In a channel it gets only the messages that "
    "mention it and the buttons and forms people use."
)
RECORDS = (
    "This version of Front Door gets every message in the channels of the team it is in. Replies "
    "in a referral's thread become part of the referral's record, with later changes and "
    "deletions, under the name and agency of the person who wrote them. No other message is kept."
)


def record_thread(template: Manifest) -> Manifest:
    """Return the template of the optional package, made from the standard one.

    Raise PackageError if the standard description no longer holds the promise to replace.
    """
    changed = copy.deepcopy(template)
    description = changed["description"]
    if description["full"].count(PROMISE) != 1:
        raise PackageError(["description.full must hold, once, the promise about messages."])
    description["full"] = description["full"].replace(PROMISE, RECORDS)
    changed["webApplicationInfo"] = {"id": "${{BOT_ID}}", "resource": _RESOURCE}
    changed["authorization"] = {
        "permissions": {"resourceSpecific": [{"name": PERMISSION, "type": "Application"}]}
    }
    return changed


def reads_nothing(manifest: Manifest) -> Iterator[str]:
    """Refuse permission to read or send messages, and a description without the promise."""
    for name, _ in permissions(manifest):
        if name in MESSAGE_PERMISSIONS:
            yield f"{name} must not be requested: this package reads no messages."
    if PROMISE not in manifest["description"]["full"]:
        yield "description.full must promise that channel messages are not read."


def reads_and_says_so(manifest: Manifest) -> Iterator[str]:
    """Require the one permission, as the app's own, and a description that says so."""
    asked = permissions(manifest)
    if asked != [(PERMISSION, "Application")]:
        yield f"The only permission must be {PERMISSION}, of type Application."
    text = manifest["description"]["full"]
    if RECORDS not in text or "does not read channel messages" in text:
        yield "description.full must say that replies in referral threads are recorded."


def permissions(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the resource permissions asked for, each as its name and type."""
    asked = manifest.get("authorization", {}).get("permissions", {})
    return [(one["name"], one["type"]) for one in asked.get("resourceSpecific", [])]
