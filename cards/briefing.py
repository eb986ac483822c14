"""The briefing: one live card a referral, redrawn whole from state after every event.

First screen on a phone: urgency, needs, children, district, lead, due time, my next button.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referral import Referral
from bot.domain.vocabulary import OUTSIDE, Role
from cards import briefing_record as record, wording as w
from cards.buttons import shared_out, strategy_owed
from cards.context import View, children_words, data_of, ring_words
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    facts,
    first_that_fits,
    heading,
    open_dialog,
    runs,
    said,
    small,
    text,
    text_input,
)

_READ_ALOUD_WORDS = 100
_MOST_BYTES = 39_000


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
    said_to_me = box([runs((top, False))], style="warning") if top else None
    if referral.withdrawn:
        return _emptied(referral, view, said_to_me)
    if referral.words_gone and not referral.live:
        return erased_card(referral, view, said_to_me)
    detail = [] if brief else record.answers(referral, view)
    return card(
        [
            said_to_me,
            _immediate(referral, view),
            _head(referral, view),
            *_beside(referral, view),
            _pick(referral, view, brief=brief),
            *_mine(referral, view, answers or {}, may_pass, brief=brief),
            *detail,
            *record.heard(referral, view, brief=brief),
            *record.decision(referral, view),
            *record.ending(referral, view),
            text(view.danger(), weight="Bolder", separator=True),
            said(w.READ_ALOUD + ":", read_aloud(referral, view), spacing="Small")
            if referral.live
            else None,
        ],
        refresh=_refresh(referral, view),
    )


def _emptied(referral: Referral, view: View, top: Json | None) -> Json:
    """Withdrawn: what it said is gone from everybody's screen."""
    assert referral.withdrawn is not None
    gone = referral.withdrawn
    words = w.sentence(w.WITHDRAWN, name=view.name(gone.by), time=view.when(gone.at))
    return card(
        [
            top,
            heading(f"{referral.reference}: {w.first_lower(w.STATES[referral.state])}"),
            text(words),
            text(view.danger(), weight="Bolder", separator=True),
        ],
        refresh=_refresh(referral, view),
    )


def erased_card(referral: Referral, view: View, top: Json | None = None) -> Json:
    """Kept for as long as the partnership keeps it: what people wrote is gone from the card too."""
    assert referral.words_erased_at is not None
    day = view.local(referral.words_erased_at).date()
    days = view.partnership.words_days_after_closing
    return card(
        [
            top,
            heading(f"{referral.reference}: {w.first_lower(w.STATES[referral.state])}"),
            text(w.ERASED.format(day=w.whole_day(day), days=days)),
            text(view.danger(), weight="Bolder", separator=True),
        ],
        refresh=_refresh(referral, view),
    )


def _beside(referral: Referral, view: View) -> list[Json | None]:
    """Other referrals of the same children, and a lead that is on offer."""
    lines: list[Json | None] = []
    if referral.merged_into:
        into = referral.merged_into
        words = w.sentence(
            w.MERGED_INTO, ref=into.reference, name=view.name(into.by), time=view.when(into.at)
        )
        lines.append(box([text(words, weight="Bolder")], style="accent"))
    lines += [small(w.ABSORBED.format(ref=o.reference)) for o in referral.absorbed]
    linked = set(referral.linked)
    if linked:
        lines.append(small(w.LINKED.format(refs=w.join(sorted(linked)))))
    taken_in = linked | {o.reference for o in referral.absorbed}
    if referral.live:
        lines += [
            small(w.MATCHED.format(ref=o.reference), color="Accent")
            for o in referral.matches
            if o.reference not in taken_in
        ]
    if offer := referral.offer:
        words = w.sentence(
            w.OFFERED,
            name=view.name(offer.to),
            by=view.name(offer.by),
            reason=offer.reason,
            lead=view.name(referral.lead),
        )
        lines.append(runs((words, False)))
    return lines


def everything_card(referral: Referral, view: View) -> Json:
    """All that the briefing holds and has no room for, to read: no buttons, no inputs."""
    if referral.withdrawn:
        return _emptied(referral, view, None)

    def draw(left_out: int) -> Json:
        return card(
            [
                heading(referral.reference),
                *record.answers(referral, view),
                *record.heard(referral, view, left_out=left_out),
                *record.decision(referral, view),
                *record.before(referral, view),
                text(view.danger(), weight="Bolder", separator=True),
            ]
        )

    return first_that_fits(draw, record.lines_heard(referral), _MOST_BYTES)


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
    live = referral.live
    nobody = w.NO_LEAD if live else ""
    who = view.name(referral.lead) if referral.lead else nobody
    if referral.lead_defaulted:
        who = w.LEAD_DEFAULTED.format(name=who)
    needs = "; ".join(view.need_short(n) for n in intake.needs) or w.NOT_ASKED_YET
    return box(
        [
            heading(f"{referral.reference}: {w.first_lower(w.STATES[referral.state])}"),
            (marked if safe_now in ("no", "not_sure") else urgency) if live else None,
            text(f"**Needs** {needs}", spacing="Small"),
            facts(
                [
                    ("Children", children_words(referral)),
                    ("District", view.district(intake.district)),
                    ("Lead", who),
                    (w.DECIDE_BY, view.when(view.due(referral)) if live else ""),
                ]
            ),
            text(_re_referral(referral), color="Accent", spacing="Small")
            if _re_referral(referral)
            else None,
            text(w.OUTSIDE_COUNTY, weight="Bolder") if intake.district == OUTSIDE else None,
            text(w.HAS_A_WORKER, weight="Bolder")
            if intake.scope == "open_to_social_worker" and not referral.handover
            else None,
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
    buttons, more = shared_out(referral, view)
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


def _pick(referral: Referral, view: View, *, brief: bool) -> Json | None:
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
    lines += record.before(referral, view, brief=brief)
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
