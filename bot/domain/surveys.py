"""What people who rang said afterwards, on the council's own form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SURVEY_GROUPS = (
    "parent_carer",
    "child_young_person",
    "other_family",
    "professional",
    "someone_else",
)

LONGEST_COMMENT = 600


@dataclass(frozen=True, slots=True)
class SurveyReply:
    """`answers` are satisfied, knows what happens next, talked about needs: 1 (worst) to 5.

    None is not answered; the first is always answered. `comment` has no identifiers left in it
    and at most 600 characters. `day` is local.
    """

    key: str
    day: dt.date
    group: str
    answers: tuple[int | None, int | None, int | None]
    comment: str
