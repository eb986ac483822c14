"""About a thousand referrals over several test weeks, and what stands beside them: seeded."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.desk.ports import Commit
from bot.desk.rebuild import rebuild
from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.pairs import absorbed
from bot.domain.partnership import BOT, Partnership
from bot.domain.vocabulary import TO_FOLLOW, State
from bot.store.log import TableLog
from bot.store.sqlite import SqliteRows
from tests.figures.generated_answers import answers_beside, give_answers
from tests.figures.generated_case import Case, TheEnd
from tests.figures.generated_forms import Children, form_of
from tests.figures.generated_story import MASHO, Story
from tests.figures.recount_answers import Inputs
from tests.figures.settings import while_taken

SEED = 20261123
REFERRALS = 1_000
ENDS_AT = dt.datetime(2027, 3, 31, 15, 30, tzinfo=dt.UTC)
"""In the middle of the last week: what is open is open, and ten days are not over."""
_AT_ONCE = 100
COME_BACK_DAYS = 10


@dataclass(frozen=True)
class Made:
    cases: list[Case]
    rolls: list[list[Commit]]
    inputs: Inputs


class World:
    def __init__(self, partnership: Partnership, seed: int) -> None:
        self.rng = random.Random(seed)
        self.p = while_taken(partnership)
        self.calendar = partnership.calendar
        self.children = Children(self.rng)
        self.story = Story(self.rng, self.p, self.children)
        self.cases: list[Case] = []
        self.ten_days_after: dict[dt.date, list[Case]] = {}

    def pick_ups(self, count: int) -> list[dt.datetime]:
        """Calls at any second of the open hours of the test days so far."""
        days: list[dt.date] = []
        day = min(w.first_day for w in self.p.test_windows)
        while day <= self.calendar.day_of(ENDS_AT):
            days += [day] if self.p.tests_on(day) else []
            day += dt.timedelta(days=1)
        found = (self._in_hours(self.rng.choice(days)) for _ in range(count))
        return sorted(at for at in found if at < ENDS_AT - dt.timedelta(minutes=20))

    def _in_hours(self, day: dt.date) -> dt.datetime:
        hours = self.calendar.hours(day)
        assert hours is not None
        seconds = int((hours[1] - hours[0]).total_seconds())
        return hours[0] + dt.timedelta(seconds=self.rng.randrange(seconds))

    def case(self, received_at: dt.datetime) -> Case:
        n = len(self.cases) + 1
        year = self.calendar.day_of(received_at).year
        reference = f"REF-{year}-{n:05d}"
        made = Case(f"case-{n:05d}", reference, self.p, ENDS_AT, received_at)
        self.cases.append(made)
        then = self.calendar.add_working_days(self.calendar.day_of(received_at), COME_BACK_DAYS)
        self.ten_days_after.setdefault(then, []).append(made)
        return made

    def earlier_of(self, ids: tuple[str, ...], at: dt.datetime) -> str:
        """What the door finds: the latest referral of any of these children."""
        named = [c for c in self.cases if any(c.names(i, at) for i in ids)]
        latest = max(named, key=lambda c: c.referral.asked.received_at, default=None)
        return latest.reference if latest else ""

    def ring(self, received_at: dt.datetime, children: tuple[Child, ...]) -> Case:
        urgent = self.calendar.urgent_only(received_at)
        roll = self.rng.random()
        safe_now = "no" if roll < 0.06 else "not_sure" if roll < 0.15 else "yes"
        form = form_of(self.rng, self.p, children, received_at, safe_now=safe_now)
        earlier = self.earlier_of(form.mosaic_ids, received_at)
        case = self.case(received_at)
        door = cmd.SubmitIntake(
            form, earlier, immediate=roll > 0.97, next_day=urgent and not form.urgent
        )
        self.story.door(case, door)
        return case

    def tell_one(self, received_at: dt.datetime) -> None:
        first = len(self.cases)
        with contextlib.suppress(TheEnd):
            self.goes_on(self.ring(received_at, self.children_of(received_at)))
        for case in self.cases[first:]:
            case.end()

    def children_of(self, received_at: dt.datetime) -> tuple[Child, ...]:
        """Now and then one who was rung about ten working days before, to the day."""
        found = self.children.some()
        before = self.ten_days_after.get(self.calendar.day_of(received_at), [])
        then = [child for c in before for child in c.referral.asked.children]
        back = self.rng.choice(then) if then and self.story.chance(0.15) else None
        known = back is None or back.to_follow or any(c.mosaic_id == back.mosaic_id for c in found)
        return found if known or back is None else (*found, back)

    def goes_on(self, case: Case) -> None:
        story = self.story
        if story.withdrawn(case):
            return
        case = self.second_call(case, 0.02)
        story.lead(case)
        case = self.second_call(case, 0.04)
        if story.handed_over(case):
            story.wind_up(case)
            story.actions_done(case)
            return
        if not case.referral.lead or story.chance(0.05) or not story.decide(case):
            return
        case = self.second_call(case, 0.02)
        story.wind_up(case)
        story.actions_done(case)
        self.afterwards(self.second_call(case, 0.01))

    def afterwards(self, case: Case) -> None:
        story = self.story
        if story.chance(0.12):
            story.correct(case)
            story.wind_up(case)
        if case.referral.state is State.CLOSED and story.chance(0.08) and story.reopen(case):
            if story.chance(0.7) and story.decide(case):
                story.wind_up(case)
            story.actions_done(case)
        elif story.chance(0.03):
            story.correct(case)

    def second_call(self, case: Case, share: float) -> Case:
        """Somebody else rings about the same child: the two go on as one, mostly the first."""
        at = case.now + dt.timedelta(seconds=self.rng.randrange(60, 7200))
        day = self.calendar.day_of(at)
        may = self.calendar.is_open(at) and self.p.tests_on(day) and case.referral.live
        if not may or not self.story.chance(share):
            return case
        other = self.ring(at, self.children_of_second(case))
        if self.story.chance(0.3):
            self.story.lead(other)
        early = case.referral.state in (State.BRIEFED, State.IN_DISCUSSION)
        into, gone = (other, case) if early and self.story.chance(0.3) else (case, other)
        self.merge(gone, into, max(case.now, other.now) + dt.timedelta(minutes=2))
        return self.second_call(into, 0.1)

    def children_of_second(self, case: Case) -> tuple[Child, ...]:
        known = case.referral.asked.children
        same = self.rng.choice(known)
        if self.story.chance(0.3):
            same = Child(TO_FOLLOW, same.age_band)
        more = tuple(c for c in self.children.some() if c not in known)
        return (same, *more) if self.story.chance(0.4) else (same,)

    def merge(self, gone: Case, into: Case, at: dt.datetime) -> None:
        at = max(gone.until(at), into.until(at))
        into_now = into.referral
        named = cmd.OtherReferral(into.case_id, into.reference, into_now.state, into_now.asked)
        if not gone.give_if_allowed(cmd.MergeReferral(named), MASHO, at):
            return
        gone.waiting.clear()
        taken = cmd.AbsorbReferral(absorbed(gone.referral, MASHO))
        into.give(taken, BOT.id, at + dt.timedelta(seconds=1))

    def rolls(self) -> Iterator[list[Commit]]:
        """Who was here, which on some days nobody said; and that the team was asked how it went."""
        for day in sorted({self.calendar.day_of(c.referral.asked.received_at) for c in self.cases}):
            commits: list[Commit] = []
            if self.story.chance(0.6):
                away = tuple(self.rng.sample(("masho-2", "hlt-1", "edu-1", "hou-1"), 2))
                at = self.calendar.instant(day, dt.time(8, 45))
                commits.append(_of_the_desk(day, 1, ev.RollCalled(away), at, "mgr-1"))
            at = self.calendar.instant(day, dt.time(16, 30))
            commits.append(_of_the_desk(day, len(commits) + 1, ev.PulseAsked(), at, BOT.id))
            yield commits


def _of_the_desk(
    day: dt.date, n: int, event: ev.RollCalled | ev.PulseAsked, at: dt.datetime, by: str
) -> Commit:
    return Commit(f"desk-{day}", n, at, by, (ev.Recorded(event, at, by),))


def generate(partnership: Partnership, seed: int = SEED, count: int = REFERRALS) -> Made:
    world = World(partnership, seed)
    for received_at in world.pick_ups(count):
        world.tell_one(received_at)
    return Made(
        world.cases, list(world.rolls()), answers_beside(world.rng, partnership, world.cases)
    )


async def write(made: Made, path: Path, partnership: Partnership) -> None:
    """The log through its own port, then every index row from the log alone."""
    rows = SqliteRows(path)
    await rows.start()
    log = TableLog(rows)
    streams = [*(c.commits for c in made.cases), *made.rolls]
    for start in range(0, len(streams), _AT_ONCE):
        await asyncio.gather(*(_append(log, s) for s in streams[start : start + _AT_ONCE]))
    await give_answers(rows, made.inputs, partnership)
    await rebuild(rows, log, partnership)
    await rows.close()


async def _append(log: TableLog, commits: list[Commit]) -> None:
    for commit in commits:
        await log.append(commit)
