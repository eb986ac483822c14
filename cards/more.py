"""More: everything this person may do, under four headings."""

from __future__ import annotations

from bot.domain.referral import Referral
from bot.domain.vocabulary import LIMIT_LINE
from cards import wording as w
from cards.briefing import strategy_inputs
from cards.buttons import Button, all_for, strategy_owed
from cards.context import View, data_of
from cards.kit import Json, actions, card, heading, submit, text, text_input

_IN_A_ROW = 4


def more_dialog(referral: Referral, view: View) -> Json:
    """Their screen may still show the card everybody shares, so all of theirs is here."""
    buttons = [b for b in all_for(referral, view) if b.verb not in ("add", "more.open")]
    owed = any(b.verb == "agree" for b in buttons) and strategy_owed(referral, view)
    flags = [b for b in buttons if b.verb == "flag"]
    body: list[Json | None] = [
        heading(w.MORE_HEAD.format(ref=referral.reference)),
        text(view.danger()),
        *(strategy_inputs() if owed else []),
        text_input("note", w.FLAG_NOTE, most=LIMIT_LINE) if flags else None,
        actions(*(_drawn(b, referral) for b in flags)),
    ]
    for group, title in w.MORE_GROUPS.items():
        body += _group(title, [b for b in buttons if b.group == group and b not in flags], referral)
    return card(body)


def _group(title: str, buttons: list[Button], referral: Referral) -> list[Json | None]:
    if not buttons:
        return []
    drawn = [_drawn(b, referral) for b in buttons]
    rows = [actions(*drawn[i : i + _IN_A_ROW]) for i in range(0, len(drawn), _IN_A_ROW)]
    return [text(title, weight="Bolder", spacing="Medium"), *rows]


def _drawn(b: Button, referral: Referral) -> Json:
    return submit(b.title, b.verb, {**data_of(referral), **dict(b.extra)}, style=b.style)
