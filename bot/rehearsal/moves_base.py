"""What every move needs: the card in the channel, and the shape of a move."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.rehearsal.hands import Hands, Refusal
from bot.rehearsal.scenario import Event
from bot.rehearsal.world import Message

if TYPE_CHECKING:
    from bot.rehearsal.player import Play

Json = dict[str, Any]
Move = Callable[["Play", Hands, Event], Awaitable[None]]


async def briefing_of(play: Play) -> Message:
    """Raises Refusal where the bot has posted none."""
    referral = await play.referral()
    if referral.briefing is None:
        raise Refusal("no briefing in the channel")
    return play.rehearsal.world.messages[referral.briefing.activity_id]
