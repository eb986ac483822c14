"""The roster as it is kept in Teams: read from the log, at most ten seconds stale."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bot.desk.ports import (
    AlreadyThere,
    Clock,
    Commit,
    Log,
    StoreUnavailable,
    Unreadable,
    keys_of,
)
from bot.domain.decision import Refused, refused
from bot.domain.events import Recorded, RosterAdded, RosterChanged, RosterEvent, RosterRemoved
from bot.domain.partnership import Partnership, Person
from bot.domain.roster import ROSTER_STREAM, Roster, fold_roster, overlay

_log = logging.getLogger("frontdoor.roster")

_STALE_AFTER_S = 10.0
_TRIES = 20

Decide = Callable[[Partnership], RosterEvent | Refused | None]


class RosterKeeper:
    """Fills `partnership.rostered`, which every question about people reads."""

    def __init__(self, log: Log, clock: Clock, partnership: Partnership) -> None:
        self._log = log
        self._clock = clock
        self._p = partnership
        self._roster = Roster()
        self._recorded: tuple[Recorded, ...] = ()
        self._presses: dict[str, Recorded] = {}
        """What each press that was logged had changed."""
        self._read_at = float("-inf")

    async def current(self, at_most_s: float = _STALE_AFTER_S) -> Roster:
        """Read again where what is known is older than `at_most_s`. Where a later version has
        changed it in a way this one cannot read, as it was read last: nobody waits for the roster
        while copies are replaced. Raises StoreUnavailable.
        """
        if time.monotonic() - self._read_at > at_most_s:
            try:
                return await self.read()
            except Unreadable as fault:
                _log.error("roster.unreadable", extra={"fault": type(fault).__name__})
        return self._roster

    async def read(self) -> Roster:
        """What others have said too. Raises StoreUnavailable."""
        asked_at = time.monotonic()
        stream = await self._log.load(ROSTER_STREAM, self._roster.version)
        for commit in stream.commits:
            if commit.n == self._roster.version + 1:
                self._recorded = (*self._recorded, *commit.recorded)
                self._presses |= dict.fromkeys(keys_of(commit.press), commit.recorded[-1])
                self._roster = fold_roster(self._recorded, commit.n)
        self._p.rostered.clear()
        self._p.rostered.update(overlay(self._p, self._roster))
        self._read_at = asked_at
        return self._roster

    async def act(
        self, actor: Person, decide: Decide, *, press: str, drawn: int
    ) -> RosterEvent | Refused | None:
        """Decides on the roster as it is now; None where there was nothing to change. `press` is
        its key: pressed again it changes nothing. `drawn`: the version of the roster that the form
        was drawn from; an older one than stands now is refused. Raises StoreUnavailable.
        """
        for _ in range(_TRIES):
            roster = await self.read()
            if press in self._presses:
                return self._still(self._presses[press])
            decided = decide(self._p)
            if decided is None or isinstance(decided, Refused):
                return decided
            if drawn != roster.version:
                return refused("roster_since")
            now = self._clock.now()
            recorded = (Recorded(decided, now, actor.id),)
            commit = Commit(
                ROSTER_STREAM,
                roster.version + 1,
                now,
                actor.id,
                recorded,
                press=press,
                configuration=self._p.version,
            )
            try:
                await self._log.append(commit)
            except AlreadyThere:
                continue
            await self.read()
            return decided
        raise StoreUnavailable("too many changes of the roster at once")

    def _still(self, done: Recorded) -> RosterEvent | Refused:
        """What was changed, where nothing was since."""
        event = done.event
        assert isinstance(event, RosterAdded | RosterChanged | RosterRemoved)
        return event if self._recorded[-1] == done else refused("roster_since")


async def take_in_roster(partnership: Partnership, log: Log) -> Roster:
    """Once, for the command line. Raises StoreUnavailable."""
    commits = (await log.load(ROSTER_STREAM)).commits
    roster = fold_roster((r for c in commits for r in c.recorded), len(commits))
    partnership.rostered.update(overlay(partnership, roster))
    return roster
