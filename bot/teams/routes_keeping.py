"""Legal hold, asked for in a records officer's or manager's own chat."""

from __future__ import annotations

import re

from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.identifiers import mask
from bot.domain.partnership import Person
from bot.domain.vocabulary import Role
from bot.teams.answering import log_refusal
from bot.teams.press import Origin, Press, Reply, SayWords, Turn
from cards import wording as w

_ASKED = re.compile(r"(lift hold|hold)\b(?: on)?\s*(ref-\d{4}-\d{5,9})?\s*(.*)", re.I | re.S)
_BECAUSE = re.compile(r"^(because|:|,)\s*", re.I)
_LONGEST_REASON = 150
KEEPS_RECORDS = frozenset({Role.RECORDS_OFFICER, Role.MANAGER})


def is_command(words: str, person: Person) -> bool:
    """The bare words too, for whoever may: they are told how."""
    if words in ("hold", "lift hold"):
        return person.role in KEEPS_RECORDS
    return re.match(r"(lift hold|hold (on )?ref-)", words) is not None


def _without_identifiers(turn: Turn, words: str) -> str:
    return mask(words, turn.desk.partnership.calendar.day_of(turn.desk.clock.now()))


async def asked(turn: Turn, text: str) -> Reply:
    """`hold REF-2026-00012 because …`, `lift hold REF-2026-00012 because …`."""
    found = _ASKED.fullmatch(text.strip())
    if found is None or not turn.inbound.personal:
        return SayWords(await turn.say(refused("history_in_chat")))
    lifts = found[1].lower() != "hold"
    reference = (found[2] or "").upper()
    reason = _BECAUSE.sub("", found[3]).strip()[:_LONGEST_REASON]
    if not reference or not reason:
        return SayWords(w.LIFT_HOW if lifts else w.HOLD_HOW)
    reason = _without_identifiers(turn, reason)
    case_id = await turn.desk.log.case_of_reference(reference)
    if not case_id:
        return SayWords(await turn.say(refused("no_such_referral", ref=reference)))
    command = cmd.LiftHold(reason) if lifts else cmd.PlaceHold(reason)
    result = await turn.desk.service.act(case_id, command, turn.person, press=turn.said())
    if isinstance(result, Refused):
        press = Press("lift_hold" if lifts else "hold", case_id, 0, {}, Origin.SUBMIT)
        await log_refusal(turn, press, result)
        return SayWords(await turn.say(result))
    if not result.changed:
        now = result.referral.hold
        already = w.HOLD_ALREADY if now else w.HOLD_NONE
        return SayWords(already.format(ref=reference, reason=now.reason if now else ""))
    return SayWords((w.HOLD_LIFTED if lifts else w.HOLD_PLACED).format(ref=reference))
