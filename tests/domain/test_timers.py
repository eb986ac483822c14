"""What waits is chased at the right minute, once a level, and no further than the cap."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.partnership import BOT, Today
from bot.domain.timers import Due, closing_list_at, due_list

from .story import (
    ASSESSMENT,
    BY_STATE,
    FRIDAY,
    LEAD,
    MANAGER,
    PARTNERSHIP,
    POLICE,
    SECOND_MANAGER,
    SOCIAL_WORKER,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Story,
    agreed,
    at,
    briefed,
    closed,
    did,
    flagged,
    given,
    handed_over,
    in_discussion,
    intake,
    proposed,
    submitted,
)

NEXT_MONDAY = dt.date(2026, 11, 30)
WAITING = given(*briefed())
BOTH_MANAGERS = (MANAGER, SECOND_MANAGER)


def due(story: Story) -> list[Due]:
    return due_list(story.referral, story.partnership, story.today)


def of(story: Story, *kinds: str) -> list[tuple[str, int, dt.datetime, tuple[str, ...]]]:
    return [(d.kind, d.level, d.at, d.to) for d in due(story) if d.kind in kinds]


def sent(story: Story, kind: str, *levels: int) -> Story:
    for level in levels:
        story = story.when(cmd.SendNudge(kind, level), by=BOT.id).story
    return story


def test_an_unclaimed_referral_is_chased_at_ten_twenty_and_thirty_minutes():
    assert of(WAITING, "claim", "default_lead") == [
        ("claim", 1, at("09:16"), ()),
        ("claim", 2, at("09:26"), (MANAGER,)),
        ("default_lead", 1, at("09:36"), ()),
    ]


def test_claiming_ends_the_chase():
    assert of(given(*in_discussion()), "claim", "claim_immediate", "default_lead") == []


def test_claim_minutes_stop_at_closing():
    late = given(
        *submitted(intake(received_at=at("16:50")), "16:52"),
        did(ev.BriefingPosted("c", "m", "s", False, ()), BOT.id, "16:55"),
    )
    assert [at_ for _, _, at_, _ in of(late, "claim", "default_lead")] == [
        at("10:35", WEDNESDAY),
        at("10:45", WEDNESDAY),
        at("10:55", WEDNESDAY),
    ]


def test_a_referral_not_yet_posted_has_no_claim_to_chase():
    assert of(given(*submitted()), "claim", "default_lead") == []


def test_an_unclaimed_immediate_referral_is_chased_from_the_flag():
    urgent = given(*briefed(), flagged("09:15"))

    assert of(urgent, "claim", "claim_immediate", "default_lead") == [
        ("claim_immediate", 1, at("09:17"), (SOCIAL_WORKER, *BOTH_MANAGERS)),
        ("claim_immediate", 2, at("09:20"), (SOCIAL_WORKER, *BOTH_MANAGERS)),
        ("default_lead", 1, at("09:20"), ()),
    ]


def test_immediate_not_taken_is_chased_every_ten_minutes_up_to_the_cap():
    urgent = given(*in_discussion(), flagged("09:15"))

    nudges = of(urgent, "immediate_not_taken")

    assert [level for _, level, _, _ in nudges] == list(range(1, 13))
    assert [at_ for _, _, at_, _ in nudges] == [
        at("09:15") + dt.timedelta(minutes=10 * n) for n in range(1, 13)
    ]
    assert {to for _, _, _, to in nudges} == {(LEAD, *BOTH_MANAGERS)}


def test_the_immediate_clock_runs_through_closing():
    late = given(*in_discussion(), flagged("16:55"))
    assert of(late, "immediate_not_taken")[0][2] == at("17:05")


def test_the_cap_and_the_interval_are_settings():
    timers = type(PARTNERSHIP.timers)(
        immediate_not_taken_every_minutes=5, immediate_not_taken_most=2
    )
    urgent = given(*in_discussion(), flagged("09:15")).under(timers=timers)
    assert [d[2] for d in of(urgent, "immediate_not_taken")] == [at("09:20"), at("09:25")]


@pytest.mark.parametrize(
    "ending",
    [
        did(ev.AssessmentAcknowledged("Helen C."), ASSESSMENT, "09:20"),
        did(ev.ImmediateStoodDown("With Nan"), SOCIAL_WORKER, "09:20"),
    ],
)
def test_taken_or_stood_down_ends_the_chase(ending):
    assert of(given(*in_discussion(), flagged(), ending), "immediate_not_taken") == []


def test_rung_but_not_taken_is_still_chased():
    rung = did(ev.AssessmentNotified("Assessment Team A"), POLICE, "09:16")
    assert len(of(given(*in_discussion(), flagged(), rung), "immediate_not_taken")) == 12


def test_a_flag_raised_again_is_chased_from_its_own_first_level():
    story = sent(given(*in_discussion(), flagged("09:15")), "immediate_not_taken", 1, 2)
    story = story.when(cmd.StandDownImmediate("With Nan"), by=MANAGER, at="09:40").story

    again = story.when(cmd.FlagImmediate(), by=POLICE, at="11:00").story

    assert [(level, at_) for _, level, at_, _ in of(again, "immediate_not_taken")][:2] == [
        (1, at("11:10")),
        (2, at("11:20")),
    ]


def test_a_pick_not_agreed_is_chased_at_fifteen_and_thirty_working_minutes():
    assert of(given(*proposed()), "agree") == [
        ("agree", 1, at("09:45"), (SOCIAL_WORKER,)),
        ("agree", 2, at("10:00"), BOTH_MANAGERS),
    ]


def test_the_picker_is_not_asked_to_agree_their_own_pick():
    by_worker = given(*proposed(by=SOCIAL_WORKER))
    by_manager = given(*proposed(by=MANAGER))

    assert [to for *_, to in of(by_worker, "agree")] == [BOTH_MANAGERS, BOTH_MANAGERS]
    assert [to for *_, to in of(by_manager, "agree")] == [(SOCIAL_WORKER,), (SECOND_MANAGER,)]


def test_agreed_or_undone_ends_the_chase():
    undone = given(*proposed(), did(ev.OutcomeUndone(), LEAD, "09:31"))
    assert of(undone, "agree") == []
    assert of(given(*agreed()), "agree") == []


def test_a_second_pick_after_reopening_is_chased_too():
    nudged = sent(given(*proposed()), "agree", 1)
    endorsed = nudged.when(cmd.EndorseOutcome(), by=SOCIAL_WORKER, at="09:50").story
    noted = endorsed.when(cmd.ConfirmNotes(), by=LEAD, at="09:51").story
    done = noted.when(cmd.SendFeedback("phone", "Thank you"), by=LEAD, at="09:52").story
    reopened = done.when(cmd.FlagImmediate(), by=POLICE, at="14:00").story
    pick = cmd.ProposeOutcome("ehu", "He is with Nan and safe.")

    again = reopened.when(pick, by=LEAD, at="14:10").story

    assert done.referral.state == "closed"
    assert [(level, at_) for _, level, at_, _ in of(again, "agree")] == [
        (1, at("14:25")),
        (2, at("14:40")),
    ]


def test_a_reopened_referral_is_chased_for_its_decision_again():
    reopened = given(*closed()).when(cmd.FlagImmediate(), by=POLICE, at="14:00").story
    assert of(reopened, "decision_due")


def test_what_was_chased_before_a_reopening_is_chased_again_after_it():
    nudged = sent(sent(given(*agreed()), "decision_due", 1, 2), "feedback_due", 1, 2)
    noted = nudged.when(cmd.ConfirmNotes(), by=LEAD, at="11:00", day=WEDNESDAY).story
    done = noted.when(cmd.SendFeedback("phone", "Sorry"), by=LEAD, at="11:01", day=WEDNESDAY).story
    reopened = done.when(cmd.FlagImmediate(), by=POLICE, at="14:00", day=WEDNESDAY).story
    pick = cmd.ProposeOutcome("ehu", "He is with Nan and safe.")
    picked = reopened.when(pick, by=LEAD, at="14:10", day=WEDNESDAY).story
    again = picked.when(cmd.EndorseOutcome(), by=MANAGER, at="14:20", day=WEDNESDAY).story

    assert of(reopened, "decision_due")
    assert of(again, "feedback_due")


def test_one_handed_over_then_reopened_owes_a_decision_before_feedback():
    noted = given(*handed_over()).when(cmd.ConfirmNotes(), by=LEAD, at="10:00").story
    done = noted.when(cmd.SendFeedback("phone", "Thank you"), by=LEAD, at="10:05").story
    reopened = done.when(cmd.FlagImmediate(), by=POLICE, at="14:00").story

    assert reopened.referral.state == "in_discussion"
    assert of(reopened, "decision_due")
    assert of(reopened, "feedback_due") == []


def test_a_decision_is_chased_an_hour_before_it_is_due_and_when_it_is():
    assert of(given(*in_discussion()), "decision_due") == [
        ("decision_due", 1, at("09:30", WEDNESDAY), (LEAD,)),
        ("decision_due", 2, at("10:30", WEDNESDAY), (LEAD, MANAGER)),
    ]
    assert [to for *_, to in of(WAITING, "decision_due")] == [(MANAGER,), (MANAGER,)]


def test_an_agreed_or_handed_over_referral_owes_no_decision():
    assert of(given(*proposed()), "decision_due")
    assert of(given(*agreed()), "decision_due") == []
    assert of(given(*handed_over()), "decision_due") == []


def test_feedback_is_chased_a_working_hour_before_it_is_due_and_when_it_is():
    """Due at opening on Wednesday, so the hour before is Tuesday's last but one."""
    assert of(given(*agreed()), "feedback_due") == [
        ("feedback_due", 1, at("16:00"), (LEAD,)),
        ("feedback_due", 2, at("10:30", WEDNESDAY), (LEAD, MANAGER)),
    ]


def endorsed(clock: str, day: dt.date, received: str = "09:00") -> Story:
    form = intake(received_at=at(received))
    return given(
        *proposed(form), did(ev.OutcomeEndorsed("second_person"), SOCIAL_WORKER, clock, day)
    )


@pytest.mark.parametrize(
    ("clock", "day", "first", "second"),
    [
        ("15:59", TUESDAY, at("16:00"), at("10:30", WEDNESDAY)),
        ("16:00", TUESDAY, at("10:30", WEDNESDAY), at("11:30", WEDNESDAY)),
        ("16:01", TUESDAY, at("10:31", WEDNESDAY), at("11:31", WEDNESDAY)),
        ("22:40", TUESDAY, at("11:30", WEDNESDAY), at("12:30", WEDNESDAY)),
        ("11:00", WEDNESDAY, at("12:00", WEDNESDAY), at("13:00", WEDNESDAY)),
        ("16:30", WEDNESDAY, at("09:00", THURSDAY), at("10:00", THURSDAY)),
        ("16:00", FRIDAY, at("09:00", NEXT_MONDAY), at("10:00", NEXT_MONDAY)),
        ("15:30", FRIDAY, at("08:30", NEXT_MONDAY), at("09:30", NEXT_MONDAY)),
    ],
)
def test_a_decision_too_late_for_that_is_chased_one_and_two_working_hours_on(
    clock, day, first, second
):
    assert [d[2] for d in of(endorsed(clock, day), "feedback_due")] == [first, second]


def test_feedback_due_at_closing_is_chased_at_the_next_opening():
    closing = given(*agreed(intake(received_at=at("16:45", THURSDAY))))
    assert [d[2] for d in of(closing, "feedback_due")] == [
        at("15:30", FRIDAY),
        at("08:30", NEXT_MONDAY),
    ]


def test_feedback_is_chased_while_the_door_is_open_and_once_a_level_whenever_it_was_agreed():
    """Any time of a week, a bank holiday in it: every quarter of an hour, by night too."""
    calendar = PARTNERSHIP.calendar
    start = at("09:30", dt.date(2026, 12, 22))
    for quarter in range(7 * 24 * 4):
        moment = start + dt.timedelta(minutes=15 * quarter)
        log = [
            *proposed(intake(received_at=at("09:00", dt.date(2026, 12, 22)))),
            ev.Recorded(ev.OutcomeEndorsed("second_person"), moment, SOCIAL_WORKER),
        ]
        first, second = of(given(*log), "feedback_due")
        assert (first[1], second[1]) == (1, 2)
        assert moment < first[2] < second[2]
        assert calendar.is_open(first[2])
        assert calendar.is_open(second[2])


def test_feedback_on_a_corrected_outcome_is_chased_from_its_new_agreement():
    right = cmd.CorrectOutcome("More is known", "", "He needs more.")
    told = given(*closed()).when(right, by=SOCIAL_WORKER, at="11:00", day=THURSDAY).story
    again = told.when(cmd.EndorseOutcome(), by=MANAGER, at="11:10", day=THURSDAY).story
    assert [d[2] for d in of(again, "feedback_due")] == [at("10:00", FRIDAY), at("11:00", FRIDAY)]


def test_a_referral_handed_over_is_still_chased_for_feedback():
    assert of(given(*handed_over()), "feedback_due") == [
        ("feedback_due", 1, at("16:00"), (LEAD,)),
        ("feedback_due", 2, at("10:30", WEDNESDAY), (LEAD, MANAGER)),
    ]


@pytest.mark.parametrize(
    "done",
    [
        cmd.SendFeedback("phone", "Thank you"),
        cmd.FeedbackCannotBeGiven("No number"),
    ],
)
def test_feedback_given_or_not_possible_ends_the_chase(done):
    story = given(*agreed()).when(done, by=LEAD).story
    assert of(story, "feedback_due") == []


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        (WAITING, "claim"),
        (given(*in_discussion(), flagged()), "immediate_not_taken"),
        (given(*proposed()), "agree"),
        (given(*in_discussion()), "decision_due"),
        (given(*agreed()), "feedback_due"),
    ],
)
def test_each_level_fires_once_and_the_others_stay(story, kind):
    before = of(story, kind)

    after = of(sent(story, kind, 1), kind)

    assert after == [d for d in before if d[1] != 1]
    assert of(sent(story, kind, *(d[1] for d in before)), kind) == []


def test_the_earliest_comes_first():
    for log in BY_STATE.values():
        times = [d.at for d in due(given(*log, flagged()) if log else given())]
        assert times == sorted(times)


def test_nothing_is_due_for_a_draft_or_a_closed_referral():
    assert due(given()) == []
    assert due(given(*closed())) == []


def test_those_not_here_today_are_not_chased():
    away = Today(absent=frozenset({MANAGER, SOCIAL_WORKER}), called=True)

    assert of(WAITING.on(away), "claim")[1][3] == (SECOND_MANAGER,)
    assert of(given(*proposed()).on(away), "agree")[0][3] == (SECOND_MANAGER,)


@pytest.mark.parametrize(
    ("day", "clock"), [(TUESDAY, "16:15"), (WEDNESDAY, "16:15"), (FRIDAY, "15:45")]
)
def test_the_closing_list_comes_forty_five_minutes_before_closing(day, clock):
    assert closing_list_at(PARTNERSHIP, day) == at(clock, day)


@pytest.mark.parametrize("day", [dt.date(2026, 11, 28), dt.date(2026, 12, 25)])
def test_there_is_no_closing_list_on_a_closed_day(day):
    assert closing_list_at(PARTNERSHIP, day) is None
