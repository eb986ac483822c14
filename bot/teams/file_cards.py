"""The cards Teams has for files a bot sends: may I save it, and here it is. And the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
_INFO = "application/vnd.microsoft.teams.card.file.info"
_LONGEST_ADDRESS = 8000


@dataclass(frozen=True, slots=True)
class Offered:
    """`size` is an estimate that is shown to the person. `context` comes back, untrusted."""

    name: str
    size: int
    description: str
    context: Json


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's answer. Everything in it is as sent: untrusted."""

    accepted: bool
    context: Json
    upload_url: str
    content_url: str
    unique_id: str


def consent_card(offered: Offered) -> Json:
    return {
        "contentType": _CONSENT,
        "name": offered.name,
        "content": {
            "description": offered.description,
            "sizeInBytes": offered.size,
            "acceptContext": offered.context,
            "declineContext": offered.context,
        },
    }


def info_card(consent: Consent, name: str) -> Json:
    return {
        "contentType": _INFO,
        "contentUrl": consent.content_url,
        "name": name,
        "content": {"uniqueId": consent.unique_id, "fileType": name.rpartition(".")[2]},
    }


def consent_of(value: Any) -> Consent | None:
    """None for what is no answer to a file consent card."""
    if not isinstance(value, dict) or value.get("type") != "fileUpload":
        return None
    action, context = value.get("action"), value.get("context")
    info = value.get("uploadInfo")
    info = info if isinstance(info, dict) else {}
    if action not in ("accept", "decline"):
        return None
    return Consent(
        action == "accept",
        context if isinstance(context, dict) else {},
        _text(info.get("uploadUrl"), _LONGEST_ADDRESS),
        _text(info.get("contentUrl"), _LONGEST_ADDRESS),
        _text(info.get("uniqueId"), 200),
    )


def _text(value: Any, most: int) -> str:
    """Empty where it is no text or longer than it can be: an address must not be cut."""
    return value if isinstance(value, str) and len(value) <= most else ""
