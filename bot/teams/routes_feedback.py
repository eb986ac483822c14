"""Telling the caller: what may go, who looks at it first, and that it went."""

from __future__ import annotations

from bot.desk.service import Done, Result
from bot.domain import commands as cmd
from bot.domain.decision import Refused, refused
from bot.domain.referral import Referral
from bot.domain.vocabulary import CONTACT_METHODS, LIMIT_FEEDBACK, LIMIT_LINE, Role
from bot.teams.answering import (
    act,
    done,
    held_back,
    no_identifiers,
    opener,
    referral_of,
)
from bot.teams.press import Press, Reply, ShowDialog, Turn
from cards import ending, wording as w
from cards.context import View, data_of
from cards.kit import Json, with_pass

_REF = 20


async def feedback_open(turn: Turn, press: Press) -> Reply:
    """`for` in the data: the caller whose answer it is, where more than one is owed."""

    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        chosen = {"for": press.get("for", _REF)}
        return ending.feedback_dialog(referral, view, chosen, top=top)

    return await opener("feedback.sent", w.B_FEEDBACK, card)(turn, press)


async def _contact_answers(turn: Turn, press: Press) -> Refused | None:
    """Saves how and when to call back, where the feedback dialog had to ask."""
    contact, safe = press.get("contact_method"), press.get("safe_contact")
    if contact not in CONTACT_METHODS or not safe:
        return None
    answers = {
        "contact_method": contact,
        "safe_contact": safe,
        "safe_contact_times": press.get("safe_contact_times", 60),
    }
    result = await turn.desk.service.act(
        press.case_id,
        cmd.AmendIntake(answers, for_ref=press.get("for", _REF)),
        turn.person,
        press=turn.key(press) + "contact",
    )
    return result if isinstance(result, Refused) else None


async def _warned(turn: Turn, press: Press) -> Reply | None:
    """Of identifiers feedback only warns: the same press again sends it as it is."""
    p, text = turn.desk.partnership, press.get("text", LIMIT_FEEDBACK)
    for our_own in (p.mash_phone, p.out_of_hours_phone, p.adult_mash_phone, p.lado_phone):
        text = text.replace(our_own, "")
    found, _ = no_identifiers(turn, {"text": text})
    if not found or press.passes:
        return None
    referral = await referral_of(turn, press)
    drawn = ending.feedback_dialog(referral, await turn.view(), press.values, top=w.FEEDBACK_WARN)
    title = w.B_SENT_ANYWAY if press.verb == "feedback.sent" else w.B_ASK_MASHO
    data = {**data_of(referral), "for": press.get("for", _REF)}
    return ShowDialog(w.B_FEEDBACK, with_pass(drawn, title, press.verb, data))


async def feedback_sent(turn: Turn, press: Press) -> Reply:
    method = press.get("method", 40)
    if method not in w.SENT_BY:
        no = refused("unknown_choice")
        return await done(turn, press, no, w.B_FEEDBACK, ending.feedback_dialog)
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    late = press.get("late_reason", LIMIT_LINE)
    return await _send(turn, press, cmd.SendFeedback(method, text, for_ref, late))


async def feedback_ask(turn: Turn, press: Press) -> Reply:
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    return await _send(turn, press, cmd.AskMashoToRing(text, for_ref))


async def _send(turn: Turn, press: Press, command: cmd.SendFeedback | cmd.AskMashoToRing) -> Reply:
    if warning := await _warned(turn, press):
        return warning
    no = await _contact_answers(turn, press)
    result = no or await act(turn, press, command)
    if isinstance(result, Refused) and result.code == "check_first":
        return await _hold(turn, press)
    if isinstance(result, Refused) and result.code == "level_warns":
        top = await turn.say(result)
        referral = await referral_of(turn, press)
        card = ending.feedback_dialog(
            referral, await turn.view(), press.values, top=top, may_ask=True
        )
        return ShowDialog(w.B_FEEDBACK, card)
    return await done(turn, press, result, w.B_FEEDBACK, ending.feedback_dialog)


async def feedback_hold(turn: Turn, press: Press) -> Reply:
    return await _hold(turn, press)


async def _hold(turn: Turn, press: Press) -> Reply:
    """The text is kept as it is typed, and whoever must see it first is told."""
    command = cmd.HoldFeedback(press.get("text", LIMIT_FEEDBACK), press.get("for", _REF))
    key = turn.key(press) + "hold"
    result = await turn.desk.service.act(press.case_id, command, turn.person, press=key)
    if isinstance(result, Refused):
        return await done(turn, press, result, w.B_FEEDBACK, ending.feedback_dialog)
    view = await turn.view()
    top = w.FEEDBACK_ASKED_CHECK.format(names=_who_looks(result, view, turn.person.id))
    card = ending.feedback_dialog(result.referral, view, press.values, top=top)
    return ShowDialog(w.B_FEEDBACK, card)


def _who_looks(result: Done, view: View, sender: str) -> str:
    held = result.referral.held_feedback
    needs = held.needs if held else ()
    roles = [Role.DUTY_MANAGER] if "pass" in needs else [Role.DUTY_SOCIAL_WORKER, Role.DUTY_MANAGER]
    people = view.today.here(view.partnership.with_role(*roles))
    lead = result.referral.lead
    names = [p.name for p in people if "pass" in needs or p.id not in (sender, lead)]
    return w.join(names, "or") or w.SOMEONE


async def check_open(turn: Turn, press: Press) -> Reply:
    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return ending.check_dialog(referral, view, {"for": press.get("for", _REF)}, top=top)

    return await opener("feedback.checked", w.B_CHECK_FEEDBACK, card)(turn, press)


async def feedback_check(turn: Turn, press: Press) -> Reply:
    text, for_ref = press.get("text", LIMIT_FEEDBACK), press.get("for", _REF)
    result: Result = await act(turn, press, cmd.CheckFeedback(text, for_ref))
    return await done(turn, press, result, w.B_CHECK_FEEDBACK, ending.check_dialog)


async def feedback_pass(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_CHECK_FEEDBACK, ending.check_dialog)
    if held:
        return held
    command = cmd.PassFeedback(
        press.get("text", LIMIT_FEEDBACK), press.get("reason", LIMIT_LINE), press.get("for", _REF)
    )
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_CHECK_FEEDBACK, ending.check_dialog)


async def cannot_open(turn: Turn, press: Press) -> Reply:
    def card(referral: Referral, view: View, answers: dict[str, str], *, top: str = "") -> Json:
        return ending.cannot_dialog(referral, view, {"for": press.get("for", _REF)}, top=top)

    return await opener("feedback.not_possible", w.B_CANNOT, card)(turn, press)


async def cannot_save(turn: Turn, press: Press) -> Reply:
    held, kinds = await held_back(turn, press, ("reason",), w.B_CANNOT, ending.cannot_dialog)
    if held:
        return held
    command = cmd.FeedbackCannotBeGiven(press.get("reason", LIMIT_LINE), press.get("for", _REF))
    result = await act(turn, press, command, kinds)
    return await done(turn, press, result, w.B_CANNOT, ending.cannot_dialog)
