"""Neighbouring presses that arrive in the other order: nothing is accepted that the rules refuse in
that order, and nothing that was accepted is lost.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.ports import Commit
from bot.domain.partnership import Partnership
from bot.rehearsal import scenario
from bot.rehearsal.hands import Refusal
from bot.rehearsal.scenario import ScenarioFile
from bot.rehearsal.screen import NotOnScreen
from tests.rehearsal.crossed import (
    EVERY_ORDER,
    Landed,
    Off,
    Swap,
    lost,
    refused_by_the_rules,
    streams,
)
from tests.rehearsal.test_player import SIX

WHOLE = scenario.read(SIX)
SAMPLE = [(0, 2), (0, 10), (0, 13), (1, 7), (1, 14), (2, 1)]
"""(scenario, press that comes after the next one). In 0, 10 an outcome is picked before its plan is
there, and in 1, 14 the notes close a referral before the strategy discussion is written down.
"""
MOST_PRESSES = 30
PAIRS = [(s, n) for s in range(6) for n in range(MOST_PRESSES)] if EVERY_ORDER else SAMPLE


def one_of_six(number: int) -> ScenarioFile:
    changes = {"scenarios": [WHOLE.scenarios[number]], "pulses": None, "expected_stats": {}}
    return WHOLE.model_copy(update=changes)


async def played(number: int, folder: Path, at: int = -1) -> tuple[Swap, dict[str, list[Commit]]]:
    """A scenario of the six with its press `at` after the next, and its log."""
    store = folder / f"store{at}.db"
    swap = Swap(Off(one_of_six(number), store=str(store)), at)
    try:
        await swap.player.run()
    except NotOnScreen:  # a play that cannot go on ends there
        pass
    except Refusal:
        assert swap.held, "the last press of all has none after it to change places with"
    return swap, await streams(store)


def wrong(log: dict[str, list[Commit]], partnership: Partnership) -> list[str]:
    referrals = [commits for name, commits in log.items() if not name.startswith("desk")]
    return [w for commits in referrals for w in refused_by_the_rules(commits, partnership)]


def answered(press: Landed) -> bool:
    """It is logged, or its refusal is; words that only ask for something leave neither."""
    return bool(press.events or press.refusals or press.verb == "say")


@pytest.mark.parametrize(("number", "at"), PAIRS)
async def test_two_presses_in_the_other_order(tmp_path: Path, number: int, at: int) -> None:
    swap, log = await played(number, tmp_path, at)
    if not swap.swapped and EVERY_ORDER:
        pytest.skip("there is no such pair in this scenario")
    assert len(swap.swapped) == 2
    assert [p.status for p in swap.swapped] == [200, 200]
    assert [p.verb for p in swap.swapped if not answered(p)] == []
    assert wrong(log, swap.player.rehearsal.partnership) == []
    assert lost([*swap.presses, *swap.swapped], log) == []


async def test_what_the_rules_refuse_in_an_order_would_be_found(tmp_path: Path) -> None:
    """The same log with two events exchanged is not one that the rules allow."""
    swap, log = await played(0, tmp_path)
    partnership = swap.player.rehearsal.partnership
    assert wrong(log, partnership) == []
    commits = next(c for name, c in log.items() if not name.startswith("desk"))
    kinds = [c.recorded[0].event.TYPE for c in commits]
    claimed, picked = kinds.index("lead.claimed"), kinds.index("outcome.proposed")
    commits[claimed], commits[picked] = (
        replace(commits[picked], n=commits[claimed].n),
        replace(commits[claimed], n=commits[picked].n),
    )
    assert any(found.startswith("outcome.proposed") for found in wrong(log, partnership))
