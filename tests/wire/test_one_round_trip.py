"""What a press costs in requests to Table Storage before its answer, counted on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.desk.signals import Silent
from bot.rehearsal.rehearsal import Rehearsal
from tests.tools.storage_proxy import StorageProxy
from tests.wire.acting import Acting

pytestmark = pytest.mark.node


class Noting(Silent):
    """Notes what the store had been asked when each turn ended."""

    def __init__(self, proxy: StorageProxy) -> None:
        self.proxy = proxy
        self.answered_after: list[int] = []

    def pressed(self, verb: str, result: str) -> None:
        assert result == "taken"
        self.answered_after.append(len(self.proxy.asked))

    async def stop(self) -> None:
        return None


@pytest.fixture
async def noting(proxy: StorageProxy) -> Noting:
    return Noting(proxy)


@pytest.fixture
async def acting(proxy: StorageProxy, noting: Noting) -> AsyncIterator[Acting]:
    made: Any = Rehearsal(store=proxy.connection_string)
    made.telemetry = noting
    await made.start()
    await made.front_door.desk.ticker.stop()  # what it reads on its own is nobody's press
    yield Acting(made)
    await made.stop()


async def asked_before_the_answer(
    acting: Acting, noting: Noting, person: str, verb: str, fill: dict[str, str]
) -> list[str]:
    """By this one press: the card is looked at first, so that only the press is counted."""
    screen = await acting.screen(person)
    message = await acting.briefing()
    await acting.r.settled()
    await acting.desk.ticker.tick()
    noting.proxy.asked.clear()
    noting.answered_after.clear()
    await acting.hands(person).tap_screen(screen, message, verb, fill)
    asked = noting.proxy.asked[: noting.answered_after[0]]
    await acting.r.settled()
    return asked


@pytest.mark.parametrize(
    ("person", "verb", "fill"),
    [
        ("pol-1", "claim", {}),
        ("hlt-1", "add", {"words": "Seen by the school nurse twice."}),
        ("edu-1", "not_known", {}),
    ],
)
async def test_a_warm_press_asks_the_store_once(acting, noting, person, verb, fill):
    await acting.referred()

    asked = await asked_before_the_answer(acting, noting, person, verb, fill)

    assert len(asked) == 1
    assert asked[0].startswith("POST /devstoreaccount1/Commits")


async def test_a_look_at_a_warm_briefing_asks_nothing(acting, proxy):
    await acting.referred()
    message = await acting.briefing()
    await acting.r.settled()
    await acting.desk.ticker.tick()
    proxy.asked.clear()

    await acting.hands("pol-1").look(message, by_hand=True)

    assert proxy.asked == []
