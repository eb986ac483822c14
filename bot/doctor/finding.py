"""What a check finds, and what it is given to look at. No secret and no person's name in either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.domain.partnership import Partnership
from bot.identity import Identity
from bot.settings import Settings


class Level(StrEnum):
    OK = "OK"
    CHECK = "CHECK"
    """Look at it: it may be meant so."""
    FIX = "FIX"
    """The bot, or a part of it, does not work like this."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    words: str


def ok(words: str) -> Finding:
    return Finding(Level.OK, words)


def check(words: str) -> Finding:
    return Finding(Level.CHECK, words)


def fix(words: str) -> Finding:
    return Finding(Level.FIX, words)


@dataclass(slots=True)
class Patient:
    """What is looked at. `settings`, `identity` and `partnership` are None where they could not be
    made: the check that makes them says why, and the others say that they wait for it.
    """

    env: Mapping[str, str]
    read_settings: Callable[[], Settings]
    now: Callable[[], dt.datetime]
    other_mailbox: str = ""
    configuration: Path | None = None
    settings: Settings | None = None
    identity: Identity | None = None
    partnership: Partnership | None = None


Look = Callable[[Patient], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    look: Look


class NotYet(Exception):
    """This cannot be looked at before something else is put right. The message says what."""


def settings_of(patient: Patient) -> Settings:
    """Raises NotYet."""
    if patient.settings is None:
        raise NotYet("the environment")
    return patient.settings


def identity_of(patient: Patient) -> Identity:
    """Raises NotYet."""
    if patient.identity is None:
        raise NotYet("the environment")
    return patient.identity


def partnership_of(patient: Patient) -> Partnership:
    """Raises NotYet."""
    if patient.partnership is None:
        raise NotYet("the configuration file")
    return patient.partnership
