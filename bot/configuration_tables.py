"""The tables and keys of the partnership's TOML file, each with what it may hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from bot import configuration_files as files
from bot.domain.vocabulary import FEEDBACK_LEVELS, HOST_TENANT, SHARING_BASES, Role

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9 +()]{3,20}$")]
Guid = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _held_by_people(role: Role) -> Role:
    if role in (Role.BOT, Role.NONE):
        raise ValueError("a role a person can hold")
    return role


def _one_of(value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)}")
    return value


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
    export_at: dt.time = dt.time(2, 0)
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
        return _held_by_people(value)


class _Tenant(_Strict):
    label: Label
    id: Guid


class _RoleGroup(_Strict):
    id: Guid
    role: Role
    agency: Code

    @field_validator("role")
    @classmethod
    def _not_bot(cls, value: Role) -> Role:
        return _held_by_people(value)


class _Graph(_Strict):
    """What the bot does through Microsoft Graph; without it, nothing."""

    mailbox: str = Field(default="", max_length=120, pattern=r"^([^@\s/]+@[^@\s/]+)?$")
    groups: list[_RoleGroup] = Field(default=[], max_length=20)


class _Retention(_Strict):
    """How long the bot's copy is kept: the case system holds the record."""

    words_days_after_closing: int = Field(default=90, ge=28, le=36_500)


class File(_Strict):
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
    people: list[_Person] = []
    graph: _Graph = _Graph()
    retention: _Retention = _Retention()
    phone_import: files.PhoneImport = files.PhoneImport()
    teams_phone_import: files.TeamsPhoneImport = files.TeamsPhoneImport()
    survey_import: files.SurveyImport = files.SurveyImport()
    baseline_import: files.BaselineImport = files.BaselineImport()
