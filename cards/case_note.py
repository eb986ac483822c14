"""One plain-text note per child, in the order a record is read. Made for pasting."""

from __future__ import annotations

from bot.domain.intake import Child
from bot.domain.referral import Contribution, Referral
from bot.domain.vocabulary import TO_FOLLOW
from cards import wording as w
from cards.context import View


def note_for(child: Child, referral: Referral, view: View) -> str:
    """The whole note; sections with nothing to say are left out."""
    sections = [
        [_which(child, referral), *_top(referral, view)],
        _told(referral, view),
        _team(referral, view),
        [*_strategy(referral, view), *_outcome(child, referral, view), *_decision(referral, view)],
        _plan(referral, view),
        _feedback(referral, view),
    ]
    return _joined(sections)


def own_lines(child: Child, referral: Referral, view: View) -> str:
    """What only this child's note says, for when the notes together are too large to show."""
    return _joined([[_which(child, referral), *_outcome(child, referral, view)]])


def shared_lines(referral: Referral, view: View, left_out: int = 0) -> str:
    """What each child's note says after its own lines, `left_out` lines of the talk left out."""
    sections = [
        _top(referral, view),
        _told(referral, view),
        _team(referral, view, left_out),
        [*_strategy(referral, view), *_decision(referral, view)],
        _plan(referral, view),
        _feedback(referral, view),
    ]
    return _joined(sections)


def _joined(sections: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _stop(words: str) -> str:
    """Ends our own words with one full stop, whatever name they end in."""
    return words.rstrip(".") + "."


def _which(child: Child, referral: Referral) -> str:
    child_id = "ID to follow" if child.mosaic_id == TO_FOLLOW else child.mosaic_id
    return f"{referral.reference}. Child {child_id} ({w.AGE_BANDS[child.age_band]})."


def _top(referral: Referral, view: View) -> list[str]:
    i = referral.asked
    lines = [
        _stop(f"Call picked up {view.when(i.received_at)} by {view.name(referral.taken_by)}"),
    ]
    if referral.submitted_at:
        lines.append(f"Duty team told {view.when(referral.submitted_at)}.")
    people = dict.fromkeys(
        [referral.taken_by, referral.lead, *(c.by for c in referral.contributions)]
    )
    lines.append(_stop(f"Took part: {', '.join(view.name(x) for x in people if x)}"))
    if flag := referral.immediate:
        lines.append(
            _stop(
                f"Flagged as immediate {view.when(flag.flagged_at)} by {view.name(flag.flagged_by)}"
            )
        )
        if flag.notified_at:
            lines.append(f"Assessment Team rung {view.when(flag.notified_at)}.")
        if flag.acknowledged_at:
            lines.append(f"Taken by {flag.acknowledged_by} {view.when(flag.acknowledged_at)}.")
        if flag.stood_down_at:
            lines.append(f"Stood down {view.when(flag.stood_down_at)}: {flag.stood_down_reason}")
    return lines


def _told(referral: Referral, view: View) -> list[str]:
    i = referral.asked
    group = view.partnership.group.get(i.referrer_group)
    pairs = [
        ("Caller", group.label if group else ""),
        ("Seen or heard", i.seen_heard),
        ("Told by others", i.reported),
        ("Caller's view", i.view),
        ("Child's view", i.child_view),
        ("Going well", i.going_well),
        ("Help so far", i.help_so_far),
        ("Needs", "; ".join(view.need(n) for n in i.needs)),
        ("Family know", w.TOLD_FAMILY[i.told_family]),
        ("Reason", i.told_family_reason),
    ]
    return [f"{label}: {value}" for label, value in pairs if value]


def _agency_line(c: Contribution, view: View) -> str:
    s = c.said
    by = f" (said in the room, logged by {view.name(c.by)})" if s.on_behalf else ""
    parts = [f"{view.agency(s.agency)}{by}: {w.first_lower(w.KNOWN[s.known])}."]
    parts += [s.relevant] if s.relevant else []
    parts += [f"Going well: {s.strengths}"] if s.strengths else []
    parts += [f"Worry: {s.worries}"] if s.worries else []
    parts += [f"Suggests: {s.suggests}"] if s.suggests else []
    if s.sharing:
        basis = view.partnership.basis.get(s.sharing.basis)
        label = basis.label if basis else s.sharing.basis
        parts.append(f"({w.SHARED[s.sharing.decision]}. {label}. {s.sharing.reason})")
    return f"{view.when(c.at)} {' '.join(parts)}"


def _team(referral: Referral, view: View, left_out: int = 0) -> list[str]:
    """Oldest first; what is left out goes from the messages before it goes from the agencies."""
    agencies = [_agency_line(c, view) for c in referral.contributions]
    said = [f"{view.when(m.at)} {view.name(m.by)} said: {m.text}" for m in referral.messages]
    if not left_out:
        return [*agencies, *said]
    more = max(left_out - len(said), 0)
    note = w.NOTE_LEFT_OUT.format(lines=w.count(left_out, "line"))
    return [*agencies[more:], note, *said[left_out:]]


def _outcome(child: Child, referral: Referral, view: View) -> list[str]:
    if referral.pick is None:
        return []
    code = dict(referral.pick.per_child).get(child.mosaic_id, referral.pick.code)
    return [f"Outcome: {view.outcome(code)}."]


def _strategy(referral: Referral, view: View) -> list[str]:
    lines = []
    if s := referral.strategy:
        needed = "needed" if s.needed else "not needed"
        lines.append(
            f"Strategy discussion considered {view.when(s.at)} by {view.name(s.by)}: "
            f"{needed}, because {s.reason}"
        )
    if m := referral.strategy_meeting:
        there = ", ".join([*(view.agency(a) for a in m.attended), *([m.also] if m.also else [])])
        lines.append(
            f"Strategy discussion held {view.when(m.at)}: {there}. "
            f"Decision recorded on {m.recorded_on}."
        )
    return lines


def _decision(referral: Referral, view: View) -> list[str]:
    lines = []
    if pick := referral.pick:
        lines.append(f"Picked by {view.name(pick.by)} {view.when(pick.at)}. Why: {pick.rationale}")
        if pick.agreed_at:
            note = f" {pick.agreed_note}" if pick.agreed_note else ""
            lines.append(
                f"Agreed by {view.name(pick.agreed_by)} {view.when(pick.agreed_at)}.{note}"
            )
    if h := referral.handover:
        lines.append(
            f"Handed over to {w.first_lower(w.HANDOVER[h.to])}, accepted by {h.accepted_by}: "
            f"{h.reason}"
        )
    return lines


def _plan(referral: Referral, view: View) -> list[str]:
    if referral.plan is None:
        return []
    lines = [
        f"{n}. {a.action} ({view.name(a.owner) if a.owner else a.owner_name}, "
        f"{view.agency(a.owner_agency)}, by {w.day_words(a.due_on)})"
        for n, a in enumerate(referral.plan.actions, 1)
    ]
    if referral.plan.family_view:
        lines.append(f"Family's view: {referral.plan.family_view}")
    return ["Plan:", *lines]


def _feedback(referral: Referral, view: View) -> list[str]:
    lines = [
        f"Fed back to the caller {view.when(f.at)} by {view.name(f.by)} "
        f"({w.first_lower(w.CONTACT.get(f.method, f.method))}): {f.text}"
        for f in referral.feedback
    ]
    if referral.feedback_not_possible:
        lines.append(f"Feedback was not possible: {referral.feedback_not_possible}")
    return lines
