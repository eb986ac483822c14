"""Feedback, notes, handing over, and everything after an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.contact import SERVICE_MAILBOX
from bot.domain.rules_feedback import owed_before_sending
from bot.domain.vocabulary import Role
from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.moves_base import briefing_of
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog, Message
from cards.asking import NO_ANSWER

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


_SOMEBODY = "caller@caller.example"


async def feed_back(play: Play, hands: Hands, event: Event) -> None:
    await _clear(play, hands, event)
    entry = play.next_feedback(event)
    dialog = await _for_caller(play, hands, "feedback.open", event.data.get("for_ref", ""))
    fill = {"text": entry["text"]}
    if Screen(dialog.card).has_input("late_reason"):
        fill["late_reason"] = event.data.get("late_reason", "")
    if entry["channel"] == SERVICE_MAILBOX:
        mail = (await hands.in_dialog(dialog, "mail.open", fill)).dialog
        assert mail is not None, "the text may not be emailed"
        await hands.finish(mail, "mail.send", {"to": entry.get("to", _SOMEBODY)})
    else:
        await hands.finish(dialog, "feedback.sent", {**fill, "method": entry["channel"]})
    if play.is_last_feedback(event) and (play.scenario.survey or {}).get("asked"):
        await _survey(play, hands, event.data.get("for_ref", ""))


async def _survey(play: Play, hands: Hands, for_ref: str) -> None:
    """The caller is asked while they are there; without a first answer, they would rather not."""
    survey = play.scenario.survey or {}
    answers = [survey.get(q) for q in ("q1", "q2", "q3")]
    dialog = await hands.open(await briefing_of(play), "survey.open")
    if answers[0] is None:
        await hands.finish(dialog, "survey.none", {})
        return
    so_far = ""
    for answer in answers:
        so_far += NO_ANSWER if answer is None else str(answer)
        shown = await hands.in_dialog(dialog, "survey.next", {}, data={"so_far": so_far})
        if shown.dialog is None:
            raise Refusal(shown.text)
        dialog = shown.dialog


async def _clear(play: Play, hands: Hands, event: Event) -> None:
    """Where a check or a pass is owed, the first who may and is not the sender presses it."""
    referral, p = await play.referral(), play.rehearsal.partnership
    text, for_ref = play.feedback_text(event), event.data.get("for_ref", "")
    caller = referral.caller_of(for_ref) or referral.callers[0]
    today = await play.rehearsal.front_door.desk.days.today()
    for need in owed_before_sending(referral, caller, text, hands.person_id, p):
        roles = [Role.DUTY_MANAGER]
        if need == "check":
            roles.insert(0, Role.DUTY_SOCIAL_WORKER)
        able = [
            x
            for x in today.here(p.people)
            if x.role in roles
            and x.id != hands.person_id
            and (need == "pass" or x.id != referral.lead)
        ]
        if not able:
            raise Refusal(f"nobody here to {need} the feedback")
        await _look_first(play, play.hands(able[0].id), event, need, _PASSED)


_PASSED = "The caller needs to hear this"


async def _look_first(play: Play, hands: Hands, event: Event, need: str, reason: str) -> None:
    """One look at the text that this or the next feedback sends."""
    dialog = await _for_caller(play, hands, "check.open", event.data.get("for_ref", ""))
    text = event.data.get("text") or play.feedback_text(event)
    fill = {"text": text, **({"reason": reason} if need == "pass" else {})}
    verb = "feedback.check" if need == "check" else "feedback.pass"
    await hands.finish(dialog, verb, fill)


async def check_feedback(play: Play, hands: Hands, event: Event) -> None:
    await _look_first(play, hands, event, "check", "")


async def pass_feedback(play: Play, hands: Hands, event: Event) -> None:
    await _look_first(play, hands, event, "pass", event.data.get("reason", _PASSED))


async def _for_caller(play: Play, hands: Hands, opener: str, for_ref: str) -> Dialog:
    """The dialog of the caller whose answer it is."""
    dialog = await hands.open(await briefing_of(play), opener)
    wanted = for_ref or (await play.referral()).reference
    if not Screen(dialog.card).has(opener, **{"for": wanted}):
        return dialog
    choice: dict[str, str | bool] = {"for": wanted}
    answer = await hands.in_dialog(dialog, opener, {}, data=choice)
    assert answer.dialog is not None
    return answer.dialog


async def cannot_feed_back(play: Play, hands: Hands, event: Event) -> None:
    dialog = await _for_caller(play, hands, "cannot.open", event.data.get("for_ref", ""))
    await hands.finish(dialog, "cannot.save", {"reason": event.data["reason"]})


async def confirm_notes(play: Play, hands: Hands, event: Event) -> None:
    referral = await play.referral()
    dialog = await hands.open(await briefing_of(play), "notes.open")
    known = set(referral.asked.mosaic_ids)
    late = iter([c for c in event.data.get("children", []) if c not in known])
    fill = {"note": event.data.get("note", "")}
    for n, child in enumerate(referral.asked.children, 1):
        if child.to_follow:
            fill[f"new_id_{n}"] = next(late, "")
    await hands.finish(dialog, "notes.confirm", fill)


async def hand_over(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "hand_over.open")
    fill = {k: event.data.get(k, "") for k in ("to", "accepted_by", "reason")}
    await hands.finish(dialog, "hand_over.save", fill)


async def elsewhere(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "elsewhere.open")
    await hands.finish(dialog, "elsewhere.save", {"outcome": event.data["code"]})


async def reopen(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "reopen.open")
    await hands.finish(dialog, "reopen.save", {"reason": event.data["reason"]})


async def withdraw(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "withdraw.open")
    await hands.finish(dialog, "withdraw.save", {"reason": event.data["reason"]})


async def action_done(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "actions.open")
    index = play.action_index(event)
    await hands.in_dialog(dialog, "actions.done", {}, data={"index": str(index)})


async def view_history(play: Play, hands: Hands, event: Event) -> None:
    """On the card; a records officer asks in their own chat."""
    person = play.rehearsal.partnership.person(hands.person_id)
    if person and person.role is Role.RECORDS_OFFICER:
        reference = (await play.referral()).reference
        await hands.say(f"history {reference}", place="personal")
        return
    await hands.open(await briefing_of(play), "history.open")


async def link(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "link.open")
    await hands.finish(dialog, "link.save", {"other": event.data["to"]})


async def merge(play: Play, hands: Hands, event: Event) -> None:
    """One tap in the earlier referral's thread where the bot offers it, else through More."""
    into = event.data["into"]
    mine = (await play.referral()).reference
    if notice := _notice(play, mine, into):
        await hands.tap(notice, "merge.here", other=mine)
        return
    dialog = await hands.open(await briefing_of(play), "merge.open")
    await hands.finish(dialog, "merge.save", {"other": into})


def _notice(play: Play, mine: str, into: str) -> Message | None:
    for message in play.rehearsal.world.messages.values():
        if message.card is None:
            continue
        screen = Screen(message.card)
        if into in screen.text() and screen.has("merge.here", other=mine):
            return message
    return None
