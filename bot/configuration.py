"""Reads and checks the partnership's TOML file. Every error names the key and what was expected."""

from __future__ import annotations

import hashlib
import tomllib
import uuid
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from bot import configuration_files as files
from bot.configuration_tables import File
from bot.domain import partnership as p
from bot.domain.terms import (
    Agency,
    District,
    Need,
    Outcome,
    ReferrerGroup,
    SharingBasis,
    Timers,
)
from bot.domain.vocabulary import HOST_TENANT, Role
from bot.domain.working_time import Calendar

DEFAULT_FILE = Path(__file__).with_name("partnership.toml")
_IDS = uuid.UUID("6f0f3a52-5a0e-4c0b-9d57-5f4f0d00f00d")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ConfigurationError(Exception):
    """The configuration cannot be used. The message lists each key and what was expected."""


def fictional_object_id(person_id: str) -> str:
    """The object id of a made-up person, for rehearsal: the same id always gives the same one."""
    return str(uuid.uuid5(_IDS, person_id))


def _twice(name: str, values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for value in values:
        if value in seen:
            problems.append(f"{name}: expected each code once; got '{value}' twice")
        seen.add(value)
    return problems


def _cross_checks(file: File) -> list[str]:
    """What one key promises about another."""
    agencies = {a.code for a in file.agencies}
    teams = {t.name for t in file.assessment_teams}
    problems = [
        *_twice("agencies", (a.code for a in file.agencies)),
        *_twice("needs", (n.code for n in file.needs)),
        *_twice("referrer_groups", (g.code for g in file.referrer_groups)),
        *_twice("outcomes", (o.code for o in file.outcomes)),
        *_twice("districts", (d.code for d in file.districts)),
        *_twice("sharing_bases", (b.code for b in file.sharing_bases)),
        *_twice("assessment_teams", (t.name for t in file.assessment_teams)),
        *_twice("people", (x.id for x in file.people)),
        *_twice("people (object_id)", (x.object_id.lower() for x in file.people)),
        *_twice("graph.groups", (g.id.lower() for g in file.graph.groups)),
    ]
    if all(b.start for b in file.sharing_bases):
        problems.append("sharing_bases: expected at least one without a start date")
    if "host" not in file.tenants:
        problems.append("tenants.host: expected the council's own tenant; it is missing")
    for i, district in enumerate(file.districts):
        if district.assessment_team and district.assessment_team not in teams:
            problems.append(
                f"districts[{i}].assessment_team: expected one of assessment_teams;"
                f" got '{district.assessment_team}'"
            )
    if file.retention.words_days_after_closing <= 2 * file.timers.reopen_working_days:
        problems.append(
            "retention.words_days_after_closing: expected more than twice"
            " timers.reopen_working_days: what may be reopened needs its words"
        )
    if file.partnership.default_sharing_basis not in {b.code for b in file.sharing_bases}:
        problems.append("partnership.default_sharing_basis: expected one of sharing_bases")
    return [*problems, *_people_checks(file, agencies), *_format_checks(file)]


def _people_checks(file: File, agencies: set[str]) -> list[str]:
    """Who is on the list, or in a group, and for which agency."""
    problems = []
    if any(x.id == "bot" for x in file.people):
        problems.append("people: expected ids other than 'bot', which is the bot's own")
    for i, person in enumerate(file.people):
        if person.agency not in agencies:
            problems.append(f"people[{i}].agency: expected one of agencies; got '{person.agency}'")
        if person.tenant not in file.tenants:
            problems.append(f"people[{i}].tenant: expected one of tenants; got '{person.tenant}'")
    for i, group in enumerate(file.graph.groups):
        if group.agency not in agencies:
            problems.append(
                f"graph.groups[{i}].agency: expected one of agencies; got '{group.agency}'"
            )
    listed, _ = _listed(file)
    managers = [x for x in listed if x.role is Role.DUTY_MANAGER]
    if not managers and not any(g.role is Role.DUTY_MANAGER for g in file.graph.groups):
        problems.append("people: expected at least one duty_manager, who leads when nobody claims")
    return problems


def _format_checks(file: File) -> list[str]:
    """Values that only using them can check."""
    problems = []
    try:
        file.partnership.thread_link.format(channel="c", message="m")
    except (KeyError, IndexError, ValueError):
        problems.append("partnership.thread_link: expected only {channel} and {message}")
    try:
        ZoneInfo(file.partnership.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(
            f"partnership.timezone: expected an IANA name; got '{file.partnership.timezone}'"
        )
    return problems


def _sentence(error: dict[str, Any]) -> str:
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    if error["type"] == "missing":
        return f"{path}: expected a value; it is missing"
    if error["type"] == "extra_forbidden":
        return f"{path}: not a key of this file; check the spelling"
    wanted = str(error["msg"])
    wanted = wanted.removeprefix("Value error, ").removeprefix("Input should be ")
    shown = str(error["input"])[:60]
    return f"{path}: expected {wanted}; got '{shown}'"


def build(data: dict[str, Any]) -> p.Partnership:
    """Checked values from parsed TOML. Raises ConfigurationError naming every fault found."""
    try:
        file = File.model_validate(data)
    except ValidationError as error:
        lines = [_sentence(dict(e)) for e in error.errors()]
        raise ConfigurationError("\n".join(lines)) from None
    if problems := _cross_checks(file):
        raise ConfigurationError("\n".join(problems))
    version = hashlib.sha256(repr(file).encode()).hexdigest()[:12]
    return _values(file, version)


def _calendar(file: File) -> Calendar:
    opening = {_WEEKDAYS.index(d): hours for d, hours in file.calendar.opening_hours.items()}
    return Calendar(
        ZoneInfo(file.partnership.timezone),
        opening,
        frozenset(file.calendar.bank_holidays),
        file.calendar.urgent_only_last_minutes,
    )


def _whole_list(file: File) -> tuple[p.Person, ...]:
    return tuple(
        p.Person(x.id, x.name, x.role, x.agency, x.tenant, x.object_id) for x in file.people
    )


def _listed(file: File) -> tuple[tuple[p.Person, ...], tuple[p.Person, ...]]:
    """People who have their role from the list, and people it only gives an id and a name: where
    there are groups, somebody of the host tenant holds what a group says and nothing else.
    """
    listed = _whole_list(file)
    by_group = [x for x in listed if file.graph.groups and x.tenant == HOST_TENANT]
    named = (replace(x, role=Role.NONE, object_id=x.object_id.lower()) for x in by_group)
    return tuple(x for x in listed if x not in by_group), tuple(named)


def _values(file: File, version: str) -> p.Partnership:
    top, phones = file.partnership, file.phones
    people, named = _listed(file)
    return p.Partnership(
        name=top.name,
        host_domain=top.host_domain,
        desk_channel=top.desk_channel,
        mosaic_id_pattern=top.mosaic_id_pattern,
        emergency_number=phones.emergency,
        out_of_hours_name=phones.out_of_hours_name,
        out_of_hours_phone=phones.out_of_hours,
        mash_phone=phones.mash,
        adult_mash_phone=phones.adult_mash,
        lado_phone=phones.lado,
        thread_link=top.thread_link,
        disagreement_url=top.disagreement_url,
        outcome_agreement=top.outcome_agreement,
        default_sharing_basis=top.default_sharing_basis,
        default_sharing_reason=top.default_sharing_reason,
        roll_call_at=top.roll_call_at,
        roll_call_by=top.roll_call_by,
        weekly_card_at=top.weekly_card_at,
        phone_target_s=top.phone_target_seconds,
        survey_form_url=top.survey_form_url,
        export_at=top.export_at,
        words_days_after_closing=file.retention.words_days_after_closing,
        record_thread=top.record_thread,
        agencies=tuple(Agency(a.code, a.label, a.core) for a in file.agencies),
        needs=tuple(Need(n.code, n.label) for n in file.needs),
        referrer_groups=tuple(
            ReferrerGroup(g.code, g.label, g.kind, g.cin, g.feedback_level)
            for g in file.referrer_groups
        ),
        outcomes=tuple(
            Outcome(o.code, o.label, o.short, tuple(o.tests), o.needs_strategy_note, o.plan_first)
            for o in file.outcomes
        ),
        districts=tuple(
            District(d.code, d.label, d.assessment_team or None) for d in file.districts
        ),
        assessment_teams=tuple(
            p.AssessmentTeam(t.name, t.phone, t.channel) for t in file.assessment_teams
        ),
        sharing_bases=tuple(SharingBasis(b.code, b.label, b.start) for b in file.sharing_bases),
        people=people,
        whole_list=_whole_list(file) if file.graph.groups else (),
        found={x.id: x for x in named},
        mailbox=file.graph.mailbox,
        groups=tuple(p.RoleGroup(g.id.lower(), g.role, g.agency) for g in file.graph.groups),
        tenants={code: t.id for code, t in file.tenants.items()},
        tenant_labels={code: t.label for code, t in file.tenants.items()},
        calendar=_calendar(file),
        test_days=frozenset(_WEEKDAYS.index(d) for d in file.calendar.test_days),
        test_windows=tuple(
            p.TestWindow(w.test, w.first_day, w.last_day) for w in file.test_windows
        ),
        timers=Timers(**file.timers.model_dump()),
        version=version,
        files=files.settings_of(
            file.phone_import, file.teams_phone_import, file.survey_import, file.baseline_import
        ),
    )


def read(path: Path) -> dict[str, Any]:
    """Parsed TOML. Raises ConfigurationError for a missing, unreadable or malformed file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML ({error})") from None


def load(path: Path = DEFAULT_FILE) -> p.Partnership:
    return build(read(path))
