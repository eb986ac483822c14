"""When a decision is due, as the card says it: working time, held inside the next day's hours."""

from __future__ import annotations

import pytest

from tests.wire.acting import Acting
from tests.wire.bad_day import BadDay


@pytest.mark.parametrize(
    ("picked_up", "due"),
    [
        ("2026-11-24T09:00:00+00:00", "Wed 25 Nov 10:30"),
        ("2026-11-26T16:38:00+00:00", "Fri 27 Nov 16:30"),
        ("2026-11-25T14:05:00+00:00", "Thu 26 Nov 14:05"),
    ],
)
async def test_working_time_puts_the_decision_on_the_next_working_day(
    acting: Acting, picked_up: str, due: str
) -> None:
    await acting.to(picked_up)
    await acting.brief(safe_now="not_sure")
    assert f"Decide by {due}" in await acting.shown("pol-1")


async def test_two_reps_claim_in_the_same_second_and_the_second_is_told_who_leads(
    acting: Acting,
) -> None:
    await acting.referred()
    message = await acting.briefing()
    first, second = acting.hands("pol-1"), acting.hands("edu-1")
    one, two = await first.look(message), await second.look(message)
    BadDay(acting.r, "PUT", "").answer(429, 9, retry_after="60")  # an edit is everybody's
    await first.tap_screen(one, message, "claim", {})
    await second.tap_screen(two, message, "claim", {})
    await acting.r.settled()
    assert (await acting.referral()).lead == "pol-1"
    assert "Iqbal R. is already the lead person" in await _top(acting, "edu-1")


async def _top(acting: Acting, person_id: str) -> str:
    card = (await acting.briefing()).views.get(person_id) or {}
    return str(card)
