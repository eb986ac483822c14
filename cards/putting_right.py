"""Dialogs that put something right, or close a loop: each asks its one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.referral import Referral
from bot.domain.vocabulary import LIMIT_LINE, LIMIT_RATIONALE, Role
from cards import wording as w
from cards.briefing import strategy_inputs
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    heading,
    problem,
    runs,
    small,
    submit,
    text,
    text_input,
)
from cards.outcome import child_choices, outcome_options

Answers = Mapping[str, str]
Choices = Sequence[tuple[str, str]]
"""(reference, words) of the referrals a person may choose from."""


def _save(verb: str, referral: Referral) -> Json | None:
    return actions(submit(w.B_SAVE, verb, data_of(referral), style="positive"))


def _reason(answers: Answers, label: str = w.REASON) -> Json:
    return text_input("reason", label, value=answers.get("reason", ""), most=LIMIT_LINE)


def correct_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    pick = referral.pick
    code = answers.get("outcome", pick.code if pick else "")
    why = answers.get("rationale", pick.rationale if pick else "")
    per_child = {f"child_{child}": c for child, c in pick.per_child} if pick else {}
    senior = view.viewer is not None and view.viewer.role in (
        Role.DUTY_SOCIAL_WORKER,
        Role.DUTY_MANAGER,
    )
    return card(
        [
            heading(w.B_CORRECT_OUTCOME),
            problem(top),
            small(w.CORRECT_HINT),
            _reason(answers, w.CORRECT_WHY),
            choice(
                "outcome", w.OUTCOME, outcome_options(referral, view), value=code, expanded=True
            ),
            *child_choices(referral, view, {**per_child, **answers}),
            text_input("rationale", w.RATIONALE, value=why, most=LIMIT_RATIONALE, lines=True),
            *(strategy_inputs(answers) if senior and referral.strategy is None else []),
            _save("correct.save", referral),
        ]
    )


def reopen_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_REOPEN),
            problem(top),
            small(w.REOPEN_HINT),
            _reason(answers),
            _save("reopen.save", referral),
        ]
    )


def withdraw_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    return card(
        [
            heading(w.B_WITHDRAW),
            problem(top),
            small(w.WITHDRAW_HINT),
            _reason(answers, w.WITHDRAW_WHY),
            _save("withdraw.save", referral),
        ]
    )


def elsewhere_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    options = [(o.code, o.label) for o in view.partnership.outcomes]
    return card(
        [
            heading(w.B_ELSEWHERE),
            problem(top),
            choice(
                "outcome",
                w.ELSEWHERE_WHAT,
                options,
                value=answers.get("outcome", ""),
                expanded=True,
            ),
            _save("elsewhere.save", referral),
        ]
    )


def pair_dialog(
    referral: Referral, verb: str, choices: Choices, answers: Answers, *, top: str = ""
) -> Json:
    """Merge or link: choose the other referral."""
    merging = verb == "merge.save"
    title = w.B_MERGE if merging else w.B_LINK
    if not choices:
        return card([heading(title), text(w.NONE_TO_CHOOSE)])
    return card(
        [
            heading(title),
            problem(top),
            small(w.MERGE_HINT) if merging else None,
            choice(
                "other",
                w.MERGE_WHICH if merging else w.LINK_WHICH,
                choices,
                value=answers.get("other", choices[0][0] if len(choices) == 1 else ""),
                expanded=len(choices) <= 3,
            ),
            _save(verb, referral),
        ]
    )


def actions_dialog(referral: Referral, view: View, answers: Answers, *, top: str = "") -> Json:
    """Each action of the plan, with one tap to say it is done."""
    done = {d.action: d for d in referral.done_actions}
    body: list[Json | None] = [
        heading(w.ACTIONS_HEAD.format(ref=referral.reference)),
        problem(top),
    ]
    for n, a in enumerate(referral.plan.actions if referral.plan else ()):
        owner = view.name(a.owner) if a.owner else a.owner_name
        line = runs((f"{a.action} ", False), (f"({owner}, {w.short_day(a.due_on)})", False))
        if d := done.get(a):
            ended = w.sentence(w.DONE_LINE, name=view.name(d.by), time=view.when(d.at))
            body.append(box([line, small(ended)], separator=True))
            continue
        press = submit(
            w.B_DONE_ACTION, "actions.done", {**data_of(referral), "index": str(n)}, inputs=False
        )
        body.append(box([line, actions(press)], separator=True))
    return card(body)


def same_child_card(earlier: Referral, later: Referral, view: View) -> Json:
    """In the earlier referral's thread: an open one names the same child. Merge or link."""
    names = {"new": later.reference, "ref": earlier.reference}
    head = heading(w.SAME_CHILD_HEAD.format(**names))
    done = _same_child_done(earlier, later)
    if done:
        return card([text(w.SAME_CHILD_DONE[done].format(**names))], wide=False)
    data = {**data_of(earlier), "other": later.reference}
    return card(
        [
            head,
            small(w.SAME_CHILD_HINT),
            actions(
                execute(w.B_MERGE_HERE, "merge.here", data, inputs=False),
                execute(w.B_LINK_HERE, "link.here", data, inputs=False),
            ),
        ],
        wide=False,
    )


def _same_child_done(earlier: Referral, later: Referral) -> str:
    if later.merged_into:
        return "merged"
    if earlier.reference in later.linked:
        return "linked"
    return "" if later.live and earlier.live else "over"
