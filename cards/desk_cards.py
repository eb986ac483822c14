"""Cards for one person or one team: Assessment Team, who is this, ring back, roll, closing list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.contact import is_safe
from bot.domain.referral import Referral
from bot.domain.vocabulary import DUTY_TEAM
from cards import wording as w
from cards.context import View, children_words, data_of
from cards.kit import (
    Json,
    actions,
    box,
    card,
    choice,
    execute,
    facts,
    heading,
    link,
    open_dialog,
    paragraphs,
    problem,
    runs,
    said,
    small,
    submit,
    text,
    text_input,
)
from cards.unsent import Unsent, unsent_rows

_MOST_ROWS = 20


def assessment_card(referral: Referral, view: View) -> Json:
    """Four lines to the Assessment Team, and one tap to take it."""
    team = view.partnership.assessment_team_for(referral.asked.district)
    name = team.name if team else w.SOMEONE
    flag = referral.immediate
    body: list[Json | None] = [
        heading(w.ASSESSMENT_HEAD.format(ref=referral.reference, team=name), color="Attention"),
        facts(
            [
                ("Children", children_words(referral)),
                ("District", view.district(referral.asked.district)),
                ("Where now", w.LOCATIONS.get(referral.asked.child_location, "")),
            ]
        ),
        said("Seen or heard:", referral.asked.seen_heard),
        said("", flag.note if flag else ""),
    ]
    if flag and flag.stood_down_at:
        body.append(small(w.STOOD_DOWN.format(time=view.when(flag.stood_down_at))))
    elif flag and flag.acknowledged_at:
        taken = w.sentence(
            w.IMMEDIATE_TAKEN, name=flag.acknowledged_by, time=view.time(flag.acknowledged_at)
        )
        body.append(runs((taken, True)))
    else:
        body += [
            text_input("note", w.NOTE_OPTIONAL, most=150),
            actions(execute(w.B_TAKE_IT, "take_it", data_of(referral), style="positive")),
        ]
    return card(body, wide=False)


def identity_card(
    referral: Referral, view: View, asker: str, masho: tuple[str, str] | None
) -> Json:
    """In the thread: asks the MASHO, as (name, Teams id), to tell the asker outside the bot."""
    person = view.partnership.person(asker)
    name = person.name if person else asker
    if asker in referral.identity_told:
        done = w.sentence(w.ASKED_WHO_DONE, asker=name, ref=referral.reference)
        return card([small(done)], wide=False)
    at = f"<at>{masho[0]}</at>: " if masho else f"{view.name(referral.taken_by)}: "
    ask = w.sentence(w.ASK_WHO, asker=name, ref=referral.reference)
    first = person.first_name if person else asker
    told = execute(
        w.B_TOLD.format(name=first), "told", {**data_of(referral), "person": asker}, inputs=False
    )
    return card([text(at + ask), actions(told)], mentions=[masho] if masho else (), wide=False)


def ring_back_card(referral: Referral, view: View, for_ref: str = "") -> Json:
    """In the MASHO's chat: the text, and the Sent button behind one dialog. `for_ref` names the
    caller, as events do.
    """
    asked, caller = referral.asked_for(for_ref), referral.caller_of(for_ref)
    if caller and asked and not is_safe(caller.intake, "phone"):
        stop = w.sentence(w.RING_BACK_STOP, ref=referral.reference)
        return card([problem(stop)], wide=False)
    if caller is None or asked is None:
        return card([text(w.sentence(w.RING_BACK_DONE, ref=referral.reference))], wide=False)
    lead = view.name(referral.lead)
    return card(
        [
            heading(w.sentence(w.RING_BACK, lead=lead, ref=referral.reference)),
            *paragraphs(asked.text),
            actions(
                open_dialog(
                    w.B_FEEDBACK,
                    "feedback.open",
                    {**data_of(referral), "for": caller.reference},
                )
            ),
        ],
        wide=False,
    )


def roll_card(view: View, *, top: str = "") -> Json:
    """The roll as it stands. `top`: why what was pressed on another drawing of it was not saved."""
    drawn: Json = {"v": view.today.rolls, "day": view.day().isoformat()}
    people = [p for p in view.partnership.everyone if p.role in DUTY_TEAM]
    return card(
        [
            problem(top),
            heading(w.ROLL_TITLE.format(day=w.day_words(view.day()))),
            choice(
                "absent",
                w.ROLL_HEAD,
                [(p.id, f"{p.name}, {view.agency(p.agency)}") for p in people],
                value=",".join(sorted(view.today.absent)),
                many=True,
                expanded=True,
            ),
            actions(execute(w.B_CALL_ROLL, "roll.save", drawn, style="positive")),
        ],
        wide=False,
    )


Rows = Sequence[tuple[Referral, str]]
"""(referral, link to its thread)."""


def closing_card(
    rows: Rows, notes: Rows, view: View, unsent: Unsent | None = None, unread: int = 0
) -> Json:
    """Shortly before closing: what has no agreed outcome, each with Hand over and its link; then
    what has case notes to confirm. `unread`: how many more could not be read.
    """
    unread_row = problem(w.LIST_UNREAD.format(n=unread)) if unread else None
    if not rows and not notes:
        return card([unread_row or text(w.CLOSING_NONE), *unsent_rows(unsent)], wide=False)
    closes = view.partnership.calendar.closes_at(view.now)
    time = view.time(closes) if closes else ""
    head = w.CLOSING_HEAD if rows else w.CLOSING_NOTES_ONLY
    count = w.count(len(rows or notes), "referral")
    body: list[Json | None] = [heading(head.format(n=count, time=time)), unread_row]
    body += unsent_rows(unsent)
    for referral, url in rows[:_MOST_ROWS]:
        body.append(
            box(
                [
                    text(f"**{referral.reference}** {w.first_lower(w.STATES[referral.state])}"),
                    actions(
                        open_dialog(w.B_HAND_OVER, "hand_over.open", data_of(referral)),
                        link(w.B_OPEN_THREAD, url) if url else None,
                    ),
                ],
                separator=True,
            )
        )
    if len(rows) > _MOST_ROWS:
        body.append(small(w.LIST_MORE.format(n=len(rows) - _MOST_ROWS)))
    return card([*body, *_notes_to_confirm(notes, headed=bool(rows))], wide=False)


def _notes_to_confirm(rows: Rows, *, headed: bool) -> list[Json | None]:
    body: list[Json | None] = []
    if rows and headed:
        title = w.CLOSING_NOTES.format(n=len(rows))
        body.append(text(title, weight="Bolder", separator=True))
    for referral, url in rows[:_MOST_ROWS]:
        body.append(
            box(
                [
                    text(f"**{referral.reference}**"),
                    actions(
                        open_dialog(w.B_NOTES, "notes.open", data_of(referral)),
                        link(w.B_OPEN_THREAD, url) if url else None,
                    ),
                ],
                separator=True,
            )
        )
    if len(rows) > _MOST_ROWS:
        body.append(small(w.LIST_MORE.format(n=len(rows) - _MOST_ROWS)))
    return body


def sentence_card(words: str) -> Json:
    """One sentence, where a card must be returned. May hold people's words."""
    return card([runs((words, False))], wide=False)


def refused_dialog(words: str) -> Json:
    return card([runs((words, False)), actions(submit(w.B_CLOSE, "close", {}))], wide=False)


def not_safe_card(words: str, case_id: str) -> Json:
    """A sentence, and the button for a child who is not safe: of this referral, or of none yet."""
    title, verb = (w.B_FLAG, "flag") if case_id else (w.B_NOT_SAFE_DOOR, "intake.open_immediate")
    button = open_dialog(title, verb, {"case": case_id}, style="destructive")
    return card([runs((words, False)), actions(button)], wide=False)


_MOST_TYPED = 4000
_BEFORE_A_REFERRAL = frozenset({"intake.open", "intake.brief"})


def try_again_dialog(words: str, verb: str, typed: Mapping[str, str], *, may_flag: bool) -> Json:
    """A press that could not be taken just now: Try again sends all of it once more, what was
    typed as inputs that are not seen. `may_flag`: a child who is not safe has a way on from here.
    """
    about: Json = {k: typed[k] for k in ("case", "v") if typed.get(k)}
    kept = [
        {**text_input(k, k, value=v, most=_MOST_TYPED, lines=True), "isVisible": False}
        for k, v in typed.items()
        if v and k not in about
    ]
    way_on = None
    if may_flag and verb in _BEFORE_A_REFERRAL:
        way_on = submit(w.B_NOT_SAFE_DOOR, "intake.open_immediate", about, style="destructive")
    elif may_flag and about:
        way_on = submit(w.B_FLAG, "flag", about, style="destructive", inputs=False)
    return card(
        [
            runs((words, False)),
            *kept,
            actions(
                submit(w.B_TRY_AGAIN, verb, about),
                way_on,
                submit(w.B_CLOSE, "close", {}, inputs=False),
            ),
        ],
        wide=False,
    )
