"""Which ways of telling a caller are safe, by what they said on the call.

Source: feedback goes by voicemail or text only where the caller said it is safe, and never by a
route that could put somebody at risk.
"""

from __future__ import annotations

import re

from bot.domain.intake import Intake

SERVICE_MAILBOX = "service_mailbox"
"""The bot sent the email, from the partnership's own mailbox."""

ROUTES: dict[str, tuple[str, ...]] = {
    "phone": ("phone",),
    "email": ("email",),
    "phone_and_email": ("phone", "email"),
    "text_then_phone": ("text", "phone"),
    "voicemail": ("voicemail",),
    "they_came": (),
    SERVICE_MAILBOX: ("email",),
}
"""Method of telling to the routes it takes. None: the caller rang again, or was met."""

_ASKED_FOR = {
    "email": ("email",),
    "phone_and_email": ("email",),
    "text_then_phone": ("text",),
}


_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_LONGEST_ADDRESS = 254


def is_address(text: str) -> bool:
    """One plain email address: nothing that could name a second one or add a header."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def is_safe(intake: Intake, route: str) -> bool:
    """With safe times only, a call at those times, and what they asked for themselves."""
    match intake.safe_contact:
        case "yes":
            return True
        case "only at some times":
            return route == "phone" or route in _ASKED_FOR.get(intake.contact_method, ())
        case _:
            return False


def unsafe_route(intake: Intake, method: str) -> str:
    """The first route of a method that is not safe; empty where all are."""
    return next((r for r in ROUTES[method] if not is_safe(intake, r)), "")


def safe_methods(intake: Intake) -> tuple[str, ...]:
    """What the person who feeds back may say they did. The bot's own email is apart."""
    return tuple(m for m in ROUTES if m != SERVICE_MAILBOX and not unsafe_route(intake, m))
