"""Acts out a scenario file as the people in it would, and compares what happened with the file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot import configuration
from bot.domain.desk_day import PAUSE_STREAM, stream_of
from bot.domain.events import Recorded
from bot.domain.evolve import evolve
from bot.domain.figures import Figures, figures_of
from bot.domain.periods import week_of, week_start
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM
from bot.exchange.report_json import week_json
from bot.rehearsal import moves
from bot.rehearsal.burden import Burden, Spent, spent
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.compare import differences, same
from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.moves_desk import answer_pulse, call_the_roll
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.results import expected_of
from bot.rehearsal.scenario import (
    Event,
    Pulses,
    RollEntry,
    Scenario,
    ScenarioFile,
    duplicate_of,
    overlaid,
)
from bot.rehearsal.screen import NotOnScreen
from bot.rehearsal.transcript import line_for
from bot.rehearsal.world import Dialog, Message

Json = dict[str, Any]
_BAD_DATA = (KeyError, IndexError, TypeError, ValueError, StopIteration, AssertionError)


@dataclass(slots=True)
class Report:
    transcript: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    events: int = 0
    not_playable: Counter[str] = field(default_factory=Counter)
    result: Json = field(default_factory=dict)
    burden: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 with differences, 2 where something could not be played, else 0."""
        if self.differences:
            return 1
        return 2 if self.not_playable else 0


Moment = tuple[tuple[dt.datetime, int, int, int], "Play | None", "Event | RollEntry | Pulse"]


@dataclass(frozen=True, slots=True)
class Pulse:
    """Everybody's answers of one day, given while the desk is still open."""

    day: dt.date
    replies: list[tuple[int, int, int, int]]


class Play:
    """One scenario being played."""

    def __init__(self, player: Player, scenario: Scenario) -> None:
        self.rehearsal = player.rehearsal
        self.scenario = scenario
        self._player = player
        self.case_id = ""
        self.form: Dialog | None = None
        self.stale: dict[str, Any] = {}
        self._feedback_given = 0
        self._matched: set[tuple[str, int]] = set()

    def hands(self, person_id: str) -> Hands:
        return self._player.hands(person_id)

    def at(self, text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

    def clock_words(self, at: dt.datetime) -> str:
        return f"{self.rehearsal.partnership.calendar.local(at):%H:%M}"

    def differ(self, words: str) -> None:
        self._player.report.differences.append(f"{self.scenario.id} {words}")

    async def referral(self) -> Referral:
        return (await self.rehearsal.front_door.desk.cases.fresh(self.case_id)).referral

    def is_last_feedback(self, event: Event) -> bool:
        """The survey is answered when the last caller is told."""
        later = (e for e in self.scenario.events if e.seq > event.seq)
        return not any(e.type == "feedback.sent" for e in later)

    def next_feedback(self, event: Event) -> Json:
        index = event.data.get("feedback_index", self._feedback_given)
        self._feedback_given += 1
        return self.scenario.feedback[index]

    async def draw_losers(self, event: Event, message: Message) -> None:
        """Where somebody will press a button too late, their screen is drawn before the lead is."""
        for later in self.scenario.events:
            if later.type == "claim.refused" and later.seq > event.seq:
                loser = self.hands(later.data["person"])
                if loser.person_id not in self.stale:
                    self.stale[loser.person_id] = await loser.look(message)

    def feedback_text(self, event: Event) -> str:
        """The text this or the next feedback of the scenario sends."""
        index = event.data.get("feedback_index", self._feedback_given)
        found = self.scenario.feedback[index : index + 1]
        return str(found[0]["text"]) if found else ""

    async def logged(self) -> list[Recorded]:
        return await self._recorded(self.case_id) if self.case_id else []

    async def _recorded(self, stream: str) -> list[Recorded]:
        found = await self.rehearsal.front_door.log.load(stream)
        return [r for c in found.commits for r in c.recorded]

    async def already(self, event: Event) -> bool:
        """Whether an earlier press has logged this too, in the same commit."""
        return any(
            (self.case_id, i) not in self._matched
            and same(item, event)
            and not _says_more(item, event)
            for i, item in enumerate(await self.logged())
        )

    def action_index(self, event: Event) -> int:
        """Of the plan's rows, counted from 0. A file that counts from 1 is understood too."""
        named = [int(e.data["index"]) for e in self.scenario.events if e.type == event.type]
        from_one = len(self.scenario.plan) in named
        return int(event.data["index"]) - from_one

    async def _compare_desk(self, event: Event) -> None:
        day = self.rehearsal.partnership.calendar.day_of(event.at)
        recorded = [*await self._recorded(stream_of(day)), *await self._recorded(PAUSE_STREAM)]
        if not any(same(item, event) for item in recorded):
            self.differ(f"{event.seq} {event.type} by {event.by}: not logged")

    async def compare(self, event: Event) -> None:
        """The event is logged, by that person, at that time, and the state after it is equal."""
        if event.type == "claim.refused":
            return
        if event.type in moves.DESK_EVENTS:
            await self._compare_desk(event)
            return
        if not self.case_id and event.type == "referral.received":
            if event.state_after and event.state_after != "draft":
                self.differ(f"{event.seq} {event.type}: state draft, not {event.state_after}")
            return
        if await self._found_in(self.case_id, event):
            return
        merged = (await self.referral()).merged_into
        if merged and await self._found_in(merged.case_id, event):
            return
        self.differ(f"{event.seq} {event.type} by {event.by} at {event.at:%d %H:%M}: not logged")

    async def _found_in(self, case_id: str, event: Event) -> bool:
        """A press about safety on a merged referral is logged in the one that goes on."""
        referral = Referral(case_id)
        for i, item in enumerate(await self._recorded(case_id)):
            referral = evolve(referral, item)
            if (case_id, i) not in self._matched and same(item, event):
                self._matched.add((case_id, i))
                state = str(referral.state)
                passed_on = case_id != self.case_id
                wanted = {event.state_after, state if passed_on else event.state_after, ""}
                if event.state_after and state not in wanted:
                    self.differ(f"{event.seq} {event.type}: state {state}, not {event.state_after}")
                for words in differences(event, item, referral.reference):
                    self.differ(f"{event.seq} {event.type}: {words}")
                return True
        return False

    async def compare_duplicate(self, wanted: Json) -> None:
        """How a duplicate ended: its state, where it went, and when its decision was due."""
        referral = await self.referral()
        into = referral.merged_into.reference if referral.merged_into else None
        due = figures_of(referral, self.rehearsal.partnership).decision_due_at
        got = {
            "ref": referral.reference,
            "final_state": str(referral.state),
            "merged_into": into,
            "decision_due_at": due,
        }
        for name, value in got.items():
            expected = wanted.get(name)
            if isinstance(value, dt.datetime) and expected:
                expected = dt.datetime.fromisoformat(expected)
            if name in wanted and value != expected:
                self.differ(f"duplicate {name}: {value}, not {wanted[name]}")


class Player:
    """Plays every event of every scenario as one day after another."""

    def __init__(
        self, file: ScenarioFile, *, store: str, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """`tell` receives each transcript line as it happens."""
        self.file = file
        self.report = Report()
        self._tell = tell
        base = configuration.read(configuration.DEFAULT_FILE)
        partnership = configuration.build(overlaid(base, file))
        start = file.starts_at - dt.timedelta(minutes=30)
        self.rehearsal = Rehearsal(
            store=store,
            partnership=partnership,
            clock=RehearsalClock(start),
        )
        self._hands: dict[str, Hands] = {}
        self.plays = [Play(self, s) for s in file.scenarios]
        self.duplicates = [
            (order, Play(self, duplicate_of(s)))
            for order, s in enumerate(file.scenarios)
            if s.duplicate
        ]
        self.burden = Burden()

    def hands(self, person_id: str) -> Hands:
        if person_id not in self._hands:
            self._hands[person_id] = Hands(self.rehearsal.people, person_id)
        return self._hands[person_id]

    def _timeline(self) -> list[Moment]:
        """By time, then file order, a duplicate before the scenario it belongs to, then seq."""
        found: list[Moment] = [((r.at, -1, 0, i), None, r) for i, r in enumerate(self.file.roll)]
        found += self._pulses()
        ordered = [(order, 0, play) for order, play in self.duplicates]
        ordered += [(order, 1, play) for order, play in enumerate(self.plays)]
        for order, own, play in ordered:
            events = list(play.scenario.events)
            if late := _call_end(play.scenario):
                events.append(late)
            found += [((e.at, order, own, e.seq), play, e) for e in events]
        return sorted(found, key=lambda moment: moment[0])

    def _pulses(self) -> list[Moment]:
        """Ten minutes before closing; on a day the desk is closed, at noon, where nobody asks."""
        p = self.rehearsal.partnership
        found: list[Moment] = []
        for day, replies in (self.file.pulses or Pulses()).days.items():
            hours = p.calendar.hours(day)
            noon = p.calendar.instant(day, dt.time(12))
            at = hours[1] - dt.timedelta(minutes=10) if hours else noon
            found.append(((at, len(self.plays), 0, 0), None, Pulse(day, replies)))
        return found

    async def _answer_pulse(self, pulse: Pulse) -> None:
        """By whoever of the duty team is here, each once, in the order they are configured."""
        desk, p = self.rehearsal.front_door.desk, self.rehearsal.partnership
        here = (await desk.days.today()).here(p.with_role(*DUTY_TEAM))
        if len(pulse.replies) > len(here):
            few = f"pulse {pulse.day}: {len(pulse.replies)} replies, {len(here)} people on the roll"
            self.report.differences.append(few)
        for person, answers in zip(here, pulse.replies, strict=False):
            try:
                await answer_pulse(self.hands(person.id), pulse.day, answers)
            except (Refusal, NotOnScreen) as refusal:
                said = f"{type(refusal).__name__} {refusal}"
                self.report.differences.append(f"pulse {pulse.day} by {person.id}: {said}")

    async def run(self) -> Report:
        await self.rehearsal.start()
        try:
            for (at, *_), play, item in self._timeline():
                await self.rehearsal.advance(at.astimezone(dt.UTC))
                if isinstance(item, RollEntry):
                    await call_the_roll(self.hands(item.by), item.absent)
                    self._say(at, f"{self._name(item.by)} calls the roll.")
                elif isinstance(item, Pulse):
                    await self._answer_pulse(item)
                    count = len(item.replies)
                    self._say(at, f"{count} people of the duty team say how the day went.")
                elif play is not None:
                    await self._play(play, item)
            await self.rehearsal.settled()
            await self._results()
        finally:
            await self.rehearsal.stop()
        return self.report

    def _say(self, at: dt.datetime, words: str) -> None:
        local = self.rehearsal.partnership.calendar.local(at)
        line = f"{local:%a %d %b %H:%M}  {words}"
        self.report.transcript.append(line)
        self._tell(line)

    def _name(self, person_id: str) -> str:
        return self.rehearsal.partnership.name_of(person_id)

    async def _play(self, play: Play, event: Event) -> None:
        self.report.events += 1
        move = moves.MOVES.get(event.type)
        if event.by == "bot" and event.type in moves.BOT_EVENTS and event.type != "claim.refused":
            move = None
        elif move is None:
            self.report.not_playable[event.type] += 1
            return
        before = spent(self._hands.values())
        try:
            if move and not await play.already(event):
                await move(play, self.hands(event.by if event.by != "bot" else "bot"), event)
        except (Refusal, NotOnScreen) as refusal:
            words = f"{event.seq} {event.type} by {event.by}: {type(refusal).__name__} {refusal}"
            play.differ(words)
        except _BAD_DATA as fault:
            words = f"{event.seq} {event.type}: the file gives too little to act on ({fault!r})"
            play.differ(words)
        await self.rehearsal.settled()
        await play.compare(event)
        referral = await play.referral() if play.case_id else Referral("")
        reference = referral.reference or play.scenario.ref
        self._count(before, reference)
        self._say(event.at, line_for(event, reference, self._name))

    def _count(self, before: dict[str, Spent], reference: str) -> None:
        for person_id, now in spent(self._hands.values()).items():
            person = self.rehearsal.partnership.person(person_id)
            cost = now - before.get(person_id, Spent())
            self.burden.add(reference, str(person.role) if person else "bot", cost)

    async def _results(self) -> None:
        rows: list[Figures] = []
        scenarios = []
        for play in self.plays:
            if not play.case_id:
                continue
            referral = await play.referral()
            if referral.intake is None:
                continue
            row = figures_of(referral, self.rehearsal.partnership)
            rows.append(row)
            expected = expected_of(row)
            scenarios.append({"id": play.scenario.id, "ref": row.reference, "expected": expected})
            if row.reference != play.scenario.ref:
                play.differ(f"ref {row.reference}, not {play.scenario.ref}")
            for name, value in play.scenario.expected.items():
                self._compare(f"{play.scenario.id} expected.{name}", expected.get(name), value)
        for order, play in self.duplicates:
            if play.case_id:
                await play.compare_duplicate(self.file.scenarios[order].duplicate or {})
        stats = {"weeks": await self._weeks(rows)}
        self.report.burden = self.burden.lines()
        self.report.result = {
            "scenarios": scenarios,
            "expected_stats": stats,
            "burden": self.burden.rows(),
        }

    async def _weeks(self, rows: list[Figures]) -> list[Json]:
        """Each week's figures, as the bot itself answers them once the last day is over."""
        desk = self.rehearsal.front_door.desk
        p = desk.partnership
        tomorrow = p.calendar.day_of(desk.clock.now()) + dt.timedelta(days=1)
        await self.rehearsal.advance(p.calendar.instant(tomorrow, dt.time()))
        firsts = sorted({week_start(p.calendar.day_of(r.received_at)) for r in rows})
        weeks = []
        for first in firsts:
            weeks.append(week_json(await desk.stats.report(week_of(first))))
        by_from = {week["from"]: week for week in weeks}
        for wanted in self.file.expected_stats.get("weeks", []):
            got = by_from.get(wanted["from"], {})
            for name, value in wanted.items():
                self._compare(f"week {wanted['from']} {name}", got.get(name), value)
        return weeks

    def _compare(self, what: str, got: Any, wanted: Any) -> None:
        if got != wanted:
            self.report.differences.append(f"{what}: {got!r}, not {wanted!r}")


def _says_more(item: Recorded, event: Event) -> bool:
    """A flag whose words are still to be said."""
    note = event.data.get("note")
    return (
        event.type == "immediate.flagged" and bool(note) and getattr(item.event, "note", "") != note
    )


def _call_end(scenario: Scenario) -> Event | None:
    """The MASHO comes back to say when the call ended, where it outlasted the form."""
    ended = scenario.intake.get("call_ended_at")
    submitted = next((e for e in scenario.events if e.type == "intake.submitted"), None)
    if not ended or submitted is None:
        return None
    at = dt.datetime.fromisoformat(ended)
    if at <= submitted.at:
        return None
    data = {"fields": {"call_ended_at": ended}}
    return Event(seq=0, at=at, type="intake.amended", by=submitted.by, data=data)
