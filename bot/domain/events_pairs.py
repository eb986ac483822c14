"""Two referrals about the same children, and what one hands to the other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.events_outcome import PlanSaved
from bot.domain.events_talk import ContributionAdded
from bot.domain.intake import Intake


@dataclass(frozen=True, slots=True)
class ReferralMatched:
    """The bot saw that an earlier open referral names the same child."""

    TYPE: ClassVar = "referral.matched"
    reference: str
    case_id: str


@dataclass(frozen=True, slots=True)
class ReferralLinked:
    TYPE: ClassVar = "referral.linked"
    to: str
    to_case: str


@dataclass(frozen=True, slots=True)
class ReferralLinkedFrom:
    """The other end of a link: another referral was linked to this one."""

    TYPE: ClassVar = "referral.linked_from"
    reference: str
    case_id: str


@dataclass(frozen=True, slots=True)
class ReferralMerged:
    """This one goes on as part of `into`, a reference."""

    TYPE: ClassVar = "referral.merged"
    into: str
    into_case: str


@dataclass(frozen=True, slots=True)
class ReferralUnmerged:
    """The one it was merged into had been withdrawn first, so this one goes on."""

    TYPE: ClassVar = "referral.unmerged"
    from_ref: str


@dataclass(frozen=True, slots=True)
class Before:
    """What a message said before its author changed it."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency said in a referral that was merged, as it was logged there."""

    said: ContributionAdded
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Wrote:
    """Words of a merged referral's thread, as they were logged there."""

    text: str
    agency: str
    by: str
    at: dt.datetime
    activity_id: str
    filed_as: str
    author_name: str
    filed_by: str = ""
    link: str = ""
    filed_at: dt.datetime | None = None
    before: tuple[Before, ...] = ()
    revised_at: dt.datetime | None = None
    removed_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A merged referral's standing immediate flag, with its clocks."""

    flagged_at: dt.datetime
    flagged_by: str
    note: str
    notified_at: dt.datetime | None
    notified_by: str
    acknowledged_at: dt.datetime | None
    taken_by_name: str


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody whose call was merged into the merged referral before."""

    reference: str
    taken_by: str
    intake: Intake


@dataclass(frozen=True, slots=True)
class RangPolice:
    rang_by: str
    rang_by_name: str
    rang_at: dt.datetime
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Disagreed:
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Considered:
    needed: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReferralAbsorbed:
    """The other end of a merge: everything the merged referral knew, and its callers."""

    TYPE: ClassVar = "referral.absorbed"
    reference: str
    case_id: str
    merged_by: str
    taken_by: str
    intake: Intake
    said: tuple[Said, ...] = ()
    wrote: tuple[Wrote, ...] = ()
    flag: Flag | None = None
    callers: tuple[Rang, ...] = ()
    police: tuple[RangPolice, ...] = ()
    disagreed: tuple[Disagreed, ...] = ()
    strategy: Considered | None = None
    plan: PlanSaved | None = None
    told: tuple[str, ...] = ()
    """People who were told who the child is, by id."""
