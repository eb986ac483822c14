"""How each kind of event is acted out by the person it belongs to. One function an event type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.domain.intake import TEXT_LIMITS
from bot.domain.vocabulary import KNOWN_NEEDS_SHARING, TO_FOLLOW
from bot.rehearsal.hands import Hands, Refusal, thread_of
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Dialog, Message
from cards import wording as w

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]
Move = Callable[["Play", Hands, Event], Awaitable[None]]


async def _briefing(play: Play) -> Message:
    referral = await play.referral()
    if referral.briefing is None:
        raise Refusal("no briefing in the channel")
    return play.rehearsal.world.messages[referral.briefing.activity_id]


async def receive(play: Play, hands: Hands, event: Event) -> None:
    """Picks up the call: opens the form beside the compose box."""
    play.form = await hands.compose("newReferral", "personal")


def _brief_values(intake: Json, play: Play) -> dict[str, str]:
    out = {
        "safe_now": intake.get("safe_now", ""),
        "district": intake.get("district", ""),
        "child_location": intake.get("child_location", ""),
        "seen_heard": intake.get("seen_heard", ""),
        "needs": ",".join(intake.get("needs", [])),
        "referrer_group": intake.get("referrer_group", ""),
        "received_time": play.clock_words(play.at(intake["received_at"])),
        "scope": intake.get("scope", "child"),
    }
    for n, child in enumerate(intake["children"], 1):
        mosaic = child["mosaic_id"]
        out[f"mosaic_{n}"] = "" if mosaic == TO_FOLLOW else mosaic
        out[f"age_{n}"] = child["age_band"]
    return out


def _rest_values(intake: Json) -> dict[str, str]:
    names = [n for n in TEXT_LIMITS if n != "seen_heard"]
    names += ["contact_method", "safe_contact", "told_family", "earlier"]
    out = {n: str(intake.get(n) or "") for n in names}
    if intake.get("position_of_trust"):
        out["position_of_trust"] = "true"
    return out


async def submit(play: Play, hands: Hands, event: Event) -> None:
    """Brief now, then the rest while still on the call."""
    if play.form is None:
        raise Refusal("no form is open")
    intake = play.scenario.intake
    if not all(intake.get(name) for name in ("needs", "referrer_group", "safe_now")):
        await _submit_immediate(play, hands, play.form, intake)
        return
    play.case_id = Screen(play.form.card).press("intake.brief")[0]["data"]["case"]
    values = _brief_values(intake, play)
    if play.scenario.test and Screen(play.form.card).has_input("test"):
        values["test"] = play.scenario.test
    answer = await hands.in_dialog(play.form, "intake.brief", values)
    referral = await play.referral()
    if answer.dialog is None or not referral.reference:
        card = answer.dialog.card if answer.dialog else {"body": []}
        raise Refusal(Screen(card).text()[:400] or answer.text)
    rest = _rest_values(intake)
    ended = intake.get(_CALL_END)
    if ended and play.at(ended) <= play.rehearsal.clock.now():
        rest["call_ended_time"] = play.clock_words(play.at(ended))
    await hands.finish(answer.dialog, "intake.rest", rest)


async def _submit_immediate(play: Play, hands: Hands, form: Dialog, intake: Json) -> None:
    """Four answers through the door 'Child not safe now'; the rest only where the file has it."""
    opened = (await hands.in_dialog(form, "intake.open_immediate", {})).dialog
    assert opened is not None
    play.case_id = Screen(opened.card).press("intake.immediate")[0]["data"]["case"]
    wanted = ("district", "child_location", "seen_heard", "mosaic_", "age_")
    values = {k: v for k, v in _brief_values(intake, play).items() if k.startswith(wanted)}
    answer = await hands.in_dialog(opened, "intake.immediate", values)
    rest = {k: v for k, v in _rest_values(intake).items() if v}
    if answer.dialog is None or not (await play.referral()).reference:
        raise Refusal(answer.text or "the immediate form was not taken")
    if rest:
        await hands.finish(answer.dialog, "intake.rest", rest)


async def claim(play: Play, hands: Hands, event: Event) -> None:
    """Where somebody else will lose the race, their screen is drawn first."""
    message = await _briefing(play)
    for later in play.scenario.events:
        if later.type == "claim.refused" and later.at == event.at and later.seq > event.seq:
            loser = play.hands(later.data["person"])
            play.stale[loser.person_id] = await loser.look(message)
    screen = await hands.look(message, by_hand=True)
    words = {"words": event.data.get("note", "")} if screen.has("claim") else {}
    await hands.do(message, "claim", words)


async def lose_claim(play: Play, hands: Hands, event: Event) -> None:
    message = await _briefing(play)
    loser = play.hands(event.data["person"])
    screen = play.stale.pop(loser.person_id)
    await loser.tap_screen(screen, message, "claim", {})
    shown = Screen(message.card_for(loser.person_id) or {}).text()
    if event.data["text"] not in shown:
        play.differ(f"{event.type}: '{event.data['text']}' is not on {loser.person_id}'s screen")


def _light(data: Json, own: bool) -> bool:
    """Whether the one box says it all."""
    extras = any(data.get(k) for k in ("strengths", "worries", "suggests"))
    room = data.get("source") == "room"
    return own and data["known"] == "not_known" and not extras and not room


async def contribute(play: Play, hands: Hands, event: Event) -> None:
    data = event.data
    message = await _briefing(play)
    own = not data.get("on_behalf")
    if _light(data, own):
        await _not_known(play, hands, message, data)
        return
    dialog = await hands.open(message, "contribute.open")
    sharing = data.get("sharing") or {}
    fill = {
        "agency": data["agency"],
        "known": data["known"],
        **{k: data.get(k, "") for k in ("relevant", "strengths", "worries", "suggests")},
    }
    if data["known"] in KNOWN_NEEDS_SHARING:
        fill |= {
            "sharing": sharing.get("decision", ""),
            "basis": sharing.get("basis", ""),
            "share_why": sharing.get("reason", ""),
        }
    if data.get("source") == "room":
        fill["room"] = "true"
    if data["known"] == "not_known" and Screen(dialog.card).has_input("told"):
        fill["told"] = "room" if data.get("source") == "room" else "phone"
    await hands.finish(dialog, "contribute.save", fill)


async def _not_known(play: Play, hands: Hands, message: Message, data: Json) -> None:
    words = data.get("relevant", "")
    screen = await hands.look(message, by_hand=True)
    if words and not screen.has("not_known"):
        dialog = await hands.open(message, "contribute.open")
        told = {"told": "phone"} if Screen(dialog.card).has_input("told") else {}
        fill = {"known": "not_known", "relevant": words, **told}
        await hands.finish(dialog, "contribute.save", fill)
        return
    await hands.do(message, "not_known", {"words": words})
    card = message.card_for(hands.person_id)
    if card and Screen(card).has("told_how"):
        how = "room" if data.get("source") == "room" else "phone"
        await hands.tap_screen(Screen(card), message, "told_how", {}, how=how)


async def say(play: Play, hands: Hands, event: Event) -> None:
    referral = await play.referral()
    text = f"@{w.BOT_NAME} {event.data['text']}"
    await hands.say(text, thread=thread_of(referral))


async def flag(play: Play, hands: Hands, event: Event) -> None:
    message = await _briefing(play)
    note = event.data.get("note", "")
    screen = await hands.look(message, by_hand=True)
    on_card = screen.has("flag") and screen.has_input("words")
    await hands.do(message, "flag", {"words" if on_card else "note": note})


async def stand_down(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "stand_down.open")
    await hands.finish(dialog, "stand_down.save", {"reason": event.data["reason"]})


async def rung(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await _briefing(play), "rung")


async def acknowledge(play: Play, hands: Hands, event: Event) -> None:
    person = play.rehearsal.world.person(hands.person_id)
    note = event.data.get("note", "")
    if str(person.role) == "assessment_team":
        chat = play.rehearsal.world.chat(person)
        for message in reversed(chat):
            card = message.card_for(person.id)
            if card and Screen(card).has("take_it", case=play.case_id):
                await hands.tap_screen(Screen(card), message, "take_it", {"note": note})
                return
        raise Refusal("no card in the Assessment Team's chat")
    dialog = await hands.open(await _briefing(play), "taken.open")
    name = event.data.get("name") or event.data.get("taken_by") or person.name
    await hands.finish(dialog, "taken", {"taken_by": name, "note": note})


async def consider(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "strategy.open")
    needed = "yes" if event.data["needed"] else "no"
    fill = {"strategy_needed": needed, "strategy_why": event.data["reason"]}
    await hands.finish(dialog, "strategy.save", fill)


async def strategy_held(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "held.open")
    fill = {
        "attended": ",".join(event.data["attended"]),
        "also": event.data.get("also", ""),
        "where": event.data.get("decision_recorded_on", ""),
    }
    await hands.finish(dialog, "held.save", fill)


def _plan_values(play: Play) -> dict[str, str]:
    out: dict[str, str] = {}
    for n, row in enumerate(play.scenario.plan, 1):
        owner = row["owner"]
        configured = play.rehearsal.partnership.person(owner) is not None
        out |= {
            f"action_{n}": row["action"],
            f"need_{n}": row["need"],
            f"agency_{n}": row["owner_agency"],
            f"due_{n}": row["due_on"],
        }
        out[f"owner_{n}" if configured else f"owner_name_{n}"] = owner
    out["family_view"] = play.scenario.family_view
    out["next_step"] = play.scenario.next_steps_for_referrer
    return out


async def plan(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "outcome.open")
    await hands.finish(dialog, "outcome.plan", _plan_values(play))


async def propose(play: Play, hands: Hands, event: Event) -> None:
    outcome = play.scenario.outcome or {}
    dialog = await hands.open(await _briefing(play), "outcome.open")
    fill = {
        "outcome": event.data.get("proposed_code") or outcome["code"],
        "rationale": outcome.get("rationale", ""),
    }
    fill |= {f"child_{c}": code for c, code in (outcome.get("per_child") or {}).items()}
    await hands.finish(dialog, "outcome.pick", fill)


async def undo(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await _briefing(play), "undo")


async def endorse(play: Play, hands: Hands, event: Event) -> None:
    await hands.tap(await _briefing(play), "agree", {"words": event.data.get("note", "")})


async def feed_back(play: Play, hands: Hands, event: Event) -> None:
    entry = play.next_feedback(event)
    dialog = await hands.open(await _briefing(play), "feedback.open")
    fill = {"text": entry["text"], "method": entry["channel"]}
    await hands.finish(dialog, "feedback.sent", fill)


async def cannot_feed_back(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "cannot.open")
    await hands.finish(dialog, "cannot.save", {"reason": event.data["reason"]})


async def confirm_notes(play: Play, hands: Hands, event: Event) -> None:
    referral = await play.referral()
    dialog = await hands.open(await _briefing(play), "notes.open")
    known = set(referral.asked.mosaic_ids)
    late = iter([c for c in event.data.get("children", []) if c not in known])
    fill = {"note": event.data.get("note", "")}
    for n, child in enumerate(referral.asked.children, 1):
        if child.to_follow:
            fill[f"new_id_{n}"] = next(late, "")
    await hands.finish(dialog, "notes.confirm", fill)


async def ask_identity(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await _briefing(play), "ask_identity")


async def tell_identity(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await _briefing(play), "told", person=event.data["person"])


async def assign(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "assign.open")
    fill = {"lead": event.data["lead"], "reason": event.data.get("reason", "")}
    await hands.finish(dialog, "assign.save", fill)


async def hand_over(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "hand_over.open")
    fill = {k: event.data.get(k, "") for k in ("to", "accepted_by", "reason")}
    await hands.finish(dialog, "hand_over.save", fill)


_CALL_END = "call_ended_at"


async def amend(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await _briefing(play), "intake.carry_on")
    fields = event.data.get("fields", {})
    fill = {k: _input_words(v) for k, v in fields.items() if k not in ("children", _CALL_END)}
    if _CALL_END in fields:
        fill["call_ended_time"] = play.clock_words(play.at(fields[_CALL_END]))
    referral = await play.referral()
    wanted = zip(referral.asked.children, fields.get("children", []), strict=False)
    for n, (child, row) in enumerate(wanted, 1):
        mosaic = row["mosaic_id"]
        if mosaic not in (child.mosaic_id, TO_FOLLOW):
            fill[f"new_id_{n}" if child.to_follow else f"child_id_{n}"] = mosaic
        if row["age_band"] != child.age_band:
            fill[f"child_age_{n}"] = row["age_band"]
    fill["reason"] = event.data.get("reason", "")
    await hands.finish(dialog, "intake.rest", fill)


def _input_words(value: object) -> str:
    """A field's value as its input takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


async def call_roll(play: Play, hands: Hands, event: Event) -> None:
    await call_the_roll(hands, event.data.get("absent", []))


async def call_the_roll(hands: Hands, absent: list[str]) -> None:
    await hands.say("roll", place="personal")
    world = hands.world
    person = world.person(hands.person_id)
    message = world.chat(person)[-1]
    screen = Screen(message.card_for(person.id) or {})
    screen.values["absent"] = ""
    await hands.tap_screen(screen, message, "roll.save", {"absent": ",".join(absent)})


async def pause(play: Play, hands: Hands, event: Event) -> None:
    await hands.say(f"pause because {event.data['reason']}", place="personal")


async def resume(play: Play, hands: Hands, event: Event) -> None:
    await hands.say("resume", place="personal")


MOVES: dict[str, Move] = {
    "referral.received": receive,
    "intake.submitted": submit,
    "intake.amended": amend,
    "lead.claimed": claim,
    "lead.assigned": assign,
    "claim.refused": lose_claim,
    "contribution.added": contribute,
    "message": say,
    "immediate.flagged": flag,
    "immediate.stood_down": stand_down,
    "assessment.notified": rung,
    "assessment.acknowledged": acknowledge,
    "strategy.considered": consider,
    "strategy.held": strategy_held,
    "plan.saved": plan,
    "outcome.proposed": propose,
    "outcome.undone": undo,
    "outcome.endorsed": endorse,
    "feedback.sent": feed_back,
    "feedback.not_possible": cannot_feed_back,
    "casenote.exported": confirm_notes,
    "referral.handed_over": hand_over,
    "identity.asked": ask_identity,
    "identity.told": tell_identity,
    "roll.called": call_roll,
    "test.paused": pause,
    "test.resumed": resume,
}
"""Events by the bot are not here: it must do those by itself."""

DESK_EVENTS = frozenset({"roll.called", "test.paused", "test.resumed"})
"""The desk's own, not a referral's."""

LATER = frozenset(
    {
        "lead.handover_offered",
        "lead.handed_over",
        "contribution.confirmed",
        "police.contact_recorded",
        "disagreement.recorded",
        "outcome.corrected",
        "outcome.recorded_elsewhere",
        "referral.reopened",
        "referral.merged",
        "referral.withdrawn",
        "referral.linked",
        "message.filed",
        "action.done",
        "history.viewed",
        "feedback.checked",
        "feedback.passed",
    }
)
"""Events of the field that this version does not play yet."""

BOT_EVENTS = frozenset(
    {"briefing.posted", "nudge.sent", "lead.defaulted", "referral.closed", "claim.refused"}
)
