"""When an effect is due, and what follows a fault. Pure: no clock, no store, no Teams."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.desk.effects import POST_BRIEFING
from bot.desk.ports import (
    CannotDeliver,
    DeliveryUnknown,
    Effect,
    EffectStatus,
    NotTried,
    OurFault,
    TryLater,
)
from bot.domain.referral import Briefing

MOST_ATTEMPTS = 8
MOST_REPEATS = 2
"""A post whose fate is unknown may be there already: it is repeated once, and then given up."""
AGAIN_AFTER_FAULT_S = 5.0
REPOSTED = "reposted"
"""Code of a briefing that was posted once more, because the first was not there any more."""
_LONGEST_GROWING_S = 300.0
_SETTLED_AFTER = dt.timedelta(minutes=10)
_REPEAT_AFTER_S = 10.0
_UNSURE_AGAIN_AFTER_S = 3600.0
_NOT_SURE = "not_sure"
NOT_SURE_TWICE = "not_sure_twice"
"""Code of a briefing that may be there already, twice: what repeats it adds to the channel."""
_BLOCKED_AGAIN_AFTER_S = 60.0
ENDED = ("sent", "failed")

Fault = TryLater | DeliveryUnknown | CannotDeliver | OurFault


def due(
    effect: Effect,
    status: EffectStatus | None,
    now: dt.datetime,
    take_over_after: dt.timedelta,
) -> bool:
    """Whether to send it now. One that another is sending is, once that is old enough to have been
    abandoned: the caller knows which it is sending itself.
    """
    not_before = effect.data.get("not_before")
    if not_before and now < dt.datetime.fromisoformat(not_before):
        return False
    if status is None:
        return True
    if status.state == "sending":
        return not take_over_after or now >= status.at + take_over_after
    return status.next_at is None or now >= status.next_at


def claim(n: int, index: int, before: EffectStatus | None, now: dt.datetime) -> EffectStatus:
    """The status row that says that it is being sent."""
    if before is None:
        return EffectStatus(n, index, "sending", now)
    attempts = before.attempts + 1
    return replace(before, state="sending", at=now, attempts=attempts, next_at=None)


def after_fault(
    status: EffectStatus, effect: Effect, fault: Fault, now: dt.datetime
) -> EffectStatus:
    """What happens next. A briefing is never given up: it is tried again, ever more slowly; one
    that may be there already, once soon and then each hour.
    """
    endless = effect.kind == POST_BRIEFING
    match fault:
        case NotTried():
            status = replace(status, attempts=status.attempts - 1)
            return _again(status, "waiting", now, fault.after_s)
        case TryLater():
            most = MOST_ATTEMPTS
            state, after_s = "waiting", max(fault.after_s, _growing_s(status.attempts))
        case OurFault():
            most = MOST_ATTEMPTS
            state, after_s = "waiting", max(AGAIN_AFTER_FAULT_S, _growing_s(status.attempts))
            status = replace(status, code="fault")
        case DeliveryUnknown():
            most = MOST_REPEATS
            state, after_s = "unknown", _REPEAT_AFTER_S
            if endless and status.code in (_NOT_SURE, NOT_SURE_TWICE):
                status, after_s = replace(status, code=NOT_SURE_TWICE), _UNSURE_AGAIN_AFTER_S
            elif endless:
                status = replace(status, code=_NOT_SURE)
        case CannotDeliver():
            most = 0
            state, after_s = "blocked", _BLOCKED_AGAIN_AFTER_S
            status = replace(status, code=fault.code)
    if status.attempts >= most and not endless:
        return replace(status, state="failed", code=status.code or f"gave_up_{state}")
    return _again(status, state, now, after_s)


def _growing_s(attempts: int) -> float:
    """Asked to wait once, as long as was asked; asked again and again, ever longer."""
    return 0.0 if attempts <= 1 else min(2.0**attempts, _LONGEST_GROWING_S)


def tried_again(status: EffectStatus, now: dt.datetime) -> EffectStatus:
    """One that was given up, as if it had never been tried; once only, where it may be there."""
    code = status.code if not_sure(status) else ""
    return replace(status, state="waiting", at=now, attempts=0, next_at=now, code=code)


def not_sure(status: EffectStatus) -> bool:
    """Whether Teams twice did not say that the briefing is there."""
    return status.state != "sent" and status.code == NOT_SURE_TWICE


def gone(status: EffectStatus, briefing: Briefing, now: dt.datetime) -> EffectStatus:
    """The briefing that was posted there is not there any more: it is owed again. Where it went
    again within minutes, not at once: whatever takes it away must not fill the channel.
    """
    soon = now - status.at < _SETTLED_AFTER
    return replace(
        status,
        state="waiting",
        attempts=0,
        next_at=now + _SETTLED_AFTER if soon and status.code == REPOSTED else now,
        conversation_id=briefing.conversation_id,
        activity_id=briefing.activity_id,
    )


def _again(status: EffectStatus, state: str, now: dt.datetime, after_s: float) -> EffectStatus:
    return replace(status, state=state, next_at=now + dt.timedelta(seconds=after_s))
