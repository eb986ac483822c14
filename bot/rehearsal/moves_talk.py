"""The discussion: claiming, what agencies know, what is said, and what cannot wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.vocabulary import KNOWN_NEEDS_SHARING
from bot.rehearsal.hands import Hands, Refusal, thread_of
from bot.rehearsal.moves_base import briefing_of
from bot.rehearsal.scenario import Event
from bot.rehearsal.screen import Screen
from bot.rehearsal.world import Message
from bot.teams.bot import ADD_TO_RECORD
from cards import wording as w

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]


async def claim(play: Play, hands: Hands, event: Event) -> None:
    """Where somebody else will lose the race, their screen is drawn first."""
    message = await briefing_of(play)
    await play.draw_losers(event, message)
    screen = await hands.look(message, by_hand=True)
    words = {"words": event.data.get("note", "")} if screen.has("claim") else {}
    await hands.do(message, "claim", words)


async def lose_claim(play: Play, hands: Hands, event: Event) -> None:
    message = await briefing_of(play)
    loser = play.hands(event.data["person"])
    screen = play.stale.pop(loser.person_id, None)
    if screen is None or not screen.has("claim"):
        screen = Screen(message.card or {})
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
    message = await briefing_of(play)
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
    if not screen.has("not_known"):
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
    listens = play.rehearsal.partnership.record_thread
    mention = "" if listens else f"@{w.BOT_NAME} "
    await hands.say(f"{mention}{event.data['text']}", thread=thread_of(referral))


async def flag(play: Play, hands: Hands, event: Event) -> None:
    message = await briefing_of(play)
    note = event.data.get("note", "")
    screen = await hands.look(message, by_hand=True)
    on_card = screen.has("flag") and screen.has_input("words")
    await hands.do(message, "flag", {"words" if on_card else "note": note})


async def stand_down(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "stand_down.open")
    await hands.finish(dialog, "stand_down.save", {"reason": event.data["reason"]})


async def rung(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await briefing_of(play), "rung")


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
    dialog = await hands.open(await briefing_of(play), "taken.open")
    name = event.data.get("name") or event.data.get("taken_by") or person.name
    await hands.finish(dialog, "taken", {"taken_by": name, "note": note})


async def ask_identity(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await briefing_of(play), "ask_identity")


async def tell_identity(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await briefing_of(play), "told", person=event.data["person"])


async def confirm_line(play: Play, hands: Hands, event: Event) -> None:
    await hands.do(await briefing_of(play), "line.confirm")


async def police(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "police.open")
    who = str(event.data["rang_by"])
    known = any(p.id == who for p in play.rehearsal.partnership.people)
    at = play.at(event.data["rang_at"])
    fill = {"rang_at": play.clock_words(at), "rang_by" if known else "rang_by_name": who}
    await hands.finish(dialog, "police.save", fill)


async def disagree(play: Play, hands: Hands, event: Event) -> None:
    dialog = await hands.open(await briefing_of(play), "disagree.open")
    await hands.finish(dialog, "disagree.save", {"text": event.data["text"]})


async def file_message(play: Play, hands: Hands, event: Event) -> None:
    """The newest message of the thread with those words; where nobody has written them, the
    person writes them first.
    """
    referral = await play.referral()
    thread, text = thread_of(referral), event.data["text"]
    message = _written(play, thread, text)
    if message is None:
        await hands.say(text, thread=thread)
        message = _written(play, thread, text)
    assert message is not None
    dialog = await hands.message_action(message, ADD_TO_RECORD)
    answer = await hands.in_dialog(dialog, "file.save", {}, data={"as": event.data["as"]})
    if answer.dialog:
        raise Refusal(Screen(answer.dialog.card).text())


def _written(play: Play, thread: str, text: str) -> Message | None:
    world = play.rehearsal.world
    wanted = world.thread_id(thread)
    words = (text, f"@{w.BOT_NAME} {text}")
    found = [
        m
        for m in world.messages.values()
        if m.conversation_id == wanted and m.text in words and not m.deleted
    ]
    return found[-1] if found else None
