"""The boundary of a turn: nobody is ever left without a sentence, and nothing leaks."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.desk.ports import StoreTooNew, StoreUnavailable
from bot.desk.signals import note_fault
from bot.teams.press import Reply, SayWords
from cards import wording as w

_log = logging.getLogger("frontdoor.bot")

T = TypeVar("T")
Work = Coroutine[Any, Any, Reply | None]
ANSWER_WITHIN_S = 8.0
"""Teams gives an invoke 10 to 15 seconds, then says that the app cannot be reached
(msteams-docs issue 6461)."""


async def guarded(work: Work) -> Reply | None:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - the last resort of a turn: logged, and said
        return SayWords(_noted(error))


def _noted(error: Exception) -> str:
    """Counted, and logged as the exception that is being handled; gives what the person is told."""
    note_fault(type(error).__name__)
    if isinstance(error, StoreTooNew):
        _log.error("turn.store_too_new")
        return w.REFUSALS["too_new"]
    fault = uuid.uuid4().hex[:8]
    if isinstance(error, StoreUnavailable):
        _log.error("turn.store_unavailable", extra={"fault": fault})
        return w.REFUSALS["store"].format(fault=fault)
    _log.exception("turn.fault", extra={"fault": fault})
    return w.REFUSALS["fault"].format(fault=fault)


class InTime:
    """Answers before Teams gives up waiting. What takes longer goes on: nothing is left half done,
    and the card, or the reply that comes later, shows what became of it.
    """

    def __init__(self, within_s: float = ANSWER_WITHIN_S) -> None:
        self._within_s = within_s
        self._going: set[asyncio.Task[Any]] = set()

    async def answer(self, work: Work) -> Reply | None:
        task = await self._begun(work)
        return task.result() if task.done() else SayWords(w.REFUSALS["slow"])

    async def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Where whatever is to be said can be said later. Raises what `work` raises in time."""
        task = await self._begun(work)
        if task.done():
            task.result()

    async def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        loop = asyncio.get_running_loop()
        task = loop.create_task(work)
        over: asyncio.Future[None] = loop.create_future()

        def end(ended: asyncio.Task[T] | None = None) -> None:
            if ended:
                self._going.discard(ended)
            if not over.done():
                over.set_result(None)

        self._going.add(task)
        task.add_done_callback(end)
        alarm = loop.call_later(self._within_s, end)
        await over
        alarm.cancel()
        if not task.done():
            _log.warning("turn.slow")
        return task

    async def ended(self, within_s: float) -> None:
        """Waits for what still goes on."""
        if self._going:
            await asyncio.wait(self._going, timeout=within_s)
