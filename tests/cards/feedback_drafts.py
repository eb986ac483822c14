"""The bot's drafts for callers, named: a whole referral at each level, and what makes a draft
differ. The golden texts in `feedback/` are these; `python -m tests.cards.update` writes them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.domain.events import Action
from bot.domain.intake import Child
from bot.domain.referral import Caller, Pick, Referral
from bot.domain.vocabulary import FEEDBACK_LEVELS, MAX_ACTIONS, TOLD_FAMILY
from cards.feedback_text import draft
from tests.cards import referrals as tell, righted
from tests.cards.gallery_endings import FEEDBACK_GROUPS
from tests.cards.story import World

Told = Iterator[tuple[str, Referral, Caller | None]]


def told_to(world: World, level: str, **changes: Any) -> Referral:
    """Agreed, with a caller of this level; `changes` are answers of the call."""
    return tell.outcome_agreed(world, referrer_group=FEEDBACK_GROUPS[level], **changes).referral


def decided(referral: Referral, code: str, *per_child: tuple[str, str]) -> Referral:
    assert referral.pick
    return replace(referral, pick=replace(referral.pick, code=code, per_child=per_child))


def _outcomes(world: World) -> Told:
    for level in ("professional_full", "family_pr", "young_person"):
        agreed = told_to(world, level)
        for code in ("immediate", "social_care", "advice_at_contact"):
            yield f"{level}-{code}", decided(agreed, code), None
        each = decided(agreed, "social_care", ("9900102", "ehu"))
        yield f"{level}-each_child", each, None
        over = replace(tell.handed_over(world).referral, intake=agreed.asked)
        yield f"{level}-handed_over", over, None
    waiting: Pick | None = tell.outcome_proposed(world).referral.pick
    agreed = told_to(world, "professional_full")
    yield "professional_full-not_agreed", replace(agreed, pick=waiting), None
    elsewhere = righted.outcome_elsewhere(world).referral
    yield "professional_full-decided_elsewhere", elsewhere, None


def _plans(world: World) -> Told:
    agreed = told_to(world, "professional_full")
    assert agreed.plan
    plan = agreed.plan
    one = (Child("9900101", "5_to_9"),)
    bare = replace(agreed.asked, needs=(), children=one)
    yield "professional_full-no_plan", replace(agreed, plan=None, intake=bare), None
    unclear = replace(agreed.asked, needs=("not_clear",))
    yield "professional_full-no_lead", replace(agreed, lead="", intake=unclear), None
    none = replace(plan, next_step="None today")
    yield "professional_full-no_next_step", replace(agreed, plan=none), None
    words = "Agree with mum, the school and the family worker which mornings are the hardest and "
    action = Action(
        words + words[:60], "daily_care", "eh-1", "", "early_help", dt.date(2026, 12, 1)
    )
    long = replace(plan, actions=(action,) * MAX_ACTIONS)
    yield "professional_full-long_plan", replace(agreed, plan=long), None


def _families(world: World) -> Told:
    for answer in TOLD_FAMILY:
        name = f"professional_full-family_{answer}"
        yield name, told_to(world, "professional_full", told_family=answer), None


def _second_callers(world: World) -> Told:
    two = righted.two_callers(world).referral
    for level in FEEDBACK_LEVELS:
        second = two.callers[1]
        rang = replace(second.intake, referrer_group=FEEDBACK_GROUPS[level])
        caller = replace(second, intake=rang)
        yield f"{level}-second_caller", replace(two, merged_callers=(caller,)), caller
    untold = replace(two, intake=replace(two.asked, told_family="no_unsafe"))
    rang = replace(two.callers[1].intake, referrer_group="parent_carer")
    parent = replace(two.callers[1], intake=rang)
    yield "family_pr-withheld", replace(untold, merged_callers=(parent,)), parent


def cases(world: World) -> Told:
    """(name, referral, caller; None is the referral's own)."""
    for level in FEEDBACK_LEVELS:
        yield level, told_to(world, level), None
    yield from _outcomes(world)
    yield from _plans(world)
    yield from _families(world)
    yield from _second_callers(world)


def texts(world: World) -> dict[str, str]:
    view = world.view("eh-1")
    return {name: draft(told, view, caller) + "\n" for name, told, caller in cases(world)}
