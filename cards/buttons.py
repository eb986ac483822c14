"""Which buttons a person sees. Order is priority: the first three go on the card, the rest in More.

Seeing a button is not permission: every press is decided again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.intake import Intake
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.transitions import may
from bot.domain.vocabulary import DUTY_TEAM, Role, State
from cards import wording as w
from cards.context import View, data_of
from cards.kit import Json, execute, open_dialog

MOST_ON_CARD = 3
_SENIOR = (Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER)


@dataclass(frozen=True, slots=True)
class Button:
    title: str
    verb: str
    dialog: bool = False
    takes_words: bool = False
    style: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def json(self, referral: Referral) -> Json:
        data = {**data_of(referral), **dict(self.extra)}
        if self.dialog:
            return open_dialog(self.title, self.verb, data, style=self.style)
        return execute(self.title, self.verb, data, style=self.style, inputs=self.takes_words)


def rest_is_in(intake: Intake) -> bool:
    return bool(intake.told_family and intake.contact_method and intake.safe_contact)


def _add() -> Button:
    return Button(w.B_ADD, "add", takes_words=True)


def _flag() -> Button:
    return Button(w.B_FLAG, "flag", takes_words=True, style="destructive")


def _base(referral: Referral) -> Iterator[Button]:
    """The card everyone shares: the next step as this state has it, checked on press.

    After an edit people see this until their client asks for their own view, so it must serve.
    """
    if referral.state is State.BRIEFED:
        yield Button(w.B_CLAIM, "claim", takes_words=True, style="positive")
    if referral.state is State.IN_DISCUSSION:
        yield Button(w.B_PLAN, "outcome.open", dialog=True, style="positive")
    if referral.state is State.OUTCOME_PROPOSED:
        yield Button(w.B_AGREE, "agree", takes_words=True, style="positive")
    if referral.state in (State.OUTCOME_AGREED, State.HANDED_OVER):
        if not referral.feedback_done:
            yield Button(w.B_FEEDBACK, "feedback.open", dialog=True, style="positive")
        if not referral.notes_done:
            yield Button(w.B_NOTES, "notes.open", dialog=True)
    yield from list(_immediate(referral))[:1]
    if may_talk(referral):
        yield Button(w.B_NOT_KNOWN, "not_known", takes_words=True)
        yield _add()


def may_talk(referral: Referral) -> bool:
    return referral.state not in (State.DRAFT, State.CLOSED)


def _immediate(referral: Referral) -> Iterator[Button]:
    flag = referral.immediate
    if flag is None or not flag.stands or flag.acknowledged_at:
        return
    if flag.notified_at is None:
        yield Button(w.B_RUNG, "rung", style="destructive")
    yield Button(w.B_TAKEN, "taken.open", dialog=True)


def _masho(referral: Referral, view: View) -> Iterator[Button]:
    for asker in referral.identity_asked:
        person = view.partnership.person(asker)
        if person:
            title = w.B_TOLD.format(name=person.first_name)
            yield Button(title, "told", extra=(("person", asker),))
    if referral.asked_masho:
        yield Button(w.B_FEEDBACK, "feedback.open", dialog=True, style="positive")
    if may_talk(referral) and not rest_is_in(referral.asked):
        yield Button(w.B_CARRY_ON, "intake.carry_on", dialog=True)


def _lead_work(referral: Referral, view: View) -> Iterator[Button]:
    viewer = view.viewer
    assert viewer is not None
    leads = referral.lead == viewer.id
    if leads and referral.state is State.IN_DISCUSSION:
        yield Button(w.B_PLAN, "outcome.open", dialog=True, style="positive")
    if referral.state is State.OUTCOME_PROPOSED and referral.pick:
        until = referral.pick.at + dt.timedelta(minutes=view.partnership.timers.undo_minutes)
        if may("outcome.endorsed", referral, viewer) and _may_agree(referral, view):
            yield Button(w.B_AGREE, "agree", takes_words=True, style="positive")
        if referral.pick.by == viewer.id and view.now <= until:
            yield Button(w.B_UNDO, "undo")
    owed = referral.state in (State.OUTCOME_AGREED, State.HANDED_OVER)
    if owed and not referral.feedback_done and leads:
        yield Button(w.B_FEEDBACK, "feedback.open", dialog=True, style="positive")
    noted = leads or viewer.role is Role.MASHO
    if owed and not referral.notes_done and noted:
        yield Button(w.B_NOTES, "notes.open", dialog=True)


def _may_agree(referral: Referral, view: View) -> bool:
    assert referral.pick is not None
    assert view.viewer is not None
    alone = view.partnership.outcome_agreement != "second_person"
    return alone or referral.pick.by != view.viewer.id


def strategy_owed(referral: Referral, view: View) -> bool:
    assert referral.pick is not None
    codes = {referral.pick.code, *(c for _, c in referral.pick.per_child)}
    needs = any(view.partnership.outcome[c].needs_strategy_note for c in codes)
    return needs and referral.strategy is None


def _claim(referral: Referral, viewer: Person) -> Iterator[Button]:
    """First of all on an immediate referral: its default lead is minutes away."""
    able = viewer.role in _SENIOR or not referral.is_immediate
    if able and may("lead.claimed", referral, viewer) and not referral.lead:
        yield Button(w.B_CLAIM, "claim", takes_words=True, style="positive")


def _talk(referral: Referral, view: View) -> Iterator[Button]:
    viewer = view.viewer
    assert viewer is not None
    yield from _claim(referral, viewer)
    if may("contribution.added", referral, viewer):
        yield _add()
        if viewer.role is not Role.MASHO and viewer.agency not in referral.heard():
            yield Button(w.B_NOT_KNOWN, "not_known", takes_words=True)
        known = referral.identity_told | set(referral.identity_asked)
        if referral.asked.ids_to_follow and viewer.id not in known:
            yield from _who(referral, view)


def _who(referral: Referral, view: View) -> Iterator[Button]:
    """One tap to ask who this is, while a Mosaic ID is to follow."""
    if view.viewer is not None and may("identity.asked", referral, view.viewer):
        yield Button(w.B_WHO, "ask_identity")


_MORE: tuple[tuple[str, Callable[[], Button]], ...] = (
    ("immediate.flagged", lambda: _flag()),
    ("contribution.added", lambda: Button(w.B_IN_FULL, "contribute.open", dialog=True)),
    ("identity.asked", lambda: Button(w.B_WHO, "ask_identity")),
    ("outcome.proposed", lambda: Button(w.B_PLAN, "outcome.open", dialog=True)),
    ("plan.saved", lambda: Button(w.B_PLAN, "outcome.open", dialog=True)),
    ("strategy.considered", lambda: Button(w.B_STRATEGY, "strategy.open", dialog=True)),
    ("strategy.held", lambda: Button(w.B_HELD, "held.open", dialog=True)),
    ("feedback.sent", lambda: Button(w.B_FEEDBACK, "feedback.open", dialog=True)),
    ("casenote.exported", lambda: Button(w.B_NOTES, "notes.open", dialog=True)),
    ("intake.amended", lambda: Button(w.B_CARRY_ON, "intake.carry_on", dialog=True)),
    ("lead.assigned", lambda: Button(w.B_ASSIGN, "assign.open", dialog=True)),
    ("referral.handed_over", lambda: Button(w.B_HAND_OVER, "hand_over.open", dialog=True)),
    ("immediate.stood_down", lambda: Button(w.B_STAND_DOWN, "stand_down.open", dialog=True)),
    ("feedback.not_possible", lambda: Button(w.B_CANNOT, "cannot.open", dialog=True)),
)


def _applies(event_type: str, referral: Referral) -> bool:
    """Buttons that would have nothing to do are left out."""
    match event_type:
        case "immediate.flagged":
            return not referral.is_immediate
        case "immediate.stood_down":
            return referral.is_immediate
        case "feedback.sent" | "feedback.not_possible":
            return not referral.feedback_done
        case "casenote.exported":
            return not referral.notes_done
        case _:
            return True


def all_for(referral: Referral, view: View) -> list[Button]:
    """Every button this viewer may have, most urgent first, each verb once."""
    viewer = view.viewer
    if viewer is None or viewer.role not in (*DUTY_TEAM, Role.MANAGER, Role.ASSESSMENT_TEAM):
        return list(_base(referral))
    found: list[Button] = list(_claim(referral, viewer)) if referral.is_immediate else []
    rep = viewer.role is Role.REP
    if viewer.role in DUTY_TEAM:
        found += [] if rep else _immediate(referral)
        urgent = referral.asked.urgent and referral.immediate is None
        if urgent and viewer.role is not Role.REP and may("immediate.flagged", referral, viewer):
            found.append(_flag())
    if viewer.role in (Role.MASHO, Role.DUTY_MANAGER):
        found += _masho(referral, view)
    found += _lead_work(referral, view)
    found += _talk(referral, view)
    found += _immediate(referral) if rep else []
    found += [
        make()
        for event, make in _MORE
        if may(event, referral, viewer) and _applies(event, referral)
    ]
    unique: dict[tuple[str, tuple[tuple[str, str], ...]], Button] = {}
    for button in found:
        unique.setdefault((button.verb, button.extra), button)
    return list(unique.values())


def _fits_card(button: Button) -> bool:
    return button.verb not in {"contribute.open", "strategy.open", "held.open", "assign.open"}


def next_actions(referral: Referral, view: View) -> list[Button]:
    """At most three, the ones this person most likely came for."""
    if view.viewer is None:
        return list(_base(referral))[:MOST_ON_CARD]
    return [b for b in all_for(referral, view) if _fits_card(b)][:MOST_ON_CARD]


def more_items(referral: Referral, view: View) -> list[Button]:
    if view.viewer is None:
        return [Button(w.B_MORE, "more.open", dialog=True)] if referral.live else []
    on_card = {(b.verb, b.extra) for b in next_actions(referral, view)}
    return [b for b in all_for(referral, view) if (b.verb, b.extra) not in on_card]
