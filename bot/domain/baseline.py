"""Referrals from before the duty team, gathered from the case system and sampled emails."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.plan_quality import PlanScore


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One referral. `key` is a hash: no case number is kept. Times are aware UTC.

    A time is None where it has not happened, is not known, or only its date is. Codes are the
    partnership's, or empty where not known. `received_on` is the local day, always known.
    """

    key: str
    received_on: dt.date
    received_at: dt.datetime | None
    children: int
    district: str
    referrer_group: str
    outcome: str
    lead_agency: str
    decided_at: dt.datetime | None
    immediate: bool
    assessment_taken_at: dt.datetime | None
    feedback_at: dt.datetime | None
    lead_at: dt.datetime | None
    re_referral: bool | None
    plan: PlanScore | None
    actions: int | None
