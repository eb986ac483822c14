"""What people can see at the end of a referral, and what differs from an undisturbed one."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from bot.desk.ports import EffectStatus
from bot.domain.referral import Referral
from bot.rehearsal.rehearsal import Rehearsal
from bot.rehearsal.world import BOT, Message
from tests.fire.steps import STEPS, Caller
from tests.wire.acting import Acting, words_of

_CLOCK = re.compile(r"\b\d\d:\d\d\b")

_LOOKED = "casenote.opened"
"""Logged each time somebody looks, and somebody who got no answer looks again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`posts` counts what the bot said about the referral, by place and words."""

    log: Counter[str]
    state: str
    card: str
    posts: Counter[tuple[str, str]]
    owed: tuple[str, ...]


async def outcome_of(rehearsal: Rehearsal, acting: Acting) -> Outcome:
    case = await acting.desk.cases.fresh(acting.case_id)
    stream = await rehearsal.front_door.log.load(acting.case_id)
    owed = [f"{e.kind}: {_state(case.statuses.get((n, i)))}" for n, i, e in case.pending()]
    log = Counter(f"{r.event.TYPE} by {r.by}" for c in stream.commits for r in c.recorded)
    return Outcome(
        Counter({k: 1 if k.startswith(_LOOKED) else count for k, count in log.items()}),
        str(case.referral.state),
        _still(words_of((await acting.briefing()).card or {})),
        Counter(
            (_place(rehearsal, m.conversation_id), _still(m.text or words_of(m.card or {}))[:60])
            for m in rehearsal.world.messages.values()
            if m.author == BOT and not m.deleted and _about(m, case.referral)
        ),
        tuple(sorted(owed)),
    )


def _about(message: Message, referral: Referral) -> bool:
    """The desk's own cards come by the clock, which is not at the same place in every run."""
    assert referral.briefing is not None
    in_thread = message.conversation_id == referral.briefing.conversation_id
    return in_thread or referral.reference in f"{message.text}{message.card}"


@lru_cache(1)
def _kept() -> list[Outcome]:
    return []


async def undisturbed() -> Outcome:
    """What the steps leave when nothing goes wrong; acted out once."""
    if not _kept():
        with tempfile.TemporaryDirectory() as folder:
            rehearsal = Rehearsal(store=f"{folder}/plain.db")
            await rehearsal.start()
            _kept().append(await _acted_out(rehearsal))
            await rehearsal.stop()
    return _kept()[0]


async def _acted_out(rehearsal: Rehearsal) -> Outcome:
    acting = Acting(rehearsal)
    caller = Caller(acting)
    for step in STEPS:
        await step.act(caller)
        await rehearsal.settled()
        assert step.done(await acting.referral()), step.name
    return await outcome_of(rehearsal, acting)


def _state(status: EffectStatus | None) -> str:
    return status.state if status else "not tried"


def _place(rehearsal: Rehearsal, conversation_id: str) -> str:
    channel = rehearsal.world.is_channel(conversation_id)
    return "the channel" if channel else conversation_id


def _still(words: str) -> str:
    """Without times of day, which are not the same from run to run."""
    return _CLOCK.sub("hh:mm", words)


def differences(plain: Outcome, seen: Outcome, *, repeats: int = 1) -> list[str]:
    """What was lost, done twice or left undone. `repeats`: how many posts may be there again."""
    found = [f"lost from the log: {e}" for e in (plain.log - seen.log).elements()]
    found += [f"twice in the log: {e}" for e in (seen.log - plain.log).elements()]
    if seen.state != plain.state:
        found.append(f"the referral is {seen.state}, not {plain.state}")
    if seen.card != plain.card:
        found.append("the live card shows something else")
    found += [f"never said: {p}" for p in (plain.posts - seen.posts).elements()]
    more = list((seen.posts - plain.posts).elements())
    if len(more) > repeats:
        found += [f"said too often: {p}" for p in more]
    return [*found, *(f"still owed: {e}" for e in seen.owed)]
