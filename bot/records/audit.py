"""Who did what, when: every event of every log and every press that was refused, without words."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.desk.cases import Cases
from bot.desk.ports import Commit, Log, Rows
from bot.desk.versions import Versions
from bot.domain.partnership import Partnership
from bot.records.finding import streams
from bot.store.codec import facts_of


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: event or refused. `facts` is JSON of codes, ids and times; people's words are not
    in it. `who` is a person's id, or tenant and object id of somebody refused.
    """

    at: str
    kind: str
    what: str
    who: str
    name: str
    role: str
    tenant: str
    reference: str
    case: str
    commit: int
    configuration: str
    facts: str


HEADS = tuple(Entry.__dataclass_fields__)


async def entries(
    rows: Rows, log: Log, partnership: Partnership, first: dt.date, last: dt.date
) -> AsyncIterator[Entry]:
    """By log and then in order, of local days from `first` to `last`. Raises StoreUnavailable."""
    day_of = partnership.calendar.day_of
    cases = Cases(log, Versions(partnership, log))
    for table in ("Commits", "Desk"):
        async for stream in streams(rows, table):
            commits = (await log.load(stream)).commits
            if not any(first <= day_of(c.at) <= last for c in commits):
                continue
            ref = (await cases.fresh(stream)).referral.reference if table == "Commits" else ""
            for commit in commits:
                if first <= day_of(commit.at) <= last:
                    for entry in _of_commit(commit, ref, partnership):
                        yield entry
    async for entry in _refused(rows, partnership, first, last):
        yield entry


def _of_commit(commit: Commit, reference: str, p: Partnership) -> list[Entry]:
    out = []
    for item in commit.recorded:
        person = p.person(item.by)
        out.append(
            Entry(
                item.at.isoformat(),
                "event",
                item.event.TYPE,
                item.by,
                person.name if person else "",
                str(person.role) if person else "",
                p.tenants.get(person.tenant, "") if person else "",
                reference,
                commit.stream,
                commit.n,
                commit.configuration,
                facts_of(item.event),
            )
        )
    return out


async def _refused(
    rows: Rows, p: Partnership, first: dt.date, last: dt.date
) -> AsyncIterator[Entry]:
    async for row in rows.walk("Refusals"):
        props = row.props
        at = props["at"]
        if not isinstance(at, dt.datetime) or not first <= p.calendar.day_of(at) <= last:
            continue
        person = p.person_of_object(str(props["user"]))
        yield Entry(
            at.isoformat(),
            "refused",
            str(props["verb"]),
            str(props["user"]),
            person.name if person else "",
            str(person.role) if person else "",
            str(props["tenant"]),
            "",
            str(props["case"]),
            0,
            "",
            f'{{"code":"{props["code"]}"}}',
        )
