"""Generated referrals with something distinctive in every field: no draft holds what its level may
not hear, by a search that knows nothing of the check; and the check warns of no draft.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.events import Action, Sharing
from bot.domain.feedback_levels import leaks, level_of
from bot.domain.intake import TEXT_LIMITS, Child
from bot.domain.partnership import Person
from bot.domain.referral import Caller, Contribution, Handover, Referral
from bot.domain.vocabulary import (
    AGE_BANDS,
    FEEDBACK_LEVELS,
    HANDOVER_TO,
    LIMIT_FEEDBACK,
    MAX_ACTIONS,
    SHARING_DECISIONS,
    TO_FOLLOW,
    TOLD_FAMILY,
)
from cards.feedback_text import draft
from tests.cards import righted
from tests.cards.feedback_plants import PLANTS
from tests.cards.story import START, World

T = TypeVar("T")
TWO = righted.two_callers(World()).referral
SEED = 20261124
COUNT = 400
LITTLE = ("public_thanks", "family_limited", "none")
PLAN_HEARD = ("professional_full", "family_pr", "young_person")
COPIED = ("relevant", "not_shared", "disagreement", "why_not_shared", "strategy")
"""Somebody copied these into the plan, or into the next step."""


def planted(name: str) -> str:
    """Four words of it are as distinctive as the whole."""
    return f"zq{name} xq{name} vq{name} jq{name} kq{name}".replace("_", "")


def token(name: str) -> str:
    return f"q{name}".replace("_", "")


class Made:
    """One referral with every field filled, and what of it was copied where."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = World()
        p = self.world.partnership
        lead = Person(
            "zz-1",
            "Zora Q.",
            p.people[0].role,
            self.some([a.code for a in p.agencies]),
            "host",
            "0",
        )
        self.world.partnership = replace(p, people=(*p.people, lead))
        self.referral = self.told()

    def some(self, found: Sequence[T]) -> T:
        return self.rng.choice(found)

    def told(self) -> Referral:
        told = TWO
        for name, (_, plant) in PLANTS.items():
            if name not in ("handover", "accepted_by"):
                told = plant(told, planted(name))
        told = replace(told, lead=self.some(["zz-1", "zz-1", "", "gone-1"]), tried=())
        return self.plan(self.outcome(self.calls(self.lines(told))))

    def lines(self, told: Referral) -> Referral:
        more = []
        for agency in self.world.partnership.agencies:
            first = told.contributions[0].said
            sharing = Sharing(self.some(SHARING_DECISIONS), "agreed", planted("whyshare"))
            words = {f: planted(f"{agency.code}{f}") for f in ("relevant", "worries", "suggests")}
            said = replace(first, agency=agency.code, sharing=sharing, **words)
            more.append(Contribution(said, "hou-1", START))
        return replace(told, contributions=(*told.contributions, *more))

    def outcome(self, told: Referral) -> Referral:
        codes = [o.code for o in self.world.partnership.outcomes]
        assert told.pick
        per_child = tuple((c.mosaic_id, self.some(codes)) for c in told.asked.children[:1])
        pick = replace(told.pick, code=self.some(codes), per_child=self.some([(), per_child]))
        if self.rng.random() < 0.25:
            over = Handover(
                self.some(HANDOVER_TO), planted("accepted_by"), planted("handover"), "sw-1", START
            )
            return replace(
                told, handover=over, pick=self.some([None, replace(pick, agreed_at=None)])
            )
        return replace(told, pick=pick)

    def answers(self, caller: Caller, n: int) -> Caller:
        """Own words of each caller carry their number."""
        level = self.some(FEEDBACK_LEVELS)
        groups = self.world.partnership.referrer_groups
        children = tuple(
            Child(self.some([TO_FOLLOW, f"99{n}010{i}"]), self.some(AGE_BANDS))
            for i in range(self.rng.choice((1, 1, 2, 3)))
        )
        words = {field: planted(f"call{n}{field}") for field in TEXT_LIMITS}
        return replace(
            caller,
            intake=replace(
                caller.intake,
                referrer_group=self.some([g.code for g in groups if g.feedback_level == level]),
                children=children,
                told_family=self.some(("", *TOLD_FAMILY)),
                **words,  # type: ignore[arg-type]
            ),
        )

    def calls(self, told: Referral) -> Referral:
        own, second = (self.answers(c, n) for n, c in enumerate(told.callers, 1))
        third = replace(self.answers(second, 3), reference="REF-2026-00077")
        needs = [n.code for n in self.world.partnership.needs if n.code != "not_clear"]
        asked = replace(
            own.intake, needs=self.some([(), ("not_clear",), tuple(self.rng.sample(needs, 3))])
        )
        return replace(
            told,
            intake=asked,
            merged_callers=self.some([(), (second,), (second, third)]),
            amendments=(),
        )

    def plan(self, told: Referral) -> Referral:
        assert told.plan
        if self.rng.random() < 0.1:
            return replace(told, plan=None)
        count = self.some((0, 1, 3, MAX_ACTIONS))
        actions = tuple(self.action(n, more="and so on " * 2 * count) for n in range(count))
        step = self.some(
            (
                planted("step"),
                "None today",
                "",
                "Ask Zora to ring",
                "Wait for early help or social care",
                f"See {self.copied()} and ring",
            )
        )
        plan = replace(told.plan, actions=actions, next_step=step)
        return replace(told, plan=plan, plan_by=self.some(("eh-1", "eh-1", "")))

    def copied(self) -> str:
        return planted(self.some(COPIED))

    def action(self, n: int, more: str) -> Action:
        words = self.some(
            (
                planted(f"action{n}"),
                f"Visit; {self.copied()}",
            )
        )
        due_on = dt.date(2026, 11, 25) + dt.timedelta(days=self.rng.randrange(20))
        return Action(f"{words} {more}", "daily_care", "", planted("owner"), "health", due_on)


MADE = [Made(SEED + n) for n in range(COUNT)]
ALL = [
    (made, caller, draft(made.referral, made.world.view("eh-1"), caller))
    for made in MADE
    for caller in made.referral.callers
]


def may_not_stand(level: str) -> set[str]:
    """Tokens no draft of this level may hold: of every field planted, save what is the plan's."""
    heard = {"action"} if level in PLAN_HEARD else set()
    names = {*PLANTS, "whyshare", "owner", "accepted_by", "handover"} - heard
    plan = set() if level in PLAN_HEARD else {f"action{n}" for n in range(MAX_ACTIONS)}
    calls = {f"call{n}{field}" for n in (1, 2, 3) for field in TEXT_LIMITS}
    return {token(name) for name in names | plan | calls}


def test_every_level_and_every_shape_was_made() -> None:
    levels = [level_of(caller, made.world.partnership) for made, caller, _ in ALL]
    assert set(levels) == set(FEEDBACK_LEVELS)
    assert min(levels.count(level) for level in FEEDBACK_LEVELS) >= 50
    drafts = {words for _, _, words in ALL}
    for part in (
        "qaction0",
        "qstep",
        "passed this to",
        "for one child",
        "unborn",
        "more in the plan",
    ):
        assert any(part in words for words in drafts), part


@pytest.mark.parametrize("level", FEEDBACK_LEVELS)
def test_no_draft_holds_what_its_level_may_not_hear(level: str) -> None:
    for made, caller, words in ALL:
        p = made.world.partnership
        if level_of(caller, p) != level:
            continue
        assert [t for t in may_not_stand(level) if t in words] == []
        for agency in p.agencies:
            for field in ("relevant", "worries", "suggests"):
                assert token(f"{agency.code}{field}") not in words
        assert len(words) <= LIMIT_FEEDBACK
        if caller.merged and made.referral.plan_by:
            assert token("step") not in words


@pytest.mark.parametrize("level", LITTLE)
def test_a_caller_who_hears_thanks_hears_no_need_outcome_lead_or_service(level: str) -> None:
    for made, caller, words in ALL:
        p = made.world.partnership
        if level_of(caller, p) != level:
            continue
        words = words.lower()
        names = {n.label.split(":")[0] for n in p.needs} | {
            a.label.split(" (")[0] for a in p.agencies
        }
        names |= {name for o in p.outcomes for name in (o.label, o.short)}
        names |= {"known", "EHU", "lead", "social worker", "plan"}
        names |= {"Zora"} if made.referral.lead == "zz-1" else set()
        assert [name for name in names if name.lower() in words] == []


def test_the_check_warns_of_no_draft() -> None:
    for made, caller, words in ALL:
        assert leaks(words, made.referral, caller, made.world.partnership) == (), words
