"""The duty team's pulse and the caller's survey: counted once, apart from who answered."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.identifiers import case_numbers
from bot.domain.periods import week_key
from bot.domain.referral import Caller, Referral
from bot.domain.rules_feedback import survey_group, survey_refusal
from bot.domain.tallies import LIMIT_COMMENT, PULSE_QUESTIONS, SURVEY_QUESTIONS
from bot.teams.answering import act, log_refusal, no_identifiers, opener, referral_of
from bot.teams.press import CloseDialog, Origin, Press, Reply, ShowCard, ShowDialog, Turn
from cards import asking, wording as w
from cards.context import View
from cards.desk_cards import refused_dialog, sentence_card
from cards.kit import Json

# The pulse ---------------------------------------------------------------------------


def _day(turn: Turn, press: Press) -> dt.date | Refused:
    """The day asked about, while it is that day: afterwards its figures are shown."""
    try:
        day = dt.date.fromisoformat(press.get("day", 10))
    except ValueError:
        return refused("malformed")
    today = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    if day > today or not turn.desk.partnership.tests_on(day):
        return refused("malformed")
    return day if day == today else refused("pulse_over")


def _so_far(press: Press, most: int, allowed: str = "12345") -> str | None:
    text = press.get("so_far", 20)
    return text if re.fullmatch(f"[{allowed}]{{0,{most}}}", text) else None


def _not_apart(turn: Turn, comment: str) -> str:
    """Why these words would not stay apart from whom they are about; empty where they do."""
    found, _ = no_identifiers(turn, {"comment": comment})
    if not found and case_numbers(comment, turn.desk.partnership.mosaic_id_pattern):
        return w.NO_CASE_NUMBERS
    return found


def _shown(press: Press, drawn: Json) -> Reply:
    if press.origin is Origin.DIALOG:
        return ShowDialog(w.PULSE_SUMMARY, drawn)
    return ShowCard(drawn)


async def _refused_pulse(turn: Turn, press: Press, no: Refused) -> Reply:
    await log_refusal(turn, press, no)
    words = await turn.say(no)
    if press.origin is Origin.DIALOG:
        return ShowDialog(w.PULSE_SUMMARY, refused_dialog(words))
    return ShowCard(sentence_card(words))


async def pulse(turn: Turn, press: Press) -> Reply:
    """Opens, goes on, and sends: the press carries the answers so far."""
    day, so_far = _day(turn, press), _so_far(press, PULSE_QUESTIONS)
    if isinstance(day, Refused):
        return await _refused_pulse(turn, press, day)
    if so_far is None:
        return await _refused_pulse(turn, press, refused("malformed"))
    if await turn.desk.tallies.pulse_answered(day, turn.person.id):
        return _shown(press, sentence_card(w.PULSE_COUNTED))
    complete = len(so_far) == PULSE_QUESTIONS
    if press.verb != "pulse.send" or not complete:
        return _shown(press, asking.pulse_card(day, so_far, dialog=press.origin is Origin.DIALOG))
    comment = press.get("comment", LIMIT_COMMENT)
    problem = _not_apart(turn, comment)
    if problem:
        dialog = press.origin is Origin.DIALOG
        return _shown(press, asking.pulse_card(day, so_far, dialog=dialog, top=problem))
    answers = tuple(int(a) for a in so_far)
    await turn.desk.tallies.add_pulse(day, turn.person.id, answers, comment)
    return _shown(press, sentence_card(w.PULSE_COUNTED))


# The survey --------------------------------------------------------------------------


def _caller(referral: Referral, turn: Turn, press: Press) -> Caller | None:
    """The caller named, else the first who was told and not asked yet."""
    if named := press.get("for", 20):
        return referral.caller_of(named)
    p = turn.opened(referral)
    return next((c for c in referral.callers if survey_refusal(referral, c, p) is None), None)


async def survey_open(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    caller = _caller(referral, turn, press)
    if no := survey_refusal(referral, caller, turn.opened(referral)):
        return await _refused_survey(turn, press, no)
    assert caller is not None

    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return asking.survey_dialog(referral, view, caller, "")

    return await opener("survey.asked", w.B_SURVEY, card)(turn, press)


async def _refused_survey(turn: Turn, press: Press, no: Refused) -> Reply:
    await log_refusal(turn, press, no)
    return ShowDialog(w.B_SURVEY, refused_dialog(await turn.say(no)))


async def survey_next(turn: Turn, press: Press) -> Reply:
    """The third tap counts the answers. The first question is answered, or none is."""
    so_far = _so_far(press, SURVEY_QUESTIONS, "12345-")
    if not so_far or so_far.startswith(asking.NO_ANSWER):
        return await _refused_survey(turn, press, refused("malformed"))
    referral = await referral_of(turn, press)
    caller = _caller(referral, turn, press)
    if len(so_far) < SURVEY_QUESTIONS:
        if no := survey_refusal(referral, caller, turn.opened(referral)):
            return await _refused_survey(turn, press, no)
        assert caller is not None
        shown = asking.survey_dialog(referral, await turn.view(referral), caller, so_far)
        return ShowDialog(w.B_SURVEY, shown)
    answers = tuple(None if a == asking.NO_ANSWER else int(a) for a in so_far)
    if no := await _count(turn, press, referral, caller, answers):
        return await _refused_survey(turn, press, no)
    assert caller is not None
    return ShowDialog(w.B_SURVEY, asking.survey_comment_dialog(referral, caller))


async def survey_none(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    caller = _caller(referral, turn, press)
    if no := await _count(turn, press, referral, caller, (None, None, None)):
        return await _refused_survey(turn, press, no)
    return CloseDialog()


async def _count(
    turn: Turn,
    press: Press,
    referral: Referral,
    caller: Caller | None,
    answers: tuple[int | None, ...],
) -> Refused | None:
    """Counted first, then logged as asked: what is repeated after a crash counts once."""
    p = turn.opened(referral)
    if no := survey_refusal(referral, caller, p):
        return no
    assert caller is not None
    week, test, group = _where(turn, referral, caller)
    mark = f"{referral.case_id}|{caller.for_ref}"
    await turn.desk.tallies.add_survey(week, test, group, mark, answers)
    result = await act(turn, press, cmd.AskSurvey(caller.for_ref))
    return result if isinstance(result, Refused) else None


def _where(turn: Turn, referral: Referral, caller: Caller) -> tuple[str, str, str]:
    """Week, test and group: all that is kept beside the answers."""
    p = turn.opened(referral)
    week = week_key(p.calendar.day_of(referral.asked.received_at))
    return week, referral.asked.test, survey_group(caller, p)


async def survey_comment(turn: Turn, press: Press) -> Reply:
    referral = await referral_of(turn, press)
    caller = _caller(referral, turn, press)
    comment = press.get("comment", LIMIT_COMMENT)
    if caller is None or caller.for_ref not in referral.surveyed:
        return await _refused_survey(turn, press, refused("malformed"))
    problem = _not_apart(turn, comment)
    if problem:
        shown = asking.survey_comment_dialog(referral, caller, top=problem)
        return ShowDialog(w.B_SURVEY, shown)
    if comment:
        mark = f"{referral.case_id}|{caller.for_ref}"
        await turn.desk.tallies.add_survey_comment(*_where(turn, referral, caller), mark, comment)
    return CloseDialog()
