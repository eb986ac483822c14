"""Wires that deliver what people do twice, or in another order, and the log as read afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.desk.ports import Commit, RefusalRecord, keys_of
from bot.domain.events import EVENT_TYPES, Recorded
from bot.domain.evolve import evolve
from bot.domain.partnership import BOT, Partnership
from bot.domain.referral import Referral
from bot.domain.transitions import actor_allowed, state_allows
from bot.rehearsal.people import People
from bot.rehearsal.player import Player
from bot.rehearsal.world import BOT as BOT_WROTE
from bot.store import codec
from bot.store.sqlite import SqliteRows
from bot.teams.activities import read
from bot.teams.press import Origin, key_of, read_press, said_by
from cards import wording as w

Json = dict[str, Any]
EVERY_ORDER = os.environ.get("FRONT_DOOR_EVERY_ORDER") == "1"
"""All the ways and all the pairs, in half an hour; else a sample."""
_SHOWS = re.compile(r".*\.(open|next)|pulse\..*|view|close")
_KEY = 32
_LOGGED = w.LOGGED.split("{", maxsplit=1)[0]
_ID = re.compile(
    r"[0-9a-f]{32}|\b1764\d{9}\b|http://127\.0\.0\.1:\d+/|\"re_referral\":(true|false)"
)


def verb_of(activity: Json) -> str:
    """What was pressed; `say` for words, empty for what Teams sends by itself."""
    value = activity.get("value") or {}
    action = value.get("action") or {}
    data = action.get("data") or value.get("data") or value
    found = str(data.get("verb") or action.get("verb") or "")
    return found or ("say" if activity["type"] == "message" else "")


def decides(activity: Json) -> bool:
    """Whether this asks for something to be logged, as opposed to shown."""
    verb = verb_of(activity)
    return bool(verb) and not _SHOWS.fullmatch(verb)


# Twice --------------------------------------------------------------------------------


class Twice(People):
    """Everything arrives twice: at once, or the second time once the first was answered."""

    new_id = False
    at_once = False

    async def deliver(self, activity: Json) -> tuple[int, Any]:
        again = {**activity, "id": self.world.new_id()} if self.new_id else dict(activity)
        if self.at_once:
            first, second = await asyncio.gather(super().deliver(activity), super().deliver(again))
        else:
            first = await super().deliver(activity)
            second = await super().deliver(again)
        assert second[0] == 200, activity["type"]
        return first


class Late(People):
    """All that people press and say arrives once more, with a new id, after what came next."""

    before: Json | None = None

    async def deliver(self, activity: Json) -> tuple[int, Any]:
        answer = await super().deliver(activity)
        before, self.before = self.before, activity
        if before:
            status, _ = await super().deliver({**before, "id": self.world.new_id()})
            assert status == 200, before["type"]
        return answer


def twice(*, new_id: bool, at_once: bool) -> type[People]:
    return type("TwiceSo", (Twice,), {"new_id": new_id, "at_once": at_once})


# In another order ---------------------------------------------------------------------


@dataclass(slots=True)
class Landed:
    """One press as it was taken: what the person's own commits and refusals were meanwhile.

    `keys` are those its commit has in the log; `told`: its answer says that something was done.
    """

    verb: str
    by: str
    status: int
    answer: str
    keys: frozenset[str]
    told: bool
    events: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


class Swap:
    """Makes the wires of one play in which the press number `at` arrives after the next one."""

    def __init__(self, player: Player, at: int = -1) -> None:
        self.player = player
        self.at = at
        self.seen = 0
        self.presses: list[Landed] = []
        self.swapped: list[Landed] = []
        self.held: Json | None = None
        self.commits: list[Commit] = []
        self.refusals: list[RefusalRecord] = []
        player.rehearsal.make_people = self.make

    def make(self, *args: Any, **named: Any) -> People:
        log = self.player.rehearsal.front_door.log
        append, refuse = log.append, log.record_refusal

        async def appended(commit: Commit) -> None:
            await append(commit)
            self.commits.append(commit)

        async def refused(refusal: RefusalRecord) -> None:
            await refuse(refusal)
            self.refusals.append(refusal)

        log.append, log.record_refusal = appended, refused  # type: ignore[method-assign]
        return _Swapping(self, *args, **named)

    async def land(self, people: _Swapping, activity: Json) -> tuple[tuple[int, Any], Landed]:
        commits, refusals = len(self.commits), len(self.refusals)
        posted = len(people.world.messages)
        status, body = await people.straight(activity)
        object_id = activity["from"]["aadObjectId"]
        person = next(p for p in people.world.partnership.people if p.object_id == object_id)
        mine = [c for c in self.commits[commits:] if c.by == person.id]
        landed = Landed(
            verb_of(activity),
            person.id,
            status,
            json.dumps(body, ensure_ascii=False),
            _keys(activity, person.id),
            status == 200 and (verb_of(activity) != "say" or people.says_logged(posted)),
            [r.event.TYPE for c in mine for r in c.recorded],
            [r.code for r in self.refusals[refusals:] if r.object_id == object_id],
        )
        return (status, body), landed


def _keys(activity: Json, person_id: str) -> frozenset[str]:
    """What the log knows this press by."""
    if verb_of(activity) == "say":
        return keys_of(said_by(person_id, read(activity)))
    value = activity["value"]
    action = value.get("action") or {}
    data = action.get("data") or value.get("data") or value
    pressed = read_press(data, Origin.EXECUTE, str(action.get("verb") or ""))
    return frozenset({key_of(person_id, pressed)})


def lost(presses: list[Landed], log: dict[str, list[Commit]]) -> list[str]:
    """Verbs of presses whose answer says that something was done which the log does not hold. A
    press with several commits has a word behind its key in each but one.
    """
    kept = {key[:_KEY] for commits in log.values() for c in commits for key in keys_of(c.press)}
    return [p.verb for p in presses if p.told and not p.refusals and kept.isdisjoint(p.keys)]


class _Swapping(People):
    def __init__(self, swap: Swap, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._swap = swap

    def says_logged(self, since: int) -> bool:
        """Whether the bot wrote that words were logged, after the first `since` messages."""
        new = list(self.world.messages.values())[since:]
        return any(m.author == BOT_WROTE and m.text.startswith(_LOGGED) for m in new)

    async def straight(self, activity: Json) -> tuple[int, Any]:
        return await super().deliver(activity)

    async def deliver(self, activity: Json) -> tuple[int, Any]:
        swap = self._swap
        if not decides(activity):
            return await self.straight(activity)
        number, swap.seen = swap.seen, swap.seen + 1
        if number == swap.at:
            swap.held = activity
            return 0, None
        answer, landed = await swap.land(self, activity)
        swap.presses.append(landed)
        if swap.held:
            held, swap.held = swap.held, None
            _, late = await swap.land(self, held)
            swap.swapped = [landed, late]
        return answer


class Off(Player):
    """A play that goes on where a press did not land, and counts nothing up in the end."""

    async def _results(self) -> None:
        await self.rehearsal.settled()


# The log afterwards -------------------------------------------------------------------


async def streams(store: Path) -> dict[str, list[Commit]]:
    rows = SqliteRows(store)
    await rows.start()
    found: dict[str, list[Commit]] = {}
    try:
        for table in ("Commits", "Desk"):
            async for row in rows.walk(table):
                if row.key.startswith("C"):
                    commit = codec.commit_of(row)
                    found.setdefault(commit.stream, []).append(commit)
    finally:
        await rows.close()
    return found


def plain(found: dict[str, list[Commit]]) -> list[str]:
    """Every event with who, when and what, ids aside, each referral's in the order of time. In one
    instant what the bot did by itself may stand before or after what a person did, and the briefing
    may be posted before or after the rest of the call says that the family is known.
    """
    lines = []
    for name, commits in sorted(
        (_named(stream, commits), commits) for stream, commits in found.items()
    ):
        for commit in commits:
            row = codec.commit_row(commit, "")
            said = f"{row.props['facts']} {row.props['words']} {row.props['effects']}"
            line = f"{name} {commit.at.isoformat()} {commit.by} {said}"
            lines.append(_ID.sub("#", line))
    return sorted(lines)


def _named(stream: str, commits: list[Commit]) -> str:
    """Referrals by their reference, the desk's own by its name."""
    events = [r.event for c in commits for r in c.recorded]
    return next((e.reference for e in events if e.TYPE == "intake.submitted"), stream)  # type: ignore[union-attr]


def refused_by_the_rules(commits: list[Commit], partnership: Partnership) -> list[str]:
    """Events of one referral's log that its state then, or its actor, did not allow."""
    referral, wrong = Referral(commits[0].stream), []
    for recorded in (r for c in commits for r in c.recorded):
        if not _allowed(referral, recorded, partnership):
            wrong.append(f"{recorded.event.TYPE} by {recorded.by} in {referral.state}")
        referral = evolve(referral, recorded)
    return wrong


def _allowed(referral: Referral, recorded: Recorded, partnership: Partnership) -> bool:
    kind = recorded.event.TYPE
    actor = BOT if recorded.by == BOT.id else partnership.person(recorded.by)
    assert kind in EVENT_TYPES
    assert actor is not None
    may = actor_allowed(kind, referral, actor) or recorded.by == BOT.id
    return state_allows(kind, referral.state) and may
