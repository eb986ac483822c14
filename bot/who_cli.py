"""`python app.py who`: who may do what today, where each has their role from, and who is away."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import configuration
from bot.assemble import SystemClock
from bot.configuration import ConfigurationError
from bot.desk.people_seen import recall
from bot.desk.roster import take_in_roster
from bot.domain.desk_day import DeskDay, fold_desk, stream_of
from bot.domain.partnership import Partnership, Person
from bot.domain.roster import KEEPS_THE_ROSTER, Roster
from bot.domain.transitions import LEAD, NEW_LEAD, PROPOSER, TRANSITIONS
from bot.domain.vocabulary import Role
from bot.opening import config_or_default, opened, store_or_default
from bot.settings import is_a_file
from bot.store.log import TableLog
from bot.teams.who_may import CALLS_THE_ROLL, EXACT, PAUSES, READERS, SEES_FIGURES, TRIES_AGAIN
from cards import wording as w

_RELATIONS = (LEAD, PROPOSER, NEW_LEAD)
_HELD = tuple(str(r) for r in Role if r not in (Role.BOT, Role.NONE))
"""Roles that people can have."""
_RIGHTS: dict[str, Collection[Role]] = {
    "view": READERS,
    "stats": SEES_FIGURES,
    "download": EXACT,
    "roll.called": CALLS_THE_ROLL,
    "test.paused": PAUSES,
    "messages.tried_again": TRIES_AGAIN,
    "roster.changed": KEEPS_THE_ROSTER,
}
"""What no referral's table tells, each with who the bot itself lets."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person. `source`: file, roster or group; `by` and `at` for the roster alone."""

    id: str
    name: str
    role: str
    agency: str
    tenant: str
    source: str
    by: str = ""
    at: str = ""
    away: bool = False


def add_who(commands: argparse._SubParsersAction[Any]) -> None:
    who = commands.add_parser("who", help="who may do what today")
    who.add_argument("--rights", action="store_true", help="also what each role may do")
    who.add_argument("--json", action="store_true", help="all of it, as JSON")
    who.add_argument("--clock", metavar="TIME", help="rehearsal: take this for the time now")
    who.add_argument("--store", help="file, connection string or account")
    who.add_argument("--config", type=Path)


def may(held: str) -> list[str]:
    """What a role, or a relation to a referral, lets somebody do: codes, in the tables' order."""
    events = [event for event, row in TRANSITIONS.items() if held in row.who]
    return [*events, *(right for right, roles in _RIGHTS.items() if held in roles)]


async def run(arguments: argparse.Namespace) -> int:
    """0 when done. Wrong use raises ConfigurationError."""
    partnership = configuration.load(config_or_default(arguments.config))
    now = _now(arguments.clock)
    store = store_or_default(arguments.store)
    there = not is_a_file(store) or await asyncio.to_thread(Path(store).is_file)
    if not there and arguments.store:
        raise ConfigurationError(f"--store: there is no file {store}")
    roster, day = Roster(), DeskDay()
    if there:
        roster, day = await _read(store, partnership, now)
    lines = lines_of(partnership, roster, day)
    off = taken_off(partnership, roster)
    if arguments.json:
        print(json.dumps(_as_json(partnership, now, lines, off), ensure_ascii=False, indent=2))
    else:
        told = _as_text(partnership, now, lines, off, read=there)
        print("\n".join([*told, *(_rights() if arguments.rights else ())]))
    return 0


def _now(clock: str | None) -> dt.datetime:
    if not clock:
        return SystemClock().now()
    try:
        return dt.datetime.fromisoformat(clock).astimezone(dt.UTC)
    except ValueError:
        raise ConfigurationError(f"--clock: {clock} is no time; write 2026-11-27T16:00Z") from None


async def _read(store: str, p: Partnership, now: dt.datetime) -> tuple[Roster, DeskDay]:
    async with opened(store) as rows:
        log = TableLog(rows)
        await recall(p, log)
        roster = await take_in_roster(p, log)
        commits = (await log.load(stream_of(p.calendar.day_of(now)))).commits
    return roster, fold_desk((r for c in commits for r in c.recorded), len(commits))


def lines_of(p: Partnership, roster: Roster, day: DeskDay) -> list[Line]:
    """Everybody with a role, by role and name."""
    order = list(Role)
    people = sorted(p.everyone, key=lambda x: (order.index(x.role), x.name, x.id))
    return [_line(p, roster, x, away=x.id in day.absent) for x in people]


def taken_off(p: Partnership, roster: Roster) -> list[Line]:
    """Whoever the roster's log names and who has no role now."""
    found = (p.person(i) for i in roster.entries)
    return [_line(p, roster, x, away=False) for x in found if x and x.role is Role.NONE]


def _line(p: Partnership, roster: Roster, person: Person, *, away: bool) -> Line:
    by, at, source = "", "", "file"
    if person.id in p.rostered:
        last, source = roster.entries[person.id].last, "roster"
        by, at = last.by, p.calendar.local(last.at).isoformat(timespec="minutes")
    if person.id in p.found:
        by, at, source = "", "", "group"
    return Line(
        id=person.id,
        name=person.name,
        role=str(person.role),
        agency=person.agency,
        tenant=person.tenant,
        source=source,
        by=by,
        at=at,
        away=away,
    )


def _as_json(p: Partnership, now: dt.datetime, lines: list[Line], off: list[Line]) -> Any:
    return {
        "at": p.calendar.local(now).isoformat(timespec="minutes"),
        "people": [dataclasses.asdict(x) for x in lines],
        "taken_off": [dataclasses.asdict(x) for x in off],
        "nobody": _nobody(lines),
        "roles": {role: may(role) for role in _HELD},
        "relations": {relation: may(relation) for relation in _RELATIONS},
        "groups": [
            {"group": g.group_id, "role": str(g.role), "agency": g.agency} for g in p.groups
        ],
    }


def _as_text(
    p: Partnership, now: dt.datetime, lines: list[Line], off: list[Line], *, read: bool
) -> list[str]:
    local = p.calendar.local(now)
    out = [w.MAY_HEAD.format(day=f"{w.day_words(local.date())}, {w.clock(local)}")]
    out += [] if read else [w.MAY_NO_STORE]
    out += ["", *(f"{w.ROLES[x.role]}: {_words(p, x)}" for x in lines)]
    out += [w.MAY_NOBODY.format(role=w.ROLES[role]) for role in _nobody(lines)]
    if off:
        out += ["", w.MAY_OFF, *(f"  {_words(p, x)}" for x in off)]
    if p.groups:
        groups = [(g.group_id, w.ROLES[str(g.role)], _agency(p, g.agency)) for g in p.groups]
        out += ["", w.MAY_GROUPS, *(f"  {', '.join(g)}" for g in groups)]
    return out


def _nobody(lines: list[Line]) -> list[str]:
    held = {x.role for x in lines}
    return [role for role in _HELD if role not in held]


def _rights() -> list[str]:
    out = ["", w.MAY_ROLES]
    for role in _HELD:
        out += ["", w.ROLES[role], *(f"  {w.MAY_DO[code]}" for code in may(role))]
    for relation in _RELATIONS:
        out += ["", w.MAY_RELATIONS[relation], *(f"  {w.MAY_DO[c]}" for c in may(relation))]
    return out


def _agency(p: Partnership, code: str) -> str:
    found = p.agency.find(code)
    return found.label if found else code


def _words(p: Partnership, line: Line) -> str:
    source = w.MAY_FROM.get(line.source, "")
    if line.source == "roster":
        when = dt.datetime.fromisoformat(line.at)
        at = f"{w.short_day(when.date())} {w.clock(when)}"
        source = w.MAY_FROM_ROSTER.format(by=p.name_of(line.by), when=at)
    tenant = p.tenant_labels.get(line.tenant, line.tenant)
    away = f". {w.ROSTER_AWAY}" if line.away else ""
    return f"{line.name} ({line.id}), {_agency(p, line.agency)}, {tenant}, {source}{away}"
