"""Taking a referral: when the door is open, which answers are owed, and the immediate door."""

import datetime as dt

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.intake import Child
from bot.domain.partnership import TestWindow, Today
from bot.domain.rules_intake import brief_problems, door, rest_problems
from bot.domain.vocabulary import TO_FOLLOW

from .story import (
    FRIDAY,
    LEAD,
    MANAGER,
    MASHO,
    MONDAY,
    PARTNERSHIP,
    POLICE,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Answer,
    at,
    briefed,
    given,
    in_discussion,
    intake,
)

EMPTY_DESK = given()


def send(
    story=EMPTY_DESK,
    *,
    day: dt.date = TUESDAY,
    picked_up: str = "09:00",
    sent: str = "09:06",
    immediate: bool = False,
    next_day: bool = False,
    **answers,
) -> Answer:
    form = intake(received_at=at(picked_up, day), **answers)
    command = cmd.SubmitIntake(form, immediate=immediate, next_day=next_day)
    return story.when(command, by=MASHO, at=sent, day=day)


def problems(answer: Answer) -> dict[str, str]:
    assert answer.refusal.code == "answers"
    return dict(answer.refusal.facts)


def sent_intake(answer: Answer) -> ev.IntakeSubmitted:
    (event,) = (e for e in answer.events if isinstance(e, ev.IntakeSubmitted))
    return event


def test_a_form_sent_is_received_when_the_call_was_answered_and_briefed():
    answer = send(picked_up="09:00", sent="09:06")

    received, form = answer.recorded
    assert received.event == ev.ReferralReceived(at("09:00"))
    assert (received.at, received.by) == (at("09:00"), MASHO)
    assert (form.at, form.by) == (at("09:06"), MASHO)
    assert answer.referral.state == "briefed"
    assert answer.referral.taken_by == MASHO
    assert answer.referral.submitted_at == at("09:06")


@pytest.mark.parametrize("day", [TUESDAY, WEDNESDAY, THURSDAY])
def test_taken_on_a_test_day(day):
    assert send(day=day, picked_up="11:00", sent="11:05").referral.state == "briefed"


@pytest.mark.parametrize("day", [MONDAY, FRIDAY])
def test_not_taken_on_another_day(day):
    send(day=day, picked_up="11:00", sent="11:05").then_refused("not_a_test_day")


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (dt.date(2026, 11, 19), False),
        (dt.date(2026, 11, 24), True),
        (dt.date(2026, 12, 3), True),
        (dt.date(2026, 12, 8), False),
    ],
)
def test_a_test_runs_from_its_first_day_to_its_last(day, open_):
    answer = send(day=day, picked_up="11:00", sent="11:05")

    if open_:
        assert answer.referral.state == "briefed"
    else:
        answer.then_refused("not_a_test_day")


def test_a_bank_holiday_is_no_test_day_even_inside_the_window():
    holiday = dt.date(2026, 12, 24)
    always = (TestWindow("first_test", TUESDAY, holiday),)
    open_ = given().under(test_windows=always)
    calendar = PARTNERSHIP.calendar
    shut = type(calendar)(calendar.zone, calendar.opening, frozenset({holiday}))

    assert send(open_, day=holiday).referral.state == "briefed"
    assert not open_.under(calendar=shut).partnership.tests_on(holiday)
    send(open_.under(calendar=shut), day=holiday).then_refused("out_of_hours")


@pytest.mark.parametrize(
    ("day", "picked_up", "open_"),
    [
        (TUESDAY, "08:29", False),
        (TUESDAY, "08:30", True),
        (TUESDAY, "17:00", False),
        (WEDNESDAY, "10:29", False),
        (WEDNESDAY, "10:30", True),
    ],
)
def test_hours_are_judged_by_when_the_call_was_picked_up(day, picked_up, open_):
    answer = send(day=day, picked_up=picked_up, sent="17:10", safe_now="not_sure")

    if open_:
        assert answer.referral.state == "briefed"
    else:
        answer.then_refused("out_of_hours")


def test_a_call_picked_up_before_closing_may_be_sent_after_it():
    answer = send(picked_up="16:55", sent="17:10", safe_now="not_sure")
    assert answer.referral.state == "briefed"


def test_a_call_of_yesterday_is_not_taken_on_a_day_without_a_test():
    form = intake(received_at=at("16:00", THURSDAY))
    command = cmd.SubmitIntake(form)

    given().when(command, by=MASHO, at="16:10", day=THURSDAY)
    given().when(command, by=MASHO, at="09:00", day=FRIDAY).then_refused("not_a_test_day")


def test_paused_then_resumed():
    paused = given().on(Today(paused="No heating"))

    send(paused).then_refused("paused", paused="No heating")
    assert send(paused.on(Today())).referral.state == "briefed"


def test_a_pause_without_a_reason_is_still_a_pause():
    send(given().on(Today(paused=""))).then_refused("paused")


def test_the_door_says_the_first_reason_it_is_shut():
    shut = Today(paused="Building shut")

    assert door(PARTNERSHIP, Today(), at("09:00"), at("09:00")) == ""
    assert door(PARTNERSHIP, shut, at("09:00"), at("09:00")) == "paused"
    assert door(PARTNERSHIP, shut, at("09:00", MONDAY), at("09:00", MONDAY)) == "not_a_test_day"
    assert door(PARTNERSHIP, shut, at("07:00"), at("09:00")) == "out_of_hours"


def test_the_immediate_door_keeps_the_same_hours_days_and_pause():
    send(immediate=True, picked_up="07:00", sent="07:05").then_refused("out_of_hours")
    send(immediate=True, day=MONDAY).then_refused("not_a_test_day")
    send(given().on(Today(paused="Shut")), immediate=True).then_refused("paused")
    assert send(immediate=True).referral.is_immediate


@pytest.mark.parametrize(
    ("safe_now", "picked_up", "open_"),
    [
        ("yes", "16:29", True),
        ("yes", "16:30", False),
        ("not_sure", "16:30", True),
        ("no", "16:45", True),
    ],
)
def test_only_urgent_referrals_in_the_last_half_hour(safe_now, picked_up, open_):
    answer = send(picked_up=picked_up, sent="16:50", safe_now=safe_now)

    if open_:
        assert sent_intake(answer).post_at is None
    else:
        answer.then_refused("urgent_only")


def test_the_last_half_hour_offers_the_next_working_day():
    late = send(picked_up="16:40", sent="16:45", next_day=True)
    thursday = send(day=THURSDAY, picked_up="16:40", sent="16:45", next_day=True)

    assert sent_intake(late).post_at == at("10:30", WEDNESDAY)
    assert sent_intake(thursday).post_at == at("08:30", FRIDAY)
    assert late.referral.briefing is None


def test_an_urgent_referral_is_never_held_for_the_next_working_day():
    for safe_now in ("no", "not_sure"):
        answer = send(picked_up="16:40", sent="16:45", safe_now=safe_now, next_day=True)
        assert sent_intake(answer).post_at is None


def test_a_child_not_safe_now_is_never_held_for_the_next_working_day():
    answer = send(picked_up="16:40", sent="16:45", immediate=True, safe_now="", next_day=True)
    assert sent_intake(answer).post_at is None


def test_an_immediate_referral_is_taken_in_the_last_half_hour():
    answer = send(picked_up="16:45", sent="16:46", immediate=True, safe_now="")
    assert answer.referral.is_immediate


@pytest.mark.parametrize("scope", ["adult_only", "open_to_social_worker"])
def test_what_belongs_to_another_route_is_sent_there(scope):
    send(scope=scope).then_refused(scope)
    assert send(scope="child").referral.state == "briefed"


@pytest.mark.parametrize(("safe_now", "flagged"), [("yes", False), ("not_sure", False), ("no", 1)])
def test_a_child_who_is_not_safe_raises_the_immediate_flag_for_the_masho(safe_now, flagged):
    referral = send(safe_now=safe_now).referral

    assert referral.is_immediate is bool(flagged)
    if referral.immediate:
        assert referral.immediate.flagged_by == MASHO


FOUR_FIELDS = {
    "referrer_group": "not_recorded",
    "safe_now": "",
    "needs": (),
    "contact_method": "",
    "safe_contact": "",
    "told_family": "",
    "child_view": "",
}


def test_the_immediate_door_needs_four_fields_and_the_ordinary_door_more():
    assert send(immediate=True, seen_heard="Hit.", **FOUR_FIELDS).referral.is_immediate

    owed = problems(send(seen_heard="Hit.", **FOUR_FIELDS))
    assert owed == {"safe_now": "required", "needs": "required", "seen_heard": "too_short"}


@pytest.mark.parametrize("field", ["district", "child_location", "seen_heard"])
def test_the_immediate_door_still_needs_its_own_fields(field):
    assert problems(send(immediate=True, **{field: ""})) == {field: "required"}


def test_the_immediate_door_takes_identifiers_out_and_the_ordinary_one_leaves_words_alone():
    words = "Ring mum on 07700 900123. He was born 03/11/2015 and lives at NG1 5DT."

    masked = send(immediate=True, seen_heard=words, wants="Ring a@b.example").referral.asked
    kept = send(seen_heard=words).referral.asked

    assert "07700" not in masked.seen_heard
    assert "[phone removed]" in masked.seen_heard
    assert "[date of birth removed]" in masked.seen_heard
    assert "[postcode removed]" in masked.seen_heard
    assert masked.wants == "Ring [email removed]"
    assert kept.seen_heard == words


def test_masking_never_makes_an_immediate_referral_too_long_to_send():
    words = ("He says it hurts. " * 40)[:392] + " NG1 5DT"
    assert len(words) == 400

    answer = send(immediate=True, seen_heard=words)

    assert answer.referral.is_immediate
    assert "NG1 5DT" not in answer.referral.asked.seen_heard


@pytest.mark.parametrize(
    ("answers", "owed"),
    [
        ({}, {}),
        ({"referrer_group": ""}, {"referrer_group": "required"}),
        ({"safe_now": ""}, {"safe_now": "required"}),
        ({"district": ""}, {"district": "required"}),
        ({"child_location": ""}, {"child_location": "required"}),
        ({"seen_heard": "x" * 19}, {"seen_heard": "too_short"}),
        ({"seen_heard": " " * 30}, {"seen_heard": "too_short"}),
        ({"seen_heard": "x" * 20}, {}),
        ({"seen_heard": "x" * 400}, {}),
        ({"seen_heard": "x" * 401}, {"seen_heard": "too_long"}),
        ({"wants": "x" * 151}, {"wants": "too_long"}),
        ({"needs": ()}, {"needs": "required"}),
        ({"needs": ("home", "health", "learning", "emotional")}, {}),
        (
            {"needs": ("home", "health", "learning", "emotional", "identity")},
            {"needs": "too_many"},
        ),
        ({"needs": ("not_clear",)}, {}),
        ({"needs": ("not_clear", "home")}, {"needs": "not_clear_alone"}),
        ({"children": ()}, {"children": "children_count"}),
        ({"children": tuple(Child(f"990010{n}", "1_to_4") for n in range(8))}, {}),
        (
            {"children": tuple(Child(f"990010{n}", "1_to_4") for n in range(9))},
            {"children": "children_count"},
        ),
        ({"children": (Child("99001", "1_to_4"),)}, {"children": "mosaic_id"}),
        ({"children": (Child("99001012", "1_to_4"),)}, {"children": "mosaic_id"}),
        ({"children": (Child("Sam", "1_to_4"),)}, {"children": "mosaic_id"}),
        ({"children": (Child(TO_FOLLOW, "1_to_4"), Child(TO_FOLLOW, "5_to_9"))}, {}),
        (
            {"children": (Child("9900101", "1_to_4"), Child("9900101", "5_to_9"))},
            {"children": "same_child_twice"},
        ),
        ({"received_at": at("10:01")}, {}),
        ({"received_at": at("10:02")}, {"received_at": "in_future"}),
        ({"received_at": at("10:00", MONDAY)}, {}),
        ({"received_at": at("09:59", MONDAY)}, {"received_at": "too_old"}),
        ({"call_ended_at": at("09:00")}, {}),
        ({"call_ended_at": at("08:59")}, {"call_ended_at": "before_start"}),
    ],
)
def test_what_is_owed_before_the_briefing(answers, owed):
    assert brief_problems(intake(**answers), PARTNERSHIP, at("10:00"), immediate=False) == owed


@pytest.mark.parametrize(
    ("answers", "owed"),
    [
        ({}, {}),
        ({"safe_contact": "only at some times"}, {"safe_contact_times": "required"}),
        ({"safe_contact": "only at some times", "safe_contact_times": "After 3"}, {}),
        ({"told_family": "no_unsafe"}, {"told_family_reason": "required"}),
        ({"told_family": "no_unsafe", "told_family_reason": "He may be hurt"}, {}),
        ({"told_family": "yes_not_agree"}, {"told_family_reason": "required"}),
        (
            {"told_family": "no_not_yet", "told_family_reason": " "},
            {"told_family_reason": "required"},
        ),
        ({"told_family": "not_known"}, {}),
        ({"told_family": "caller_is_family"}, {}),
        ({"reported": "x" * 301}, {"reported": "too_long"}),
    ],
)
def test_what_is_owed_while_still_on_the_call(answers, owed):
    assert rest_problems(intake(**answers), PARTNERSHIP, at("10:00")) == owed


def test_the_configured_pattern_says_what_a_case_number_is():
    letters = given().under(mosaic_id_pattern="[A-Z]{3}")

    assert problems(send(letters)) == {"children": "mosaic_id"}
    assert send(letters, children=(Child("ABC", "1_to_4"),)).referral.asked.mosaic_ids == ("ABC",)


def test_an_amendment_logs_only_what_changed():
    story = given(*briefed())
    amend = cmd.AmendIntake({"wants": "A call back", "district": "North"}, "Rang again")

    later = story.when(amend, by=MASHO).then(
        ev.IntakeAmended({"wants": "A call back"}, "Rang again")
    )

    assert later.referral.asked.wants == "A call back"
    later.when(amend, by=MASHO).then()


def test_an_amendment_may_be_made_by_the_masho_lead_or_duty_manager_only():
    story = given(*in_discussion())
    amend = cmd.AmendIntake({"wants": "A call back"})

    for who in (MASHO, LEAD, MANAGER):
        story.when(amend, by=who).then(ev.IntakeAmended({"wants": "A call back"}))
    story.when(amend, by=POLICE).then_refused("not_allowed")


def test_an_amendment_is_checked_like_the_form():
    story = given(*briefed())

    refused = story.when(cmd.AmendIntake({"told_family": "no_unsafe"}), by=MASHO)
    assert problems(refused) == {"told_family_reason": "required"}
    both = {"told_family": "no_unsafe", "told_family_reason": "He may be hurt"}
    story.when(cmd.AmendIntake(both), by=MASHO).then(ev.IntakeAmended(both))


@pytest.mark.parametrize(
    "needs", [("home", "health", "learning", "emotional", "identity"), ("not_clear", "home")]
)
def test_an_amendment_keeps_the_rules_for_needs(needs):
    story = given(*briefed())

    assert "needs" in problems(story.when(cmd.AmendIntake({"needs": needs}), by=MASHO))


def test_a_late_case_number_fills_the_row():
    story = given(*briefed(intake(children=(Child(TO_FOLLOW, "5_to_9"),))))
    named = (Child("9900101", "5_to_9"),)

    later = story.when(cmd.AmendIntake({"children": named}), by=MASHO).story

    assert story.referral.asked.ids_to_follow
    assert not later.referral.asked.ids_to_follow
    assert later.referral.asked.mosaic_ids == ("9900101",)
