"""Looking through the whole log: for a child's referrals, and for who did what."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.desk.cases import Cases
from bot.desk.ports import Commit, Log, Rows
from bot.desk.versions import Versions
from bot.domain.events import IntakeAmended, IntakeSubmitted, Recorded, ReferralAbsorbed
from bot.domain.intake import Child
from bot.domain.referral import Referral


@dataclass(frozen=True, slots=True)
class Found:
    """A referral with everything that was logged about it."""

    referral: Referral
    commits: tuple[Commit, ...]

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        return tuple(r for commit in self.commits for r in commit.recorded)


async def streams(rows: Rows, table: str) -> AsyncIterator[str]:
    """Each partition of the table once, in order."""
    last = ""
    async for row in rows.walk(table):
        if row.partition != last:
            last = row.partition
            yield last


async def referrals_of(rows: Rows, log: Log, versions: Versions, mosaic_id: str) -> list[Found]:
    """Every referral that names or ever named the child, oldest first: merged and withdrawn ones
    too, and ids that were put right since. Reads the whole log.
    """
    cases, found = Cases(log, versions), []
    async for case_id in streams(rows, "Commits"):
        commits = (await log.load(case_id)).commits
        if any(_names(r, mosaic_id) for c in commits for r in c.recorded):
            found.append(Found((await cases.fresh(case_id)).referral, commits))
    return sorted(found, key=_received)


def _received(found: Found) -> dt.datetime:
    return found.referral.received_at or found.commits[0].at


def _names(recorded: Recorded, mosaic_id: str) -> bool:
    return any(child.mosaic_id == mosaic_id for child in _children(recorded))


def _children(recorded: Recorded) -> tuple[Child, ...]:
    match recorded.event:
        case IntakeSubmitted(intake) | ReferralAbsorbed(intake=intake):
            return intake.children
        case IntakeAmended(answers):
            return tuple(answers.get("children", ()))
        case _:
            return ()
