"""The small dialogs behind More: one question each."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referral import Referral
from bot.domain.vocabulary import (
    DUTY_TEAM,
    HANDOVER_TO,
    KNOWN,
    LIMIT_LINE,
    LIMIT_RELEVANT,
    Role,
)
from cards import wording as w
from cards.briefing import strategy_inputs
from cards.context import View, data_of, ring_words
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    heading,
    link,
    problem,
    small,
    submit,
    text,
    text_input,
    toggle,
    yes_no,
)

Answers = Mapping[str, str]


def _submit_for(verb: str, referral: Referral, *, title: str = w.B_SAVE) -> Json:
    return submit(title, verb, data_of(referral), style="positive")


def contribute_dialog(
    referral: Referral, view: View, answers: Answers, *, top: str = "", may_pass: bool = False
) -> Json:
    """What an agency said, in one line; strengths, worries and sharing wait behind Add more."""
    p = view.partnership
    own = view.viewer.agency if view.viewer else ""
    get = answers.get
    absent_too = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    answers_offered = [(k, w.KNOWN[k]) for k in KNOWN if k != "no_rep_today" or absent_too]
    verb = "contribute.save"
    corrects = get("corrects") == "true"
    data = {**data_of(referral), **({"corrects": "true"} if corrects else {})}
    return card(
        [
            heading(w.B_CORRECT_LINE if corrects else w.FULL_HEAD),
            problem(top),
            choice(
                "agency",
                w.WHOSE,
                [(a.code, a.label) for a in p.agencies],
                value=get("agency", own),
            )
            if not corrects
            else None,
            choice("known", w.ANSWER, answers_offered, value=get("known", "known")),
            text_input(
                "relevant", w.RELEVANT, value=get("relevant", ""), most=LIMIT_RELEVANT, lines=True
            ),
            choice(
                "told",
                w.REFUSALS["told_needed"].format(ref=referral.reference),
                [("room", w.B_TOLD_ROOM), ("phone", w.B_TOLD_PHONE)],
                value=get("told", ""),
            )
            if referral.asked.ids_to_follow
            else None,
            *_contribute_more(view, answers),
            actions(
                submit(w.B_SAVE, verb, data, style="positive"),
                submit(w.B_NOT_IDENTIFIER, verb, {**data, "pass": True}) if may_pass else None,
            ),
        ]
    )


_MORE_OF_A_LINE = ("strengths", "worries", "suggests", "share_why")


def _contribute_more(view: View, answers: Answers) -> list[Json | None]:
    p = view.partnership
    get = answers.get
    shown = any(get(n) for n in _MORE_OF_A_LINE) or get("sharing", "shared") != "shared"
    inner = box(
        [
            text_input("strengths", w.STRENGTHS, value=get("strengths", ""), most=LIMIT_LINE),
            text_input("worries", w.WORRIES, value=get("worries", ""), most=LIMIT_LINE),
            text_input("suggests", w.SUGGESTS, value=get("suggests", ""), most=LIMIT_LINE),
            choice("sharing", w.SHARE, list(w.SHARING.items()), value=get("sharing", "shared")),
            choice(
                "basis",
                w.BASIS,
                [(b.code, b.label) for b in p.bases_on(view.day())],
                value=get("basis", basis_in_force(view)),
            ),
            text_input("share_why", w.SHARE_WHY, value=get("share_why", ""), most=LIMIT_LINE),
            yes_no("room", w.SAID_IN_ROOM, get("room") == "true"),
        ],
        id="more_of_a_line",
        isVisible=shown,
    )
    reveal = actions(toggle(w.B_MORE_DETAIL, "more_of_a_line", "reveal_more"))
    return [{**(reveal or {}), "id": "reveal_more", "isVisible": not shown}, inner]


def basis_in_force(view: View) -> str:
    """The partnership's usual basis where it has started, else the first that has."""
    codes = [b.code for b in view.partnership.bases_on(view.day())]
    usual = view.partnership.default_sharing_basis
    return usual if usual in codes else codes[0]


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
    return card(
        [
            heading(w.B_ASSIGN),
            problem(top),
            choice(
                "lead",
                w.ASSIGN_WHO,
                _people_to_lead(view),
                value=answers.get("lead", ""),
            ),
            text_input("reason", w.REASON, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(_submit_for("assign.save", referral)),
        ]
    )


def _usual_handover(referral: Referral) -> str:
    return "allocated_worker" if referral.asked.scope == "open_to_social_worker" else ""


def hand_over_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_HAND_OVER),
            problem(top),
            choice(
                "to",
                w.HAND_TO,
                [(code, w.HANDOVER[code]) for code in HANDOVER_TO],
                value=answers.get("to", _usual_handover(referral)),
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


def _people_to_lead(view: View, but: str = "") -> list[tuple[str, str]]:
    people = view.today.here(
        view.partnership.with_role(Role.REP, Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
    )
    return [(p.id, f"{p.name}, {view.agency(p.agency)}") for p in people if p.id != but]


def offer_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_OFFER_LEAD),
            problem(top),
            small(w.OFFER_HINT),
            choice(
                "lead",
                w.OFFER_WHO,
                _people_to_lead(view, referral.lead),
                value=answers.get("lead", ""),
            ),
            text_input("reason", w.REASON, value=answers.get("reason", ""), most=LIMIT_LINE),
            actions(_submit_for("offer.save", referral)),
        ]
    )


def police_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Who rang and when: no log numbers, no words of the police's own record."""
    people = [(p.id, p.name) for p in view.partnership.everyone if p.role in DUTY_TEAM]
    mine = view.viewer.id if view.viewer else ""
    return card(
        [
            heading(w.B_POLICE),
            problem(top),
            text(view.danger(), weight="Bolder"),
            choice("rang_by", w.WHO_RANG, people, value=answers.get("rang_by", mine)),
            text_input(
                "rang_by_name",
                w.WHO_RANG_OTHER,
                value=answers.get("rang_by_name", ""),
                most=60,
            ),
            text_input(
                "rang_at", w.RANG_AT, value=answers.get("rang_at", view.time(view.now)), most=5
            ),
            actions(_submit_for("police.save", referral)),
        ]
    )


def disagree_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    url = view.partnership.disagreement_url
    return card(
        [
            heading(w.B_DISAGREE),
            problem(top),
            small(w.DISAGREE_HINT),
            text_input(
                "text",
                w.DISAGREE_WHY,
                value=answers.get("text", ""),
                most=LIMIT_RELEVANT,
                lines=True,
            ),
            actions(
                _submit_for("disagree.save", referral),
                link(w.DISAGREE_POLICY, url) if url else None,
            ),
        ]
    )
