"""Step two of the intake: the rest while still on the call, and what waits until it is in."""

from __future__ import annotations

from bot.domain.intake import TEXT_LIMITS
from bot.domain.referral import Referral
from bot.domain.vocabulary import (
    AGE_BANDS,
    MAX_CHILDREN,
    MAX_MORE_CHILDREN,
    OUTSIDE,
    SCOPES,
)
from cards import wording as w
from cards.context import View, data_of
from cards.intake_parts import (
    Answers,
    Problems,
    caller_input,
    marked,
    needs_input,
    safe_now_input,
    seen_input,
    where_inputs,
)
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    heading,
    open_dialog,
    problem,
    small,
    submit,
    text,
    text_input,
    time_input,
    toggle,
    yes_no,
)


def _rest_choices(view: View, answers: Answers) -> dict[str, Json]:
    return {
        "told_family": choice(
            "told_family",
            w.FIELDS["told_family"],
            [(c, label) for c, label in w.TOLD_FAMILY.items() if c],
            value=answers.get("told_family", ""),
        ),
        "contact_method": choice(
            "contact_method",
            w.FIELDS["contact_method"],
            list(w.CONTACT.items()),
            value=answers.get("contact_method", ""),
        ),
        "safe_contact": choice(
            "safe_contact",
            w.FIELDS["safe_contact"],
            list(w.SAFE_CONTACT.items()),
            value=answers.get("safe_contact", ""),
        ),
        "earlier": choice(
            "earlier",
            w.FIELDS["earlier"],
            list(w.EARLIER.items()),
            value=answers.get("earlier", ""),
        ),
    }


_REST_ORDER = (
    "told_family",
    "told_family_reason",
    "contact_method",
    "safe_contact",
    "safe_contact_times",
    "child_view",
    "going_well",
    "reported",
    "view",
    "help_so_far",
    "wants",
    "referrer_role",
    "access",
    "earlier",
)


_ONE_LINE = frozenset({"referrer_role", "safe_contact_times", "access", "told_family_reason"})


def rest_form(
    view: View,
    referral: Referral,
    answers: Answers,
    problems: Problems,
    *,
    top: str = "",
    may_pass: bool = False,
    skipped: bool = False,
) -> Json:
    """Step two. `skipped` adds what the immediate door did not ask: who calls, needs, safe now."""
    data = data_of(referral)
    choices = _rest_choices(view, answers)
    body: list[Json | None] = [
        heading(w.REST_HEAD.format(ref=referral.reference)),
        problem(top),
        problem(w.OUTSIDE_COUNTY) if referral.asked.district == OUTSIDE else None,
        text(w.RE_REFERRAL_REF.format(ref=referral.earlier_reference), color="Accent")
        if referral.earlier_reference
        else None,
        small(w.BRIEFED_NEXT),
    ]
    body += _earlier_answers(view, referral, answers, problems, shown=skipped)
    for name in _REST_ORDER:
        element = choices.get(name) or text_input(
            name,
            w.FIELDS[name],
            value=answers.get(name, ""),
            most=TEXT_LIMITS[name],
            lines=name not in _ONE_LINE,
        )
        body += marked(name, element, problems)
    body += [
        yes_no(
            "position_of_trust",
            w.FIELDS["position_of_trust"],
            answers.get("position_of_trust") == "true",
        ),
        small(w.LADO_ROUTE.format(lado=view.partnership.lado_phone)),
        *marked(
            "call_ended_at",
            time_input(
                "call_ended_time", w.FIELDS["call_ended_at"], answers.get("call_ended_time", "")
            ),
            problems,
        ),
        *_child_ids(referral, answers),
        problem(problems.get("children", "")),
        actions(
            submit(w.B_DONE, "intake.rest", data, style="positive"),
            submit(w.B_NOT_IDENTIFIER, "intake.rest", {**data, "pass": True}) if may_pass else None,
        ),
    ]
    return card(body)


def _children_again(referral: Referral, answers: Answers) -> list[Json | None]:
    """Each child's Mosaic ID and age, to put right."""
    out: list[Json | None] = []
    for n, child in enumerate(referral.asked.children, 1):
        ages = [(code, w.AGE_BANDS[code]) for code in AGE_BANDS]
        age = answers.get(f"child_age_{n}", child.age_band)
        if not child.to_follow:
            known = answers.get(f"child_id_{n}", child.mosaic_id)
            out.append(text_input(f"child_id_{n}", w.ID_AGAIN.format(n=n), value=known, most=20))
        out.append(choice(f"child_age_{n}", w.AGE_LABEL.format(n=n), ages, value=age))
    return out


def _earlier_answers(
    view: View, referral: Referral, answers: Answers, problems: Problems, *, shown: bool
) -> list[Json | None]:
    """What step one asked: owed after the immediate door, else out of sight until corrected."""
    inside: list[Json | None] = [
        caller_input(view, answers),
        safe_now_input(answers),
        *marked("needs", needs_input(view, answers), problems),
        *where_inputs(view, answers, problems),
        *seen_input(answers, problems),
        *_children_again(referral, answers),
        *_more_children(referral, answers),
        choice(
            "scope",
            w.FIELDS["scope"],
            [(c, w.SCOPES[c]) for c in SCOPES if c != "adult_only"],
            value=answers.get("scope", ""),
        ),
        text_input(
            "reason", w.AMEND_WHY, value=answers.get("reason", ""), most=TEXT_LIMITS["wants"]
        ),
    ]
    hidden = not shown and not problems
    opener = actions(toggle(w.B_CORRECT, "earlier_answers")) if hidden else None
    return [opener, box(inside, id="earlier_answers", isVisible=not hidden)]


def _more_children(referral: Referral, answers: Answers) -> list[Json | None]:
    """A brother or sister nobody had named: each behind 'Add another child'."""
    spare = min(MAX_MORE_CHILDREN, MAX_CHILDREN - len(referral.asked.children))
    rows: list[Json | None] = []
    for n in range(1, spare + 1):
        shown = bool(answers.get(f"more_age_{n}") or answers.get(f"more_mosaic_{n}"))
        number = len(referral.asked.children) + n
        reveal = actions(toggle(w.B_ANOTHER_CHILD, f"more_child_{n}", f"more_children_{n}"))
        row = [
            text_input(
                f"more_mosaic_{n}",
                w.MOSAIC_LABEL.format(n=number),
                value=answers.get(f"more_mosaic_{n}", ""),
                most=20,
            ),
            choice(
                f"more_age_{n}",
                w.AGE_LABEL.format(n=number),
                [(code, w.AGE_BANDS[code]) for code in AGE_BANDS],
                value=answers.get(f"more_age_{n}", ""),
            ),
        ]
        rows.append({**(reveal or {}), "id": f"more_children_{n}", "isVisible": not shown})
        rows.append(box(row, id=f"more_child_{n}", isVisible=shown))
    return rows


def _child_ids(referral: Referral, answers: Answers) -> list[Json | None]:
    """A box for each child whose Mosaic ID is to follow."""
    return [
        text_input(
            f"new_id_{n}",
            w.NEW_ID.format(n=n, age=w.AGE_BANDS[child.age_band]),
            value=answers.get(f"new_id_{n}", ""),
            most=20,
        )
        for n, child in enumerate(referral.asked.children, 1)
        if child.to_follow
    ]


STILL_WANTED = ("told_family", "contact_method", "safe_contact")


def carry_on_card(view: View, referral: Referral) -> Json:
    """Waits in the MASHO's chat until the rest is in."""
    intake = referral.asked
    missing = [w.FIELDS[n].rstrip("?") for n in STILL_WANTED if not getattr(intake, n)]
    if intake.ids_to_follow:
        missing.append("Mosaic ID")
    if not missing or not referral.live:
        return card([text(w.ALL_IN.format(ref=referral.reference))], wide=False)
    waiting = ""
    if referral.briefing is None and referral.post_at:
        at = view.when(referral.post_at)
        waiting = w.POST_LATER.format(ref=referral.reference, time=at)
    elif referral.briefing is None:
        waiting = w.NOT_POSTED.format(ref=referral.reference)
    return card(
        [
            problem(waiting),
            heading(w.CARRY_ON_HEAD.format(ref=referral.reference)),
            text(w.CARRY_ON_MISSING.format(fields="; ".join(missing))),
            actions(open_dialog(w.B_CARRY_ON, "intake.carry_on", data_of(referral))),
        ],
        wide=False,
    )
