"""The gallery's dialogs of the end: outcome, feedback, notes, history, and putting right."""

from __future__ import annotations

from bot.domain.commands import AddMessage
from bot.domain.decision import refused
from cards import (
    desk_cards,
    feedback,
    feedback_ways as ways,
    history,
    notes,
    outcome,
    putting_right,
    wording as w,
)
from cards.refusals import sentence
from tests.cards import on_record, referrals as tell, righted
from tests.cards.exhibit import LATER, Gallery, found
from tests.cards.story import Story, World

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
        top=found(world),
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
        add(f"feedback-{level}", feedback.feedback_dialog, told, view, {})
    text = {"text": world.say("feedback", "Thank you for calling."), "method": "phone"}
    agreed = tell.outcome_agreed(world)
    add("feedback-again", feedback.feedback_dialog, agreed.referral, view, text, top=found(world))
    unasked = tell.outcome_agreed(world, contact_method="", safe_contact="").referral
    add(
        "feedback-contact-missing",
        feedback.feedback_dialog,
        unasked,
        view,
        {"safe_contact_times": world.say("safe_contact_times", "After 15:30")},
    )
    unsafe = tell.outcome_agreed(world, safe_contact="no").referral
    add("feedback-not-safe", feedback.feedback_dialog, unsafe, view, {})
    asked = tell.masho_asked(world).referral
    masho = world.view("masho-1")
    add("feedback-masho", feedback.feedback_dialog, asked, masho, {})
    add("ring-back", desk_cards.ring_back_card, asked, masho)
    add("ring-back-done", desk_cards.ring_back_card, tell.fed_back(world).referral, masho)
    add("notes", notes.notes_dialog, tell.fed_back(world).referral, masho, {})
    follow = tell.taken(world).referral
    add("notes-id-to-follow", notes.notes_dialog, follow, masho, {})
    typed_ids = {"new_id_1": world.say("mosaic", "99001"), "note": world.say("notes_note", "Done")}
    add("notes-again", notes.notes_dialog, follow, masho, typed_ids, top=w.REFUSALS["mosaic_id"])
    add("notes-strategy", notes.notes_dialog, tell.strategy_held(world).referral, masho, {})
    add("notes-handed-over", notes.notes_dialog, tell.handed_over(world).referral, masho, {})


def _feedback(gallery: Gallery) -> None:
    """Two callers, one dialog each; and an answer that is late."""
    world, add = gallery.world, gallery.add
    view = world.view("eh-1", minutes=110)
    both, one = righted.two_callers(world).referral, righted.one_of_two_told(world).referral
    second = {"for": both.callers[1].reference}
    add("feedback-another-caller-owed", feedback.feedback_dialog, both, view, {})
    add("feedback-second-caller", feedback.feedback_dialog, both, view, second)
    add("feedback-second-caller-last", feedback.feedback_dialog, one, view, {})
    asked = righted.second_caller_asked(world).referral
    masho = world.view("masho-2", minutes=110)
    add("feedback-second-caller-masho", feedback.feedback_dialog, asked, masho, {})
    late = world.view("eh-1", minutes=LATER)
    agreed = tell.outcome_agreed(world).referral
    typed = {"late_reason": world.say("late_reason", "School was shut when I rang.")}
    add("feedback-late", feedback.feedback_dialog, agreed, late, {})
    add("feedback-late-again", feedback.feedback_dialog, agreed, late, typed, top=found(world))


def _ways(gallery: Gallery) -> None:
    """Reading aloud, nobody answered, email; each with what was typed and refused."""
    world, add = gallery.world, gallery.add
    view = world.view("eh-1", minutes=90)
    agreed = tell.outcome_agreed(world).referral
    some = {
        "safe_contact": "only at some times",
        "safe_contact_times": world.say("safe_contact_times", "After 15:30"),
    }
    at_times = tell.outcome_agreed(world, **some).referral
    add("aloud", ways.aloud_dialog, agreed, view, {})
    add("aloud-no-voicemail", ways.aloud_dialog, at_times, view, {})
    add("no-answer", ways.again_dialog, agreed, view, {})
    typed = {"again_day": "2026-11-24", "again_time": "03:00"}
    no = sentence(refused("again_when"), view)
    add("no-answer-again", ways.again_dialog, at_times, view, typed, top=no)
    add("feedback-safe-at-times", feedback.feedback_dialog, at_times, view, {})
    add("feedback-tried", feedback.feedback_dialog, righted.tried(world).referral, view, {})
    add("email", ways.mail_dialog, agreed, view, {})
    to = {"to": "k.shaw@school.example"}
    refusal = w.EMAIL_FAULTS["bad_address"]
    add("email-again", ways.mail_dialog, agreed, view, to, top=refusal)
    in_question = righted.email_started(world).referral
    add("email-in-question", ways.mail_dialog, in_question, view, {})
    add("feedback-email-in-question", feedback.feedback_dialog, in_question, view, {})
    not_sent = righted.email_failed(world).referral
    add("feedback-email-not-sent", feedback.feedback_dialog, not_sent, view, {})


def _checks(gallery: Gallery) -> None:
    """A text that somebody reads before the caller hears it."""
    world, add = gallery.world, gallery.add
    senior, manager = world.view("sw-1", minutes=92), world.view("mgr-1", minutes=92)
    lead = world.view("eh-1", minutes=96)
    check, leaks = (
        righted.feedback_to_check(world).referral,
        righted.feedback_to_pass(world).referral,
    )
    reason = {"reason": world.say("pass_reason", "She heard it from mum herself.")}
    add("check", feedback.check_dialog, check, senior, {})
    add("check-duty-manager", feedback.check_dialog, check, manager, {})
    add("check-leak", feedback.check_dialog, leaks, manager, {})
    add("check-again", feedback.check_dialog, leaks, manager, reason, top=found(world))
    checked = righted.feedback_checked(world).referral
    add("feedback-checked", feedback.feedback_dialog, checked, lead, {})
    top = sentence(refused("level_warns", rationale="mum wants help and"), lead)
    add("feedback-may-ask", feedback.feedback_dialog, leaks, lead, {}, top=top, may_ask=True)


def _notes(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    view = world.view("masho-1")
    add("notes-corrected", notes.notes_dialog, righted.corrected_agreed(world).referral, view, {})
    add("notes-two-callers", notes.notes_dialog, righted.two_callers(world).referral, view, {})
    tried = righted.tried(world).referral
    add("notes-tried", notes.notes_dialog, tried, view, {})
    add("notes-json-tried", notes.notes_json_dialog, tried, view, 0)
    add("notes-late", notes.notes_dialog, righted.fed_back_late(world).referral, view, {})
    add("notes-closed", notes.notes_dialog, tell.closed(world).referral, view, {})
    add("notes-everything", notes.notes_dialog, righted.everything(world).referral, view, {})
    told, follow = righted.everything(world).referral, tell.taken(world).referral
    add("notes-json", notes.notes_json_dialog, told, view, 0)
    add("notes-json-second-child", notes.notes_json_dialog, told, view, 1)
    add("notes-json-id-to-follow", notes.notes_json_dialog, follow, view, 0)


def _history(gallery: Gallery) -> None:
    """Short; of everything a referral can hold; and longer than a card may be."""
    world, add = gallery.world, gallery.add
    view = world.view("mgr-1", minutes=LATER + 10)
    for name, story in (
        ("history", tell.in_discussion(world)),
        ("history-everything", righted.everything(world)),
        ("history-reopened", righted.reopened(world)),
        ("history-handed-over", righted.outcome_elsewhere(world)),
        ("history-long", _much_written(world)),
    ):
        add(name, history.history_card, story.referral, story.recorded, view)


def _much_written(world: World) -> Story:
    story = tell.in_discussion(world)
    words = "The health visitor saw both children at home and will write it up. " * 28
    for n in range(30):
        story.does("hlt-1", 32 + n, AddMessage(world.say("message", words)))
    return story


# Put right -------------------------------------------------------------------------------


def _right(gallery: Gallery) -> None:
    world, add = gallery.world, gallery.add
    say, again = world.say, found(world)
    agreed, closed = tell.outcome_agreed(world).referral, tell.closed(world).referral
    split, fresh = tell.strategy_held(world).referral, tell.briefed(world).referral
    lead, senior = world.view("eh-1"), world.view("sw-1")
    reason = {"reason": say("correct_reason", "The two-year review found a worry.")}
    typed = {
        **reason,
        "outcome": "social_care",
        "rationale": say("rationale_again", "An assessment is needed."),
        "child_9900101": "ehu",
        "strategy_needed": "no",
        "strategy_why": say("strategy_why_not", "there is no sign of harm"),
    }
    add("correct-lead", putting_right.correct_dialog, agreed, lead, {})
    add("correct-social-worker", putting_right.correct_dialog, agreed, senior, {})
    add("correct-two-outcomes", putting_right.correct_dialog, split, senior, {})
    add("correct-again", putting_right.correct_dialog, agreed, senior, typed, top=again)
    back = {"reason": say("reopen_reason", "The visit could not take place.")}
    add("reopen-empty", putting_right.reopen_dialog, closed, lead, {})
    add("reopen-again", putting_right.reopen_dialog, closed, lead, back, top=again)
    gone = {"reason": say("withdraw_reason", "Posted twice.")}
    masho = world.view("masho-1", minutes=10)
    add("withdraw-empty", putting_right.withdraw_dialog, fresh, masho, {})
    add("withdraw-again", putting_right.withdraw_dialog, fresh, masho, gone, top=again)
    over = tell.handed_over(world).referral
    unknown = sentence(refused("unknown_choice"), senior)
    add("elsewhere-empty", putting_right.elsewhere_dialog, over, senior, {})
    add("elsewhere-again", putting_right.elsewhere_dialog, over, senior, {}, top=unknown)
    done = on_record.actions_done(world).referral
    add("actions-none-done", putting_right.actions_dialog, agreed, lead, {})
    add("actions-one-done", putting_right.actions_dialog, done, lead, {})
    moved = sentence(refused("no_such_action"), lead)
    add("actions-again", putting_right.actions_dialog, done, lead, {}, top=moved)


def _pairs(gallery: Gallery) -> None:
    """Merge or link: from More, and in the earlier referral's thread."""
    world, add = gallery.world, gallery.add
    view = world.view(minutes=50)
    pair = righted.matched(world)
    first, second = pair.first.referral, pair.second.referral
    one = [(first.reference, f"{first.reference}, Tue 24 Nov 09:12: being discussed")]
    many = [*one, *((f"REF-2026-{n:05d}", f"REF-2026-{n:05d}: needs a lead") for n in range(7, 12))]
    other = {"other": many[2][0]}
    different = sentence(refused("different_children"), view)
    for verb in ("merge", "link"):
        save = f"{verb}.save"
        add(f"{verb}-one", putting_right.pair_dialog, second, save, one, {})
        add(f"{verb}-many", putting_right.pair_dialog, second, save, many, other, top=different)
        add(f"{verb}-none", putting_right.pair_dialog, second, save, [], {})
    add("same-child", putting_right.same_child_card, first, second, view)
    for name, both in (("merged", righted.merged(world)), ("linked", righted.linked(world))):
        earlier, later = both.first.referral, both.second.referral
        add(f"same-child-{name}", putting_right.same_child_card, earlier, later, view)
    over = righted.withdrawn(world).referral
    add("same-child-over", putting_right.same_child_card, over, second, view)


ROOMS = (_outcomes, _endings, _feedback, _ways, _checks, _notes, _history, _right, _pairs)
