"""Where the words of a referral come from, and which of them a feedback level may not hear.

`SOURCES` says what each source yields; `MAY_NOT_HEAR` which sources each level may not hear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain.intake import TEXT_LIMITS
from bot.domain.partnership import Partnership
from bot.domain.referral import Caller, Contribution, Referral
from bot.domain.vocabulary import DUTY_TEAM

_IN_CONFIDENCE = (
    *("suggests", "sharing", "messages", "second_call", "strategy", "immediate"),
    *("disagreement", "police", "corrections", "lead_notes", "notes"),
)
_NOT_THEIRS = ("contributions", *_IN_CONFIDENCE, "rationale", "family_view", "handover")
_DECIDED = ("plan", "next_step", "outcome", "lead_service")
_EVERYTHING = (*_NOT_THEIRS, "child_view", *_DECIDED, "lead", "needs", "known", "team")

LOOSELY_SAID = frozenset({*_IN_CONFIDENCE, "rationale", "family_view"} - {"second_call"})
"""The team's own talk: whoever may hear what was decided hears much of it in the same words."""

MAY_NOT_HEAR: dict[str, tuple[str, ...]] = {
    "professional_full": ("other_agencies", *_IN_CONFIDENCE),
    "professional_limited": (*_NOT_THEIRS, "child_view", *_DECIDED),
    "family_pr": (*_NOT_THEIRS, "child_view"),
    "young_person": _NOT_THEIRS,
    "family_limited": _EVERYTHING,
    "public_thanks": _EVERYTHING,
    "none": _EVERYTHING,
}
"""A professional with a continuing role hears why it was decided and what the family say. A parent
does not hear what the child says, because the child may have said it in confidence.
"""

_UNTOLD = frozenset({"no_unsafe", "no_not_yet"})


def level_of(caller: Caller, partnership: Partnership) -> str:
    return partnership.group[caller.intake.referrer_group].feedback_level


def withheld(referral: Referral, caller: Caller, level: str) -> bool:
    """A parent rang too, and another caller said that the family have not been told: the parent
    hears what was decided from whoever is to tell them.
    """
    others = (c.intake for c in referral.callers if c.reference != caller.reference)
    return level == "family_pr" and any(i.told_family in _UNTOLD for i in others)


def sources_for(referral: Referral, caller: Caller, p: Partnership) -> tuple[str, ...]:
    level = level_of(caller, p)
    more = _DECIDED if withheld(referral, caller, level) else ()
    return (*MAY_NOT_HEAR[level], *more)


def step_is_for(referral: Referral, caller: Caller) -> bool:
    """Whether the plan's next step was written for this caller: the referral's own, or the merged
    one's where the plan came with it (such a plan has nobody who saved it here).
    """
    if referral.plan_by or not referral.merged_callers:
        return not caller.merged
    return caller.merged and len(referral.merged_callers) == 1


def own_words(referral: Referral, caller: Caller) -> Iterator[str]:
    """What this caller told us, before and after it was changed."""
    yield from (getattr(caller.intake, name) for name in TEXT_LIMITS)
    for change in referral.amendments:
        if change.for_ref == caller.for_ref and change.field in TEXT_LIMITS:
            yield from (str(change.before), str(change.after))


# People's words ----------------------------------------------------------------------------

_AGENCY_OF_CIN = {"2": "education", "3": "health", "5A": "social_care", "6": "police"}
"""The caller's own agency by the source code of their group: its words are theirs."""


def own_agency(caller: Caller, p: Partnership) -> str:
    """Empty where the caller is no part of the discussion: an agency's words are not theirs."""
    if level_of(caller, p) != "professional_full":
        return ""
    cin = p.group[caller.intake.referrer_group].cin
    return _AGENCY_OF_CIN.get(cin) or _AGENCY_OF_CIN.get(cin[:1], "")


def _shared(line: Contribution) -> bool:
    return line.said.sharing is None or line.said.sharing.decision == "shared"


def _lines(referral: Referral, caller: Caller, p: Partnership) -> Iterator[Contribution]:
    """Lines the caller may not hear: another agency's, or one that was not shared as a whole."""
    own = own_agency(caller, p)
    yield from (c for c in referral.contributions if c.said.agency != own or not _shared(c))


def _contributions(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    said = [c.said for c in _lines(referral, caller, p)]
    yield from (t for s in said for t in (s.relevant, s.strengths, s.worries))


def _suggests(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from (c.said.suggests for c in _lines(referral, caller, p))


def _sharing(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    reasons = (c.said.sharing.reason for c in referral.contributions if c.said.sharing)
    yield from (r for r in reasons if r != p.default_sharing_reason)


def _messages(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    """A professional with a role hears their own agency's, and what was filed as a decision."""
    own = own_agency(caller, p)
    full = level_of(caller, p) == "professional_full"
    for message in referral.messages:
        heard = message.agency == own or message.filed_as == "decision"
        if not (full and heard):
            yield from (message.text, *message.earlier)


def _second_call(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    for other in referral.callers:
        if other.reference != caller.reference:
            yield from own_words(referral, other)


def _child_view(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from (c.intake.child_view for c in referral.callers)
    for change in referral.amendments:
        if change.field == "child_view":
            yield from (str(change.before), str(change.after))


def _plan(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    plan = referral.plan.actions if referral.plan else ()
    for action in (*plan, *(d.action for d in referral.done_actions)):
        yield from (action.action, action.owner_name)


def _next_step(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if referral.plan and not step_is_for(referral, caller):
        yield referral.plan.next_step


def _family_view(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if referral.plan:
        yield referral.plan.family_view


def _rationale(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    picks = (*referral.past_picks, *([referral.pick] if referral.pick else []))
    yield from (t for pick in picks for t in (pick.rationale, pick.because, pick.ended_reason))


def _strategy(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if referral.strategy:
        yield referral.strategy.reason
    if meeting := referral.strategy_meeting:
        yield from (meeting.also, meeting.recorded_on)


def _immediate(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if flag := referral.immediate:
        yield from (flag.note, flag.stood_down_reason, flag.acknowledged_by)


def _disagreement(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from (d.text for d in referral.disagreements)


def _police(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from (c.rang_by_name for c in referral.police)


def _corrections(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from (change.reason for change in referral.amendments)
    endings = (referral.reopened, referral.withdrawn)
    yield from (e.reason for e in endings if e)


def _lead_notes(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield referral.lead_note
    yield from (change.reason for change in referral.leads)
    if referral.offer:
        yield referral.offer.reason


def _notes(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    """Typed with agreeing, and about telling the callers."""
    picks = (*referral.past_picks, *([referral.pick] if referral.pick else []))
    yield from (pick.agreed_note for pick in picks)
    yield from (n.reason for n in referral.no_feedback)
    yield from (c.reason for c in referral.passes)
    yield from (f.late_reason for f in referral.feedback)


def _handover(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if referral.handover:
        yield from (referral.handover.reason, referral.handover.accepted_by)


# Names ---------------------------------------------------------------------------------------

_KNOWN_HINTS = (
    *("known to us", "know the family", "know this family", "already know them"),
    *("already working with", "already involved", "worked with the family", "on our records"),
    *("has a social worker", "have a social worker", "their social worker", "a family worker"),
    *("been referred before", "rung about them before", "not the first call", "known to"),
    *("know them", "know him", "know her", "worked with", "working with", "helping them"),
    *("helping the family", "supporting them", "seen them", "social worker", "health visitor"),
    *("child protection", "on a plan", "our system", "spoke to", "spoken to"),
)


def _outcome(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    picks = (*referral.past_picks, *([referral.pick] if referral.pick else []))
    codes = {code for x in picks for code in (x.code, *(c for _, c in x.per_child))}
    if referral.elsewhere:
        codes.add(referral.elsewhere.code)
    found = (p.outcome[c] for c in sorted(codes) if c in p.outcome)
    yield from (name for o in found for name in (o.label, o.short))


def _lead_service(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    """The lead's agency by its label, its code and the letters it goes by."""
    lead = p.person(referral.lead)
    agency = p.agency.find(lead.agency) if lead else None
    if agency:
        yield from (agency.label.split(" (")[0], agency.code.replace("_", " "))
        yield from re.findall(r"\(([^)]+)\)", agency.label)


def _lead(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    if lead := p.person(referral.lead):
        yield from (lead.name, lead.first_name)


def _needs(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    found = (p.need[code].label for code in referral.asked.needs if code in p.need)
    yield from (name for label in found for name in (label, label.split(":")[0]))


def _team(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    """Whose help would be named: the agencies and the duty team's people, but the lead's own."""
    lead = p.person(referral.lead)
    own = lead.agency if lead else ""
    yield from (a.label.split(" (")[0] for a in p.agencies if a.code != own)
    yield from (x.name for x in p.everyone if x.role in DUTY_TEAM and x != lead)


def _known(referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    yield from _KNOWN_HINTS


Yields = Callable[[Referral, Caller, Partnership], Iterator[str]]

PEOPLES_WORDS: dict[str, Yields] = {
    "other_agencies": _contributions,
    "contributions": _contributions,
    "suggests": _suggests,
    "sharing": _sharing,
    "messages": _messages,
    "second_call": _second_call,
    "child_view": _child_view,
    "plan": _plan,
    "next_step": _next_step,
    "family_view": _family_view,
    "rationale": _rationale,
    "strategy": _strategy,
    "immediate": _immediate,
    "disagreement": _disagreement,
    "police": _police,
    "corrections": _corrections,
    "lead_notes": _lead_notes,
    "notes": _notes,
    "handover": _handover,
}
NAMES: dict[str, Yields] = {
    "outcome": _outcome,
    "lead_service": _lead_service,
    "lead": _lead,
    "needs": _needs,
    "known": _known,
    "team": _team,
}
SOURCES = {**PEOPLES_WORDS, **NAMES}
