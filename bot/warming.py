"""What is asked once behind the start, and says plainly what a press would else find out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.desk.graph_ports import DirectoryUnavailable, Groups
from bot.graph.client import SCOPE
from bot.graph.groups import NOBODY
from bot.identity import Tokens, TokenUnavailable

_log = logging.getLogger("frontdoor.assemble")


class Warming:
    """`tasks` go on after the start."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self.tasks: list[asyncio.Task[Any]] = []

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def first_token(self, scope: str) -> bool:
        try:
            await self._tokens.token(scope)
        except TokenUnavailable as error:
            _log.error("start.no_token", extra={"scope": scope, "fault": str(error)})
            return False
        return True

    async def first_of_graph(self, groups: Groups | None, group_id: str) -> None:
        """For mail there is nothing harmless to ask beyond the token."""
        if not await self.first_token(SCOPE) or groups is None:
            return
        try:
            await groups.member_of(NOBODY, [group_id])
        except DirectoryUnavailable as error:
            permitted = str(error) != "403"
            message = "start.groups_not_read" if permitted else "start.groups_not_permitted"
            _log.error(message, extra={"fault": str(error)})

    async def stop(self, within_s: float) -> None:
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=within_s)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
