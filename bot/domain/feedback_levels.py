"""What a caller may not hear at their level, looked for in the text the lead means to send.

It compares words, so it warns of what was copied or named; it does not read meaning. Which words
a level may not hear is in `feedback_sources`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.domain.feedback_sources import (
    LOOSELY_SAID,
    NAMES,
    SOURCES,
    level_of,
    own_words,
    sources_for,
    step_is_for,
)
from bot.domain.partnership import Partnership
from bot.domain.referral import Caller, Referral

__all__ = ["CHECKED_FIRST", "Leak", "leaks", "level_of", "normal"]

CHECKED_FIRST = frozenset({"family_pr"})
"""Levels at which a social worker checks the text before it goes."""

_RUN = 4
_LOOSE_RUN = 6
_TELLING_LETTERS = 5
"""A text of one word counts where the word is this long: "cannabis", and not "none"."""
_WORD = re.compile(r"[^\W_]+")
_JOINING = re.compile("['\u2018\u2019\u201b\u02bc`\u00b4]")
_FORMAT = "Cf"
_ACCENT = "Mn"

_SMALL_WORDS = """
a about all an and any are as at be been but by can cannot could did do for from had has have he her
him his how i if in into is it its me more my no not now of on one only or our she so some than that
the their them then there these they this those to up us was we were what when where which who will
with would you your monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december
"""
_OF_EVERY_DRAFT = """
acted advice again ask back calling child danger decided familys give happens hold like looked next
privacy protect ring ringing someone something talk talking team tell thank told while worried wrong
"""
_WHERE_DECIDED = """
adults aged agency agree another assessment away baby because before children councils dealing
decide disagree does doing duty early family feel find happen help helps hope hours hub know lead
manager multi name need needed needs offer officer out passed people person plan please raise rest
right risk safe safeguarding social soon speak straight support talked thing through unborn unit
very want work worker workers working worries yet
"""
_ORDINARY = frozenset((_SMALL_WORDS + _OF_EVERY_DRAFT).split())
"""Words of the bot's own sentences, and such that give nothing away by themselves: a run of nothing
else is no leak. Where a level hears what was decided, its sentences have more of them.
"""
_ORDINARY_WHERE_DECIDED = frozenset(_WHERE_DECIDED.split()) | {str(n) for n in range(1, 32)}
"""With the numbers of ages and days."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`source` is where the caller may not hear from; `words` what of it stands in the text."""

    source: str
    words: str


def normal(text: str) -> str:
    """The same words, however they are spaced: what was checked is what is sent."""
    return " ".join(text.split())


def _plain(text: str) -> list[str]:
    """Lower case, without accents, apostrophes and what cannot be seen."""
    return _words(text, "")


def _words(text: str, unseen: str) -> list[str]:
    plain = _JOINING.sub("", text.casefold())
    if plain.isascii():
        return _WORD.findall(plain)
    kept = []
    for letter in unicodedata.normalize("NFKD", plain):
        kind = unicodedata.category(letter)
        kept.append(unseen if kind == _FORMAT else "" if kind == _ACCENT else letter)
    return _WORD.findall("".join(kept))


def leaks(
    text: str, referral: Referral, caller: Caller, partnership: Partnership
) -> tuple[Leak, ...]:
    """What the text holds that this caller may not hear, each source once."""
    heard = _Heard(referral, caller, partnership)
    written = _Written(text)
    found = (_found(source, written, heard) for source in heard.sources)
    return tuple(leak for leak in found if leak)


def _found(source: str, written: _Written, heard: _Heard) -> Leak | None:
    """The first run of the source's words that stands in the text; all of them, if fewer than
    those or a name.
    """
    for phrase in SOURCES[source](heard.referral, heard.caller, heard.partnership):
        words = _plain(phrase)
        size = len(words) if source in NAMES else min(heard.run_of(source), len(words))
        short = size == 1 and source not in NAMES and len(words[0]) < _TELLING_LETTERS
        if size < 1 or short:
            continue
        excused = heard.excused(source, size)
        for run in _runs(words, size):
            if written.holds(run) and run not in excused and not heard.says_nothing(run):
                return Leak(source, " ".join(run))
    return None


def _runs(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[n : n + size]) for n in range(len(words) - size + 1))


class _Written:
    """The text's runs of words. What cannot be seen joins words for one reader and parts them for
    another, so both readings count.
    """

    def __init__(self, text: str) -> None:
        self._readings = [_words(text, ""), _words(text, " ")]
        self._runs: dict[int, set[tuple[str, ...]]] = {}

    def holds(self, run: tuple[str, ...]) -> bool:
        size = len(run)
        if size not in self._runs:
            self._runs[size] = {r for words in self._readings for r in _runs(words, size)}
        return run in self._runs[size]


_ALSO_STEP = frozenset({"plan", "suggests", "messages"})
_ALSO_PLAN = frozenset({"suggests", "messages", "rationale"})
_TOLD = ("lead", "needs", "outcome")
_NEVER_THEIRS = frozenset({"child_view"})


class _Heard:
    """What one caller may hear, whoever else said it too: their own words, the next step asked of
    them, and the plan and the names their level is told.
    """

    def __init__(self, referral: Referral, caller: Caller, partnership: Partnership) -> None:
        self.referral, self.caller, self.partnership = referral, caller, partnership
        self.sources = sources_for(referral, caller, partnership)
        self._runs: dict[tuple[str, int], set[tuple[str, ...]]] = {}

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        more = _ORDINARY_WHERE_DECIDED if "outcome" not in self.sources else frozenset[str]()
        p = self.partnership
        return _ORDINARY | more | set(_plain(f"{p.mash_phone} {p.emergency_number}"))

    @cached_property
    def _names_heard(self) -> list[tuple[str, ...]]:
        heard = (n for s in _TOLD if s not in self.sources for n in self._names(s))
        return [tuple(_plain(name)) for name in heard]

    def run_of(self, source: str) -> int:
        """How many words in a row count. "See her today and" is in every second text, so of the
        team's own talk it takes more, where the caller hears what was decided.
        """
        loosely = source in LOOSELY_SAID and "outcome" not in self.sources
        return _LOOSE_RUN if loosely else _RUN

    def says_nothing(self, run: tuple[str, ...]) -> bool:
        """Nothing but ordinary words and names they may hear, which it may cut at either end."""
        reached = {0}
        for at in range(len(run)):
            if at not in reached:
                continue
            if run[at] in self._ordinary:
                reached.add(at + 1)
            for name in self._names_heard:
                for start in range(len(name)) if at == 0 else (0,):
                    part = name[start : start + len(run) - at]
                    if part == run[at : at + len(part)]:
                        reached.add(at + len(part))
        return len(run) in reached

    def excused(self, source: str, size: int) -> set[tuple[str, ...]]:
        if source in NAMES:
            return set()
        key = (source, size)
        if key not in self._runs:
            texts = (_plain(t) for t in self._texts(source))
            self._runs[key] = {run for words in texts for run in _runs(words, size)}
        return self._runs[key]

    def _texts(self, source: str) -> Iterator[str]:
        if source not in _NEVER_THEIRS:
            yield from own_words(self.referral, self.caller)
        for name in _TOLD:
            yield from self._names(name) if name not in self.sources else ()
        plan = self.referral.plan
        if plan and source in _ALSO_STEP and step_is_for(self.referral, self.caller):
            yield plan.next_step
        if plan and source in _ALSO_PLAN and "plan" not in self.sources:
            yield from (
                f"{a.action} by {a.due_on:%A} {a.due_on.day} {a.due_on:%B}" for a in plan.actions
            )

    def _names(self, source: str) -> list[str]:
        return list(NAMES[source](self.referral, self.caller, self.partnership))
