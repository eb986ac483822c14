"""The gallery's briefings, in every state, and the Assessment Team's card."""

from __future__ import annotations

from dataclasses import replace

from cards import briefing, desk_cards
from tests.cards import on_record, referrals as tell, righted
from tests.cards.exhibit import LATER, POLICY, VIEWERS, Gallery, found
from tests.cards.story import START


def _briefings(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    for name in tell.CHAPTERS:
        told = tell.chapter(world, name).referral
        add(f"briefing-{name}", briefing.briefing_card, told, world.view())
    story = tell.in_discussion(world).referral
    for name, person in VIEWERS.items():
        view = world.view(person, minutes=62)
        add(f"briefing-in_discussion-{name}", briefing.briefing_card, story, view)
    picked = tell.outcome_proposed(world).referral
    for name in ("lead", "social-worker"):
        view = world.view(VIEWERS[name], minutes=68)
        add(f"briefing-outcome_proposed-{name}", briefing.briefing_card, picked, view)
    asked = tell.masho_asked(world).referral
    add("briefing-masho-asked", briefing.briefing_card, asked, world.view("masho-1"))
    cannot = tell.feedback_not_possible(world).referral
    add("briefing-feedback-not-possible", briefing.briefing_card, cannot, world.view("eh-1"))
    owed, held = tell.strategy_owed(world).referral, tell.strategy_held(world).referral
    add("briefing-strategy-owed", briefing.briefing_card, owed, world.view("mgr-1", minutes=63))
    add("briefing-strategy-held", briefing.briefing_card, held, world.view())
    add("everything", briefing.everything_card, held, world.view())
    add("briefing-brief", briefing.briefing_card, held, world.view(), brief=True)
    unfinished, view = tell.unfinished(world).referral, world.view("hlt-1", minutes=5)
    words = world.say("words", "Known to health visiting")
    add(
        "briefing-refused",
        briefing.briefing_card,
        unfinished,
        view,
        top=found(world),
        answers={"words": words},
        may_pass="add",
    )


def _immediate(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    for name, story in (
        ("flagged", tell.flagged(world)),
        ("flagged-no-team", tell.flagged_in_thread(world)),
        ("rung", tell.rung(world)),
        ("taken", tell.taken(world)),
        ("stood-down", tell.stood_down(world)),
    ):
        add(f"immediate-{name}", briefing.briefing_card, story.referral, world.view(minutes=50))
    flagged = tell.flagged(world).referral
    view = world.view("sw-1", minutes=4)
    add("immediate-flagged-social-worker", briefing.briefing_card, flagged, view)
    for name, story in (
        ("new", tell.flagged(world)),
        ("taken", tell.taken(world)),
        ("stood-down", tell.stood_down(world)),
        ("no-team", tell.flagged_in_thread(world)),
    ):
        view = world.view("axt-1")
        add(f"assessment-{name}", desk_cards.assessment_card, story.referral, view)


def _turns(gallery: Gallery) -> None:
    """Something was put right, confirmed, merged or handed on."""
    world, add = gallery.world, gallery.add
    shared = world.view()
    for name, story in (
        ("withdrawn", righted.withdrawn(world)),
        ("corrected", righted.corrected(world)),
        ("corrected-agreed", righted.corrected_agreed(world)),
        ("feedback-tried", righted.tried(world)),
        ("feedback-email-started", righted.email_started(world)),
        ("undone", righted.undone(world)),
        ("amended", righted.amended(world)),
        ("outcome-elsewhere", righted.outcome_elsewhere(world)),
        ("line-confirmed", on_record.line_confirmed(world)),
        ("line-corrected", on_record.line_corrected(world)),
        ("messages-filed", on_record.filed(world)),
        ("message-revised", on_record.revised(world)),
        ("message-deleted", on_record.deleted(world)),
        ("disagreed", on_record.disagreed(world)),
        ("police-rung", on_record.police_rung(world)),
        ("lead-offered", on_record.lead_offered(world)),
        ("lead-handed-on", on_record.lead_handed_on(world)),
        ("actions-done", on_record.actions_done(world)),
        ("feedback-to-check", righted.feedback_to_check(world)),
        ("feedback-to-pass", righted.feedback_to_pass(world)),
        ("two-callers", righted.two_callers(world)),
        ("one-of-two-told", righted.one_of_two_told(world)),
        ("second-caller-asked", righted.second_caller_asked(world)),
        ("everything", righted.everything(world)),
    ):
        add(f"briefing-{name}", briefing.briefing_card, story.referral, shared)
    again = righted.reopened(world).referral
    next_day = world.view(minutes=LATER + 5)
    add("briefing-reopened", briefing.briefing_card, again, next_day)
    add(
        "everything-corrected", briefing.everything_card, righted.everything(world).referral, shared
    )
    gone = replace(righted.withdrawn(world).referral, words_erased_at=START)
    add("briefing-erased", briefing.erased_card, gone, shared)
    add("everything-withdrawn", briefing.everything_card, righted.withdrawn(world).referral, shared)


def _turns_of_mine(gallery: Gallery) -> None:
    """The same, as somebody whose next step it is sees it."""
    world, add = gallery.world, gallery.add
    offered, unconfirmed = on_record.lead_offered(world), tell.in_discussion(world)
    asked = world.view("hlt-1", minutes=53)
    add("briefing-lead-offered-to-me", briefing.briefing_card, offered.referral, asked)
    own = world.view("da-1", minutes=53)
    add("briefing-line-to-confirm", briefing.briefing_card, unconfirmed.referral, own)
    agrees = world.view("mgr-1", minutes=132)
    add(
        "briefing-corrected-to-agree",
        briefing.briefing_card,
        righted.corrected(world).referral,
        agrees,
    )


def _pairs(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view(minutes=50)
    merged, linked = righted.merged(world), righted.linked(world)
    add("briefing-merged", briefing.briefing_card, merged.second.referral, view)
    add("briefing-survivor", briefing.briefing_card, merged.first.referral, view)
    masho = world.view("masho-2", minutes=50)
    add("briefing-merged-masho", briefing.briefing_card, merged.second.referral, masho)
    add("briefing-linked", briefing.briefing_card, linked.first.referral, view)
    add("briefing-matched", briefing.briefing_card, righted.matched(world).second.referral, view)


def _settings(gallery: Gallery) -> None:
    """What a partnership may decide otherwise."""
    add = gallery.add
    link = gallery.world.with_setting(disagreement_url=POLICY)
    disagreed = on_record.disagreed(link).referral
    add("briefing-disagreed-policy", briefing.briefing_card, disagreed, link.view())
    hears = gallery.world.with_setting(record_thread=True)
    talking = tell.in_discussion(hears).referral
    add("briefing-record-thread", briefing.briefing_card, talking, hears.view())
    alone = gallery.world.with_setting(outcome_agreement="none")
    picked = tell.outcome_proposed(alone).referral
    add("briefing-agreed-by-rule", briefing.briefing_card, picked, alone.view())


ROOMS = (_briefings, _immediate, _turns, _turns_of_mine, _pairs, _settings)
