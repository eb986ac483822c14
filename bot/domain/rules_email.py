"""Emailing a caller from the service mailbox: what may start, and what is logged of how it ended.

It is logged before the email goes and again when its fate is known, because sending is not
repeatable and the address is kept nowhere: after a crash nobody but a person can tell.
"""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd, events as ev
from bot.domain.contact import SERVICE_MAILBOX
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.referral import Referral
from bot.domain.rules_feedback import may_go, owed_caller, sent_events

EMAIL_CODES = (
    "bad_address",
    "busy",
    "changed",
    "no_mailbox",
    "not_accepted",
    "not_permitted",
    "not_signed_in",
    "too_large",
    "unknown",
    "unreachable",
)
"""Why an email did not go, or (`unknown`) may not have; `changed`: it went, but meanwhile the
referral had moved on, so that it does not count as feedback.
"""

GOING_S = 60
"""How long one may still be on its way; sending ends within eight seconds."""


def start_email(referral: Referral, command: cmd.StartFeedbackEmail, scene: Scene) -> Decided:
    if no := check("feedback.email_started", referral, scene):
        return no
    if not scene.partnership.mailbox:
        return refused("no_service_mailbox")
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    if going := referral.emailing_to(caller):
        if not going.code and scene.now < going.at + dt.timedelta(seconds=GOING_S):
            return refused("email_going")
        if not command.again:
            return refused("email_unknown")
    if no := may_go(referral, caller, command.text, SERVICE_MAILBOX, scene):
        return no
    return (scene.did(ev.FeedbackEmailStarted(command.text, caller.for_ref)),)


def end_email(referral: Referral, command: cmd.EndFeedbackEmail, scene: Scene) -> Decided:
    """Never refused: whatever happened meanwhile, how it ended is on the record."""
    caller = referral.caller_of(command.for_ref)
    going = referral.emailing_to(caller) if caller else None
    if caller is None or going is None:
        code = command.code or "changed"
        return (scene.did(ev.FeedbackEmailFailed(code, command.for_ref)),)
    if command.code:
        return (scene.did(ev.FeedbackEmailFailed(command.code, caller.for_ref)),)
    again = referral.restarted_at is not None and going.at < referral.restarted_at
    if again or check("feedback.sent", referral, scene) or caller not in referral.owed:
        return (scene.did(ev.FeedbackEmailFailed("changed", caller.for_ref)),)
    told = cmd.SendFeedback(SERVICE_MAILBOX, going.text, caller.for_ref, command.late_reason)
    return sent_events(referral, caller, told, scene)
