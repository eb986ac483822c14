"""Files in people's own chats: fetched from Teams, offered to a person, put where Teams says.

Work that takes longer than Teams waits goes on behind the turn. It is safe to do again: rows count
once, and a file is the same file. So a restart in between loses nothing but an answer, and what
people were told says what to do then.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

from bot.desk.ports import CannotDeliver, DeliveryUnknown, TryLater
from bot.exchange.text import MOST_BYTES
from bot.teams.activities import Inbound, SentFile, outgoing
from bot.teams.boundary import guarded
from bot.teams.connector import Connector
from bot.teams.file_cards import Consent, Json, Offered, consent_card, info_card
from bot.teams.file_transfer import FileTransfer
from bot.teams.press import Reply, SayWords

_log = logging.getLogger("frontdoor.files")

_ANSWER_WITHIN_S = 4.0
"""Teams gives a turn 10 to 15 seconds; what is quick is answered in it."""
_MOST_REMEMBERED = 500
_NOT_SENT = (CannotDeliver, DeliveryUnknown, TryLater)


class TeamsFiles:
    def __init__(self, connector: Connector, transfer: FileTransfer, *, bot_id: str) -> None:
        self._connector = connector
        self._transfer = transfer
        self._bot_id = bot_id
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._behind: set[asyncio.Task[None]] = set()

    async def stop(self, within_s: float) -> None:
        """Lets what is going on come to its end; what takes longer is given up."""
        if not self._behind:
            return
        _, going = await asyncio.wait(self._behind, timeout=within_s)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    # Once, and not too long -----------------------------------------------------------

    def first_time(self, *marks: str) -> bool:
        """False for what Teams sends again, or a person presses again while it goes on."""
        known = any(mark in self._seen for mark in marks if mark)
        for mark in marks:
            if mark:
                self._seen[mark] = None
        while len(self._seen) > _MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return not known

    def forget(self, *marks: str) -> None:
        for mark in marks:
            self._seen.pop(mark, None)

    async def in_time(
        self, inbound: Inbound, work: Coroutine[Any, Any, Reply | None], meanwhile: str = ""
    ) -> Reply | None:
        """The answer, or None when it will follow as a message; `meanwhile` is said then."""
        task = asyncio.ensure_future(guarded(work))
        done, _ = await asyncio.wait({task}, timeout=_ANSWER_WITHIN_S)
        if done:
            return task.result()
        if meanwhile:
            await self.say(inbound, meanwhile)
        behind = asyncio.create_task(self._follow(inbound, task))
        self._behind.add(behind)
        behind.add_done_callback(self._behind.discard)
        return None

    async def _follow(self, inbound: Inbound, task: asyncio.Future[Reply | None]) -> None:
        reply = await task
        if isinstance(reply, SayWords):
            await self.say(inbound, reply.words)

    # Speaking -------------------------------------------------------------------------

    async def say(self, inbound: Inbound, words: str) -> None:
        await self._post(inbound, outgoing(text=words, bot_id=self._bot_id))

    async def _post(self, inbound: Inbound, activity: Json) -> bool:
        try:
            await self._connector.post(inbound.service_url, inbound.conversation_id, activity)
        except _NOT_SENT as fault:
            _log.warning("files.not_sent", extra={"fault": type(fault).__name__})
            return False
        return True

    # Files ----------------------------------------------------------------------------

    async def fetch(self, inbound: Inbound, sent: SentFile) -> bytes:
        """Raises TransferFailed."""
        return await self._transfer.download(sent.url, inbound.service_url, MOST_BYTES)

    async def offer(self, inbound: Inbound, offered: Offered) -> bool:
        """Asks the person for a place for it. False when the asking could not be sent."""
        card = consent_card(offered)
        return await self._post(inbound, outgoing(attachment=card, bot_id=self._bot_id))

    async def put(
        self, inbound: Inbound, consent: Consent, name: str, data: bytes, content_type: str
    ) -> None:
        """Raises TransferFailed, also for a place that is none of Teams'."""
        url = inbound.service_url
        self._transfer.check(consent.content_url, url)
        await self._transfer.upload(consent.upload_url, url, data, content_type)
        card = info_card(consent, name)
        await self._post(inbound, outgoing(attachment=card, bot_id=self._bot_id))

    async def take_back(self, inbound: Inbound) -> None:
        """Removes the card that was answered, which Teams leaves pressable."""
        if not inbound.reply_to_id:
            return
        url, conversation = inbound.service_url, inbound.conversation_id
        try:
            await self._connector.delete(url, conversation, inbound.reply_to_id)
        except _NOT_SENT as fault:
            _log.warning("files.card_stays", extra={"fault": type(fault).__name__})
