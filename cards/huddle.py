"""The huddle: five minutes' talk in the room on one card, logged with one press."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referral import Referral
from bot.domain.terms import Agency
from bot.domain.transitions import may
from bot.domain.vocabulary import LIMIT_LINE, LIMIT_RATIONALE, Role, State
from cards import wording as w
from cards.briefing import strategy_inputs
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    date_input,
    heading,
    problem,
    small,
    submit,
    text,
    text_input,
    toggle,
)
from cards.outcome import child_choices, outcome_options, row_defaults, told_family_inputs

Answers = Mapping[str, str]
MOST_ACTIONS = 3
_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
_LEADS = (Role.REP, *_SENIOR)


def huddle_dialog(
    referral: Referral, view: View, answers: Answers, *, top: str = "", may_pass: bool = False
) -> Json:
    """A row an agency, then the lead, the outcome and up to three actions. All may stay empty."""
    data = data_of(referral)
    return card(
        [
            heading(w.HUDDLE_HEAD.format(ref=referral.reference)),
            problem(top),
            small(w.HUDDLE_HINT),
            *_agencies(view, answers),
            *_lead(referral, view, answers),
            *_decision(referral, view, answers),
            actions(
                submit(w.B_LOG_HUDDLE, "huddle.save", data, style="positive"),
                submit(w.B_NOT_IDENTIFIER, "huddle.save", {**data, "pass": True})
                if may_pass
                else None,
            ),
        ]
    )


# Agencies ----------------------------------------------------------------------------


def _agencies(view: View, answers: Answers) -> list[Json | None]:
    core = [_row(a, view, answers) for a in view.partnership.core_agencies]
    others = [a for a in view.partnership.agencies if not a.core]
    if not others:
        return core
    filled = any(answers.get(f"said_{a.code}") or answers.get(f"known_{a.code}") for a in others)
    reveal = actions(toggle(w.HUDDLE_MORE_AGENCIES, "more_agencies", "reveal_agencies"))
    return [
        *core,
        {**(reveal or {}), "id": "reveal_agencies", "isVisible": not filled},
        box([_row(a, view, answers) for a in others], id="more_agencies", isVisible=filled),
    ]


def _row(agency: Agency, view: View, answers: Answers) -> Json | None:
    """Words alone mean that it is known; the answer is for when there are none."""
    absent = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    last = ("no_rep_today", w.HUDDLE_ABSENT) if absent else ("not_checked", w.KNOWN["not_checked"])
    code = agency.code
    return box(
        [
            choice(
                f"known_{code}",
                w.HUDDLE_ANSWER.format(agency=agency.label),
                [
                    ("known", w.KNOWN["known"]),
                    ("not_known", w.KNOWN["not_known"]),
                    last,
                ],
                value=answers.get(f"known_{code}", ""),
                unchosen=w.HUDDLE_NOTHING,
            ),
            text_input(
                f"said_{code}",
                w.HUDDLE_LINE.format(agency=agency.label),
                value=answers.get(f"said_{code}", ""),
                most=LIMIT_LINE,
            ),
        ],
        spacing="Small",
    )


# Lead and decision -------------------------------------------------------------------


def _lead(referral: Referral, view: View, answers: Answers) -> list[Json | None]:
    viewer = view.viewer
    if referral.lead:
        words = w.sentence(w.HUDDLE_LEAD_NOW, name=view.name(referral.lead))
        return [text(words, separator=True)]
    if viewer is None or viewer.role not in _LEADS:
        return []
    people = view.today.here(view.partnership.with_role(*_LEADS))
    if referral.is_immediate:
        people = tuple(p for p in people if p.role in _SENIOR)
    return [
        choice(
            "lead",
            w.HUDDLE_LEAD,
            [(p.id, f"{p.name}, {view.agency(p.agency)}") for p in people],
            value=answers.get("lead", ""),
            unchosen=w.HUDDLE_NOT_YET,
        )
    ]


def may_decide(referral: Referral, view: View) -> bool:
    """Whether this scribe may pick an outcome, once the lead is theirs to claim."""
    viewer = view.viewer
    if viewer is None or referral.state not in (State.BRIEFED, State.IN_DISCUSSION):
        return False
    return may("outcome.proposed", referral, viewer) or _will_lead(referral, view)


def _will_lead(referral: Referral, view: View) -> bool:
    return not referral.lead and view.viewer is not None and view.viewer.role in _LEADS


def may_plan(referral: Referral, view: View) -> bool:
    viewer = view.viewer
    if viewer is None or not may_decide(referral, view):
        return False
    return may("plan.saved", referral, viewer) or _will_lead(referral, view)


def _may_amend(referral: Referral, view: View) -> bool:
    assert view.viewer is not None
    return may("intake.amended", referral, view.viewer) or _will_lead(referral, view)


def _decision(referral: Referral, view: View, answers: Answers) -> list[Json | None]:
    if not may_decide(referral, view):
        return []
    assert view.viewer is not None
    senior = view.viewer.role in _SENIOR
    planned = may_plan(referral, view) and referral.plan is None
    return [
        choice(
            "outcome",
            w.HUDDLE_OUTCOME,
            outcome_options(referral, view),
            value=answers.get("outcome", ""),
            unchosen=w.HUDDLE_NOT_YET,
        ),
        text_input(
            "rationale",
            w.RATIONALE,
            value=answers.get("rationale", ""),
            most=LIMIT_RATIONALE,
            lines=True,
        ),
        *child_choices(referral, view, answers),
        *told_family_inputs(referral, answers, may_amend=_may_amend(referral, view)),
        *(_actions(referral, view, answers) if planned else []),
        *(_strategy(answers) if senior and referral.strategy is None else []),
    ]


def _strategy(answers: Answers) -> list[Json | None]:
    """Behind a button: only some outcomes ask for it."""
    shown = bool(answers.get("strategy_needed") or answers.get("strategy_why"))
    reveal = actions(toggle(w.B_STRATEGY, "strategy", "reveal_strategy"))
    return [
        {**(reveal or {}), "id": "reveal_strategy", "isVisible": not shown},
        box(strategy_inputs(answers), id="strategy", isVisible=shown),
    ]


def _actions(referral: Referral, view: View, answers: Answers) -> list[Json | None]:
    body: list[Json | None] = [text(w.HUDDLE_PLAN, weight="Bolder", separator=True)]
    body += [_action(n, referral, view, answers) for n in range(1, MOST_ACTIONS + 1)]
    body += [
        text_input("family_view", w.FAMILY_VIEW, value=answers.get("family_view", ""), most=250),
        text_input("next_step", w.NEXT_STEP, value=answers.get("next_step", ""), most=250),
    ]
    return body


def _action(n: int, referral: Referral, view: View, answers: Answers) -> Json | None:
    """The words first; need, owner and date start from what is usual."""
    usual = row_defaults(referral, view)
    get = answers.get
    owners = [(p.id, p.name) for p in view.partnership.everyone if p.role is not Role.MANAGER]
    shown = n == 1 or bool(get(f"action_{n}"))
    more = None
    if n < MOST_ACTIONS:
        more = {
            **(actions(toggle(w.B_ANOTHER_ACTION, f"row_{n + 1}", f"more_{n}")) or {}),
            "id": f"more_{n}",
            "isVisible": not get(f"action_{n + 1}"),
        }
    asked = referral.asked.needs
    needs = asked or tuple(view.partnership.need)
    return box(
        [
            text_input(
                f"action_{n}", w.ACTION.format(n=n), value=get(f"action_{n}", ""), most=LIMIT_LINE
            ),
            choice(
                f"need_{n}",
                w.ACTION_NEED,
                [(c, view.need_short(c)) for c in needs],
                value=get(f"need_{n}", usual["need"] or (asked[0] if asked else "")),
            )
            if len(needs) != 1
            else None,
            choice(
                f"owner_{n}",
                w.ACTION_OWNER,
                owners,
                value=get(f"owner_{n}", ""),
                unchosen=w.HUDDLE_OWNER,
            ),
            date_input(f"due_{n}", w.ACTION_DUE, get(f"due_{n}", usual["due"])),
            more,
        ],
        id=f"row_{n}",
        isVisible=shown,
    )
