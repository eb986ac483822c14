"""What is known of telling a caller before they are told: whose turn it is, the text that was last
written, who looked at it, calls nobody answered, and an email that may have gone.
"""

from __future__ import annotations

import datetime as dt

from bot.domain.intake import Intake
from bot.domain.referral import Caller, Emailing, Referral
from cards import wording as w
from cards.context import View
from cards.feedback_text import draft
from cards.kit import Json, problem, small, text


def caller_of(referral: Referral, for_ref: str) -> Caller:
    """The caller named, told or not: one is never shown for another. Without a name whoever the
    MASHO was asked to ring, else the first who has not heard, whose text waits for nobody if there
    is one.
    """
    if named := next((c for c in referral.callers if c.reference == for_ref), None):
        return named
    owed = referral.owed or referral.callers[:1]
    asked = (c for c in owed if referral.asked_for(c.for_ref))
    free = (c for c in owed if not referral.held_for(c.for_ref))
    return next(asked, None) or next(free, owed[0])


def _last_written(referral: Referral, caller: Caller) -> tuple[dt.datetime, str] | None:
    """When and what somebody last wrote for this caller, since the clocks last started."""
    key, since = caller.for_ref, referral.restarted_at
    if held := referral.held_for(key):
        return held.at, held.text
    cleared = (referral.checks, referral.passes)
    written = [(c.at, c.text) for found in cleared for c in referral.cleared_now(found, key)]
    written += [(t.at, t.text) for _, t in referral.tried_now if t.for_ref == key and t.text]
    written += [(e.at, e.text) for e in referral.emailing if e.for_ref == key]
    if asked := referral.asked_for(key):
        written.append((asked.at, asked.text))
    current = [x for x in written if since is None or x[0] >= since]
    return max(current, key=lambda x: x[0], default=None)


def waiting_text(referral: Referral, view: View, caller: Caller) -> str:
    """What was last written for this caller: held, checked, let pass, given to the MASHO, meant
    to be said when nobody answered, or emailed; else the bot's draft.
    """
    last = _last_written(referral, caller)
    return last[1] if last else draft(referral, view, caller)


def out_of_date(referral: Referral, caller: Caller, view: View) -> str:
    """A warning where the form or the plan changed after the text was written; else empty."""
    last = _last_written(referral, caller)
    changed = [a.at for a in referral.amendments]
    changed += [referral.plan_at] if referral.plan_at else []
    if last is None or all(at <= last[0] for at in changed):
        return ""
    return w.FEEDBACK_OLD.format(time=view.when(last[0]))


def checked_line(referral: Referral, caller: Caller, view: View) -> Json | None:
    found = referral.cleared_now(referral.checks, caller.for_ref)
    if not found:
        return None
    last = found[-1]
    return small(w.FEEDBACK_CHECKED.format(name=view.name(last.by), time=view.when(last.at)))


def so_far(referral: Referral, caller: Caller, view: View) -> list[Json | None]:
    """Calls nobody answered, and an email that did not go or may have."""
    rung = tried_line(referral, caller, view)
    lines: list[Json | None] = [small(rung)] if rung else []
    email = next((e for e in referral.emailing if e.for_ref == caller.for_ref), None)
    return [*lines, problem(email_line(email, view)) if email else None]


def tried_line(referral: Referral, caller: Caller, view: View) -> str:
    """The last call nobody answered; empty where there was none."""
    tried = [t for _, t in referral.tried_now if t.for_ref == caller.for_ref]
    if not tried:
        return ""
    last = tried[-1]
    return w.sentence(
        w.NO_REPLY_LINE,
        time=view.when(last.at),
        name=view.name(last.by),
        again=view.when(last.again_at),
    )


def email_on_card(referral: Referral, caller: Caller, view: View) -> str:
    """Of an email that went or may have; what did not go is for its sender only."""
    mine = (e for e in referral.emailing if e.for_ref == caller.for_ref)
    shown = next((e for e in mine if e.in_question or e.code == "changed"), None)
    return email_line(shown, view) if shown else ""


def email_line(email: Emailing, view: View) -> str:
    """What is known of the last email: perhaps it went, or why it did not."""
    when, name = view.when(email.at), view.name(email.by)
    if email.in_question:
        return w.sentence(w.EMAIL_IN_QUESTION, time=when, name=name)
    if email.code == "changed":
        return w.EMAIL_WENT_BEFORE.format(time=when)
    return w.sentence(w.EMAIL_NOT_SENT, time=when, why=w.EMAIL_FAULTS[email.code])


def wants_words(intake: Intake) -> str:
    safe = w.SAFE_CONTACT.get(intake.safe_contact, "")
    if intake.safe_contact_times:
        safe = f"{safe}: {intake.safe_contact_times}"
    return w.FEEDBACK_WANTS.format(method=w.CONTACT.get(intake.contact_method, ""), safe=safe)


def which_caller(referral: Referral, caller: Caller, view: View) -> list[Json | None]:
    if len(referral.callers) < 2:
        return []
    group = view.partnership.group.find(caller.intake.referrer_group)
    return [
        text(
            w.FEEDBACK_FOR.format(
                ref=caller.reference,
                caller=group.label if group else "",
                time=view.when(caller.intake.received_at),
            ),
            weight="Bolder",
        )
    ]
