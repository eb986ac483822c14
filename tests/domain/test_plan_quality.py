"""The ten-point rubric of a plan: specific, owned, timed, needs-led, shared."""

import datetime as dt

import pytest

from bot.domain.events import Action
from bot.domain.plan_quality import PlanScore, is_specific, score_plan

from .story import TUESDAY, action

GOOD = "Visit mum at home and agree mornings"


def score(*actions: Action, needs: tuple[str, ...] = ("daily_care",), **shared: str) -> PlanScore:
    words = {"child_view": "Stay with Nan", "family_view": "Mum agrees", "next_step": "Ring us"}
    return score_plan(actions, needs, TUESDAY, **{**words, **shared})


def test_a_plan_with_everything_scores_ten():
    assert score(action()) == PlanScore(2, 2, 2, 2, 2)
    assert score(action()).total == 10


def test_no_actions_score_nothing_for_actions_or_needs():
    assert score() == PlanScore(0, 0, 0, 0, 2)


@pytest.mark.parametrize(
    ("text", "specific"),
    [
        (GOOD, True),
        ("Ring the school tomorrow morning", True),
        ("Ring the school tomorrow", False),
        ("Ring", False),
        ("", False),
        ("Monitor how he is in school", False),
        ("Liaise with the school every week", False),
        ("Support mum with mornings at home", False),
        ("Signpost mum to the parenting group", False),
        ("Follow up with the school nurse", False),
        ("FOLLOW UP with the school nurse", False),
        ("   monitor how he is in school", False),
        ("Ring school and monitor his mornings", True),
    ],
)
def test_specific_means_five_words_and_no_vague_start(text, specific):
    assert is_specific(text) is specific


@pytest.mark.parametrize(
    ("good", "bad", "points"),
    [(1, 0, 2), (2, 0, 2), (1, 1, 1), (2, 1, 1), (1, 2, 0), (0, 1, 0), (5, 5, 1), (4, 5, 0)],
)
def test_two_for_all_actions_one_for_at_least_half(good, bad, points):
    vague = [action("Monitor")] * bad
    unowned = [action(owner="", owner_name="  ")] * bad
    late = [action(due_on=TUESDAY + dt.timedelta(days=29))] * bad
    fine = [action()] * good

    assert score(*fine, *vague).specific == points
    assert score(*fine, *unowned).owned == points
    assert score(*fine, *late).timed == points


def test_an_owner_may_be_a_name_that_is_not_configured():
    assert score(action(owner="", owner_name="Family worker, North team")).owned == 2


@pytest.mark.parametrize(
    ("days", "timed"), [(-1, 0), (0, 2), (1, 2), (27, 2), (28, 2), (29, 0), (400, 0)]
)
def test_timed_from_the_day_of_the_pick_to_28_days_after(days, timed):
    assert score(action(due_on=TUESDAY + dt.timedelta(days=days))).timed == timed


@pytest.mark.parametrize(
    ("needs", "met", "points"),
    [
        (("daily_care",), ("daily_care",), 2),
        (("daily_care", "learning"), ("daily_care", "learning"), 2),
        (("daily_care", "learning"), ("daily_care",), 1),
        (("daily_care", "learning", "home"), ("daily_care",), 0),
        (("daily_care", "learning", "home"), ("daily_care", "home"), 1),
        (("daily_care", "learning", "home", "health"), ("home", "health"), 1),
        (("daily_care",), ("learning",), 0),
        (("daily_care",), ("daily_care", "daily_care", "learning"), 2),
        ((), ("daily_care",), 0),
    ],
)
def test_needs_led_counts_needs_with_an_action_not_actions(needs, met, points):
    assert score(*(action(need=n) for n in met), needs=needs).needs_led == points


@pytest.mark.parametrize(
    ("child", "family", "step", "points"),
    [
        ("Stay with Nan", "Mum agrees", "Ring us", 2),
        ("", "Mum agrees", "Ring us", 1),
        ("Stay with Nan", "", "Ring us", 1),
        ("Stay with Nan", "Mum agrees", "", 1),
        ("Stay with Nan", "", "", 0),
        ("", "Mum agrees", "", 0),
        ("", "", "Ring us", 0),
        ("", "", "", 0),
        ("  ", "\n", "\t", 0),
    ],
)
def test_shared_counts_the_childs_view_the_familys_view_and_the_callers_step(
    child, family, step, points
):
    found = score(action(), child_view=child, family_view=family, next_step=step)
    assert found.shared == points


@pytest.mark.parametrize("view", ["not asked", "Not asked yet", "  NOT ASKED: asleep"])
def test_a_view_that_was_not_asked_for_does_not_count(view):
    assert score(action(), child_view=view).shared == 1


def test_a_child_who_says_something_like_it_still_counts():
    assert score(action(), child_view="I was not asked what I want").shared == 2
