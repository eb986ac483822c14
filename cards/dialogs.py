"""The small dialogs behind More: one question each."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referral import Referral
from bot.domain.vocabulary import HANDOVER_TO, KNOWN, LIMIT_LINE, LIMIT_RELEVANT, Role
from cards import wording as w
from cards.briefing import strategy_inputs
from cards.buttons import all_for, strategy_owed
from cards.context import View, data_of, ring_words
from cards.kit import (
    Json,
    actions,
    card,
    choice,
    execute,
    heading,
    problem,
    small,
    submit,
    text,
    text_input,
    yes_no,
)

Answers = Mapping[str, str]


def _submit_for(verb: str, referral: Referral, *, title: str = w.B_SAVE) -> Json:
    return submit(title, verb, data_of(referral), style="positive")


def more_dialog(referral: Referral, view: View) -> Json:
    """Everything this person may do: their screen may still show the card everybody shares."""
    buttons = [b for b in all_for(referral, view) if b.verb not in ("add", "more.open")]
    owed = any(b.verb == "agree" for b in buttons) and strategy_owed(referral, view)
    drawn = [
        submit(b.title, b.verb, {**data_of(referral), **dict(b.extra)}, style=b.style)
        for b in buttons
    ]
    groups = [actions(*drawn[i : i + 4]) for i in range(0, len(drawn), 4)]
    return card(
        [
            heading(w.MORE_HEAD.format(ref=referral.reference)),
            text(view.danger()),
            *(strategy_inputs() if owed else []),
            text_input("note", w.FLAG_NOTE, most=LIMIT_LINE)
            if any(b.verb == "flag" for b in buttons)
            else None,
            *groups,
        ]
    )


def contribute_dialog(
    referral: Referral, view: View, answers: Answers, *, top: str = "", may_pass: bool = False
) -> Json:
    """Own agency's information in full, or what another agency said in the room."""
    p = view.partnership
    own = view.viewer.agency if view.viewer else ""
    get = answers.get
    absent_too = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    answers_offered = [(k, w.KNOWN[k]) for k in KNOWN if k != "no_rep_today" or absent_too]
    verb = "contribute.save"
    return card(
        [
            heading(w.FULL_HEAD),
            problem(top),
            choice(
                "agency",
                w.WHOSE,
                [(a.code, a.label) for a in p.agencies],
                value=get("agency", own),
            ),
            choice("known", w.ANSWER, answers_offered, value=get("known", "known")),
            text_input(
                "relevant", w.RELEVANT, value=get("relevant", ""), most=LIMIT_RELEVANT, lines=True
            ),
            text_input("strengths", w.STRENGTHS, value=get("strengths", ""), most=LIMIT_LINE),
            text_input("worries", w.WORRIES, value=get("worries", ""), most=LIMIT_LINE),
            text_input("suggests", w.SUGGESTS, value=get("suggests", ""), most=LIMIT_LINE),
            choice("sharing", w.SHARE, list(w.SHARING.items()), value=get("sharing", "shared")),
            choice(
                "basis",
                w.BASIS,
                [(b.code, b.label) for b in p.bases_on(view.day())],
                value=get("basis", p.default_sharing_basis),
            ),
            text_input("share_why", w.SHARE_WHY, value=get("share_why", ""), most=LIMIT_LINE),
            yes_no("room", w.SAID_IN_ROOM, get("room") == "true"),
            choice(
                "told",
                w.REFUSALS["told_needed"].format(ref=referral.reference),
                [("room", w.B_TOLD_ROOM), ("phone", w.B_TOLD_PHONE)],
                value=get("told", ""),
            )
            if referral.asked.ids_to_follow
            else None,
            actions(
                _submit_for(verb, referral),
                submit(w.B_NOT_IDENTIFIER, verb, {**data_of(referral), "pass": True})
                if may_pass
                else None,
            ),
        ]
    )


def flagged_dialog(referral: Referral, view: View) -> Json:
    """At once after flagging from a dialog: who to ring."""
    words = ring_words(referral, view)
    return card(
        [
            heading(words, color="Attention"),
            text(view.danger(), weight="Bolder"),
            actions(
                submit(w.B_RUNG, "rung", data_of(referral), style="destructive"),
                submit(w.B_CLOSE, "close", {}),
            ),
        ]
    )


def taken_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_TAKEN),
            problem(top),
            text_input("taken_by", w.TAKEN_BY, value=answers.get("taken_by", ""), most=60),
            text_input("note", w.NOTE_OPTIONAL, value=answers.get("note", ""), most=LIMIT_LINE),
            actions(_submit_for("taken", referral)),
        ]
    )


def strategy_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_STRATEGY),
            problem(top),
            *strategy_inputs(answers),
            actions(_submit_for("strategy.save", referral)),
        ]
    )


def held_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_HELD),
            problem(top),
            choice(
                "attended",
                w.ATTENDED,
                [(a.code, a.label) for a in view.partnership.agencies],
                value=answers.get("attended", ""),
                many=True,
                expanded=True,
            ),
            text_input("also", w.ALSO_THERE, value=answers.get("also", ""), most=LIMIT_LINE),
            text_input("where", w.WHERE_RECORDED, value=answers.get("where", "Mosaic"), most=60),
            actions(_submit_for("held.save", referral)),
        ]
    )


def assign_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    people = view.today.here(
        view.partnership.with_role(Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    )
    return card(
        [
            heading(w.B_ASSIGN),
            problem(top),
            choice(
                "lead",
                w.ASSIGN_WHO,
                [(p.id, f"{p.name}, {view.agency(p.agency)}") for p in people],
                value=answers.get("lead", ""),
            ),
            text_input("reason", w.REASON, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(_submit_for("assign.save", referral)),
        ]
    )


def hand_over_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_HAND_OVER),
            problem(top),
            choice(
                "to",
                w.HAND_TO,
                [(code, w.HANDOVER[code]) for code in HANDOVER_TO],
                value=answers.get("to", ""),
            ),
            text_input("accepted_by", w.ACCEPTED_BY, value=answers.get("accepted_by", ""), most=60),
            text_input("reason", w.REASON, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(_submit_for("hand_over.save", referral)),
        ]
    )


def _reason_dialog(
    title: str, label: str, verb: str, referral: Referral, answers: Answers, top: str
) -> Json:
    return card(
        [
            heading(title),
            problem(top),
            text_input("reason", label, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(_submit_for(verb, referral)),
        ]
    )


def stand_down_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return _reason_dialog(w.B_STAND_DOWN, w.REASON, "stand_down.save", referral, answers, top)


def cannot_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return _reason_dialog(w.B_CANNOT, w.CANNOT_WHY, "cannot.save", referral, answers, top)


def told_how_card(
    referral: Referral, view: View, words: str, *, dialog: bool, passed: bool = False
) -> Json:
    """'Not known' means checked: one more tap while a Mosaic ID is to follow."""
    data = {**data_of(referral), "words": words, **({"pass": True} if passed else {})}
    make = submit if dialog else execute
    taps = ((w.B_TOLD_ROOM, "room"), (w.B_TOLD_PHONE, "phone"), (w.B_CANNOT_CHECK, "cannot"))
    return card(
        [
            heading(referral.reference),
            text(w.REFUSALS["told_needed"].format(ref=referral.reference)),
            actions(
                *(
                    make(title, "told_how", {**data, "how": how}, inputs=False)
                    for title, how in taps
                )
            ),
            small(view.danger()),
        ]
    )
