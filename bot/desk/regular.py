"""What the desk does at set times: the roll, the closing list, the pulse, the managers' week. Each
once, whatever is restarted: the log remembers that it was asked, and the outbox that it went out.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from bot.desk import effects as fx
from bot.desk.cases import Cases
from bot.desk.days import Days
from bot.desk.ports import (
    AlreadyThere,
    Changed,
    Clock,
    Commit,
    Effect,
    EffectStatus,
    Log,
    StoreUnavailable,
)
from bot.desk.retrying import ENDED, tried_again
from bot.desk.sending import Owed, Sender
from bot.desk.signals import SILENT, Signals
from bot.domain.desk_day import PAUSE_STREAM, stream_of, week_stream
from bot.domain.events import ClosingListSent, PulseAsked, Recorded, RollAsked, WeekSent
from bot.domain.partnership import BOT, Partnership
from bot.domain.periods import week_start
from bot.domain.referral import Referral
from bot.domain.timers import closing_list_at, pulse_at, roll_call_at, weekly_at
from bot.domain.vocabulary import DUTY_TEAM, HOST_TENANT, Role

_log = logging.getLogger("frontdoor.ticker")

_CATCH_UP = dt.timedelta(days=4)
"""A week's card that could not go out on its day still goes out this long after."""


class Regular:
    def __init__(
        self,
        partnership: Partnership,
        log: Log,
        clock: Clock,
        cases: Cases,
        days: Days,
        desk_outbox: DeskOutbox,
        signals: Signals = SILENT,
    ) -> None:
        self._p = partnership
        self._log = log
        self._clock = clock
        self._cases = cases
        self._days = days
        self._desk_outbox = desk_outbox
        self._signals = signals
        self._weeks: dict[str, int] = {}

    async def tick(self, now: dt.datetime, open_cases: Collection[str]) -> None:
        """Whatever is due by now, each for itself: one that fails holds up none behind it. Raises
        what the first that failed raised.
        """
        self._desk_outbox.waiting.clear()
        monday = week_start(self._p.calendar.day_of(now))
        jobs: dict[str, Callable[[], Awaitable[None]]] = {
            "again": self._desk_outbox.send_again,
            "pause": self._pause,
            "roll": partial(self._roll, now),
            "closing": partial(self._closing, now, open_cases),
            "pulse": partial(self._pulse, now),
            "week": partial(self._week, now, monday),
            "week_before": partial(self._week, now, monday - dt.timedelta(weeks=1)),
        }
        faults = [fault for name, job in jobs.items() if (fault := await _fault_of(name, job))]
        if faults:
            raise faults[0]

    def waiting(self) -> list[dt.datetime]:
        """When each effect was owed that the last tick found unsent."""
        return [at for owed in self._desk_outbox.waiting.values() for at in owed]

    def times(self, now: dt.datetime) -> list[dt.datetime | None]:
        """When something of this is next due, today and on the next working day."""
        day = self._p.calendar.day_of(now)
        found: list[dt.datetime | None] = [weekly_at(self._p, week_start(day))]
        for candidate in (day, self._p.calendar.next_working_day(day)):
            found += [at(self._p, candidate) for at in (roll_call_at, closing_list_at, pulse_at)]
        return found

    async def _pause(self) -> None:
        """The channel hears that no more is taken, and when it is again."""
        if version := await self._days.pause_version():
            await self._desk_outbox.send(PAUSE_STREAM, version)

    async def _roll(self, now: dt.datetime) -> None:
        """Each test morning the duty managers are asked who is here, once, until it is called."""
        day = self._p.calendar.day_of(now)
        at = roll_call_at(self._p, day)
        closes = self._p.calendar.closes_at(now)
        if at is None or closes is None or not at <= now < closes:
            return
        state = await self._days.state()
        if state.roll_asked:
            await self._desk_outbox.send(stream_of(day), state.version)
            return
        if state.called:
            return
        managers = self._p.with_role(Role.DUTY_MANAGER)
        effects = tuple(Effect(fx.ROLL, {"to": m.id}) for m in managers if m.tenant == HOST_TENANT)
        stream = await self._days.record(RollAsked(), BOT.id, effects, due_on=day)
        await self._recorded(stream, fx.ROLL, at)

    async def _recorded(self, stream: str | None, kind: str, at: dt.datetime) -> None:
        """Sends what a desk event just recorded owes; it was due `at`."""
        if stream:
            self._signals.timer_lag(kind, (self._clock.now() - at).total_seconds())
            await self._desk_outbox.send(stream, (await self._days.state()).version)

    async def _closing(self, now: dt.datetime, open_cases: Collection[str]) -> None:
        day = self._p.calendar.day_of(now)
        at = closing_list_at(self._p, day)
        closes = self._p.calendar.closes_at(now)
        if at is None or closes is None or not at <= now < closes:
            return
        state = await self._days.state()
        if state.closing_listed:
            await self._desk_outbox.send(stream_of(day), state.version)
            return
        found = [c.referral for c in await self._cases.each(sorted(open_cases))]
        live = [r for r in found if r.live]
        unread = set(open_cases) - {r.case_id for r in found}
        waiting = [r.case_id for r in live if not r.agreed and r.handover is None]
        waiting += sorted(unread)  # as far as anybody can tell
        notes = [r.case_id for r in live if r.case_id not in waiting and not r.notes_done]
        managers = (await self._days.today()).here(self._p.with_role(Role.DUTY_MANAGER))
        to = next((m.id for m in managers if m.tenant == HOST_TENANT), "")
        owed = {"to": to, "cases": waiting, "notes": notes}
        effects = (Effect(fx.CLOSING, owed),) if to and (waiting or notes) else ()
        event = ClosingListSent(tuple(waiting))
        stream = await self._days.record(event, BOT.id, effects, due_on=day)
        await self._recorded(stream, fx.CLOSING, at)

    async def _pulse(self, now: dt.datetime) -> None:
        """At the end of a test day: a card in each person's own chat; people of other tenants, who
        have none, are asked by one post in the channel.
        """
        day = self._p.calendar.day_of(now)
        at = pulse_at(self._p, day)
        if at is None or now < at:
            return
        state = await self._days.state()
        if state.pulse_asked:
            await self._desk_outbox.send(stream_of(day), state.version)
            return
        here = (await self._days.today()).here(self._p.with_role(*DUTY_TEAM))
        about = {"day": day.isoformat()}
        effects = [Effect(fx.PULSE, {"to": p.id, **about}) for p in here if p.tenant == HOST_TENANT]
        others = [p.id for p in here if p.tenant != HOST_TENANT]
        if others:
            effects.append(Effect(fx.PULSE_CHANNEL, {"people": others, **about}))
        stream = await self._days.record(PulseAsked(), BOT.id, tuple(effects), due_on=day)
        await self._recorded(stream, fx.PULSE, at)

    async def _week(self, now: dt.datetime, monday: dt.date) -> None:
        """On the last working day of a week with a test day, to each manager's own chat."""
        at = weekly_at(self._p, monday)
        if at is None or not at <= now < at + _CATCH_UP:
            return
        stream = week_stream(monday)
        if stream not in self._weeks:
            self._weeks[stream] = await self._week_sent(stream, monday)
        await self._desk_outbox.send(stream, self._weeks[stream])

    async def _week_sent(self, stream: str, monday: dt.date) -> int:
        """The version of the week's stream, which is made here unless it was."""
        found = await self._log.load(stream)
        if found.commits:
            return found.commits[-1].n
        managers = [m for m in self._p.with_role(Role.MANAGER) if m.tenant == HOST_TENANT]
        about = {"monday": monday.isoformat()}
        effects = tuple(Effect(fx.WEEK, {"to": m.id, **about}) for m in managers)
        now = self._clock.now()
        recorded = (Recorded(WeekSent(monday), now, BOT.id),)
        with contextlib.suppress(AlreadyThere):  # another replica made it
            await self._log.append(Commit(stream, 1, now, BOT.id, recorded, effects))
        return 1


async def _fault_of(name: str, job: Callable[[], Awaitable[None]]) -> Exception | None:
    try:
        await job()
    except StoreUnavailable as fault:
        return fault
    except Exception as fault:  # noqa: BLE001 - the job boundary: the next job goes on
        _log.exception("ticker.job_fault", extra={"job": name})
        return fault
    return None


class DeskOutbox:
    """Sends what a commit of the desk's own log owes, claimed like any other effect."""

    def __init__(self, sender: Sender, log: Log) -> None:
        self._sender = sender
        self._log = log
        self._ended: dict[str, int] = {}
        self._again: set[str] = set()
        self.waiting: dict[str, list[dt.datetime]] = {}
        """By stream: when each effect still to go was owed."""

    async def send(self, stream: str, version: int) -> None:
        """`version` is the stream's newest commit: what is sent up to it is not looked at again."""
        if self._ended.get(stream) != version:
            await self._send(stream)

    async def _send(self, stream: str) -> None:
        found = await self._log.load(stream)
        statuses = {(s.n, s.index): s for s in found.statuses}
        waiting = self.waiting[stream] = []
        for commit in found.commits:
            for index, effect in enumerate(commit.effects):
                before = statuses.get((commit.n, index))
                if before and before.state in ENDED:
                    continue
                owed = Owed(stream, commit.n, index, effect)
                done = await self._sender.send(owed, before, self._read)
                if done is None or done.state not in ENDED:
                    waiting.append(commit.at)
        if not waiting and found.commits:
            self._ended[stream] = found.commits[-1].n

    async def given_up(self, stream: str) -> list[tuple[EffectStatus, str]]:
        """What could not be posted, with its kind. Of pauses the newest alone is news."""
        found = await self._log.load(stream)
        commits = found.commits[-1:] if stream == PAUSE_STREAM else found.commits
        effects = {(c.n, i): e.kind for c in commits for i, e in enumerate(c.effects)}
        failed = [s for s in found.statuses if s.state == "failed"]
        return [(s, kind) for s in failed if (kind := effects.get((s.n, s.index)))]

    async def try_again(self, stream: str, now: dt.datetime) -> None:
        """Owes again what was given up. Safe to repeat."""
        for status, _ in await self.given_up(stream):
            with contextlib.suppress(Changed):  # pressed twice, or on another replica too
                await self._log.set_effect(stream, tried_again(status, now))
        self._ended.pop(stream, None)
        self._again.add(stream)

    async def send_again(self) -> None:
        """What somebody had tried again, whatever the hour."""
        for stream in sorted(self._again):
            await self._send(stream)
            if stream in self._ended:
                self._again.discard(stream)

    async def _read(self, owed: Owed) -> tuple[Referral, EffectStatus]:
        found = await self._log.load(owed.stream)
        key = (owed.n, owed.index)
        return Referral(owed.stream), next(s for s in found.statuses if (s.n, s.index) == key)
