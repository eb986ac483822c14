"""Rules of telling the caller: what may go, who checks it first, and closing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import commands as cmd, events as ev
from bot.domain.contact import ROUTES, SERVICE_MAILBOX, unsafe_route
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.evolve import fold
from bot.domain.feedback_levels import CHECKED_FIRST, leaks, level_of, normal
from bot.domain.partnership import Partnership, Person
from bot.domain.referral import Caller, Cleared, Held, Referral
from bot.domain.surveys import SURVEY_GROUPS
from bot.domain.vocabulary import Role, State


def owed_before_sending(
    referral: Referral, caller: Caller, text: str, sender: str, p: Partnership
) -> tuple[str, ...]:
    """`check` and `pass`, where this text still needs them before `sender` may send it."""
    owed = []
    checks = _cleared(referral, referral.checks, caller, text)
    if level_of(caller, p) in CHECKED_FIRST and all(c.by == sender for c in checks):
        owed.append("check")
    found = {leak.source for leak in leaks(text, referral, caller, p)}
    passes = _cleared(referral, referral.passes, caller, text)
    if found and not any(found <= set(c.warned) for c in passes):
        owed.append("pass")
    return tuple(owed)


def _cleared(
    referral: Referral, found: tuple[Cleared, ...], caller: Caller, text: str
) -> list[Cleared]:
    wanted = normal(text)
    return [c for c in referral.cleared_now(found, caller.for_ref) if normal(c.text) == wanted]


def may_go(
    referral: Referral,
    caller: Caller,
    text: str,
    method: str,
    scene: Scene,
    sender: str = "",
) -> Refused | None:
    """Why this text may not go to this caller in this way; None where it may.

    `sender` is who will say or send it, the actor by default.
    """
    if no := contact_refusal(caller, method):
        return no
    if not text.strip():
        return refused("text_needed")
    sender = sender or scene.actor.id
    owed = owed_before_sending(referral, caller, text, sender, scene.partnership)
    if "pass" in owed:
        found = leaks(text, referral, caller, scene.partnership)
        return Refused("level_warns", tuple((leak.source, leak.words) for leak in found))
    return refused("check_first") if owed else None


def contact_refusal(caller: Caller, method: str) -> Refused | None:
    intake = caller.intake
    if not intake.contact_method or not intake.safe_contact:
        return refused("contact_needed")
    if method not in ROUTES:
        return refused("unknown_choice")
    route = unsafe_route(intake, method)
    if not route:
        return None
    if intake.safe_contact == "no":
        return refused("unsafe_contact")
    return refused("unsafe_route", route=route, times=intake.safe_contact_times)


def ask_masho(referral: Referral, command: cmd.AskMashoToRing, scene: Scene) -> Decided:
    if no := check("feedback.asked", referral, scene):
        return no
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    if no := may_go(referral, caller, command.text, "phone", scene, caller.taken_by):
        return no
    before = referral.asked_for(caller.for_ref)
    if before and (before.text, before.masho) == (command.text, caller.taken_by):
        return ()
    return (scene.did(ev.FeedbackAsked(command.text, caller.taken_by, caller.for_ref)),)


def owed_caller(referral: Referral, for_ref: str) -> Caller | Refused:
    """The caller named, where they have not heard back."""
    caller = referral.caller_of(for_ref)
    if caller is None:
        return refused("no_such_caller")
    if caller not in referral.owed:
        return refused("already_told", ref=caller.reference)
    return caller


def send_feedback(referral: Referral, command: cmd.SendFeedback, scene: Scene) -> Decided:
    if no := check("feedback.sent", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if caller not in referral.owed:
        return ()
    if command.method == SERVICE_MAILBOX:
        return _went_after_all(referral, caller, command, scene)
    if no := may_go(referral, caller, command.text, command.method, scene):
        return no
    return sent_events(referral, caller, command, scene)


def _went_after_all(
    referral: Referral, caller: Caller, command: cmd.SendFeedback, scene: Scene
) -> Decided:
    """Somebody saw in the mailbox that the email in question did go: what went is what counts."""
    email = referral.emailing_to(caller)
    if email is None:
        return refused("unknown_choice")
    return sent_events(referral, caller, replace(command, text=email.text), scene)


def sent_events(
    referral: Referral, caller: Caller, command: cmd.SendFeedback, scene: Scene
) -> tuple[ev.Recorded, ...]:
    group = caller.intake.referrer_group
    level = scene.partnership.group[group].feedback_level
    sent = ev.FeedbackSent(
        group, level, command.method, command.text, caller.for_ref, command.late_reason
    )
    return and_close(referral, (scene.did(sent),), scene)


_TRY_WITHIN_WORKING_DAYS = 5


def try_again(referral: Referral, command: cmd.TryFeedbackAgain, scene: Scene) -> Decided:
    """The answer is still owed; whoever rang is reminded then, while the door is open."""
    if no := check("feedback.tried", referral, scene):
        return no
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    if no := contact_refusal(caller, "phone"):
        return no
    calendar = scene.partnership.calendar
    last = calendar.add_working_days(calendar.day_of(scene.now), _TRY_WITHIN_WORKING_DAYS)
    again = command.again_at
    if again <= scene.now or calendar.day_of(again) > last or not calendar.is_open(again):
        return refused("again_when")
    tried = ev.FeedbackTried(again, caller.for_ref, command.text)
    same = any(ev.FeedbackTried(t.again_at, t.for_ref, t.text) == tried for t in referral.tried)
    return () if same else (scene.did(tried),)


def cannot_feed_back(
    referral: Referral, command: cmd.FeedbackCannotBeGiven, scene: Scene
) -> Decided:
    if no := check("feedback.not_possible", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if caller not in referral.owed:
        return ()
    if not command.reason.strip():
        return refused("reason_needed")
    done = scene.did(ev.FeedbackNotPossible(command.reason, caller.for_ref))
    return and_close(referral, (done,), scene)


def hold(referral: Referral, command: cmd.HoldFeedback, scene: Scene) -> Decided:
    """The text waits on the card for whoever has to see it first."""
    if no := check("feedback.held", referral, scene):
        return no
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    if not command.text.strip():
        return refused("text_needed")
    p = scene.partnership
    needs = owed_before_sending(referral, caller, command.text, scene.actor.id, p)
    now = referral.held_for(caller.for_ref)
    same = now and (now.text, now.needs) == (command.text, needs)
    if not needs or same:
        return ()
    return (scene.did(ev.FeedbackHeld(command.text, caller.for_ref, needs)),)


def waits_for(held: Held, referral: Referral, viewer: Person) -> bool:
    """Whether this text waits for this person: a check not for its sender, a pass for a manager."""
    checks = "check" in held.needs and viewer.id not in (held.by, referral.lead)
    return checks or ("pass" in held.needs and viewer.role is Role.DUTY_MANAGER)


def check_text(referral: Referral, command: cmd.CheckFeedback, scene: Scene) -> Decided:
    if no := check("feedback.checked", referral, scene):
        return no
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    p, text = scene.partnership, command.text
    if level_of(caller, p) not in CHECKED_FIRST:
        return refused("no_check_needed")
    held = referral.held_for(caller.for_ref)
    if scene.actor.id == referral.lead or (held and held.by == scene.actor.id):
        return refused("checker_is_sender")
    if not text.strip():
        return refused("text_needed")
    checks = _cleared(referral, referral.checks, caller, text)
    if any(c.by == scene.actor.id for c in checks):
        return ()
    sender = held.by if held else referral.lead
    owed = owed_before_sending(referral, caller, text, sender, p)
    needs = tuple(n for n in owed if n != "check")
    return (scene.did(ev.FeedbackChecked(text, caller.for_ref, needs)),)


def let_pass(referral: Referral, command: cmd.PassFeedback, scene: Scene) -> Decided:
    if no := check("feedback.passed", referral, scene):
        return no
    caller = owed_caller(referral, command.for_ref)
    if isinstance(caller, Refused):
        return caller
    p, text = scene.partnership, command.text
    if not command.reason.strip():
        return refused("reason_needed")
    if not text.strip():
        return refused("text_needed")
    warned = tuple(leak.source for leak in leaks(text, referral, caller, p))
    passes = _cleared(referral, referral.passes, caller, text)
    if any(set(warned) <= set(c.warned) for c in passes):
        return ()
    held = referral.held_for(caller.for_ref)
    sender = held.by if held else referral.lead
    owed = owed_before_sending(referral, caller, text, sender, p)
    needs = tuple(n for n in owed if n != "pass")
    passed = ev.FeedbackPassed(text, command.reason, caller.for_ref, warned, needs)
    return (scene.did(passed),)


def and_close(
    referral: Referral, events: tuple[ev.Recorded, ...], scene: Scene
) -> tuple[ev.Recorded, ...]:
    """It closes itself once the caller has heard back and every child's note is confirmed."""
    after = fold(referral, events)
    agreed = after.state in (State.OUTCOME_AGREED, State.HANDED_OVER)
    if agreed and after.feedback_done and after.notes_done:
        return (*events, scene.bot_did(ev.ReferralClosed()))
    return events


def survey_refusal(referral: Referral, caller: Caller | None, p: Partnership) -> Refused | None:
    """Why this caller is not asked the survey's questions; None where they may be, once."""
    if caller is None:
        return refused("no_such_caller")
    if caller.for_ref in referral.surveyed:
        return refused("survey_done")
    told = any(f.for_ref == caller.for_ref and f.method != "voicemail" for f in referral.feedback)
    unsafe = caller.intake.safe_contact == "no" or level_of(caller, p) == "none"
    if not told or unsafe or _child_in_distress(referral, caller, p):
        return refused("survey_not_now")
    return None


def _child_in_distress(referral: Referral, caller: Caller, p: Partnership) -> bool:
    """A young person who rang about not being safe is not asked how satisfied they are."""
    worried = referral.immediate is not None or caller.intake.safe_now != "yes"
    return level_of(caller, p) == "young_person" and worried


def survey_group(caller: Caller, p: Partnership) -> str:
    """Who answers, as the survey asks it. All that is kept of them beside the test and the week."""
    group = p.group[caller.intake.referrer_group]
    if group.kind == "professional":
        return "professional"
    return group.code if group.code in SURVEY_GROUPS else "someone_else"


def ask_survey(referral: Referral, command: cmd.AskSurvey, scene: Scene) -> Decided:
    if no := check("survey.asked", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if no := survey_refusal(referral, caller, scene.partnership):
        return no
    assert caller is not None
    return (scene.did(ev.SurveyAsked(caller.for_ref)),)
