"""Inputs that both steps of the intake ask, and how a wrong answer is marked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.intake import TEXT_LIMITS
from cards import wording as w
from cards.context import View
from cards.kit import (
    Json,
    choice,
    problem,
    text_input,
)

Answers = Mapping[str, str]


Problems = Mapping[str, str]


def marked(name: str, element: Json, problems: Problems) -> list[Json | None]:
    """An input with what is wrong with its answer under it."""
    return [element, problem(problems.get(name, ""))]


def needs_input(view: View, answers: Answers) -> Json:
    return choice(
        "needs",
        w.FIELDS["needs"],
        [(n.code, n.label) for n in view.partnership.needs],
        value=answers.get("needs", ""),
        many=True,
        expanded=True,
    )


def seen_input(answers: Answers, problems: Problems) -> list[Json | None]:
    return marked(
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
