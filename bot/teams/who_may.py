"""Who may do what: one rule for every way into the bot, pressed, typed or sent. What has no rule is
refused.

A rule says who is answered at all. What is logged about a referral is decided by the rules of the
domain as well, by role and by what somebody is to that referral (`domain/transitions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.domain.decision import Refused, refused
from bot.domain.partnership import Person
from bot.domain.roster import KEEPS_THE_ROSTER
from bot.domain.vocabulary import DUTY_TEAM, Role

READERS = frozenset({*DUTY_TEAM, Role.MANAGER})
"""Who may see a briefing, and so get an answer that shows one."""
WITH_ASSESSMENT = frozenset({*READERS, Role.ASSESSMENT_TEAM})
EVERYBODY = frozenset(Role) - {Role.BOT, Role.NONE}
TAKES_REFERRALS = frozenset({Role.MASHO, Role.DUTY_MANAGER})
SEES_FIGURES = READERS
EXACT = frozenset({Role.MANAGER, Role.DUTY_MANAGER})
CALLS_THE_ROLL = frozenset({Role.DUTY_MANAGER})
PAUSES = frozenset({Role.DUTY_MANAGER, Role.MANAGER})
TRIES_AGAIN = frozenset({Role.DUTY_MANAGER})
"""Who has what could not be posted sent again."""


class About(Enum):
    REFERRAL = "a referral that is there"
    NEW = "a referral that is not there yet"
    NONE = "no referral"


@dataclass(frozen=True, slots=True)
class Rule:
    roles: frozenset[Role]
    """Who is answered at all. Others are refused, and that is logged, before anything is drawn."""
    events: tuple[str, ...] = ()
    """What it may log about a referral: one of these must be theirs, by `TRANSITIONS`."""
    first: bool = False
    """Whether that is asked before anything is drawn, because the answer may show more than the
    briefing. Otherwise the rules ask it, and the answer is the card as it stands.
    """
    about: About = About.REFERRAL
    called: str = "view"
    """What the refusal's sentence calls it."""


def _shows(*, roles: frozenset[Role] = READERS) -> Rule:
    return Rule(roles)


def _logs(*events: str, roles: frozenset[Role] = READERS) -> Rule:
    return Rule(roles, events)


def _first(*events: str) -> Rule:
    return Rule(READERS, events, first=True)


def _apart(roles: frozenset[Role], called: str) -> Rule:
    return Rule(roles, about=About.NONE, called=called)


_DOOR = Rule(TAKES_REFERRALS, about=About.NONE, called="intake.submitted")
_FORM = Rule(TAKES_REFERRALS, ("intake.submitted",), about=About.NEW, called="intake.submitted")
_STATS = _apart(SEES_FIGURES, "stats")
_FILES = _apart(EXACT, "download")
_PULSE = _apart(DUTY_TEAM, "pulse")
_ROSTER = _apart(KEEPS_THE_ROSTER, "roster.changed")

PRESSES: Mapping[str, Rule] = MappingProxyType(
    {
        "intake.open": _DOOR,
        "intake.open_immediate": _DOOR,
        "intake.brief": _FORM,
        "intake.immediate": _FORM,
        "intake.carry_on": _first("intake.amended"),
        "intake.rest": _first("intake.amended"),
        "view": _shows(),
        "more.open": _shows(),
        "all.open": _shows(),
        "claim": _logs("lead.claimed"),
        "add": _logs("contribution.added"),
        "not_known": _logs("contribution.added"),
        "told_how": _logs("contribution.added"),
        "flag": _logs("immediate.flagged"),
        "rung": _logs("assessment.notified"),
        "take_it": _logs("assessment.acknowledged", roles=WITH_ASSESSMENT),
        "ask_identity": _logs("identity.asked"),
        "told": _logs("identity.told"),
        "agree": _logs("outcome.endorsed"),
        "undo": _logs("outcome.undone"),
        "contribute.open": _logs("contribution.added"),
        "contribute.save": _first("contribution.added"),
        "taken.open": _logs("assessment.acknowledged"),
        "taken": _first("assessment.acknowledged"),
        "strategy.open": _logs("strategy.considered"),
        "strategy.save": _first("strategy.considered"),
        "held.open": _logs("strategy.held"),
        "held.save": _first("strategy.held"),
        "assign.open": _logs("lead.assigned"),
        "assign.save": _first("lead.assigned"),
        "hand_over.open": _logs("referral.handed_over"),
        "hand_over.save": _first("referral.handed_over"),
        "stand_down.open": _logs("immediate.stood_down"),
        "stand_down.save": _first("immediate.stood_down"),
        "cannot.open": _logs("feedback.not_possible"),
        "cannot.save": _first("feedback.not_possible"),
        "line.confirm": _logs("contribution.confirmed"),
        "line.correct": _first("contribution.confirmed"),
        "offer.open": _logs("lead.handover_offered"),
        "offer.save": _first("lead.handover_offered"),
        "lead.accept": _logs("lead.handed_over"),
        "huddle.open": _logs("contribution.added"),
        "huddle.save": _first("contribution.added"),
        "file.save": _first("message.filed"),
        "police.open": _logs("police.contact_recorded"),
        "police.save": _first("police.contact_recorded"),
        "disagree.open": _logs("disagreement.recorded"),
        "disagree.save": _first("disagreement.recorded"),
        "history.open": _first("history.viewed"),
        "correct.open": _logs("outcome.corrected"),
        "correct.save": _first("outcome.corrected"),
        "reopen.open": _logs("referral.reopened"),
        "reopen.save": _first("referral.reopened"),
        "withdraw.open": _logs("referral.withdrawn"),
        "withdraw.save": _first("referral.withdrawn"),
        "elsewhere.open": _logs("outcome.recorded_elsewhere"),
        "elsewhere.save": _first("outcome.recorded_elsewhere"),
        "actions.open": _logs("action.done"),
        "actions.done": _first("action.done"),
        "merge.open": _logs("referral.merged"),
        "merge.save": _first("referral.merged"),
        "merge.here": _first("referral.merged"),
        "link.open": _logs("referral.linked"),
        "link.save": _first("referral.linked"),
        "link.here": _first("referral.linked"),
        "outcome.open": _logs("outcome.proposed", "plan.saved"),
        "outcome.plan": _first("plan.saved"),
        "outcome.pick": _first("outcome.proposed", "plan.saved"),
        "feedback.open": _first("feedback.sent"),
        "feedback.sent": _first("feedback.sent"),
        "feedback.ask": _first("feedback.asked"),
        "feedback.hold": _first("feedback.held"),
        "aloud.open": _first("feedback.sent"),
        "again.open": _first("feedback.tried"),
        "again.save": _first("feedback.tried"),
        "mail.open": _first("feedback.email_started"),
        "mail.send": _first("feedback.email_started"),
        "check.open": _logs("feedback.checked", "feedback.passed"),
        "feedback.check": _first("feedback.checked"),
        "feedback.pass": _first("feedback.passed"),
        "notes.open": _first("casenote.opened"),
        "notes.json": _first("casenote.opened"),
        "notes.confirm": _first("casenote.exported"),
        "survey.open": _first("survey.asked"),
        "survey.next": _first("survey.asked"),
        "survey.none": _first("survey.asked"),
        "survey.comment": _first("survey.asked"),
        "roll.save": _apart(CALLS_THE_ROLL, "roll.called"),
        "unsent.again": _apart(TRIES_AGAIN, "messages.tried_again"),
        "pulse.open": _PULSE,
        "pulse.next": _PULSE,
        "pulse.send": _PULSE,
        "stats.week": _STATS,
        "stats.all": _STATS,
        "stats.by": _STATS,
        "stats.download": _FILES,
        "stats.file": _FILES,
        "roster.open": _ROSTER,
        "roster.add": _ROSTER,
        "roster.save": _ROSTER,
        "roster.pick": _ROSTER,
        "roster.person": _ROSTER,
        "roster.change": _ROSTER,
        "roster.remove": _ROSTER,
        "close": _apart(EVERYBODY, "view"),
    }
)
"""By verb: every button there is."""

TYPED: Mapping[str, Rule] = MappingProxyType(
    {
        "history": Rule(EVERYBODY, ("history.viewed",)),
        "hold": Rule(EVERYBODY, ("hold.placed", "hold.lifted")),
        "mine": _STATS,
        "open": _STATS,
        "roster": _ROSTER,
        "stats": _STATS,
        "help": _apart(EVERYBODY, "view"),
        "message": Rule(EVERYBODY, ("message",)),
        "new": _DOOR,
        "roll": _apart(CALLS_THE_ROLL, "roll.called"),
        "pause": _apart(PAUSES, "test.paused"),
        "resume": _apart(PAUSES, "test.paused"),
        "unknown": _apart(EVERYBODY, "view"),
    }
)
"""By command: what is said to the bot. `message` is words in a referral's thread."""

SENT: Mapping[str, Rule] = MappingProxyType(
    {
        "overheard": Rule(EVERYBODY, ("message",)),
        "changed": Rule(EVERYBODY, ("message.revised", "message.removed")),
        "file.open": Rule(EVERYBODY, ("message.filed",)),
        "import": _apart(EXACT, "import"),
        "consent": _apart(EXACT, "download"),
    }
)
"""What Teams sends of itself: talk that is recorded, edits, a message's own action, files."""

SHOWS_NOTHING = frozenset({"view", "all.open", "more.open"})
"""Verbs that a withdrawn referral still answers: with its emptied card."""

FOLLOWS_A_MERGE = frozenset({"flag", "rung", "taken.open", "taken", "take_it"})
"""Verbs about a child's safety: pressed on a merged referral, they go to the one that goes on."""


def may_not(rule: Rule, person: Person) -> Refused | None:
    """Why this person is not answered; None where they are."""
    if person.role in rule.roles:
        return None
    return refused("not_allowed", event=rule.called)
