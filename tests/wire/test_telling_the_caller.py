"""Before a text goes to a caller: the level check, the social worker's check, the duty manager."""

from __future__ import annotations

from bot.domain.vocabulary import State
from bot.rehearsal.screen import Screen
from tests.wire.acting import PLAN, Acting, words_of

LEAK = f"Thank you for ringing. We will {PLAN['action_1'].lower()}."


async def agreed(acting: Acting, group: str, **answers: str) -> None:
    await acting.referred(referrer_group=group, **answers)
    await acting.agreed()


async def test_feedback_level_warns_a_neighbours_text_that_names_the_plan(acting: Acting) -> None:
    await agreed(acting, "neighbour_public")
    words = await acting.refused("eh-1", "feedback.open", "feedback.sent", text=LEAK)
    assert "This caller may not hear some of this: 'visit mum at home' (the plan)" in words
    assert LEAK in words, "nothing typed is lost"
    assert (await acting.referral()).feedback == ()


async def test_the_duty_manager_lets_it_pass_recorded_and_then_it_goes(acting: Acting) -> None:
    await agreed(acting, "neighbour_public")
    hands = acting.hands("eh-1")
    opened = await hands.open(await acting.briefing(), "feedback.open")
    warned = (await hands.in_dialog(opened, "feedback.sent", {"text": LEAK})).dialog
    assert warned is not None
    told = (await hands.in_dialog(warned, "feedback.hold", {})).dialog
    assert told is not None
    assert "Grace O. or Hana S. checks this first" in words_of(told.card)
    await acting.r.settled()
    said = [m for m in acting.thread(await acting.briefing()) if "check the feedback" in m.text]
    assert [m.mentions for m in said] == [("Grace O.", "Hana S.")]
    assert "visit" not in said[0].text
    assert (await acting.screen("mgr-1")).has("check.open")
    assert not (await acting.screen("pol-1")).has("check.open")
    reason = "She minds them after school"
    await acting.dialog("mgr-1", "check.open", "feedback.pass", reason=reason)
    again = await hands.open(await acting.briefing(), "feedback.open")
    assert Screen(again.card).values["text"] == LEAK
    await hands.finish(again, "feedback.sent", {})
    assert (await acting.logged())[-2:] == ["feedback.passed", "feedback.sent"]


async def test_a_parents_feedback_waits_for_a_social_worker_who_is_told_at_once(
    acting: Acting,
) -> None:
    await agreed(acting, "parent_carer")
    opened = await acting.hands("eh-1").open(await acting.briefing(), "feedback.open")
    assert not Screen(opened.card).has("feedback.sent")
    assert "A social worker checks this before you say or send it." in words_of(opened.card)
    words = await acting.refused("eh-1", "feedback.open", "feedback.hold")
    assert "Tomasz W., Grace O. or Hana S. checks this first and has been asked" in words
    assert (await acting.referral()).held
    assert "waits for a social worker's check" in await acting.shown("pol-1")
    await acting.dialog("sw-1", "check.open", "feedback.check")
    hands = acting.hands("eh-1")
    opened = await hands.open(await acting.briefing(), "feedback.open")
    assert "Checked by Tomasz W." in words_of(opened.card)
    await hands.finish(opened, "feedback.sent", {})
    assert len((await acting.referral()).feedback) == 1


async def test_the_bots_own_draft_is_never_warned_about(acting: Acting) -> None:
    for group in ("school", "housing", "child_young_person", "other_family", "neighbour_public"):
        one = Acting(acting.r)
        await agreed(one, group)
        await one.dialog("eh-1", "feedback.open", "feedback.sent")
        assert len((await one.referral()).feedback) == 1, group
        await one.dialog("masho-1", "notes.open", "notes.confirm")
        assert (await one.referral()).state is State.CLOSED


async def test_the_second_caller_of_a_merge_may_be_the_one_who_cannot_be_told(
    acting: Acting,
) -> None:
    await acting.referred()
    police = Acting(acting.r)
    await police.referred("masho-2", referrer_group="police")
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    await acting.agreed()
    await acting.dialog("eh-1", "feedback.open", "feedback.sent")
    words = await acting.refused("eh-1", "cannot.open", "cannot.save", reason=" ")
    assert "REF-2026-00002" in words
    await acting.dialog("eh-1", "cannot.open", "cannot.save", reason="The number does not work")
    await acting.dialog("masho-1", "notes.open", "notes.confirm")
    referral = await acting.referral()
    assert referral.state is State.CLOSED
    assert [n.for_ref for n in referral.no_feedback] == ["REF-2026-00002"]
