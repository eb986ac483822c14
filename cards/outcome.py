"""Plan and outcome, in one dialog. Rows start from the lead, their agency, the next working day."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.domain.plan_quality import PlanScore, score_plan
from bot.domain.referral import Referral
from bot.domain.transitions import may
from bot.domain.vocabulary import LIMIT_LINE, LIMIT_RATIONALE, MAX_ACTIONS, Role
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
    said,
    small,
    submit,
    text,
    text_input,
    toggle,
)

Answers = Mapping[str, str]
_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)
_ROWS_SHOWN = 1
_BYTES = 38_000


def plan_answers(referral: Referral, view: View) -> dict[str, str]:
    """The saved plan, or one row of defaults, as input values."""
    out: dict[str, str] = {}
    if referral.plan:
        for n, a in enumerate(referral.plan.actions, 1):
            out[f"action_{n}"] = a.action
            out[f"need_{n}"] = a.need
            out[f"owner_{n}"] = a.owner
            out[f"owner_name_{n}"] = a.owner_name
            out[f"agency_{n}"] = a.owner_agency
            out[f"due_{n}"] = a.due_on.isoformat()
        out["family_view"] = referral.plan.family_view
        out["next_step"] = referral.plan.next_step
    if referral.pick:
        out["rationale"] = referral.pick.rationale
        out["outcome"] = referral.pick.code
    return out


def row_defaults(referral: Referral, view: View) -> dict[str, str]:
    lead = view.partnership.person(referral.lead)
    needs = referral.asked.needs
    due = view.partnership.calendar.next_working_day(view.day())
    return {
        "owner": referral.lead,
        "agency": lead.agency if lead else "",
        "need": needs[0] if len(needs) == 1 else "",
        "due": due.isoformat(),
    }


Owners = list[tuple[str, str]]


def _owners(view: View) -> Owners:
    people = [p for p in view.partnership.everyone if p.role is not Role.MANAGER]
    return [(p.id, p.name) for p in people]


def _owners_involved(referral: Referral, view: View, answers: Answers) -> Owners:
    """Who has taken part or owns an action already; anyone else goes by name or job."""
    ids = {referral.lead, *(c.by for c in referral.contributions)}
    ids |= {v for k, v in answers.items() if k.startswith("owner_")}
    return [(i, name) for i, name in _owners(view) if i in ids]


def _row(
    n: int, rows: int, referral: Referral, view: View, answers: Answers, owners: Owners
) -> Json | None:
    base = row_defaults(referral, view)
    filled = bool(answers.get(f"action_{n}"))
    shown = filled or n == _ROWS_SHOWN
    next_filled = bool(answers.get(f"action_{n + 1}"))
    get = answers.get
    more = None
    if n < rows:
        more = {
            **(actions(toggle(w.B_ANOTHER_ACTION, f"row_{n + 1}", f"more_{n}")) or {}),
            "id": f"more_{n}",
            "isVisible": not next_filled,
        }
    return box(
        [
            text_input(
                f"action_{n}",
                w.ACTION.format(n=n),
                value=get(f"action_{n}", ""),
                most=LIMIT_LINE,
            ),
            choice(
                f"need_{n}",
                w.ACTION_NEED,
                [(c, view.need_short(c)) for c in referral.asked.needs or view.partnership.need],
                value=get(f"need_{n}", base["need"]),
            ),
            choice(
                f"owner_{n}",
                w.ACTION_OWNER,
                owners,
                value=get(f"owner_{n}", base["owner"]),
            ),
            text_input(
                f"owner_name_{n}", w.ACTION_OWNER_OTHER, value=get(f"owner_name_{n}", ""), most=60
            ),
            choice(
                f"agency_{n}",
                w.ACTION_AGENCY,
                [(a.code, a.label) for a in view.partnership.agencies],
                value=get(f"agency_{n}", base["agency"]),
            ),
            date_input(f"due_{n}", w.ACTION_DUE, get(f"due_{n}", base["due"])),
            more,
        ],
        id=f"row_{n}",
        isVisible=shown,
        separator=n > 1,
    )


def score_of(referral: Referral, view: View) -> PlanScore | None:
    if referral.plan is None:
        return None
    return score_plan(
        referral.plan.actions,
        referral.asked.needs,
        view.day(),
        child_view=referral.asked.child_view,
        family_view=referral.plan.family_view,
        next_step=referral.plan.next_step,
    )


def _rubric(referral: Referral, view: View) -> Json | None:
    score = score_of(referral, view)
    if score is None:
        return None
    return small(
        w.RUBRIC.format(
            total=score.total,
            specific=score.specific,
            owned=score.owned,
            timed=score.timed,
            needs_led=score.needs_led,
            shared=score.shared,
        )
    )


def child_choices(referral: Referral, view: View, answers: Answers) -> list[Json | None]:
    ids = referral.asked.mosaic_ids
    if len(referral.asked.children) < 2:
        return []
    return [
        choice(
            f"child_{child}",
            w.CHILD_OUTCOME.format(child=child),
            outcome_options(referral, view),
            value=answers.get(f"child_{child}", ""),
            unchosen=w.SAME_FOR_ALL,
        )
        for child in ids
    ]


def outcome_options(referral: Referral, view: View) -> list[tuple[str, str]]:
    test = referral.asked.test
    return [(o.code, o.label) for o in view.partnership.outcomes if test in o.tests]


def outcome_dialog(
    referral: Referral, view: View, answers: Answers, *, top: str = "", may_pass: str = ""
) -> Json:
    """Where a long list of people would make the card too large to send: fewer spare rows, then
    a shorter list. A row that is filled is always there, or saving would lose it."""
    filled = max((n for n in range(1, MAX_ACTIONS + 1) if answers.get(f"action_{n}")), default=0)
    least = min(max(filled + 1, 3), MAX_ACTIONS)
    for owners in (_owners(view), _owners_involved(referral, view, answers)):
        for rows in range(MAX_ACTIONS, least - 1, -1):
            drawn = _dialog(referral, view, answers, rows, owners, top=top, may_pass=may_pass)
            if len(json.dumps(drawn, ensure_ascii=False).encode()) <= _BYTES:
                return drawn
    return drawn


def _dialog(
    referral: Referral,
    view: View,
    answers: Answers,
    rows: int,
    owners: Owners,
    *,
    top: str,
    may_pass: str,
) -> Json:
    data = data_of(referral)
    viewer = view.viewer
    may_pick = viewer is not None and may("outcome.proposed", referral, viewer)
    may_plan = viewer is not None and may("plan.saved", referral, viewer)
    plan: list[Json | None] = []
    if may_plan:
        plan = [
            *[_row(n, rows, referral, view, answers, owners) for n in range(1, rows + 1)],
            text_input(
                "family_view",
                w.FAMILY_VIEW,
                value=answers.get("family_view", ""),
                most=250,
                lines=True,
            ),
            text_input(
                "next_step", w.NEXT_STEP, value=answers.get("next_step", ""), most=250, lines=True
            ),
        ]
    return card(
        [
            heading(w.PLAN_HEAD.format(ref=referral.reference)),
            problem(top),
            text(w.PLAN_NEEDS.format(needs="; ".join(view.need(n) for n in referral.asked.needs))),
            said("The child wants:", referral.asked.child_view),
            _rubric(referral, view),
            *plan,
            *(_outcome_inputs(referral, view, answers) if may_pick else []),
            actions(
                submit(w.B_PICK, "outcome.pick", data, style="positive") if may_pick else None,
                submit(w.B_SAVE_PLAN, "outcome.plan", data) if may_plan else None,
                submit(w.B_NOT_IDENTIFIER, may_pass, {**data, "pass": True}) if may_pass else None,
            ),
        ]
    )


def _may_amend(referral: Referral, view: View) -> bool:
    return view.viewer is not None and may("intake.amended", referral, view.viewer)


def _outcome_inputs(referral: Referral, view: View, answers: Answers) -> list[Json | None]:
    senior = view.viewer is not None and view.viewer.role in _SENIOR
    return [
        choice(
            "outcome",
            w.OUTCOME,
            outcome_options(referral, view),
            value=answers.get("outcome", ""),
            expanded=True,
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
        *(strategy_inputs(answers) if senior and referral.strategy is None else []),
    ]


def told_family_inputs(referral: Referral, answers: Answers, *, may_amend: bool) -> list[Json]:
    """Asked here when nobody asked on the call: no outcome goes without it."""
    if referral.asked.told_family or not may_amend:
        return []
    return [
        choice(
            "told_family",
            w.FIELDS["told_family"],
            [(c, label) for c, label in w.TOLD_FAMILY.items() if c],
            value=answers.get("told_family", ""),
        ),
        text_input(
            "told_family_reason",
            w.TOLD_FAMILY_WHY,
            value=answers.get("told_family_reason", ""),
            most=LIMIT_LINE,
        ),
    ]
