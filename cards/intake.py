"""The intake: two doors, two steps. Each form is a dialog, from the chat or the compose box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.intake import TEXT_LIMITS
from bot.domain.referral import Referral
from bot.domain.vocabulary import (
    AGE_BANDS,
    CHILD_LOCATIONS,
    MAX_CHILDREN,
    OUTSIDE,
    SAFE_NOW,
    SCOPES,
)
from cards import wording as w
from cards.context import View, data_of
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    copyable,
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

Answers = Mapping[str, str]
Problems = Mapping[str, str]


def doors(view: View, case_id: str, shut: str) -> Json:
    """The chat's entry: two doors. `shut` is a sentence when the door is closed, else empty."""
    data = {"case": case_id}
    closes = view.partnership.calendar.closes_at(view.now)
    state = ""
    if not shut and closes:
        urgent = view.partnership.calendar.urgent_only(view.now)
        line = w.DOOR_URGENT_ONLY if urgent else w.DOOR_OPEN
        state = line.format(time=view.time(closes))
    return card(
        [
            heading(w.DOORS_HEAD),
            problem(shut),
            small(state) if state else None,
            text(view.danger(), weight="Bolder"),
            actions(
                open_dialog(w.B_NEW_REFERRAL, "intake.open", data, style="positive"),
                open_dialog(w.B_NOT_SAFE_DOOR, "intake.open_immediate", data, style="destructive"),
            ),
            small(w.DOORS_HINT),
        ],
        wide=False,
    )


def _child_rows(answers: Answers) -> list[Json | None]:
    """Row 1 is there; each further row waits behind 'Add another child'."""
    rows: list[Json | None] = []
    for n in range(1, MAX_CHILDREN + 1):
        shown = n == 1 or bool(answers.get(f"age_{n}") or answers.get(f"mosaic_{n}"))
        next_shown = bool(answers.get(f"age_{n + 1}") or answers.get(f"mosaic_{n + 1}"))
        rows.append(
            box(
                [
                    text_input(
                        f"mosaic_{n}",
                        w.MOSAIC_LABEL.format(n=n),
                        value=answers.get(f"mosaic_{n}", ""),
                        most=20,
                    ),
                    choice(
                        f"age_{n}",
                        w.AGE_LABEL.format(n=n),
                        [(code, w.AGE_BANDS[code]) for code in AGE_BANDS],
                        value=answers.get(f"age_{n}", ""),
                    ),
                    {
                        **(
                            actions(toggle(w.B_ANOTHER_CHILD, f"child_{n + 1}", f"another_{n}"))
                            or {}
                        ),
                        "id": f"another_{n}",
                        "isVisible": not next_shown,
                    }
                    if n < MAX_CHILDREN
                    else None,
                ],
                id=f"child_{n}",
                isVisible=shown,
            )
        )
    return rows


def _marked(name: str, element: Json, problems: Problems) -> list[Json | None]:
    """An input with what is wrong with its answer under it."""
    return [element, problem(problems.get(name, ""))]


def _needs(view: View, answers: Answers) -> Json:
    return choice(
        "needs",
        w.FIELDS["needs"],
        [(n.code, n.label) for n in view.partnership.needs],
        value=answers.get("needs", ""),
        many=True,
        expanded=True,
    )


def _place(view: View, answers: Answers, problems: Problems) -> list[Json | None]:
    return [
        *_child_rows(answers),
        problem(problems.get("children", "")),
        *_marked(
            "district",
            choice(
                "district",
                w.FIELDS["district"],
                [(d.code, d.label) for d in view.partnership.districts],
                value=answers.get("district", ""),
            ),
            problems,
        ),
        *_marked(
            "child_location",
            choice(
                "child_location",
                w.FIELDS["child_location"],
                [(c, w.LOCATIONS[c]) for c in CHILD_LOCATIONS],
                value=answers.get("child_location", ""),
            ),
            problems,
        ),
    ]


def _seen(answers: Answers, problems: Problems) -> list[Json | None]:
    return _marked(
        "seen_heard",
        text_input(
            "seen_heard",
            w.FIELDS["seen_heard"],
            value=answers.get("seen_heard", ""),
            most=TEXT_LIMITS["seen_heard"],
            lines=True,
        ),
        problems,
    )


def brief_form(
    view: View,
    case_id: str,
    answers: Answers,
    problems: Problems,
    *,
    top: str = "",
    may_pass: bool = False,
    next_day: bool = False,
) -> Json:
    """Step one. `answers` are raw input values; `problems` sentences by field; `top` a banner."""
    data = {"case": case_id}
    tests = view.partnership.tests_on(view.day())
    submit_verb = "intake.brief"
    return card(
        [
            heading(w.FORM_HEAD),
            problem(top),
            small(f"{w.FORM_HINT} {view.danger()}"),
            actions(
                submit(
                    w.B_NOT_SAFE_DOOR,
                    "intake.open_immediate",
                    data,
                    style="destructive",
                    inputs=False,
                )
            ),
            *_marked(
                "safe_now",
                choice(
                    "safe_now",
                    w.FIELDS["safe_now"],
                    [(c, w.SAFE_NOW[c]) for c in SAFE_NOW],
                    value=answers.get("safe_now", ""),
                    expanded=True,
                ),
                problems,
            ),
            *_place(view, answers, problems),
            *_seen(answers, problems),
            *_marked("needs", _needs(view, answers), problems),
            *_marked(
                "referrer_group",
                choice(
                    "referrer_group",
                    w.FIELDS["referrer_group"],
                    [(g.code, g.label) for g in view.partnership.referrer_groups],
                    value=answers.get("referrer_group", ""),
                ),
                problems,
            ),
            *_marked(
                "received_at",
                time_input(
                    "received_time", w.FIELDS["received_at"], answers.get("received_time", "")
                ),
                problems,
            ),
            choice(
                "scope",
                w.FIELDS["scope"],
                [(c, w.SCOPES[c]) for c in SCOPES],
                value=answers.get("scope", "child"),
            ),
            choice(
                "test",
                w.FIELDS["test"],
                [(t, w.TESTS[t]) for t in tests],
                value=answers.get("test", ""),
            )
            if len(tests) > 1
            else None,
            actions(
                submit(w.B_BRIEF, submit_verb, data, style="positive"),
                submit(w.B_NOT_IDENTIFIER, submit_verb, {**data, "pass": True})
                if may_pass
                else None,
                submit(w.B_NEXT_DAY, submit_verb, {**data, "next_day": True}) if next_day else None,
            ),
        ]
    )


def immediate_form(
    view: View, case_id: str, answers: Answers, problems: Problems, *, top: str = ""
) -> Json:
    """The door 'Child not safe now': four answers. The button carries when the form opened."""
    opened = {"case": case_id, "received_time": answers.get("received_time", "")}
    return card(
        [
            heading(w.IMMEDIATE_FORM_HEAD, color="Attention"),
            problem(top),
            text(
                w.IMMEDIATE_FORM_HINT.format(emergency=view.partnership.emergency_number),
                weight="Bolder",
            ),
            *_place(view, answers, problems),
            *_seen(answers, problems),
            actions(submit(w.B_BRIEF, "intake.immediate", opened, style="destructive")),
        ]
    )


def shut_card(top: str, draft: str) -> Json:
    """The referral was not taken; what was typed comes back to copy."""
    return card(
        [problem(top), text(w.DRAFT_COPY, weight="Bolder"), copyable(draft)],
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
    body += _earlier_answers(view, answers, problems, shown=skipped)
    for name in _REST_ORDER:
        element = choices.get(name) or text_input(
            name,
            w.FIELDS[name],
            value=answers.get(name, ""),
            most=TEXT_LIMITS[name],
            lines=name not in _ONE_LINE,
        )
        body += _marked(name, element, problems)
    body += [
        yes_no(
            "position_of_trust",
            w.FIELDS["position_of_trust"],
            answers.get("position_of_trust") == "true",
        ),
        small(w.LADO_ROUTE.format(lado=view.partnership.lado_phone)),
        *_marked(
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


def _earlier_answers(
    view: View, answers: Answers, problems: Problems, *, shown: bool
) -> list[Json | None]:
    """What step one asked: owed after the immediate door, else out of sight until corrected."""
    inside: list[Json | None] = [
        choice(
            "referrer_group",
            w.FIELDS["referrer_group"],
            [(g.code, g.label) for g in view.partnership.referrer_groups],
            value=answers.get("referrer_group", ""),
        ),
        choice(
            "safe_now",
            w.FIELDS["safe_now"],
            [(c, w.SAFE_NOW[c]) for c in SAFE_NOW],
            value=answers.get("safe_now", ""),
        ),
        *_marked("needs", _needs(view, answers), problems),
        choice(
            "district",
            w.FIELDS["district"],
            [(d.code, d.label) for d in view.partnership.districts],
            value=answers.get("district", ""),
        ),
        choice(
            "child_location",
            w.FIELDS["child_location"],
            [(c, w.LOCATIONS[c]) for c in CHILD_LOCATIONS],
            value=answers.get("child_location", ""),
        ),
        *_seen(answers, problems),
        text_input(
            "reason", w.AMEND_WHY, value=answers.get("reason", ""), most=TEXT_LIMITS["wants"]
        ),
    ]
    hidden = not shown and not problems
    opener = actions(toggle(w.B_CORRECT, "earlier_answers")) if hidden else None
    return [opener, box(inside, id="earlier_answers", isVisible=not hidden)]


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


def draft_text(answers: Answers, view: View) -> str:
    """What was typed, field by field, as plain text to copy."""
    lines = []
    for name, value in answers.items():
        label = w.FIELDS.get(name)
        if label and value:
            lines.append(f"{label} {_shown(name, value, view)}")
    for n in range(1, MAX_CHILDREN + 1):
        if answers.get(f"age_{n}") or answers.get(f"mosaic_{n}"):
            age = w.AGE_BANDS.get(answers.get(f"age_{n}", ""), "age not given")
            lines.append(f"Child {n}: {answers.get(f'mosaic_{n}') or 'ID to follow'}, {age}")
    return "\n".join(lines)


def _shown(name: str, value: str, view: View) -> str:
    words: dict[str, dict[str, Any]] = {
        "safe_now": w.SAFE_NOW,
        "child_location": w.LOCATIONS,
        "scope": w.SCOPES,
        "told_family": w.TOLD_FAMILY,
    }
    if name == "needs":
        return "; ".join(view.need(code) for code in value.split(","))
    if name == "district":
        return view.district(value)
    if name == "referrer_group":
        group = view.partnership.group.get(value)
        return group.label if group else value
    return str(words.get(name, {}).get(value, value))
