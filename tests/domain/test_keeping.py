"""Legal hold, and when what people wrote may go; the figures stay as they were."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain import commands as cmd, events as ev
from bot.domain.evolve import fold
from bot.domain.figures import figures_of
from bot.domain.partnership import BOT
from bot.domain.referral import Referral
from bot.domain.rules_keeping import due_on, is_due

from .story import (
    HEAD_OF_SERVICE,
    LEAD,
    MANAGER,
    MASHO,
    PARTNERSHIP,
    POLICE,
    RECORDS,
    SOCIAL_WORKER,
    TUESDAY,
    action,
    agreed,
    briefed,
    closed,
    did,
    given,
    plan,
)

LAST_DAY = TUESDAY + dt.timedelta(days=PARTNERSHIP.words_days_after_closing)
DUE = LAST_DAY + dt.timedelta(days=1)
ERASE = cmd.EraseWords("ERASE-1")


def test_words_are_due_the_day_after_the_period():
    story = given(*closed())
    story.when(ERASE, by=BOT.id, day=LAST_DAY).then_refused("not_due_yet")
    answer = story.when(ERASE, by=BOT.id, day=DUE)
    assert [r.event.TYPE for r in answer.recorded] == ["words.erased"]


def test_nobody_erases_by_hand():
    given(*closed()).when(ERASE, by=HEAD_OF_SERVICE, day=DUE).then_refused("not_allowed")


def test_what_has_not_ended_is_never_due():
    given(*agreed()).when(ERASE, by=BOT.id, day=DUE).then_refused("wrong_state")


def test_a_hold_keeps_the_words_until_it_is_lifted():
    held = given(*closed(), did(ev.HoldPlaced("A court asked"), RECORDS, "11:00"))
    held.when(ERASE, by=BOT.id, day=DUE).then_refused("on_hold")
    held.when(cmd.LiftHold(""), by=RECORDS, day=DUE).then_refused("reason_needed")
    held.when(cmd.LiftHold("It ended"), by=HEAD_OF_SERVICE, day=DUE).then(ev.HoldLifted("It ended"))


@pytest.mark.parametrize("who", [MASHO, SOCIAL_WORKER, MANAGER, LEAD])
def test_only_records_officers_and_managers_hold(who: str):
    given(*briefed()).when(cmd.PlaceHold("why"), by=who).then_refused("not_allowed")


def test_a_hold_needs_a_reason_and_stands_once():
    story = given(*briefed())
    story.when(cmd.PlaceHold("  "), by=RECORDS).then_refused("reason_needed")
    held = given(*briefed(), did(ev.HoldPlaced("A court asked"), RECORDS, "09:30"))
    held.when(cmd.PlaceHold("again"), by=RECORDS, at="09:40").then()


def test_nothing_is_left_to_hold_once_the_words_are_gone():
    gone = given(*closed(), did(ev.WordsErased("ERASE-1"), BOT.id, "09:00", DUE))
    gone.when(cmd.PlaceHold("why"), by=RECORDS, day=DUE, at="10:00").then_refused("words_erased")
    gone.when(cmd.OpenNotes("text"), by=LEAD, day=DUE, at="10:00").then_refused("words_erased")
    gone.when(cmd.MarkActionDone(0), by=LEAD, day=DUE, at="10:00").then_refused("words_erased")
    gone.when(ERASE, by=BOT.id, day=DUE, at="10:00").then_refused("not_due_yet")


def _blank(recorded: tuple[ev.Recorded, ...]) -> tuple[ev.Recorded, ...]:
    """As the store leaves it: the plan without its words."""

    def emptied(item: ev.Recorded) -> ev.Recorded:
        if not isinstance(item.event, ev.PlanSaved):
            return item
        actions = tuple(replace(a, action="", owner_name="") for a in item.event.actions)
        return replace(item, event=ev.PlanSaved(actions, "", ""))

    return tuple(map(emptied, recorded))


def test_figures_stay_as_they_were_when_nobody_can_read_the_plan():
    two = plan(action(), action("Monitor", owner="", owner_name="Nan", need=""))
    log = closed()
    log = tuple(replace(r, event=two) if isinstance(r.event, ev.PlanSaved) else r for r in log)
    log = (*log, did(ev.ActionDone(1), LEAD, "11:00"))
    before = figures_of(fold(Referral("case"), log), PARTNERSHIP)
    assert before.plan_score is not None
    assert 0 < before.plan_score.total < 10

    erased = given(*log).when(ERASE, by=BOT.id, day=DUE).recorded
    after = figures_of(fold(Referral("case"), (*_blank(log), *erased)), PARTNERSHIP)

    assert after == before
    without = figures_of(fold(Referral("case"), _blank(log)), PARTNERSHIP)
    assert without != before, "the words do count, so what was kept is what makes them equal"


def test_another_plan_counts_for_itself():
    erased = ev.WordsErased("E", (0, 0, 0, 0, 0), (ev.KeptAction(False),))
    log = (*closed(), did(erased, BOT.id, "09:00", DUE))
    flagged = did(ev.ImmediateFlagged("He ran away"), SOCIAL_WORKER, "10:00", DUE)
    again = fold(Referral("case"), (*log, flagged, did(plan(), LEAD, "10:10", DUE)))
    assert again.kept is None


def test_words_written_after_an_erasure_are_due_again():
    log = (*closed(), did(ev.WordsErased("E"), BOT.id, "09:00", DUE))
    flagged = did(ev.ImmediateFlagged("He ran away"), SOCIAL_WORKER, "10:00", DUE)
    shut = did(ev.ReferralClosed(), BOT.id, "11:00", DUE)
    referral = fold(Referral("case"), (*log, flagged, shut))
    days = dt.timedelta(days=PARTNERSHIP.words_days_after_closing + 1)
    assert due_on(referral, PARTNERSHIP) == DUE + days


def _erased(*more: ev.Recorded) -> tuple[ev.Recorded, ...]:
    return (*closed(), *more, did(ev.WordsErased("E"), BOT.id, "09:00", DUE))


def test_what_would_write_words_on_an_erased_referral_is_refused():
    """Else they would stay for good where nobody looks any more."""
    filed = did(ev.MessageAdded("On my way", "police", "m-1"), POLICE, "10:06")
    gone = given(*_erased(filed))
    edit = cmd.ReviseMessage("m-1", "On my way up")
    gone.when(edit, by=POLICE, day=DUE, at="10:00").then_refused("words_erased")
    right = cmd.CorrectOutcome("Mum no longer agrees", "social_care")
    gone.when(right, by=MANAGER, day=DUE, at="10:00").then_refused("words_erased")


def test_words_of_a_flag_on_a_merged_referral_are_due_at_once():
    into = ev.ReferralMerged("REF-2026-00002", "other")
    log = (*briefed(), did(into, MANAGER, "09:30"), did(ev.WordsErased("E"), BOT.id, "09:00", DUE))
    assert fold(Referral("case"), log).words_gone
    noted = fold(Referral("case"), (*log, did(ev.ImmediateFlagged("He ran"), POLICE, "10:00", DUE)))
    assert not noted.words_gone
    assert is_due(noted, PARTNERSHIP, DUE)
    again = fold(noted, (did(ev.WordsErased("E2"), BOT.id, "11:00", DUE),))
    assert again.words_gone


def test_what_holds_no_words_brings_nothing_back():
    viewed = fold(Referral("case"), (*_erased(), did(ev.HistoryViewed(), RECORDS, "10:00", DUE)))
    assert viewed.words_gone


def test_a_second_life_can_be_held_and_noted_like_the_first():
    flagged = did(ev.ImmediateFlagged("He ran away"), SOCIAL_WORKER, "10:00", DUE)
    shut = did(ev.ReferralClosed(), BOT.id, "11:00", DUE)
    story = given(*_erased(), flagged, shut)
    held = story.when(cmd.PlaceHold("A court asked"), by=RECORDS, day=DUE, at="12:00")
    held.then(ev.HoldPlaced("A court asked"))


def test_a_merged_referral_is_held_by_the_one_it_went_into():
    into = ev.ReferralMerged("REF-2026-00002", "other")
    merged = given(*briefed(), did(into, MANAGER, "09:30"))
    merged.when(cmd.PlaceHold("why"), by=RECORDS, at="10:00").then_refused("wrong_state")
