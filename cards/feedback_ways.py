"""The ways of telling a caller that need a step of their own: read aloud, ring again, email."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from bot.domain.contact import is_safe
from bot.domain.referral import Caller, Referral
from bot.domain.vocabulary import LIMIT_FEEDBACK, LIMIT_LINE
from cards import wording as w
from cards.context import View, data_of
from cards.feedback_waiting import caller_of, waiting_text, wants_words, which_caller
from cards.kit import (
    Json,
    actions,
    card,
    date_input,
    heading,
    paragraphs,
    problem,
    runs,
    small,
    submit,
    text,
    text_input,
    time_input,
)

Answers = Mapping[str, str]
_LATER_MINUTES = 60
_ROUND_MINUTES = 5
_SENTENCE_ENDS = re.compile(r"(?<=[.?!])(?<!\b[A-Z]\.)\s+|\n+")
"""Not after an initial: people are shown as "Femi A."."""


def _data(referral: Referral, caller: Caller, answers: Answers) -> Json:
    passed = {"pass": "true"} if answers.get("pass") == "true" else {}
    return {**data_of(referral), "for": caller.reference, **passed}


def _typed(answers: Answers, words: str) -> list[Json]:
    """What was typed before rides along unseen: a button carries nobody's words."""
    late = answers.get("late_reason", "")
    inputs = (
        text_input("text", w.FEEDBACK_TEXT, value=words, most=LIMIT_FEEDBACK, lines=True),
        text_input("late_reason", w.LATE_WHY, value=late, most=LIMIT_LINE),
    )
    return [{**i, "isVisible": False} for i in inputs]


def _words(referral: Referral, view: View, caller: Caller, answers: Answers) -> str:
    return answers.get("text") or waiting_text(referral, view, caller)


def sentences(words: str) -> list[str]:
    """One to a line, so that a person on the phone keeps their place."""
    return [s for part in _SENTENCE_ENDS.split(words) if (s := part.strip())]


def aloud_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """For the phone: the text large, a sentence a line, and how the call went below it."""
    caller = caller_of(referral, answers.get("for", ""))
    words = _words(referral, view, caller, answers)
    data = _data(referral, caller, answers)
    told = {**data, "method": "phone"}
    left = {**data, "method": "voicemail"}
    return card(
        [
            heading(w.FEEDBACK_ALOUD),
            problem(top),
            *which_caller(referral, caller, view),
            *(runs((s, False), size="Large", spacing="Medium") for s in sentences(words)),
            *_typed(answers, words),
            actions(
                submit(w.B_HEARD, "feedback.sent", told, style="positive"),
                submit(w.B_NO_REPLY, "again.open", data),
                submit(w.B_VOICEMAIL, "feedback.sent", left)
                if is_safe(caller.intake, "voicemail")
                else None,
                submit(w.B_BACK, "feedback.open", data),
            ),
        ]
    )


def again_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Nobody answered: when to ring again, in an hour of working time unless changed."""
    caller = caller_of(referral, answers.get("for", ""))
    words = _words(referral, view, caller, answers)
    data = _data(referral, caller, answers)
    later = view.local(_later(view))
    return card(
        [
            heading(w.NO_REPLY_HEAD.format(ref=caller.reference)),
            problem(top),
            *which_caller(referral, caller, view),
            runs((wants_words(caller.intake), False)) if caller.intake.safe_contact else None,
            date_input("again_day", w.AGAIN_DAY, answers.get("again_day") or str(later.date())),
            time_input("again_time", w.AGAIN_TIME, answers.get("again_time") or w.clock(later)),
            small(w.NO_REPLY_HINT),
            *_typed(answers, words),
            actions(
                submit(w.B_RING_AGAIN, "again.save", data, style="positive"),
                submit(w.B_BACK, "feedback.open", data),
            ),
        ]
    )


def _later(view: View) -> dt.datetime:
    """In an hour of working time, on the next five minutes; never at closing time itself."""
    calendar = view.partnership.calendar
    at = calendar.add_working_minutes(view.now, _LATER_MINUTES)
    over = dt.timedelta(
        minutes=at.minute % _ROUND_MINUTES, seconds=at.second, microseconds=at.microsecond
    )
    rounded = at - over + dt.timedelta(minutes=_ROUND_MINUTES) if over else at
    return calendar.next_opening(rounded)


def mail_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """The email as it will go, and the address, which is asked each time and kept nowhere."""
    caller = caller_of(referral, answers.get("for", ""))
    words = _words(referral, view, caller, answers)
    data = _data(referral, caller, answers)
    again = referral.emailing_to(caller) is not None
    address = text_input("to", w.EMAIL_TO, value=answers.get("to", ""), most=w.LONGEST_ADDRESS)
    title = w.B_EMAIL_AGAIN if again else w.B_SEND_EMAIL
    return card(
        [
            heading(w.EMAIL_HEAD.format(ref=caller.reference)),
            problem(top),
            *which_caller(referral, caller, view),
            problem(w.REFUSALS["email_unknown"]) if again and not top else None,
            small(w.EMAIL_HINT.format(mailbox=view.partnership.mailbox)),
            {**address, "style": "Email"},
            text(w.EMAIL_SUBJECT_LINE.format(subject=w.EMAIL_SUBJECT), weight="Bolder"),
            *paragraphs(words),
            *_typed(answers, words),
            actions(
                submit(title, "mail.send", {**data, "again": again}, style="positive"),
                submit(w.B_BACK, "feedback.open", data),
            ),
        ]
    )
