"""The gallery's dialogs of the talk: More, what an agency said, the huddle, small questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.decision import refused
from cards import desk_cards, dialogs, feedback, filing, huddle, more, wording as w
from cards.kit import Json
from cards.refusals import sentence
from tests.cards import on_record, referrals as tell, righted
from tests.cards.exhibit import POLICY, VIEWERS, Gallery, found
from tests.cards.story import World


def _dialogs(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    say = world.say
    view = world.view("sw-1", minutes=62)
    story, unfinished = tell.in_discussion(world).referral, tell.unfinished(world).referral
    immediate = tell.flagged(world).referral
    nobody = world.view()
    again = found(world)
    words = say("words", "Not on our system")
    add("told-how", dialogs.told_how_card, unfinished, view, words, dialog=False)
    add("told-how-dialog", dialogs.told_how_card, unfinished, view, words, dialog=True)
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
    mine, logged = world.view("da-1", minutes=62), story.heard()["domestic_abuse"].said
    right = {
        "agency": logged.agency,
        "corrects": "true",
        "known": logged.known,
        "relevant": logged.relevant,
    }
    add("contribute-put-right", dialogs.contribute_dialog, story, mine, right)
    add("flagged-dialog", dialogs.flagged_dialog, immediate, view)
    no_team = tell.flagged_in_thread(world).referral
    add("flagged-dialog-no-team", dialogs.flagged_dialog, no_team, view)
    for name, builder, answers in _small_dialogs(world):
        add(f"{name}-empty", builder, story, view, {})
        add(f"{name}-again", builder, story, view, answers, top=again)
    add("refused-dialog", desk_cards.refused_dialog, sentence(refused("unknown_case"), nobody))
    again_for = {
        "roles-unknown-form": (
            "intake.brief",
            {"case": "a" * 32, "seen_heard": say("seen_heard", "Hungry.")},
        ),
        "roles-unknown-referral": ("claim", {"case": "a" * 32, "v": "2"}),
    }
    for name, (verb, typed) in again_for.items():
        said = sentence(refused("roles_unknown"), nobody)
        add(name, desk_cards.try_again_dialog, said, verb, typed, may_flag=True)
    held = sentence(refused("roles_unknown"), nobody)
    add("not-safe-here", desk_cards.not_safe_card, held, "a" * 32)
    add("not-safe-door", desk_cards.not_safe_card, held, "")
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
            "offer",
            dialogs.offer_dialog,
            {"lead": "hlt-1", "reason": say("offer_reason", "I am in a meeting from 11:00.")},
        ),
        (
            "police",
            dialogs.police_dialog,
            {
                "rang_by": "pol-1",
                "rang_by_name": say("rang_by_name", "The nurse in charge"),
                "rang_at": "9.45",
            },
        ),
        (
            "disagree",
            dialogs.disagree_dialog,
            {"text": say("disagreement", "I would ask about a strategy discussion first.")},
        ),
        (
            "stand-down",
            dialogs.stand_down_dialog,
            {"reason": say("stand_down_reason", "A doctor knows this mark.")},
        ),
        (
            "cannot",
            feedback.cannot_dialog,
            {"reason": say("cannot", "The number does not work.")},
        ),
    ]


# More ------------------------------------------------------------------------------------

EVERY_ROLE = {**VIEWERS, "assessment-team": "axt-1", "manager": "man-1"}
ALL_ROLES_IN = ("in_discussion", "outcome_agreed", "closed")


def _more(gallery: Gallery) -> None:
    """Every state for the two who may do most, and three of them for every role."""
    world, add = gallery.world, gallery.add
    for chapter in tell.CHAPTERS:
        told = tell.chapter(world, chapter).referral
        for role, person in EVERY_ROLE.items():
            if chapter in ALL_ROLES_IN or role in ("lead", "duty-manager"):
                seen = world.view(person, minutes=62)
                add(f"more-{chapter}-{role}", more.more_dialog, told, seen)
    picker = world.view("mgr-1", minutes=63)
    add("more-strategy-owed", more.more_dialog, tell.strategy_owed(world).referral, picker)
    immediate, early = tell.flagged(world).referral, world.view("sw-1", minutes=4)
    add("more-immediate", more.more_dialog, immediate, early)
    merged = righted.merged(world).second.referral
    add("more-merged", more.more_dialog, merged, world.view("hlt-1", minutes=50))
    gone = righted.withdrawn(world).referral
    add("more-withdrawn", more.more_dialog, gone, world.view("mgr-1", minutes=50))


# The huddle ------------------------------------------------------------------------------


def huddled(world: World) -> dict[str, str]:
    """A talk in the room with everything in it, as raw values."""
    say = world.say
    rows = {
        f"said_{a.code}": say("huddle_line", "Knows mum from a group and thinks well of her.")
        for a in world.partnership.agencies
    }
    answers = {f"known_{a.code}": "known" for a in world.partnership.agencies}
    actions: dict[str, str] = {}
    for n in range(1, huddle.MOST_ACTIONS + 1):
        actions |= {
            f"action_{n}": say("action", "Visit mum at home and agree an early help assessment"),
            f"need_{n}": "parent_help",
            f"owner_{n}": "eh-1",
            f"due_{n}": "2026-11-26",
        }
    return {
        **rows,
        **answers,
        **actions,
        "lead": "eh-1",
        "outcome": "social_care",
        "rationale": say("rationale", "Mum wants help and the school sees the children."),
        "child_9900101": "ehu",
        "told_family": "yes_not_agree",
        "told_family_reason": say("told_family_reason", "Mum worries about what people think."),
        "family_view": say("family_view", "Mum wants help with the mornings."),
        "next_step": say("next_step", "Tell mum that Femi will ring her tomorrow."),
        "strategy_needed": "no",
        "strategy_why": say("strategy_why", "nobody is hurt"),
    }


def _huddle(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    fresh, talking = tell.briefed(world).referral, tell.in_discussion(world).referral
    unfinished, planned = tell.unfinished(world).referral, tell.planned(world).referral
    for role, person in VIEWERS.items():
        if role != "lead":
            seen = world.view(person, minutes=20)
            add(f"huddle-{role}", huddle.huddle_dialog, fresh, seen, {})
    lead, manager = world.view("eh-1", minutes=40), world.view("mgr-1", minutes=40)
    add("huddle-lead", huddle.huddle_dialog, talking, lead, {})
    add("huddle-planned", huddle.huddle_dialog, planned, lead, {})
    add("huddle-family-owed", huddle.huddle_dialog, unfinished, manager, {})
    typed, wrong = huddled(world), found(world)
    add(
        "huddle-again",
        huddle.huddle_dialog,
        unfinished,
        manager,
        typed,
        top=wrong,
        may_pass=True,
    )
    immediate, senior = tell.flagged(world).referral, world.view("sw-1", minutes=5)
    add("huddle-immediate", huddle.huddle_dialog, immediate, senior, {})


# A message to file -----------------------------------------------------------------------


def _filing(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    say, story = world.say, tell.in_discussion(world).referral
    author = say("author_name", "Sam, school nurse")
    message = {
        "message": on_record.NURSE,
        "text": say("filed_view", "I think mum would say yes to a visit."),
    }
    time = world.view().when(on_record.at(36))
    add("file", filing.file_dialog, story, world.view(), message, author, time)
    masked = w.FILE_MASKED.format(what=w.join([w.IDENTIFIERS["phone"], w.IDENTIFIERS["postcode"]]))
    left_out = {**message, "text": "Mum is on [phone number left out] at [postcode left out]."}
    add(
        "file-masked",
        filing.file_dialog,
        story,
        world.view(),
        left_out,
        author,
        time,
        masked=masked,
    )
    policy = world.with_setting(disagreement_url=POLICY)
    rep = policy.view("hlt-1", minutes=47)
    add("disagree-policy", dialogs.disagree_dialog, story, rep, {})


ROOMS = (_dialogs, _more, _huddle, _filing)
