"""Feedback and case notes: the two dialogs that end a referral."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.domain.feedback_levels import CHECKED_FIRST, leaks, level_of
from bot.domain.intake import Child, Intake
from bot.domain.referral import Caller, Referral
from bot.domain.rules_feedback import owed_before_sending
from bot.domain.vocabulary import LIMIT_FEEDBACK, LIMIT_LINE, Role
from cards import wording as w
from cards.case_note import lines_of_talk, note_for, own_lines, shared_lines
from cards.case_note_json import SCHEMA_NAME, note_json
from cards.context import View, data_of
from cards.feedback_text import draft
from cards.kit import (
    Json,
    actions,
    card,
    choice,
    copyable,
    first_that_fits,
    heading,
    problem,
    runs,
    size_of,
    small,
    submit,
    text,
    text_input,
)
from cards.refusals import leaks_words

Answers = Mapping[str, str]
_BYTES = 39_500
_IN_A_ROW = 4


def caller_of(referral: Referral, for_ref: str) -> Caller:
    """Whose answer this is: the one named, else whoever the MASHO was asked to ring, else the
    first who has not heard.
    """
    asked = referral.asked_masho
    wanted = for_ref or (asked.for_ref if asked else "")
    held = referral.held_feedback
    wanted = wanted or (held.for_ref if held else "")
    named = next((c for c in referral.owed if c.reference == wanted), None)
    return named or next(iter(referral.owed), referral.callers[0])


def waiting_text(referral: Referral, view: View, caller: Caller) -> str:
    """What was last held, checked or let pass for this caller; else the bot's draft."""
    held = referral.held_feedback
    if held and held.for_ref == caller.for_ref:
        return held.text
    cleared = [c for c in (*referral.checks, *referral.passes) if c.for_ref == caller.for_ref]
    latest = max(cleared, key=lambda c: c.at, default=None)
    return latest.text if latest else draft(referral, view, caller)


def _checked(referral: Referral, caller: Caller, view: View) -> Json | None:
    found = [c for c in referral.checks if c.for_ref == caller.for_ref]
    if not found:
        return None
    last = found[-1]
    words = w.FEEDBACK_CHECKED.format(name=view.name(last.by), time=view.when(last.at))
    return small(words)


def check_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """What a social worker or duty manager sees before a text goes to a caller."""
    held = referral.held_feedback
    caller = caller_of(referral, answers.get("for", "") or (held.for_ref if held else ""))
    words = answers.get("text") or waiting_text(referral, view, caller)
    found = leaks(words, referral, caller, view.partnership)
    level = level_of(caller, view.partnership)
    data = {**data_of(referral), "for": caller.reference}
    manager = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    return card(
        [
            heading(w.CHECK_HEAD.format(ref=referral.reference)),
            problem(top),
            *_which_caller(referral, caller, view),
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


def feedback_dialog(
    referral: Referral, view: View, answers: Answers, *, top: str = "", may_ask: bool = False
) -> Json:
    """One caller at a time. `answers["for"]` is the reference of the caller it is about; `may_ask`
    offers to ask the duty manager to let the text pass.
    """
    caller = caller_of(referral, answers.get("for", ""))
    asked = referral.asked_masho
    asked_text = asked.text if asked and asked.for_ref == caller.for_ref else ""
    words = answers.get("text") or asked_text or waiting_text(referral, view, caller)
    viewer = view.viewer
    masho = viewer is not None and viewer.id == caller.taken_by
    data = {**data_of(referral), "for": caller.reference}
    intake = caller.intake
    missing = not intake.contact_method or not intake.safe_contact
    late = view.now > view.partnership.calendar.one_working_day_after(referral.asked.received_at)
    sender = viewer.id if viewer else ""
    owed = owed_before_sending(referral, caller, words, sender, view.partnership)
    unchecked = "check" in owed
    return card(
        [
            heading(w.FEEDBACK_HEAD.format(ref=referral.reference)),
            problem(top),
            *_which_caller(referral, caller, view),
            problem(w.FEEDBACK_UNSAFE) if intake.safe_contact == "no" else None,
            None if missing else runs((_wants(intake), False)),
            *(_contact_inputs(answers) if missing else []),
            text(w.FEEDBACK_CHECK_FIRST, weight="Bolder") if unchecked else small(w.FEEDBACK_READ),
            _checked(referral, caller, view),
            text_input("text", w.FEEDBACK_TEXT, value=words, most=LIMIT_FEEDBACK, lines=True),
            choice(
                "method",
                w.FEEDBACK_HOW,
                list(w.SENT_BY.items()),
                value=answers.get("method", _usual(intake.contact_method)),
            ),
            text_input(
                "late_reason", w.LATE_WHY, value=answers.get("late_reason", ""), most=LIMIT_LINE
            )
            if late and not unchecked
            else None,
            _send_buttons(data, unchecked=unchecked, masho=masho, may_ask=may_ask),
            *_other_callers(referral, caller),
        ]
    )


def _send_buttons(data: Json, *, unchecked: bool, masho: bool, may_ask: bool) -> Json | None:
    if unchecked:
        return actions(submit(w.B_ASK_CHECK, "feedback.hold", data, style="positive"))
    return actions(
        submit(w.B_SENT, "feedback.sent", data, style="positive"),
        None if masho else submit(w.B_ASK_MASHO, "feedback.ask", data),
        submit(w.B_ASK_MANAGER, "feedback.hold", data) if may_ask else None,
    )


def _wants(intake: Intake) -> str:
    safe = w.SAFE_CONTACT.get(intake.safe_contact, "")
    if intake.safe_contact_times:
        safe = f"{safe}: {intake.safe_contact_times}"
    return w.FEEDBACK_WANTS.format(method=w.CONTACT.get(intake.contact_method, ""), safe=safe)


def _which_caller(referral: Referral, caller: Caller, view: View) -> list[Json | None]:
    if len(referral.callers) < 2:
        return []
    group = view.partnership.group.get(caller.intake.referrer_group)
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


def cannot_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Why one caller cannot be told. `answers["for"]` names which, where there is more than one."""
    caller = caller_of(referral, answers.get("for", ""))
    data = {**data_of(referral), "for": caller.reference}
    return card(
        [
            heading(w.B_CANNOT),
            problem(top),
            *_which_caller(referral, caller, view),
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
    if size_of(drawn) <= _BYTES:
        return drawn
    drawn = _notes(referral, answers, top, own, copyable(shared_lines(referral, view)))
    if size_of(drawn) <= _BYTES:
        return drawn

    def draw(left_out: int) -> Json:
        shared = runs((shared_lines(referral, view, left_out), False))
        return _notes(referral, answers, top, own, shared)

    return first_that_fits(draw, lines_of_talk(referral), _BYTES)


def notes_json_dialog(referral: Referral, view: View, n: int) -> Json:
    """Child `n`'s note as data, counted from 0, and buttons for the other children's.

    Where it is too large to send, it goes without a copy button, and then without its oldest
    lines, which it counts.
    """

    def draw(left_out: int, *, whole: bool = False) -> Json:
        note = note_json(referral.asked.children[n], referral, view, left_out)
        words = json.dumps(note, ensure_ascii=False, separators=(",", ":"))
        shown = copyable(words) if whole else runs((words, False))
        return _json_card(referral, n, shown)

    drawn = draw(0, whole=True)
    if size_of(drawn) <= _BYTES:
        return drawn
    return first_that_fits(draw, lines_of_talk(referral), _BYTES)


def _json_card(referral: Referral, n: int, shown: Json) -> Json:
    children = referral.asked.children
    names = [_child_words(i, c) for i, c in enumerate(children, 1)]
    others = [
        submit(
            w.B_JSON_CHILD.format(child=name),
            "notes.json",
            {**data_of(referral), "child": str(i)},
            inputs=False,
        )
        for i, name in enumerate(names)
        if i != n
    ]
    return card(
        [
            heading(w.NOTES_HEAD.format(ref=referral.reference)),
            small(w.NOTES_JSON_HINT.format(child=names[n], schema=SCHEMA_NAME)),
            shown,
            *(actions(*others[i : i + _IN_A_ROW]) for i in range(0, len(others), _IN_A_ROW)),
        ]
    )


def _child_words(n: int, child: Child) -> str:
    if child.to_follow:
        return w.CHILD_TO_FOLLOW.format(n=n, age=w.AGE_BANDS[child.age_band])
    return child.mosaic_id


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
    ]
    data = data_of(referral)
    if referral.notes_done:
        body.append(actions(submit(w.B_AS_JSON, "notes.json", data, inputs=False)))
        return card(body)
    body += [
        text_input("note", w.NOTE_OPTIONAL, value=answers.get("note", ""), most=LIMIT_LINE),
        actions(
            submit(w.B_CONFIRM_NOTES, "notes.confirm", data, style="positive"),
            submit(w.B_AS_JSON, "notes.json", data, inputs=False),
        ),
    ]
    return card(body)
