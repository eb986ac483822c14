"""The record part of the briefing: what the caller said, who was heard, the plan, the ending."""

from __future__ import annotations

from bot.domain.contact import is_safe
from bot.domain.referral import Caller, Contribution, Message, PoliceContact, Referral
from bot.domain.vocabulary import State
from cards import changes, wording as w
from cards.context import View
from cards.feedback_waiting import email_on_card, tried_line
from cards.kit import Json, actions, clean, facts, link, runs, said, small, text

_BRIEF_MESSAGE = 200


def answers(referral: Referral, view: View) -> list[Json | None]:
    """Seen, reported and thought stay apart. Each changed answer shows what it replaced."""
    i = referral.asked
    return [
        said("Seen or heard:", i.seen_heard, separator=True),
        said("Told by others:", i.reported),
        said("The caller thinks:", i.view),
        said("The child wants:", i.child_view),
        said("Going well:", i.going_well),
        said("Help so far:", i.help_so_far),
        said("The caller would like:", i.wants),
        said("Help to talk to us:", i.access),
        said("", w.SAFE_TIMES.format(times=i.safe_contact_times)) if i.safe_contact_times else None,
        facts(
            [
                ("Where now", w.LOCATIONS.get(i.child_location, "")),
                ("Family know", w.TOLD_FAMILY[i.told_family]),
                ("Caller", _group(i.referrer_group, view)),
                ("Call", f"{view.when(i.received_at)}, taken by {view.name(referral.taken_by)}"),
            ]
        ),
        said("Why the family were not told, or do not agree:", i.told_family_reason),
        *[line for c in referral.merged_callers for line in _merged_call(c, view)],
        *[_quiet(line) for line in changes.answers_before(referral, view)],
    ]


def _quiet(words: str) -> Json:
    """A small line that may hold people's words."""
    return {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": clean(words), "size": "Small", "isSubtle": True}],
        "spacing": "Small",
    }


def _group(code: str, view: View) -> str:
    group = view.partnership.group.find(code)
    return group.label if group else ""


def _merged_call(caller: Caller, view: View) -> list[Json | None]:
    """What the second caller said, under their own call: seen, told and thought stay apart."""
    i = caller.intake
    head = w.sentence(
        w.ABSORBED_CALL,
        ref=caller.reference,
        time=view.when(i.received_at),
        name=view.name(caller.taken_by),
    )
    needs = "; ".join(view.need_short(n) for n in i.needs)
    return [
        runs((f"{head} ", True), (f"{_group(i.referrer_group, view)}. {needs}", False)),
        said("Seen or heard:", i.seen_heard),
        said("Told by others:", i.reported),
        said("The caller thinks:", i.view),
    ]


def line_head(c: Contribution, view: View) -> str:
    """Whose line it is, who logged it for them, and whether they have confirmed it."""
    agency = view.agency(c.said.agency)
    values = {"agency": agency, "name": view.name(c.by), "agency_lower": w.first_lower(agency)}
    if not c.said.on_behalf:
        return agency
    if c.said.known == "no_rep_today":
        return w.ON_BEHALF_ABSENT.format(**values)
    if c.confirmed_at:
        by, time = view.name(c.confirmed_by), view.when(c.confirmed_at)
        return w.ON_BEHALF_CONFIRMED.format(by=by, time=time, **values)
    if c.corrected_at:
        by, time = view.name(c.corrected_by), view.when(c.corrected_at)
        return w.ON_BEHALF_CORRECTED.format(by=by, time=time, **values)
    return w.ON_BEHALF.format(**values)


def _line(contribution: Contribution, view: View) -> Json:
    c = contribution.said
    shared = ""
    if c.sharing and c.sharing.decision != "shared":
        shared = f" ({w.SHARED[c.sharing.decision]}: {c.sharing.reason})"
    parts = [f"{w.KNOWN[c.known]}. ", c.relevant, shared]
    extra = [
        f" Going well: {c.strengths}" if c.strengths else "",
        f" Worry: {c.worries}" if c.worries else "",
        f" Suggests: {c.suggests}" if c.suggests else "",
    ]
    return runs(
        (f"{line_head(contribution, view)}: ", True),
        ("".join(parts + extra), False),
        spacing="Small",
    )


def author(message: Message, view: View) -> str:
    return message.author_name or view.name(message.by)


def marks(message: Message, view: View) -> str:
    """How a message came onto the record, and whether it has changed since."""
    found = []
    if message.filed_as and message.filed_by:
        kind = w.first_lower(w.FILED_AS[message.filed_as])
        found.append(w.FILED.format(kind=kind, name=view.name(message.filed_by)))
    if message.revised_at:
        found.append(w.REVISED.format(time=view.when(message.revised_at)))
    return f" ({'; '.join(found)})" if found else ""


def _message(message: Message, view: View, *, brief: bool) -> Json:
    """A deleted message leaves a mark and no words."""
    if message.removed_at:
        gone = w.REMOVED.format(time=view.when(message.removed_at))
        return runs((f"{author(message, view)}: ", True), (gone, False), spacing="Small")
    words = message.text
    if brief and len(words) > _BRIEF_MESSAGE:
        words = words[:_BRIEF_MESSAGE] + "…"
    return runs(
        (f"{author(message, view)}: ", True),
        (words, False),
        (marks(message, view), False),
        spacing="Small",
    )


def lines_heard(referral: Referral) -> int:
    return len(referral.messages) + len(referral.contributions)


def heard(
    referral: Referral, view: View, *, brief: bool = False, left_out: int = 0
) -> list[Json | None]:
    """`left_out` oldest lines give way: messages before what agencies said."""
    lines: list[Json | None] = [text("**Who has been heard**", separator=True)]
    past_messages = max(left_out - len(referral.messages), 0)
    contributions = referral.contributions[-6:] if brief else referral.contributions[past_messages:]
    if not referral.contributions and not referral.messages:
        lines.append(small(w.HEARD_NOBODY))
    lines += [_line(c, view) for c in contributions]
    if referral.lead_note and referral.leads:
        said_by = view.name(referral.leads[-1].by)
        lines.append(runs((f"{said_by}: ", True), (referral.lead_note, False)))
    messages = referral.messages[-3:] if brief else referral.messages[left_out:]
    lines += [_message(m, view, brief=brief) for m in messages]
    lines += _disagreements(referral, view, brief=brief)
    lines += [_police(c, view) for c in referral.police]
    if brief:
        lines.append(small(w.LEFT_OUT))
    elif left_out:
        lines.append(small(w.HISTORY_LEFT.format(n=left_out)))
    lines += _waiting(referral, view)
    if before_lead := changes.leads_before(referral, view):
        lines.append(small(before_lead))
    return lines


def _police(c: PoliceContact, view: View) -> Json:
    name = c.rang_by_name or view.name(c.rang_by)
    words = w.sentence(w.POLICE_RUNG, name=name, time=view.when(c.rang_at))
    return runs((words, False), spacing="Small")


def _disagreements(referral: Referral, view: View, *, brief: bool) -> list[Json | None]:
    lines: list[Json | None] = []
    for d in referral.disagreements[-2:] if brief else referral.disagreements:
        person = view.partnership.person(d.by)
        agency = w.first_lower(view.agency(person.agency)) if person else ""
        head = w.sentence(w.DISAGREED, name=view.name(d.by), agency=agency)
        lines.append(said(head, d.text))
    if referral.disagreements and view.partnership.disagreement_url:
        url = view.partnership.disagreement_url
        lines.append(actions(link(w.DISAGREE_POLICY, url)))
    return lines


def _waiting(referral: Referral, view: View) -> list[Json | None]:
    if not referral.live:
        return []
    lines: list[Json | None] = []
    codes = [a for a in view.partnership.core_agencies if a.code not in referral.heard()]
    if codes and not referral.agreed:
        names = w.join([w.first_lower(a.label) for a in codes])
        lines.append(small(w.NOT_HEARD.format(agencies=names)))
    lines.append(small(w.WAYS_IN_ALL if view.partnership.record_thread else w.WAYS_IN))
    return lines


def decision(referral: Referral, view: View) -> list[Json | None]:
    lines: list[Json | None] = []
    if s := referral.strategy:
        needed = w.first_lower(w.STRATEGY_NEEDED if s.needed else w.STRATEGY_NOT_NEEDED)
        lines.append(said("", w.sentence(w.STRATEGY_LINE, needed=needed, reason=s.reason)))
    if meeting := referral.strategy_meeting:
        attended = [w.first_lower(view.agency(a)) for a in meeting.attended]
        if meeting.also:
            attended.append(meeting.also)
        held = w.sentence(
            w.STRATEGY_HELD_LINE,
            time=view.time(meeting.at),
            attended=w.join(attended),
            where=meeting.recorded_on,
        )
        lines.append(said("", held))
    return [*lines, *_plan(referral, view)]


def _plan(referral: Referral, view: View) -> list[Json | None]:
    if referral.plan is None:
        return []
    done = {d.action: d for d in referral.done_actions}
    lines: list[Json | None] = [text("**Plan**", spacing="Small")]
    for a in referral.plan.actions:
        owner = view.name(a.owner) if a.owner else a.owner_name
        ended = ""
        if a in done:
            d = done[a]
            ended = " " + w.sentence(w.DONE_LINE, name=view.name(d.by), time=view.when(d.at))
        lines.append(
            runs(
                (f"{a.action} ", False),
                (f"({owner}, {view.agency(a.owner_agency)}, {w.short_day(a.due_on)})", False),
                (ended, True),
                spacing="Small",
            )
        )
    lines.append(said("The family say:", referral.plan.family_view))
    lines.append(said("Next step for the caller:", referral.plan.next_step))
    return lines


def before(referral: Referral, view: View, *, brief: bool = False) -> list[Json | None]:
    """Earlier outcomes of this referral, and why each gave way."""
    lines = changes.picks_before(referral, view)
    return [_quiet(line) for line in (lines[-1:] if brief else lines)]


def ending(referral: Referral, view: View) -> list[Json | None]:
    lines: list[Json | None] = []
    if h := referral.handover:
        words = w.sentence(w.HANDED_OVER, to=w.HANDOVER[h.to], who=h.accepted_by, reason=h.reason)
        lines.append(said("", words))
    if e := referral.elsewhere:
        words = w.sentence(
            w.ELSEWHERE,
            outcome=view.outcome_short(e.code),
            name=view.name(e.by),
            time=view.when(e.at),
        )
        lines.append(said("", words))
    if referral.pick is None:
        lines += before(referral, view)
    if referral.state not in (State.OUTCOME_AGREED, State.HANDED_OVER, State.CLOSED):
        return lines
    notes = w.NOTES_DONE if referral.notes_done else w.NOTES_OWED
    end = w.FINISHED.format(time=view.when(referral.closed_at)) if referral.closed_at else ""
    feedback = " ".join(feedback_lines(referral, view))
    return [*lines, said("", f"{feedback} {notes} {end}".strip(), separator=True)]


def _owed_line(referral: Referral, caller: Caller, view: View) -> str:
    """Why a caller has not heard yet: an email in question, a text that waits, nobody answered."""
    if email := email_on_card(referral, caller, view):
        return email
    if held := referral.held_for(caller.for_ref):
        return w.FEEDBACK_HELD[held.needs[0]]
    return tried_line(referral, caller, view)


def feedback_lines(referral: Referral, view: View) -> list[str]:
    """Whether each caller has heard back. The reference is named where there is more than one."""
    several = len(referral.callers) > 1
    told = {f.for_ref: f for f in referral.feedback[referral.feedback_counts_from :]}
    cannot = {n.for_ref: n for n in referral.no_feedback}
    out = []
    for caller in referral.callers:
        key = caller.for_ref
        if f := told.get(key):
            line = w.sentence(w.FEEDBACK_SENT, time=view.when(f.at), name=view.name(f.by))
        elif n := cannot.get(key):
            line = w.sentence(w.FEEDBACK_NOT_POSSIBLE, reason=n.reason)
        elif (asked := referral.asked_for(key)) and is_safe(caller.intake, "phone"):
            line = w.sentence(w.FEEDBACK_ASKED, name=view.name(asked.masho))
        else:
            line = w.FEEDBACK_OWED
            if more := _owed_line(referral, caller, view):
                line = f"{line} {more}"
        out.append(f"{caller.reference}: {line}" if several else line)
    return out
