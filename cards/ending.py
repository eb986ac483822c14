"""Feedback and case notes: the two dialogs that end a referral."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.domain.referral import Referral
from bot.domain.vocabulary import LIMIT_FEEDBACK, LIMIT_LINE
from cards import wording as w
from cards.case_note import note_for, own_lines, shared_lines
from cards.context import View, data_of
from cards.feedback_text import draft
from cards.kit import (
    Json,
    actions,
    card,
    choice,
    copyable,
    heading,
    problem,
    runs,
    small,
    submit,
    text,
    text_input,
)

Answers = Mapping[str, str]
_BYTES = 39_500


def feedback_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    intake = referral.asked
    asked_text = referral.asked_masho.text if referral.asked_masho else ""
    words = answers.get("text") or asked_text or draft(referral, view)
    viewer = view.viewer
    masho = viewer is not None and viewer.id == referral.taken_by
    data = data_of(referral)
    safe = w.SAFE_CONTACT.get(intake.safe_contact, "")
    if intake.safe_contact_times:
        safe = f"{safe}: {intake.safe_contact_times}"
    wants = w.FEEDBACK_WANTS.format(method=w.CONTACT.get(intake.contact_method, ""), safe=safe)
    missing = not intake.contact_method or not intake.safe_contact
    methods = [(code, label) for code, label in w.SENT_BY.items()]
    return card(
        [
            heading(w.FEEDBACK_HEAD.format(ref=referral.reference)),
            problem(top),
            problem(w.FEEDBACK_UNSAFE) if intake.safe_contact == "no" else None,
            None if missing else runs((wants, False)),
            *(_contact_inputs(answers) if missing else []),
            small(w.FEEDBACK_READ),
            text_input("text", w.FEEDBACK_TEXT, value=words, most=LIMIT_FEEDBACK, lines=True),
            choice(
                "method",
                w.FEEDBACK_HOW,
                methods,
                value=answers.get("method", _usual(intake.contact_method)),
            ),
            actions(
                submit(w.B_SENT, "feedback.sent", data, style="positive"),
                None if masho else submit(w.B_ASK_MASHO, "feedback.ask", data),
            ),
        ]
    )


def _usual(contact_method: str) -> str:
    return contact_method if contact_method in w.SENT_BY else "phone"


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


def notes_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Each child's note to copy, a box for each Mosaic ID still to follow, one button for all.

    Where that is too large to send: what the notes share is there once, and where that is still
    too large, without a copy button and without the oldest lines of what was said.
    """
    children = referral.asked.children
    drawn = _notes(referral, answers, top, [note_for(c, referral, view) for c in children])
    own = [own_lines(c, referral, view) for c in children]
    if _fits(drawn):
        return drawn
    drawn = _notes(referral, answers, top, own, copyable(shared_lines(referral, view)))
    for left_out in range(len(referral.contributions) + len(referral.messages) + 1):
        if _fits(drawn):
            break
        shared = runs((shared_lines(referral, view, left_out), False))
        drawn = _notes(referral, answers, top, own, shared)
    return drawn


def _fits(drawn: Json) -> bool:
    return len(json.dumps(drawn, ensure_ascii=False).encode()) <= _BYTES


def _notes(
    referral: Referral, answers: Answers, top: str, texts: list[str], shared: Json | None = None
) -> Json:
    body: list[Json | None] = [
        heading(w.NOTES_HEAD.format(ref=referral.reference)),
        problem(top),
        small(w.NOTES_HINT),
    ]
    for n, child in enumerate(referral.asked.children, 1):
        if child.to_follow:
            body.append(
                text_input(
                    f"new_id_{n}",
                    w.NEW_ID.format(n=n, age=w.AGE_BANDS[child.age_band]),
                    value=answers.get(f"new_id_{n}", ""),
                    most=20,
                )
            )
        else:
            body.append(text(f"**{child.mosaic_id}**"))
        body.append(copyable(texts[n - 1]))
    body += [
        text(w.NOTES_SHARED, weight="Bolder") if shared else None,
        shared,
        text_input("note", w.NOTE_OPTIONAL, value=answers.get("note", ""), most=LIMIT_LINE),
        actions(submit(w.B_CONFIRM_NOTES, "notes.confirm", data_of(referral), style="positive")),
    ]
    return card(body)
