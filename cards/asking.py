"""One question a screen, one tap an answer: the duty team's pulse and the caller's survey.

Answers given so far ride in the buttons: nothing is kept of a person who stops half way.
"""

from __future__ import annotations

import datetime as dt

from bot.domain.referral import Caller, Referral
from bot.domain.tallies import LIMIT_COMMENT
from cards import wording as w
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    card,
    execute,
    heading,
    open_dialog,
    problem,
    small,
    submit,
    text,
    text_input,
)

NO_ANSWER = "-"


def _scale(words: tuple[str, ...], verb: str, data: Json, so_far: str, *, dialog: bool) -> Json:
    """Best first; each button carries the answers before it and its own."""
    draw = submit if dialog else execute
    return {
        "type": "ActionSet",
        "actions": [
            draw(label, verb, {**data, "so_far": f"{so_far}{score}"}, inputs=False)
            for label, score in zip(words, (5, 4, 3, 2, 1), strict=True)
        ],
    }


def pulse_card(day: dt.date, so_far: str, *, dialog: bool, top: str = "") -> Json:
    """`so_far` holds a digit an answer; after the last, the free line and Send."""
    data = {"day": day.isoformat()}
    n = len(so_far)
    head = heading(w.PULSE_HEAD.format(day=w.day_words(day)))
    if n == len(w.PULSE_QUESTIONS):
        draw = submit if dialog else execute
        send = draw(w.B_SEND_ANSWERS, "pulse.send", {**data, "so_far": so_far}, style="positive")
        box = text_input("comment", w.PULSE_COMMENT, most=LIMIT_COMMENT)
        return card([head, problem(top), box, actions(send)], wide=False)
    asked = text(w.PULSE_QUESTIONS[n], weight="Bolder")
    count = small(w.ASK_N_OF.format(n=n + 1, of=len(w.PULSE_QUESTIONS)))
    buttons = _scale(w.AGREE, "pulse.next", data, so_far, dialog=dialog)
    note = small(w.PULSE_NOTE) if n == 0 else None
    return card([head, note, count, asked, buttons], wide=False)


def pulse_channel_card(day: dt.date, names: str, mentions: list[tuple[str, str]]) -> Json:
    """For people whose chats the bot cannot reach: one post, a dialog each."""
    return card(
        [
            text(w.PULSE_CHANNEL_HEAD.format(names=names, day=w.day_words(day))),
            small(w.PULSE_NOTE),
            actions(open_dialog(w.B_ANSWER, "pulse.open", {"day": day.isoformat()})),
        ],
        mentions=mentions,
        wide=False,
    )


def survey_dialog(referral: Referral, view: View, caller: Caller, so_far: str) -> Json:
    """Read out to the caller, who is on the phone."""
    data = {**data_of(referral), "for": caller.reference}
    n = len(so_far)
    young = caller.intake.referrer_group == "child_young_person"
    form = view.partnership.survey_form_url
    none = submit(w.B_NO_ANSWER, "survey.none", data, inputs=False)
    skip = submit(w.B_SKIP, "survey.next", {**data, "so_far": so_far + NO_ANSWER}, inputs=False)
    return card(
        [
            small(w.SURVEY_READ.format(ref=caller.reference)) if n == 0 else None,
            text(w.SURVEY_YOUNG, weight="Bolder") if young and n == 0 else None,
            small(w.ASK_N_OF.format(n=n + 1, of=len(w.SURVEY_QUESTIONS))),
            heading(w.SURVEY_QUESTIONS[n]),
            _scale(w.AGREE if n else w.SATISFIED, "survey.next", data, so_far, dialog=True),
            actions(skip if n else none),
            small(w.SURVEY_LINK.format(url=form)) if form and n == 0 else None,
        ]
    )


def survey_comment_dialog(referral: Referral, caller: Caller, top: str = "") -> Json:
    """The answers are counted; what else the caller says is optional."""
    data = {**data_of(referral), "for": caller.reference}
    return card(
        [
            text(w.SURVEY_COUNTED, weight="Bolder"),
            problem(top),
            text_input("comment", w.SURVEY_COMMENT, most=LIMIT_COMMENT, lines=True),
            actions(submit(w.B_SAVE, "survey.comment", data, style="positive")),
        ]
    )
