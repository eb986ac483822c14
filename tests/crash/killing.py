"""One referral acted out against a bot that dies at one await point, and is started again."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.rehearsal.hands import Refusal
from bot.rehearsal.screen import NotOnScreen
from tests.crash import launcher
from tests.fire.outcome import Outcome, differences, outcome_of
from tests.fire.steps import STEPS, Caller, Step
from tests.rehearsal.outside import OutsideBot
from tests.wire.acting import Acting

Json = dict[str, Any]

START = "the start"
LOST = "answered and lost"
_TRIES = 4
_TAKEN_UP_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Point:
    """Where to die: the `times`-th passing of an await point, first met in this step."""

    step: str
    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What an undisturbed run leaves, and the await points it passed."""

    outcome: Outcome
    points: tuple[Point, ...]


@dataclass(slots=True)
class Result:
    """`differences` is empty where the restart made good what the kill broke."""

    point: Point
    died: bool
    differences: list[str] = field(default_factory=list)
    repeated: int = 0


class WatchedBot(OutsideBot):
    """Dies at most once: what is started after a death is the program itself."""

    program = ("-m", "tests.crash.launcher")
    deaths = 0
    teams: Teams | None = None

    def watch(self, file: Path, at: str = "", times: int = 1) -> None:
        own = {launcher.FILE: str(file), launcher.WANTED: at, launcher.TIMES: str(times)}
        self.environment = {**os.environ, **own}

    async def spawn(self) -> None:
        if self.teams is None:
            self.teams = Teams(self)
        try:
            await super().spawn()
        except RuntimeError:
            if not self.died:
                raise
            await self.raise_again()

    @property
    def died(self) -> bool:
        return self.process.returncode == -9

    async def raise_again(self) -> None:
        self.deaths += 1
        self.program, self.environment = ("app.py",), None
        await self.process.communicate()
        # Where a store may be shared, what another left half done is taken up after half a minute.
        self.clock.move_to(self.clock.now() + _TAKEN_UP_AFTER)
        await self.spawn()

    async def settled(self) -> None:
        """Quiet and alive, and Teams has sent again what was not answered."""
        await self._alive()
        if self.teams and await self.teams.send_again():
            await self._alive()

    async def _alive(self) -> None:
        await self.caught_up()
        if self.died:
            await self.raise_again()
            await self.caught_up()


class Teams:
    """Notes what the bot did not answer, and sends it once more with a new id, as Teams does."""

    def __init__(self, bot: WatchedBot) -> None:
        self._bot = bot
        self._deliver = bot.people.deliver
        self._unanswered: list[Json] = []
        bot.people.deliver = self._delivered  # type: ignore[method-assign]

    async def _delivered(self, activity: Json) -> tuple[int, Any]:
        status, body = await self._deliver(activity)
        if status == 0:
            self._unanswered.append(activity)
        return status, body

    async def send_again(self) -> bool:
        """Whether there was anything."""
        waiting, self._unanswered = self._unanswered, []
        for activity in waiting:
            await self._deliver({**activity, "id": self._bot.world.new_id()})
        return bool(waiting)


async def act(bot: WatchedBot) -> Acting:
    """The whole referral. Whoever got no answer looks, and does it again where it is not done.
    What was answered as taken must be there, whatever died meanwhile.
    """
    await bot.settled()
    _file_mark(bot, START)
    acting = Acting(bot)
    caller = Caller(acting)
    for step in STEPS:
        await _step(bot, caller, step)
        _file_mark(bot, step.name)
    return acting


async def _step(bot: WatchedBot, caller: Caller, step: Step) -> None:
    for _ in range(_TRIES):
        not_taken = await _why_not_taken(caller, step)
        await bot.settled()
        if not_taken and not bot.deaths:
            raise AssertionError(f"{step.name}: {not_taken}")
        if caller.acting.case_id and step.done(await caller.acting.referral()):
            return
        if not not_taken:
            raise AssertionError(f"{step.name}: {LOST}")
    raise AssertionError(f"{step.name}: not done after {_TRIES} tries")


async def _why_not_taken(caller: Caller, step: Step) -> str:
    """Empty where it was answered as taken."""
    try:
        await step.act(caller)
    except (Refusal, NotOnScreen, AssertionError) as failed:
        return f"{type(failed).__name__} {failed}"
    return ""


def _file_mark(bot: WatchedBot, name: str) -> None:
    environment: Mapping[str, str] = bot.environment or {}
    if file := environment.get(launcher.FILE):
        with Path(file).open("a") as out:
            out.write(f"# {name}\n")


async def undisturbed(folder: Path, store: str) -> Passed:
    file = folder / "points.txt"
    bot = WatchedBot(store=store)
    bot.watch(file)
    await bot.start()
    try:
        acting = await act(bot)
        return Passed(await outcome_of(bot, acting), tuple(points_in(file)))
    finally:
        await bot.stop()


def points_in(file: Path) -> list[Point]:
    """Each await point once a step: its first passing there."""
    seen: Counter[str] = Counter()
    in_step: dict[str, int] = {}
    found: list[Point] = []
    for line in file.read_text().splitlines():
        if line.startswith("# "):
            found += [Point(line[2:], name, times) for name, times in in_step.items()]
            in_step = {}
            continue
        seen[line] += 1
        in_step.setdefault(line, seen[line])
    return found


async def killed_at(point: Point, plain: Outcome, folder: Path, store: str) -> Result:
    bot = WatchedBot(store=store)
    bot.watch(folder / "passed.txt", point.name, point.times)
    await bot.start()
    try:
        acting = await act(bot)
        seen = await outcome_of(bot, acting)
        result = Result(point, died=bot.deaths == 1)
        result.differences = differences(plain, seen)
        result.repeated = (seen.posts - plain.posts).total()
    except AssertionError as failed:
        result = Result(point, died=bot.deaths == 1, differences=[str(failed)])
    finally:
        await bot.stop()
        await asyncio.sleep(0)
    return result


def line_of(number: int, result: Result) -> str:
    """The kill point and what became of it."""
    said = "; ".join(result.differences) or "made good"
    if not result.died:
        said = f"NOT REACHED ({said})"
    repeated = f", {result.repeated} repeated" if result.repeated else ""
    point = result.point
    return f"{number:4} {point.step}: {point.name} (passing {point.times}): {said}{repeated}"


def spread(points: tuple[Point, ...], most: int) -> list[Point]:
    """That many, evenly over the referral, the first and the last among them."""
    if most >= len(points):
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]
