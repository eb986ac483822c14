"""The open list of a restored store. An export is read while people work: the list in it may be of
another moment than the commits, which alone say who is live.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.ports import Log, Rows
from bot.desk.rebuild import rebuild
from bot.domain.partnership import Partnership


@dataclass(frozen=True, slots=True)
class OpenList:
    """`referrals` were rebuilt and `listed` are on the list now. `removed` had no commits."""

    referrals: int = 0
    listed: int = 0
    added: int = 0
    removed: int = 0


async def derive(rows: Rows, log: Log, partnership: Partnership) -> OpenList:
    """Puts every live referral on it and takes off what is none. One that has ended stays on: the
    bot takes it off once all it owes is sent. Makes the figures again too. Safe to repeat.
    """
    before = set(await log.open_cases())
    referrals = await rebuild(rows, log, partnership)
    listed = set(await log.open_cases())
    empty = {case_id for case_id in listed if not (await log.load(case_id)).commits}
    for case_id in sorted(empty):
        await log.mark_done(case_id)
    return OpenList(referrals, len(listed - empty), len(listed - before), len(empty))
