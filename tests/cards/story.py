"""Tells a referral's story to the real rules, so that a card is drawn from a state that can be.

`say(field, words)` gives the words a person types: the plain story, a canary, or the longest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.configuration import load
from bot.domain import commands as cmd
from bot.domain.decide import decide
from bot.domain.decision import Refused, Scene
from bot.domain.events import IntakeSubmitted, Recorded
from bot.domain.evolve import fold
from bot.domain.intake import Child, Intake
from bot.domain.partnership import BOT, Partnership, Person, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import HOST_TENANT, Role
from cards.context import View

Say = Callable[[str, str], str]

START = dt.datetime(2026, 11, 24, 9, 12, tzinfo=dt.UTC)
"""A Tuesday of the first test: the call is picked up."""

WATCHERS = ("29:1carys", "29:1tomasz", "29:1femi")


def plainly(field_name: str, words: str) -> str:
    """People say what the story says."""
    return words


@dataclass(slots=True)
class World:
    """Who is here, what time it is, and how people put things."""

    partnership: Partnership = field(default_factory=load)
    say: Say = plainly
    today: Today = field(default_factory=Today)
    watchers: tuple[str, ...] = WATCHERS

    def person(self, person_id: str) -> Person:
        found = self.partnership.person(person_id)
        assert found, person_id
        return found

    def with_setting(self, **changes: object) -> World:
        """The same place where the partnership has decided something otherwise."""
        return replace(self, partnership=replace(self.partnership, **changes))  # type: ignore[arg-type]

    def view(self, who: str = "", minutes: float = 120) -> View:
        """What `who` sees so long after the first call; nobody is the card everyone shares."""
        viewer = self.person(who) if who else None
        now = START + dt.timedelta(minutes=minutes)
        return View(self.partnership, self.today, now, viewer, self.watchers)


@dataclass(slots=True)
class Story:
    """One referral. Each `does` is a commit; a refusal fails the story."""

    world: World
    number: int
    referral: Referral = field(init=False)
    recorded: list[Recorded] = field(default_factory=list)
    """Everything logged so far, as a history is drawn from it."""

    def __post_init__(self) -> None:
        self.referral = Referral(case_id=f"{self.number:032x}")

    @property
    def reference(self) -> str:
        return f"REF-2026-{self.number:05d}"

    def does(self, who: str, minutes: float, *commands: cmd.Command) -> Story:
        for command in commands:
            scene = Scene(
                self.world.partnership,
                self.world.today,
                START + dt.timedelta(minutes=minutes),
                self.world.person(who),
            )
            decided = decide(self.referral, command, scene)
            assert not isinstance(decided, Refused), (command, decided)
            numbered = [self._numbered(item) for item in decided]
            self.recorded += numbered
            folded = fold(self.referral, numbered)
            self.referral = replace(folded, version=self.referral.version + 1)
        return self

    def _numbered(self, item: Recorded) -> Recorded:
        """A referral gets its number as it is stored."""
        if isinstance(item.event, IntakeSubmitted):
            return replace(item, event=replace(item.event, reference=self.reference))
        return item

    def posted(self, minutes: float) -> Story:
        briefing = cmd.RecordBriefing(
            f"{self.world.partnership.desk_channel};messageid={self.number}",
            str(self.number),
            "https://smba.trafficmanager.net/uk/",
        )
        return self.does(BOT.id, minutes, briefing)

    @property
    def other(self) -> cmd.OtherReferral:
        """As another referral would name this one."""
        told = self.referral
        return cmd.OtherReferral(told.case_id, told.reference, told.state, told.asked)

    @property
    def link(self) -> str:
        assert self.referral.briefing
        channel, _, message = self.referral.briefing.conversation_id.partition(";messageid=")
        return self.world.partnership.thread_link.format(channel=channel, message=message)


def intake(say: Say, **changes: object) -> Intake:
    """A call from a school about two children, with every question answered."""
    answers = Intake(
        received_at=START,
        children=(Child("9900101", "5_to_9"), Child("9900102", "1_to_4")),
        district="North",
        child_location="school_or_nursery",
        seen_heard=say(
            "seen_heard",
            "Older child late on 11 of the last 15 school days. Twice this month came in without "
            "breakfast and slept in class.",
        ),
        safe_now="yes",
        referrer_group="school",
        needs=("daily_care", "emotional", "parent_help"),
        referrer_role=say("referrer_role", "Designated safeguarding lead, primary school"),
        contact_method="phone_and_email",
        safe_contact="only at some times",
        safe_contact_times=say("safe_contact_times", "After 15:30"),
        reported=say("reported", "A neighbour said a family friend does most of the school runs."),
        view=say("view", "Mum has always been a warm parent. She seems worn out."),
        going_well=say("going_well", "The children are close. Mum comes in when asked."),
        child_view=say("child_view", "I want Mummy to come to the Christmas show."),
        help_so_far=say("help_so_far", "School has given breakfast twice."),
        wants=say("wants", "Someone to help mum, and a plan the school is part of."),
        told_family="yes_not_agree",
        told_family_reason=say("told_family_reason", "Mum worries about what people will think."),
        access=say("access", "Romanian interpreter"),
        earlier="no",
    )
    return replace(answers, **changes)  # type: ignore[arg-type]


def with_sixty_people(partnership: Partnership) -> Partnership:
    """A partnership three times the usual size, mostly reps."""
    agencies = [a.code for a in partnership.agencies]
    more = tuple(
        Person(
            f"person-{n:02d}",
            f"Rep {n:02d} Longsurname",
            Role.REP,
            agencies[n % len(agencies)],
            HOST_TENANT,
            f"00000000-0000-0000-0000-{n:012d}",
        )
        for n in range(len(partnership.people), 60)
    )
    return replace(partnership, people=(*partnership.people, *more))
