"""Work by case, one task a case at a time: however often it is asked for meanwhile, one more piece
of it follows, and that one sees the newest state only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Work = Callable[[str], Awaitable[None]]


async def _at_once(_case_id: str) -> None:
    return


class OneAtATime:
    def __init__(self, work: Work, turn: Work = _at_once) -> None:
        """`work` raises nothing. `turn` returns when a piece may begin: what is asked for until
        then is part of that piece.
        """
        self._work = work
        self._turn = turn
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def kick(self, case_id: str) -> None:
        """Soon. While it is being done, once more afterwards."""
        if case_id in self._tasks:
            self._again.add(case_id)
            return
        task = asyncio.get_running_loop().create_task(self._run(case_id))
        self._tasks[case_id] = task

    def busy_with(self, case_id: str) -> bool:
        return case_id in self._tasks

    def tasks(self) -> list[asyncio.Task[None]]:
        """What is being done now."""
        return list(self._tasks.values())

    async def _run(self, case_id: str) -> None:
        try:
            while True:
                await self._turn(case_id)
                self._again.discard(case_id)
                await self._work(case_id)
                if case_id not in self._again:
                    return
        finally:
            self._tasks.pop(case_id, None)
            if case_id in self._again:
                self.kick(case_id)
