"""What waits is chased, once each, whatever is restarted."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.rehearsal import Rehearsal
from tests.wire.acting import Acting, words_of


async def test_nobody_claims_two_nudges_then_the_first_duty_manager_leads(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.later(minutes=9)
    assert "nudge.sent" not in await acting.logged()
    await acting.later(minutes=1)
    assert (await acting.logged()).count("nudge.sent") == 1
    await acting.later(minutes=10)
    thread = acting.thread(await acting.briefing())
    assert "Grace O. will become lead at 09:30" in thread[-1].text
    await acting.later(minutes=10)
    referral = await acting.referral()
    assert referral.lead == "mgr-1"
    assert referral.lead_defaulted
    await acting.later(minutes=20)
    assert (await acting.logged()).count("lead.defaulted") == 1


async def test_a_claim_ends_the_chase(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.later(hours=2)
    kinds = {k for k, _ in (await acting.referral()).nudges}
    assert "claim" not in kinds


async def test_immediate_not_taken_is_chased_every_ten_minutes_until_taken(
    acting: Acting,
) -> None:
    await acting.brief(safe_now="no")
    await acting.tap("sw-1", "claim")
    await acting.later(minutes=21)
    thread = acting.thread(await acting.briefing())
    chased = [m for m in thread if "has taken it yet" in m.text]
    assert len(chased) == 2
    assert {"Tomasz W.", "Grace O."} <= set(chased[0].mentions)
    await acting.dialog("sw-1", "taken.open", "taken", taken_by="Helen C.")
    await acting.later(minutes=30)
    thread = acting.thread(await acting.briefing())
    assert len([m for m in thread if "has taken it yet" in m.text]) == 2


async def test_an_outcome_waiting_is_chased_at_15_and_30_working_minutes(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.pick("eh-1")
    await acting.later(minutes=15)
    assert ("agree", 1) in (await acting.referral()).nudges
    assert "Tomasz W." in acting.thread(await acting.briefing())[-1].mentions
    await acting.later(minutes=15)
    assert "Grace O." in acting.thread(await acting.briefing())[-1].mentions
    await acting.later(minutes=60)
    assert {("agree", 1), ("agree", 2)} == (await acting.referral()).nudges


async def test_before_closing_the_duty_manager_gets_one_list_with_hand_over(
    acting: Acting,
) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.to("2026-11-24T16:15:00+00:00")
    grace = acting.r.world.person("mgr-1")
    lists = [m for m in acting.r.world.chat(grace) if "without an agreed" in words_of(m.card or {})]
    assert len(lists) == 1
    dialog = await acting.hands("mgr-1").open(lists[0], "hand_over.open")
    await acting.hands("mgr-1").finish(
        dialog,
        "hand_over.save",
        {"to": "edt", "accepted_by": "Sam at EDT", "reason": "Not finished by close"},
    )
    assert str((await acting.referral()).state) == "handed_over"
    await acting.to("2026-11-24T16:50:00+00:00")
    lists = [m for m in acting.r.world.chat(grace) if "without an agreed" in words_of(m.card or {})]
    assert len(lists) == 1


async def test_a_restart_repeats_no_nudge(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    first = Rehearsal(store=store)
    await first.start()
    acting = Acting(first)
    await acting.referred()
    await acting.later(minutes=12)
    case, moment = acting.case_id, first.clock.now()
    assert (await acting.logged()).count("nudge.sent") == 1
    await first.stop()

    second = Rehearsal(store=store, clock=RehearsalClock(moment))
    await second.start()
    try:
        again = Acting(second)
        again.case_id = case
        await second.front_door.desk.ticker.tick()
        await second.settled()
        assert (await again.logged()).count("nudge.sent") == 1
        await again.later(minutes=9)
        assert (await again.logged()).count("nudge.sent") == 2
    finally:
        await second.stop()
