"""Inputs that both steps of the intake ask, and how a wrong answer is marked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.intake import TEXT_LIMITS
from bot.domain.vocabulary import CHILD_LOCATIONS, SAFE_NOW
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


def caller_input(view: View, answers: Answers) -> Json:
    return choice(
        "referrer_group",
        w.FIELDS["referrer_group"],
        [(g.code, g.label) for g in view.partnership.referrer_groups],
        value=answers.get("referrer_group", ""),
    )


def safe_now_input(answers: Answers, *, expanded: bool = False) -> Json:
    return choice(
        "safe_now",
        w.FIELDS["safe_now"],
        [(c, w.SAFE_NOW[c]) for c in SAFE_NOW],
        value=answers.get("safe_now", ""),
        expanded=expanded,
    )


def where_inputs(view: View, answers: Answers, problems: Problems) -> list[Json | None]:
    """Where the child lives, and where they are now."""
    lives = choice(
        "district",
        w.FIELDS["district"],
        [(d.code, d.label) for d in view.partnership.districts],
        value=answers.get("district", ""),
    )
    now = choice(
        "child_location",
        w.FIELDS["child_location"],
        [(c, w.LOCATIONS[c]) for c in CHILD_LOCATIONS],
        value=answers.get("child_location", ""),
    )
    return [*marked("district", lives, problems), *marked("child_location", now, problems)]
