"""A turn's reply in the shape each way into the bot wants."""

from __future__ import annotations

from typing import Any

from bot.teams.press import CloseDialog, Reply, SayWords, ShowCard, ShowDialog
from cards import wording as w
from cards.desk_cards import refused_dialog

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "application/vnd.microsoft.activity.message"


def card_answer(reply: Reply) -> Json:
    """An Execute's answer: a card, or a sentence. Teams wants 200 and this shape always."""
    match reply:
        case ShowCard(card):
            return {"statusCode": 200, "type": CARD, "value": card}
        case ShowDialog(_, card):
            return {"statusCode": 200, "type": CARD, "value": card}
        case SayWords(words):
            return {"statusCode": 200, "type": _MESSAGE, "value": words}
        case CloseDialog():
            return {"statusCode": 200, "type": _MESSAGE, "value": w.ALREADY_LOGGED}


def task_answer(reply: Reply) -> Json:
    """A dialog's answer: the next dialog, or nothing, which closes it."""
    match reply:
        case ShowDialog(title, card):
            return _dialog(title, card)
        case ShowCard(card):
            return _dialog(w.BOT_NAME, card)
        case SayWords(words):
            return _dialog(w.BOT_NAME, refused_dialog(words))
        case CloseDialog():
            return {}


def _dialog(title: str, card: Json) -> Json:
    return {
        "task": {
            "type": "continue",
            "value": {
                "title": title,
                "width": "medium",
                "height": "large",
                "card": {"contentType": CARD, "content": card},
            },
        }
    }
