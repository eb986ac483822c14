"""Bad days: Teams refuses, does not answer, or asks to wait; people write what they should not."""

from __future__ import annotations

import pytest

from bot.desk import retrying
from bot.rehearsal.hands import Refusal
from bot.rehearsal.screen import Screen
from tests.wire.acting import BRIEF, Acting, words_of
from tests.wire.bad_day import BadDay, later

NUMBER = "07700 900123"
WHY = {"strategy_why": NUMBER}
THREE = "social_care,police,health"


@pytest.mark.parametrize("status", [403, 404, 429, 412])
async def test_a_briefing_that_cannot_be_posted_is_said_aloud_and_posted_once_it_can_be(
    acting: Acting, status: int
) -> None:
    day = BadDay(acting.r, "POST", "/v3/conversations")
    day.answer(status, 1)
    await acting.brief()
    assert acting.threads() == []
    chat = acting.r.world.chat(acting.r.world.person("masho-1"))
    assert "is not in the channel yet" in words_of(chat[-1].card or {}).replace(
        "saved but not", "not"
    ).replace("REF-2026-00001 is not", "is not")
    await acting.hands("mgr-1").say("open", place="personal")
    grace = acting.r.world.chat(acting.r.world.person("mgr-1"))
    assert "Not in the channel yet" in words_of(grace[-1].card or {})
    await later(acting, minutes=2)
    assert len(acting.threads()) == 1
    assert "not in the channel yet" not in words_of(chat[-1].card or {})


async def test_a_post_whose_answer_was_lost_is_repeated_once_at_most(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "POST", "/activities")
    day.answer(504, 9, done=True)
    await acting.later(minutes=10)
    await later(acting, minutes=1)
    await later(acting, minutes=5)
    message = await acting.briefing()
    said = [m for m in acting.thread(message) if "has no lead person yet" in m.text]
    assert 1 <= len(said) <= retrying.MOST_REPEATS
    assert (await acting.logged()).count("nudge.sent") == 1


async def test_a_card_that_was_not_edited_is_edited_after_the_wait(acting: Acting) -> None:
    await acting.referred()
    day = BadDay(acting.r, "PUT", "")
    day.answer(429, 1)
    await acting.tap("eh-1", "claim")
    assert "Nobody yet" in str((await acting.briefing()).card)
    await later(acting, seconds=5)
    assert "Femi A." in str((await acting.briefing()).card)


async def test_the_closing_list_that_was_throttled_comes_all_the_same(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    await acting.to("2026-11-24T16:14:00+00:00")
    day = BadDay(acting.r, "POST", "/activities")
    day.answer(429, 1)
    await acting.to("2026-11-24T16:15:00+00:00")
    await acting.to("2026-11-24T16:17:00+00:00")
    grace = acting.r.world.chat(acting.r.world.person("mgr-1"))
    lists = [m for m in grace if "without an agreed" in words_of(m.card or {})]
    assert len(lists) == 1


@pytest.mark.parametrize(
    ("person", "opener", "verb", "fill"),
    [
        ("sw-1", "strategy.open", "strategy.save", {"strategy_needed": "no", **WHY}),
        ("sw-1", "held.open", "held.save", {"attended": THREE, "also": NUMBER}),
        ("mgr-1", "assign.open", "assign.save", {"lead": "hlt-1", "reason": NUMBER}),
        (
            "mgr-1",
            "hand_over.open",
            "hand_over.save",
            {"to": "edt", "accepted_by": NUMBER, "reason": "x"},
        ),
        ("hlt-1", "contribute.open", "contribute.save", {"relevant": NUMBER}),
        (
            "eh-1",
            "outcome.open",
            "outcome.plan",
            {
                "action_1": "Ring mum about a visit",
                "owner_name_1": NUMBER,
                "need_1": "daily_care",
                "due_1": "2026-11-26",
            },
        ),
    ],
)  # fmt: skip
async def test_every_box_is_checked_once_and_may_be_passed(
    acting: Acting, person: str, opener: str, verb: str, fill: dict[str, str]
) -> None:
    await acting.referred()
    await acting.tap("eh-1", "claim")
    before = await acting.logged()
    hands = acting.hands(person)
    dialog = await hands.open(await acting.briefing(), opener)
    with pytest.raises(Refusal, match="Take out a phone number"):
        await hands.finish(dialog, verb, fill)
    assert await acting.logged() == before
    dialog = await hands.open(await acting.briefing(), opener)
    held = await hands.in_dialog(dialog, verb, fill)
    assert held.dialog is not None
    assert NUMBER in words_of(held.dialog.card)
    action, inputs = Screen(held.dialog.card).press(verb, **{"pass": True})
    passed = await acting.r.people.press_dialog(held.dialog, action, inputs)
    assert passed.kind == "none"
    assert len(await acting.logged()) == len(before) + 1
    stream = await acting.r.front_door.log.load(acting.case_id)
    assert stream.commits[-1].passed == ("phone",)


async def test_the_one_box_is_checked_and_keeps_the_words(acting: Acting) -> None:
    await acting.referred()
    await acting.tap("pol-1", "add", words=f"Ring dad on {NUMBER}")
    assert "contribution.added" not in await acting.logged()
    card = (await acting.briefing()).card_for("pol-1") or {}
    assert Screen(card).values["words"] == f"Ring dad on {NUMBER}"
    action, inputs = Screen(card).press("add", **{"pass": True})
    await acting.r.people.press("pol-1", await acting.briefing(), action, inputs)
    await acting.r.settled()
    assert "contribution.added" in await acting.logged()


async def test_feedback_only_warns(acting: Acting) -> None:
    await acting.referred()
    await acting.agreed()
    hands = acting.hands("eh-1")
    dialog = await hands.open(await acting.briefing(), "feedback.open")
    warned = await hands.in_dialog(dialog, "feedback.sent", {"text": f"Ring mum on {NUMBER}"})
    assert warned.dialog is not None
    assert "seems to hold an identifier" in words_of(warned.dialog.card)
    action, inputs = Screen(warned.dialog.card).press("feedback.sent", **{"pass": True})
    await acting.r.people.press_dialog(warned.dialog, action, inputs)
    assert (await acting.referral()).feedback_done


async def test_not_safe_now_is_posted_with_identifiers_masked(acting: Acting) -> None:
    await acting.brief(safe_now="no", seen_heard=f"Hurt now. {NUMBER}", needs="")
    referral = await acting.referral()
    assert referral.is_immediate
    assert NUMBER not in referral.asked.seen_heard
    assert len(acting.threads()) == 1


async def test_a_rep_with_nothing_to_add_taps_once_even_when_it_is_immediate(
    acting: Acting,
) -> None:
    await acting.referred(safe_now="no")
    screen = await acting.screen("pol-1")
    assert screen.has("not_known")
    await acting.tap("pol-1", "not_known")
    assert acting.hands("pol-1").taps == 0
    assert "police" in (await acting.referral()).heard()


async def test_the_assessment_team_and_strange_places_see_no_briefing(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    data = {"verb": "view", "case": acting.case_id, "v": 1}
    value = {"action": {"type": "Action.Execute", "verb": "view", "data": data}}
    people = acting.r.people
    for person_id, conversation in (
        ("axt-1", message.conversation_id),
        ("axt-1", acting.r.world.chat_id(acting.r.world.person("axt-1"))),
        ("eh-1", "19:another@thread.tacv2;messageid=1"),
        ("pol-1", acting.r.world.chat_id(acting.r.world.person("pol-1"))),
    ):
        person = acting.r.world.person(person_id)
        body = people._activity(
            person, conversation, type="invoke", name="adaptiveCard/action", value=value
        )
        if conversation.startswith("19:"):
            body["conversation"]["conversationType"] = "channel"
        _, answer = await people.deliver(body)
        assert answer["type"] == "application/vnd.microsoft.activity.message", conversation
        assert BRIEF["seen_heard"] not in str(answer)


async def test_an_earlier_answer_is_corrected_with_the_reason_beside_it(acting: Acting) -> None:
    await acting.referred()
    await acting.dialog(
        "masho-1", "intake.carry_on", "intake.rest", district="South", reason="Heard it wrong"
    )
    assert (await acting.referral()).asked.district == "South"
    stream = await acting.r.front_door.log.load(acting.case_id)
    amended = stream.commits[-1].recorded[0].event
    assert (amended.answers, amended.reason) == ({"district": "South"}, "Heard it wrong")  # type: ignore[union-attr]


async def test_words_that_look_like_a_command_are_logged_in_a_thread(acting: Acting) -> None:
    await acting.referred()
    root = (await acting.briefing()).id
    await acting.hands("pol-1").say("@Front Door stats show he missed school", thread=root)
    await acting.r.settled()
    assert [m.text for m in (await acting.referral()).messages] == ["stats show he missed school"]


async def test_words_too_long_for_the_log_are_refused_and_not_cut(acting: Acting) -> None:
    await acting.referred()
    message = await acting.briefing()
    await acting.hands("pol-1").say("@Front Door " + "word " * 500, thread=message.id)
    await acting.r.settled()
    assert (await acting.referral()).messages == ()
    assert "at most 2,000 characters" in acting.thread(message)[-1].text
