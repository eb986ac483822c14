"""Rules of keeping the record and letting it go: legal hold, and when people's words are due."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Scene, check, refused
from bot.domain.figures import figures_of
from bot.domain.partnership import Partnership
from bot.domain.referral import Referral
from bot.domain.vocabulary import State


def place_hold(referral: Referral, command: cmd.PlaceHold, scene: Scene) -> Decided:
    if no := check("hold.placed", referral, scene):
        return no
    if referral.words_gone and not referral.live:
        return refused("words_erased", ref=referral.reference)
    if not command.reason.strip():
        return refused("reason_needed")
    if referral.hold:
        return ()
    return (scene.did(ev.HoldPlaced(command.reason)),)


def lift_hold(referral: Referral, command: cmd.LiftHold, scene: Scene) -> Decided:
    if no := check("hold.lifted", referral, scene):
        return no
    if not command.reason.strip():
        return refused("reason_needed")
    if referral.hold is None:
        return ()
    return (scene.did(ev.HoldLifted(command.reason)),)


def erase_words(referral: Referral, command: cmd.EraseWords, scene: Scene) -> Decided:
    if no := check("words.erased", referral, scene):
        return no
    if referral.hold:
        return refused("on_hold", ref=referral.reference)
    if not is_due(referral, scene.partnership, scene.day):
        return refused("not_due_yet", ref=referral.reference)
    figures = figures_of(referral, scene.partnership)
    score = figures.plan_score
    parts = (
        (score.specific, score.owned, score.timed, score.needs_led, score.shared) if score else ()
    )
    actions = tuple(ev.KeptAction(a.owned, a.done_on) for a in figures.actions)
    return (scene.did(ev.WordsErased(command.certificate, parts, actions)),)


def ended_at(referral: Referral) -> dt.datetime | None:
    """When the partnership's period starts; None while somebody may still need the words."""
    match referral.state:
        case State.CLOSED:
            return referral.closed_at
        case State.WITHDRAWN:
            return referral.withdrawn.at if referral.withdrawn else None
        case State.MERGED:
            return referral.merged_into.at if referral.merged_into else None
        case _:
            return None


def due_on(referral: Referral, partnership: Partnership) -> dt.date | None:
    """The local day from which people's words may go; None before it has ended."""
    ended = ended_at(referral)
    if ended is None:
        return None
    last = partnership.calendar.day_of(ended)
    return last + dt.timedelta(days=partnership.words_days_after_closing + 1)


def is_due(referral: Referral, partnership: Partnership, today: dt.date) -> bool:
    """Also where they went once already and more were written since."""
    due = due_on(referral, partnership)
    return due is not None and due <= today and not referral.words_gone
