"""A referral's state. Pure: no clock, no ids, no I/O. `evolve.py` folds events into it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.domain import events as ev
from bot.domain.intake import Intake
from bot.domain.telling import (
    Asked as Asked,
    Cleared as Cleared,
    Emailing as Emailing,
    Feedback as Feedback,
    Held as Held,
    NoFeedback as NoFeedback,
    Tried as Tried,
)
from bot.domain.vocabulary import ENDED, State


@dataclass(frozen=True, slots=True)
class Briefing:
    conversation_id: str
    activity_id: str
    service_url: str
    posted_at: dt.datetime
    re_referral: bool
    no_rep_today: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """One answer that was changed: what it replaced, by whom and why. Values as in `Intake`."""

    field: str
    before: Any
    after: Any
    by: str
    at: dt.datetime
    reason: str
    for_ref: str = ""


@dataclass(frozen=True, slots=True)
class LeadChange:
    """`how`: claimed, assigned, defaulted or handed_over."""

    lead: str
    how: str
    by: str
    at: dt.datetime
    reason: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    to: str
    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """`confirmed_*` or `corrected_*` once the agency answered for a line others logged."""

    said: ev.ContributionAdded
    by: str
    at: dt.datetime
    confirmed_by: str = ""
    confirmed_at: dt.datetime | None = None
    corrected_by: str = ""
    corrected_at: dt.datetime | None = None

    @property
    def unconfirmed(self) -> bool:
        spoken = self.said.on_behalf and self.said.known != "no_rep_today"
        return spoken and not self.confirmed_by and not self.corrected_by


@dataclass(frozen=True, slots=True)
class Message:
    """Words of the thread. `by` wrote them, `filed_by` put them on the record as `filed_as`."""

    text: str
    agency: str
    by: str
    at: dt.datetime
    activity_id: str = ""
    author_name: str = ""
    filed_as: str = ""
    filed_by: str = ""
    filed_at: dt.datetime | None = None
    link: str = ""
    earlier: tuple[str, ...] = ()
    """What it said before its author changed it, oldest first."""
    revised_at: dt.datetime | None = None
    removed_at: dt.datetime | None = None
    edited_at: dt.datetime | None = None
    """Teams' own time of the newest change: what arrives later may have been written earlier."""


@dataclass(frozen=True, slots=True)
class Immediate:
    """The flag and its three clocks. `stood_down_at` ends it; the times stay."""

    flagged_at: dt.datetime
    flagged_by: str
    note: str
    notified_at: dt.datetime | None = None
    notified_by: str = ""
    acknowledged_at: dt.datetime | None = None
    acknowledged_by: str = ""
    stood_down_at: dt.datetime | None = None
    stood_down_by: str = ""
    stood_down_reason: str = ""

    @property
    def stands(self) -> bool:
        return self.stood_down_at is None


@dataclass(frozen=True, slots=True)
class PoliceContact:
    rang_by: str
    rang_by_name: str
    rang_at: dt.datetime
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Disagreement:
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Strategy:
    needed: bool
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class StrategyMeeting:
    attended: tuple[str, ...]
    also: str
    recorded_on: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Pick:
    """The outcome picked, its agreement, and how it ended where another took its place.

    `because`: why it corrects the one before. `ended`: undone, corrected or reopened.
    """

    code: str
    rationale: str
    per_child: tuple[tuple[str, str], ...]
    not_heard: tuple[str, ...]
    by: str
    at: dt.datetime
    because: str = ""
    agreed_by: str = ""
    agreed_at: dt.datetime | None = None
    agreed_note: str = ""
    rule: str = ""
    ended: str = ""
    ended_by: str = ""
    ended_at: dt.datetime | None = None
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class DoneAction:
    action: ev.Action
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is owed an answer: this referral's own caller, or a merged one's."""

    reference: str
    taken_by: str
    intake: Intake
    merged: bool

    @property
    def for_ref(self) -> str:
        """As `feedback.sent` names them."""
        return self.reference if self.merged else ""


@dataclass(frozen=True, slots=True)
class Handover:
    to: str
    accepted_by: str
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Elsewhere:
    code: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Another referral this one is linked to, matches, was merged into, or took in."""

    reference: str
    case_id: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Ending:
    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Referral:
    """`version` counts commits; 0 means nothing is logged and the form is at most open."""

    case_id: str
    version: int = 0
    configuration: str = ""
    """The version of the configuration it was opened under, empty before its first commit."""
    state: State = State.DRAFT
    reference: str = ""
    received_at: dt.datetime | None = None
    submitted_at: dt.datetime | None = None
    taken_by: str = ""
    intake: Intake | None = None
    amendments: tuple[Amendment, ...] = ()
    earlier_reference: str = ""
    post_at: dt.datetime | None = None
    briefing: Briefing | None = None
    lead: str = ""
    lead_at: dt.datetime | None = None
    lead_note: str = ""
    lead_defaulted: bool = False
    leads: tuple[LeadChange, ...] = ()
    offer: Offer | None = None
    immediate: Immediate | None = None
    contributions: tuple[Contribution, ...] = ()
    messages: tuple[Message, ...] = ()
    police: tuple[PoliceContact, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    nudges: frozenset[tuple[str, int]] = frozenset()
    strategy: Strategy | None = None
    strategy_meeting: StrategyMeeting | None = None
    plan: ev.PlanSaved | None = None
    plan_by: str = ""
    plan_at: dt.datetime | None = None
    plan_again: bool = False
    """The plan is from before a correction or a reopening: saving it again says it still holds."""
    done_actions: tuple[DoneAction, ...] = ()
    pick: Pick | None = None
    past_picks: tuple[Pick, ...] = ()
    asked_masho: tuple[Asked, ...] = ()
    """One a caller."""
    held: tuple[Held, ...] = ()
    """Texts that wait for somebody, one a caller."""
    checks: tuple[Cleared, ...] = ()
    passes: tuple[Cleared, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    feedback_counts_from: int = 0
    """How many entries of `feedback` belong to an earlier ending, before a reopening."""
    no_feedback: tuple[NoFeedback, ...] = ()
    tried: tuple[Tried, ...] = ()
    emailing: tuple[Emailing, ...] = ()
    """The latest email to each caller that did not go, or may not have."""
    surveyed: frozenset[str] = frozenset()
    """Callers who were asked the survey's questions, as `for_ref` names them."""
    notes_confirmed: frozenset[str] = frozenset()
    notes_by: str = ""
    handover: Handover | None = None
    elsewhere: Elsewhere | None = None
    identity_asked: tuple[str, ...] = ()
    identity_told: frozenset[str] = frozenset()
    matches: tuple[Other, ...] = ()
    links: tuple[Other, ...] = ()
    linked_from: tuple[Other, ...] = ()
    merged_into: Other | None = None
    merged_callers: tuple[Caller, ...] = ()
    absorbed: tuple[Other, ...] = ()
    withdrawn: Ending | None = None
    reopened: Ending | None = None
    restarted_at: dt.datetime | None = None
    """When a correction or a reopening started the clocks again."""
    closed_at: dt.datetime | None = None
    hold: Ending | None = None
    """A legal hold that stands."""
    words_erased_at: dt.datetime | None = None
    words_since_erased: bool = False
    """Somebody wrote something after the erasure."""
    kept: ev.WordsErased | None = None
    """What the figures need of a plan whose words were erased; None once there is another plan."""
    presses: frozenset[str] = frozenset()
    """Keys of presses already logged: the same press again changes nothing."""

    @property
    def asked(self) -> Intake:
        """The intake of a referral that has one; every state after draft does."""
        assert self.intake is not None
        return self.intake

    @property
    def is_immediate(self) -> bool:
        return self.immediate is not None and self.immediate.stands

    @property
    def linked(self) -> tuple[str, ...]:
        """References of the referrals linked to this one, from either end."""
        return tuple(dict.fromkeys(o.reference for o in (*self.links, *self.linked_from)))

    @property
    def re_referral(self) -> bool:
        """Referred before in the partnership's window; a call merged into this one is no other."""
        taken_in = {o.reference for o in self.absorbed}
        earlier = bool(self.earlier_reference) and self.earlier_reference not in taken_in
        return self.asked.earlier == "yes" or earlier

    @property
    def words_gone(self) -> bool:
        """Nobody's words are left: they were erased, and nothing was written since."""
        return self.words_erased_at is not None and not self.words_since_erased

    @property
    def live(self) -> bool:
        return self.state is not State.DRAFT and self.state not in ENDED

    @property
    def agreed(self) -> bool:
        return self.pick is not None and self.pick.agreed_at is not None

    @property
    def clock_starts_at(self) -> dt.datetime:
        """What decision and feedback are due from: the call, or a later restart."""
        return self.restarted_at or self.asked.received_at

    @property
    def callers(self) -> tuple[Caller, ...]:
        own = Caller(self.reference, self.taken_by, self.asked, merged=False)
        return (own, *self.merged_callers)

    @property
    def owed(self) -> tuple[Caller, ...]:
        """Callers who have not heard back, and of whom nobody said it cannot be."""
        told = {f.for_ref for f in self.feedback[self.feedback_counts_from :]}
        told |= {n.for_ref for n in self.no_feedback}
        return tuple(c for c in self.callers if c.for_ref not in told)

    @property
    def feedback_done(self) -> bool:
        return self.intake is not None and not self.owed

    @property
    def notes_done(self) -> bool:
        ids = {c.mosaic_id for c in self.asked.children}
        return bool(ids) and ids <= self.notes_confirmed

    def caller_of(self, for_ref: str) -> Caller | None:
        """The caller `for_ref` names: a merged referral's, or (empty) this one's own."""
        named = "" if for_ref == self.reference else for_ref
        return next((c for c in self.callers if c.for_ref == named), None)

    def cleared_now(self, found: tuple[Cleared, ...], for_ref: str) -> list[Cleared]:
        """Checks or passes of this caller's texts since the clocks last started."""
        since = self.restarted_at
        return [c for c in found if c.for_ref == for_ref and (since is None or c.at >= since)]

    def held_for(self, for_ref: str) -> Held | None:
        return next((h for h in self.held if h.for_ref == for_ref), None)

    def asked_for(self, for_ref: str) -> Asked | None:
        return next((a for a in self.asked_masho if a.for_ref == for_ref), None)

    @property
    def tried_now(self) -> tuple[tuple[int, Tried], ...]:
        """Calls nobody answered since the clocks last started, each with its number of all."""
        since = self.restarted_at
        numbered = enumerate(self.tried, 1)
        return tuple((n, t) for n, t in numbered if since is None or t.at >= since)

    def emailing_to(self, caller: Caller) -> Emailing | None:
        """An email to this caller of which nobody knows whether it went."""
        mine = (e for e in self.emailing if e.for_ref == caller.for_ref)
        return next((e for e in mine if e.in_question), None)

    def heard(self) -> dict[str, Contribution]:
        """The latest line of each agency that has answered."""
        return {c.said.agency: c for c in self.contributions}

    def unconfirmed_of(self, agency: str) -> tuple[Contribution, ...]:
        """Lines others logged for this agency that it has not answered for."""
        return tuple(c for c in self.contributions if c.said.agency == agency and c.unconfirmed)
