"""Who did what, when: every event of every log, every press that was refused and every audit,
without words.
"""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.desk.ports import Commit, Log, Row, Rows
from bot.desk.streams import streams
from bot.domain import events as ev
from bot.domain.events import Recorded
from bot.domain.partnership import Partnership, Person
from bot.records.audit_facts import ERASED, WORDS, as_json, facts_text, last_erasure, marks_of, told
from bot.records.certificate import erased_by
from bot.records.people_then import PeopleThen, people_then
from bot.store.codec import table_of
from cards import wording as w

_INDEX, _AUDITS = "Index", "audits"


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: event, refused or audit. `who` is a person's id, the object id of somebody refused
    whom nobody knows, or the name given at the command line. Name, role and tenant are those of
    then. `facts` is JSON of codes, ids and times: people's words show as "[words]".
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


async def leave_trace(
    rows: Rows, who: str, first: dt.date, last: dt.date, now: dt.datetime
) -> None:
    """That `who` asked for these days: before anything of them is written. Raises
    StoreUnavailable.
    """
    key = f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
    days = {"first": first.isoformat(), "last": last.isoformat()}
    await rows.put(Row(_INDEX, _AUDITS, key, {"at": now, "who": who, **days}))


async def entries(
    rows: Rows, log: Log, partnership: Partnership, first: dt.date, last: dt.date
) -> list[Entry]:
    """Oldest first, of local days from `first` to `last`; all of them in memory, about 1 KB each.
    Raises StoreUnavailable.
    """
    people = await people_then(partnership, log)
    found = _Found(partnership, people, _at_the_command_line(await erased_by(rows)), first, last)
    for table in ("Commits", "Desk"):
        async for stream in streams(rows, table):
            found.add(stream, (await log.load(stream)).commits)
    found.served.sort()
    async for row in rows.walk("Refusals"):
        found.add_refusal(row)
    for row in await rows.query(_INDEX, _AUDITS):
        found.add_audit(row)
    return [entry for *_, entry in sorted(found.kept, key=lambda x: x[:4])]


def _at_the_command_line(names: dict[str, str]) -> dict[str, str]:
    return {key: w.COMMAND_LINE_BY.format(who=name) for key, name in names.items()}


@dataclass(slots=True)
class _Found:
    p: Partnership
    people: PeopleThen
    erased_by: dict[str, str]
    first: dt.date
    last: dt.date
    kept: list[tuple[dt.datetime, str, int, int, Entry]] = field(default_factory=list)
    """With what puts them in order: when, and within one moment as their log has them."""
    references: dict[str, str] = field(default_factory=dict)
    erased_at: dict[str, dt.datetime] = field(default_factory=dict)
    served: list[tuple[dt.datetime, str]] = field(default_factory=list)
    """When each version of the configuration is known to have served: refusals do not say."""

    def add(self, stream: str, commits: tuple[Commit, ...]) -> None:
        self.served += [(c.at, c.configuration) for c in commits if c.configuration]
        self.references[stream] = _reference(commits)
        if erased_at := last_erasure(commits):
            self.erased_at[stream] = erased_at
        if not any(self._wanted(c.at) for c in commits):
            return
        mark_of = marks_of(commits)
        for n, (commit, item, before) in enumerate(_each(stream, commits)):
            if self._wanted(commit.at):
                was = self._was(item, commit.configuration) if before is None else before
                facts = facts_text(item.event, mark_of(commit), was)
                entry = self._event(commit, item, facts)
                self.kept.append((item.at, stream, commit.n, n, entry))

    def _wanted(self, at: dt.datetime) -> bool:
        return self.first <= self.p.calendar.day_of(at) <= self.last

    def _was(self, item: Recorded, version: str) -> Person | None:
        if not isinstance(item.event, ev.RosterChanged):
            return None
        return self.people.before(item, version)

    def _event(self, commit: Commit, item: Recorded, facts: str) -> Entry:
        who, version = item.by, commit.configuration
        if isinstance(item.event, ev.WordsErased):
            who = self.erased_by.get(item.event.certificate, who)
        person = self.people.person(who, item.at, version)
        return Entry(
            item.at.isoformat(),
            "event",
            item.event.TYPE,
            who,
            person.name if person else "",
            str(person.role) if person else "",
            self.people.tenant(person, version) if person else "",
            self.references[commit.stream],
            commit.stream,
            commit.n,
            version,
            facts,
        )

    def add_refusal(self, row: Row) -> None:
        props = row.props
        at, user, case = props["at"], str(props["user"]), str(props["case"])
        if not isinstance(at, dt.datetime) or not self._wanted(at):
            return
        version = self._served_at(at)
        person = self.people.by_object(user, at, version)
        entry = Entry(
            at.isoformat(),
            "refused",
            str(props["verb"]),
            person.id if person else user,
            person.name if person else "",
            str(person.role) if person else "",
            str(props["tenant"]),
            self.references.get(case, ""),
            case,
            0,
            version,
            as_json({"code": str(props["code"]), "object_id": user, "text": self._typed(row)}),
        )
        self.kept.append((at, row.partition, 0, len(self.kept), entry))

    def _typed(self, row: Row) -> str:
        if row.props.get("text"):
            return WORDS
        at, case = row.props["at"], str(row.props["case"])
        erased_at = self.erased_at.get(case)
        return ERASED if erased_at and isinstance(at, dt.datetime) and at < erased_at else ""

    def _served_at(self, at: dt.datetime) -> str:
        """By the last commit before; of a store without one, the first after."""
        n = bisect_right(self.served, at, key=lambda x: x[0])
        return self.served[max(n - 1, 0)][1] if self.served else self.p.version

    def add_audit(self, row: Row) -> None:
        props = row.props
        at = props["at"]
        if not isinstance(at, dt.datetime) or not self._wanted(at):
            return
        facts = as_json({"first": str(props["first"]), "last": str(props["last"])})
        who = str(props["who"])
        entry = Entry(at.isoformat(), "audit", "audit.made", who, "", "", "", "", "", 0, "", facts)
        self.kept.append((at, row.partition, 0, len(self.kept), entry))


def _each(
    stream: str, commits: tuple[Commit, ...]
) -> Iterator[tuple[Commit, Recorded, ev.IntakeAmended | None]]:
    if table_of(stream) == "Commits":
        yield from told(stream, commits)
        return
    yield from ((c, item, None) for c in commits for item in c.recorded)


def _reference(commits: tuple[Commit, ...]) -> str:
    events = (r.event for c in commits for r in c.recorded)
    return next((e.reference for e in events if isinstance(e, ev.IntakeSubmitted)), "")
