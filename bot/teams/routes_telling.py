"""Ways of telling a caller that need a step of their own: reading aloud, ringing again, email.

The address of an email is in memory while its press lasts and nowhere else: not in the press's
key, an event, a log line or an error.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import replace

from bot.desk.graph_ports import Mailbox, MailNotSent, MailUnknown
from bot.desk.ports import StoreUnavailable
from bot.desk.service import Done, Result
from bot.domain import commands as cmd
from bot.domain.contact import SERVICE_MAILBOX, is_address
from bot.domain.decision import Refused, refused
from bot.domain.events import FeedbackEmailFailed
from bot.domain.referral import Referral
from bot.domain.rules_email import GOING_S
from bot.domain.rules_feedback import contact_refusal
from bot.domain.vocabulary import LIMIT_FEEDBACK, LIMIT_LINE
from bot.teams.answering import act, done, log_refusal, referral_of
from bot.teams.press import CloseDialog, Press, Reply, ShowDialog, Turn
from bot.teams.routes_feedback import contact_answers, kept_back, not_yet, told_already, warned
from cards import feedback_ways as ways, wording as w
from cards.desk_cards import refused_dialog
from cards.feedback_waiting import caller_of, waiting_text

_log = logging.getLogger("frontdoor.telling")
_REF = 20
_WAITS_S = (0.2, 1.0)
"""Between tries to log how an email ended: it cannot be asked again."""


async def aloud_open(turn: Turn, press: Press) -> Reply:
    if kept := await not_yet(turn, press, "phone"):
        return kept
    referral = await referral_of(turn, press)
    drawn = ways.aloud_dialog(referral, await turn.view(referral), press.values)
    return ShowDialog(w.B_ALOUD, drawn)


# Nobody answered -----------------------------------------------------------------------


async def again_open(turn: Turn, press: Press) -> Reply:
    """How to call back is kept where it was asked here: it may say that nobody may ring."""
    if told := await told_already(turn, press):
        return told
    if warning := await warned(turn, press):
        return warning
    no = await contact_answers(turn, press)
    referral = await referral_of(turn, press)
    caller = referral.caller_of(press.get("for", _REF))
    if caller is not None:
        no = no or contact_refusal(caller, "phone")
    if no:
        await log_refusal(turn, press, no)
        return await kept_back(turn, press, no)
    drawn = ways.again_dialog(referral, await turn.view(referral), press.values)
    return ShowDialog(w.B_NO_REPLY, drawn)


def _again_at(turn: Turn, press: Press) -> dt.datetime | None:
    """The local day and time as an instant; None where they are not both one."""
    try:
        day = dt.date.fromisoformat(press.get("again_day", 10))
        time = dt.time.fromisoformat(press.get("again_time", 8))
    except ValueError:
        return None
    return None if time.tzinfo else turn.desk.partnership.calendar.instant(day, time)


async def again_save(turn: Turn, press: Press) -> Reply:
    """The text is kept where it was changed, for the next call."""
    at = _again_at(turn, press)
    result: Result = refused("again_when")
    if at is not None:
        referral = await referral_of(turn, press)
        view = await turn.view(referral)
        caller = caller_of(referral, press.get("for", _REF))
        words = press.get("text", LIMIT_FEEDBACK)
        changed = words if words != waiting_text(referral, view, caller) else ""
        command = cmd.TryFeedbackAgain(at, press.get("for", _REF), changed)
        result = await act(turn, press, command)
    if isinstance(result, Refused) and result.code != "again_when":
        return await kept_back(turn, press, result)
    return await done(turn, press, result, w.B_NO_REPLY, ways.again_dialog)


# Email ------------------------------------------------------------------------------


async def mail_open(turn: Turn, press: Press) -> Reply:
    if turn.desk.mailbox is None:
        return await _no_mailbox(turn, press)
    if kept := await not_yet(turn, press, SERVICE_MAILBOX):
        return kept
    referral = await referral_of(turn, press)
    drawn = ways.mail_dialog(referral, await turn.view(referral), press.values)
    return ShowDialog(w.B_EMAIL, drawn)


async def _no_mailbox(turn: Turn, press: Press) -> Reply:
    no = refused("no_service_mailbox")
    await log_refusal(turn, press, no)
    return await kept_back(turn, press, no)


async def _shown_again(turn: Turn, press: Press, top: str) -> Reply:
    """The email again, with the address as it was typed: it goes back to the same person only."""
    referral = await referral_of(turn, press)
    drawn = ways.mail_dialog(referral, await turn.view(referral), press.values, top=top)
    return ShowDialog(w.B_EMAIL, drawn)


async def mail_send(turn: Turn, press: Press) -> Reply:
    """Logged as started, sent, logged as it ended; each is on the record whatever comes next."""
    mailbox, to = turn.desk.mailbox, press.get("to", w.LONGEST_ADDRESS + 1)
    without = {name: value for name, value in press.values.items() if name != "to"}
    nameless = replace(press, values=without)
    if mailbox is None:
        return await _no_mailbox(turn, nameless)
    if kept := await not_yet(turn, nameless, SERVICE_MAILBOX):
        return kept
    if not is_address(to):
        no = refused("bad_address")
        await log_refusal(turn, nameless, no)
        return await _shown_again(turn, press, await turn.say(no))
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    command = cmd.StartFeedbackEmail(text, for_ref, again=press.get("again") == "true")
    started = await act(turn, nameless, command)
    if isinstance(started, Refused):
        if started.code in ("email_going", "email_unknown"):
            return await _shown_again(turn, press, await turn.say(started))
        return await kept_back(turn, nameless, started)
    if not started.changed:
        return await _pressed_before(turn, press, started.referral)
    code = await _deliver(mailbox, to, text)
    return await _ended(turn, press, nameless, code)


async def _pressed_before(turn: Turn, press: Press, referral: Referral) -> Reply:
    """The same press again: by Teams while it is on its way, or by a person who never saw how it
    ended, and gets the email again as it now stands.
    """
    caller = referral.caller_of(press.get("for", _REF))
    if caller is None or caller not in referral.owed:
        return CloseDialog()
    last = next((e for e in referral.emailing if e.for_ref == caller.for_ref), None)
    if last is None:
        return await _shown_again(turn, press, "")
    if not last.code and turn.desk.clock.now() < last.at + dt.timedelta(seconds=GOING_S):
        return ShowDialog(w.B_EMAIL, refused_dialog(w.REFUSALS["email_going"]))
    return await _shown_again(turn, press, w.EMAIL_FAULTS[last.code or "unknown"])


async def _deliver(mailbox: Mailbox, to: str, text: str) -> str:
    """Empty where it went; otherwise one of `rules_email.EMAIL_CODES`."""
    try:
        await mailbox.send(to, w.EMAIL_SUBJECT, text)
    except MailNotSent as no:
        return no.code
    except MailUnknown:
        return "unknown"
    except Exception as fault:  # noqa: BLE001 - the delivery boundary: it may have gone
        _log.error("telling.mail_fault", extra={"fault": type(fault).__name__})
        return "unknown"
    return ""


async def _ended(turn: Turn, press: Press, nameless: Press, code: str) -> Reply:
    late = press.get("late_reason", LIMIT_LINE)
    command = cmd.EndFeedbackEmail(code, press.get("for", _REF), late)
    try:
        result = await _logged(turn, nameless, command)
        if not code and isinstance(result, Done) and _went_in_vain(result):
            return ShowDialog(w.B_EMAIL, refused_dialog(w.EMAIL_FAULTS["changed"]))
    except StoreUnavailable:
        _log.error("telling.end_not_logged", extra={"case": press.case_id, "code": code or "sent"})
        if not code:
            return ShowDialog(w.B_EMAIL, refused_dialog(w.REFUSALS["email_not_logged"]))
    if not code:
        return CloseDialog()
    _log.info("telling.email_not_sent", extra={"case": press.case_id, "code": code})
    return await _shown_again(turn, press, w.EMAIL_FAULTS[code])


def _went_in_vain(result: Done) -> bool:
    return any(isinstance(r.event, FeedbackEmailFailed) for r in result.recorded)


async def _logged(turn: Turn, press: Press, command: cmd.EndFeedbackEmail) -> Result:
    """Raises StoreUnavailable once it has been tried three times."""
    key = turn.key(press) + "end"
    for wait_s in _WAITS_S:
        try:
            return await turn.desk.service.act(press.case_id, command, turn.person, press=key)
        except StoreUnavailable:
            await asyncio.sleep(wait_s)
    return await turn.desk.service.act(press.case_id, command, turn.person, press=key)
