"""What a caller may not hear at their level, looked for in the text the lead means to send.

It compares words, so it warns of what was copied or named; it does not read meaning. Sources of the
levels: a professional with a continuing role hears what was decided, a neighbour that it was looked
at, and nobody what other agencies said in confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.partnership import Partnership
from bot.domain.referral import Caller, Referral

CHECKED_FIRST = frozenset({"family_pr"})
"""Levels at which a social worker checks the text before it goes."""

_CONFIDENCE = ("contributions", "messages")
_LITTLE = (*_CONFIDENCE, "plan", "outcome", "rationale", "family_view", "lead_service")
_MAY_NOT_HEAR = {
    "professional_full": ("other_agencies",),
    "professional_limited": (*_CONFIDENCE, "plan", "outcome", "rationale", "family_view"),
    "family_pr": (*_CONFIDENCE, "second_call"),
    "young_person": (*_CONFIDENCE, "second_call"),
    "family_limited": (*_LITTLE, "known"),
    "public_thanks": (*_LITTLE, "known"),
    "none": (*_LITTLE, "known"),
}
_KNOWN_HINTS = (
    "known to us",
    "know the family",
    "know this family",
    "already working with",
    "already involved",
    "worked with the family",
    "has a social worker",
    "have a social worker",
    "their social worker",
)
_RUN = 4
_SHORT_LEAST = 2
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class Leak:
    """`source` is where the caller may not hear from; `words` what of it stands in the text."""

    source: str
    words: str


def level_of(caller: Caller, partnership: Partnership) -> str:
    return partnership.group[caller.intake.referrer_group].feedback_level


def normal(text: str) -> str:
    """The same words, however they are spaced: what was checked is what is sent."""
    return " ".join(text.split())


def leaks(
    text: str, referral: Referral, caller: Caller, partnership: Partnership
) -> tuple[Leak, ...]:
    """What the text holds that this caller may not hear, each source once."""
    written = _words(text)
    found: dict[str, Leak] = {}
    for source in _MAY_NOT_HEAR[level_of(caller, partnership)]:
        for phrase, whole in _phrases(source, referral, caller, partnership):
            run = _run(phrase, written, _allowed(referral, caller, source), whole=whole)
            if run and source not in found:
                found[source] = Leak(source, " ".join(run))
    return tuple(found.values())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def _allowed(referral: Referral, caller: Caller, source: str) -> set[tuple[str, ...]]:
    """Runs of words the caller may hear: what they told us, and the next step asked of them.
    A professional with a continuing role also hears the plan.
    """
    i = caller.intake
    texts = [i.seen_heard, i.reported, i.view, i.wants]
    if plan := referral.plan:
        texts.append(plan.next_step)
        if source == "other_agencies":
            texts += [a.action for a in plan.actions]
    runs = (_words(t) for t in texts)
    return {tuple(words[n : n + _RUN]) for words in runs for n in range(len(words))}


def _run(
    phrase: str, written: list[str], allowed: set[tuple[str, ...]], *, whole: bool
) -> list[str]:
    """The first run of the phrase's words that stands in the text; four words, or all if fewer."""
    words = _words(phrase)
    size = len(words) if whole else min(_RUN, len(words))
    if size < (1 if whole else _SHORT_LEAST):
        return []
    for i in range(len(words) - size + 1):
        piece = words[i : i + size]
        if tuple(piece) in allowed:
            continue
        for j in range(len(written) - size + 1):
            if written[j : j + size] == piece:
                return piece
    return []


def _phrases(
    source: str, referral: Referral, caller: Caller, p: Partnership
) -> Iterator[tuple[str, bool]]:
    """(words, whether only the whole of them counts) of one source."""
    match source:
        case "outcome":
            yield from ((name, True) for name in _outcome_names(referral, p))
        case "lead_service":
            yield from ((name, True) for name in _service_names(referral, p))
        case "known":
            yield from ((hint, True) for hint in _KNOWN_HINTS)
        case _:
            yield from ((words, False) for words in _texts(source, referral, caller, p))


def _texts(source: str, referral: Referral, caller: Caller, p: Partnership) -> Iterator[str]:
    """People's words of one source."""
    match source:
        case "other_agencies":
            own = _agency_of(caller, p)
            lines = [c.said for c in referral.contributions if c.said.agency != own]
            yield from (t for s in lines for t in (s.relevant, s.strengths, s.worries))
        case "contributions":
            lines = [c.said for c in referral.contributions]
            yield from (t for s in lines for t in (s.relevant, s.strengths, s.worries, s.suggests))
        case "messages":
            yield from (m.text for m in referral.messages)
        case "plan" if referral.plan:
            yield from (a.action for a in referral.plan.actions)
        case "family_view" if referral.plan:
            yield referral.plan.family_view
        case "rationale" if referral.pick:
            yield referral.pick.rationale
        case "second_call":
            others = [c.intake for c in referral.callers if c.reference != caller.reference]
            yield from (t for i in others for t in (i.seen_heard, i.reported, i.view))


_AGENCY_OF_CIN = {"2": "education", "3": "health", "5A": "social_care", "6": "police"}
"""The caller's own agency by the source code of their group: its words are theirs."""


def _agency_of(caller: Caller, p: Partnership) -> str:
    cin = p.group[caller.intake.referrer_group].cin
    return _AGENCY_OF_CIN.get(cin) or _AGENCY_OF_CIN.get(cin[:1], "")


def _outcome_names(referral: Referral, p: Partnership) -> list[str]:
    pick = referral.pick
    codes = {pick.code, *(c for _, c in pick.per_child)} if pick else set()
    return [name for c in sorted(codes) for name in (p.outcome[c].short, p.outcome[c].label)]


def _service_names(referral: Referral, p: Partnership) -> list[str]:
    """The lead's agency by its label, its code and the letters it goes by."""
    lead = p.person(referral.lead)
    agency = p.agency.get(lead.agency) if lead else None
    if agency is None:
        return []
    letters = re.findall(r"\(([^)]+)\)", agency.label)
    return [agency.label.split(" (")[0], agency.code.replace("_", " "), *letters]
