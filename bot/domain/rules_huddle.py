"""A talk in the room on one card: each part decided in turn, as if pressed by itself, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, refused
from bot.domain.evolve import fold
from bot.domain.referral import Referral
from bot.domain.rules_discussion import contribute
from bot.domain.rules_intake import amend
from bot.domain.rules_lead import assign, claim, offer
from bot.domain.rules_outcome import propose, save_plan
from bot.domain.vocabulary import KNOWN_NEEDS_SHARING, Role

Part = Callable[[Referral, cmd.RecordHuddle, Scene], Decided]


def huddle(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    """One commit holds everything; a part that is refused refuses the whole."""
    events: tuple[ev.Recorded, ...] = ()
    after = referral
    for part in _parts(command):
        found = part(after, command, scene)
        if isinstance(found, Refused):
            return found
        events, after = (*events, *found), fold(after, found)
    return events or refused("nothing_said")


def _parts(command: cmd.RecordHuddle) -> Iterator[Part]:
    if command.rows:
        yield _rows
    if command.lead:
        yield _lead
    if command.answers:
        yield _answers
    if command.plan:
        yield _plan
    if command.outcome:
        yield _outcome


def _rows(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    """Everybody was in the room, so whoever had to be told who the child is was told there."""
    events: tuple[ev.Recorded, ...] = ()
    for row in command.rows:
        sharing = command.sharing if row.known in KNOWN_NEEDS_SHARING else None
        line = cmd.AddContribution(
            row.agency, row.known, row.relevant, source="room", told="room", sharing=sharing
        )
        found = contribute(referral, line, scene)
        if isinstance(found, Refused):
            return found
        events = (*events, *found)
    return events


def _lead(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    """The scribe leads, or a duty manager says who does. Anybody else the room chose takes over
    from the scribe with one tap of their own.
    """
    if command.lead == referral.lead:
        return ()
    if scene.actor.role is Role.DUTY_MANAGER:
        return assign(referral, cmd.AssignLead(command.lead, command.lead_reason), scene)
    claimed = claim(referral, cmd.ClaimLead(), scene)
    if isinstance(claimed, Refused) or command.lead == scene.actor.id:
        return claimed
    after = fold(referral, claimed)
    offered = offer(after, cmd.OfferLead(command.lead, command.lead_reason), scene)
    return offered if isinstance(offered, Refused) else (*claimed, *offered)


def _answers(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    return amend(referral, cmd.AmendIntake(command.answers), scene)


def _plan(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    assert command.plan is not None
    return save_plan(referral, command.plan, scene)


def _outcome(referral: Referral, command: cmd.RecordHuddle, scene: Scene) -> Decided:
    pick = cmd.ProposeOutcome(
        command.outcome, command.rationale, command.per_child, command.strategy
    )
    return propose(referral, pick, scene)
