"""What a gallery room needs: how a card is hung, who looks at it, and words that recur."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cards import wording as w
from cards.kit import Json
from tests.cards import on_record, referrals as tell, righted
from tests.cards.story import Story, World

CASE = f"{99:032x}"
"""A form that nobody has sent yet."""

VIEWERS = {
    "rep": "hlt-1",
    "lead": "eh-1",
    "social-worker": "sw-1",
    "masho": "masho-1",
    "duty-manager": "mgr-1",
}

LATER = 60 * 26
"""The afternoon of the next day, when what is due is late."""

POLICY = "https://riverside.example/when-we-do-not-agree"


@dataclass(frozen=True, slots=True)
class Sample:
    """`builder` is the function that drew it, as module and name."""

    builder: str
    card: Json


@dataclass(slots=True)
class Gallery:
    world: World
    samples: dict[str, Sample]

    def add(self, name: str, builder: Callable[..., Json], *args: Any, **kwargs: Any) -> None:
        assert name not in self.samples, name
        drawn = builder(*args, **kwargs)
        self.samples[name] = Sample(f"{builder.__module__}.{builder.__name__}", drawn)


def found(world: World) -> str:
    """The sentence for something that looks like an identifier: it quotes what was typed."""
    return w.IDENTIFIER_FOUND.format(
        what=w.IDENTIFIERS["postcode"],
        text=world.say("identifier", "ZZ1 1ZZ"),
        field=w.FIELDS["seen_heard"].rstrip("?"),
    )


def stories(world: World) -> dict[str, Story]:
    """Every story there is, by name, both ends of a pair."""
    plain = (
        *(tell.unfinished, tell.planned, tell.masho_asked, tell.feedback_not_possible),
        *(tell.flagged, tell.flagged_in_thread, tell.rung, tell.taken, tell.stood_down),
        *(tell.strategy_owed, tell.strategy_held),
        *(on_record.line_confirmed, on_record.line_corrected, on_record.filed),
        *(on_record.revised, on_record.deleted, on_record.disagreed, on_record.police_rung),
        *(on_record.lead_offered, on_record.lead_handed_on, on_record.actions_done),
        *(righted.amended, righted.corrected, righted.corrected_agreed, righted.undone),
        *(righted.reopened, righted.withdrawn, righted.outcome_elsewhere, righted.fed_back_late),
        *(righted.two_callers, righted.one_of_two_told, righted.second_caller_asked),
        *(righted.feedback_to_check, righted.feedback_checked),
        *(righted.feedback_to_pass, righted.feedback_passed, righted.everything),
    )
    told = {name: tell.chapter(world, name) for name in tell.CHAPTERS}
    told |= {tells.__name__: tells(world) for tells in plain}
    for pair_of in (righted.matched, righted.linked, righted.merged):
        first, second = pair_of(world)
        told |= {f"{pair_of.__name__}_first": first, f"{pair_of.__name__}_second": second}
    return told
