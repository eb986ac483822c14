"""Which buttons a person sees. Order is priority: the first three go on the card, the rest in More.

Seeing a button is not permission: every press is decided again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.feedback_levels import CHECKED_FIRST, level_of
from bot.domain.intake import Intake
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.domain.rules_feedback import survey_refusal, waits_for
from bot.domain.transitions import all_may, may
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
    group: str = "talk"
    """Under which heading it stands in More."""
    first: bool = False
    """On the card whatever else there is to do."""

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
    if referral.state is State.MERGED:
        yield _flag()
        return
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
        if any(c.unconfirmed for c in referral.contributions):
            yield Button(w.B_CONFIRM, "line.confirm")
        yield Button(w.B_NOT_KNOWN, "not_known", takes_words=True)
        yield _add()


def may_talk(referral: Referral) -> bool:
    return referral.live


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
            yield Button(w.B_UNDO, "undo", takes_words=True)
    owed = referral.state in (State.OUTCOME_AGREED, State.HANDED_OVER)
    if owed and not referral.feedback_done and leads:
        yield Button(w.B_FEEDBACK, "feedback.open", dialog=True, style="positive")
    # Before the notes: the caller may still be on the phone.
    if referral.feedback and referral.feedback[-1].by == viewer.id and survey_waits(referral, view):
        yield Button(w.B_SURVEY, "survey.open", dialog=True)
    noted = leads or viewer.role is Role.MASHO
    if owed and not referral.notes_done and noted:
        yield Button(w.B_NOTES, "notes.open", dialog=True)


def survey_waits(referral: Referral, view: View) -> bool:
    """Whether a caller who was told may still be asked the survey's questions."""
    p = view.partnership
    return any(survey_refusal(referral, c, p) is None for c in referral.callers)


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


def _offered(referral: Referral, viewer: Person) -> Iterator[Button]:
    if referral.offer and referral.offer.to == viewer.id:
        yield Button(w.B_ACCEPT_LEAD, "lead.accept", style="positive")


def _to_worker(referral: Referral, viewer: Person) -> Iterator[Button]:
    """A child who has a social worker: the call is theirs, and somebody says who took it."""
    theirs = referral.asked.scope == "open_to_social_worker"
    if theirs and may("referral.handed_over", referral, viewer):
        yield Button(w.B_TO_WORKER, "hand_over.open", dialog=True, style="positive", first=True)


def _held_text(referral: Referral, viewer: Person) -> Iterator[Button]:
    """A text for the caller that waits for this person."""
    if not may("feedback.checked", referral, viewer):
        return
    if any(waits_for(held, referral, viewer) for held in referral.held):
        title = w.B_CHECK_FEEDBACK
        yield Button(title, "check.open", dialog=True, style="positive", first=True, group="end")


def _own_line(referral: Referral, viewer: Person) -> Iterator[Button]:
    """What others logged for this rep's agency: right, or put right, with one tap."""
    if may("contribution.confirmed", referral, viewer) and referral.unconfirmed_of(viewer.agency):
        yield Button(w.B_CONFIRM, "line.confirm")
        yield Button(w.B_CORRECT_LINE, "line.correct", dialog=True)


def _claim(referral: Referral, viewer: Person) -> Iterator[Button]:
    """First of all on an immediate referral: its default lead is minutes away."""
    able = viewer.role in _SENIOR or not referral.is_immediate
    if able and may("lead.claimed", referral, viewer) and not referral.lead:
        yield Button(w.B_CLAIM, "claim", takes_words=True, style="positive")


def _talk(referral: Referral, view: View) -> Iterator[Button]:
    viewer = view.viewer
    assert viewer is not None
    yield from _claim(referral, viewer)
    yield from _own_line(referral, viewer)
    if may("contribution.added", referral, viewer):
        yield from _huddle(referral, view)
        yield _add()
        if viewer.role is not Role.MASHO and viewer.agency not in referral.heard():
            yield Button(w.B_NOT_KNOWN, "not_known", takes_words=True)
        known = referral.identity_told | set(referral.identity_asked)
        if referral.asked.ids_to_follow and viewer.id not in known:
            yield from _who(referral, view)


def _huddle(referral: Referral, view: View) -> Iterator[Button]:
    """On the card of whoever writes for the room; anybody else finds it in More."""
    viewer = view.viewer
    assert viewer is not None
    scribe = viewer.id == referral.lead or viewer.role in _SENIOR
    if scribe and referral.state in (State.BRIEFED, State.IN_DISCUSSION):
        yield Button(w.B_HUDDLE, "huddle.open", dialog=True)


def _who(referral: Referral, view: View) -> Iterator[Button]:
    """One tap to ask who this is, while a Mosaic ID is to follow."""
    if view.viewer is not None and may("identity.asked", referral, view.viewer):
        yield Button(w.B_WHO, "ask_identity")


def _dialog(title: str, verb: str, group: str) -> Button:
    return Button(title, verb, dialog=True, group=group)


_MORE: tuple[tuple[str, Button], ...] = (
    ("immediate.flagged", _flag()),
    ("contribution.added", _dialog(w.B_HUDDLE, "huddle.open", "talk")),
    ("contribution.added", _dialog(w.B_IN_FULL, "contribute.open", "talk")),
    ("identity.asked", Button(w.B_WHO, "ask_identity")),
    ("police.contact_recorded", _dialog(w.B_POLICE, "police.open", "talk")),
    ("disagreement.recorded", _dialog(w.B_DISAGREE, "disagree.open", "talk")),
    ("intake.amended", _dialog(w.B_CARRY_ON, "intake.carry_on", "talk")),
    ("outcome.proposed", _dialog(w.B_PLAN, "outcome.open", "decide")),
    ("plan.saved", _dialog(w.B_PLAN, "outcome.open", "decide")),
    ("strategy.considered", _dialog(w.B_STRATEGY, "strategy.open", "decide")),
    ("strategy.held", _dialog(w.B_HELD, "held.open", "decide")),
    ("lead.assigned", _dialog(w.B_ASSIGN, "assign.open", "decide")),
    ("lead.handover_offered", _dialog(w.B_OFFER_LEAD, "offer.open", "decide")),
    ("outcome.recorded_elsewhere", _dialog(w.B_ELSEWHERE, "elsewhere.open", "end")),
    ("feedback.sent", _dialog(w.B_FEEDBACK, "feedback.open", "end")),
    ("survey.asked", _dialog(w.B_SURVEY, "survey.open", "end")),
    ("feedback.checked", _dialog(w.B_CHECK_FEEDBACK, "check.open", "end")),
    ("casenote.exported", _dialog(w.B_NOTES, "notes.open", "end")),
    ("casenote.opened", _dialog(w.B_NOTES, "notes.open", "end")),
    ("action.done", _dialog(w.B_ACTIONS_DONE, "actions.open", "end")),
    ("referral.handed_over", _dialog(w.B_HAND_OVER, "hand_over.open", "end")),
    ("feedback.not_possible", _dialog(w.B_CANNOT, "cannot.open", "end")),
    ("immediate.stood_down", _dialog(w.B_STAND_DOWN, "stand_down.open", "right")),
    ("outcome.corrected", _dialog(w.B_CORRECT_OUTCOME, "correct.open", "right")),
    ("referral.reopened", _dialog(w.B_REOPEN, "reopen.open", "right")),
    ("referral.merged", _dialog(w.B_MERGE, "merge.open", "right")),
    ("referral.linked", _dialog(w.B_LINK, "link.open", "right")),
    ("referral.withdrawn", _dialog(w.B_WITHDRAW, "withdraw.open", "right")),
    ("history.viewed", _dialog(w.B_HISTORY, "history.open", "right")),
)


def _applies(event_type: str, referral: Referral, view: View) -> bool:
    """Buttons that would have nothing to do are left out."""
    match event_type:
        case "immediate.stood_down":
            return referral.is_immediate
        case "feedback.sent" | "feedback.not_possible":
            return not referral.feedback_done
        case "survey.asked":
            return survey_waits(referral, view)
        case "feedback.checked":
            return _checked_first(referral, view)
        case "casenote.exported":
            return not referral.notes_done
        case "action.done":
            done = {d.action for d in referral.done_actions}
            return referral.plan is not None and not set(referral.plan.actions) <= done
        case "referral.withdrawn":
            return _may_withdraw(referral, view)
        case "outcome.corrected":
            return referral.agreed and referral.handover is None
        case _:
            return True


def _checked_first(referral: Referral, view: View) -> bool:
    """A caller at whose level a social worker looks first; a duty manager may look at any."""
    manager = view.viewer is not None and view.viewer.role is Role.DUTY_MANAGER
    levels = {level_of(c, view.partnership) for c in referral.owed}
    return bool(levels) and (manager or bool(levels & CHECKED_FIRST))


def _may_withdraw(referral: Referral, view: View) -> bool:
    """A MASH officer's own mistake of the last minutes; later it is the duty manager's."""
    assert view.viewer is not None
    assert referral.submitted_at is not None
    minutes = view.partnership.timers.withdraw_minutes
    early = view.now <= referral.submitted_at + dt.timedelta(minutes=minutes)
    return (early or view.viewer.role is Role.DUTY_MANAGER) and not referral.absorbed


def all_for(referral: Referral, view: View) -> list[Button]:
    """Every button this viewer may have, most urgent first, each verb once."""
    viewer = view.viewer
    if viewer is None or viewer.role not in (*DUTY_TEAM, Role.MANAGER, Role.ASSESSMENT_TEAM):
        return list(_base(referral))
    if referral.state is State.MERGED:
        return list(_base(referral)) if viewer.role in DUTY_TEAM else []
    found: list[Button] = [
        *_offered(referral, viewer),
        *_to_worker(referral, viewer),
        *_held_text(referral, viewer),
    ]
    found += _claim(referral, viewer) if referral.is_immediate else []
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
    allowed = all_may(referral, viewer)
    found += [b for event, b in _MORE if event in allowed and _applies(event, referral, view)]
    unique: dict[tuple[str, tuple[tuple[str, str], ...]], Button] = {}
    for button in found:
        unique.setdefault((button.verb, button.extra), button)
    return list(unique.values())


_ON_CARD = frozenset(
    {
        *("claim", "add", "not_known", "flag", "rung", "taken.open", "agree", "undo", "told"),
        *("outcome.open", "feedback.open", "notes.open", "intake.carry_on", "ask_identity"),
        *("lead.accept", "line.confirm", "line.correct", "huddle.open", "survey.open"),
    }
)
"""What a person may have come for; anything else waits in More."""


def shared_out(referral: Referral, view: View) -> tuple[list[Button], list[Button]]:
    """At most three that this person most likely came for, and what waits in More."""
    if view.viewer is None:
        ended = referral.state in (State.MERGED, State.WITHDRAWN)
        more = [] if ended else [Button(w.B_MORE, "more.open", dialog=True)]
        return list(_base(referral))[:MOST_ON_CARD], more
    found = all_for(referral, view)
    on_card: list[Button] = []
    if referral.live or referral.state is State.MERGED:
        on_card = [b for b in found if b.verb in _ON_CARD or b.first][:MOST_ON_CARD]
    shown = {(b.verb, b.extra) for b in on_card}
    return on_card, [b for b in found if (b.verb, b.extra) not in shown]


def next_actions(referral: Referral, view: View) -> list[Button]:
    return shared_out(referral, view)[0]
