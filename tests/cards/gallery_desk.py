"""The gallery's forms of the intake, cards for one person and lists."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands import TellIdentity
from bot.domain.decision import refused
from bot.domain.next_step import next_step
from bot.domain.partnership import Today
from cards import desk_cards, intake, intake_rest, lists, wording as w
from cards.refusals import sentence
from cards.unsent import Unsent, tried_again
from tests.cards import referrals as tell
from tests.cards.exhibit import CASE, LATER, Gallery, found
from tests.cards.story import Story, World


def typed(world: World) -> dict[str, str]:
    """Step one and two as raw values, three children deep."""
    say = world.say
    answers = tell.briefed(world).referral.asked
    return {
        "safe_now": "not_sure",
        "mosaic_1": "9900101",
        "age_1": "5_to_9",
        "mosaic_2": say("mosaic", "99001"),
        "age_2": "1_to_4",
        "age_3": "unborn",
        "district": "North",
        "child_location": "home",
        "needs": "daily_care,emotional",
        "referrer_group": "school",
        "received_time": "09:12",
        "scope": "child",
        "test": "first_test",
        "contact_method": "phone",
        "safe_contact": "only at some times",
        "told_family": "yes_not_agree",
        "earlier": "not checked",
        "position_of_trust": "true",
        "call_ended_time": "09:31",
        "new_id_2": say("mosaic", "99001"),
        **{
            name: getattr(answers, name)
            for name in (
                "seen_heard",
                "reported",
                "view",
                "going_well",
                "child_view",
                "help_so_far",
                "wants",
                "told_family_reason",
                "safe_contact_times",
                "referrer_role",
                "access",
            )
        },
    }


def _intake(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("masho-1", minutes=3)
    paused = sentence(refused("paused", paused=world.say("paused", "the building is shut.")), view)
    draft = typed(world)
    wrong = {
        "children": w.PROBLEMS["mosaic_id"],
        "seen_heard": found(world),
        "needs": w.PROBLEMS["too_many"],
        "district": w.PROBLEMS["required"],
        "received_at": w.PROBLEMS["in_future"],
    }
    first = {"received_time": "09:12", "scope": "child"}
    add("doors-open", intake.doors, view, CASE, "")
    add("doors-urgent-only", intake.doors, world.view("masho-1", minutes=460), CASE, "")
    add("doors-shut", intake.doors, view, CASE, paused)
    add("brief-form-empty", intake.brief_form, view, CASE, first, {})
    add(
        "brief-form-problems",
        intake.brief_form,
        view,
        CASE,
        draft,
        wrong,
        top=w.FIX.format(fields="where do they live"),
        may_pass=True,
    )
    add("brief-form-draft", intake.brief_form, view, CASE, draft, {}, next_day=True)
    add("immediate-form-empty", intake.immediate_form, view, CASE, first, {})
    add("immediate-form-problems", intake.immediate_form, view, CASE, draft, wrong, top=paused)
    add("shut-card", intake.shut_card, paused, intake.draft_text(draft, view))
    unfinished, door = tell.unfinished(world).referral, tell.flagged(world).referral
    rest_wrong = {
        "told_family_reason": w.PROBLEMS["required"],
        "call_ended_at": w.PROBLEMS["before_start"],
        "children": w.PROBLEMS["same_child_twice"],
        "needs": w.PROBLEMS["not_clear_alone"],
    }
    add("rest-form-empty", intake_rest.rest_form, view, unfinished, {}, {})
    add("rest-form-skipped", intake_rest.rest_form, view, door, {}, {}, skipped=True)
    add(
        "rest-form-problems",
        intake_rest.rest_form,
        view,
        unfinished,
        draft,
        rest_wrong,
        top=found(world),
        may_pass=True,
        skipped=True,
    )
    add("carry-on", intake_rest.carry_on_card, view, unfinished)
    add("carry-on-all-in", intake_rest.carry_on_card, view, tell.briefed(world).referral)


# Cards for one person ------------------------------------------------------------------


UNSENT = Unsent(2, ("REF-2026-00001", "REF-2026-00004"))


def _desk(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    story = tell.in_discussion(world)
    view = world.view("masho-1")
    masho = ("Carys M.", "29:1carys")
    add("identity", desk_cards.identity_card, story.referral, view, "hou-1", masho)
    add("identity-no-address", desk_cards.identity_card, story.referral, view, "hou-1", None)
    told = tell.in_discussion(world).does("masho-1", 33, TellIdentity("hou-1")).referral
    add("identity-told", desk_cards.identity_card, told, view, "hou-1", masho)
    manager = world.view("mgr-1", minutes=1)
    add("roll", desk_cards.roll_card, manager)
    away = replace(manager, today=Today(absent=frozenset({"pol-1", "hou-1"}), called=True, rolls=1))
    add("roll-called", desk_cards.roll_card, away)
    add("roll-old", desk_cards.roll_card, away, top=w.ROLL_OLD)
    rows = _rows(world)
    closing = world.view("mgr-1", minutes=430)
    add("closing", desk_cards.closing_card, [(s.referral, s.link) for s in rows], [], closing)
    owed = [(tell.fed_back(world).referral, rows[0].link)]
    both = [(s.referral, s.link) for s in rows[:2]]
    add("closing-notes", desk_cards.closing_card, both, owed, closing)
    add("closing-notes-only", desk_cards.closing_card, [], owed, closing)
    add("closing-unsent", desk_cards.closing_card, both, [], closing, UNSENT)
    add("closing-none", desk_cards.closing_card, [], [], closing)
    add("closing-none-unsent", desk_cards.closing_card, [], [], closing, UNSENT)
    add("closing-unread", desk_cards.closing_card, both, [], closing, unread=1)


def _rows(world: World) -> list[Story]:
    return [
        tell.flagged(world),
        tell.strategy_owed(world),
        tell.briefed(world),
        tell.masho_asked(world),
    ]


def _lists(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("masho-1", minutes=LATER)
    rows = [
        (s.referral, next_step(s.referral, world.partnership, world.today), s.link)
        for s in _rows(world)
    ]
    add("list-mine", lists.list_card, w.LIST_MINE, rows, view)
    add("list-open", lists.list_card, w.LIST_OPEN, rows * 6, world.view("eh-1"))
    manager = world.view("mgr-1", minutes=LATER)
    add("list-open-unsent", lists.list_card, w.LIST_OPEN, rows[:1], manager, UNSENT)
    old = Unsent(0, (), old=("REF-2026-00002",))
    add("list-open-old-card", lists.list_card, w.LIST_OPEN, rows[:1], manager, old)
    own = Unsent(4, ("REF-2026-00001",), own=("roll", "pause"))
    add("list-open-unsent-own", lists.list_card, w.LIST_OPEN, rows[:1], manager, own)
    unsure = Unsent(0, (), not_sure=("REF-2026-00002",))
    add("list-open-not-sure", lists.list_card, w.LIST_OPEN, rows[:1], manager, unsure)
    again = tried_again(UNSENT)
    add("list-open-tried-again", lists.list_card, w.LIST_OPEN, rows[:1], manager, done=again)
    add("list-open-unread", lists.list_card, w.LIST_OPEN, rows[:1], manager, unread=2)
    add("list-empty", lists.list_card, w.LIST_MINE, [], view)


ROOMS = (_intake, _desk, _lists)
