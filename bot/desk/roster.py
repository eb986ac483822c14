"""The roster as it is kept in Teams: read from the log, at most ten seconds stale."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bot.desk.ports import AlreadyThere, Clock, Commit, Log, StoreTooNew, StoreUnavailable
from bot.domain.decision import Refused
from bot.domain.events import Recorded, RosterEvent
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
        self._read_at = float("-inf")

    async def current(self, at_most_s: float = _STALE_AFTER_S) -> Roster:
        """Read again where what is known is older than `at_most_s`. Where a later version has
        changed it in a way this one cannot read, as it was read last: nobody waits for the roster
        while copies are replaced. Raises StoreUnavailable.
        """
        if time.monotonic() - self._read_at > at_most_s:
            try:
                return await self.read()
            except StoreTooNew:
                _log.error("roster.store_too_new")
        return self._roster

    async def read(self) -> Roster:
        """What others have said too. Raises StoreUnavailable."""
        asked_at = time.monotonic()
        stream = await self._log.load(ROSTER_STREAM, self._roster.version)
        for commit in stream.commits:
            if commit.n == self._roster.version + 1:
                self._recorded = (*self._recorded, *commit.recorded)
                self._roster = fold_roster(self._recorded, commit.n)
        self._p.rostered.clear()
        self._p.rostered.update(overlay(self._p, self._roster))
        self._read_at = asked_at
        return self._roster

    async def act(self, actor: Person, decide: Decide) -> RosterEvent | Refused | None:
        """Decides on the roster as it is now, again after every change that came first; None where
        there was nothing to change. Raises StoreUnavailable.
        """
        for _ in range(_TRIES):
            roster = await self.read()
            decided = decide(self._p)
            if decided is None or isinstance(decided, Refused):
                return decided
            now = self._clock.now()
            recorded = (Recorded(decided, now, actor.id),)
            commit = Commit(
                ROSTER_STREAM,
                roster.version + 1,
                now,
                actor.id,
                recorded,
                configuration=self._p.version,
            )
            try:
                await self._log.append(commit)
            except AlreadyThere:
                continue
            await self.read()
            return decided
        raise StoreUnavailable("too many changes of the roster at once")


async def take_in_roster(partnership: Partnership, log: Log) -> Roster:
    """Once, for the command line. Raises StoreUnavailable."""
    commits = (await log.load(ROSTER_STREAM)).commits
    roster = fold_roster((r for c in commits for r in c.recorded), len(commits))
    partnership.rostered.update(overlay(partnership, roster))
    return roster
