"""Cards in people's own chats: none for whoever lost their role, also where Graph is not there."""

from __future__ import annotations

import pytest

from tests.wire.acting import words_of
from tests.wire.grouped import HOST, STALE, Grouped, graph_down, oid
from tests.wire.test_bad_days import BadDay

FRIDAY = "2026-11-27T15:00:00+00:00"
FRIDAY_EVENING = "2026-11-27T17:30:00+00:00"


async def agreed_by_police(grouped: Grouped) -> None:
    """With a lead whose role is on the list, whatever becomes of Graph."""
    await grouped.referred()
    await grouped.tap("pol-1", "claim")
    await grouped.pick("pol-1")
    await grouped.tap("sw-1", "agree")


async def test_while_roles_cannot_be_told_no_card_of_the_days_goes_to_anybodys_chat(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    before = {p.id: len(grouped.chat(p.id)) for p in HOST}
    for person in HOST:
        grouped.groups.put(person.object_id)
    grouped.groups.break_down()

    await grouped.to(FRIDAY_EVENING)
    while_down = {p.id: len(grouped.chat(p.id)) for p in HOST}
    await grouped.mended()
    await grouped.later(minutes=2)

    assert while_down == before
    assert {p.id: len(grouped.chat(p.id)) for p in HOST} == before


async def test_a_managers_week_waits_for_their_role_and_then_goes_once(grouped: Grouped) -> None:
    await grouped.referred()
    before = len(grouped.chat("man-1"))
    grouped.groups.break_down()
    await grouped.to(FRIDAY)
    for _ in range(20):
        await grouped.later(minutes=1)
    assert len(grouped.chat("man-1")) == before

    await grouped.mended()
    await grouped.later(minutes=1)
    await grouped.later(minutes=1)

    (card,) = grouped.chat("man-1")[before:]
    assert "1 referral, 1 child." in words_of(card.card or {})


async def test_having_waited_for_a_role_a_card_is_not_given_up_when_teams_is_busy_too(
    grouped: Grouped,
) -> None:
    await grouped.referred()
    before = len(grouped.chat("man-1"))
    grouped.groups.break_down()
    await grouped.to(FRIDAY)
    for _ in range(20):
        await grouped.later(minutes=1)
    busy = BadDay(grouped.r, "POST", "/activities")
    busy.answer(429, 1)

    await grouped.mended()
    for _ in range(3):
        await grouped.later(minutes=1)

    assert len(grouped.chat("man-1")) == before + 1


async def test_a_manager_who_now_has_another_role_does_not_get_the_week(grouped: Grouped) -> None:
    await grouped.referred()
    before = len(grouped.chat("man-1"))
    (rep,) = grouped.r.graph.memberships[oid("eh-1")]
    grouped.groups.put(oid("man-1"), rep)

    await grouped.to(FRIDAY)
    await grouped.later(minutes=1)

    assert [
        m for m in grouped.chat("man-1")[before:] if "1 referral" in words_of(m.card or {})
    ] == []


async def test_what_a_caller_is_to_be_told_waits_for_the_role_of_who_rings(
    grouped: Grouped,
) -> None:
    await agreed_by_police(grouped)
    before = len(grouped.chat("masho-1"))
    await graph_down(grouped)

    await grouped.dialog("pol-1", "feedback.open", "feedback.ask", text="Please tell the school.")
    for _ in range(20):
        await grouped.later(minutes=1)
    assert len(grouped.chat("masho-1")) == before

    await grouped.mended()
    await grouped.later(minutes=1)
    (card,) = grouped.chat("masho-1")[before:]
    assert "Please tell the school." in words_of(card.card or {})


@pytest.mark.parametrize("still", [True, False])
async def test_a_card_already_sent_is_drawn_again_only_for_who_still_has_a_role(
    grouped: Grouped, still: bool
) -> None:
    await agreed_by_police(grouped)
    before = len(grouped.chat("masho-1"))
    await grouped.dialog("pol-1", "feedback.open", "feedback.ask", text="Please tell the school.")
    (card,) = grouped.chat("masho-1")[before:]
    drawn = card.rev
    if not still:
        grouped.groups.put(oid("masho-1"))
    await graph_down(grouped)

    await grouped.dialog("pol-1", "feedback.open", "feedback.sent")
    while_down = card.rev
    await grouped.mended()
    await grouped.later(minutes=1)
    grouped.desk.outbox.kick(grouped.case_id)
    await grouped.r.settled()

    assert while_down == drawn
    assert ("has heard back" in words_of(card.card or {})) is still


async def test_a_child_not_safe_waits_for_nobodys_role(grouped: Grouped) -> None:
    await grouped.referred()
    before = len(grouped.chat("axt-1"))
    await grouped.later(**STALE)
    grouped.r.graph.gate.clear()

    await grouped.tap("pol-1", "flag")

    said = [m for m in grouped.thread(await grouped.briefing()) if m.mentions]
    assert set(said[-1].mentions) == {"Tomasz W.", "Grace O.", "Hana S."}
    (told,) = grouped.chat("axt-1")[before:]
    assert "REF-2026-00001" in words_of(told.card or {})
    grouped.r.graph.gate.set()
