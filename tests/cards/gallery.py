"""Every card people can see, named, drawn from fictional referrals at fixed times.

The samples in `cards/samples` are these cards; `python -m tests.cards.update` writes them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.decision import refused
from bot.domain.measures import Week, figures_of, week_of, week_start
from bot.domain.next_step import next_step
from bot.domain.partnership import Today
from cards import briefing, desk_cards, dialogs, ending, intake, intake_rest, lists, outcome, stats
from cards import wording as w
from cards.kit import Json
from cards.refusals import sentence
from tests.cards import referrals as tell
from tests.cards.story import START, Story, World

FEEDBACK_GROUPS = {
    "professional_full": "school",
    "professional_limited": "housing",
    "family_pr": "parent_carer",
    "young_person": "child_young_person",
    "family_limited": "other_family",
    "public_thanks": "neighbour_public",
    "none": "anonymous",
}
"""A referrer group for each feedback level."""

CASE = f"{99:032x}"
"""A form that nobody has sent yet."""

_LATER = 60 * 26
"""The afternoon of the next day, when what is due is late."""


@dataclass(frozen=True, slots=True)
class Sample:
    """`builder` is the function that drew it, as module and name."""

    builder: str
    card: Json


@dataclass(slots=True)
class Gallery:
    world: World
    samples: dict[str, Sample]

    def add(self, name: str, builder: Callable[..., Json], *args: Any, **kwargs: Any) -> None:
        assert name not in self.samples, name
        drawn = builder(*args, **kwargs)
        self.samples[name] = Sample(f"{builder.__module__}.{builder.__name__}", drawn)


def build(world: World) -> dict[str, Sample]:
    gallery = Gallery(world, {})
    for room in (_intake, _briefings, _immediate, _dialogs, _outcomes, _endings, _desk, _lists):
        room(gallery)
    _weeks(gallery)
    return gallery.samples


def cards(world: World | None = None) -> dict[str, Json]:
    return {name: s.card for name, s in build(world or World()).items()}


# Intake --------------------------------------------------------------------------------


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


def _found(world: World) -> str:
    """The sentence for something that looks like an identifier: it quotes what was typed."""
    return w.IDENTIFIER_FOUND.format(
        what=w.IDENTIFIERS["postcode"],
        text=world.say("identifier", "ZZ1 1ZZ"),
        field=w.FIELDS["seen_heard"].rstrip("?"),
    )


def _intake(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("masho-1", minutes=3)
    paused = sentence(refused("paused", paused=world.say("paused", "the building is shut.")), view)
    draft = typed(world)
    wrong = {
        "children": w.PROBLEMS["mosaic_id"],
        "seen_heard": _found(world),
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
        top=_found(world),
        may_pass=True,
        skipped=True,
    )
    add("carry-on", intake_rest.carry_on_card, view, unfinished)
    add("carry-on-all-in", intake_rest.carry_on_card, view, tell.briefed(world).referral)


# The briefing ----------------------------------------------------------------------------

VIEWERS = {
    "rep": "hlt-1",
    "lead": "eh-1",
    "social-worker": "sw-1",
    "masho": "masho-1",
    "duty-manager": "mgr-1",
}


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
        top=_found(world),
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


# Dialogs ---------------------------------------------------------------------------------


def _dialogs(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    say = world.say
    view = world.view("sw-1", minutes=62)
    story, unfinished = tell.in_discussion(world).referral, tell.unfinished(world).referral
    immediate = tell.flagged(world).referral
    nobody = world.view()
    again = _found(world)
    words = say("words", "Not on our system")
    add("told-how", dialogs.told_how_card, unfinished, view, words, dialog=False)
    add("told-how-dialog", dialogs.told_how_card, unfinished, view, words, dialog=True)
    for name, person in (*VIEWERS.items(), ("assessment-team", "axt-1")):
        seen = world.view(person, minutes=62)
        add(f"more-{name}", dialogs.more_dialog, story, seen)
    picker = world.view("mgr-1", minutes=63)
    add("more-strategy-owed", dialogs.more_dialog, tell.strategy_owed(world).referral, picker)
    add("more-immediate", dialogs.more_dialog, immediate, world.view("sw-1", minutes=4))
    add("contribute-empty", dialogs.contribute_dialog, story, view, {})
    told = {
        "agency": "education",
        "known": "partly_known",
        "relevant": say("relevant", "Attendance was above 97% last year."),
        "strengths": say("strengths", "Mum always answers the phone."),
        "worries": say("worries", "She is asleep in class most mornings."),
        "suggests": say("suggests", "A place at breakfast club."),
        "sharing": "shared_in_part",
        "share_why": say("share_why", "One line is about another family."),
        "told": "room",
    }
    manager = world.view("mgr-1", minutes=62)
    add(
        "contribute-again",
        dialogs.contribute_dialog,
        unfinished,
        manager,
        told,
        top=again,
        may_pass=True,
    )
    add("flagged-dialog", dialogs.flagged_dialog, immediate, view)
    no_team = tell.flagged_in_thread(world).referral
    add("flagged-dialog-no-team", dialogs.flagged_dialog, no_team, view)
    for name, builder, answers in _small_dialogs(world):
        add(f"{name}-empty", builder, story, view, {})
        add(f"{name}-again", builder, story, view, answers, top=again)
    add("refused-dialog", desk_cards.refused_dialog, sentence(refused("unknown_case"), nobody))
    add(
        "sentence-card",
        desk_cards.sentence_card,
        sentence(refused("paused", paused=say("paused", "the building is shut.")), nobody),
    )


def _small_dialogs(world: World) -> list[tuple[str, Callable[..., Json], Mapping[str, str]]]:
    say = world.say
    return [
        (
            "taken",
            dialogs.taken_dialog,
            {"taken_by": say("taken_by", "Helen"), "note": say("taken_note", "Going now.")},
        ),
        (
            "strategy",
            dialogs.strategy_dialog,
            {"strategy_needed": "yes", "strategy_why": say("strategy_why", "the risk is high")},
        ),
        (
            "held",
            dialogs.held_dialog,
            {
                "attended": "social_care,police",
                "also": say("also", "Ward doctor"),
                "where": say("where_recorded", "Mosaic"),
            },
        ),
        (
            "assign",
            dialogs.assign_dialog,
            {"lead": "hlt-1", "reason": say("assign_reason", "Knows the family.")},
        ),
        (
            "hand-over",
            dialogs.hand_over_dialog,
            {
                "to": "edt",
                "accepted_by": say("accepted_by", "Jo at the EDT"),
                "reason": say("handover_reason", "Mum is home after 17:00."),
            },
        ),
        (
            "stand-down",
            dialogs.stand_down_dialog,
            {"reason": say("stand_down_reason", "A doctor knows this mark.")},
        ),
        (
            "cannot",
            dialogs.cannot_dialog,
            {"reason": say("cannot", "The number does not work.")},
        ),
    ]


def _outcomes(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    talking, planned = tell.in_discussion(world).referral, tell.planned(world).referral
    lead, senior = world.view("eh-1", minutes=62), world.view("sw-1", minutes=62)
    picked = tell.outcome_proposed(world).referral
    add("outcome-empty", outcome.outcome_dialog, talking, lead, {})
    filled = {**outcome.plan_answers(picked, lead), "child_9900102": "ehu"}
    add(
        "outcome-filled",
        outcome.outcome_dialog,
        planned,
        lead,
        filled,
        top=_found(world),
        may_pass="outcome.pick",
    )
    add("outcome-social-worker", outcome.outcome_dialog, planned, senior, {})
    plan_only = world.view("eh-1", minutes=68)
    add(
        "outcome-plan-only",
        outcome.outcome_dialog,
        picked,
        plan_only,
        outcome.plan_answers(picked, plan_only),
    )


def _endings(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("eh-1")
    for level, group in FEEDBACK_GROUPS.items():
        told = tell.outcome_agreed(world, referrer_group=group).referral
        add(f"feedback-{level}", ending.feedback_dialog, told, view, {})
    text = {"text": world.say("feedback", "Thank you for calling."), "method": "phone"}
    agreed = tell.outcome_agreed(world)
    add("feedback-again", ending.feedback_dialog, agreed.referral, view, text, top=_found(world))
    unasked = tell.outcome_agreed(world, contact_method="", safe_contact="").referral
    add(
        "feedback-contact-missing",
        ending.feedback_dialog,
        unasked,
        view,
        {"safe_contact_times": world.say("safe_contact_times", "After 15:30")},
    )
    unsafe = tell.outcome_agreed(world, safe_contact="no").referral
    add("feedback-not-safe", ending.feedback_dialog, unsafe, view, {})
    asked = tell.masho_asked(world).referral
    masho = world.view("masho-1")
    add("feedback-masho", ending.feedback_dialog, asked, masho, {})
    add("ring-back", desk_cards.ring_back_card, asked, masho)
    add("ring-back-done", desk_cards.ring_back_card, tell.fed_back(world).referral, masho)
    add("notes", ending.notes_dialog, tell.fed_back(world).referral, masho, {})
    follow = tell.taken(world).referral
    add("notes-id-to-follow", ending.notes_dialog, follow, masho, {})
    typed_ids = {"new_id_1": world.say("mosaic", "99001"), "note": world.say("notes_note", "Done")}
    add("notes-again", ending.notes_dialog, follow, masho, typed_ids, top=w.REFUSALS["mosaic_id"])
    add("notes-strategy", ending.notes_dialog, tell.strategy_held(world).referral, masho, {})
    add("notes-handed-over", ending.notes_dialog, tell.handed_over(world).referral, masho, {})


# Cards for one person ------------------------------------------------------------------


def _desk(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    story = tell.in_discussion(world)
    view = world.view("masho-1")
    masho = ("Carys M.", "29:1carys")
    add("identity", desk_cards.identity_card, story.referral, view, "hou-1", masho)
    add("identity-no-address", desk_cards.identity_card, story.referral, view, "hou-1", None)
    told = tell.in_discussion(world).does("masho-1", 33, tell.cmd.TellIdentity("hou-1")).referral
    add("identity-told", desk_cards.identity_card, told, view, "hou-1", masho)
    manager = world.view("mgr-1", minutes=1)
    add("roll", desk_cards.roll_card, manager)
    away = replace(manager, today=Today(absent=frozenset({"pol-1", "hou-1"}), called=True))
    add("roll-called", desk_cards.roll_card, away)
    rows = _rows(world)
    closing = world.view("mgr-1", minutes=430)
    add("closing", desk_cards.closing_card, [(s.referral, s.link) for s in rows], closing)
    add("closing-none", desk_cards.closing_card, [], closing)


def _rows(world: World) -> list[Story]:
    return [
        tell.flagged(world),
        tell.strategy_owed(world),
        tell.briefed(world),
        tell.masho_asked(world),
    ]


def _lists(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("masho-1", minutes=_LATER)
    rows = [
        (s.referral, next_step(s.referral, world.partnership, world.today), s.link)
        for s in _rows(world)
    ]
    add("list-mine", lists.list_card, w.LIST_MINE, rows, view)
    add("list-open", lists.list_card, w.LIST_OPEN, rows * 6, world.view("eh-1"))
    add("list-empty", lists.list_card, w.LIST_MINE, [], view)


def week(world: World, stories: list[Story], days: int = 3) -> Week:
    rows = [figures_of(s.referral, world.partnership) for s in stories]
    first = week_start(world.partnership.calendar.day_of(START))
    return week_of(rows, first, START + dt.timedelta(days=days), world.partnership)


def _weeks(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    many = [
        *(tell.closed(world) for _ in range(7)),
        tell.strategy_held(world),
        tell.taken(world),
        tell.flagged(world),
        tell.handed_over(world),
        tell.briefed(world),
    ]
    busy, running = week(world, many), world.view("mgr-1", minutes=60 * 72)
    over = world.view("mgr-1", minutes=60 * 24 * 7)
    add("stats-exact", stats.stats_card, busy, running, suppress=False)
    add("stats-suppressed", stats.stats_card, busy, running, suppress=True)
    add("stats-few", stats.stats_card, week(world, many[6:9]), over, suppress=True)
    add("stats-empty", stats.stats_card, week(world, []), running, suppress=False)
