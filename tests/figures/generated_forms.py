"""What made-up callers say, and the children they ring about: some ring about the same child."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from bot.domain import events as ev
from bot.domain.intake import Child, Intake
from bot.domain.partnership import Partnership
from bot.domain.vocabulary import TO_FOLLOW

GROUPS = (
    *("school",) * 5,
    *("police",) * 3,
    "health_visitor",
    "gp",
    "housing",
    "parent_carer",
    "parent_carer",
    "other_family",
    "child_young_person",
    "neighbour_public",
    "anonymous",
    "voluntary",
)
DISTRICTS = ("North", "North", "Central", "South", "outside")
BANDS = ("unborn", "under_1", "1_to_4", "5_to_9", "10_to_15", "16_to_17")
NEEDS = ("daily_care", "home", "health", "learning", "safe_home", "emotional")
ACTIONS = (
    "Visit mum at home and agree mornings",
    "Ring the school nurse about his weight today",
    "Book a place at breakfast club this week",
    "Monitor the situation at home for now",
    "Signpost mum to the children's centre nearby",
    "Follow up with the health visitor on Friday",
    "Liaise with school",
    "Make a referral",
)
OWNERS = (("eh-1", ""), ("sw-1", ""), ("hlt-1", ""), ("", "Sam at the school"))
DUE_IN_DAYS = (-2, 0, 0, 1, 2, 3, 5, 7, 14, 28, 29, 40)


@dataclass
class Children:
    """Every child so far, by id, with the band it was named in."""

    rng: random.Random
    bands: dict[str, str] = field(default_factory=dict)
    lately: list[str] = field(default_factory=list)

    def one(self, used: set[str]) -> Child:
        roll = self.rng.random()
        if roll < 0.1:
            return Child(TO_FOLLOW, self.rng.choice(BANDS))
        recent = [i for i in self.lately[-250:] if i not in used]
        again = self.rng.choice(recent) if recent and roll < 0.25 else ""
        return self.known(again) if again else self.new()

    def known(self, mosaic_id: str) -> Child:
        return Child(mosaic_id, self.bands[mosaic_id])

    def new(self, band: str = "") -> Child:
        mosaic_id = str(9_000_001 + len(self.bands))
        self.bands[mosaic_id] = band or self.rng.choice(BANDS)
        self.lately.append(mosaic_id)
        return Child(mosaic_id, self.bands[mosaic_id])

    def some(self) -> tuple[Child, ...]:
        found: list[Child] = []
        for _ in range(self.rng.choice((1, 1, 1, 1, 2, 2, 3, 4))):
            found.append(self.one({c.mosaic_id for c in found}))
        return tuple(found)

    def ids_for(self, children: tuple[Child, ...]) -> tuple[str, ...]:
        """Ids found for those to follow: mostly new ones, now and then a child of before."""
        used, found = {c.mosaic_id for c in children}, []
        for child in children:
            if child.to_follow:
                same = [i for i in self.lately[-100:] if self.bands[i] == child.age_band]
                same = [i for i in same if i not in used]
                again = bool(same) and self.rng.random() < 0.3
                mosaic_id = self.rng.choice(same) if again else self.new(child.age_band).mosaic_id
                used.add(mosaic_id)
                found.append(mosaic_id)
        return tuple(found)


def form_of(
    rng: random.Random,
    partnership: Partnership,
    children: tuple[Child, ...],
    received_at: dt.datetime,
    *,
    safe_now: str,
) -> Intake:
    tests = partnership.tests_on(partnership.calendar.day_of(received_at))
    return Intake(
        received_at=received_at,
        children=children,
        district=rng.choice(DISTRICTS),
        child_location="home",
        seen_heard="Two children came in without coats on a cold day.",
        safe_now=safe_now,
        referrer_group=rng.choice(GROUPS),
        needs=tuple(rng.sample(NEEDS, rng.choice((1, 1, 2, 3)))),
        test=rng.choice(tests),
        contact_method="phone",
        safe_contact="yes",
        child_view=rng.choice(("Wants to stay with Nan", "", "not asked", "Not asked yet")),
        told_family=rng.choice(("yes_agree", "yes_agree", "")),
        earlier=rng.choice(("", "no", "no", "not checked", "yes")),
    )


def actions_of(rng: random.Random, needs: tuple[str, ...], day: dt.date) -> tuple[ev.Action, ...]:
    made = []
    for text in rng.sample(ACTIONS, rng.choice((1, 1, 2, 2, 3, 4, 5))):
        owner, name = rng.choice(OWNERS)
        need = rng.choice((*needs, *needs, "identity"))
        due = day + dt.timedelta(days=rng.choice(DUE_IN_DAYS))
        made.append(ev.Action(text, need, owner, name, "early_help", due))
    return tuple(made)
