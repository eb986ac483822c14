"""The briefing: one live card a referral, redrawn whole from state after every event.

First screen on a phone: urgency, needs, children, district, lead, due time, my next button.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referral import Contribution, Referral
from bot.domain.vocabulary import OUTSIDE, Role, State
from cards import wording as w
from cards.buttons import more_items, next_actions, strategy_owed
from cards.context import View, children_words, data_of, ring_words
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    facts,
    heading,
    open_dialog,
    runs,
    said,
    small,
    text,
    text_input,
)

_READ_ALOUD_WORDS = 100
_BRIEF_MESSAGE = 200


def briefing_card(
    referral: Referral,
    view: View,
    *,
    brief: bool = False,
    top: str = "",
    answers: Mapping[str, str] | None = None,
    may_pass: str = "",
) -> Json:
    """`top` is a sentence for this viewer alone (a refusal, or what just happened).

    `answers` go back into the inputs after a refusal; `may_pass` is the verb of a press held for an
    identifier. `brief` leaves older detail out, for when the whole would be too large.
    """
    detail = [] if brief else _answers(referral, view)
    return card(
        [
            box([runs((top, False))], style="warning") if top else None,
            _immediate(referral, view),
            _head(referral, view),
            _pick(referral, view),
            *_mine(referral, view, answers or {}, may_pass, brief=brief),
            *detail,
            *_heard(referral, view, brief=brief),
            *_decision(referral, view),
            *_ending(referral, view),
            text(view.danger(), weight="Bolder", separator=True),
            said(w.READ_ALOUD + ":", read_aloud(referral, view), spacing="Small"),
        ],
        refresh=_refresh(referral, view),
    )


def everything_card(referral: Referral, view: View) -> Json:
    """All that the briefing holds and has no room for, to read: no buttons, no inputs."""
    return card(
        [
            heading(referral.reference),
            *_answers(referral, view),
            *_heard(referral, view, brief=False),
            *_decision(referral, view),
            text(view.danger(), weight="Bolder", separator=True),
        ]
    )


def _refresh(referral: Referral, view: View) -> Json:
    """Each watcher's client asks for its own buttons; the list is never left out."""
    return {
        "action": execute(w.B_MORE, "view", data_of(referral)),
        "userIds": list(view.watchers[:60]),
    }


def _head(referral: Referral, view: View) -> Json | None:
    intake = referral.asked
    safe_now = "no" if referral.is_immediate else intake.safe_now
    urgency = text(w.URGENCY[safe_now], weight="Bolder", spacing="Small")
    marked = box([urgency], style="attention" if safe_now == "no" else "warning")
    who = view.name(referral.lead) if referral.lead else w.NO_LEAD
    if referral.lead_defaulted:
        who = w.LEAD_DEFAULTED.format(name=who)
    needs = "; ".join(view.need_short(n) for n in intake.needs) or w.URGENCY[""]
    return box(
        [
            heading(f"{referral.reference}: {w.first_lower(w.STATES[referral.state])}"),
            marked if safe_now in ("no", "not_sure") else urgency,
            text(f"**Needs** {needs}", spacing="Small"),
            facts(
                [
                    ("Children", children_words(referral)),
                    ("District", view.district(intake.district)),
                    ("Lead", who),
                    (w.DECIDE_BY, view.when(view.due(referral))),
                ]
            ),
            text(_re_referral(referral), color="Accent", spacing="Small")
            if _re_referral(referral)
            else None,
            text(w.OUTSIDE_COUNTY, weight="Bolder") if intake.district == OUTSIDE else None,
            text(_no_rep(referral, view), spacing="Small") if _no_rep(referral, view) else None,
        ]
    )


def _re_referral(referral: Referral) -> str:
    if referral.earlier_reference:
        return w.RE_REFERRAL_REF.format(ref=referral.earlier_reference)
    flagged = referral.briefing.re_referral if referral.briefing else False
    return w.RE_REFERRAL if flagged or referral.asked.earlier == "yes" else ""


def _no_rep(referral: Referral, view: View) -> str:
    codes = referral.briefing.no_rep_today if referral.briefing else ()
    names = [w.first_lower(view.agency(c)) for c in codes]
    return w.NO_REP_TODAY.format(agencies=w.join(names)) if names else ""


def _mine(
    referral: Referral, view: View, answers: Mapping[str, str], may_pass: str, *, brief: bool
) -> list[Json | None]:
    """The viewer's box and at most three buttons, then More."""
    buttons = next_actions(referral, view)
    more = more_items(referral, view)
    row = [b.json(referral) for b in buttons]
    if may_pass:
        row = [execute(w.B_NOT_IDENTIFIER, may_pass, {**data_of(referral), "pass": True})]
    if brief:
        row.append(open_dialog(w.B_SHOW_ALL, "all.open", data_of(referral)))
    if more:
        row.append(open_dialog(w.B_MORE, "more.open", data_of(referral)))
    inputs: list[Json | None] = []
    if any(b.takes_words for b in buttons):
        inputs.append(
            text_input("words", w.BOX, value=answers.get("words", ""), most=300, lines=True)
        )
    if any(b.verb == "agree" for b in buttons) and strategy_owed(referral, view):
        inputs = [*strategy_inputs(answers), *inputs]
    return [*inputs, actions(*row)]


def strategy_inputs(answers: Mapping[str, str] | None = None) -> list[Json]:
    """The strategy question, in the same card as the button that waits for it."""
    options = [("yes", w.STRATEGY_NEEDED), ("no", w.STRATEGY_NOT_NEEDED)]
    typed = answers or {}
    needed, why = typed.get("strategy_needed", ""), typed.get("strategy_why", "")
    return [
        choice("strategy_needed", w.STRATEGY_QUESTION, options, value=needed, expanded=True),
        text_input("strategy_why", w.STRATEGY_WHY, value=why, most=300),
    ]


def _immediate(referral: Referral, view: View) -> Json | None:
    flag = referral.immediate
    if flag is None or not flag.stands:
        return None
    head = ring_words(referral, view)
    minutes = int((view.now - flag.flagged_at).total_seconds() // 60)
    lines: list[Json | None] = [text(head, weight="Bolder", size="Medium")]
    if flag.acknowledged_at:
        taken = w.sentence(
            w.IMMEDIATE_TAKEN, name=flag.acknowledged_by, time=view.time(flag.acknowledged_at)
        )
        lines.append(runs((taken, True)))
    else:
        flagged = w.sentence(
            w.IMMEDIATE_FLAGGED,
            name=view.name(flag.flagged_by),
            time=view.time(flag.flagged_at),
            minutes=str(minutes),
        )
        rung = w.IMMEDIATE_NOT_RUNG
        if flag.notified_at:
            rung = w.sentence(
                w.IMMEDIATE_RUNG, time=view.time(flag.notified_at), name=view.name(flag.notified_by)
            )
        lines.append(text(f"{flagged} {rung}", spacing="Small"))
    lines.append(said("", flag.note, spacing="Small"))
    return box(lines, style="attention", bleed=True)


def _answers(referral: Referral, view: View) -> list[Json | None]:
    """Seen, reported and thought stay apart."""
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
                ("Caller", _caller(referral, view)),
                ("Call", f"{view.when(i.received_at)}, taken by {view.name(referral.taken_by)}"),
            ]
        ),
        said("Why the family were not told, or do not agree:", i.told_family_reason),
    ]


def _caller(referral: Referral, view: View) -> str:
    group = view.partnership.group.get(referral.asked.referrer_group)
    return group.label if group else ""


def _line(contribution: Contribution, view: View) -> Json:
    c = contribution.said
    agency = view.agency(c.agency)
    if c.on_behalf:
        agency = w.ON_BEHALF.format(agency=agency, name=view.name(contribution.by))
    shared = ""
    if c.sharing and c.sharing.decision != "shared":
        shared = f" ({w.SHARED[c.sharing.decision]}: {c.sharing.reason})"
    parts = [f"{w.KNOWN[c.known]}. ", c.relevant, shared]
    extra = [
        f" Going well: {c.strengths}" if c.strengths else "",
        f" Worry: {c.worries}" if c.worries else "",
        f" Suggests: {c.suggests}" if c.suggests else "",
    ]
    return runs((f"{agency}: ", True), ("".join(parts + extra), False), spacing="Small")


def _shortened(words: str, brief: bool) -> str:
    return words[:_BRIEF_MESSAGE] + "…" if brief and len(words) > _BRIEF_MESSAGE else words


def _heard(referral: Referral, view: View, *, brief: bool) -> list[Json | None]:
    lines: list[Json | None] = [text("**Who has been heard**", separator=True)]
    contributions = referral.contributions[-6:] if brief else referral.contributions
    if not contributions:
        lines.append(small(w.HEARD_NOBODY))
    lines += [_line(c, view) for c in contributions]
    if referral.lead_note:
        lines.append(runs((f"{view.name(referral.lead)}: ", True), (referral.lead_note, False)))
    lines += [
        runs((f"{view.name(m.by)}: ", True), (_shortened(m.text, brief), False), spacing="Small")
        for m in (referral.messages[-3:] if brief else referral.messages)
    ]
    if brief:
        lines.append(small(w.LEFT_OUT))
    waiting = [
        w.first_lower(a.label)
        for a in view.partnership.core_agencies
        if a.code not in referral.heard()
    ]
    if waiting and not referral.agreed:
        lines.append(small(w.NOT_HEARD.format(agencies=w.join(waiting))))
    return lines


def _decision(referral: Referral, view: View) -> list[Json | None]:
    lines: list[Json | None] = []
    if referral.strategy:
        needed = w.STRATEGY_NEEDED if referral.strategy.needed else w.STRATEGY_NOT_NEEDED
        lines.append(
            said(
                "",
                w.sentence(
                    w.STRATEGY_LINE, needed=w.first_lower(needed), reason=referral.strategy.reason
                ),
            )
        )
    if meeting := referral.strategy_meeting:
        attended = [w.first_lower(view.agency(a)) for a in meeting.attended]
        if meeting.also:
            attended.append(meeting.also)
        lines.append(
            said(
                "",
                w.sentence(
                    w.STRATEGY_HELD_LINE,
                    time=view.time(meeting.at),
                    attended=w.join(attended),
                    where=meeting.recorded_on,
                ),
            )
        )
    if referral.plan:
        lines.append(text("**Plan**", spacing="Small"))
        for a in referral.plan.actions:
            owner = view.name(a.owner) if a.owner else a.owner_name
            lines.append(
                runs(
                    (f"{a.action} ", False),
                    (f"({owner}, {view.agency(a.owner_agency)}, {w.short_day(a.due_on)})", False),
                    spacing="Small",
                )
            )
        lines.append(said("The family say:", referral.plan.family_view))
        lines.append(said("Next step for the caller:", referral.plan.next_step))
    return lines


def _pick(referral: Referral, view: View) -> Json | None:
    pick = referral.pick
    if pick is None:
        return None
    logged = w.sentence(
        w.PICKED,
        outcome=view.outcome_short(pick.code),
        name=view.name(pick.by),
        time=view.time(pick.at),
    )
    lines: list[Json | None] = []
    if pick.agreed_at:
        agreed = w.sentence(
            w.AGREED,
            outcome=view.outcome(pick.code),
            name=view.name(pick.agreed_by),
            time=view.when(pick.agreed_at),
        )
        lines += [text(agreed, weight="Bolder"), small(logged)]
        if pick.rule != "second_person" and pick.agreed_by == pick.by:
            lines.append(small(w.AGREED_BY_RULE))
        lines.append(said("", pick.agreed_note))
    else:
        names = w.join([view.name(i) for i in who_may_agree(referral, view)], "or")
        lines.append(text(f"{logged} {w.sentence(w.WAITING_AGREE, names=names)}", weight="Bolder"))
    lines.append(said("Why:", pick.rationale))
    for child, code in pick.per_child:
        lines.append(small(f"{child}: {view.outcome(code)}"))
    if pick.not_heard:
        names = w.join([w.first_lower(view.agency(a)) for a in pick.not_heard])
        lines.append(small(w.NOT_HEARD.format(agencies=names)))
    return box(lines, style="good" if pick.agreed_at else "accent")


def who_may_agree(referral: Referral, view: View) -> tuple[str, ...]:
    """People here today whose agreement this pick waits for."""
    picker = referral.pick.by if referral.pick else ""
    people = view.today.here(view.partnership.with_role(Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER))
    alone = view.partnership.outcome_agreement != "second_person"
    return tuple(p.id for p in people if alone or p.id != picker)


def _ending(referral: Referral, view: View) -> list[Json | None]:
    if referral.handover:
        h = referral.handover
        handed = said(
            "", w.sentence(w.HANDED_OVER, to=w.HANDOVER[h.to], who=h.accepted_by, reason=h.reason)
        )
    else:
        handed = None
    if referral.state not in (State.OUTCOME_AGREED, State.HANDED_OVER, State.CLOSED):
        return [handed]
    if referral.feedback:
        last = referral.feedback[-1]
        feedback = w.sentence(w.FEEDBACK_SENT, time=view.when(last.at), name=view.name(last.by))
    elif referral.feedback_not_possible:
        feedback = w.sentence(w.FEEDBACK_NOT_POSSIBLE, reason=referral.feedback_not_possible)
    elif referral.asked_masho:
        feedback = w.sentence(w.FEEDBACK_ASKED, name=view.name(referral.asked_masho.masho))
    else:
        feedback = w.FEEDBACK_OWED
    notes = w.NOTES_DONE if referral.notes_done else w.NOTES_OWED
    end = w.FINISHED.format(time=view.when(referral.closed_at)) if referral.closed_at else ""
    return [handed, said("", f"{feedback} {notes} {end}".strip(), separator=True)]


def read_aloud(referral: Referral, view: View) -> str:
    """At most 100 words that say the briefing out loud in the room."""
    i = referral.asked
    needs = w.join([w.first_lower(view.need_short(n)) for n in i.needs]) or "not asked yet"
    safety = {
        "yes": "safe right now",
        "no": "not safe right now",
        "not_sure": "not known to be safe",
        "": "safety not asked yet",
    }["no" if referral.is_immediate else i.safe_now]
    opening = (
        f"{referral.reference}. {w.count(len(i.children), 'child', 'children')} in "
        f"{view.district(i.district)}, {safety}. Needs: {needs}. Seen or heard: "
    )
    room = _READ_ALOUD_WORDS - len(opening.split())
    words = i.seen_heard.split()
    told = " ".join(words[:room])
    return opening + (told if len(words) <= room else told.rstrip(",;:") + "…")
