"""The part of the partnership's file that says how the files people bring are laid out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from bot.domain.file_settings import CallMapping, FileSettings, TableSettings, TeamsCallsSettings
from bot.exchange.baseline_csv import BASELINE_COLUMNS
from bot.exchange.calls_csv import CALL_FIELDS, mapping_fault
from bot.exchange.survey_csv import SURVEY_COLUMNS
from bot.exchange.values import format_works

Heading = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

_FAULTS = {
    "mapping_missing": "columns to name the one for started_at",
    "mapping_result": (
        "columns.result with the words of answered and abandoned, or columns.answered_at"
    ),
}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    date_format: str = ""

    @field_validator("date_format")
    @classmethod
    def _reads_back(cls, value: str) -> str:
        if not format_works(value):
            raise ValueError("a date format that holds a whole date and time, %d/%m/%Y %H:%M")
        return value


def _known(value: dict[str, str], fields: tuple[str, ...]) -> dict[str, str]:
    """What each column is for must be something that is read."""
    wrong = [name for name in value if name not in fields]
    if wrong:
        raise ValueError(f"names among {', '.join(fields)} (not {', '.join(wrong)})")
    return value


class PhoneImport(_Table):
    """The phone line's own report; without columns there is none."""

    columns: dict[str, Heading] = {}
    answered: list[Heading] = []
    abandoned: list[Heading] = []
    queue: str = ""
    zone: Literal["local", "utc"] = "local"

    @field_validator("columns")
    @classmethod
    def _fields(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, CALL_FIELDS)

    @model_validator(mode="after")
    def _enough(self) -> PhoneImport:
        mapping = self.mapping
        fault = mapping_fault(mapping) if mapping else None
        if fault:
            raise ValueError(_FAULTS[fault.code])
        return self

    @property
    def mapping(self) -> CallMapping | None:
        if not self.columns:
            return None
        return CallMapping(
            self.columns,
            tuple(self.answered),
            tuple(self.abandoned),
            self.queue,
            self.zone,
            self.date_format,
        )


class TeamsPhoneImport(_Table):
    duration_is_wait: bool = False


class SurveyImport(_Table):
    columns: dict[str, Heading] = {}

    @field_validator("columns")
    @classmethod
    def _fields(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, tuple(SURVEY_COLUMNS))


class BaselineImport(_Table):
    columns: dict[str, Heading] = {}

    @field_validator("columns")
    @classmethod
    def _fields(cls, value: dict[str, str]) -> dict[str, str]:
        return _known(value, BASELINE_COLUMNS)


def settings_of(
    phone: PhoneImport,
    teams_phone: TeamsPhoneImport,
    survey: SurveyImport,
    baseline: BaselineImport,
) -> FileSettings:
    return FileSettings(
        phone.mapping,
        TeamsCallsSettings(teams_phone.duration_is_wait, teams_phone.date_format),
        TableSettings(survey.columns, survey.date_format),
        TableSettings(baseline.columns, baseline.date_format),
    )
