"""Telling the caller: the text at their level, who looks at it first, and how it went."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.contact import SERVICE_MAILBOX, is_safe, safe_methods
from bot.domain.feedback_levels import CHECKED_FIRST, leaks, level_of
from bot.domain.referral import Caller, Referral
from bot.domain.rules_feedback import owed_before_sending, waits_for
from bot.domain.vocabulary import LIMIT_FEEDBACK, LIMIT_LINE, Role
from cards import wording as w
from cards.context import View, data_of
from cards.feedback_waiting import (
    caller_of,
    checked_line,
    out_of_date,
    so_far,
    waiting_text,
    wants_words,
    which_caller,
)
from cards.kit import (
    Json,
    actions,
    card,
    choice,
    heading,
    problem,
    runs,
    small,
    submit,
    text,
    text_input,
)
from cards.refusals import leaks_words

Answers = Mapping[str, str]


def check_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """What a social worker or duty manager sees before a text goes to a caller."""
    caller = _to_look_at(referral, view, answers)
    words = answers.get("text") or waiting_text(referral, view, caller)
    found = leaks(words, referral, caller, view.partnership)
    level = level_of(caller, view.partnership)
    data = {**data_of(referral), "for": caller.reference}
    manager = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    return card(
        [
            heading(w.CHECK_HEAD.format(ref=referral.reference)),
            problem(top),
            *which_caller(referral, caller, view),
            text(w.LEVELS[level]),
            problem(w.LEVEL_WARNS_HERE.format(leaks=leaks_words(found))) if found else None,
            text_input("text", w.FEEDBACK_TEXT, value=words, most=LIMIT_FEEDBACK, lines=True),
            text_input("reason", w.CHECK_WHY, value=answers.get("reason", ""), most=LIMIT_LINE)
            if manager
            else None,
            actions(
                submit(w.B_CHECKED, "feedback.check", data, style="positive")
                if level in CHECKED_FIRST
                else None,
                submit(w.B_LET_GO, "feedback.pass", data) if manager else None,
            ),
            *_other_callers(referral, caller, "check.open", w.B_CHECK_OTHER),
        ]
    )


def _to_look_at(referral: Referral, view: View, answers: Answers) -> Caller:
    """The caller named, else one whose text waits for this viewer, else the first who is owed."""
    if not answers.get("for") and view.viewer:
        for held in referral.held:
            if waits_for(held, referral, view.viewer) and (c := referral.caller_of(held.for_ref)):
                return c
    return caller_of(referral, answers.get("for", ""))


def feedback_dialog(
    referral: Referral,
    view: View,
    answers: Answers,
    *,
    top: str = "",
    may_ask: bool = False,
    others: bool = True,
) -> Json:
    """One caller at a time. `answers["for"]` is the reference of the caller it is about; `may_ask`
    offers to ask the duty manager to let the text pass, `others` to turn to another caller.
    """
    caller = caller_of(referral, answers.get("for", ""))
    typed = answers.get("text", "")
    words = typed or waiting_text(referral, view, caller)
    viewer = view.viewer
    intake = caller.intake
    missing = not intake.contact_method or not intake.safe_contact
    late = view.now > view.due(referral)
    sender = viewer.id if viewer else ""
    owed = owed_before_sending(referral, caller, words, sender, view.partnership)
    unchecked = "check" in owed
    return card(
        [
            heading(w.FEEDBACK_HEAD.format(ref=referral.reference)),
            problem(top),
            *which_caller(referral, caller, view),
            problem(w.FEEDBACK_UNSAFE) if intake.safe_contact == "no" else None,
            None if missing else runs((wants_words(intake), False)),
            *so_far(referral, caller, view),
            None if typed else problem(out_of_date(referral, caller, view)),
            *(_contact_inputs(answers) if missing else []),
            _first(caller, unchecked=unchecked),
            checked_line(referral, caller, view),
            text_input("text", w.FEEDBACK_TEXT, value=words, most=LIMIT_FEEDBACK, lines=True),
            None if unchecked else _how(referral, caller, answers),
            text_input(
                "late_reason", w.LATE_WHY, value=answers.get("late_reason", ""), most=LIMIT_LINE
            )
            if late and not unchecked
            else None,
            *_buttons(referral, caller, view, unchecked=unchecked, may_ask=may_ask),
            *(_other_callers(referral, caller) if others else ()),
        ]
    )


def _first(caller: Caller, *, unchecked: bool) -> Json | None:
    """What to do with the text: have it checked, or say or send it where that is safe."""
    if unchecked:
        return text(w.FEEDBACK_CHECK_FIRST, weight="Bolder")
    return None if caller.intake.safe_contact == "no" else small(w.FEEDBACK_READ)


def _how(referral: Referral, caller: Caller, answers: Answers) -> Json:
    """Ways that are safe for this caller; all of them until somebody asked."""
    intake = caller.intake
    ways = safe_methods(intake) if intake.safe_contact else tuple(w.SENT_BY)
    offered = [(way, w.SENT_BY[way]) for way in ways]
    if referral.emailing_to(caller):
        offered.append((SERVICE_MAILBOX, w.EMAIL_DID_GO))
    usual = intake.contact_method if intake.contact_method in ways else ways[0]
    return choice("method", w.FEEDBACK_HOW, offered, value=answers.get("method", "") or usual)


def _buttons(
    referral: Referral, caller: Caller, view: View, *, unchecked: bool, may_ask: bool
) -> list[Json | None]:
    """What it comes down to first; the ways that need another step below."""
    data = {**data_of(referral), "for": caller.reference}
    if unchecked:
        return [actions(submit(w.B_ASK_CHECK, "feedback.hold", data, style="positive"))]
    intake, viewer = caller.intake, view.viewer
    unasked = not intake.safe_contact
    rings = unasked or is_safe(intake, "phone")
    emails = bool(view.partnership.mailbox) and (unasked or is_safe(intake, "email"))
    masho = viewer is not None and viewer.id == caller.taken_by
    tried = any(t.for_ref == caller.for_ref for _, t in referral.tried_now)
    hard = intake.safe_contact == "no" or intake.contact_method == "not_possible" or tried
    return [
        actions(
            submit(w.B_SENT, "feedback.sent", data, style="positive"),
            submit(w.B_ALOUD, "aloud.open", data) if rings else None,
            submit(w.B_NO_REPLY, "again.open", data) if rings else None,
            submit(w.B_CANNOT, "cannot.open", data, inputs=False) if hard else None,
        ),
        actions(
            submit(w.B_EMAIL, "mail.open", data) if emails else None,
            submit(w.B_ASK_MASHO, "feedback.ask", data) if rings and not masho else None,
            submit(w.B_ASK_MANAGER, "feedback.hold", data) if may_ask else None,
        ),
    ]


def cannot_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Why one caller cannot be told. `answers["for"]` names which, where there is more than one."""
    caller = caller_of(referral, answers.get("for", ""))
    data = {**data_of(referral), "for": caller.reference}
    return card(
        [
            heading(w.B_CANNOT),
            problem(top),
            *which_caller(referral, caller, view),
            text_input("reason", w.CANNOT_WHY, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(submit(w.B_SAVE, "cannot.save", data, style="positive")),
            *_other_callers(referral, caller, "cannot.open", w.B_CANNOT_OTHER),
        ]
    )


def _other_callers(
    referral: Referral,
    caller: Caller,
    opener: str = "feedback.open",
    title: str = w.B_OTHER_CALLER,
) -> list[Json | None]:
    """The same dialog for another caller who has not heard."""
    return [
        actions(
            submit(
                title.format(ref=c.reference),
                opener,
                {**data_of(referral), "for": c.reference},
                inputs=False,
            )
        )
        for c in referral.owed
        if c.reference != caller.reference
    ]


def _contact_inputs(answers: Answers) -> list[Json]:
    """Asked here when nobody asked on the call: feedback cannot go without them."""
    return [
        choice(
            "contact_method",
            w.FIELDS["contact_method"],
            list(w.CONTACT.items()),
            value=answers.get("contact_method", ""),
        ),
        choice(
            "safe_contact",
            w.FIELDS["safe_contact"],
            list(w.SAFE_CONTACT.items()),
            value=answers.get("safe_contact", ""),
        ),
        text_input(
            "safe_contact_times",
            w.FIELDS["safe_contact_times"],
            value=answers.get("safe_contact_times", ""),
            most=60,
        ),
    ]
