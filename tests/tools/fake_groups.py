"""Who is in which group, told by a test instead of Microsoft Graph."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.desk.graph_ports import DirectoryUnavailable


class FakeGroups:
    """`asked` has the object id of each question; `gate` closed holds the answers back."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}
        self.asked: list[str] = []
        self.down = False
        self.gate = asyncio.Event()
        self.gate.set()

    def put(self, object_id: str, *group_ids: str) -> None:
        """From now on this person is in these groups and no other."""
        self.members[object_id] = set(group_ids)

    def break_down(self) -> None:
        self.down = True

    def mend(self) -> None:
        self.down = False

    async def member_of(self, object_id: str, group_ids: Sequence[str]) -> frozenset[str]:
        self.asked.append(object_id)
        await self.gate.wait()
        if self.down:
            raise DirectoryUnavailable
        return frozenset(self.members.get(object_id, set()) & set(group_ids))
