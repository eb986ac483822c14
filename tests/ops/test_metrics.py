"""What an operator sees in the metrics when people press, are refused, and things go wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from bot import telemetry as t
from bot.desk.effects import POST_BRIEFING, SAY
from bot.desk.ports import Effect, StoreUnavailable
from bot.desk.ticker import TIMERS, _waiting_since
from bot.domain.timers import DEFAULT_LEAD
from cards.wording import NUDGES
from tests.ops.watching import Watched, both_claim
from tests.wire.acting import Acting
from tests.wire.bad_day import BadDay


async def test_a_press_is_counted_by_verb_and_by_how_it_ended(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    await both_claim(acting)

    assert watched.counted(t.PRESSES, verb="intake.brief", result="taken") == 1
    assert watched.counted(t.PRESSES, verb="claim", result="taken") == 1
    assert watched.counted(t.PRESSES, verb="claim", result="refused") == 1
    assert watched.counted(t.REFUSALS, code="already_claimed") == 1
    assert watched.counted(t.PRESSES, result="fault") == 0


async def test_a_press_that_meets_a_fault_is_counted_as_one(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()

    async def no_answer(*_: object) -> None:
        raise StoreUnavailable("no answer")

    acting.desk.log.append = no_answer  # type: ignore[method-assign, assignment]
    await acting.tap("eh-1", "claim")

    assert watched.counted(t.PRESSES, verb="claim", result="fault") == 1
    assert watched.counted(t.PRESSES, verb="claim", result="taken") == 0


async def test_a_verb_that_no_button_has_is_called_unknown(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    message = await acting.briefing()
    data = {"verb": "amira_holt", "case": acting.case_id, "v": 1}
    value = {"action": {"type": "Action.Execute", "verb": "amira_holt", "data": data}}
    people = acting.r.people
    person = acting.r.world.person("eh-1")
    await people.deliver(
        people._activity(
            person, message.conversation_id, type="invoke", name="adaptiveCard/action", value=value
        )
    )

    assert watched.counted(t.PRESSES, verb="unknown", result="refused") == 1
    assert "amira" not in watched.everything()


async def test_a_message_is_counted_without_its_words(acting: Acting, watched: Watched) -> None:
    await acting.hands("mgr-1").say("open", place="personal")

    assert watched.counted(t.PRESSES, verb="message", result="taken") == 1


async def test_what_cannot_be_posted_waits_and_its_age_grows(
    acting: Acting, watched: Watched
) -> None:
    BadDay(acting.r, "POST", "/v3/conversations").answer(403, 99)
    await acting.brief()
    await acting.later(minutes=30)
    await acting.desk.ticker.tick()

    assert watched.gauge(t.WAITING) == 1
    assert watched.gauge(t.OLDEST) == 30 * 60
    watched.seconds.now += 90  # nobody tells: the clock hangs
    assert watched.gauge(t.OLDEST) == 30 * 60 + 90


async def test_nothing_waits_once_it_has_gone_out(acting: Acting, watched: Watched) -> None:
    day = BadDay(acting.r, "POST", "/v3/conversations")
    day.answer(403, 1)
    await acting.brief()
    await acting.desk.ticker.tick()
    assert watched.gauge(t.WAITING) == 1
    await acting.later(minutes=5)
    await acting.desk.ticker.tick()

    assert watched.gauge(t.WAITING) == 0
    watched.seconds.now += 90
    assert watched.gauge(t.OLDEST) == 0


async def test_a_briefing_for_the_next_working_day_does_not_wait_before_it(
    acting: Acting,
) -> None:
    await acting.brief()
    now = acting.r.clock.now()
    tomorrow = now + dt.timedelta(days=1)
    case = await acting.desk.cases.current(acting.case_id)
    later = Effect(POST_BRIEFING, {"not_before": tomorrow.isoformat()})
    n, index, _ = case.effects[0]
    held = type(case)(case.referral, ((n, index, later),), {}, case.read, case.owed_at)

    assert _waiting_since(held, now) == []
    assert _waiting_since(held, tomorrow) == [tomorrow]


async def test_what_another_replica_has_sent_does_not_wait_here(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    cases = acting.desk.cases
    case = await cases.current(acting.case_id)
    stale = type(case)(case.referral, case.effects, {}, case.read + 100, case.owed_at)
    cases._warm[acting.case_id] = stale
    cases._reads += 200
    acting.r.clock.move_to(acting.r.clock.now() + dt.timedelta(minutes=2))
    await acting.desk.ticker.tick()

    assert watched.gauge(t.WAITING) == 0


async def test_what_another_replica_left_behind_is_sent_from_here(acting: Acting) -> None:
    """The other one made the commit and went away before it sent anything."""
    acting.desk.outbox.kick = lambda case_id: None  # type: ignore[method-assign]
    await acting.brief()
    assert acting.threads() == []
    del acting.desk.outbox.kick  # type: ignore[method-assign]
    acting.r.clock.move_to(acting.r.clock.now() + dt.timedelta(minutes=2))
    await acting.desk.ticker.tick()
    await acting.r.settled()

    assert len(acting.threads()) == 1


async def test_what_is_given_up_is_counted_by_kind(acting: Acting, watched: Watched) -> None:
    await acting.referred()
    BadDay(acting.r, "POST", "/activities").answer(403, 99)
    await acting.later(minutes=10)

    assert watched.counted(t.GIVEN_UP, kind=SAY) == 1


async def test_the_desks_own_cards_wait_and_are_given_up_like_any_other(
    acting: Acting, watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    await acting.referred()
    await acting.to("2026-11-24T16:14:00+00:00")
    day = BadDay(acting.r, "POST", "/activities")
    day.answer(429, 1)
    await acting.to("2026-11-24T16:15:00+00:00")
    waiting = watched.gauge(t.WAITING)
    day.answer(403, 99)
    await acting.to("2026-11-24T16:17:00+00:00")

    assert waiting == 1
    assert watched.counted(t.GIVEN_UP, kind="closing") == 1
    assert watched.gauge(t.WAITING) == 0
    assert "outbox.failed" in [r.message for r in caplog.records]


async def test_a_timer_that_fires_late_says_how_late(acting: Acting, watched: Watched) -> None:
    await acting.referred()
    acting.r.clock.move_to(acting.r.clock.now() + dt.timedelta(minutes=14))
    await acting.desk.ticker.tick()
    await acting.desk.ticker.tick()

    assert watched.most(t.TIMER_LAG, kind="claim") == 4 * 60
    assert sum(p.count for p in watched.points(t.TIMER_LAG) if p.attributes["kind"] == "claim") == 1


async def test_a_timer_that_fires_in_time_has_no_lag(acting: Acting, watched: Watched) -> None:
    await acting.referred()
    await acting.later(minutes=10)

    assert watched.most(t.TIMER_LAG, kind="claim") == 0


async def test_the_roll_asked_late_says_so(acting: Acting, watched: Watched) -> None:
    await acting.desk.ticker.tick()  # 09:00, and due at 08:30

    assert watched.most(t.TIMER_LAG, kind="roll") == 30 * 60


def test_every_timer_there_is_may_be_named() -> None:
    assert {kind for kind, _ in NUDGES} | {DEFAULT_LEAD} <= TIMERS


async def test_the_clocks_silence_grows_until_it_ticks_again(watched: Watched) -> None:
    assert watched.gauge(t.TICK_AGE) is None
    watched.telemetry.ticked()
    watched.seconds.now += 300
    assert watched.gauge(t.TICK_AGE) == 300
    watched.telemetry.ticked()
    assert watched.gauge(t.TICK_AGE) == 0


async def test_an_exports_age_grows_until_the_next(watched: Watched) -> None:
    assert watched.gauge(t.EXPORT_AGE) is None
    watched.telemetry.export_age(3600)
    watched.seconds.now += 60
    assert watched.gauge(t.EXPORT_AGE) == 3660


async def test_storage_calls_are_counted_by_what_came_of_them(
    acting: Acting, watched: Watched
) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    assert watched.counted(t.STORE_CALLS, operation="write", table="Commits", outcome="ok") >= 3
    assert watched.counted(t.STORE_CALLS, outcome="unavailable") == 0
    timed = [p for p in watched.points(t.STORE_DURATION) if p.attributes["operation"] == "write"]
    assert sum(p.count for p in timed) >= 3

    rows = acting.r.front_door.rows
    found = await rows.query("Commits", acting.case_id)
    with pytest.raises(Exception, match="C0"):
        await rows.write([type(found[0])("Commits", acting.case_id, found[0].key)])
    assert watched.counted(t.STORE_CALLS, outcome="already_there") == 1


async def test_a_table_that_is_none_of_ours_is_called_unknown(watched: Watched) -> None:
    watched.telemetry.stored("get", "p-amira", "ok", 0.1)

    assert watched.counted(t.STORE_CALLS, table="unknown") == 1
    assert "amira" not in watched.everything()
