"""One readable line for each thing that happened, as a manager would read the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.rehearsal.scenario import Event
from cards import wording as w

_LINES = {
    "referral.received": "{who} picks up a call.",
    "intake.submitted": "{who} briefs the duty team: {ref}.",
    "briefing.posted": "{ref} is posted in the duty desk channel.",
    "intake.amended": "{who} adds to the form of {ref}.",
    "lead.claimed": "{who} claims lead on {ref}. {note}",
    "lead.assigned": "{who} makes {lead} the lead person for {ref}. {reason}",
    "lead.defaulted": "Nobody claimed {ref}: {lead} becomes lead.",
    "claim.refused": "{person} is told: {text}",
    "contribution.added": "{who} on {ref}, {agency}: {known}. {relevant}",
    "message": "{who} on {ref}: {text}",
    "nudge.sent": "Reminder on {ref}: {text}",
    "immediate.flagged": "{who} flags {ref} as immediate. {note}",
    "immediate.stood_down": "{who} stands down {ref}: {reason}",
    "assessment.notified": "{who} rings {team} about {ref}.",
    "assessment.acknowledged": "{who} takes {ref} for the Assessment Team. {note}",
    "strategy.considered": "{who} considers a strategy discussion for {ref}: {reason}",
    "strategy.held": "{who} records the strategy discussion for {ref}.",
    "plan.saved": "{who} writes the plan for {ref}.",
    "outcome.proposed": "{who} picks the outcome of {ref}.",
    "outcome.undone": "{who} undoes the outcome of {ref}.",
    "outcome.endorsed": "{who} agrees the outcome of {ref}. {note}",
    "feedback.sent": "{who} feeds back to the caller about {ref}.",
    "feedback.checked": "{who} checks the feedback about {ref}.",
    "feedback.passed": "{who} lets the feedback about {ref} pass: {reason}",
    "feedback.not_possible": "{who}: feedback on {ref} is not possible: {reason}",
    "casenote.exported": "{who} confirms the case notes of {ref}.",
    "referral.closed": "{ref} is finished.",
    "referral.handed_over": "{who} hands {ref} over, accepted by {accepted_by}: {reason}",
    "lead.handover_offered": "{who} asks {to} to lead {ref}. {reason}",
    "lead.handed_over": "{who} hands the lead of {ref} to {to}, who accepts. {reason}",
    "contribution.confirmed": "{who} confirms what was logged for {agency} on {ref}.",
    "message.filed": "{who} adds to the record of {ref}, as a {as}: {text}",
    "police.contact_recorded": "{who} records that the police were rung about {ref}.",
    "disagreement.recorded": "{who} does not agree about {ref}: {text}",
    "outcome.corrected": "{who} corrects the outcome of {ref}: {reason}",
    "outcome.recorded_elsewhere": "{who} records the outcome of {ref} made elsewhere.",
    "action.done": "{who} marks an action of {ref} done.",
    "history.viewed": "{who} looks at the history of {ref}.",
    "referral.reopened": "{who} reopens {ref}: {reason}",
    "referral.withdrawn": "{who} withdraws {ref}: {reason}",
    "referral.linked": "{who} links {ref} to {to}.",
    "referral.merged": "{who} merges {ref} into {into}.",
    "roll.called": "{who} calls the roll.",
    "test.paused": "{who} pauses the duty team: {reason}",
    "test.resumed": "{who} resumes the duty team.",
    "identity.asked": "{who} asks who {ref} is about.",
    "identity.told": "{who} has told {person} who {ref} is about.",
}

_IN_THE_ROOM = "{who} on {ref}, {agency} said in the room: {known}. {relevant}"


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def line_for(event: Event, reference: str, name: Callable[[str], str]) -> str:
    """Names for ids, words for codes; nothing where the event says nothing."""
    data = {k: v for k, v in event.data.items() if isinstance(v, str)}
    for key in ("person", "lead", "to"):
        if key in data and event.type not in ("referral.linked", "referral.handed_over"):
            data[key] = name(data[key])
    if "known" in data:
        data["known"] = w.first_lower(w.KNOWN.get(data["known"], data["known"]))
    if "agency" in data:
        data["agency"] = data["agency"].replace("_", " ")
    values = _Blank(data, who=name(event.by), ref=reference)
    line = _LINES.get(event.type, "{who}: " + event.type)
    if event.data.get("on_behalf"):
        line = _IN_THE_ROOM
    return line.format_map(values).strip()
