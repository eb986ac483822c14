"""What is said to the bot: commands, and words for the record in a referral's thread."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.desk.effects import PAUSE
from bot.desk.ports import Effect
from bot.domain.commands import AddMessage, RemoveMessage, ReviseMessage
from bot.domain.decision import Refused, refused
from bot.domain.events import RollCalled, TestPaused, TestResumed
from bot.domain.identifiers import find_identifiers, mask
from bot.domain.partnership import Person
from bot.domain.vocabulary import DUTY_TEAM, LIMIT_MESSAGE, MOST_OVERHEARD
from bot.teams import routes_keeping, routes_roster, routes_stats
from bot.teams.press import Press, Reply, SayWords, ShowCard, Turn
from bot.teams.routes_intake import door_words
from bot.teams.routes_lists import listing
from bot.teams.routes_record import history_asked
from bot.teams.who_may import TYPED, may_not
from cards import desk_cards, intake, lists, wording as w

_GREETINGS = frozenset({"", "hi", "hello", "hey", "help", "good morning", "good afternoon"})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said to the bot. `case_id`: the referral whose thread this is, or empty."""

    text: str
    case_id: str

    @property
    def words(self) -> str:
        return self.text.lower().rstrip(".?")


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is its rule in `who_may.TYPED`; the first command that is `meant` is answered."""

    name: str
    meant: Callable[[Turn, Said], bool]
    answer: Callable[[Turn, Said], Awaitable[Reply]]


async def spoken(turn: Turn, text: str, case_id: str) -> Reply:
    """`case_id` is the referral whose thread this is, empty elsewhere."""
    said = Said(text, case_id)
    command = next(c for c in COMMANDS if c.meant(turn, said))
    if no := may_not(TYPED[command.name], turn.person):
        await _log_refusal(turn, command.name, case_id, no)
        return SayWords(await turn.say(no))
    return await command.answer(turn, said)


_HISTORY = re.compile(r"history(?: of| for)?\s*(ref-\d{4}-\d{5})?")


async def _history(turn: Turn, said: Said) -> Reply:
    found = _HISTORY.fullmatch(said.words)
    return await _history_asked(turn, found[1] if found else None)


async def _help(turn: Turn, said: Said) -> Reply:
    return SayWords(lists.help_text(await turn.view(None)))


async def _unknown(turn: Turn, said: Said) -> Reply:
    if turn.inbound.personal:
        return SayWords(lists.help_text(await turn.view(None), unknown=said.text))
    return SayWords(await turn.say(refused("thread_only")))


async def _roster(turn: Turn, said: Said) -> Reply:
    if no := routes_roster.may_not(turn):
        await _log_refusal(turn, "roster", "", no)
        return SayWords(await turn.say(no))
    return await routes_roster.asked(turn)


async def _history_asked(turn: Turn, reference: str | None) -> Reply:
    if not turn.inbound.personal:
        return SayWords(await turn.say(refused("history_in_chat")))
    if not reference:
        return SayWords(w.HISTORY_HOW)
    return await history_asked(turn, reference.upper())


async def _doors(turn: Turn, said: Said) -> Reply:
    return ShowCard(intake.doors(await turn.view(None), "", await door_words(turn)))


async def _for_the_record(turn: Turn, said: Said) -> Reply:
    """Words in the thread, filed under the sender's agency; identifiers are left out of the log."""
    text, case_id = said.text, said.case_id
    if len(text) > LIMIT_MESSAGE:
        return SayWords(await turn.say(refused("too_long", limit=f"{LIMIT_MESSAGE:,}")))
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    found = find_identifiers(text, day)
    kept = mask(text, day)
    command = AddMessage(kept, turn.inbound.activity_id)
    result = await turn.desk.service.act(case_id, command, turn.person, press=turn.said())
    if isinstance(result, Refused):
        await _log_refusal(turn, "message", case_id, result)
        return SayWords(await turn.say(result))
    view = await turn.view(result.referral)
    agency = w.first_lower(view.agency(turn.person.agency))
    if found:
        what = w.join(list(dict.fromkeys(w.IDENTIFIERS[i.kind] for i in found)))
        return SayWords(w.LOGGED_MASKED.format(agency=agency, what=what))
    return SayWords(w.LOGGED.format(agency=agency))


async def overheard(turn: Turn, text: str, case_id: str) -> None:
    """A thread reply nobody addressed to the bot, logged under its author's agency."""
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    command = AddMessage(mask(text[:MOST_OVERHEARD], day), turn.inbound.activity_id)
    await turn.desk.service.act(case_id, command, turn.person, press=turn.said())


async def changed(turn: Turn, text: str | None, case_id: str) -> None:
    """Its author edited a message, or (`text` None) deleted it. Others' words stay as they are."""
    activity = turn.inbound.activity_id
    referral = await turn.desk.between.surviving(case_id)
    mine = any(m.activity_id == activity and m.by == turn.person.id for m in referral.messages)
    if not mine or text == "":
        return
    day = turn.desk.partnership.calendar.day_of(turn.desk.clock.now())
    command: RemoveMessage | ReviseMessage = RemoveMessage(activity)
    if text is not None:
        kept, at = mask(text[:MOST_OVERHEARD], day), turn.inbound.written_at
        command = ReviseMessage(activity, kept, at)
    await turn.desk.service.act(referral.case_id, command, turn.person, press=turn.said())


async def _log_refusal(turn: Turn, verb: str, case_id: str, no: Refused) -> None:
    await turn.desk.service.refuse(
        no,
        verb=verb,
        case_id=case_id,
        tenant_id=turn.inbound.sender.channel_tenant_id,
        object_id=turn.inbound.sender.object_id,
    )


async def _listing(turn: Turn, said: Said) -> Reply:
    return await listing(turn, said.words)


# The day -----------------------------------------------------------------------------


async def _roll(turn: Turn, said: Said) -> Reply:
    return ShowCard(desk_cards.roll_card(await turn.view(None)))


async def _pause(turn: Turn, said: Said) -> Reply:
    before = await turn.desk.days.state()
    if before.paused_at is not None:
        return await _paused_or_not(turn)
    reason = re.sub(r"^pause\s*(because|:)?\s*", "", said.text, flags=re.IGNORECASE).strip()[:150]
    if not reason:
        return SayWords(w.PAUSE_HOW)
    reason = mask(reason, turn.desk.partnership.calendar.day_of(turn.desk.clock.now()))
    told = (Effect(PAUSE, {"paused": True}),)
    event = TestPaused(reason)
    if not await turn.desk.days.record(event, turn.person.id, told, press=turn.said()):
        return await _paused_or_not(turn)
    return SayWords(w.PAUSED.format(reason=reason.rstrip(".") + "."))


async def _paused_or_not(turn: Turn) -> Reply:
    """As it stands now: words that Teams sends again change nothing that was decided since."""
    now = await turn.desk.days.state()
    if now.paused_at is None:
        return SayWords(await turn.say(refused("not_paused")))
    view = await turn.view(None)
    when, name = view.when(now.paused_at), view.name(now.paused_by)
    held = (now.paused or "").rstrip(".")
    return SayWords(w.PAUSED_ALREADY.format(name=name, when=when, reason=held))


async def _resume(turn: Turn, said: Said) -> Reply:
    before = await turn.desk.days.state()
    if before.paused_at is None:
        return await _paused_or_not(turn)
    told = (Effect(PAUSE, {"paused": False}),)
    if not await turn.desk.days.record(TestResumed(), turn.person.id, told, press=turn.said()):
        return await _paused_or_not(turn)
    view = await turn.view(None)
    when, name = view.when(before.paused_at), view.name(before.paused_by)
    return SayWords(w.RESUMED.format(name=name, when=when))


async def roll_save(turn: Turn, press: Press) -> Reply:
    """Called on the roll as it was drawn; where it is another by now, that one is shown."""
    ids = {p.id for p in _team(turn)}
    absent = tuple(sorted(i for i in press.get("absent").split(",") if i in ids))
    days, key = turn.desk.days, turn.key(press)
    if press.get("day", 10) == (await turn.view(None)).day().isoformat():
        await days.record(RollCalled(absent), turn.person.id, press=key, rolls=press.version)
        now = await days.state()
        if key in now.presses or (now.called and now.absent == frozenset(absent)):
            return ShowCard(desk_cards.sentence_card(_roll_words(turn, now.absent)))
    return ShowCard(desk_cards.roll_card(await turn.view(None), top=w.ROLL_OLD))


def _team(turn: Turn) -> list[Person]:
    return [p for p in turn.desk.partnership.everyone if p.role in DUTY_TEAM]


def _roll_words(turn: Turn, absent: frozenset[str]) -> str:
    team = _team(turn)
    names = [p.name for p in team if p.id in absent]
    return w.ROLL_SAVED.format(n=len(team) - len(names), absent=w.join(names) or w.NOBODY)


# What is said --------------------------------------------------------------------------


def _only(*words: str) -> Callable[[Turn, Said], bool]:
    return lambda turn, said: said.words in words


COMMANDS = (
    Command(
        "history",
        lambda turn, said: not said.case_id and bool(_HISTORY.fullmatch(said.words)),
        _history,
    ),
    Command(
        "hold",
        lambda turn, said: not said.case_id and routes_keeping.is_command(said.words, turn.person),
        lambda turn, said: routes_keeping.asked(turn, said.text),
    ),
    Command("mine", _only("mine"), _listing),
    Command("open", _only("open"), _listing),
    Command("roster", lambda turn, said: said.words == "roster" and not said.case_id, _roster),
    Command(
        "stats",
        lambda turn, said: routes_stats.is_question(said.words, turn, in_thread=bool(said.case_id)),
        lambda turn, said: routes_stats.answer(turn, said.words),
    ),
    Command("help", _only(*_GREETINGS), _help),
    Command("message", lambda turn, said: bool(said.case_id), _for_the_record),
    Command("new", _only("new referral", "new"), _doors),
    Command("roll", _only("roll"), _roll),
    Command("resume", _only("resume"), _resume),
    Command("pause", lambda turn, said: bool(re.match(r"pause\b", said.words)), _pause),
    Command("unknown", lambda turn, said: True, _unknown),
)
"""In the order in which they are looked for."""
