"""One made-up referral: commands decided in order of time, and the commits they come to."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field, replace

from bot.desk.ports import Commit
from bot.domain import commands as cmd, events as ev
from bot.domain.decide import decide
from bot.domain.decision import Refused, Scene
from bot.domain.evolve import fold
from bot.domain.partnership import Partnership, Today
from bot.domain.referral import Referral
from bot.domain.vocabulary import State

NOBODY_AWAY = Today()
_order = itertools.count()


class TheEnd(Exception):
    """Nothing later has happened yet."""


@dataclass
class Case:
    """`waiting` holds what happens beside the main story, in order of time."""

    case_id: str
    reference: str
    partnership: Partnership
    ends_at: dt.datetime
    now: dt.datetime
    referral: Referral = field(init=False)
    commits: list[Commit] = field(default_factory=list)
    waiting: list[tuple[dt.datetime, int, cmd.Command, str]] = field(default_factory=list)
    held: list[tuple[dt.datetime, frozenset[str]]] = field(default_factory=list)
    """Since when which Mosaic IDs were found under it."""

    def __post_init__(self) -> None:
        self.referral = Referral(self.case_id)

    def later(self, at: dt.datetime, command: cmd.Command, by: str) -> None:
        self.waiting.append((at, next(_order), command, by))

    def until(self, at: dt.datetime) -> dt.datetime:
        """What waited till then has happened; it is then, or later if the story is further on."""
        for item in sorted(w for w in self.waiting if w[0] <= at):
            self.waiting.remove(item)
            self._decide(item[2], item[3], max(item[0], self.now))
        return max(at, self.now)

    def give(self, command: cmd.Command, by: str, at: dt.datetime) -> None:
        refused = self._decide(command, by, self.until(at))
        assert refused is None, (command, by, refused, self.referral.state)

    def give_if_allowed(self, command: cmd.Command, by: str, at: dt.datetime) -> bool:
        return self._decide(command, by, self.until(at)) is None

    def end(self) -> None:
        """The rest of what waited."""
        self.until(self.ends_at)

    def _decide(self, command: cmd.Command, by: str, at: dt.datetime) -> Refused | None:
        if at > self.ends_at:
            raise TheEnd
        actor = self.partnership.person(by)
        assert actor is not None, by
        found = decide(self.referral, command, Scene(self.partnership, NOBODY_AWAY, at, actor))
        if isinstance(found, Refused):
            return found
        self.now = max(self.now, at)
        if found:
            self._log(tuple(self._numbered(r) for r in found), by, at)
        return None

    def _numbered(self, recorded: ev.Recorded) -> ev.Recorded:
        if isinstance(recorded.event, ev.IntakeSubmitted):
            return replace(recorded, event=replace(recorded.event, reference=self.reference))
        return recorded

    def _log(self, recorded: tuple[ev.Recorded, ...], by: str, at: dt.datetime) -> None:
        n = len(self.commits) + 1
        self.commits.append(Commit(self.case_id, n, at, by, recorded))
        self.referral = replace(fold(self.referral, recorded), version=n)
        gone = self.referral.state in (State.MERGED, State.WITHDRAWN)
        ids = frozenset() if gone else frozenset(self.referral.asked.mosaic_ids)
        if not self.held or self.held[-1][1] != ids:
            self.held.append((at, ids))

    def names(self, mosaic_id: str, at: dt.datetime) -> bool:
        """Whether this child was found under it then."""
        held = [ids for since, ids in self.held if since <= at]
        return bool(held) and mosaic_id in held[-1]
