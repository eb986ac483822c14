"""Rules of telling the caller: what may go, who checks it first, and closing."""

from __future__ import annotations

from bot.domain import commands as cmd, events as ev
from bot.domain.decision import Decided, Refused, Scene, check, refused
from bot.domain.evolve import fold
from bot.domain.feedback_levels import CHECKED_FIRST, leaks, level_of, normal
from bot.domain.partnership import Partnership
from bot.domain.referral import Caller, Cleared, Referral
from bot.domain.surveys import SURVEY_GROUPS
from bot.domain.vocabulary import State


def owed_before_sending(
    referral: Referral, caller: Caller, text: str, sender: str, p: Partnership
) -> tuple[str, ...]:
    """`check` and `pass`, where this text still needs them before `sender` may send it."""
    owed = []
    checked = level_of(caller, p) not in CHECKED_FIRST or any(
        c.by != sender for c in _cleared(referral.checks, caller, text)
    )
    if not checked:
        owed.append("check")
    if leaks(text, referral, caller, p) and not _cleared(referral.passes, caller, text):
        owed.append("pass")
    return tuple(owed)


def _cleared(found: tuple[Cleared, ...], caller: Caller, text: str) -> list[Cleared]:
    wanted = normal(text)
    return [c for c in found if c.for_ref == caller.for_ref and normal(c.text) == wanted]


def _may_not_go(
    referral: Referral, caller: Caller, text: str, sender: str, scene: Scene
) -> Refused | None:
    if no := _contact_refusal(caller):
        return no
    if not text.strip():
        return refused("text_needed")
    owed = owed_before_sending(referral, caller, text, sender, scene.partnership)
    if "pass" in owed:
        found = leaks(text, referral, caller, scene.partnership)
        return Refused("level_warns", tuple((leak.source, leak.words) for leak in found))
    return refused("check_first") if owed else None


def _contact_refusal(caller: Caller) -> Refused | None:
    if not caller.intake.contact_method or not caller.intake.safe_contact:
        return refused("contact_needed")
    return None


def ask_masho(referral: Referral, command: cmd.AskMashoToRing, scene: Scene) -> Decided:
    if no := check("feedback.asked", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if no := _may_not_go(referral, caller, command.text, caller.taken_by, scene):
        return no
    asked = ev.FeedbackAsked(command.text, caller.taken_by, caller.for_ref)
    return () if asked == referral.asked_masho else (scene.did(asked),)


def send_feedback(referral: Referral, command: cmd.SendFeedback, scene: Scene) -> Decided:
    if no := check("feedback.sent", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if caller not in referral.owed:
        return ()
    if no := _may_not_go(referral, caller, command.text, scene.actor.id, scene):
        return no
    group = caller.intake.referrer_group
    level = scene.partnership.group[group].feedback_level
    sent = ev.FeedbackSent(
        group, level, command.method, command.text, caller.for_ref, command.late_reason
    )
    return and_close(referral, (scene.did(sent),), scene)


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
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if not command.text.strip():
        return refused("text_needed")
    p = scene.partnership
    needs = owed_before_sending(referral, caller, command.text, scene.actor.id, p)
    now = referral.held_feedback
    same = now and (now.text, now.for_ref, now.needs) == (command.text, caller.for_ref, needs)
    if not needs or same:
        return ()
    return (scene.did(ev.FeedbackHeld(command.text, caller.for_ref, needs)),)


def check_text(referral: Referral, command: cmd.CheckFeedback, scene: Scene) -> Decided:
    if no := check("feedback.checked", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if level_of(caller, scene.partnership) not in CHECKED_FIRST:
        return refused("no_check_needed")
    held = referral.held_feedback
    if scene.actor.id == referral.lead or (held and held.by == scene.actor.id):
        return refused("checker_is_sender")
    if not command.text.strip():
        return refused("text_needed")
    if any(c.by == scene.actor.id for c in _cleared(referral.checks, caller, command.text)):
        return ()
    return (scene.did(ev.FeedbackChecked(command.text, caller.for_ref)),)


def let_pass(referral: Referral, command: cmd.PassFeedback, scene: Scene) -> Decided:
    if no := check("feedback.passed", referral, scene):
        return no
    caller = referral.caller_of(command.for_ref)
    if caller is None:
        return refused("no_such_caller")
    if not command.reason.strip():
        return refused("reason_needed")
    if not command.text.strip():
        return refused("text_needed")
    if _cleared(referral.passes, caller, command.text):
        return ()
    found = leaks(command.text, referral, caller, scene.partnership)
    warned = tuple(leak.source for leak in found)
    return (scene.did(ev.FeedbackPassed(command.text, command.reason, caller.for_ref, warned)),)


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
    told = any(f.for_ref == caller.for_ref for f in referral.feedback)
    unsafe = caller.intake.safe_contact == "no" or level_of(caller, p) == "none"
    if not told or unsafe:
        return refused("survey_not_now")
    return None


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
