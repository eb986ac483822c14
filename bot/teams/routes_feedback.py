"""Telling the caller: what may go, who looks at it first, and that it went. Ways of telling that
need a step of their own are in `routes_telling`.
"""

from __future__ import annotations

from bot.desk.service import Result
from bot.domain import commands as cmd
from bot.domain.contact import ROUTES
from bot.domain.decision import Refused, Scene, refused
from bot.domain.identifiers import case_numbers
from bot.domain.referral import Held, Referral
from bot.domain.rules_feedback import may_go
from bot.domain.vocabulary import CONTACT_METHODS, LIMIT_FEEDBACK, LIMIT_LINE, SAFE_CONTACT, Role
from bot.teams.answering import (
    act,
    done,
    held_back,
    log_refusal,
    no_identifiers,
    opener,
    referral_of,
)
from bot.teams.press import CloseDialog, Press, Reply, ShowDialog, Turn
from cards import feedback, wording as w
from cards.context import View, data_of
from cards.desk_cards import refused_dialog
from cards.kit import Json, with_pass

_REF = 20


async def feedback_open(turn: Turn, press: Press) -> Reply:
    """`for` in the data: the caller whose answer it is, where more than one is owed."""
    if told := await told_already(turn, press):
        return told

    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return feedback.feedback_dialog(referral, view, typed(press), top=top)

    return await opener("feedback.sent", w.B_FEEDBACK, card)(turn, press)


async def told_already(turn: Turn, press: Press) -> Reply | None:
    """A dialog that was open while somebody else told the caller: never another caller's text."""
    referral = await referral_of(turn, press)
    named = press.get("for", _REF)
    caller = referral.caller_of(named) if named else None
    if not referral.feedback_done and (caller is None or caller in referral.owed):
        return None
    no = refused("already_told", ref=caller.reference if caller else referral.reference)
    await log_refusal(turn, press, no)
    return ShowDialog(w.B_FEEDBACK, refused_dialog(await turn.say(no)))


def typed(press: Press) -> dict[str, str]:
    """What the way back to the text needs: whose it is, and what was typed so far."""
    return {
        "for": press.get("for", _REF),
        "text": press.get("text", LIMIT_FEEDBACK),
        "late_reason": press.get("late_reason", LIMIT_LINE),
    }


async def contact_answers(turn: Turn, press: Press) -> Refused | None:
    """Saves how and whether to call back, where nobody has said yet: what was said in the meantime
    stands, and is put right in the form alone.
    """
    contact, safe = press.get("contact_method"), press.get("safe_contact")
    if contact not in CONTACT_METHODS or safe not in SAFE_CONTACT:
        return None
    referral = (await turn.desk.cases.fresh(press.case_id)).referral
    caller = referral.caller_of(press.get("for", _REF))
    if caller is None or caller.intake.safe_contact:
        return None
    answers = {"safe_contact": safe, "safe_contact_times": press.get("safe_contact_times", 60)}
    if not caller.intake.contact_method:
        answers["contact_method"] = contact
    result = await turn.desk.service.act(
        press.case_id,
        cmd.AmendIntake(answers, for_ref=press.get("for", _REF)),
        turn.person,
        press=turn.key(press) + "contact",
    )
    return result if isinstance(result, Refused) else None


async def warned(turn: Turn, press: Press) -> Reply | None:
    """Of identifiers feedback only warns: the same press again sends it as it is."""
    p, text = turn.desk.partnership, press.get("text", LIMIT_FEEDBACK)
    for our_own in (p.mash_phone, p.out_of_hours_phone, p.adult_mash_phone, p.lado_phone):
        text = text.replace(our_own, "")
    beside = {name: press.get(name) for name in ("late_reason", "safe_contact_times")}
    found, _ = no_identifiers(turn, {"text": text, **beside})
    if press.passes or not (found or case_numbers(text, p.mosaic_id_pattern)):
        return None
    referral = await referral_of(turn, press)
    top = w.FEEDBACK_WARN
    view = await turn.view(referral)
    drawn = feedback.feedback_dialog(referral, view, press.values, top=top, others=False)
    title = w.B_RIGHT_TO_SAY.get(press.verb, w.B_GO_ON)
    data = {**data_of(referral), "for": press.get("for", _REF)}
    return ShowDialog(w.B_FEEDBACK, with_pass(drawn, title, press.verb, data))


async def feedback_sent(turn: Turn, press: Press) -> Reply:
    method = press.get("method", 40)
    if method not in ROUTES:
        no = refused("unknown_choice")
        return await done(turn, press, no, w.B_FEEDBACK, feedback.feedback_dialog)
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    late = press.get("late_reason", LIMIT_LINE)
    return await _send(turn, press, cmd.SendFeedback(method, text, for_ref, late))


async def feedback_ask(turn: Turn, press: Press) -> Reply:
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    return await _send(turn, press, cmd.AskMashoToRing(text, for_ref))


async def _send(turn: Turn, press: Press, command: cmd.SendFeedback | cmd.AskMashoToRing) -> Reply:
    if warning := await warned(turn, press):
        return warning
    no = await contact_answers(turn, press)
    result = no or await act(turn, press, command)
    if isinstance(result, Refused):
        return await kept_back(turn, press, result)
    return CloseDialog()


async def kept_back(turn: Turn, press: Press, no: Refused) -> Reply:
    """The text again, with why it may not go, or held for whoever must see it first."""
    if no.code == "check_first":
        return await _hold(turn, press)
    if no.code == "already_told":
        return ShowDialog(w.B_FEEDBACK, refused_dialog(await turn.say(no)))
    top = await turn.say(no)
    referral = await referral_of(turn, press)
    ask = no.code == "level_warns"
    view = await turn.view(referral)
    drawn = feedback.feedback_dialog(referral, view, press.values, top=top, may_ask=ask)
    return ShowDialog(w.B_FEEDBACK, drawn)


async def not_yet(turn: Turn, press: Press, method: str) -> Reply | None:
    """Before a text is read out or emailed: the text again where it may not go; None where it may.

    Nothing is logged but how to call back, where the dialog had to ask, and the refusal.
    """
    if told := await told_already(turn, press):
        return told
    if warning := await warned(turn, press):
        return warning
    no = await contact_answers(turn, press)
    referral = await referral_of(turn, press)
    view = await turn.view(referral)
    caller = referral.caller_of(press.get("for", _REF))
    scene = Scene(view.partnership, view.today, view.now, turn.person)
    text = press.get("text", LIMIT_FEEDBACK)
    if caller is None:
        no = no or refused("no_such_caller")
    else:
        no = no or may_go(referral, caller, text, method, scene)
    if no is None:
        return None
    await log_refusal(turn, press, no)
    return await kept_back(turn, press, no)


async def feedback_hold(turn: Turn, press: Press) -> Reply:
    if warning := await warned(turn, press):
        return warning
    return await _hold(turn, press)


async def _hold(turn: Turn, press: Press) -> Reply:
    """The text is kept as it is typed, and whoever must see it first is told."""
    command = cmd.HoldFeedback(press.get("text", LIMIT_FEEDBACK), press.get("for", _REF))
    key = turn.key(press) + "hold"
    result = await turn.desk.service.act(press.case_id, command, turn.person, press=key)
    if isinstance(result, Refused):
        return await kept_back(turn, press, result)
    view = await turn.view(result.referral)
    caller = result.referral.caller_of(press.get("for", _REF))
    held = result.referral.held_for(caller.for_ref) if caller else None
    top = w.FEEDBACK_NEEDS_NOBODY
    if held:
        names = _who_looks(held, result.referral, view, turn.person.id)
        top = w.FEEDBACK_ASKED_CHECK.format(names=names)
    card = feedback.feedback_dialog(result.referral, view, press.values, top=top)
    return ShowDialog(w.B_FEEDBACK, card)


def _who_looks(held: Held, referral: Referral, view: View, sender: str) -> str:
    passes = "pass" in held.needs
    roles = [Role.DUTY_MANAGER] if passes else [Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER]
    people = view.today.here(view.partnership.with_role(*roles))
    names = [p.name for p in people if passes or p.id not in (sender, referral.lead)]
    return w.join(names, "or") or w.SOMEONE


async def check_open(turn: Turn, press: Press) -> Reply:
    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return feedback.check_dialog(referral, view, {"for": press.get("for", _REF)}, top=top)

    return await opener("feedback.checked", w.B_CHECK_FEEDBACK, card)(turn, press)


async def feedback_check(turn: Turn, press: Press) -> Reply:
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    result: Result = await act(turn, press, cmd.CheckFeedback(text, for_ref))
    return await done(turn, press, result, w.B_CHECK_FEEDBACK, feedback.check_dialog)


async def feedback_pass(turn: Turn, press: Press) -> Reply:
    card = feedback.check_dialog
    held, kinds = await held_back(turn, press, ("reason",), w.B_CHECK_FEEDBACK, card)
    if held:
        return held
    command = cmd.PassFeedback(
        press.get("text", LIMIT_FEEDBACK), press.get("reason", LIMIT_LINE), press.get("for", _REF)
    )
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_CHECK_FEEDBACK, feedback.check_dialog)


async def cannot_open(turn: Turn, press: Press) -> Reply:
    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return feedback.cannot_dialog(referral, view, {"for": press.get("for", _REF)}, top=top)

    return await opener("feedback.not_possible", w.B_CANNOT, card)(turn, press)


async def cannot_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_CANNOT, feedback.cannot_dialog)
    if held:
        return held
    command = cmd.FeedbackCannotBeGiven(press.get("reason", LIMIT_LINE), press.get("for", _REF))
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_CANNOT, feedback.cannot_dialog)
