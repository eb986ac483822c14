"""How the partnership's own files are laid out: which of their columns holds what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class CallMapping:
    """`columns` maps our fields of a call to headings; `started_at` must be among them.

    `answered` and `abandoned` are what the result column says for each; whatever else it says is
    `other`. Without a result column a call with an `answered_at` was answered and any other
    abandoned. `queue` names the queue where no column does. `zone` is for times that carry no
    offset; `date_format` is one of strptime, empty for the usual ways to write a date.
    """

    columns: Mapping[str, str]
    answered: tuple[str, ...] = ()
    abandoned: tuple[str, ...] = ()
    queue: str = ""
    zone: Literal["local", "utc"] = "local"
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class TableSettings:
    """`columns` maps our fields to headings where they differ from ours."""

    columns: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class TeamsCallsSettings:
    duration_is_wait: bool = False
    """`Call Duration Seconds` was checked against calls whose wait is known."""
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class FileSettings:
    """`phone` is None where only the report of Microsoft Teams is read."""

    phone: CallMapping | None = None
    teams_calls: TeamsCallsSettings = TeamsCallsSettings()
    survey: TableSettings = TableSettings()
    baseline: TableSettings = TableSettings()
