"""The intake: two doors and step one. Each form is a dialog, from the chat or the compose box."""

from __future__ import annotations

from typing import Any

from bot.domain.vocabulary import (
    AGE_BANDS,
    MAX_CHILDREN,
    SCOPES,
)
from cards import wording as w
from cards.context import View
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
)


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


def _place(view: View, answers: Answers, problems: Problems) -> list[Json | None]:
    return [
        *_child_rows(answers),
        problem(problems.get("children", "")),
        *where_inputs(view, answers, problems),
    ]


def brief_form(
    view: View,
    case_id: str,
    answers: Answers,
    problems: Problems,
    *,
    top: str = "",
    may_pass: bool = False,
    next_day: bool = False,
    to_worker: bool = False,
) -> Json:
    """Step one. `answers` are raw input values; `problems` sentences by field; `top` a banner.

    `may_pass`, `next_day` and `to_worker` each offer the press that goes on after a refusal.
    """
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
                )
            ),
            *marked(
                "safe_now",
                safe_now_input(answers, expanded=True),
                problems,
            ),
            *_place(view, answers, problems),
            *seen_input(answers, problems),
            *marked("needs", needs_input(view, answers), problems),
            *marked(
                "referrer_group",
                caller_input(view, answers),
                problems,
            ),
            *marked(
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
                submit(w.B_TO_WORKER, submit_verb, {**data, "pass_on": True})
                if to_worker
                else None,
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
            *seen_input(answers, problems),
            actions(submit(w.B_BRIEF, "intake.immediate", opened, style="destructive")),
        ]
    )


def shut_card(top: str, draft: str) -> Json:
    """The referral was not taken; what was typed comes back to copy."""
    return card(
        [problem(top), text(w.DRAFT_COPY, weight="Bolder"), copyable(draft)],
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
        group = view.partnership.group.find(value)
        return group.label if group else value
    return str(words.get(name, {}).get(value, value))
