"""One plain-text note per child, in the order a record is read. Made for pasting."""

from __future__ import annotations

from bot.domain.events import Action
from bot.domain.intake import Child, Intake
from bot.domain.referral import Contribution, Message, Referral
from bot.domain.vocabulary import TO_FOLLOW
from cards import changes, wording as w
from cards.briefing_record import author, line_head, marks
from cards.context import View


def note_for(child: Child, referral: Referral, view: View) -> str:
    """The whole note; sections with nothing to say are left out."""
    sections = [
        [_which(child, referral), *_top(referral, view)],
        _told(referral, view),
        _team(referral, view),
        _needs(referral, view),
        [*_strategy(referral, view), *_outcome(child, referral, view), *_decision(referral, view)],
        _plan(referral, view),
        _feedback(referral, view),
        _corrections(referral, view),
    ]
    return _joined(sections)


def own_lines(child: Child, referral: Referral, view: View) -> str:
    """What only this child's note says, for when the notes together are too large to show."""
    return _joined([[_which(child, referral), *_outcome(child, referral, view)]])


def lines_of_talk(referral: Referral) -> int:
    """How many lines `shared_lines` can leave out."""
    talk = len(referral.contributions) + len(referral.messages) + len(referral.disagreements)
    return talk + len(referral.amendments) + len(referral.past_picks) + 1


def shared_lines(referral: Referral, view: View, left_out: int = 0) -> str:
    """What each child's note says after its own lines, `left_out` lines of the talk left out."""
    talk = len(referral.contributions) + len(referral.messages) + len(referral.disagreements)
    sections = [
        _top(referral, view),
        _told(referral, view),
        _team(referral, view, left_out),
        _needs(referral, view),
        [*_strategy(referral, view), *_decision(referral, view)],
        _plan(referral, view),
        _feedback(referral, view),
        _corrections(referral, view)[max(left_out - talk, 0) :],
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
    if referral.merged_callers:
        refs = w.join([c.reference for c in referral.merged_callers])
        lines.append(f"Merged into this: {refs}.")
    if referral.linked:
        lines.append(f"Linked to: {w.join(referral.linked)}.")
    names = [view.name(x) for x in took_part(referral)]
    lines.append(_stop(f"Took part: {', '.join(names)}"))
    lines += [
        _stop(f"Police rung {view.when(c.rang_at)} by {c.rang_by_name or view.name(c.rang_by)}")
        for c in referral.police
    ]
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


def took_part(referral: Referral) -> tuple[str, ...]:
    """Ids of whoever took the call, led, said, picked or agreed."""
    picks = (referral.pick,) if referral.pick else ()
    ids = [
        referral.taken_by,
        *(c.lead for c in referral.leads),
        *(c.taken_by for c in referral.merged_callers),
        *(who for c in referral.contributions for who in (c.by, c.confirmed_by, c.corrected_by)),
        *(m.by for m in referral.messages),
        *(who for p in (*referral.past_picks, *picks) for who in (p.by, p.agreed_by)),
    ]
    return tuple(dict.fromkeys(i for i in ids if i and i != "bot"))


def _told(referral: Referral, view: View) -> list[str]:
    own = _call(referral.asked, view)
    merged = [
        line
        for c in referral.merged_callers
        for line in (
            _stop(
                f"{c.reference}: second call, picked up {view.when(c.intake.received_at)} "
                f"by {view.name(c.taken_by)}"
            ),
            *_call(c.intake, view),
        )
    ]
    return [*own, *merged]


def _needs(referral: Referral, view: View) -> list[str]:
    words = "; ".join(view.need(n) for n in referral.asked.needs)
    return [f"What the child needs: {words}"] if words else []


def _call(i: Intake, view: View) -> list[str]:
    """Seen, reported and thought, each apart."""
    group = view.partnership.group.find(i.referrer_group)
    pairs = [
        ("Caller", group.label if group else ""),
        ("Seen or heard", i.seen_heard),
        ("Told by others", i.reported),
        ("Caller's view", i.view),
        ("Child's view", i.child_view),
        ("Going well", i.going_well),
        ("Help so far", i.help_so_far),
        ("Family know", w.TOLD_FAMILY[i.told_family]),
        ("Reason", i.told_family_reason),
    ]
    return [f"{label}: {value}" for label, value in pairs if value]


def _agency_line(c: Contribution, view: View) -> str:
    s = c.said
    parts = [f"{line_head(c, view)}: {w.first_lower(w.KNOWN[s.known])}."]
    parts += [s.relevant] if s.relevant else []
    parts += [f"Going well: {s.strengths}"] if s.strengths else []
    parts += [f"Worry: {s.worries}"] if s.worries else []
    parts += [f"Suggests: {s.suggests}"] if s.suggests else []
    if s.sharing:
        basis = view.partnership.basis.find(s.sharing.basis)
        label = basis.label if basis else s.sharing.basis
        parts.append(f"({w.SHARED[s.sharing.decision]}. {label}. {s.sharing.reason})")
    return f"{view.when(c.at)} {' '.join(parts)}"


def _team(referral: Referral, view: View, left_out: int = 0) -> list[str]:
    """Oldest first; what is left out goes from the messages before it goes from the agencies."""
    agencies = [_agency_line(c, view) for c in referral.contributions]
    said = [_message(m, view) for m in referral.messages]
    said += [
        f"{view.when(d.at)} {view.name(d.by)} does not agree: {d.text}"
        for d in referral.disagreements
    ]
    if not left_out:
        return [*agencies, *said]
    more = max(left_out - len(said), 0)
    note = w.NOTE_LEFT_OUT.format(lines=w.count(left_out, "line"))
    return [*agencies[more:], note, *said[left_out:]]


def _message(m: Message, view: View) -> str:
    who = f"{view.when(m.at)} {author(m, view)}"
    if m.removed_at:
        return f"{who}: {w.REMOVED.format(time=view.when(m.removed_at))}"
    link = f" {m.link}" if m.link else ""
    return f"{who} said: {m.text}{marks(m, view)}{link}"


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
    if e := referral.elsewhere:
        lines.append(
            _stop(
                f"Outcome made elsewhere: {view.outcome(e.code)}. "
                f"Recorded {view.when(e.at)} by {view.name(e.by)}"
            )
        )
    return lines


def _plan(referral: Referral, view: View) -> list[str]:
    if referral.plan is None:
        return []
    lines = [
        f"{n}. {a.action} ({view.name(a.owner) if a.owner else a.owner_name}, "
        f"{view.agency(a.owner_agency)}, by {w.day_words(a.due_on)}){_done(a, referral, view)}"
        for n, a in enumerate(referral.plan.actions, 1)
    ]
    if referral.plan.family_view:
        lines.append(f"Family's view: {referral.plan.family_view}")
    if referral.plan.next_step:
        lines.append(f"Next step for the caller: {referral.plan.next_step}")
    return ["Plan:", *lines]


def _done(action: Action, referral: Referral, view: View) -> str:
    found = next((d for d in referral.done_actions if d.action == action), None)
    if found is None:
        return ""
    return " " + w.sentence(w.DONE_LINE, name=view.name(found.by), time=view.when(found.at))


def _feedback(referral: Referral, view: View) -> list[str]:
    lines = []
    for f in referral.feedback:
        whose = f"the caller of {f.for_ref}" if f.for_ref else "the caller"
        lines.append(
            f"Fed back to {whose} {view.when(f.at)} by {view.name(f.by)} "
            f"({w.first_lower(w.TOLD_BY.get(f.method, f.method))}): {' '.join(f.text.splitlines())}"
        )
        if f.late_reason:
            lines.append(f"Late because: {f.late_reason}")
    for t in referral.tried:
        whose = f"the caller of {t.for_ref}" if t.for_ref else "the caller"
        lines.append(f"{view.name(t.by)} rang {whose} {view.when(t.at)}: nobody answered")
    for n in referral.no_feedback:
        whose = f" for the caller of {n.for_ref}" if n.for_ref else ""
        lines.append(f"Feedback was not possible{whose}: {n.reason}")
    return lines


def _corrections(referral: Referral, view: View) -> list[str]:
    """What was replaced, by whom, when and why."""
    lines = [
        *changes.answers_before(referral, view),
        *changes.picks_before(referral, view),
    ]
    if before := changes.leads_before(referral, view):
        lines.append(before)
    return ["Corrections:", *lines] if lines else []
