"""Which children were referred again soon after: told by Mosaic ID alone."""

from __future__ import annotations

from bot.domain.counting import Facts, Result
from bot.domain.figures import Figures

WORKING_DAYS = 10


def came_back(facts: Facts) -> Result:
    """Referrals of which a child was named in another referral within ten working days after.

    Left out: no child's Mosaic ID known, or the ten days are not over and nobody came back yet.
    """
    everyone = {r.case_id: r for r in (*facts.material.rows, *facts.material.following)}
    counted = sorted(
        (r for r in everyone.values() if r.counts), key=lambda r: (r.received_at, r.reference)
    )
    by_child: dict[str, list[Figures]] = {}
    for row in counted:
        for mosaic_id in row.mosaic_ids:
            by_child.setdefault(mosaic_id, []).append(row)
    answers = [_came_back(r, by_child, facts) for r in facts.cohort]
    known = [a for a in answers if a is not None]
    return Result(sum(known), of=len(known), missing=len(answers) - len(known))


def _came_back(row: Figures, by_child: dict[str, list[Figures]], facts: Facts) -> bool | None:
    if not row.mosaic_ids:
        return None
    day_of = facts.calendar.day_of
    last = facts.calendar.add_working_days(day_of(row.received_at), WORKING_DAYS)
    for mosaic_id in row.mosaic_ids:
        for other in by_child.get(mosaic_id, []):
            after = (other.received_at, other.reference) > (row.received_at, row.reference)
            if other.case_id != row.case_id and after and day_of(other.received_at) <= last:
                return True
    return None if facts.today <= last else False
