"""What each referral waits for, and whose hand is wanted."""

import pytest

from bot.domain import commands as cmd
from bot.domain.next_step import next_step, waits_for
from bot.domain.partnership import Today

from .story import (
    EDUCATION,
    LEAD,
    MANAGER,
    MASHO,
    PARTNERSHIP,
    POLICE,
    SECOND_MANAGER,
    SOCIAL_WORKER,
    WEDNESDAY,
    Story,
    agreed,
    at,
    briefed,
    flagged,
    given,
    handed_over,
    in_discussion,
    person,
    proposed,
)

SENIORS = (SOCIAL_WORKER, MANAGER, SECOND_MANAGER)


def step(story: Story) -> tuple[str, tuple[str, ...]]:
    found = next_step(story.referral, story.partnership, story.today)
    return found.code, found.who


@pytest.mark.parametrize(
    ("story", "code", "who"),
    [
        (given(*briefed()), "briefed", ()),
        (given(*in_discussion()), "in_discussion", (LEAD,)),
        (given(*proposed()), "outcome_proposed", SENIORS),
        (given(*agreed()), "feedback", (LEAD,)),
        (given(*handed_over()), "feedback", (LEAD,)),
    ],
)
def test_each_state_waits_for_somebody(story, code, who):
    assert step(story) == (code, who)
    found = next_step(story.referral, PARTNERSHIP, Today())
    assert found.due_at == at("10:30", WEDNESDAY)


def test_an_immediate_referral_not_taken_comes_before_everything():
    unled = given(*briefed(), flagged("09:15"))
    led = given(*in_discussion(), flagged("09:15"))
    taken = led.when(cmd.AcknowledgeAssessment("Helen C."), by=POLICE).story

    assert step(unled) == ("immediate", (SOCIAL_WORKER,))
    assert step(led) == ("immediate", (LEAD,))
    assert step(taken) == ("in_discussion", (LEAD,))


def test_the_picker_is_not_waited_for_unless_the_setting_lets_them_agree():
    by_worker = given(*proposed(by=SOCIAL_WORKER))

    assert step(by_worker)[1] == (MANAGER, SECOND_MANAGER)
    assert step(by_worker.under(outcome_agreement="social_worker"))[1] == SENIORS


def test_after_feedback_the_notes_and_a_masho_asked_to_ring_is_waited_for():
    asked = given(*agreed()).when(cmd.AskMashoToRing("Thank you"), by=LEAD).story
    told = asked.when(cmd.SendFeedback("phone", "Thank you"), by=MASHO).story

    assert step(asked) == ("feedback", (MASHO,))
    assert step(told) == ("notes", (LEAD, MASHO))


def waited_for(story: Story) -> set[str]:
    return {
        p.id
        for p in PARTNERSHIP.people
        if waits_for(story.referral, person(p.id), PARTNERSHIP, story.today)
    }


def test_an_unclaimed_referral_waits_for_any_rep_and_the_masho_who_took_it():
    waiting = waited_for(given(*briefed()))

    assert {MASHO, POLICE, EDUCATION, SOCIAL_WORKER, MANAGER} <= waiting
    assert "masho-2" not in waiting


def test_a_referral_with_a_lead_waits_for_them_and_the_masho():
    assert waited_for(given(*in_discussion())) == {LEAD, MASHO}
    assert waited_for(given(*proposed())) == {LEAD, MASHO, *SENIORS}
