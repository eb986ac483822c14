"""What an entry of the audit says of its event: codes, ids and times, and that there were words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.desk.ports import Commit
from bot.domain import events as ev
from bot.domain.evolve import evolve
from bot.domain.partnership import Person
from bot.domain.referral import Referral
from bot.store.codec import facts_of

WORDS, ERASED = "[words]", "[erased]"
Mark = Callable[[str], str]


def marks_of(commits: Sequence[Commit]) -> Callable[[Commit], Mark]:
    """How the words of each commit show. Of what was written before an erasure it is not known
    any more where there were words and where nothing: all of it shows as erased.
    """
    erasures = [c.n for c in commits for r in c.recorded if _erases(r)]
    last = max(erasures, default=0)

    def mark_of(commit: Commit) -> Mark:
        nothing = ERASED if commit.n < last else ""
        return lambda said: WORDS if said else nothing

    return mark_of


def last_erasure(commits: Sequence[Commit]) -> dt.datetime | None:
    return max((r.at for c in commits for r in c.recorded if _erases(r)), default=None)


def _erases(recorded: ev.Recorded) -> bool:
    return isinstance(recorded.event, ev.WordsErased)


def told(
    stream: str, commits: Sequence[Commit]
) -> Iterator[tuple[Commit, ev.Recorded, ev.IntakeAmended | None]]:
    """Each event of a referral; with a change of the form, what the answers were before it."""
    referral = Referral(stream)
    for commit in commits:
        for item in commit.recorded:
            yield commit, item, _before(referral, item.event)
            referral = evolve(referral, item)


def _before(referral: Referral, event: ev.Event) -> ev.IntakeAmended | None:
    if not isinstance(event, ev.IntakeAmended) or referral.intake is None:
        return None
    caller = referral.caller_of(event.for_ref)
    intake = caller.intake if caller else referral.intake
    return ev.IntakeAmended({name: getattr(intake, name) for name in event.answers})


def facts_text(event: ev.Event, mark: Mark, before: ev.IntakeAmended | Person | None = None) -> str:
    facts = facts_of(event, mark)
    if isinstance(before, ev.IntakeAmended):
        facts["before"] = facts_of(before, mark)["answers"]
    elif before is not None:
        facts["before"] = {"role": str(before.role), "agency": before.agency}
    return as_json(facts)


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
