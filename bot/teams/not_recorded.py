"""Says in a recorded thread that what is said there is not going on the record just now."""

from __future__ import annotations

import datetime as dt

from bot.desk.desk import Desk
from bot.domain.decision import refused
from bot.teams.activities import Inbound
from bot.teams.files import TeamsFiles
from cards.refusals import sentence

_SAY_AGAIN_AFTER = dt.timedelta(minutes=5)


class NotRecorded:
    def __init__(self, desk: Desk, files: TeamsFiles) -> None:
        self._desk = desk
        self._files = files
        self._told: dict[str, dt.datetime] = {}

    async def tell(self, inbound: Inbound) -> None:
        """Now and then only, so that nobody relies on the record and the talk is not drowned."""
        now, thread = self._desk.clock.now(), inbound.conversation_id
        self._told = {t: at for t, at in self._told.items() if now - at < _SAY_AGAIN_AFTER}
        if thread in self._told:
            return
        self._told[thread] = now
        view = await self._desk.renderer.view(None)
        await self._files.say(inbound, sentence(refused("roles_unknown_thread"), view))
