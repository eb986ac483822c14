"""Rules of taking a referral: when the door is open, and which answers are owed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.identifiers import mask
from bot.domain.intake import INTAKE_FIELDS, SEEN_HEARD_LEAST, TEXT_LIMITS, Intake
from bot.domain.partnership import Partnership, Today
from bot.domain.referral import Referral
from bot.domain.rules_feedback import and_close
from bot.domain.vocabulary import MAX_CHILDREN, MAX_NEEDS, TOLD_FAMILY_NEEDS_REASON

AMENDABLE = frozenset(INTAKE_FIELDS) - {"received_at", "test"}
"""When the call was picked up starts every clock, so it is not amended."""


def door(partnership: Partnership, today: Today, received_at: dt.datetime, now: dt.datetime) -> str:
    """Why intake is shut, as a refusal code; empty when it is open.

    Opening hours are judged at the pick-up; pause and test day at the moment of asking.
    """
    calendar = partnership.calendar
    if not calendar.is_open(received_at):
        return "out_of_hours"
    days = {calendar.day_of(received_at), calendar.day_of(now)}
    if not all(partnership.tests_on(day) for day in days):
        return "not_a_test_day"
    if today.paused is not None:
        return "paused"
    return ""


def _answer_problems(intake: Intake, partnership: Partnership, now: dt.datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    if intake.received_at > now + dt.timedelta(minutes=1):
        problems["received_at"] = "in_future"
    elif intake.received_at < now - dt.timedelta(hours=24):
        problems["received_at"] = "too_old"
    if intake.call_ended_at and intake.call_ended_at < intake.received_at:
        problems["call_ended_at"] = "before_start"
    pattern = re.compile(partnership.mosaic_id_pattern)
    if not 1 <= len(intake.children) <= MAX_CHILDREN:
        problems["children"] = "children_count"
    elif any(not c.to_follow and not pattern.fullmatch(c.mosaic_id) for c in intake.children):
        problems["children"] = "mosaic_id"
    elif len(set(intake.mosaic_ids)) != len(intake.mosaic_ids):
        problems["children"] = "same_child_twice"
    if len(intake.needs) > MAX_NEEDS:
        problems["needs"] = "too_many"
    elif "not_clear" in intake.needs and len(intake.needs) > 1:
        problems["needs"] = "not_clear_alone"
    for name, limit in TEXT_LIMITS.items():
        if len(getattr(intake, name)) > limit:
            problems[name] = "too_long"
    return problems


def brief_problems(
    intake: Intake, partnership: Partnership, now: dt.datetime, *, immediate: bool
) -> dict[str, str]:
    """Field id to problem code for what 'Brief now' needs; empty when it may be posted."""
    problems = _answer_problems(intake, partnership, now)
    required = ["district", "child_location"]
    if not immediate:
        required += ["referrer_group", "safe_now"]
        if len(intake.seen_heard.strip()) < SEEN_HEARD_LEAST:
            problems.setdefault("seen_heard", "too_short")
        if not intake.needs:
            problems["needs"] = "required"
    elif not intake.seen_heard.strip():
        problems.setdefault("seen_heard", "required")
    for name in required:
        if not getattr(intake, name):
            problems[name] = "required"
    return problems


def rest_problems(intake: Intake, partnership: Partnership, now: dt.datetime) -> dict[str, str]:
    """Field id to problem code for what is asked while still on the call."""
    problems = _answer_problems(intake, partnership, now)
    problems.pop("received_at", None)
    if intake.safe_contact == "only at some times" and not intake.safe_contact_times.strip():
        problems["safe_contact_times"] = "required"
    if intake.told_family in TOLD_FAMILY_NEEDS_REASON and not intake.told_family_reason.strip():
        problems["told_family_reason"] = "required"
    return problems


def _masked(intake: Intake, day: dt.date) -> Intake:
    masked: dict[str, Any] = {
        name: mask(getattr(intake, name), day)[:limit] for name, limit in TEXT_LIMITS.items()
    }
    return replace(intake, **masked)


def _shut(intake: Intake, command: cmd.SubmitIntake, scene: Scene) -> Refused | None:
    reason = door(scene.partnership, scene.today, intake.received_at, scene.now)
    if reason:
        return refused(reason, paused=scene.today.paused or "")
    if command.immediate:
        return None
    if intake.scope == "adult_only":
        return refused("adult_only")
    if intake.scope == "open_to_social_worker" and not command.pass_on:
        return refused("open_to_social_worker")
    urgent_only = scene.partnership.calendar.urgent_only(intake.received_at)
    if urgent_only and not intake.urgent and not command.next_day:
        return refused("urgent_only")
    return None


def submit(referral: Referral, command: cmd.SubmitIntake, scene: Scene) -> Decided:
    if no := check("intake.submitted", referral, scene):
        return no
    immediate = command.immediate or command.intake.safe_now == "no"
    intake = _masked(command.intake, scene.day) if immediate else command.intake
    if no := _shut(intake, command, scene):
        return no
    problems = brief_problems(intake, scene.partnership, scene.now, immediate=immediate)
    if problems:
        return Refused("answers", tuple(problems.items()))
    post_at = None
    if command.next_day and not intake.urgent and not command.immediate:
        closes = scene.partnership.calendar.closes_at(intake.received_at)
        post_at = scene.partnership.calendar.next_opening(closes or intake.received_at)
    received = ev.Recorded(
        ev.ReferralReceived(intake.received_at), intake.received_at, scene.actor.id
    )
    submitted = ev.IntakeSubmitted(intake, "", command.earlier_reference, post_at)
    events = [received, scene.did(submitted)]
    if immediate:
        events.append(scene.did(ev.ImmediateFlagged()))
    return tuple(events)


def amend(referral: Referral, command: cmd.AmendIntake, scene: Scene) -> Decided:
    if no := check("intake.amended", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    before = caller.intake
    if unknown := set(command.answers) - AMENDABLE:
        return refused("unknown_choice", fields=",".join(sorted(unknown)))
    changed = {k: v for k, v in command.answers.items() if getattr(before, k) != v}
    if not changed:
        return ()
    after = replace(before, **changed)
    if problems := rest_problems(after, scene.partnership, scene.now):
        return Refused("answers", tuple(problems.items()))
    events = [scene.did(ev.IntakeAmended(changed, command.reason, caller.for_ref))]
    if not caller.merged and changed.get("safe_now") == "no" and not referral.is_immediate:
        # Whatever else is done, a child just flagged is not finished with.
        return (*events, scene.did(ev.ImmediateFlagged()))
    return and_close(referral, tuple(events), scene)
