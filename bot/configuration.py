"""Reads and checks the partnership's TOML file. Every error names the key and what was expected."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot import configuration_files as files
from bot.domain import partnership as p
from bot.domain.vocabulary import FEEDBACK_LEVELS, HOST_TENANT, SHARING_BASES, Role
from bot.domain.working_time import Calendar

DEFAULT_FILE = Path(__file__).with_name("partnership.toml")
_IDS = uuid.UUID("6f0f3a52-5a0e-4c0b-9d57-5f4f0d00f00d")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9 +()]{3,20}$")]
Guid = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class ConfigurationError(Exception):
    """The configuration cannot be used. The message lists each key and what was expected."""


def fictional_object_id(person_id: str) -> str:
    """The object id of a made-up person, for rehearsal: the same id always gives the same one."""
    return str(uuid.uuid5(_IDS, person_id))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Partnership(_Strict):
    name: Label
    host_domain: Label
    desk_channel: str = Field(min_length=1, max_length=200)
    timezone: str = "Europe/London"
    mosaic_id_pattern: str = r"\d{7}"
    outcome_agreement: Literal["second_person", "social_worker", "none"] = "second_person"
    default_sharing_basis: Code = "duty_16la"
    default_sharing_reason: Label = "Helps the team work out what the child needs"
    roll_call_at: dt.time = dt.time(8, 30)
    roll_call_by: dt.time = dt.time(9, 15)
    weekly_card_at: dt.time = dt.time(15, 0)
    phone_target_seconds: int = Field(default=60, ge=1, le=3600)
    survey_form_url: str = Field(default="", pattern=r"^(https://.*)?$")
    record_thread: bool = False
    thread_link: str = Field(
        default="https://teams.microsoft.com/l/message/{channel}/{message}",
        pattern=r"^https?://.*\{message\}.*$",
    )
    disagreement_url: str = Field(default="", pattern=r"^(https://.*)?$")

    @field_validator("mosaic_id_pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
        return value


class _Phones(_Strict):
    emergency: Phone
    mash: Phone
    out_of_hours: Phone
    out_of_hours_name: Label
    adult_mash: Phone
    lado: Phone


class _Calendar(_Strict):
    opening_hours: dict[Weekday, tuple[dt.time, dt.time]]
    urgent_only_last_minutes: int = Field(default=30, ge=0, le=240)
    bank_holidays: list[dt.date] = []
    test_days: list[Weekday]

    @field_validator("opening_hours")
    @classmethod
    def _opens_first(
        cls, value: dict[Weekday, tuple[dt.time, dt.time]]
    ) -> dict[Weekday, tuple[dt.time, dt.time]]:
        for day, (opens, closes) in value.items():
            if opens >= closes:
                raise ValueError(f"{day} to open before it closes")
        if not value:
            raise ValueError("at least one day")
        return value


class _Window(_Strict):
    test: Literal["first_test", "second_test"]
    first_day: dt.date
    last_day: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> _Window:
        if self.last_day < self.first_day:
            raise ValueError("last_day on or after first_day")
        return self


class _Timers(_Strict):
    claim_nudge_1_working_minutes: int = Field(default=10, ge=1, le=600)
    claim_nudge_2_working_minutes: int = Field(default=20, ge=1, le=600)
    default_lead_working_minutes: int = Field(default=30, ge=1, le=600)
    immediate_nudge_1_minutes: int = Field(default=2, ge=1, le=60)
    immediate_nudge_2_minutes: int = Field(default=5, ge=1, le=60)
    immediate_default_lead_minutes: int = Field(default=5, ge=1, le=60)
    immediate_not_taken_every_minutes: int = Field(default=10, ge=1, le=60)
    immediate_not_taken_most: int = Field(default=12, ge=1, le=50)
    agree_nudge_working_minutes: int = Field(default=15, ge=1, le=600)
    agree_duty_manager_working_minutes: int = Field(default=30, ge=1, le=600)
    due_warning_minutes: int = Field(default=60, ge=1, le=480)
    before_closing_minutes: int = Field(default=45, ge=1, le=240)
    pulse_before_closing_minutes: int = Field(default=30, ge=1, le=240)
    undo_minutes: int = Field(default=5, ge=1, le=60)
    withdraw_minutes: int = Field(default=15, ge=1, le=600)
    reopen_working_days: int = Field(default=10, ge=1, le=60)
    re_referral_months: int = Field(default=12, ge=1, le=60)


class _Agency(_Strict):
    code: Code
    label: Label
    core: bool


class _Need(_Strict):
    code: Code
    label: Label


class _Group(_Strict):
    code: Code
    label: Label
    kind: Literal["professional", "family", "public", "other"]
    cin: str = Field(max_length=4)
    feedback_level: str

    @field_validator("feedback_level")
    @classmethod
    def _level(cls, value: str) -> str:
        return _one_of(value, FEEDBACK_LEVELS)


class _Outcome(_Strict):
    code: Code
    label: Label
    short: Label
    tests: list[Literal["first_test", "second_test"]] = Field(min_length=1)
    needs_strategy_note: bool
    plan_first: bool = True


class _Team(_Strict):
    name: Label
    phone: Phone
    channel: str = ""


class _District(_Strict):
    code: Code
    label: Label
    assessment_team: str = ""


class _Basis(_Strict):
    code: Code
    label: Label
    start: dt.date | None = None

    @field_validator("code")
    @classmethod
    def _known(cls, value: str) -> str:
        return _one_of(value, SHARING_BASES)


class _Person(_Strict):
    id: PersonId
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    role: Role
    agency: Code
    tenant: Code = HOST_TENANT
    object_id: Guid

    @field_validator("role")
    @classmethod
    def _not_bot(cls, value: Role) -> Role:
        if value is Role.BOT:
            raise ValueError("a role a person can hold")
        return value


class _Tenant(_Strict):
    label: Label
    id: Guid


class _File(_Strict):
    partnership: _Partnership
    phones: _Phones
    calendar: _Calendar
    test_windows: list[_Window]
    timers: _Timers = _Timers()
    tenants: dict[Code, _Tenant]
    agencies: list[_Agency] = Field(min_length=1)
    needs: list[_Need] = Field(min_length=1)
    referrer_groups: list[_Group] = Field(min_length=1)
    outcomes: list[_Outcome] = Field(min_length=1)
    assessment_teams: list[_Team] = Field(min_length=1)
    districts: list[_District] = Field(min_length=1)
    sharing_bases: list[_Basis] = Field(min_length=1)
    people: list[_Person] = Field(min_length=1)
    phone_import: files.PhoneImport = files.PhoneImport()
    teams_phone_import: files.TeamsPhoneImport = files.TeamsPhoneImport()
    survey_import: files.SurveyImport = files.SurveyImport()
    baseline_import: files.BaselineImport = files.BaselineImport()


def _one_of(value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)}")
    return value


def _twice(name: str, values: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for value in values:
        if value in seen:
            problems.append(f"{name}: expected each code once; got '{value}' twice")
        seen.add(value)
    return problems


def _cross_checks(file: _File) -> list[str]:
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
    ]
    if any(x.id == "bot" for x in file.people):
        problems.append("people: expected ids other than 'bot', which is the bot's own")
    if all(b.start for b in file.sharing_bases):
        problems.append("sharing_bases: expected at least one without a start date")
    if "host" not in file.tenants:
        problems.append("tenants.host: expected the council's own tenant; it is missing")
    for i, person in enumerate(file.people):
        if person.agency not in agencies:
            problems.append(f"people[{i}].agency: expected one of agencies; got '{person.agency}'")
        if person.tenant not in file.tenants:
            problems.append(f"people[{i}].tenant: expected one of tenants; got '{person.tenant}'")
    for i, district in enumerate(file.districts):
        if district.assessment_team and district.assessment_team not in teams:
            problems.append(
                f"districts[{i}].assessment_team: expected one of assessment_teams;"
                f" got '{district.assessment_team}'"
            )
    if not any(x.role is Role.DUTY_MANAGER for x in file.people):
        problems.append("people: expected at least one duty_manager, who leads when nobody claims")
    if file.partnership.default_sharing_basis not in {b.code for b in file.sharing_bases}:
        problems.append("partnership.default_sharing_basis: expected one of sharing_bases")
    return [*problems, *_format_checks(file)]


def _format_checks(file: _File) -> list[str]:
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
        file = _File.model_validate(data)
    except ValidationError as error:
        lines = [_sentence(dict(e)) for e in error.errors()]
        raise ConfigurationError("\n".join(lines)) from None
    if problems := _cross_checks(file):
        raise ConfigurationError("\n".join(problems))
    version = hashlib.sha256(repr(file).encode()).hexdigest()[:12]
    return _values(file, version)


def _calendar(file: _File) -> Calendar:
    opening = {_WEEKDAYS.index(d): hours for d, hours in file.calendar.opening_hours.items()}
    return Calendar(
        ZoneInfo(file.partnership.timezone),
        opening,
        frozenset(file.calendar.bank_holidays),
        file.calendar.urgent_only_last_minutes,
    )


def _values(file: _File, version: str) -> p.Partnership:
    top, phones = file.partnership, file.phones
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
        record_thread=top.record_thread,
        agencies=tuple(p.Agency(a.code, a.label, a.core) for a in file.agencies),
        needs=tuple(p.Need(n.code, n.label) for n in file.needs),
        referrer_groups=tuple(
            p.ReferrerGroup(g.code, g.label, g.kind, g.cin, g.feedback_level)
            for g in file.referrer_groups
        ),
        outcomes=tuple(
            p.Outcome(o.code, o.label, o.short, tuple(o.tests), o.needs_strategy_note, o.plan_first)
            for o in file.outcomes
        ),
        districts=tuple(
            p.District(d.code, d.label, d.assessment_team or None) for d in file.districts
        ),
        assessment_teams=tuple(
            p.AssessmentTeam(t.name, t.phone, t.channel) for t in file.assessment_teams
        ),
        sharing_bases=tuple(p.SharingBasis(b.code, b.label, b.start) for b in file.sharing_bases),
        people=tuple(
            p.Person(x.id, x.name, x.role, x.agency, x.tenant, x.object_id) for x in file.people
        ),
        tenants={code: t.id for code, t in file.tenants.items()},
        tenant_labels={code: t.label for code, t in file.tenants.items()},
        calendar=_calendar(file),
        test_days=frozenset(_WEEKDAYS.index(d) for d in file.calendar.test_days),
        test_windows=tuple(
            p.TestWindow(w.test, w.first_day, w.last_day) for w in file.test_windows
        ),
        timers=p.Timers(**file.timers.model_dump()),
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
