"""Which figures of one period others may see beside each other.

A figure is withheld where it, what it leaves over, or its distance from a total that is shown is a
count of 1 to 5: figures of the same referrals are parts of those totals, so a difference may be a
group. Not covered: what changes from one hour to the next while a week is running.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.counting import Result
from bot.domain.suppression import is_few, share_is_safe

_CALLERS = ("survey_replies", "form_replies", "satisfied", "know_next", "talked_needs")
_CALLS = ("calls_answered", "calls_abandoned", "calls_in_target")
_OF_THEIR_OWN = ("children", "actions_done", "heard", "needs_talked", "quicker", "know_what_to_do")
"""Children, actions and the team are no parts of the referrals."""
_NEVER = ("pulse_replies",)
"""How many of the team replied points to no family."""

Results = Mapping[str, Result]


def marked(results: Results, averages: Collection[str]) -> dict[str, Result]:
    """The same results, each knowing where it is withheld. `averages`: shown to others without
    saying of how many.
    """
    few = frozenset(key for key in averages if is_few(results[key].n))
    counts = {key: result for key, result in results.items() if key not in averages}
    at_desk = few | _withheld(counts, decided_is_public=True)
    decided = results["decided"]
    safe = share_is_safe(decided.n, decided.of or 0)
    shared = few | _withheld(counts, decided_is_public=safe)
    return {
        key: replace(r, withheld_at_desk=key in at_desk, withheld_when_shared=key in shared)
        for key, r in results.items()
    }


def _withheld(results: Results, *, decided_is_public: bool) -> frozenset[str]:
    totals = [results["referrals"].n]
    if decided_is_public:
        totals.append(results["decided"].n)
    callers = [results["satisfied"].of or 0, results["survey_replies"].of or 0]
    calls = [results["calls_answered"].of or 0, results["calls_answered"].n]
    found = set()
    for key, result in results.items():
        if key in _CALLERS:
            beside = callers
        elif key in _CALLS:
            beside = calls
        else:
            beside = [] if key in _OF_THEIR_OWN else totals
        if key not in _NEVER and _tells(result, beside):
            found.add(key)
    return frozenset(found)


def _tells(result: Result, totals: list[int]) -> bool:
    if any(map(is_few, (*result.beside, result.missing))):
        return True
    if result.of is None:
        return is_few(result.n) or _near(result.n, totals)
    if not share_is_safe(result.n, result.of):
        return True
    return _near(result.n, totals) or _near(result.of, totals)


def _near(n: int, totals: list[int]) -> bool:
    return any(is_few(abs(total - n)) for total in totals) if n else False
