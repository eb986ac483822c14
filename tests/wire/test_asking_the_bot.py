"""Asking the bot: the week, what is open, what waits for me, and help."""

from __future__ import annotations

import pytest

from bot.rehearsal.screen import Screen
from tests.wire.acting import Acting, words_of


async def answer(acting: Acting, person_id: str, text: str) -> str:
    """What the bot says in the person's own chat."""
    await acting.hands(person_id).say(text, place="personal")
    last = acting.r.world.chat(acting.r.world.person(person_id))[-1]
    return last.text or words_of(last.card or {})


async def in_channel(acting: Acting, person_id: str, text: str) -> str:
    await acting.hands(person_id).say(f"@Front Door {text}")
    last = list(acting.r.world.messages.values())[-1]
    return last.text or words_of(last.card or {})


async def finished(acting: Acting) -> None:
    await acting.referred()
    await acting.later(minutes=30)
    await acting.dialog("mgr-1", "assign.open", "assign.save", lead="eh-1", reason="Knows mum")
    await acting.pick("eh-1")
    await acting.later(minutes=49)
    await acting.tap("sw-1", "agree")
    await acting.dialog("eh-1", "feedback.open", "feedback.sent", method="phone")
    await acting.dialog("masho-1", "notes.open", "notes.confirm")


async def test_a_manager_gets_the_week_in_words_and_a_chart_with_the_same_figures(
    acting: Acting,
) -> None:
    await finished(acting)
    shown = await answer(acting, "man-1", "stats")
    assert "Monday 23 November to Sunday 29 November" in shown
    assert "As at Tue 24 Nov 10:19" in shown
    assert "Still running" in shown
    assert "1 referral, 1 child." in shown
    assert "Duty team decided all 1: 1 early help." in shown
    assert "too few to give a typical one (1)" in shown
    assert "Decision in one working day: 1 of 1." in shown
    assert "Feedback in one working day: 1 of 1." in shown
    assert "Plans: 1, too few to give a middle score." in shown
    chat = acting.r.world.chat(acting.r.world.person("man-1"))
    chart = next(e for e in (chat[-1].card or {})["body"] if e["type"].startswith("Chart."))
    assert chart["data"] == [{"x": "Early help", "y": 1}]
    assert chart["fallback"]["facts"] == [{"title": "Early help", "value": "1"}]


async def test_in_the_channel_everything_but_totals_and_outcomes_is_hidden_when_small(
    acting: Acting,
) -> None:
    await finished(acting)
    shown = await in_channel(acting, "mgr-1", "stats")
    assert "1 referral, 1 child." in shown
    assert "1 early help" in shown
    assert "1 of 1" not in shown
    assert "middle score" not in shown
    assert "small numbers could point to a family" in shown


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("stats last week", "Monday 16 November to Sunday 22 November"),
        ("stats 2026-11-24", "Monday 23 November to Sunday 29 November"),
        ("stats 23 November", "Monday 23 November to Sunday 29 November"),
        ("stats 2026-W47", "Monday 16 November to Sunday 22 November"),
    ],
)
async def test_any_week_can_be_asked_for(acting: Acting, text: str, period: str) -> None:
    shown = await answer(acting, "man-1", text)
    assert period in shown
    assert "No referrals." in shown


async def test_a_date_that_is_none_gets_a_clear_sentence(acting: Acting) -> None:
    shown = await answer(acting, "man-1", "stats yesterweek")
    assert "I do not know 'yesterweek'" in shown


async def test_the_assessment_team_is_not_shown_figures(acting: Acting) -> None:
    assert "not for your role" in await answer(acting, "axt-1", "stats")


async def test_open_lists_each_referral_with_its_step_who_and_link_late_first(
    acting: Acting,
) -> None:
    await acting.referred()
    first = acting.case_id
    await acting.tap("eh-1", "claim")
    await acting.to("2026-11-25T11:00:00+00:00")
    await acting.referred("masho-2", mosaic_1="9900102")
    shown = await answer(acting, "mgr-1", "open")
    assert "Open referrals: 2" in shown
    assert shown.index("REF-2026-00001") < shown.index("REF-2026-00002")
    assert "Late." in shown
    assert "Plan and outcome: Femi A., by Wed 25 Nov 10:30" in shown
    chat = acting.r.world.chat(acting.r.world.person("mgr-1"))
    assert "#thread=" in str(chat[-1].card)
    assert first != acting.case_id


async def test_mine_lists_only_what_waits_for_me(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    assert "Waiting for you: 1" in await answer(acting, "eh-1", "mine")
    assert "Nothing is waiting." in await answer(acting, "edu-1", "mine")
    assert "Waiting for you: 1" in await answer(acting, "masho-1", "mine")


async def test_words_it_does_not_know_get_help_and_are_quoted_as_text(acting: Acting) -> None:
    shown = await answer(acting, "masho-1", "[click](https://evil.example) dance")
    assert "I do not know" in shown
    assert "Type: new referral, mine, open, stats or help." in shown


async def test_carry_on_waits_in_the_mashos_chat_until_the_rest_is_in(acting: Acting) -> None:
    first = await acting.brief()
    chat = acting.r.world.chat(acting.r.world.person("masho-1"))
    waiting = chat[-1]
    assert "some answers are still to come" in words_of(waiting.card or {})
    assert first.dialog is not None
    dialog = await acting.hands("masho-1").open(waiting, "intake.carry_on")
    fill = {"told_family": "yes_agree", "contact_method": "phone", "safe_contact": "yes"}
    await acting.hands("masho-1").finish(dialog, "intake.rest", fill)
    await acting.r.settled()
    assert "everything is in" in words_of(waiting.card or {})


async def test_the_roll_is_called_by_the_duty_manager_only_and_shows_on_the_briefing(
    acting: Acting,
) -> None:
    assert "Only the duty manager" in await answer(acting, "eh-1", "roll")
    await acting.hands("mgr-1").say("roll", place="personal")
    grace = acting.r.world.person("mgr-1")
    card = acting.r.world.chat(grace)[-1]
    await acting.hands("mgr-1").tap(card, "roll.save", {"absent": "edu-1"})
    await acting.referred()
    assert "No education rep today." in words_of((await acting.briefing()).card or {})


async def test_a_rep_marked_absent_cannot_claim(acting: Acting) -> None:
    await acting.hands("mgr-1").say("roll", place="personal")
    card = acting.r.world.chat(acting.r.world.person("mgr-1"))[-1]
    await acting.hands("mgr-1").tap(card, "roll.save", {"absent": "eh-1"})
    await acting.referred()
    await acting.tap("eh-1", "claim")
    assert (await acting.referral()).lead == ""
    shown = words_of((await acting.briefing()).card_for("eh-1") or {})
    assert "not on today's roll" in shown


async def test_a_masho_cannot_claim_and_a_manager_cannot_take_a_referral(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    action, _ = Screen(message.card or {}).press("claim")
    await acting.r.people.press("masho-1", message, action, {})
    assert "not for your role" in words_of((await acting.briefing()).card_for("masho-1") or {})
    assert (await acting.referral()).lead == ""
    dialog = await acting.form("man-1")
    assert "MASH officer or the duty manager posts referrals" in words_of(dialog.card)
