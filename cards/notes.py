"""The case notes: to copy to each child's record, and to confirm that they are there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.domain.intake import Child
from bot.domain.referral import Referral
from bot.domain.vocabulary import LIMIT_LINE
from cards import wording as w
from cards.case_note import lines_of_talk, note_for, own_lines, shared_lines
from cards.case_note_json import SCHEMA_NAME, note_json
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    card,
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

Answers = Mapping[str, str]
_BYTES = 39_500
_IN_A_ROW = 4


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
