"""Email on the desk's page, as whoever gets it would see it."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rehearsal import Rehearsal
from cards import wording as w

Json = dict[str, Any]


def callers_post(rehearsal: Rehearsal) -> list[Json]:
    """Every email sent, oldest first: one place, whoever is being played."""
    calendar = rehearsal.partnership.calendar
    today = calendar.day_of(rehearsal.clock.now())
    return [
        {
            "id": mail.id,
            "from": mail.sender,
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
            "at": w.when(calendar.local(mail.at), today),
        }
        for mail in rehearsal.graph.sent
    ]
