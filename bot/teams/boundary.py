"""The boundary of a turn: nobody is ever left without a sentence, and nothing leaks."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable

from bot.desk.ports import StoreTooNew, StoreUnavailable
from bot.desk.signals import note_fault
from bot.teams.press import Reply, SayWords
from cards import wording as w

_log = logging.getLogger("frontdoor.bot")


async def guarded(work: Awaitable[Reply | None]) -> Reply | None:
    try:
        return await work
    except StoreUnavailable as error:
        note_fault(type(error).__name__)
        fault = uuid.uuid4().hex[:8]
        _log.error("turn.store_unavailable", extra={"fault": fault})
        return SayWords(w.REFUSALS["store"].format(fault=fault))
    except StoreTooNew:
        note_fault("StoreTooNew")
        _log.error("turn.store_too_new")
        return SayWords(w.REFUSALS["too_new"])
    except Exception as error:  # noqa: BLE001 - the last resort of a turn, logged with a reference
        note_fault(type(error).__name__)
        fault = uuid.uuid4().hex[:8]
        _log.exception("turn.fault", extra={"fault": fault})
        return SayWords(w.REFUSALS["fault"].format(fault=fault))
