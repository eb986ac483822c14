"""Telling the caller, the notes, and how a referral ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FeedbackAsked:
    """The lead asked the MASHO to ring the caller back with this text."""

    TYPE: ClassVar = "feedback.asked"
    text: str
    masho: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackHeld:
    """A text that waits: for a social worker's check, or for the duty manager to let it pass."""

    TYPE: ClassVar = "feedback.held"
    text: str
    for_ref: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackChecked:
    """`needs`: what this text waits for besides."""

    TYPE: ClassVar = "feedback.checked"
    text: str
    for_ref: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackPassed:
    """`warned` are the sources the level check found in the text; `needs` what it waits for
    besides.
    """

    TYPE: ClassVar = "feedback.passed"
    text: str
    reason: str
    for_ref: str = ""
    warned: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackSent:
    """`for_ref`: the merged referral whose caller was told; empty for this one's own."""

    TYPE: ClassVar = "feedback.sent"
    group: str
    level: str
    method: str
    text: str
    for_ref: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackTried:
    """Nobody answered. `again_at`: when somebody will try again."""

    TYPE: ClassVar = "feedback.tried"
    again_at: dt.datetime
    for_ref: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackEmailStarted:
    """Logged before the email goes, so that a crash leaves it in question and not unsaid.

    The address is no part of it: it is never kept.
    """

    TYPE: ClassVar = "feedback.email_started"
    text: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackEmailFailed:
    """`code` as `rules_email.EMAIL_CODES`. After `unknown` it stays in question."""

    TYPE: ClassVar = "feedback.email_failed"
    code: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackNotPossible:
    TYPE: ClassVar = "feedback.not_possible"
    reason: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The caller was asked the survey's questions. What they answered is kept apart, in counts."""

    TYPE: ClassVar = "survey.asked"
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class CaseNoteExported:
    TYPE: ClassVar = "casenote.exported"
    children: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseNoteOpened:
    """The notes were shown to be copied, as `text` or `json`."""

    TYPE: ClassVar = "casenote.opened"
    form: str


@dataclass(frozen=True, slots=True)
class HistoryViewed:
    """`why` tells a look that was more than one at the screen: access_request."""

    TYPE: ClassVar = "history.viewed"
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReferralClosed:
    TYPE: ClassVar = "referral.closed"


@dataclass(frozen=True, slots=True)
class ReferralHandedOver:
    TYPE: ClassVar = "referral.handed_over"
    to: str
    accepted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralReopened:
    TYPE: ClassVar = "referral.reopened"
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    TYPE: ClassVar = "referral.withdrawn"
    reason: str
