"""Looking through the whole log: for a child's referrals, and for who did what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.desk.cases import Cases
from bot.desk.ports import Commit, Log, Rows
from bot.desk.streams import streams
from bot.desk.versions import Versions
from bot.domain.events import IntakeAmended, IntakeSubmitted, Recorded, ReferralAbsorbed
from bot.domain.intake import Child
from bot.domain.referral import Referral
from bot.domain.vocabulary import TO_FOLLOW


@dataclass(frozen=True, slots=True)
class Found:
    """A referral with everything that was logged about it."""

    referral: Referral
    commits: tuple[Commit, ...]

    @property
    def recorded(self) -> tuple[Recorded, ...]:
        return tuple(r for commit in self.commits for r in commit.recorded)


@dataclass(frozen=True, slots=True)
class Searched:
    """`to_follow`: references of other referrals where a child's ID is still to follow. Whether
    one of them is about the child cannot be told by ID.
    """

    found: tuple[Found, ...]
    to_follow: tuple[str, ...]


async def referrals_of(rows: Rows, log: Log, versions: Versions, mosaic_id: str) -> Searched:
    """Every referral that names or ever named the child, oldest first: merged and withdrawn ones
    too, and ids that were put right since. Reads the whole log.
    """
    cases, found, to_follow = Cases(log, versions), [], []
    async for case_id in streams(rows, "Commits"):
        commits = (await log.load(case_id)).commits
        named = {c.mosaic_id for one in commits for r in one.recorded for c in _children(r)}
        if mosaic_id in named:
            found.append(Found((await cases.fresh(case_id)).referral, commits))
        elif TO_FOLLOW in named:
            referral = (await cases.fresh(case_id)).referral
            if referral.intake is not None and referral.intake.ids_to_follow:
                to_follow.append(referral.reference)
    return Searched(tuple(sorted(found, key=_received)), tuple(sorted(to_follow)))


def _received(found: Found) -> dt.datetime:
    return found.referral.received_at or found.commits[0].at


def _children(recorded: Recorded) -> tuple[Child, ...]:
    match recorded.event:
        case IntakeSubmitted(intake) | ReferralAbsorbed(intake=intake):
            return intake.children
        case IntakeAmended(answers):
            return tuple(answers.get("children", ()))
        case _:
            return ()
