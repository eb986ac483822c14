"""What somebody gets whose role cannot be told just now: words, and a way on for a child who is not
safe. Nothing that was typed into a dialog is lost.
"""

from __future__ import annotations

from bot.domain.decision import Refused
from bot.teams.press import Origin, Press, Reply, SayWords, ShowCard, ShowDialog
from bot.teams.who import ROLES_UNKNOWN
from cards import wording as w
from cards.desk_cards import not_safe_card, try_again_dialog


def may_flag(no: Refused) -> bool:
    """Whether a flag would be taken from them all the same."""
    return no.code == "roles_unknown"


def held_message(no: Refused, words: str, case_id: str) -> Reply:
    """To what somebody typed. `case_id` is the referral whose thread this is, empty elsewhere."""
    return ShowCard(not_safe_card(words, case_id)) if may_flag(no) else SayWords(words)


def keeps_dialog(no: Refused, press: Press) -> bool:
    return press.origin is Origin.DIALOG and no.code in ROLES_UNKNOWN


def held_dialog(no: Refused, words: str, press: Press) -> Reply:
    typed = {k: v for k, v in press.values.items() if k != "verb"}
    return ShowDialog(w.BOT_NAME, try_again_dialog(words, press.verb, typed, may_flag=may_flag(no)))
