"""What is due to be erased, and the erasing itself.

A plan is made first and looked at; only what stands on it is erased, and only what is still due.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.desk.cases import Cases
from bot.desk.ports import AlreadyThere, Commit, Log, Rows, StoreUnavailable
from bot.desk.streams import streams
from bot.desk.versions import Versions
from bot.domain import commands as cmd
from bot.domain.decide import decide
from bot.domain.decision import Refused, Scene
from bot.domain.partnership import BOT, Partnership, Today
from bot.domain.referral import Referral
from bot.domain.rules_keeping import due_on, ended_at
from bot.domain.vocabulary import State
from bot.records.certificate import Certificate, Erased, keep_erased, keep_head
from bot.store.erasing import Erasing
from bot.store.words import parted

FORMAT = 1
PLAN_GOOD_FOR = dt.timedelta(days=7)
_TRIES = 5
_MOST_MERGES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A referral whose words may go. Days are local and in ISO form."""

    case_id: str
    reference: str
    state: str
    ended_on: str
    due_on: str


@dataclass(slots=True)
class Plan:
    """`held`, `later` and `open`: what stays, and why. `comments`: weeks and days of answers."""

    made_at: str
    words_days_after_closing: int
    due: list[Line] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    later: int = 0
    open: int = 0
    gone: int = 0
    comments: list[str] = field(default_factory=list)
    format: int = FORMAT

    def dumped(self) -> dict[str, Any]:
        return asdict(self)


class BadPlan(ValueError):
    """The file is no plan, or too old. The message says so."""


def read_plan(text: str, now: dt.datetime) -> Plan:
    """Raises BadPlan."""
    try:
        data = json.loads(text)
        plan = Plan(**{**data, "due": [Line(**line) for line in data["due"]]})
        made = dt.datetime.fromisoformat(plan.made_at)
        known = plan.format == FORMAT
        age = now - made
    except (ValueError, KeyError, TypeError) as error:
        raise BadPlan(f"this is no plan ({type(error).__name__}): make one with --plan") from None
    if not known or age > PLAN_GOOD_FOR or age < -dt.timedelta(minutes=5):
        raise BadPlan(f"the plan of {plan.made_at} is too old: make one and look at it again")
    return plan


class Retention:
    def __init__(
        self, rows: Rows, log: Log, partnership: Partnership, erasing: Erasing, now: dt.datetime
    ) -> None:
        self._rows = rows
        self._log = log
        self._p = partnership
        self._erasing = erasing
        self._now = now
        self._today = partnership.calendar.day_of(now)
        self._gone: set[str] = set()

    # The plan -------------------------------------------------------------------------

    async def plan(self) -> Plan:
        """Reads the whole log once. Raises StoreUnavailable."""
        plan = Plan(self._now.isoformat(), self._p.words_days_after_closing)
        cases = self._cases()
        async for case_id in streams(self._rows, "Commits"):
            referral = (await cases.fresh(case_id)).referral
            if referral.intake is not None:
                await self._sort(plan, cases, referral)
        plan.comments = await self._old_comments()
        return plan

    def _cases(self) -> Cases:
        return Cases(self._log, Versions(self._p, self._log))

    async def _sort(self, plan: Plan, cases: Cases, referral: Referral) -> None:
        keeper = await self._kept_with(cases, referral)
        ended, due = ended_at(referral), due_on(referral, self._p)
        if await self._held(cases, referral):
            plan.held.append(referral.reference)
        elif ended is None or due is None or ended_at(keeper) is None:
            plan.open += 1
        elif await self._nothing_left(referral):
            plan.gone += 1
            self._gone.add(referral.case_id)
        elif due > self._today or not self._due_too(keeper):
            plan.later += 1
        else:
            day = self._p.calendar.day_of(ended).isoformat()
            state = str(referral.state)
            line = Line(referral.case_id, referral.reference, state, day, due.isoformat())
            plan.due.append(line)

    async def _nothing_left(self, referral: Referral) -> bool:
        """A run that died after it was logged leaves words, and is finished by the next."""
        if not referral.words_gone:
            return False
        return await self._erasing.rows_with_words(referral.case_id) == 0

    def _due_too(self, keeper: Referral) -> bool:
        due = due_on(keeper, self._p)
        return due is not None and due <= self._today

    async def _kept_with(self, cases: Cases, referral: Referral) -> Referral:
        """The referral that one merged into another goes on in; itself otherwise."""
        for _ in range(_MOST_MERGES):
            if referral.state is not State.MERGED or referral.merged_into is None:
                break
            referral = (await cases.fresh(referral.merged_into.case_id)).referral
        return referral

    async def _held(self, cases: Cases, referral: Referral) -> bool:
        """Whether it, the one it goes on in, or any that was merged into that is on hold: what one
        of them said stands in the others too.
        """
        waiting, seen = [await self._kept_with(cases, referral), referral], set[str]()
        while waiting:
            one = waiting.pop()
            if one.case_id in seen:
                continue
            seen.add(one.case_id)
            if one.hold:
                return True
            waiting += [(await cases.fresh(o.case_id)).referral for o in one.absorbed]
        return False

    async def _old_comments(self) -> list[str]:
        """Weeks and days of answers that still hold words after the period."""
        found = set()
        async for row in self._rows.walk("Tallies"):
            last = _last_day(row.partition)
            old = last and last + dt.timedelta(days=self._p.words_days_after_closing) < self._today
            if old and parted(row)[1]:
                found.add(row.partition)
        return sorted(found)

    # Erasing --------------------------------------------------------------------------

    async def erase(self, plan: Plan, certificate: Certificate) -> None:
        """Fills the certificate in and keeps it as it goes. Raises StoreUnavailable: run it again.

        A referral's erasure is logged first; a run that dies is finished by the next plan.
        """
        await keep_head(self._rows, certificate)
        now_due = {line.case_id for line in (await self.plan()).due}
        for line in plan.due:
            if line.case_id in now_due:
                await self._erase_one(line, certificate)
            else:
                certificate.leave(line.reference, "not due now")
        gone = await self._erasing.refusals({*(e.case for e in certificate.erased), *self._gone})
        certificate.refused_presses = gone.rows
        for partition in sorted(set(plan.comments) & set(await self._old_comments())):
            answers = await self._erasing.comments(partition)
            done = {"of": partition, "rows": answers.rows, "keys": answers.keys}
            certificate.comments.append(done)
        try:
            await self._erasing.finish()
        except StoreUnavailable as error:
            certificate.leave("the store's own files", str(error))
        certificate.ended_at = self._now.isoformat()
        await keep_head(self._rows, certificate)

    async def _erase_one(self, line: Line, certificate: Certificate) -> None:
        if no := await self._logged(line.case_id, certificate.id):
            certificate.leave(line.reference, no)
            return
        gone = await self._erasing.words_of_case(line.case_id)
        # Once more: whoever looked before the words were out drew and kept what it had read.
        await self._log.mark_open(line.case_id)
        left = await self._erasing.rows_with_words(line.case_id)
        if left:
            certificate.leave(line.reference, "words left")
        erased = Erased(line.case_id, line.reference, line.ended_on, gone.rows, gone.keys, left)
        certificate.erased.append(erased)
        await keep_erased(self._rows, certificate, erased)

    async def _logged(self, case_id: str, certificate_id: str) -> str:
        """Empty once the erasure is in the referral's log; else why it may not be."""
        for _ in range(_TRIES):
            cases = self._cases()
            referral = (await cases.fresh(case_id)).referral
            if referral.words_gone:
                return ""
            if await self._held(cases, referral):
                return "on_hold"
            opened = self._p.as_opened(referral.configuration)
            scene = Scene(opened, Today(), self._now, BOT)
            decided = decide(referral, cmd.EraseWords(certificate_id), scene)
            if isinstance(decided, Refused):
                return decided.code
            # Whoever runs the bot draws its card again: the open list is where it looks.
            await self._log.mark_open(case_id)
            n, version = referral.version + 1, self._p.version
            commit = Commit(case_id, n, self._now, BOT.id, decided, configuration=version)
            try:
                await self._log.append(commit)
            except AlreadyThere:
                continue
            return ""
        return "busy"


def _last_day(partition: str) -> dt.date | None:
    """The last day of `pulse-2026-11-24` or `survey-2026-W48`; None for anything else."""
    kind, _, when = partition.partition("-")
    try:
        if kind == "pulse":
            return dt.date.fromisoformat(when)
        if kind == "survey":
            return dt.date.fromisoformat(f"{when}-7")
    except ValueError:
        return None
    return None
