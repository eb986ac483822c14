"""The log behind its port, over any table store. Index rows can be rebuilt from commits, save
people, addresses, the versions of the configuration, certificates and who made an audit.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import re
import time
import uuid
from dataclasses import replace

from bot.desk.ports import (
    Address,
    AlreadyThere,
    Changed,
    Commit,
    EffectStatus,
    Listed,
    RefusalRecord,
    Row,
    Rows,
    SeenPerson,
    StoreTooNew,
    StoreUnavailable,
    Stream,
    Unreadable,
    Value,
)
from bot.domain.figures import Figures
from bot.domain.terms import Terms
from bot.domain.vocabulary import Role
from bot.store import codec

_INDEX = "Index"
_FIGURES = "Figures"
_CONFIGURATION = "configuration"
_LISTED = "people"
_COUNTER = "A-last"
_VERSION_KEY = ("store", "version")
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What reading a row can raise that somebody, or a fault of ours, left half there."""
_TRIES = 200
_CUT_SHORT_WITHIN_S = 1.0
"""A server may close an idle connection just as it is used. What took longer was tried long enough,
and somebody waits.
"""
_ROLES = {str(role): role for role in Role}
_REFERENCE = re.compile(r"REF-(\d{4})-(\d{5,9})", re.ASCII)


class TableLog:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._last_number: dict[int, int] = {}
        self._store_needs = 1
        self._mark, self._marked = uuid.uuid4().hex, itertools.count()

    async def check_version(self) -> None:
        """Raises StoreTooNew where the store holds what only a later version can read."""
        needs, _ = await self._stored_needs()
        if needs > codec.VERSION:
            raise StoreTooNew(
                f"the store needs version {needs} of Front Door's record and this program reads"
                f" {codec.VERSION}: start the later version, or restore an export from before it"
            )

    async def _stored_needs(self) -> tuple[int, str]:
        row = await self._rows.get(_INDEX, *_VERSION_KEY)
        return (int(str(row.props["needs"])), row.etag) if row else (1, "")

    async def _note_version(self, needs: int) -> None:
        """Said before the first row that an earlier version cannot read is written, so that one
        started afterwards refuses instead of stumbling over it.
        """
        while needs > self._store_needs:
            self._store_needs, etag = await self._stored_needs()
            if needs > self._store_needs:
                with contextlib.suppress(AlreadyThere, Changed):
                    await self._rows.write([Row(_INDEX, *_VERSION_KEY, {"needs": needs}, etag)])

    async def append(self, commit: Commit) -> None:
        """Raises AlreadyThere when commit n is somebody else's.

        A write whose answer was lost may have landed: the nonce tells ours from theirs, so one that
        was cut short is written once more.
        """
        await self._note_version(codec.needs_of(commit))
        nonce = f"{self._mark}-{next(self._marked)}"
        row = codec.commit_row(commit, nonce)
        began_at = time.monotonic()
        try:
            await self._create(row, nonce)
        except StoreUnavailable:
            if time.monotonic() - began_at > _CUT_SHORT_WITHIN_S:
                raise
            await self._create(row, nonce)

    async def _create(self, row: Row, nonce: str) -> None:
        try:
            await self._rows.write([row])
        except AlreadyThere:
            stored = await self._rows.get(row.table, row.partition, row.key)
            if stored is None or stored.props.get("nonce") != nonce:
                raise

    async def load(self, stream: str, after: int = 0) -> Stream:
        """Commits after number `after`, and each effect's status. Raises Unreadable."""
        table, first = codec.table_of(stream), codec.commit_key(after + 1)
        try:
            rows = await self._rows.query(table, stream, first)
            commits = tuple(codec.commit_of(r) for r in rows if r.key.startswith("C"))
            statuses = tuple(codec.status_of(r) for r in rows if r.key.startswith("E"))
        except _DAMAGE as fault:
            raise Unreadable(f"{stream}: {type(fault).__name__}") from fault
        return Stream(commits, statuses)

    async def reserve_reference(self, case_id: str, year: int) -> str:
        """The next number of the year, or the one this case already holds."""
        partition = f"refs-{year}"
        mine = await self._rows.get(_INDEX, partition, f"C{case_id}")
        if mine:
            return str(mine.props["reference"])
        number = self._last_number.get(year, 0)
        for _ in range(_TRIES):
            number += 1
            reference = f"REF-{year}-{number:05d}"
            props: dict[str, Value] = {"case": case_id, "reference": reference}
            try:
                await self._rows.write(
                    [
                        Row(_INDEX, partition, f"N{number:05d}", props),
                        Row(_INDEX, partition, f"C{case_id}", props),
                    ]
                )
            except AlreadyThere:
                mine = await self._rows.get(_INDEX, partition, f"C{case_id}")
                if mine:
                    return str(mine.props["reference"])
                counter = await self._rows.get(_INDEX, partition, _COUNTER)
                known = int(str(counter.props["n"])) if counter else 0
                number = max(number, known)
                continue
            self._last_number[year] = number
            await self._rows.put(Row(_INDEX, partition, _COUNTER, {"n": number}))
            return reference
        raise AlreadyThere(f"no free reference after {_TRIES} tries")

    async def case_of_reference(self, reference: str) -> str:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            return ""
        year, number = found.groups()
        row = await self._rows.get(_INDEX, f"refs-{year}", f"N{number}")
        return str(row.props["case"]) if row else ""

    async def mark_open(self, case_id: str) -> None:
        await self._rows.put(Row(_INDEX, "open", case_id, {"case": case_id}))

    async def mark_done(self, case_id: str) -> None:
        await self._rows.delete(_INDEX, "open", case_id)

    async def open_cases(self) -> list[str]:
        return [r.key for r in await self._rows.query(_INDEX, "open")]

    async def set_effect(self, stream: str, status: EffectStatus) -> None:
        """Create when it has no etag (AlreadyThere: somebody else is sending it), else replace."""
        await self._rows.write([codec.status_row(stream, status)])

    async def link_thread(self, conversation_id: str, case_id: str) -> None:
        key = codec.safe_key(conversation_id)
        await self._rows.put(Row(_INDEX, "thread", key, {"case": case_id}))

    async def case_of_thread(self, conversation_id: str) -> str:
        row = await self._rows.get(_INDEX, "thread", codec.safe_key(conversation_id))
        return str(row.props["case"]) if row else ""

    async def link_child(
        self, mosaic_id: str, case_id: str, reference: str, received_at: dt.datetime
    ) -> None:
        partition = f"child-{codec.safe_key(mosaic_id)}"
        props: dict[str, Value] = {"reference": reference, "received_at": received_at}
        await self._rows.put(Row(_INDEX, partition, case_id, props))

    async def unlink_child(self, mosaic_id: str, case_id: str) -> None:
        await self._rows.delete(_INDEX, f"child-{codec.safe_key(mosaic_id)}", case_id)

    async def referrals_of_child(self, mosaic_id: str) -> list[tuple[str, str, dt.datetime]]:
        """(case id, reference, received at) of each referral that names this id."""
        found = await self._rows.query(_INDEX, f"child-{codec.safe_key(mosaic_id)}")
        out = []
        for row in found:
            at = row.props["received_at"]
            assert isinstance(at, dt.datetime)
            out.append((row.key, str(row.props["reference"]), at))
        return out

    async def save_address(self, name: str, address: Address) -> None:
        props: dict[str, Value] = {
            "conversation_id": address.conversation_id,
            "service_url": address.service_url,
            "user_id": address.user_id,
        }
        await self._rows.put(Row(_INDEX, "address", codec.safe_key(name), props))

    async def address(self, name: str) -> Address | None:
        row = await self._rows.get(_INDEX, "address", codec.safe_key(name))
        if row is None:
            return None
        props = row.props
        return Address(
            str(props["conversation_id"]), str(props["service_url"]), str(props["user_id"])
        )

    async def save_person(self, person: SeenPerson) -> None:
        props: dict[str, Value] = {
            "object_id": person.object_id,
            "name": person.name,
            "role": str(person.role),
            "agency": person.agency,
        }
        await self._rows.put(Row(_INDEX, "person", codec.safe_key(person.object_id), props))

    async def people(self) -> list[SeenPerson]:
        """Everybody saved. A role that a newer version of this program wrote counts as none."""
        return [
            SeenPerson(
                str(row.props["object_id"]),
                str(row.props["name"]),
                _ROLES.get(str(row.props["role"]), Role.NONE),
                str(row.props["agency"]),
            )
            for row in await self._rows.query(_INDEX, "person")
        ]

    async def save_terms(self, version: str, terms: Terms) -> None:
        """A version that is there stands: it says what referrals were opened under."""
        row = Row(_INDEX, _CONFIGURATION, version, codec.terms_props(terms))
        with contextlib.suppress(AlreadyThere):
            await self._rows.write([row])

    async def terms(self, version: str) -> Terms | None:
        """None for a version that is not there or cannot be read."""
        row = await self._rows.get(_INDEX, _CONFIGURATION, codec.safe_key(version))
        return codec.terms_of(row.props) if row else None

    async def all_terms(self) -> dict[str, Terms]:
        """By version, every one that can be read."""
        rows = await self._rows.query(_INDEX, _CONFIGURATION)
        found = {row.key: codec.terms_of(row.props) for row in rows}
        return {version: terms for version, terms in found.items() if terms}

    async def save_listed(self, version: str, listed: Listed) -> None:
        """A version that is there stands."""
        with contextlib.suppress(AlreadyThere):
            await self._rows.write([Row(_INDEX, _LISTED, version, codec.listed_props(listed))])

    async def all_listed(self) -> dict[str, Listed]:
        """By version, every one that can be read."""
        rows = await self._rows.query(_INDEX, _LISTED)
        found = {row.key: codec.listed_of(row.props) for row in rows}
        return {version: listed for version, listed in found.items() if listed}

    async def save_figures(self, week: str, figures: Figures, version: int) -> None:
        """Newer figures stand: another replica may be further along. `version` is the commit's."""
        props: dict[str, Value] = {"figures": codec.figures_text(figures), "version": version}
        row = Row(_FIGURES, week, figures.case_id, props)
        for _ in range(_TRIES):
            stored = await self._rows.get(_FIGURES, row.partition, row.key)
            try:
                if stored and int(str(stored.props["version"])) > version:
                    return
                await self._rows.write([replace(row, etag=stored.etag if stored else "")])
                return
            except (AlreadyThere, Changed):
                continue
        raise Changed(row.key)

    async def drop_figures(self, week: str, case_id: str) -> None:
        await self._rows.delete(_FIGURES, week, case_id)

    async def figures(self, week: str) -> list[Figures]:
        rows = await self._rows.query(_FIGURES, week)
        return [codec.figures_of_text(str(r.props["figures"])) for r in rows]

    async def save_decision(self, week: str, figures: Figures) -> None:
        """One flat row an agreed outcome, for reporting tools. No free text."""
        assert figures.decided_at is not None
        props: dict[str, Value] = {
            "week": week,
            "reference": figures.reference,
            "outcome": figures.outcome,
            "lead_agency": figures.lead_agency,
            "decided_at": figures.decided_at,
            "minutes": round(figures.minutes_received_to_decision or 0.0, 1),
            "children": figures.children,
            "within_one_working_day": figures.decision_in_time,
            "duty_team": figures.decided_by_duty_team,
        }
        await self._rows.put(Row("Decisions", week, figures.reference, props))

    async def drop_decision(self, week: str, reference: str) -> None:
        await self._rows.delete("Decisions", week, reference)

    async def record_refusal(self, refusal: RefusalRecord) -> None:
        props: dict[str, Value] = {
            "at": refusal.at,
            "code": refusal.code,
            "verb": refusal.verb,
            "case": refusal.case_id,
            "tenant": refusal.tenant_id,
            "user": refusal.object_id,
            "text": refusal.text,
        }
        key = f"{refusal.at:%H%M%S%f}-{uuid.uuid4().hex[:8]}"
        await self._rows.put(Row("Refusals", f"{refusal.at:%Y-%m-%d}", key, props))
