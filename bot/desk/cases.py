"""Folded cases kept warm: appending decides whether they were current, so a press reads nothing."""

from __future__ import annotations

import datetime as dt
import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.desk.ports import Commit, Effect, EffectStatus, Log, Unreadable, keys_of
from bot.desk.retrying import not_sure
from bot.desk.versions import Versions
from bot.domain.events import WordsErased
from bot.domain.evolve import fold
from bot.domain.referral import Referral

_log = logging.getLogger("frontdoor.cases")

_MOST_WARM = 5000


@dataclass(frozen=True, slots=True)
class Case:
    """A referral with the effects its commits owe and how far each has come.

    `read`: which reading of the log `statuses` are from; a later one has a higher number.
    `owed_at`: when each commit that owes something was made.
    """

    referral: Referral
    effects: tuple[tuple[int, int, Effect], ...] = ()
    statuses: dict[tuple[int, int], EffectStatus] = field(default_factory=dict)
    read: int = 0
    owed_at: dict[int, dt.datetime] = field(default_factory=dict)

    @property
    def given_up(self) -> int:
        """How many of its messages could not be posted."""
        return sum(status.state == "failed" for status in self.statuses.values())

    @property
    def not_sure(self) -> bool:
        """Whether its briefing may be in the channel, more than once, and nobody can say."""
        return any(map(not_sure, self.statuses.values()))

    def pending(self) -> Iterator[tuple[int, int, Effect]]:
        """Effects not yet sent or given up, in the order they were owed."""
        for n, index, effect in self.effects:
            status = self.statuses.get((n, index))
            if status is None or status.state not in ("sent", "failed"):
                yield n, index, effect


def extend(case: Case, commit: Commit, after: Referral | None = None) -> Case:
    """`after`: what the commit's events make of the referral, where that is known already."""
    referral = after or fold(case.referral, commit.recorded)
    presses = referral.presses | keys_of(commit.press)
    opened = case.referral.configuration if case.referral.version else commit.configuration
    referral = replace(referral, version=commit.n, presses=presses, configuration=opened)
    owed = tuple((commit.n, i, e) for i, e in enumerate(commit.effects))
    owed_at = {**case.owed_at, commit.n: commit.at} if owed else case.owed_at
    return replace(case, referral=referral, effects=(*case.effects, *owed), owed_at=owed_at)


def _erases(commit: Commit) -> bool:
    return any(r.event.TYPE == WordsErased.TYPE for r in commit.recorded)


class Cases:
    def __init__(self, log: Log, versions: Versions) -> None:
        self._log = log
        self._versions = versions
        self._warm: OrderedDict[str, Case] = OrderedDict()
        self._reads = 0
        self._doubted: dict[str, int] = {}
        """With the newest reading that had begun by then: it may not have what landed."""

    async def current(self, case_id: str) -> Case:
        """The warm copy, or the log's. A case nothing is logged for has version 0."""
        case = self._warm.get(case_id)
        if case is not None and case_id not in self._doubted:
            self._warm.move_to_end(case_id)
            return case
        return await self.fresh(case_id)

    async def each(self, case_ids: Iterable[str]) -> list[Case]:
        """Those that can be read: one that cannot keeps no list of the others from anybody."""
        found = []
        for case_id in case_ids:
            try:
                found.append(await self.current(case_id))
            except Unreadable as fault:
                _log.error("cases.unreadable", extra={"case": case_id, "fault": str(fault)})
        return found

    def doubt(self, case_id: str) -> None:
        """A commit may have landed though the store did not say so: the log is asked next time."""
        self._doubted[case_id] = self._reads

    async def fresh(self, case_id: str) -> Case:
        """Reads what others have added since. Raises Unreadable."""
        self._reads += 1
        read = self._reads
        case = self._warm.get(case_id) or Case(Referral(case_id))
        stream = await self._log.load(case_id, case.referral.version)
        if case.referral.version and any(map(_erases, stream.commits)):
            # What people wrote is gone from the log: nor may it stay here.
            self._warm.pop(case_id, None)
            case, stream = Case(Referral(case_id)), await self._log.load(case_id)
        if self._doubted.get(case_id, read) < read:
            del self._doubted[case_id]
        for commit in stream.commits:
            if commit.n > case.referral.version + 1:
                raise Unreadable(f"{case_id}: commit {case.referral.version + 1} is missing")
            if commit.n == case.referral.version + 1:
                case = extend(case, commit)
        await self._versions.learn(case.referral.configuration)
        statuses = {(s.n, s.index): s for s in stream.statuses}
        return self._keep(replace(case, statuses=statuses, read=read))

    def appended(self, commit: Commit, onto: Case, after: Referral | None = None) -> Case:
        """After our own append succeeded on top of `onto`, whose referral it made `after`."""
        case = self._warm.get(commit.stream) or onto
        if commit.n <= case.referral.version:
            return case
        return self._keep(extend(case, commit, after))

    def is_immediate(self, case_id: str) -> bool:
        """Whether the warm copy says that a child is not safe now."""
        case = self._warm.get(case_id)
        return case is not None and case.referral.is_immediate

    def warm(self) -> list[Case]:
        return list(self._warm.values())

    def _keep(self, case: Case) -> Case:
        """Commits and statuses each as far as anyone here has seen them: while one reads, another
        may append, or read later and come back sooner.
        """
        if case.referral.version == 0:
            return case
        if case.referral.words_gone:
            # What was read before the last words went may still hold them.
            self._warm.pop(case.referral.case_id, None)
            return case
        current = self._warm.get(case.referral.case_id)
        if current is not None:
            further = max(current, case, key=lambda c: c.referral.version)
            later = max(current, case, key=lambda c: c.read)
            case = replace(further, statuses=later.statuses, read=later.read)
        self._warm[case.referral.case_id] = case
        self._warm.move_to_end(case.referral.case_id)
        while len(self._warm) > _MOST_WARM:
            self._warm.popitem(last=False)
        return case
