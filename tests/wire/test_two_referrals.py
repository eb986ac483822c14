"""Two calls about the same children: noticed at once, then merged or linked."""

from __future__ import annotations

from pathlib import Path

from bot.desk.between import as_other
from bot.desk.ports import Effect, StoreUnavailable
from bot.domain.commands import FlagImmediate, MergeReferral, WithdrawReferral
from bot.domain.referral import Referral
from bot.domain.vocabulary import State
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from tests.wire.acting import REST, Acting, words_of


async def two(rehearsal: Rehearsal) -> tuple[Acting, Acting]:
    """The school rings, and six minutes later the police, about the same child."""
    school, police = Acting(rehearsal), Acting(rehearsal)
    await school.referred()
    await school.later(minutes=6)
    await police.referred("masho-2", referrer_group="police", mosaic_2="9900102", age_2="1_to_4")
    return school, police


async def notice(acting: Acting) -> Message:
    """The bot's card in this referral's thread that names the other one."""
    found = [
        m
        for m in acting.thread(await acting.briefing())
        if m.card and "names a child who is in" in words_of(m.card)
    ]
    assert len(found) == 1
    return found[0]


async def both(school: Acting, police: Acting) -> tuple[Referral, Referral]:
    return await school.referral(), await police.referral()


async def test_the_earlier_thread_is_told_at_once_and_offers_merge_and_link(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    shown = Screen((await notice(school)).card or {})
    assert shown.has("merge.here", other="REF-2026-00002")
    assert shown.has("link.here", other="REF-2026-00002")
    later = await police.shown("mgr-1")
    assert "REF-2026-00001 is open and names the same child." in later
    earlier = [m for m in police.thread(await police.briefing()) if m.card and m.author == "bot"]
    assert len(earlier) == 1, "nothing is said in the later thread but its own card"


async def test_one_tap_merges_keeps_the_earlier_call_and_owes_both_callers(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    message = await notice(school)
    await school.hands("masho-1").tap(message, "merge.here", other="REF-2026-00002")
    await rehearsal.settled()
    survivor, merged = await both(school, police)
    assert merged.state is State.MERGED
    assert survivor.asked.received_at < merged.asked.received_at
    assert survivor.asked.mosaic_ids == ("9900101", "9900102")
    assert [c.reference for c in survivor.owed] == ["REF-2026-00001", "REF-2026-00002"]
    assert "REF-2026-00002 was merged into REF-2026-00001" in words_of(message.card or {})
    assert "Merged into REF-2026-00001" in words_of((await police.briefing()).card or {})


async def test_both_callers_hear_back_each_at_their_own_level_before_it_closes(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    await school.agreed()
    await school.dialog("masho-1", "notes.open", "notes.confirm")
    first = await school.hands("eh-1").open(await school.briefing(), "feedback.open")
    assert "REF-2026-00001" in words_of(first.card)
    await school.hands("eh-1").finish(first, "feedback.sent", {"text": "Thank you, school."})
    assert (await school.referral()).state is State.OUTCOME_AGREED
    assert "REF-2026-00002: The caller has not heard back yet." in await school.shown("eh-1")
    await school.dialog("eh-1", "feedback.open", "feedback.sent", text="Thank you, police.")
    referral = await school.referral()
    assert referral.state is State.CLOSED
    assert [(f.for_ref, f.group) for f in referral.feedback] == [
        ("", "school"),
        ("REF-2026-00002", "police"),
    ]


async def test_merging_different_children_is_refused_and_link_is_offered(
    rehearsal: Rehearsal,
) -> None:
    one, other = Acting(rehearsal), Acting(rehearsal)
    await one.referred()
    await other.referred("masho-2", mosaic_1="9900105")
    hands = other.hands("masho-2")
    opened = await hands.open(await other.briefing(), "merge.open")
    answer = await hands.in_dialog(opened, "merge.save", {"other": "REF-2026-00001"})
    assert answer.dialog is not None
    assert "These are about different children. Link them instead." in words_of(answer.dialog.card)
    assert (await other.referral()).state is State.BRIEFED


async def test_a_rep_cannot_merge(rehearsal: Rehearsal) -> None:
    school, _ = await two(rehearsal)
    message = await notice(school)
    answer = await school.hands("pol-1").tap(message, "merge.here", other="REF-2026-00002")
    assert "merges referrals" in answer.text
    assert (await school.referral()).absorbed == ()


async def test_a_link_shows_on_both_cards_and_merges_nothing(rehearsal: Rehearsal) -> None:
    school, police = await two(rehearsal)
    await school.hands("sw-1").tap(await notice(school), "link.here", other="REF-2026-00002")
    await rehearsal.settled()
    assert "Linked to REF-2026-00002" in words_of((await school.briefing()).card or {})
    assert "Linked to REF-2026-00001" in words_of((await police.briefing()).card or {})
    survivor, later = await both(school, police)
    assert survivor.state is later.state is State.BRIEFED


async def test_the_flag_on_a_merged_referral_goes_to_the_one_that_goes_on(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    await police.tap("hlt-1", "flag")
    survivor, merged = await both(school, police)
    assert survivor.immediate is not None
    assert survivor.immediate.flagged_by == "hlt-1"
    assert merged.state is State.MERGED
    told = [m.text for m in school.thread(await school.briefing())]
    assert any("Ring Assessment Team A now" in text for text in told)


async def test_an_immediate_flag_goes_along_into_the_merge(rehearsal: Rehearsal) -> None:
    school, police = await two(rehearsal)
    await police.tap("sw-1", "flag")
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    survivor, _ = await both(school, police)
    assert survivor.is_immediate


async def test_a_mosaic_id_that_comes_late_is_noticed_too(rehearsal: Rehearsal) -> None:
    school, other = Acting(rehearsal), Acting(rehearsal)
    await school.referred()
    await other.referred("masho-2", mosaic_1="")
    assert (await other.referral()).matches == ()
    await other.dialog("masho-2", "intake.carry_on", "intake.rest", **REST, new_id_1="9900101")
    assert [o.reference for o in (await other.referral()).matches] == ["REF-2026-00001"]
    await notice(school)


async def test_two_merged_into_each_other_at_once_leave_one_that_goes_on(
    rehearsal: Rehearsal,
) -> None:
    """The second press is drawn before the first lands; the service decides on what it reads."""
    school, police = await two(rehearsal)
    desk = rehearsal.front_door.desk
    one, other = await both(school, police)
    masho = rehearsal.world.person("masho-1")
    await desk.service.act(other.case_id, MergeReferral(as_other(one)), masho)
    await desk.service.act(one.case_id, MergeReferral(as_other(other)), masho)
    await rehearsal.settled()
    survivor, merged = await both(school, police)
    assert survivor.live
    assert merged.state is State.MERGED
    assert [c.reference for c in survivor.callers] == ["REF-2026-00001", "REF-2026-00002"]


async def test_a_crash_between_the_two_halves_of_a_merge_loses_neither_child_nor_caller(
    tmp_path: Path,
) -> None:
    store = str(tmp_path / "merge.db")
    before = Rehearsal(store=store)
    await before.start()
    school, police = await two(before)

    async def dies(referral: Referral, effect: Effect) -> None:
        raise StoreUnavailable("the process ends here")

    before.front_door.desk.delivery.pass_on = dies
    await police.dialog("masho-2", "merge.open", "merge.save", other="REF-2026-00001")
    assert (await police.referral()).state is State.MERGED
    assert (await school.referral()).absorbed == ()
    await before.stop()

    after = Rehearsal(store=store, clock=RehearsalClock(before.clock.now()))
    await after.start()
    await after.settled()
    log = after.front_door.desk.cases
    survivor = (await log.fresh(school.case_id)).referral
    assert survivor.asked.mosaic_ids == ("9900101", "9900102")
    assert [c.reference for c in survivor.owed] == ["REF-2026-00001", "REF-2026-00002"]
    await after.stop()


async def test_a_merge_into_one_that_is_withdrawn_first_is_undone_and_told(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    desk = rehearsal.front_door.desk
    one, other = await both(school, police)
    manager = rehearsal.world.person("mgr-1")
    merge = MergeReferral(as_other(one))
    await desk.service.act(school.case_id, WithdrawReferral("Wrong child"), manager)
    await desk.service.act(police.case_id, merge, rehearsal.world.person("masho-2"))
    await rehearsal.settled()
    withdrawn, going_on = await both(school, police)
    assert withdrawn.state is State.WITHDRAWN
    assert going_on.state is other.state
    said = [m.text for m in police.thread(await police.briefing())]
    assert any("REF-2026-00002 was not merged" in text for text in said)


async def test_a_flag_raised_before_a_merge_is_undone_is_told_where_it_was_raised(
    rehearsal: Rehearsal,
) -> None:
    school, police = await two(rehearsal)
    desk = rehearsal.front_door.desk
    one, _ = await both(school, police)
    person = rehearsal.world.person
    pass_on = desk.delivery.pass_on

    async def dies(referral: Referral, effect: Effect) -> None:
        raise StoreUnavailable("planted")

    desk.delivery.pass_on = dies
    merge = MergeReferral(as_other(one))
    await desk.service.act(school.case_id, WithdrawReferral("Wrong child"), person("mgr-1"))
    await desk.service.act(police.case_id, merge, person("masho-2"))
    await desk.service.act(police.case_id, FlagImmediate("Dad is back"), person("hlt-1"))
    await rehearsal.settled()
    desk.delivery.pass_on = pass_on
    desk.outbox.kick(police.case_id)
    await rehearsal.settled()

    assert (await police.referral()).live
    assert (await police.referral()).is_immediate
    told = [m.text for m in police.thread(await police.briefing())]
    assert sum("Ring Assessment Team A now" in text for text in told) == 1
