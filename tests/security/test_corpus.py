"""A seeded corpus of broken and hostile activities, with good tokens, at the real door: never a
5xx, never a fault, and nothing logged that the table of who may would not let its sender do.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from bot.teams.who_may import PRESSES
from tests.security.buttons import buttons
from tests.security.corpus import Corpus, Mutator, sender_of
from tests.security.ground import Ground, ground
from tests.security.results import write_result

SEED = 20261129
WHOLE = 10_000
SAMPLE = 800
_LAY_AGAIN_EVERY = 100


async def post_all(there: Ground, how_many: int) -> dict[str, int]:
    """Posts so many. Returns the answers by status, and how many logged something."""
    rng = random.Random(SEED)
    corpus = Corpus(there, buttons(), rng)
    mutator = Mutator(there, corpus, rng)
    counted: Counter[str] = Counter()
    for n in range(how_many):
        if n % _LAY_AGAIN_EVERY == 0:
            await there.r.settled()
            await there.lay_again()
        data = mutator.body(corpus.one())
        sender, service_url = sender_of(there, data)
        status, text = await there.post(data, sender, service_url)
        assert status in (200, 400, 403, 413), (n, status, data[:2000])
        assert "Traceback" not in text
        assert there.wrong == [], (n, data[:4000])
        assert there.faults.found == [], (n, data[:4000], there.faults.found)
        counted[str(status)] += 1
        counted["logged"] += bool(there.logged)
    return {**counted, "sent": how_many}


async def test_a_sample_of_broken_activities_does_no_harm(tmp_path: Path) -> None:
    async with ground(tmp_path, keeps=True) as there:
        counted = await post_all(there, SAMPLE)

    assert {"200", "400", "403"} <= set(counted)
    assert counted["logged"] > 20, "some of it is still good, and is taken"


@pytest.mark.whole
async def test_ten_thousand_broken_activities_do_no_harm(tmp_path: Path) -> None:
    async with ground(tmp_path, keeps=True) as there:
        counted = await post_all(there, WHOLE)

    assert counted["sent"] == WHOLE
    write_result("mutated activities", {**counted, "seed": SEED})


def test_the_corpus_has_a_button_of_every_verb() -> None:
    assert {b.verb for b in buttons()} == set(PRESSES)
