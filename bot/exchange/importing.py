"""Tells the files that people bring apart by their headings, and reads each by its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.domain.baseline import BaselineRow
from bot.domain.calls import Call, CallCount
from bot.domain.file_settings import FileSettings
from bot.domain.partnership import Partnership
from bot.domain.surveys import SurveyReply
from bot.exchange.baseline_csv import BaselineRead, baseline_columns, read_baseline
from bot.exchange.calls_csv import call_columns, read_calls
from bot.exchange.reading import BadRow, Column, Progress, Read, Unreadable, share_of_headings
from bot.exchange.survey_csv import read_survey, survey_columns
from bot.exchange.teams_calls import PER_CALL, PER_HOUR, read_teams_calls
from bot.exchange.text import decode
from bot.exchange.values import Clock

Kind = Literal["calls", "teams_calls", "survey", "baseline"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_ENOUGH = 0.5
"""Of the headings needed: a file with half of them is that kind of file with some missing."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file. `known` were there already, or came twice in the file."""

    kind: Kind
    read: int
    new: int
    known: int
    bad: tuple[BadRow, ...] = ()
    dates_only: Mapping[str, int] = field(default_factory=dict)


def _layouts(settings: FileSettings) -> list[tuple[Kind, Sequence[Column]]]:
    """What each kind looks for. Of two that fit equally well, the first is taken."""
    layouts: list[tuple[Kind, Sequence[Column]]] = [
        ("teams_calls", PER_CALL),
        ("teams_calls", PER_HOUR),
        ("survey", survey_columns(settings.survey.columns)),
        ("baseline", baseline_columns(settings.baseline.columns)),
    ]
    if settings.phone:
        layouts.insert(0, ("calls", call_columns(settings.phone)))
    return layouts


def kind_of(
    data: bytes, settings: FileSettings, among: Sequence[Kind] = KINDS
) -> Kind | Unreadable:
    """By the headings of the first row. A file that is no text says why; where there is one kind
    only, its reader says which headings are missing.
    """
    text = decode(data)
    if isinstance(text, Unreadable):
        return text
    if len(among) == 1:
        return among[0]
    scores = [
        (share_of_headings(text, columns), kind)
        for kind, columns in _layouts(settings)
        if kind in among
    ]
    (share, _), kind = max(scores, key=lambda scored: scored[0])
    return kind if share >= _ENOUGH else Unreadable("unknown_kind")


Records = Sequence[Call | CallCount] | Sequence[SurveyReply] | Sequence[BaselineRow]


def read(
    data: bytes,
    kind: Kind,
    partnership: Partnership,
    now: dt.datetime,
    *,
    secret: bytes = b"",
    progress: Progress | None = None,
) -> Read[Call] | Read[CallCount] | Read[SurveyReply] | BaselineRead | Unreadable:
    """`secret` keys the hashes of the baseline's row ids; always the same for one store."""
    settings = partnership.files
    calendar = partnership.calendar
    if kind == "survey":
        survey = settings.survey
        clock = Clock(calendar, now, date_format=survey.date_format)
        return read_survey(data, clock, survey.columns, progress)
    if kind == "baseline":
        clock = Clock(calendar, now, date_format=settings.baseline.date_format)
        columns = settings.baseline.columns
        return read_baseline(
            data, partnership, clock, columns=columns, secret=secret, progress=progress
        )
    if kind == "teams_calls":
        teams = settings.teams_calls
        clock = Clock(calendar, now, date_format=teams.date_format)
        wait = teams.duration_is_wait
        return read_teams_calls(data, clock, duration_is_wait=wait, progress=progress)
    if settings.phone is None:
        return Unreadable("no_mapping")
    return read_calls(data, settings.phone, Clock(calendar, now), progress)
